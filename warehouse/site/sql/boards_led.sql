-- The boards on which China leads in the newest figure, of one of the newest three months, or has led in an earlier
-- month, models with no point apart.
WITH gaps AS (
  SELECT
    *, month = max(month) OVER (PARTITION BY board)
      AND month > (SELECT max(month) FROM monthly_gap WHERE gap_points IS NOT NULL) - INTERVAL 3 MONTHS AS is_newest
  FROM gap_triangulation WHERE gap_points IS NOT NULL
)
SELECT
  board, boards.name, bool_or(is_newest) AS leads_now, count(*) AS months,
  min(month) AS first_month, max(month) AS last_month,
  bool_and(cn_basis = 'author_reported' AND us_basis <> 'author_reported') AS by_makers_alone
FROM gaps JOIN core.boards AS boards USING (board)
WHERE sign = -1
GROUP BY board, boards.name
ORDER BY leads_now DESC, last_month DESC, board
