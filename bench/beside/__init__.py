"""The same work by other means: dbt, a DuckDB script, a Polars script (`bench.beside.run`)."""
