-- Inputs that only one of the releases used, counted by source. One row: a source.
SELECT
  coalesce(n.source_id, o.source_id) AS source_id,
  count(*) FILTER (o.input_id IS NULL) AS added,
  count(*) FILTER (n.input_id IS NULL) AS removed,
  min(n.known_at) FILTER (o.input_id IS NULL) AS known_from,
  max(n.known_at) FILTER (o.input_id IS NULL) AS known_to,
  coalesce(sum(n.rows) FILTER (o.input_id IS NULL), 0)::BIGINT AS rows_added
FROM old.meta.inputs AS o
FULL JOIN new.meta.inputs AS n USING (input_id)
WHERE o.input_id IS NULL OR n.input_id IS NULL
GROUP BY ALL
ORDER BY source_id
