-- On how many boards each side leads in its newest figure, and in the month that most boards share.
WITH newest AS (
  SELECT gap_triangulation.*, monthly_gap.is_tie
  FROM gap_triangulation
  JOIN (SELECT * FROM monthly_gap WHERE category = 'overall') AS monthly_gap USING (board, variant, month)
  WHERE gap_triangulation.gap_points IS NOT NULL
  QUALIFY month = max(month) OVER (PARTITION BY board)
), widest AS (
  SELECT DISTINCT month, boards_measured, kinds_measured, boards_us_leads, boards_cn_leads
  FROM gap_triangulation
  ORDER BY kinds_measured DESC, boards_measured DESC, month DESC LIMIT 1
)
SELECT
  count(*) AS boards, count(*) FILTER (sign = 1) AS us_leads, count(*) FILTER (sign = -1) AS cn_leads,
  count(*) FILTER (sign = 0) AS level, count(*) FILTER (is_tie AND sign <> 0) AS open,
  count(*) FILTER (newest.near_ceiling) AS near_ceiling,
  count(DISTINCT kind) AS kinds, min(newest.month) AS oldest_month, max(newest.month) AS newest_month,
  any_value(widest.month) AS widest_month, any_value(widest.boards_measured) AS widest_boards,
  any_value(widest.kinds_measured) AS widest_kinds,
  any_value(widest.boards_us_leads) AS widest_us_leads, any_value(widest.boards_cn_leads) AS widest_cn_leads
FROM newest, widest
