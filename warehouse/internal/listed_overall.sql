-- One row: a score in the category overall of one snapshot, with the country, maker and identity it leads for.
-- country is that of the country rule; a model of several has a row for each. joint: made by makers of several
-- countries, which leads for none of them and for none of its makers; no_country: its maker has none, as its note
-- explains; unresolved: the model, its maker or the maker's country is not known. Rows of quarantined categories and models that do not count under
-- the listing are left out. is_proved: no row that the listing leaves out can stand higher. True of every row of a
-- whole listing, in others of the rows above the first rank that is missing, and without ranks of the first row.
-- unlisted_at_most: the highest score a row that is left out can have; null in a whole listing.
WITH proved AS (
    SELECT
        c.snapshot_id,
        c.model_name,
        c.model_id,
        c.score,
        c.is_public,
        c.is_known_public,
        s.published_on,
        s.coverage,
        CASE
            WHEN s.coverage = 'whole' THEN TRUE
            WHEN count(c.rank) OVER listing = 0 THEN c.score = max(c.score) OVER listing
            ELSE coalesce(dense_rank() OVER (PARTITION BY c.snapshot_id ORDER BY c.rank NULLS LAST) = c.rank, FALSE)
        END AS is_proved
    FROM core.scores AS c
    JOIN core.snapshots AS s ON s.snapshot_id = c.snapshot_id
    WHERE c.category = 'overall' AND c.score IS NOT NULL AND NOT c.is_ambiguous
    WINDOW listing AS (PARTITION BY c.snapshot_id)
)
SELECT
    p.snapshot_id,
    p.model_name,
    p.model_id,
    p.score,
    CASE
        WHEN k.country IS NOT NULL THEN k.country
        WHEN m.is_joint THEN 'joint'
        WHEN o.organization_id IS NOT NULL THEN 'no_country'
        ELSE 'unresolved'
    END AS country,
    CASE WHEN m.is_joint THEN 'joint' ELSE coalesce(m.organization_id, 'unresolved') END AS organization,
    coalesce(p.model_id, 'unresolved') AS model,
    p.is_proved,
    CASE WHEN p.coverage <> 'whole' THEN min(p.score) FILTER (p.is_proved) OVER (PARTITION BY p.snapshot_id) END AS unlisted_at_most
FROM proved AS p
CROSS JOIN internal.settings
LEFT JOIN core.models AS m ON m.model_id = p.model_id
LEFT JOIN core.organizations AS o
    ON o.organization_id = m.organization_id AND o.hq_country IS NULL AND o.note IS NOT NULL
LEFT JOIN core.model_countries AS k
    ON k.model_id = p.model_id AND k.country_rule = settings.country_rule
    AND p.published_on BETWEEN k.valid_from AND k.valid_to
WHERE CASE settings.listing WHEN 'any' THEN TRUE WHEN 'public' THEN p.is_public ELSE p.is_known_public END
