SELECT * FROM '{{ var("inputs") }}/countries.parquet'
