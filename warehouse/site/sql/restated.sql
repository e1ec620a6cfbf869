-- Each month of the raw text arena as published then, and in the newest ratings of the same variant.
SELECT
  month, vintage, gap_points_then, gap_points, gap_points - gap_points_then AS change_points,
  us_model_then, cn_model_then, us_model, us_score, cn_model, cn_score, leader_then_missing,
  gap_revisions.reasons, restated_gap.snapshot_id, split_part(restated_gap.snapshot_id, '/', 1) AS source_id
FROM restated_gap
LEFT JOIN (SELECT board, variant, category, month, snapshot_id, replace(array_to_string(reasons, ', '), '_', ' ') AS reasons
           FROM gap_revisions) AS gap_revisions
  USING (board, variant, category, month, snapshot_id)
WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND then_variant = variant
QUALIFY vintage = max(vintage) OVER ()
ORDER BY month
