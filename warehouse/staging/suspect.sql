-- One row: a category of a snapshot that lacks leaders which the publications before and after list.
-- Two or more of a country's first five (core.missing_leaders). Other whole snapshots of the day that lack them too
-- are left out with it, so that none of them stands in its place.
WITH lacking AS (
    SELECT s.snapshot_id, m.country, m.earlier_on, m.later_on, string_agg(m.model_id, ', ' ORDER BY m.place) AS models
    FROM core.missing_leaders AS m
    JOIN core.snapshots AS s
        ON s.board = m.board AND s.variant = m.variant AND s.published_on = m.published_on AND s.coverage = 'whole'
    WHERE NOT EXISTS (
        SELECT 1 FROM core.scores AS c
        WHERE c.snapshot_id = s.snapshot_id AND c.category = 'overall' AND c.model_id = m.model_id
    )
    GROUP BY s.snapshot_id, m.country, m.earlier_on, m.later_on
    HAVING count(*) >= 2
)
SELECT
    l.snapshot_id,
    c.category,
    min(format(
        '{} lacks {}, among the first five of {} on {} and listed again on {}; look at its bytes: it may be cut or a test',
        l.snapshot_id, l.models, l.country, l.earlier_on, l.later_on
    )) AS message
FROM lacking AS l
JOIN core.snapshot_categories AS c USING (snapshot_id)
GROUP BY l.snapshot_id, c.category
