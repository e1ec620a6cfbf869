-- One row: a category of one snapshot, a reason to doubt it, and the model the doubt is about.
-- An unknown model that could lead; a model that could lead whose maker has no country, unless its note explains why
-- it has none (a dispersed project); a score outside the scale of its board, which comes from a misread column and
-- so leaves out every category of the snapshot.
WITH countryless AS (
    SELECT m.model_id
    FROM core.models AS m
    WHERE NOT m.is_joint
        AND NOT EXISTS (
            SELECT 1 FROM core.organizations AS o
            WHERE o.organization_id = m.organization_id AND o.hq_country IS NULL AND o.note IS NOT NULL
        )
        AND NOT EXISTS (SELECT 1 FROM core.model_countries AS mc WHERE mc.model_id = m.model_id AND mc.country_rule = 'hq')
),
implausible AS (
    SELECT c.snapshot_id, c.category, c.model_name, c.organization_name, c.score
    FROM core.scores AS c
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN core.boards AS b USING (board)
    WHERE CASE b.unit
        WHEN 'elo' THEN c.score NOT BETWEEN 300 AND 2500
        WHEN 'percent' THEN c.score NOT BETWEEN 0 AND 100
        ELSE FALSE
    END
    QUALIFY row_number() OVER (PARTITION BY c.snapshot_id ORDER BY c.score DESC, c.category, c.model_name) = 1
)
SELECT snapshot_id, category, 'unknown_name' AS reason, model_name, organization_name, score, category AS found_in
FROM unknown_name
WHERE resolution = 'unresolved' AND margin >= 0
UNION ALL
SELECT c.snapshot_id, c.category, 'maker_without_country', c.model_name, coalesce(c.organization_name, ''), c.score, c.category
FROM core.scores AS c
JOIN countryless AS m USING (model_id)
LEFT JOIN lowest_top AS t USING (snapshot_id, category)
WHERE c.score >= coalesce(t.lowest_top, '-infinity'::DOUBLE) AND c.basis <> 'scaffold'
UNION ALL
SELECT i.snapshot_id, c.category, 'implausible_score', i.model_name, coalesce(i.organization_name, ''), i.score, i.category
FROM implausible AS i
JOIN core.snapshot_categories AS c USING (snapshot_id)
