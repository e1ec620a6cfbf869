-- One row: a chip in one list.
-- Chip lists as printed, in base units. Tensor rates are the dense ones; a blank stays null.
SELECT
    c.input_id,
    i.source_id,
    i.known_at::DATE AS listed_on,
    row_number() OVER (PARTITION BY c.input_id ORDER BY c.chip_name, c.released_on, c.memory_bytes) AS listing,
    c.* EXCLUDE (input_id, extra)
FROM parsed_chip AS c
JOIN meta.inputs AS i USING (input_id)
ORDER BY i.source_id, c.input_id, listing
