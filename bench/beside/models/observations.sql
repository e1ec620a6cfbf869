SELECT o.* EXCLUDE (published_on), i.source_id, coalesce(o.published_on, i.known_at::DATE) AS day
FROM read_parquet({{ var('observations') }}, union_by_name = true) AS o
JOIN '{{ var("inputs") }}/inputs.parquet' AS i USING (input_id)
