-- severity: warn
-- about: main.price_gap
-- why: a model counts as withdrawn, but its maker's newest list prints a name that price_names.csv lacks in that list
WITH maker_prices AS MATERIALIZED (
    FROM internal.maker_prices
),
withdrawn AS (
    SELECT b.model_id, b.listed_name AS name_before, m.organization_id, n.month
    FROM maker_prices AS b
    JOIN core.models AS m USING (model_id)
    JOIN (SELECT DISTINCT month FROM maker_prices) AS n ON n.month = b.month + INTERVAL 1 MONTH
    WHERE NOT EXISTS (SELECT 1 FROM maker_prices AS a WHERE a.month = n.month AND a.model_id = b.model_id)
)
SELECT DISTINCT
    format(
        '{} has no price in {}, but {} of {} prints {} and price_names.csv says nothing of it',
        w.model_id, strftime(w.month, '%Y-%m'), p.source_id, p.price_list_date, p.listed_name
    ) AS message,
    w.month,
    w.model_id,
    p.listed_name
FROM withdrawn AS w
JOIN core.price_providers AS o ON o.organization_id = w.organization_id AND o.is_first_party
JOIN core.prices AS p
    ON p.source_id = o.source_id AND p.provider = o.provider AND date_trunc('month', p.price_list_date) = w.month
    AND p.input_usd_per_mtok > 0 AND split_part(p.listed_name, '/', -1) = split_part(w.name_before, '/', -1)
WHERE NOT EXISTS (
    -- Named in this list, or known to have been withdrawn: its line in the list has ended.
    SELECT 1 FROM core.price_names AS n
    WHERE n.source_id = p.source_id
        AND ((n.provider = p.provider AND n.listed_name = p.listed_name) OR (n.model_id = w.model_id AND n.valid_to < p.price_list_date))
)
ORDER BY w.month, w.model_id, message
