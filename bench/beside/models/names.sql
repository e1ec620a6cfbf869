SELECT * FROM '{{ var("inputs") }}/names.parquet'
