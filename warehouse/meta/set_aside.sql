-- One row: a row of upstream's table that was left out of an input.
-- A body counts when it loses at most one row in a hundred (or five), none of them near the top of a board.
SELECT a.input_id, i.source_id, a.row, a.name, a.column_name, a.found, a.expected
FROM parsed_set_aside AS a
JOIN meta.inputs AS i USING (input_id)
ORDER BY a.input_id, a.row, a.name, a.column_name
