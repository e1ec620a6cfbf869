-- severity: block
-- about: meta.unresolved_models
-- why: an unknown model that could change a country's top must be resolved before the release
SELECT
    format(
        'unknown model {} (organization {}) scores {} in {}, rank {}; add this line to warehouse/reference/models.csv (and its organization to organizations.csv if new): {}',
        model_name, CASE WHEN organization_name = '' THEN 'not printed' ELSE organization_name END, round(best_score, 1), best_where, best_rank, csv_line
    ) AS message,
    *
FROM meta.unresolved_models
WHERE blocks_release
ORDER BY margin_to_top DESC NULLS FIRST, best_rank
