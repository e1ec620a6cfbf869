-- severity: warn
-- about: main.record_matches
-- why: a match years before its record comes from a wrong release day, which also bends the lag
SELECT
    format(
        '{} of {}: {} ({}) matched {} ({}) {} months before it',
        board, vintage, cn_model, cn_released_on, us_model, us_released_on, round(-months, 1)
    ) AS message,
    board, vintage, match_rule, us_model, us_released_on, cn_model, cn_released_on, months
FROM main.record_matches
WHERE months < -24
ORDER BY vintage DESC, board, months
