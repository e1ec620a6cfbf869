-- One row: a model in one category of one snapshot.
-- Scores as parsed, identical repeats collapsed. The standard error is the published one, else (upper − lower)
-- / (2 · 1.96), else null; a score that defines its board's scale has 0 (core.fixed_scores). Of rows that differ under one key no score is taken: they are in
-- core.ambiguous_rows. A model is public from its first day of public use to its last, but for the days of
-- core.suspensions; where no fact is known it counts as public, but not as known to be.
SELECT
    c.* EXCLUDE (input_id, is_doubled, highest),
    a.snapshot_id IS NOT NULL AS is_ambiguous
FROM snapshot_score AS c
LEFT JOIN ambiguous_category AS a USING (snapshot_id, category)
