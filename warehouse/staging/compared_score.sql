-- One row: a model in one category of one listing, as it is compared with that of other listings.
-- Only of boards and variants with a listing whose day is in doubt (is_in_doubt). All but the score are numbers, since
-- there are millions of pairs: place stands for a category and a model of one board and variant; makers and licences
-- are in the order of the texts. A listing may be a copy of one whose printed day is not after the day it was known, or
-- of one in doubt that was known before: of those whose known_from is not above its own known_as. within: how far its
-- scores may be from those it copies. Of a model with several names the highest score counts, and the fact that comes
-- first.
WITH listings AS (
    SELECT
        l.key,
        dense_rank() OVER (ORDER BY l.board, l.variant) AS series,
        dense_rank() OVER (ORDER BY l.source_id)::INTEGER AS source,
        l.known_at::DATE AS known_on,
        l.stamped_on,
        s.precision = 'rounded' AS is_rounded,
        l.stamped_on IS NULL OR s.stamp_can_lag AS is_in_doubt,
        row_number() OVER (ORDER BY l.known_at, l.key)::INTEGER AS known_as
    FROM listing AS l
    JOIN staged_source AS s USING (source_id)
    QUALIFY bool_or(is_in_doubt) OVER (PARTITION BY l.board, l.variant)
),
first_known AS (
    SELECT known_on, min(known_as) AS known_as FROM listings GROUP BY known_on
),
compared AS (
    SELECT
        l.key,
        l.series,
        l.source,
        l.is_in_doubt,
        l.known_as,
        -- Null, so never reached, of one that was printed after all others were known.
        least(f.known_as, CASE WHEN l.is_in_doubt THEN l.known_as + 1 END) AS known_from,
        -- A millionth more: 1446.55 less 1446 is a little more than 0.55 in binary.
        CASE WHEN l.is_rounded THEN 0.5 ELSE 0 END + settings.same_within + 1e-6 AS within
    FROM listings AS l
    CROSS JOIN internal.settings
    ASOF LEFT JOIN first_known AS f ON f.known_on >= l.stamped_on
),
names AS (
    SELECT n.name, m.model_number, count(*) OVER (PARTITION BY n.key, m.model_number) > 1 AS is_one_of_several
    FROM read_name AS n
    SEMI JOIN compared USING (key)
    JOIN numbered_model AS m ON m.model = coalesce(n.model_id, lower(n.model_name))
),
categories AS (
    SELECT category, row_number() OVER () AS category_number
    FROM printed_category
),
makers AS (
    SELECT organization_name, dense_rank() OVER (ORDER BY organization_id)::INTEGER AS maker
    FROM staged_maker
    WHERE organization_id IS NOT NULL
),
licences AS (
    SELECT
        license_name,
        dense_rank() OVER (ORDER BY regexp_replace(lower(license_name), '[^a-z0-9]', '', 'g'))::INTEGER AS licence
    FROM (SELECT DISTINCT license_name FROM printed_name WHERE license_name IS NOT NULL)
),
scores AS MATERIALIZED (
    SELECT
        c.key, k.category_number, n.model_number, c.score, m.maker, l.licence, c.released_on, n.is_one_of_several
    FROM staged_score AS c
    JOIN names AS n USING (name)
    JOIN categories AS k USING (category)
    LEFT JOIN makers AS m USING (organization_name)
    LEFT JOIN licences AS l USING (license_name)
    WHERE c.score IS NOT NULL AND c.occurrences = 1
),
best AS (
    SELECT * EXCLUDE (is_one_of_several) FROM scores WHERE NOT is_one_of_several
    UNION ALL
    SELECT key, category_number, model_number, max(score), min(maker), min(licence), min(released_on)
    FROM scores
    WHERE is_one_of_several
    GROUP BY ALL
)
SELECT *, (series << 48) + (category_number << 32) + model_number AS place
FROM best
JOIN compared USING (key)
