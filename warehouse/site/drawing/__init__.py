"""Drawing with Altair: marks that charts share, colours, and Vega-Lite as SVG and PNG."""
