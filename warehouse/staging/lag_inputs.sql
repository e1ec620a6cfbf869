-- One row: a model of the compared pair in one vintage, with the day from which it counts and the tolerance of its board's unit.
-- All that warehouse/compute/lag_tables.py computes from. Vintages: every publication of an index; elsewhere
-- the snapshot that stands for each month, overall only: thirty parts of the same questions would say the same
-- thing thirty times. Only whole snapshots: in a truncated one an early record may be missing. Not boards that
-- makers report themselves (self_): each measured in its own way.
-- A model counts from its printed release day; on the arena, and where a snapshot prints no release day at all,
-- from the day the board first listed it; elsewhere a model without a release day is left out. A joint model of
-- both countries has no country and leads for neither. starts_on is the first day of any model of the vintage, of
-- whatever country: what was there on it may be older. A name listed with differing rows counts with the highest:
-- outside the arena each row is a run of the model, and what it reached in one it reached. (Which of them is the
-- model's score is not known, so it leads nothing and has no error.) On the arena such rows are unlabelled parts.
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
    WHERE p.category = 'overall' AND NOT p.is_ambiguous AND NOT starts_with(p.board, 'self_')
),
doubled AS (
    SELECT r.snapshot_id, r.category, r.model_name, max(r.score) AS score
    FROM core.ambiguous_rows AS r
    JOIN core.snapshots AS s ON s.snapshot_id = r.snapshot_id AND NOT starts_with(s.board, 'arena_')
    GROUP BY ALL
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
        coalesce(c.score, d.score) AS score,
        c.score IS NULL AS is_doubled,
        c.standard_error,
        c.released_on,
        bool_or(c.released_on IS NOT NULL) OVER (PARTITION BY v.snapshot_id, v.category) AS prints_releases
    FROM vintages AS v
    CROSS JOIN internal.settings
    JOIN core.scores AS c ON c.snapshot_id = v.snapshot_id AND c.category = v.category
    LEFT JOIN doubled AS d
        ON d.snapshot_id = c.snapshot_id AND d.category = c.category AND d.model_name = c.model_name
    WHERE coalesce(c.score, d.score) IS NOT NULL AND NOT c.is_ambiguous AND c.basis <> 'scaffold'
        AND CASE settings.listing WHEN 'any' THEN TRUE WHEN 'public' THEN c.is_public ELSE c.is_known_public END
),
dated AS (
    SELECT
        l.*,
        CASE
            WHEN l.released_on IS NOT NULL THEN l.released_on
            WHEN starts_with(l.board, 'arena_') OR NOT l.prints_releases THEN f.first_listed_on
        END AS available_on,
        min(CASE WHEN available_on <= l.vintage THEN available_on END)
            OVER (PARTITION BY l.snapshot_id, l.category) AS starts_on
    FROM listed AS l
    LEFT JOIN core.first_listed AS f ON f.board = l.board AND f.model_id = l.model_id
)
SELECT
    d.board,
    b.kind,
    b.unit,
    b.chance,
    d.variant,
    d.category,
    d.vintage,
    d.snapshot_id,
    d.starts_on,
    settings.country_a,
    settings.country_b,
    coalesce(t.value::DOUBLE, 0) AS tolerance,
    m.country,
    d.available_on,
    CASE WHEN d.released_on IS NOT NULL THEN 'released' ELSE 'first_listed' END AS available_basis,
    d.model_name AS name,
    d.model_id,
    d.score,
    d.is_doubled,
    d.standard_error
FROM dated AS d
CROSS JOIN internal.settings
JOIN core.boards AS b ON b.board = d.board AND b.direction = 'higher'
JOIN core.model_countries AS m
    ON m.model_id = d.model_id AND m.country_rule = settings.country_rule
    AND m.country IN (settings.country_a, settings.country_b)
    AND d.vintage BETWEEN m.valid_from AND m.valid_to
LEFT JOIN meta.parameters AS t ON t.name = 'lag_tolerance_' || b.unit
WHERE d.available_on IS NOT NULL
ORDER BY d.board, d.variant, d.category, d.vintage, d.snapshot_id, m.country, d.available_on, d.score DESC, d.model_name
