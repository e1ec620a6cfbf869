-- One row: a score in the category overall of one snapshot, with the country, maker and identity it leads for.
-- country is that of the country rule; a model of several has a row for each. joint: made by makers of several
-- countries, which leads for none of them and for none of its makers; no_country: its maker has none, as its note
-- explains; unresolved: the model, its maker or the maker's country is not known. Rows of quarantined categories,
-- scaffolds and models that do not count under the listing are left out. unlisted_at_most: the highest score that a row which is left
-- out can have: that of the row above the first rank that is missing, and without ranks that of the first row; null
-- in a whole listing. A row is proved when no row that is left out can stand higher.
WITH short AS (
    SELECT
        c.snapshot_id,
        CASE
            WHEN count(c.rank) OVER listing = 0 THEN c.score = max(c.score) OVER listing
            ELSE dense_rank() OVER (PARTITION BY c.snapshot_id ORDER BY c.rank NULLS LAST) = c.rank
        END AS is_above_holes,
        c.score
    FROM core.scores AS c
    JOIN core.snapshots AS s ON s.snapshot_id = c.snapshot_id
    WHERE s.coverage <> 'whole' AND c.category = 'overall' AND c.score IS NOT NULL
    WINDOW listing AS (PARTITION BY c.snapshot_id)
),
holes AS (
    SELECT snapshot_id, coalesce(min(score) FILTER (is_above_holes), 'infinity'::DOUBLE) AS unlisted_at_most
    FROM short
    GROUP BY ALL
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
