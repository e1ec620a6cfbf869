-- One row: a listing whose day is in doubt and one of its board and variant that it may be a copy of.
-- Facts are compared within one source: it corrects its own.
WITH pairs AS (
    SELECT
        -- One number is quicker to group by than two.
        (u.key << 32) + d.key AS pair,
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
    FROM copy_score AS u
    JOIN original_score AS d ON d.place = u.place AND d.key <> u.key AND d.known_from <= u.known_as
    GROUP BY ALL
)
SELECT pair >> 32 AS copy, pair & 4294967295 AS original, * EXCLUDE (pair)
FROM pairs
