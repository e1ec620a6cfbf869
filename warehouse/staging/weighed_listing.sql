-- One row: a listing whose scores are asked for, to tell which listings are copies.
-- Only of boards and variants with a listing whose day is in doubt (is_in_doubt). A listing may be a copy of one whose
-- printed day is not after the day it was known, or of one in doubt that was known before: of those whose known_from is
-- not above its own known_as. within: how far its scores may be from those it copies. Of old listings (is_new:
-- new_listing.sql) with a printed day only some are here: those that a new one may be a copy of, cut ones
-- (cut_listing.sql) that are the original of a kept pair, and those whose source has listings in doubt, which correct
-- its own facts.
WITH listings AS (
    SELECT
        l.key,
        dense_rank() OVER (ORDER BY l.board, l.variant) AS series,
        dense_rank() OVER (ORDER BY l.source_id)::INTEGER AS source,
        l.known_at::DATE AS known_on,
        l.stamped_on,
        s.precision = 'rounded' AS is_rounded,
        l.stamped_on IS NULL OR s.stamp_can_lag AS is_in_doubt,
        row_number() OVER (ORDER BY l.known_at, l.key)::INTEGER AS known_as
    FROM listing AS l
    JOIN staged_source AS s USING (source_id)
    QUALIFY bool_or(is_in_doubt) OVER (PARTITION BY l.board, l.variant)
),
first_known AS (
    SELECT known_on, min(known_as) AS known_as FROM listings GROUP BY known_on
)
SELECT
    l.key,
    l.series,
    l.source,
    l.is_in_doubt,
    n.key IS NOT NULL AS is_new,
    l.known_as,
    -- Null, so never reached, of one that was printed after all others were known.
    least(f.known_as, CASE WHEN l.is_in_doubt THEN l.known_as + 1 END) AS known_from,
    -- A millionth more: 1446.55 less 1446 is a little more than 0.55 in binary.
    CASE WHEN l.is_rounded THEN 0.5 ELSE 0 END + settings.same_within + 1e-6 AS within
FROM listings AS l
CROSS JOIN internal.settings
ASOF LEFT JOIN first_known AS f ON f.known_on >= l.stamped_on
LEFT JOIN new_listing AS n ON n.key = l.key
QUALIFY l.is_in_doubt
    OR is_new
    OR l.key IN (SELECT c.key FROM cut_listing AS c JOIN kept_pair AS p ON p.original = c.key)
    OR bool_or(l.is_in_doubt AND is_new) OVER (PARTITION BY l.series)
    OR bool_or(l.is_in_doubt) OVER (PARTITION BY l.series, l.source)
