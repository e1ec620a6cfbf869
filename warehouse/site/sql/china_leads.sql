-- Who was first, a reign a row, on every board on which a Chinese model has been first of all, strictly above the
-- others. Boards of what makers report are left out. `seen_until` is the first publication with another holder: of the
-- days before it, after `last_seen`, nothing is held. `is_old`: nothing of the newest three months. `by_makers`: a month
-- of Chinese lead rests on the maker's own figure.
WITH countries AS (
  SELECT * FROM reigns WHERE scope = 'world' AND level = 'country' AND NOT starts_with(board, 'self_')
), led AS (
  SELECT board, variant FROM countries
  GROUP BY board, variant HAVING bool_or(holder = 'CN' AND margin_at_start IS DISTINCT FROM 0)
), days AS (
  SELECT board, variant, days AS cn_days, known_days FROM days_led
  WHERE scope = 'world' AND level = 'country' AND holder = 'CN'
), reported AS (
  SELECT DISTINCT board, variant FROM monthly_gap WHERE category = 'overall' AND gap_points < 0 AND cn_basis = 'author_reported'
), newest AS (
  SELECT max(month) AS month FROM monthly_gap WHERE gap_points IS NOT NULL
)
SELECT
  board, variant, boards.name || CASE variant WHEN 'default' THEN '' ELSE ', ' || replace(variant, '_', ' ') END AS series,
  boards.kind, reign, holder AS country, first_seen, last_seen,
  lead(first_seen) OVER of_board AS seen_until, days_at_least, days_at_most, publications, model_name, margin_at_start,
  boards.unit, cn_days, known_days, max(last_seen) OVER (PARTITION BY board, variant) AS published_on,
  max(last_seen) OVER (PARTITION BY board, variant) < newest.month - INTERVAL 2 MONTHS AS is_old,
  arg_max(holder, last_seen) OVER (PARTITION BY board, variant) AS newest_holder,
  reported.board IS NOT NULL AS by_makers,
  split_part(last_snapshot_id, '/', 1) AS source_id
FROM countries
SEMI JOIN led USING (board, variant)
JOIN days USING (board, variant)
JOIN core.boards AS boards USING (board)
LEFT JOIN reported ON reported.board = countries.board AND reported.variant = countries.variant
CROSS JOIN newest
WINDOW of_board AS (PARTITION BY board, variant ORDER BY reign)
ORDER BY is_old, newest_holder <> 'CN', cn_days DESC, board, variant, reign
