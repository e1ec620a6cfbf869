-- One row: a category of one snapshot in which a doubled name could change a leader.
-- Rows that differ under one name set the name aside. Its category is ambiguous only if the highest of its readings
-- reaches the top that its country has without it, under any country rule and the listings any and public; or, for a
-- name without a country that is no joint model, the lower of the tops of the compared pair. The listing known_public
-- and the rules of core.attributions are sensitivities: what they alone would leave open costs nobody the category.
WITH doubled AS MATERIALIZED (
    SELECT DISTINCT c.input_id, s.snapshot_id, c.category
    FROM repeated_score AS c
    JOIN placed_name AS s USING (name)
    WHERE c.occurrences > 1
),
-- Inputs first: that alone reaches the files, of which the rest is not read.
near AS (
    FROM snapshot_score WHERE input_id IN (SELECT input_id FROM doubled)
),
claims AS (
    SELECT
        c.snapshot_id, c.category, c.highest AS score, c.is_doubled, p.listing, m.country_rule, m.country,
        m.country IS NULL AND NOT coalesce(i.is_joint, FALSE) AS is_anyones
    FROM (FROM near SEMI JOIN doubled USING (snapshot_id, category)) AS c
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN (VALUES ('any'), ('public')) AS p(listing) ON p.listing = 'any' OR c.is_public
    LEFT JOIN core.models AS i ON i.model_id = c.model_id
    LEFT JOIN core.model_countries AS m
        ON m.model_id = c.model_id AND s.published_on BETWEEN m.valid_from AND m.valid_to
        AND m.country_rule NOT IN (
            SELECT country_rule FROM core.attributions EXCEPT SELECT country_rule FROM internal.settings
        )
    WHERE c.highest IS NOT NULL AND c.basis <> 'scaffold'
),
tops AS (
    SELECT snapshot_id, category, listing, country_rule, country, max(score) AS top
    FROM claims
    WHERE NOT is_doubled AND country IS NOT NULL
    GROUP BY ALL
),
lowest_tops AS (
    SELECT snapshot_id, category, CASE WHEN count(*) = 2 THEN min(top) END AS top
    FROM tops
    JOIN internal.settings USING (listing, country_rule)
    WHERE country IN (country_a, country_b)
    GROUP BY ALL
)
SELECT DISTINCT c.snapshot_id, c.category
FROM claims AS c
LEFT JOIN tops AS t USING (snapshot_id, category, listing, country_rule, country)
LEFT JOIN lowest_tops AS l USING (snapshot_id, category)
WHERE c.is_doubled
    AND (c.country IS NOT NULL OR c.is_anyones)
    AND c.score >= coalesce(CASE WHEN c.is_anyones THEN l.top ELSE t.top END, '-infinity'::DOUBLE)
