-- The score of one model in one snapshot, who makes the model, and the evidence for that. One row: a score.
SELECT
  s.score,
  s.standard_error,
  s.model_id,
  s.is_public,
  o.name AS maker,
  o.hq_country,
  m.evidence
FROM core.scores AS s
LEFT JOIN core.models AS m USING (model_id)
LEFT JOIN core.organizations AS o ON o.organization_id = m.organization_id
WHERE s.snapshot_id = $snapshot_id AND s.category = $category AND s.model_name = $model_name
