-- Names that are unresolved now and were not before. One row: a name as a source prints it.
SELECT source_id, model_name, organization_name, resolution, best_where, best_rank
FROM new.meta.unresolved_models
ANTI JOIN old.meta.unresolved_models USING (source_id, model_name, organization_name)
ORDER BY ALL
