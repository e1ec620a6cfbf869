-- Models that only one of the releases knows. One row: a model.
SELECT
  model_id,
  CASE WHEN o.model_id IS NULL THEN 'added' ELSE 'removed' END AS change,
  coalesce(n.organization_id, o.organization_id) AS organization_id
FROM old.core.models AS o
FULL JOIN new.core.models AS n USING (model_id)
WHERE o.model_id IS NULL OR n.model_id IS NULL
ORDER BY ALL
