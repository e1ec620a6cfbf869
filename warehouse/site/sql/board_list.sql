-- Every board that can be read: what it measures, whether any figure of it is held, and how many months have a gap.
WITH gap_months AS (
  SELECT board, count(DISTINCT month) AS months_with_gap, min(month) AS first_month, max(month) AS last_month
  FROM monthly_gap WHERE category = 'overall' AND gap_points IS NOT NULL
  GROUP BY board
), held_boards AS (
  SELECT DISTINCT board FROM core.snapshots
)
SELECT
  board, name, kind, unit, ceiling, private, coalesce(months_with_gap, 0) AS months_with_gap, first_month, last_month,
  note, evidence, held_boards.board IS NOT NULL AS is_held
FROM core.boards LEFT JOIN gap_months USING (board) LEFT JOIN held_boards USING (board)
ORDER BY months_with_gap = 0, NOT is_held, kind, board
