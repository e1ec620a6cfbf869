-- The same boards, one row each: whether China is first in the newest publication, and when it last was.
WITH countries AS (
  SELECT *, max(last_seen) OVER (PARTITION BY board, variant) AS newest_day FROM reigns
  WHERE scope = 'world' AND level = 'country' AND NOT starts_with(board, 'self_')
), newest AS (
  SELECT max(month) AS month FROM monthly_gap WHERE gap_points IS NOT NULL
)
SELECT
  board, variant, regexp_replace(boards.name, '^Arena: ', '') AS name, newest_day < newest.month - INTERVAL 2 MONTHS AS is_old, newest_day,
  arg_max(holder, last_seen) = 'CN' AS leads_now, arg_max(model_name, last_seen) FILTER (holder = 'CN') AS cn_model,
  min(first_seen) FILTER (holder = 'CN') AS cn_first_seen, max(first_seen) FILTER (holder = 'CN') AS cn_since,
  max(last_seen) FILTER (holder = 'CN') AS cn_last_seen, any_value(cn.days) AS cn_days, any_value(cn.known_days) AS known_days
FROM countries
JOIN (SELECT board, variant, days, known_days FROM days_led
      WHERE scope = 'world' AND level = 'country' AND holder = 'CN') AS cn USING (board, variant)
JOIN core.boards AS boards USING (board)
CROSS JOIN newest
GROUP BY board, variant, boards.name, newest_day, newest.month
HAVING bool_or(holder = 'CN' AND margin_at_start IS DISTINCT FROM 0)
ORDER BY is_old, leads_now DESC, cn_days DESC, board
