"""The charts of the pages, one file each.

To add one: write ``warehouse/site/sql/<id>.sql``, whose rows are drawn, and ``warehouse/site/charts/<id>_chart.py``
with ``CHART = Chart(id=…)``: its title, its sentence, the note, the columns of its table and a function that draws it.
Page, contents, downloads, table, SQL, citation and the files under ``charts/`` follow from these two.
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
