"""What the rows of a chart are, for machines: ``data/<id>.json`` beside ``data/<id>.csv``."""

from __future__ import annotations

import re
from typing import Any

from warehouse.site.chart import Chart
from warehouse.site.drawn_charts import DrawnChart
from warehouse.site.queries import QueryResult, Results
from warehouse.site.words import COLUMNS
from warehouse.tables import TABLES


def metadata(drawn: DrawnChart, results: Results) -> dict[str, Any]:
    """Words, unit, columns, sources, licences and release of the rows of a chart."""
    chart, cited = drawn.chart, drawn.citation
    return {
        "id": chart.id,
        "title": drawn.headline.striptags(),
        "subtitle": drawn.subtitle.striptags(),
        "note": drawn.note.striptags(),
        "unit": chart.unit,
        "data": f"{chart.id}.csv",
        "rows": len(results[chart.id]),
        "columns": columns(chart, results[chart.id]),
        "sources": list(cited.producers),
        "licences": list(cited.licences),
        "newest_figure": cited.newest and cited.newest.isoformat(),
        "release": cited.release.name,
        "published_on": cited.release.published_on.isoformat(),
        "cite": cited.text,
    }


def columns(chart: Chart, rows: QueryResult) -> list[dict[str, Any]]:
    """Name, heading on the page if it has one, meaning and unit of each column of ``rows``."""
    headings = {column.name: column.heading for column in chart.columns}
    read = [TABLES_BY_NAME[name] for name in read_by(rows.sql) if name in TABLES_BY_NAME]
    found = []
    for name in rows.names:
        declared = next((column for table in read for column in table.columns if column.name == name), None)
        meaning, unit = (declared.comment, declared.unit) if declared else (COLUMNS.get(name, ""), "")
        column = {"name": name, "heading": headings.get(name), "meaning": meaning, "unit": unit or None}
        found.append({key: value for key, value in column.items() if value is not None})
    return found


def read_by(sql: str) -> list[str]:
    """The tables that ``sql`` reads, as it names them, in that order."""
    code = re.sub(r"--.*", "", sql)
    return re.findall(r"\b(?:FROM|JOIN)\s+([a-z_][\w.]*)", code)


TABLES_BY_NAME = {
    name: table
    for table in TABLES
    for name in (table.full_name, *((table.name,) if table.schema == "main" else ()))
}
