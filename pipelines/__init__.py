"""aigap: the Dagster side and the command line, thin, over `sources` and `warehouse`."""
