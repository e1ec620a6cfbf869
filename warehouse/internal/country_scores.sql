-- One row: a score in one category of one snapshot and the country its model counts for under the country rule.
-- Scores of quarantined categories, scaffolds and models without a country are left out. is_eligible: the model counts under
-- the listing too.
SELECT
    c.snapshot_id,
    c.category,
    m.country,
    c.model_name,
    c.model_id,
    c.score,
    c.standard_error,
    c.released_on,
    CASE settings.listing WHEN 'any' THEN TRUE WHEN 'public' THEN c.is_public ELSE c.is_known_public END AS is_eligible
FROM core.scores AS c
JOIN core.snapshots AS s ON s.snapshot_id = c.snapshot_id
CROSS JOIN internal.settings
JOIN (SELECT m.* FROM core.model_countries AS m JOIN internal.settings USING (country_rule)) AS m
    ON m.model_id = c.model_id
-- A condition on all three: else DuckDB may join every snapshot to every model first.
WHERE CASE WHEN c.score IS NOT NULL AND NOT c.is_ambiguous THEN s.published_on BETWEEN m.valid_from AND m.valid_to END
    AND c.score IS NOT NULL AND NOT c.is_ambiguous AND c.basis <> 'scaffold'
