-- One row: a model and its maker's own price in a list of $month.
SELECT DISTINCT n.model_id, p.input_usd_per_mtok, p.output_usd_per_mtok, p.price_list_date, p.source_id
FROM core.prices AS p
JOIN core.price_names AS n
    ON n.source_id = p.source_id AND n.provider = p.provider AND n.listed_name = p.listed_name
    AND p.price_list_date BETWEEN n.valid_from AND n.valid_to
WHERE date_trunc('month', p.price_list_date) = $month AND p.input_usd_per_mtok > 0
ORDER BY n.model_id
