"""What a chart of the pages is: its rows, sentence, note, drawing and table, declared in one file of ``charts/``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import altair as alt

from warehouse.site.queries import Results


@dataclass(frozen=True)
class PageColumn:
    """A column of a table on a page: the query's ``name``, its ``heading``, how its values are shown.

    ``kind``: text, month, day, year, name, code, link, verdict, figure (a whole number as one), or how many decimals a
    number has.
    """

    name: str
    heading: str
    kind: str | int = "text"


@dataclass(frozen=True)
class Panel:
    """One drawing of a chart. ``layers`` have no width: the page or the file gives them one."""

    key: str
    title: str
    layers: alt.LayerChart

    @cached_property
    def spec(self) -> dict[str, Any]:
        """Vega-Lite as Altair writes it, which takes a while. Not to be changed: copy it."""
        spec: dict[str, Any] = self.layers.to_dict(validate=False)
        return spec


@dataclass(frozen=True)
class SideTable:
    """A table next to a chart, of another query than the chart's rows; ``folded``: hidden until it is opened."""

    query: str
    caption: str
    columns: tuple[PageColumn, ...]
    folded: bool


@dataclass(frozen=True)
class Chart:
    """One chart of ``page``, among the others by ``order``.

    ``id``: its anchor, the name of its files, and the query in ``sql/`` whose rows are drawn, listed and credited.
    ``headline``, ``subtitle``, ``note``: Jinja templates of a sentence from the rows, of the series, its unit and its
    rule, and of what a reader must also know. They have ``facts``, the first row of the query of that name (none if
    it has none), and ``results`` of all queries.
    ``unit``: of the figures drawn, in words.
    ``panels``: draws it; data is named by query, and may be of any of ``more_queries``.
    ``columns``: those of the table of its rows. ``side_tables``: further tables below it.
    """

    id: str
    order: int
    title: str
    headline: str
    note: str
    panels: Callable[[Results], list[Panel]]
    columns: tuple[PageColumn, ...]
    facts: str | None = None
    more_queries: tuple[str, ...] = ()
    side_tables: tuple[SideTable, ...] = ()
    page: str = "index.html"
    subtitle: str = ""
    unit: str = ""

    @property
    def queries(self) -> tuple[str, ...]:
        """All queries that it uses; their SQL is shown below it."""
        return (self.id, *filter(None, [self.facts]), *self.more_queries)


MONTH = PageColumn("month", "Month", "month")
GAP = (
    PageColumn("gap_points", "US lead, points", 1),
    PageColumn("gap_low", "95 % from", 1),
    PageColumn("gap_high", "to", 1),
)
LEADERS = (
    PageColumn("us_model", "Best US model", "name"),
    PageColumn("us_score", "its score", 1),
    PageColumn("cn_model", "Best Chinese model", "name"),
    PageColumn("cn_score", "its score", 1),
)
