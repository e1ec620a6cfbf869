-- The newest gap of every board, in the board's own unit. Sizes of different units are not comparable, sides are.
-- `is_old`: it is of none of the newest three months.
SELECT
  gap_triangulation.board, boards.name, gap_triangulation.kind, gap_triangulation.unit, variant, month, gap_points,
  monthly_gap.gap_low, monthly_gap.gap_high, near_ceiling, gap_triangulation.private, us_model, us_score, cn_model,
  cn_score, status, published_on, sign,
  us_score = 0 AND cn_score = 0 AS is_without_points,
  month <= (SELECT max(month) FROM monthly_gap WHERE gap_points IS NOT NULL) - INTERVAL 3 MONTHS AS is_old, snapshot_id, split_part(snapshot_id, '/', 1) AS source_id
FROM (SELECT board, kind, unit, variant, month, sign, private FROM gap_triangulation WHERE gap_points IS NOT NULL
      QUALIFY month = max(month) OVER (PARTITION BY board)) AS gap_triangulation
JOIN (SELECT * FROM monthly_gap WHERE category = 'overall') AS monthly_gap USING (board, variant, month)
JOIN core.boards AS boards ON boards.board = gap_triangulation.board
ORDER BY gap_triangulation.unit, gap_triangulation.kind, gap_points DESC, gap_triangulation.board
