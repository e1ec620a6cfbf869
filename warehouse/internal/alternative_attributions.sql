-- One row: a model that a fact of the reference tables would let count for another country than under hq.
-- The facts are a second country of its maker, a maker without a country (each of the compared pair), makers of several
-- countries, and a base of another country: that of the base, or of the maker whose model was tuned. What a line of
-- core.attributions already decides that way is left out, and so are models that no board lists.
WITH home AS (
    SELECT DISTINCT model_id, country FROM core.model_countries WHERE country_rule = 'hq'
),
makers AS (
    SELECT DISTINCT organization_id, name, hq_country, other_countries FROM core.organizations
),
found AS (
    SELECT
        'second_country' AS basis, 'organization' AS subject_kind, o.organization_id AS subject, c.country, m.model_id,
        o.name || ' also belongs to this country' AS why
    FROM makers AS o
    CROSS JOIN unnest(o.other_countries) AS c(country)
    JOIN core.models AS m ON m.organization_id = o.organization_id
    UNION
    SELECT
        'no_country', 'organization', o.organization_id, c.country, m.model_id,
        o.name || ' has no country'
    FROM makers AS o
    CROSS JOIN (SELECT unnest([country_a, country_b]) FROM internal.settings) AS c(country)
    JOIN core.models AS m ON m.organization_id = o.organization_id
    WHERE o.hq_country IS NULL
    UNION
    SELECT
        'joint_makers', 'model', m.model_id, o.hq_country, m.model_id,
        'one of its makers is ' || min(o.name)
    FROM core.models AS m
    JOIN makers AS o ON o.organization_id = m.organization_id OR list_contains(m.joint_organizations, o.organization_id)
    WHERE m.is_joint AND o.hq_country IS NOT NULL
    GROUP BY m.model_id, o.hq_country
    UNION
    SELECT
        'base_model', 'model', m.model_id, coalesce(b.country, m.base_model_country), m.model_id,
        'tuned from ' || m.fine_tune_of
    FROM core.models AS m
    CROSS JOIN (VALUES (TRUE), (FALSE)) AS is_nearest(is_nearest)
    LEFT JOIN home AS b ON b.model_id = m.fine_tune_of AND is_nearest
    WHERE m.fine_tune_of IS NOT NULL AND coalesce(b.country, m.base_model_country) IS NOT NULL
)
SELECT f.subject || ' as ' || f.country AS alternative, f.*
FROM found AS f
-- DISTINCT, since otherwise what is looked up has a row for each score.
WHERE f.model_id IN (SELECT DISTINCT model_id FROM core.scores)
    AND NOT EXISTS (SELECT 1 FROM home AS h WHERE h.model_id = f.model_id AND h.country = f.country)
    AND NOT EXISTS (
        SELECT 1
        FROM core.attributions AS a
        JOIN core.models AS m ON m.model_id = f.model_id
        WHERE a.country = f.country AND a.subject IN (m.model_id, m.organization_id)
    )
