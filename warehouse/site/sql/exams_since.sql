-- The gap on the exams of the AI Index, and on what took their place, month by month, where one party measured all models.
SELECT
  exam, board, month, gap_points, us_model, us_score, cn_model, cn_score, vintage_rule, vintage, snapshot_id,
  split_part(snapshot_id, '/', 1) AS source_id
FROM exam_gaps
WHERE basis = 'one_party' AND exam IN ('HumanEval', 'MATH, level 5', 'MMMU', 'GPQA') AND snapshot_id IS NOT NULL
ORDER BY exam, month
