-- Every board: what it measures, and how many months have a gap.
WITH gap_months AS (
  SELECT board, count(DISTINCT month) AS months_with_gap, min(month) AS first_month, max(month) AS last_month
  FROM monthly_gap WHERE category = 'overall' AND gap_points IS NOT NULL
  GROUP BY board
)
SELECT
  board, name, kind, unit, ceiling, private, coalesce(months_with_gap, 0) AS months_with_gap, first_month, last_month,
  note, evidence
FROM core.boards LEFT JOIN gap_months USING (board)
ORDER BY months_with_gap = 0, kind, board
