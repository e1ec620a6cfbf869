"""The charts of the pages, one file each.

To add one, write two files:

1. ``warehouse/site/sql/<id>.sql``: a query whose rows are drawn; a column ``source_id`` says whose figures they are.
2. ``warehouse/site/charts/<id>_chart.py`` with ``CHART = Chart(id="<id>", …)``: its place, title, sentence, note, a
   function that draws it, and the columns of its table.

The section on its page, the list of contents, table, SQL, citation and all files follow from these two.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from warehouse.site.chart import Chart

CHARTS: tuple[Chart, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{module.name}").CHART for module in iter_modules(__path__)),
        key=lambda chart: chart.order,
    )
)
