-- On how many boards each side leads in its newest figure, and of when those figures are. A board on which neither
-- leader has a point yet tells nothing about who leads and is not counted. Nor is one of whose newest three months
-- nothing is held: `old`. Nor are `self_reported` boards of figures that
-- makers report of their own models, which gap_triangulation leaves out.
WITH newest_gaps AS (
  SELECT
    gap_triangulation.month, gap_triangulation.sign, monthly_gap.is_tie,
    us_score = 0 AND cn_score = 0 AS is_without_points,
    gap_triangulation.month <= (SELECT max(month) FROM monthly_gap WHERE gap_points IS NOT NULL) - INTERVAL 3 MONTHS AS is_old
  FROM gap_triangulation
  JOIN (SELECT * FROM monthly_gap WHERE category = 'overall') AS monthly_gap USING (board, variant, month)
  WHERE gap_triangulation.gap_points IS NOT NULL
  QUALIFY month = max(month) OVER (PARTITION BY board)
)
SELECT
  count(*) AS boards, count(*) FILTER (sign = 1) AS us_leads, count(*) FILTER (sign = -1) AS cn_leads,
  count(*) FILTER (sign = 0) AS level, count(*) FILTER (is_tie AND sign <> 0) AS open,
  min(month) AS oldest_month, max(month) AS newest_month,
  (SELECT count(*) FROM newest_gaps WHERE is_old) AS old,
  (SELECT count(DISTINCT board) FROM monthly_gap
   WHERE starts_with(board, 'self_') AND category = 'overall' AND gap_points IS NOT NULL) AS self_reported
FROM newest_gaps
WHERE NOT is_without_points AND NOT is_old
