-- The first and the newest gap of each of these exams, the one with the newest gap first.
SELECT
  exam, min(month) AS first_month, arg_min(gap_points, month) AS first_gap, max(month) AS last_month,
  arg_max(gap_points, month) AS last_gap
FROM exam_gaps
WHERE basis = 'one_party' AND exam IN ('HumanEval', 'MATH, level 5', 'MMMU', 'GPQA') AND snapshot_id IS NOT NULL
GROUP BY exam
HAVING count(*) > 1
ORDER BY last_month DESC, exam
