-- One row: a model in one category of one listing, as it is compared with that of other listings.
-- Of the listings in weighed_listing.sql, with what holds for all their scores. All but the score are numbers, since
-- there are millions of pairs: place stands for a category and a model of one board and variant; makers and licences
-- are in the order of the texts. Of a model with several names the highest score counts, and the fact that comes first.
WITH several AS (
    SELECT n.key, coalesce(n.model_id, lower(n.model_name)) AS model
    FROM listed_name AS n
    SEMI JOIN weighed_listing USING (key)
    GROUP BY ALL
    HAVING count(*) > 1
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
        c.key, k.category_number, n.model_number, c.score, m.maker, l.licence, c.released_on,
        s.key IS NOT NULL AS is_one_of_several
    FROM staged_score AS c
    SEMI JOIN weighed_listing AS w ON w.key = c.key
    JOIN numbered_model AS n ON n.model = coalesce(c.model_id, lower(c.model_name))
    LEFT JOIN several AS s ON s.key = c.key AND s.model = n.model
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
JOIN weighed_listing USING (key)
