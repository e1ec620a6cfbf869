-- One row: the compared pair of countries in a snapshot that stands for a month, with the scores and standard errors of every eligible model of both.
-- Pairs in which a model has no published error are left out: an error is never made up.
WITH eligible_models AS (
    SELECT
        p.snapshot_id,
        p.category,
        c.country,
        list(c.score ORDER BY c.score, c.model_name) AS scores,
        list(c.standard_error ORDER BY c.score, c.model_name) AS errors
    FROM core.month_snapshots AS p
    JOIN internal.settings ON settings.month_rule = p.month_rule
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id
    JOIN internal.country_scores AS c ON c.snapshot_id = p.snapshot_id AND c.category = p.category
    WHERE s.coverage <> 'leaders' AND c.is_eligible AND c.country IN (settings.country_a, settings.country_b)
    GROUP BY ALL
    HAVING count(*) = count(c.standard_error)
)
SELECT
    a.snapshot_id,
    a.category,
    settings.listing,
    settings.country_rule,
    settings.country_a,
    settings.country_b,
    a.scores AS a_scores,
    a.errors AS a_errors,
    b.scores AS b_scores,
    b.errors AS b_errors
FROM internal.settings
JOIN eligible_models AS a ON a.country = settings.country_a
JOIN eligible_models AS b
    ON b.country = settings.country_b AND b.snapshot_id = a.snapshot_id AND b.category = a.category
ORDER BY a.snapshot_id, a.category
