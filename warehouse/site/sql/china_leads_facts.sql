-- On how many boards a Chinese model is first in the newest publication, of those with one in the newest three months;
-- and on how many of all it has ever been first.
WITH countries AS (
  SELECT *, max(last_seen) OVER (PARTITION BY board, variant) AS newest_day FROM reigns
  WHERE scope = 'world' AND level = 'country' AND NOT starts_with(board, 'self_')
), boards AS (
  SELECT
    board, newest_day >= (SELECT max(month) FROM monthly_gap WHERE gap_points IS NOT NULL) - INTERVAL 2 MONTHS AS is_new,
    bool_or(holder = 'CN' AND last_seen = newest_day AND margin_at_start IS DISTINCT FROM 0) AS leads_now,
    bool_or(holder = 'CN' AND margin_at_start IS DISTINCT FROM 0) AS has_led
  FROM countries
  GROUP BY ALL
)
SELECT
  count(DISTINCT board) AS boards, count(DISTINCT board) FILTER (is_new) AS new_boards,
  count(DISTINCT board) FILTER (is_new AND leads_now) AS led_now,
  count(DISTINCT board) FILTER (has_led AND NOT (is_new AND leads_now)) AS led_before,
  count(DISTINCT board) - count(DISTINCT board) FILTER (has_led) AS never_led,
  coalesce(bool_or(has_led) FILTER (board = 'arena_text'), FALSE) AS has_led_text
FROM boards
