-- severity: warn
-- about: meta.unresolved_models
-- why: a model known only by its printed maker may be another model under a new name, a preview or a fine-tune
SELECT
    format('{} by {} (best rank {}, in {})', model_name, organization_name, best_rank, best_where) AS message,
    source_id, model_name, organization_name, best_rank, best_where, csv_line
FROM meta.unresolved_models
WHERE resolution = 'organization'
ORDER BY best_rank, model_name
