-- One row: a month and a model, with its maker's own price.
-- From the newest list by the month's end: litellm's, and models.dev's for what litellm's has no price for. Names
-- stand for models as core.price_names says on the day of the list; other sellers have no names there. A zero is a
-- price only if the maker says free.
WITH lists AS (
    SELECT m.month, p.source_id, max(p.price_list_date) AS price_list_date
    FROM (SELECT DISTINCT month FROM main.monthly_gap) AS m
    JOIN (SELECT DISTINCT source_id, price_list_date FROM core.prices) AS p ON p.price_list_date <= last_day(m.month)
    GROUP BY m.month, p.source_id
),
held AS (
    SELECT DISTINCT
        p.source_id, p.price_list_date,
        h.selector ->> 'provider' AS provider,
        h.selector ->> 'listed_name' AS listed_name
    FROM meta.held AS h
    JOIN core.prices AS p USING (input_id)
    WHERE h.state = 'held'
),
-- A price held back in the newest list is still the one of the last list before that has it.
listed AS (
    SELECT l.month, p.*
    FROM lists AS l
    JOIN core.prices AS p ON p.source_id = l.source_id AND p.price_list_date = l.price_list_date
    UNION ALL BY NAME
    SELECT l.month, p.*
    FROM lists AS l
    JOIN held AS h ON h.source_id = l.source_id AND h.price_list_date = l.price_list_date
    JOIN core.prices AS p
        ON p.source_id = h.source_id AND p.provider = h.provider AND p.listed_name = h.listed_name
        AND p.price_list_date < h.price_list_date
    QUALIFY p.price_list_date = max(p.price_list_date) OVER (PARTITION BY l.month, p.source_id, p.provider, p.listed_name)
)
SELECT
    p.month,
    n.model_id,
    p.source_id,
    p.price_list_date,
    p.provider,
    p.listed_name,
    p.input_usd_per_mtok,
    p.output_usd_per_mtok,
    (price_blend_input * p.input_usd_per_mtok + price_blend_output * p.output_usd_per_mtok)
    / (price_blend_input + price_blend_output) AS blended,
    CASE WHEN blended > 0 THEN 'first_party' ELSE 'free_by_maker' END AS price_status
FROM listed AS p
CROSS JOIN internal.settings
JOIN core.price_names AS n
    ON n.source_id = p.source_id AND n.provider = p.provider AND n.listed_name = p.listed_name
    AND p.price_list_date BETWEEN n.valid_from AND n.valid_to
JOIN core.price_providers AS o ON o.source_id = n.source_id AND o.provider = n.provider AND o.is_first_party
WHERE (p.input_usd_per_mtok > 0 AND p.output_usd_per_mtok > 0)
    OR (n.free_by_maker AND p.input_usd_per_mtok = 0 AND p.output_usd_per_mtok = 0)
QUALIFY row_number() OVER (
    PARTITION BY p.month, n.model_id
    ORDER BY p.source_id <> 'litellm_prices', p.source_id, o.preference, p.listed_name, p.input_id DESC, p.listing
) = 1
