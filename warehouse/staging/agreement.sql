-- One row: a listing whose day is in doubt, compared with one of its board and variant that it may be a copy of.
-- That is one whose printed day is not after the day the listing was known, or one in doubt itself that was known
-- before. Scores agree within same_within points and half the rounding step of the copy. newest_seen is the latest
-- first sighting of a model of the copy; against a printed listing that is cut, only models from its lowest score up
-- count, since it may have left out any below. Facts are compared within one source: it corrects its own.
WITH points AS (
    SELECT
        l.key,
        l.source_id,
        l.board,
        l.variant,
        l.known_at,
        l.stamped_on,
        s.precision = 'rounded' AS is_rounded,
        l.stamped_on IS NULL OR s.stamp_can_lag AS is_in_doubt,
        c.category,
        coalesce(c.model_id, lower(c.model_name)) AS model,
        max(c.score) AS score,
        min(m.organization_id) AS maker,
        min(regexp_replace(lower(c.license_name), '[^a-z0-9]', '', 'g')) AS licence,
        min(c.released_on) AS released_on
    FROM staged_score AS c
    JOIN listing AS l USING (key)
    JOIN staged_source AS s USING (source_id)
    LEFT JOIN staged_maker AS m ON m.organization_name = c.organization_name
    WHERE c.score IS NOT NULL AND c.occurrences = 1
    GROUP BY ALL
),
pairs AS (
    SELECT
        u.key AS copy,
        d.key AS original,
        count(*) AS shared,
        -- A millionth more: 1446.55 less 1446 is a little more than 0.55 in binary.
        count(*) FILTER (
            abs(u.score - d.score)
            <= CASE WHEN u.is_rounded THEN 0.5 ELSE 0 END + (SELECT same_within FROM internal.settings) + 1e-6
        ) AS agreeing,
        -- Rounded: its last digits depend on the order of adding, and must not decide between two days.
        round(avg(abs(u.score - d.score)), 9) AS mean_difference,
        coalesce(
            bool_or(
                (u.maker <> d.maker OR u.licence <> d.licence OR u.released_on <> d.released_on)
                AND u.source_id = d.source_id
            ),
            FALSE
        ) AS facts_differ
    FROM points AS u
    JOIN points AS d
        ON d.board = u.board AND d.variant = u.variant AND d.category = u.category AND d.model = u.model
        AND u.is_in_doubt
        AND d.key <> u.key
        AND (d.stamped_on <= u.known_at::DATE OR (d.is_in_doubt AND (d.known_at, d.key) < (u.known_at, u.key)))
    GROUP BY ALL
),
newest AS (
    SELECT p.key, max(f.seen_on) AS seen_on
    FROM points AS p
    JOIN first_seen AS f USING (board, model)
    GROUP BY ALL
),
cut AS (
    -- As in core/snapshots.sql, but for copies that are not known yet.
    SELECT l.key
    FROM listing AS l
    JOIN listed_models AS b USING (key)
    QUALIFY l.stamped_on IS NOT NULL AND (
        l.declared_coverage <> 'whole' OR b.base_models < (SELECT whole_share FROM internal.settings)
        * max(b.base_models) FILTER (l.declared_coverage = 'whole') OVER (
            PARTITION BY l.board, l.variant
            ORDER BY coalesce(l.stamped_on, l.known_at::DATE)
            RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    )
),
lowest AS (
    SELECT p.key, p.category, min(p.score) AS score FROM points AS p SEMI JOIN cut USING (key) GROUP BY ALL
),
newest_above AS (
    SELECT a.copy, a.original, max(f.seen_on) AS seen_on
    FROM pairs AS a
    JOIN lowest AS d ON d.key = a.original
    JOIN points AS u ON u.key = a.copy AND u.category = d.category AND u.score >= d.score
    JOIN first_seen AS f ON f.board = u.board AND f.model = u.model
    GROUP BY ALL
)
SELECT
    p.copy,
    p.original,
    p.shared,
    p.agreeing,
    p.mean_difference,
    coalesce(a.seen_on, n.seen_on) AS newest_seen,
    p.facts_differ
FROM pairs AS p
JOIN newest AS n ON n.key = p.copy
LEFT JOIN newest_above AS a USING (copy, original)
