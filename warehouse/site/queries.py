"""The SQL of the pages and its results. The text shown on a page is the text that was run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.read import dictionary
from warehouse.site.cited_values import CitedValue
from warehouse.tables import TABLES

#: What stands for a table in the SQL of the pages.
READ = re.compile(r"\b(?:FROM|JOIN) ([a-z_]+(?:\.[a-z_]+)?)")
FOLDER = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class QueryResult:
    """``rows`` of query ``id`` under ``names``, in the order of its ORDER BY."""

    id: str
    sql: str
    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[ResultRow]:
        return (ResultRow(self, row) for row in range(len(self)))

    @property
    def tables(self) -> list[str]:
        """The published tables that it reads, with their schemas, in the order of their names."""
        read = READ.findall(re.sub(r"--.*", "", self.sql))
        named = {name if "." in name else f"main.{name}" for name in read}
        return sorted(named.intersection(table.full_name for table in TABLES))

    @property
    def first(self) -> ResultRow | None:
        """The first row; None without rows."""
        return next(iter(self), None)

    def cell(self, row: int, column: str) -> Any:
        """The value in ``row`` (from 0) and ``column``."""
        return self.rows[row][self.names.index(column)]

    def column(self, name: str) -> list[Any]:
        """All values of the column ``name``."""
        place = self.names.index(name)
        return [row[place] for row in self.rows]

    def columns(self) -> dict[str, Any]:
        """The rows as a page stores them, each name once: days as ISO text, everything else as it is."""
        return {"names": self.names, "rows": [[_plain(value) for value in row] for row in self.rows]}

    def by(self, *columns: str) -> dict[Any, list[ResultRow]]:
        """The rows by their values in ``columns``: a tuple, of one column the value itself. Each keeps its place."""
        places = [self.names.index(column) for column in columns]
        groups: dict[Any, list[ResultRow]] = {}
        for place, row in enumerate(self.rows):
            key = tuple(row[at] for at in places)
            groups.setdefault(key if len(key) > 1 else key[0], []).append(ResultRow(self, place))
        return groups

    def records(self) -> list[dict[str, Any]]:
        """Rows as a chart takes them: days as ISO text, everything else as it is."""
        return [dict(zip(self.names, map(_plain, row), strict=True)) for row in self.rows]


class ResultRow:
    """One row of a result: ``row["gap_points"]``, or ``row.gap_points`` in a template, is a `CitedValue`."""

    __slots__ = ("_place", "_result")

    def __init__(self, result: QueryResult, place: int) -> None:
        self._result, self._place = result, place

    def __getitem__(self, column: str) -> CitedValue:
        if column not in self._result.names:
            raise KeyError(column)
        return CitedValue(self._result.cell(self._place, column), self._result.id, self._place, column)

    def record(self) -> dict[str, Any]:
        """As a chart takes it, see `QueryResult.records`."""
        return dict(zip(self._result.names, map(_plain, self._result.rows[self._place]), strict=True))


Results = Mapping[str, QueryResult]


def ids() -> list[str]:
    """The names of the queries in ``sql/``."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))


def text(query: str) -> str:
    """The SQL of ``query``."""
    return (FOLDER / f"{query}.sql").read_text(encoding="utf-8")


def run(con: duckdb.DuckDBPyConnection, query: str) -> QueryResult:
    """The result of ``query`` on the published file ``con``."""
    sql = text(query)
    relation = con.sql(sql)
    return QueryResult(query, sql, tuple(relation.columns), tuple(relation.fetchall()))


def run_all(con: duckdb.DuckDBPyConnection) -> dict[str, QueryResult]:
    """The results of all queries, by name."""
    return {query: run(con, query) for query in ids()}


def dictionary_pages(con: duckdb.DuckDBPyConnection) -> dict[str, QueryResult]:
    """``dictionary``: a row for each of its pages in Markdown, which no SQL of ``sql/`` gives."""
    pages = tuple(dictionary.pages(con).items())
    return {"dictionary": QueryResult("dictionary", "", ("file", "markdown"), pages)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
