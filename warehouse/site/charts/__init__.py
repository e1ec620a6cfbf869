"""Rows of a query as Vega-Lite. A chart names its data by query; the rows are put beside it when it is written."""
