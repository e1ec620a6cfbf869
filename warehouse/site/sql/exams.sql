-- The gap on the exams that the AI Index of 2025 printed, at the ends of 2023 and 2024: as printed, and by who measured
-- the scores that are held.
WITH ends AS (
  SELECT * FROM exam_gaps WHERE is_year_end AND published_gap IS NOT NULL
)
SELECT
  exam, month, basis, board, gap_points, published_gap, published_edition, us_model, us_score, cn_model, cn_score,
  vintage_rule, vintage, why_they_differ, snapshot_id,
  CASE WHEN snapshot_id IS NULL THEN 'epoch_benchmarks' ELSE split_part(snapshot_id, '/', 1) END AS source_id
FROM ends
QUALIFY row_number() OVER (PARTITION BY exam, month, basis ORDER BY starts_with(board, 'self_'), board) = 1
ORDER BY exam, month, basis
