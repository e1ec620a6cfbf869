-- One row: a printed name and organization that the reference tables do not know by name.
-- Printed names that models.csv does not hold, with the best place they ever stood at. A name of which nothing
-- is known withholds the snapshots and categories (meta.withheld) in which its score reaches the lower of the two
-- compared countries' tops, or in which one of the two has no model.
SELECT
    u.source_id,
    u.model_name,
    u.organization_name,
    min(u.resolution) AS resolution,
    min(published_on) AS first_seen,
    max(published_on) AS last_seen,
    count(DISTINCT snapshot_id) AS snapshots,
    min(place) AS best_rank,
    arg_min(score, (place, snapshot_id, category)) AS best_score,
    arg_min(snapshot_id || ' ' || category, (place, snapshot_id, category)) AS best_where,
    max(margin) FILTER (isfinite(margin)) AS margin_to_top,
    min(u.resolution) = 'unresolved' AND coalesce(max(margin) >= 0, FALSE) AS blocks_release,
    max(k.reason) AS reason,
    any_value(p.model_line) AS csv_line
FROM unknown_name AS u
LEFT JOIN staged_proposal AS p USING (source_id, model_name, organization_name)
LEFT JOIN staged_known_unresolved AS k
    ON (k.source_id = u.source_id OR k.source_id IS NULL) AND k.model_name = u.model_name
GROUP BY u.source_id, u.model_name, u.organization_name
ORDER BY u.source_id, u.model_name, u.organization_name
