-- Who held the first place of each board, of all countries and among the US and the Chinese models, with the bytes that
-- first show it. A change that was undone between two publications is not seen.
WITH makers AS (
  SELECT organization_id, arg_max(hq_country, valid_from) AS country FROM core.organizations GROUP BY organization_id
)
SELECT
  reigns.board, reigns.variant, reigns.scope, reigns.level, reigns.reign, reigns.holder, reigns.holder_name,
  CASE reigns.level WHEN 'country' THEN reigns.holder ELSE makers.country END AS country,
  reigns.model_name, reigns.first_seen, reigns.last_seen, reigns.last_seen + 1 AS seen_until, reigns.publications,
  reigns.days_at_least, reigns.days_at_most, reigns.start_censored, reigns.end_censored, reigns.longest_unseen,
  reigns.margin_at_start, takers.holder_name AS taken_from, snapshots.source_id, snapshots.date_basis, inputs.sha256,
  inputs.address, reigns.first_snapshot_id AS snapshot_id
FROM reigns
LEFT JOIN core.models AS models ON reigns.level = 'model' AND models.model_id = reigns.holder
LEFT JOIN makers ON makers.organization_id = CASE reigns.level
  WHEN 'model' THEN models.organization_id WHEN 'organization' THEN reigns.holder END
JOIN core.snapshots AS snapshots ON snapshots.snapshot_id = reigns.first_snapshot_id
JOIN meta.inputs AS inputs USING (input_id)
LEFT JOIN reigns AS takers
  ON takers.board = reigns.board AND takers.variant = reigns.variant AND takers.scope = reigns.scope
  AND takers.level = reigns.level AND takers.reign = reigns.reign - 1
ORDER BY reigns.board, reigns.variant, reigns.scope DESC, reigns.level, reigns.reign DESC
