-- One row: a listing of one price list.
-- Price lists as printed, resellers too, in US$ per million tokens; of prices by length of prompt those of the lowest
-- tier. A zero may mean free or unknown.
SELECT
    p.input_id,
    i.source_id,
    coalesce(p.listed_on, i.known_at::DATE) AS price_list_date,
    row_number() OVER (PARTITION BY p.input_id ORDER BY p.listed_name, p.provider, p.mode) AS listing,
    p.* EXCLUDE (input_id, listed_on, extra)
FROM parsed_price AS p
JOIN meta.inputs AS i USING (input_id)
ORDER BY i.source_id, price_list_date, p.input_id, listing
