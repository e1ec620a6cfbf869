-- One row: a model among a country's first five of one whole publication that the next one lacks and the one after lists.
-- Publications are of the category overall, one for each day, as they stand by their rank; countries are the compared
-- pair. place is the model's among its country's in the publication before.
WITH days AS (
    SELECT
        r.board,
        r.variant,
        r.category,
        r.published_on,
        min_by(r.snapshot_id, (r.is_bounded, r.rank)) AS snapshot_id
    FROM internal.ranked_snapshots AS r
    JOIN core.snapshots AS s USING (snapshot_id)
    WHERE s.coverage = 'whole' AND r.category = 'overall' AND NOT r.is_ambiguous
    GROUP BY ALL
),
neighbours AS (
    SELECT
        *,
        -- Models are ranked by it: to group by the text of the id takes longer than all else.
        row_number() OVER () AS number,
        lag(snapshot_id) OVER series AS earlier_id,
        lag(published_on) OVER series AS earlier_on,
        lead(snapshot_id) OVER series AS later_id,
        lead(published_on) OVER series AS later_on
    FROM days
    WINDOW series AS (PARTITION BY board, variant ORDER BY published_on)
),
places AS (
    SELECT
        n.number,
        c.country,
        c.model_id,
        row_number() OVER (PARTITION BY n.number, c.country ORDER BY max(c.score) DESC, c.model_id) AS place
    FROM neighbours AS n
    JOIN internal.country_scores AS c ON c.snapshot_id = n.earlier_id
    JOIN internal.settings ON c.country IN (settings.country_a, settings.country_b)
    WHERE c.category = 'overall' AND n.later_id IS NOT NULL
    GROUP BY n.number, c.country, c.model_id
    QUALIFY place <= 5
)
SELECT n.board, n.variant, n.published_on, n.snapshot_id, n.earlier_on, n.later_on, e.country, e.model_id, e.place
FROM neighbours AS n
JOIN places AS e USING (number)
ANTI JOIN core.scores AS c
    ON c.snapshot_id = n.snapshot_id AND c.category = n.category AND c.model_id = e.model_id
SEMI JOIN core.scores AS l
    ON l.snapshot_id = n.later_id AND l.category = n.category AND l.model_id = e.model_id
