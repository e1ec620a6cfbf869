-- One row: a category of a snapshot in which the leaders of the compared pair of countries are proved and have standard errors.
-- With both leaders, the models that could truly be their country's best, and, where the snapshot stands for a month
-- and every eligible model has an error, the scores and errors of all. A leader is proved when no model that is not
-- listed can have a higher score. A model counts as contending when its score is less than 1.96 standard errors of the
-- difference below its leader's; one without an error is taken to have the leader's. Contenders are null where a model
-- that is not listed, with an error of unlisted_error points, could be one.
WITH pairs AS (
    SELECT
        k.snapshot_id,
        k.category,
        s.coverage,
        s.precision,
        o.source_id AS error_source_id,
        a.country AS country_a,
        a.score AS a_score,
        a.standard_error AS a_error,
        b.country AS country_b,
        b.score AS b_score,
        b.standard_error AS b_error,
        k.highest_unlisted
    FROM core.snapshot_categories AS k
    CROSS JOIN internal.settings
    JOIN core.snapshots AS s ON s.snapshot_id = k.snapshot_id
    JOIN core.country_leaders AS a
        ON a.snapshot_id = k.snapshot_id AND a.category = k.category AND a.country = settings.country_a
        AND a.listing = settings.listing AND a.country_rule = settings.country_rule
    JOIN core.country_leaders AS b
        ON b.snapshot_id = k.snapshot_id AND b.category = k.category AND b.country = settings.country_b
        AND b.listing = settings.listing AND b.country_rule = settings.country_rule
    LEFT JOIN core.snapshots AS o ON o.snapshot_id = k.errors_from
    WHERE a.standard_error IS NOT NULL AND b.standard_error IS NOT NULL
        AND (s.coverage = 'whole' OR least(a.score, b.score) >= k.highest_unlisted)
        AND NOT EXISTS (
            SELECT 1 FROM meta.withheld AS w WHERE w.snapshot_id = k.snapshot_id AND w.category = k.category
        )
),
leaders AS (
    SELECT
        p.snapshot_id, p.category, l.country, l.score, l.error,
        p.coverage = 'whole'
        OR p.highest_unlisted <= l.score - 1.959963984540054 * sqrt(pow(l.error, 2) + pow(settings.unlisted_error, 2))
            AS lists_contenders
    FROM pairs AS p
    CROSS JOIN internal.settings
    CROSS JOIN LATERAL (VALUES (p.country_a, p.a_score, p.a_error), (p.country_b, p.b_score, p.b_error))
        AS l(country, score, error)
),
contenders AS (
    SELECT
        l.snapshot_id,
        l.category,
        l.country,
        count(DISTINCT c.model_id)::INTEGER AS models,
        count(DISTINCT coalesce(m.base_model, c.model_id))::INTEGER AS base_models
    FROM leaders AS l
    JOIN internal.country_scores AS c
        ON c.snapshot_id = l.snapshot_id AND c.category = l.category AND c.country = l.country AND c.is_eligible
    LEFT JOIN internal.borrowed_errors AS e
        ON e.snapshot_id = c.snapshot_id AND e.category = c.category AND e.model_name = c.model_name
    LEFT JOIN core.models AS m ON m.model_id = c.model_id
    WHERE l.lists_contenders
        AND l.score - c.score
        <= 1.959963984540054 * sqrt(pow(l.error, 2) + pow(coalesce(c.standard_error, e.standard_error, l.error), 2))
        -- Implied: of models that print an error most need no look for a borrowed one.
        AND (
            c.standard_error IS NULL
            OR l.score - c.score <= 1.959963984540054 * sqrt(pow(l.error, 2) + pow(c.standard_error, 2))
        )
    GROUP BY ALL
),
-- For the law of two maxima, in any order.
eligible_models AS (
    SELECT
        p.snapshot_id,
        p.category,
        c.country,
        list({'score': c.score, 'error': c.standard_error}) AS models
    FROM core.month_snapshots AS p
    JOIN internal.settings ON settings.month_rule = p.month_rule
    JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id
    JOIN internal.country_scores AS c ON c.snapshot_id = p.snapshot_id AND c.category = p.category
    WHERE s.coverage <> 'leaders' AND c.is_eligible AND c.country IN (settings.country_a, settings.country_b)
    GROUP BY ALL
    HAVING count(*) = count(c.standard_error)
)
SELECT
    p.snapshot_id,
    p.category,
    settings.listing,
    settings.country_rule,
    p.country_a,
    p.country_b,
    p.a_score,
    p.a_error,
    p.b_score,
    p.b_error,
    p.precision = 'rounded' AS is_rounded,
    p.error_source_id,
    ka.models AS a_contenders,
    kb.models AS b_contenders,
    ka.base_models AS a_contending_base_models,
    kb.base_models AS b_contending_base_models,
    list_transform(ea.models, lambda m: m.score) AS a_scores,
    list_transform(ea.models, lambda m: m.error) AS a_errors,
    list_transform(eb.models, lambda m: m.score) AS b_scores,
    list_transform(eb.models, lambda m: m.error) AS b_errors
FROM pairs AS p
CROSS JOIN internal.settings
LEFT JOIN contenders AS ka
    ON ka.snapshot_id = p.snapshot_id AND ka.category = p.category AND ka.country = p.country_a
LEFT JOIN contenders AS kb
    ON kb.snapshot_id = p.snapshot_id AND kb.category = p.category AND kb.country = p.country_b
LEFT JOIN eligible_models AS ea
    ON ea.snapshot_id = p.snapshot_id AND ea.category = p.category AND ea.country = p.country_a
LEFT JOIN eligible_models AS eb
    ON eb.snapshot_id = p.snapshot_id AND eb.category = p.category AND eb.country = p.country_b
ORDER BY p.snapshot_id, p.category
