-- One row: a category of one listing in which a doubled name could change a leader.
-- Rows that differ under one name set the name aside. Its category is ambiguous only if the highest of its readings
-- reaches the top that its country has without it, under any country rule and listing; or, for a name without a
-- country that is no joint model, the lower of the tops of the compared pair.
WITH doubled AS (
    SELECT key, category, model_name, min(model_id) AS model_id, max(score) AS highest
    FROM staged_score
    WHERE occurrences > 1
    GROUP BY ALL
),
readings AS (
    SELECT key, category, model_id, highest AS score, TRUE AS is_doubled FROM doubled
    UNION ALL
    SELECT key, category, model_id, score, FALSE FROM staged_score
    WHERE occurrences = 1 AND (key, category) IN (SELECT (key, category) FROM doubled)
),
claims AS (
    SELECT
        r.key, r.category, r.score, r.is_doubled, p.listing, c.country_rule, c.country,
        c.country IS NULL AND NOT coalesce(m.is_joint, FALSE) AS is_anyones
    FROM readings AS r
    JOIN listing AS l USING (key)
    JOIN core.snapshots AS s
        ON s.input_id = l.input_id AND s.board = l.board AND s.variant = l.variant
        AND s.printed_on IS NOT DISTINCT FROM l.printed_on
    LEFT JOIN core.models AS m ON m.model_id = r.model_id
    LEFT JOIN core.model_countries AS c
        ON c.model_id = r.model_id AND s.published_on BETWEEN c.valid_from AND c.valid_to
    JOIN (VALUES ('any'), ('public')) AS p(listing)
        ON p.listing = 'any' OR (coalesce(m.was_public, TRUE) AND coalesce(m.public_from <= s.published_on, TRUE))
    WHERE r.score IS NOT NULL
),
tops AS (
    SELECT key, category, listing, country_rule, country, max(score) AS top
    FROM claims
    WHERE NOT is_doubled AND country IS NOT NULL
    GROUP BY ALL
),
lowest_tops AS (
    SELECT key, category, CASE WHEN count(*) = 2 THEN min(top) END AS top
    FROM tops
    JOIN internal.settings USING (listing, country_rule)
    WHERE country IN (country_a, country_b)
    GROUP BY ALL
)
SELECT DISTINCT c.key, c.category
FROM claims AS c
LEFT JOIN tops AS t
    ON t.key = c.key AND t.category = c.category AND t.listing = c.listing AND t.country_rule = c.country_rule
    AND t.country = c.country
LEFT JOIN lowest_tops AS l ON l.key = c.key AND l.category = c.category
WHERE c.is_doubled
    AND (c.country IS NOT NULL OR c.is_anyones)
    AND c.score >= coalesce(CASE WHEN c.is_anyones THEN l.top ELSE t.top END, '-infinity'::DOUBLE)
