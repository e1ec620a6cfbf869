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
neighbours AS MATERIALIZED (
    SELECT
        *,
        -- Of one series in a row: the publications before and after have the numbers before and after.
        row_number() OVER (ORDER BY board, variant, published_on) AS number,
        lag(snapshot_id) OVER series AS earlier_id,
        lag(published_on) OVER series AS earlier_on,
        lead(snapshot_id) OVER series AS later_id,
        lead(published_on) OVER series AS later_on
    FROM days
    WINDOW series AS (PARTITION BY board, variant ORDER BY published_on)
),
-- Models by the hash of their id: to join by the text takes twice as long.
listed AS MATERIALIZED (
    SELECT n.number, hash(c.model_id) AS model
    FROM neighbours AS n
    JOIN core.scores AS c USING (snapshot_id)
    WHERE c.category = 'overall' AND c.model_id IS NOT NULL
),
gone AS MATERIALIZED (
    SELECT DISTINCT n.number, e.model
    FROM neighbours AS n
    JOIN listed AS e ON e.number = n.number - 1
    ANTI JOIN listed AS c ON c.number = n.number AND c.model = e.model
    SEMI JOIN listed AS l ON l.number = n.number + 1 AND l.model = e.model
    WHERE n.earlier_id IS NOT NULL AND n.later_id IS NOT NULL
),
-- Few models go and come back: only where one does, all are placed. As in internal.country_scores, which would be read
-- whole.
before AS MATERIALIZED (
    SELECT
        n.number,
        n.earlier_on,
        c.model_id,
        -- Of both tables: DuckDB would take the maxima of all scores before it joins them.
        max(CASE WHEN n.number IS NOT NULL THEN c.score END) AS score
    FROM neighbours AS n
    SEMI JOIN gone USING (number)
    JOIN core.scores AS c ON c.snapshot_id = n.earlier_id
    WHERE c.category = 'overall' AND c.score IS NOT NULL AND NOT c.is_ambiguous AND c.basis <> 'scaffold'
    GROUP BY ALL
),
places AS (
    SELECT
        b.number,
        m.country,
        b.model_id,
        row_number() OVER (PARTITION BY b.number, m.country ORDER BY b.score DESC, b.model_id) AS place
    FROM before AS b
    CROSS JOIN internal.settings
    JOIN core.model_countries AS m
        ON m.model_id = b.model_id AND m.country_rule = settings.country_rule
        AND b.earlier_on BETWEEN m.valid_from AND m.valid_to
    WHERE m.country IN (settings.country_a, settings.country_b)
    QUALIFY place <= 5
)
SELECT n.board, n.variant, n.published_on, n.snapshot_id, n.earlier_on, n.later_on, p.country, p.model_id, p.place
FROM gone AS g
JOIN (SELECT *, hash(model_id) AS model FROM places) AS p USING (number, model)
JOIN neighbours AS n USING (number)
