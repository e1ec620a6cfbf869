-- One row: a score whose printed name models.csv does not hold; scaffolds are no models.
-- margin: the score less the lower of the two compared countries' tops; infinite when one of them has no model
-- there. At or above 0 the model could lead.
WITH ranked_scores AS (
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
        rank() OVER (PARTITION BY c.snapshot_id, c.category ORDER BY c.score DESC) AS place
    FROM core.scores AS c
    JOIN core.snapshots AS s USING (snapshot_id)
    WHERE c.score IS NOT NULL AND c.basis <> 'scaffold'
)
SELECT
    r.*,
    n.resolution,
    r.score - coalesce(t.lowest_top, '-infinity'::DOUBLE) AS margin
FROM ranked_scores AS r
JOIN core.model_names AS n
    ON n.source_id = r.source_id
    AND n.model_name = r.model_name
    AND n.organization_name = r.organization_name
    AND r.read_on BETWEEN n.valid_from AND n.valid_to
    AND n.resolution <> 'name'
LEFT JOIN lowest_top AS t USING (snapshot_id, category)
