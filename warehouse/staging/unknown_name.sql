-- One row: a score whose printed name models.csv does not hold; scaffolds are no models.
-- margin: the score less the lower of the two compared countries' tops; infinite when one of them has no model
-- there. At or above 0 the model could lead.
-- Only the categories in which such a name stands are ranked.
WITH unknown AS MATERIALIZED (
    SELECT
        s.source_id,
        s.published_on,
        coalesce(s.printed_on, s.known_at::DATE) AS read_on,
        c.snapshot_id,
        c.category,
        c.model_name,
        coalesce(c.organization_name, '') AS organization_name,
        c.model_id,
        c.score,
        n.resolution
    FROM core.scores AS c
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN core.model_names AS n
        ON n.source_id = s.source_id
        AND n.model_name = c.model_name
        AND n.organization_name = coalesce(c.organization_name, '')
        AND coalesce(s.printed_on, s.known_at::DATE) BETWEEN n.valid_from AND n.valid_to
        AND n.resolution <> 'name'
    WHERE c.score IS NOT NULL AND c.basis <> 'scaffold'
),
places AS (
    SELECT u.snapshot_id, u.category, u.model_name, 1 + count(*) FILTER (c.score > u.score) AS place
    FROM (SELECT DISTINCT snapshot_id, category, model_name, score FROM unknown) AS u
    JOIN core.scores AS c ON c.snapshot_id = u.snapshot_id AND c.category = u.category
    WHERE c.score IS NOT NULL AND c.basis <> 'scaffold'
    GROUP BY u.snapshot_id, u.category, u.model_name
)
SELECT
    u.* EXCLUDE (resolution),
    p.place,
    u.resolution,
    u.score - coalesce(t.lowest_top, '-infinity'::DOUBLE) AS margin
FROM unknown AS u
JOIN places AS p USING (snapshot_id, category, model_name)
LEFT JOIN lowest_top AS t USING (snapshot_id, category)
