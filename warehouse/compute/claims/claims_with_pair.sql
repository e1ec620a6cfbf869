-- One row: a claim, with the pair of countries that this file compares and the models that its two names can mean.
-- Of a name in prose only letters and digits are compared.
WITH names AS (
    SELECT model_id, name FROM core.models
    UNION ALL
    SELECT model_id, model_name FROM core.model_names WHERE model_id IS NOT NULL
),
meant AS (
    SELECT regexp_replace(lower(name), '[^a-z0-9]', '', 'g') AS letters, list_sort(list(DISTINCT model_id)) AS model_ids
    FROM (SELECT DISTINCT model_id, name FROM names)
    GROUP BY letters
)
SELECT
    c.*,
    settings.country_a,
    settings.country_b,
    coalesce(us.model_ids, []) AS us_model_ids,
    coalesce(cn.model_ids, []) AS cn_model_ids
FROM main.claims AS c
CROSS JOIN internal.settings
LEFT JOIN meant AS us ON us.letters = regexp_replace(lower(c.us_model), '[^a-z0-9]', '', 'g')
LEFT JOIN meant AS cn ON cn.letters = regexp_replace(lower(c.cn_model), '[^a-z0-9]', '', 'g')
ORDER BY c.claim_id
