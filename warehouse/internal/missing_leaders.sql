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
        lag(snapshot_id) OVER series AS earlier_id,
        lag(published_on) OVER series AS earlier_on,
        lead(snapshot_id) OVER series AS later_id,
        lead(published_on) OVER series AS later_on
    FROM days
    WINDOW series AS (PARTITION BY board, variant ORDER BY published_on)
),
listed AS (
    SELECT c.snapshot_id, c.category, c.country, c.model_id, c.score
    FROM internal.country_scores AS c
    JOIN internal.settings ON c.country IN (settings.country_a, settings.country_b)
    WHERE c.category = 'overall'
),
-- Few: only models of their publications are ranked.
missing AS (
    SELECT DISTINCT n.*, e.country, e.model_id
    FROM neighbours AS n
    JOIN listed AS e ON e.snapshot_id = n.earlier_id
    ANTI JOIN core.scores AS c
        ON c.snapshot_id = n.snapshot_id AND c.category = n.category AND c.model_id = e.model_id
    SEMI JOIN core.scores AS l
        ON l.snapshot_id = n.later_id AND l.category = n.category AND l.model_id = e.model_id
),
places AS (
    SELECT
        snapshot_id,
        country,
        model_id,
        row_number() OVER (PARTITION BY snapshot_id, country ORDER BY max(score) DESC, model_id) AS place
    FROM listed
    WHERE snapshot_id IN (SELECT earlier_id FROM missing)
    GROUP BY snapshot_id, country, model_id
)
SELECT m.board, m.variant, m.published_on, m.snapshot_id, m.earlier_on, m.later_on, m.country, m.model_id, p.place
FROM missing AS m
JOIN places AS p ON p.snapshot_id = m.earlier_id AND p.country = m.country AND p.model_id = m.model_id AND p.place <= 5
