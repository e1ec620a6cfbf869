-- One row: a listing whose day is in doubt and one of its board and variant that it may be a copy of.
-- That is one whose printed day is not after the day the listing was known, or one in doubt itself that was known
-- before. Scores agree within same_within points and half the rounding step of the copy. Facts are compared within one
-- source: it corrects its own.
SELECT
    u.key AS copy,
    d.key AS original,
    count(*) AS shared,
    -- A millionth more: 1446.55 less 1446 is a little more than 0.55 in binary.
    count(*) FILTER (
        abs(u.score - d.score)
        <= CASE WHEN u.is_rounded THEN 0.5 ELSE 0 END + (SELECT same_within FROM internal.settings) + 1e-6
    ) AS agreeing,
    -- Of whole numbers: the last digits of a sum of others depend on the order, and must not decide between two days.
    avg(round(abs(u.score - d.score) * 1e9)::BIGINT) / 1e9 AS mean_difference,
    coalesce(
        bool_or(
            (u.maker <> d.maker OR u.licence <> d.licence OR u.released_on <> d.released_on)
            AND u.source_id = d.source_id
        ),
        FALSE
    ) AS facts_differ
FROM copy_score AS u
JOIN original_score AS d
    ON d.series = u.series AND d.category = u.category AND d.model = u.model
    AND d.key <> u.key
    AND (d.stamped_on <= u.known_at::DATE OR (d.is_in_doubt AND (d.known_at, d.key) < (u.known_at, u.key)))
GROUP BY ALL
