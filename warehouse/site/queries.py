"""The SQL of the pages, and what it gives. The text shown on a page is the text that was run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Result:
    """What query ``id`` gave: ``rows`` under ``names``, in the order of its ORDER BY."""

    id: str
    sql: str
    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def cell(self, row: int, column: str) -> Any:
        return self.rows[row][self.names.index(column)]

    def column(self, name: str) -> list[Any]:
        place = self.names.index(name)
        return [row[place] for row in self.rows]

    def find(self, **wanted: Any) -> int | None:
        """The first row with these values; None when there is none."""
        places = {self.names.index(name): value for name, value in wanted.items()}
        return next(
            (n for n, row in enumerate(self.rows) if all(row[p] == v for p, v in places.items())), None
        )

    def records(self) -> list[dict[str, Any]]:
        """Rows as a chart takes them: days as ISO text, everything else as it is."""
        return [dict(zip(self.names, map(_plain, row), strict=True)) for row in self.rows]


Results = Mapping[str, Result]


def ids() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.sql"))


def text(query: str) -> str:
    return (FOLDER / f"{query}.sql").read_text(encoding="utf-8")


def run(con: duckdb.DuckDBPyConnection, query: str) -> Result:
    sql = text(query)
    relation = con.sql(sql)
    return Result(query, sql, tuple(relation.columns), tuple(relation.fetchall()))


def run_all(con: duckdb.DuckDBPyConnection) -> dict[str, Result]:
    return {query: run(con, query) for query in ids()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
