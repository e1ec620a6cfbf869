-- One row: a model in one vintage of a list.
-- Lists of notable models as printed, every vintage kept: the list grows backwards.
SELECT
    n.input_id,
    i.source_id,
    i.known_at::DATE AS vintage,
    row_number() OVER (PARTITION BY n.input_id ORDER BY n.published_on, n.model_name) AS listing,
    n.* EXCLUDE (input_id, extra)
FROM parsed_notable_model AS n
JOIN meta.inputs AS i USING (input_id)
ORDER BY i.source_id, n.input_id, listing
