-- One row: a row of upstream's table that was left out of an input, or a column with cells that were.
-- A body counts when it loses at most one row in a hundred (or five), none of them near the top of a board. A cell is
-- left out where a placeholder stands for a day, or a standard error contradicts the bounds: the rows stay.
SELECT
    a.input_id, i.source_id, a.row, a.name, a.column_name, a.found, a.expected, a.is_cell, sum(a.rows)::BIGINT AS rows
FROM parsed_set_aside AS a
JOIN meta.inputs AS i USING (input_id)
GROUP BY ALL
ORDER BY a.input_id, a.row, a.name, a.column_name, a.found, a.expected, a.is_cell
