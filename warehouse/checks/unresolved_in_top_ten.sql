-- severity: warn
-- about: meta.unresolved_models
-- why: a name of which nothing is known, among the ten best of a list, may lead soon (unresolved_near_top tells those that could now)
SELECT
    format('{} (best rank {}, in {})', model_name, best_rank, best_where) AS message,
    source_id, model_name, organization_name, best_rank, best_where, margin_to_top, csv_line
FROM meta.unresolved_models
WHERE resolution = 'unresolved' AND best_rank <= 10 AND NOT blocks_release
ORDER BY best_rank, source_id, model_name
