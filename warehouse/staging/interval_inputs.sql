-- One row: the compared pair of countries in a snapshot that stands for a month, with the scores and standard errors of every eligible model of both.
-- Pairs in which a model has no published error are left out: an error is never made up.
WITH choice AS (
    SELECT
        max(value) FILTER (name = 'country_a') AS country_a,
        max(value) FILTER (name = 'country_b') AS country_b,
        max(value) FILTER (name = 'listing') AS listing,
        max(value) FILTER (name = 'country_rule') AS country_rule,
        max(value) FILTER (name = 'month_rule') AS month_rule
    FROM meta.parameters
),
eligible AS (
    SELECT
        p.snapshot_id,
        p.category,
        m.country,
        list(c.score ORDER BY c.score, c.model_name) AS scores,
        list(c.standard_error ORDER BY c.score, c.model_name) AS errors
    FROM core.month_snapshots AS p
    JOIN choice ON choice.month_rule = p.month_rule
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id
    JOIN core.scores AS c ON c.snapshot_id = p.snapshot_id AND c.category = p.category
    JOIN core.model_countries AS m
        ON m.model_id = c.model_id
        AND m.country_rule = choice.country_rule
        AND m.country IN (choice.country_a, choice.country_b)
        AND s.published_on BETWEEN m.valid_from AND m.valid_to
    WHERE s.coverage <> 'leaders'
        AND c.score IS NOT NULL
        AND NOT c.is_ambiguous
        AND (choice.listing = 'any' OR c.is_public)
    GROUP BY ALL
    HAVING count(*) = count(c.standard_error)
)
SELECT
    a.snapshot_id,
    a.category,
    choice.listing,
    choice.country_rule,
    choice.country_a,
    choice.country_b,
    a.scores AS a_scores,
    a.errors AS a_errors,
    b.scores AS b_scores,
    b.errors AS b_errors
FROM choice
JOIN eligible AS a ON a.country = choice.country_a
JOIN eligible AS b
    ON b.country = choice.country_b AND b.snapshot_id = a.snapshot_id AND b.category = a.category
ORDER BY a.snapshot_id, a.category
