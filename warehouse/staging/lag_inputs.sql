-- One row: a model of the compared pair in one vintage, with the day from which it counts and the tolerance of its board's unit.
-- All that warehouse/compute/lag_tables.py computes from. Vintages: every publication of an index; elsewhere
-- the snapshot that stands for each month, overall only: thirty parts of the same questions would say the same
-- thing thirty times. Only whole snapshots: in a truncated one an early record may be missing.
-- A model counts from its printed release day; on the arena, and where a snapshot prints no release day at all,
-- from the day the board first listed it; elsewhere a model without a release day is left out. A joint model of
-- both countries has no country and leads for neither.
WITH vintages AS (
    SELECT p.board, p.variant, p.category, p.published_on, p.snapshot_id
    FROM core.publications AS p
    JOIN core.boards AS b ON b.board = p.board AND b.kind = 'index'
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id AND s.coverage = 'whole'
    WHERE p.is_last_of_day AND NOT p.is_ambiguous
    UNION ALL
    SELECT p.board, p.variant, p.category, p.published_on, p.snapshot_id
    FROM core.month_snapshots AS p
    JOIN internal.settings USING (month_rule)
    JOIN core.boards AS b ON b.board = p.board AND b.kind <> 'index'
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id AND s.coverage = 'whole'
    WHERE p.category = 'overall' AND NOT p.is_ambiguous
),
listed AS (
    SELECT
        v.board,
        v.variant,
        v.category,
        v.published_on AS vintage,
        v.snapshot_id,
        c.model_name,
        c.model_id,
        c.score,
        c.standard_error,
        c.released_on,
        bool_or(c.released_on IS NOT NULL) OVER (PARTITION BY v.snapshot_id, v.category) AS prints_releases
    FROM vintages AS v
    CROSS JOIN internal.settings
    JOIN core.scores AS c ON c.snapshot_id = v.snapshot_id AND c.category = v.category
    WHERE c.score IS NOT NULL AND NOT c.is_ambiguous
        AND CASE settings.listing WHEN 'any' THEN TRUE WHEN 'public' THEN c.is_public ELSE c.is_known_public END
)
SELECT
    l.board,
    b.kind,
    b.unit,
    l.variant,
    l.category,
    l.vintage,
    l.snapshot_id,
    settings.country_a,
    settings.country_b,
    coalesce(t.value::DOUBLE, 0) AS tolerance,
    m.country,
    CASE
        WHEN l.released_on IS NOT NULL THEN l.released_on
        WHEN starts_with(l.board, 'arena_') OR NOT l.prints_releases THEN f.first_listed_on
    END AS available_on,
    CASE WHEN l.released_on IS NOT NULL THEN 'released' ELSE 'first_listed' END AS available_basis,
    l.model_name AS name,
    l.model_id,
    l.score,
    l.standard_error
FROM listed AS l
CROSS JOIN internal.settings
JOIN core.boards AS b ON b.board = l.board AND b.direction = 'higher'
JOIN core.model_countries AS m
    ON m.model_id = l.model_id AND m.country_rule = settings.country_rule
    AND m.country IN (settings.country_a, settings.country_b)
    AND l.vintage BETWEEN m.valid_from AND m.valid_to
LEFT JOIN meta.parameters AS t ON t.name = 'lag_tolerance_' || b.unit
LEFT JOIN core.first_listed AS f ON f.board = l.board AND f.model_id = l.model_id
WHERE available_on IS NOT NULL
ORDER BY l.board, l.variant, l.category, l.vintage, l.snapshot_id, m.country, available_on, l.score DESC, l.model_name
