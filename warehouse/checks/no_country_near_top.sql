-- severity: block
-- about: core.organizations
-- why: a model whose maker has no country is left out of every country's top
-- Makers whose note explains why they have no country (a dispersed project) pass.
WITH thresholds AS (
    SELECT snapshot_id, category, min(score) AS lowest_top
    FROM core.country_leaders
    JOIN internal.settings USING (listing, country_rule)
    WHERE country IN (country_a, country_b)
    GROUP BY ALL
    HAVING count(*) = 2
)
SELECT
    format('{} of {} has no country but scores {} in {} {}; give {} a country in organizations.csv, or explain in its note why it has none', m.model_id, m.organization_id, round(c.score, 1), c.snapshot_id, c.category, m.organization_id) AS message,
    c.snapshot_id,
    c.category,
    c.model_name,
    m.organization_id,
    c.score
FROM core.scores AS c
JOIN core.models AS m USING (model_id)
JOIN thresholds AS t USING (snapshot_id, category)
WHERE c.score >= t.lowest_top
    AND NOT m.is_joint
    AND NOT EXISTS (
        SELECT 1 FROM core.organizations AS o
        WHERE o.organization_id = m.organization_id AND o.hq_country IS NULL AND o.note IS NOT NULL
    )
    AND NOT EXISTS (SELECT 1 FROM core.model_countries AS mc WHERE mc.model_id = m.model_id AND mc.country_rule = 'hq')
ORDER BY c.score DESC
