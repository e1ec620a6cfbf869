-- severity: warn
-- about: main.price_gap
-- why: a leading model seems to be in a price list but not in price_names.csv, so it has no price
SELECT
    format('{}: {} leads {} and is probably {} in {}, sold by {}', p.month, p.model, p.country, l.listed_name, l.source_id, l.provider) AS message,
    p.month,
    p.model,
    l.listed_name
FROM main.price_gap AS p
JOIN core.prices AS l ON split_part(l.listed_name, '/', -1) IN (p.model, p.model_id) AND l.input_usd_per_mtok > 0
    AND date_trunc('month', l.price_list_date) = p.month
JOIN core.price_providers AS o ON o.source_id = l.source_id AND o.provider = l.provider AND o.is_first_party
WHERE p.question = 'top_model' AND p.price_status = 'missing'
    AND NOT EXISTS (
        SELECT 1 FROM core.price_names AS n
        WHERE n.source_id = l.source_id AND n.provider = l.provider AND n.listed_name = l.listed_name
    )
ORDER BY p.month, p.model, l.listed_name
