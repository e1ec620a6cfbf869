-- One row: a score in the category overall of one snapshot, with the country, maker and identity it leads for.
-- country is that of the country rule; a model of several has a row for each. joint: made by makers of several
-- countries, which leads for none of them and for none of its makers; no_country: its maker has none, as its note
-- explains; unresolved: the model, its maker or the maker's country is not known. Rows of quarantined categories,
-- scaffolds and models that do not count under the listing are left out. unlisted_at_most: the highest score that a row which is left
-- out can have (highest_unlisted of core.snapshot_categories), and where that is not known that of the first row of a list
-- without ranks; null in a whole listing. A row is proved when no row that is left out can stand higher.
WITH holes AS (
    SELECT
        k.snapshot_id,
        coalesce(
            k.highest_unlisted, CASE WHEN count(c.rank) = 0 THEN max(c.score) ELSE 'infinity'::DOUBLE END
        ) AS unlisted_at_most
    FROM core.snapshot_categories AS k
    JOIN core.snapshots AS s ON s.snapshot_id = k.snapshot_id AND s.coverage <> 'whole'
    JOIN core.scores AS c ON c.snapshot_id = k.snapshot_id AND c.category = k.category
    WHERE k.category = 'overall'
    GROUP BY k.snapshot_id, k.highest_unlisted
)
SELECT
    c.snapshot_id,
    c.model_name,
    c.model_id,
    c.score,
    CASE
        WHEN k.country IS NOT NULL THEN k.country
        WHEN m.is_joint THEN 'joint'
        WHEN o.organization_id IS NOT NULL THEN 'no_country'
        ELSE 'unresolved'
    END AS country,
    CASE WHEN m.is_joint THEN 'joint' ELSE coalesce(m.organization_id, 'unresolved') END AS organization,
    coalesce(c.model_id, 'unresolved') AS model,
    h.unlisted_at_most,
    c.score >= coalesce(h.unlisted_at_most, '-infinity'::DOUBLE) AS is_proved
FROM core.scores AS c
JOIN core.snapshots AS s ON s.snapshot_id = c.snapshot_id
CROSS JOIN internal.settings
LEFT JOIN holes AS h ON h.snapshot_id = c.snapshot_id
LEFT JOIN core.models AS m ON m.model_id = c.model_id
LEFT JOIN core.organizations AS o
    ON o.organization_id = m.organization_id AND o.hq_country IS NULL AND o.note IS NOT NULL
LEFT JOIN core.model_countries AS k
    ON k.model_id = c.model_id AND k.country_rule = settings.country_rule
    AND s.published_on BETWEEN k.valid_from AND k.valid_to
WHERE c.category = 'overall' AND c.score IS NOT NULL AND NOT c.is_ambiguous AND c.basis <> 'scaffold'
    AND CASE settings.listing WHEN 'any' THEN TRUE WHEN 'public' THEN c.is_public ELSE c.is_known_public END
