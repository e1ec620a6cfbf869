-- One row: a listing whose day is in doubt and one of its board and variant that it may be a copy of.
-- Of the pairs with a new listing, and of those that are kept. But for most that it cannot be a copy of: of a quarter of
-- the models more scores differ than may of all that the two can share. Facts are compared within one source: it corrects
-- its own.
WITH sizes AS (
    SELECT key, count(*) AS scores FROM compared_score GROUP BY key
),
sampled AS (
    SELECT
        u.key AS copy,
        d.key AS original,
        count(*) FILTER (abs(u.score - d.score) > u.within) AS differing
    FROM compared_score AS u
    JOIN compared_score AS d ON d.place = u.place AND d.key <> u.key AND d.known_from <= u.known_as
    WHERE u.is_in_doubt AND u.place % 4 = 0 AND u.is_new
    GROUP BY ALL
    UNION ALL
    SELECT u.key, d.key, count(*) FILTER (abs(u.score - d.score) > u.within)
    FROM compared_score AS u
    JOIN compared_score AS d ON d.place = u.place AND d.key <> u.key AND d.known_from <= u.known_as
    WHERE u.is_in_doubt AND u.place % 4 = 0 AND NOT u.is_new AND d.is_new
    GROUP BY ALL
),
apart AS (
    SELECT s.copy, s.original
    FROM sampled AS s
    CROSS JOIN internal.settings
    JOIN sizes AS c ON c.key = s.copy
    JOIN sizes AS o ON o.key = s.original
    -- A millionth more, for the difference of a share from 1 in binary.
    WHERE s.differing > (1 - settings.same_share) * least(c.scores, o.scores) + 1e-6
),
-- First: joined to their scores, pairs that are apart would be most of the work.
near AS MATERIALIZED (
    SELECT u.key AS copy, d.key AS original
    FROM weighed_listing AS u
    JOIN weighed_listing AS d ON d.series = u.series AND d.key <> u.key AND d.known_from <= u.known_as
    ANTI JOIN apart AS a ON a.copy = u.key AND a.original = d.key
    WHERE u.is_in_doubt AND (u.is_new OR d.is_new)
)
SELECT
    n.copy,
    n.original,
    count(*) AS shared,
    count(*) FILTER (abs(u.score - d.score) <= u.within) AS agreeing,
    -- Of whole numbers: the last digits of a sum of others depend on the order, and must not decide between two days.
    avg(round(abs(u.score - d.score) * 1e9)::BIGINT) / 1e9 AS mean_difference,
    coalesce(
        bool_or(
            u.source = d.source AND (u.maker <> d.maker OR u.licence <> d.licence OR u.released_on <> d.released_on)
        ),
        FALSE
    ) AS facts_differ
FROM near AS n
JOIN compared_score AS u ON u.key = n.copy
JOIN compared_score AS d ON d.key = n.original AND d.place = u.place
GROUP BY ALL
UNION ALL BY NAME
FROM kept_pair
