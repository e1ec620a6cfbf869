-- Columns that were added, removed or have another type. One row: a column.
SELECT
  table_name,
  column_name,
  CASE WHEN o.column_name IS NULL THEN 'added' WHEN n.column_name IS NULL THEN 'removed' ELSE 'changed' END
    AS change,
  o.data_type AS before,
  n.data_type AS after,
  table_name NOT IN (SELECT table_name FROM old.meta.columns) AS table_is_new,
  table_name NOT IN (SELECT table_name FROM new.meta.columns) AS table_is_gone
FROM old.meta.columns AS o
FULL JOIN new.meta.columns AS n USING (table_name, column_name)
WHERE o.data_type IS DISTINCT FROM n.data_type
ORDER BY ALL
