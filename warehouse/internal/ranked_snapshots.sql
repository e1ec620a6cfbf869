-- One row: a category of one snapshot, with its rank among all that could stand for the same day.
-- A clean category before a quarantined one, then the newest label, then a whole listing before a truncated one
-- before mere leaders, then the one with most models, then an unrounded one, then the most official, then of figures
-- or facts that were changed within the day the last, then the one known first.
SELECT
    s.board,
    s.variant,
    c.category,
    s.published_on,
    s.date_basis = 'not_after' AS is_bounded,
    s.snapshot_id,
    s.known_at,
    c.is_ambiguous,
    c.listed_models,
    c.lowest_score,
    row_number() OVER (
        ORDER BY
            c.is_ambiguous,
            -- The day printed on a snapshot that is not dated by it: a label, or a stamp that was left standing.
            CASE WHEN s.date_basis = 'not_after' AND s.printed_on <= s.published_on THEN s.printed_on END DESC NULLS LAST,
            CASE s.coverage WHEN 'whole' THEN 0 WHEN 'truncated' THEN 1 ELSE 2 END,
            c.listed_models DESC,
            s.precision,
            s.distance,
            -- Of figures that were changed within a day the last, and of those the one that had them first.
            CASE WHEN s.date_basis = 'not_after' THEN coalesce(o.known_at, s.known_at) END DESC NULLS LAST,
            s.known_at,
            s.snapshot_id,
            c.category
    ) AS rank
FROM core.snapshot_categories AS c
JOIN core.snapshots AS s USING (snapshot_id)
LEFT JOIN core.snapshots AS o ON o.snapshot_id = s.same_as
