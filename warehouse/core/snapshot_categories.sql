-- One row: a category of one snapshot.
-- Counts what each snapshot lists in each category; only categories with at least one score. Of a listing that is not
-- whole, highest_unlisted is the score of the row above the first missing rank, or of the last row where none is
-- missing. A list of mere leaders must print ranks for that, and so must a list of a board that is not the arena's: it
-- may lack models anywhere. errors_from is the snapshot itself where it prints a standard error; else a copy of the same
-- publication that does: a whole one before others, then as for a day in core.publications.
WITH listed AS (
    SELECT
        c.snapshot_id,
        c.category,
        bool_or(c.is_ambiguous) AS is_ambiguous,
        count(c.score)::INTEGER AS listed_models,
        min(c.score) AS lowest_score,
        -- A score fixed by definition has the error 0 though no error is printed.
        coalesce(bool_or(c.standard_error > 0), FALSE) AS prints_errors
    FROM core.scores AS c
    GROUP BY ALL
    HAVING count(c.score) > 0
),
places AS (
    -- Ranks may be shared: none is missing above a row as long as rank − 1 rows have a better one. Rows without a rank
    -- come last.
    SELECT
        c.snapshot_id,
        c.category,
        c.score,
        c.rank IS NULL AS is_unranked,
        rank() OVER (PARTITION BY c.snapshot_id, c.category ORDER BY c.rank NULLS LAST) < c.rank AS follows_hole
    FROM core.scores AS c
    JOIN core.snapshots AS s ON s.snapshot_id = c.snapshot_id AND s.coverage <> 'whole'
    WHERE c.score IS NOT NULL
),
cut AS (
    SELECT
        p.snapshot_id,
        p.category,
        min(p.score) FILTER (
            CASE
                WHEN s.coverage = 'leaders' OR b.kind <> 'preference' THEN NOT p.is_unranked AND NOT p.follows_hole
                ELSE NOT coalesce(p.follows_hole, FALSE)
            END
        ) AS highest_unlisted
    FROM places AS p
    JOIN core.snapshots AS s USING (snapshot_id)
    JOIN core.boards AS b ON b.board = s.board
    GROUP BY p.snapshot_id, p.category
),
copies AS (
    SELECT l.snapshot_id, l.category, e.snapshot_id AS errors_from
    FROM listed AS l
    JOIN core.snapshots AS s ON s.snapshot_id = l.snapshot_id
    JOIN core.snapshots AS o
        ON coalesce(o.same_as, o.snapshot_id) = coalesce(s.same_as, s.snapshot_id)
    JOIN listed AS e ON e.snapshot_id = o.snapshot_id AND e.category = l.category AND e.prints_errors
    WHERE NOT l.prints_errors
    QUALIFY row_number() OVER (
        PARTITION BY l.snapshot_id, l.category
        ORDER BY
            CASE o.coverage WHEN 'whole' THEN 0 WHEN 'truncated' THEN 1 ELSE 2 END,
            o.precision,
            o.distance,
            o.known_at,
            o.snapshot_id
    ) = 1
)
SELECT
    l.snapshot_id,
    l.category,
    l.is_ambiguous,
    l.listed_models,
    l.lowest_score,
    u.highest_unlisted,
    CASE WHEN l.prints_errors THEN l.snapshot_id ELSE e.errors_from END AS errors_from
FROM listed AS l
LEFT JOIN cut AS u ON u.snapshot_id = l.snapshot_id AND u.category = l.category
LEFT JOIN copies AS e ON e.snapshot_id = l.snapshot_id AND e.category = l.category
ORDER BY l.snapshot_id, l.category
