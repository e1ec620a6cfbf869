"""What a candidate has that the release it started from has not: by relation, with what tells the snapshots of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.builder import graph
from warehouse.db import literal
from warehouse.files import write_atomically

#: The inputs that may differ from those of the release: all others are in its basis.
OPEN_INPUTS = frozenset({"observations", "archive"})

#: The columns that name a series. A relation with a snapshot_id but no board has those of the snapshot.
SERIES = ("board", "variant", "category")
#: Board, variant and category; None for any.
OneSeries = tuple[str | None, ...]

#: Relations of which the rows of a snapshot are computed from the rows of that snapshot and of small tables.
BY_SNAPSHOT = frozenset(
    {
        "placed_name",
        "snapshot_score",
        "ambiguous_category",
        "core.scores",
        "core.country_leaders",
        "core.snapshot_gaps",
        "core.weights_leaders",
        "interval_inputs",
        "lag_inputs",
        "main.frontier",
        "main.restated_gap",
        "main.gap_revisions",
    }
)

#: Tables that fall into parts which stand for themselves: the columns whose values tell the part of a row, and of the
#: rows that it is computed from. Small tables without these columns, of models or countries, are read whole.
PARTED_BY: Mapping[str, tuple[str, ...]] = {
    "core.missing_leaders": ("board", "variant"),
    "core.publication_leaders": ("board", "variant"),
    "main.gap_definitions": SERIES,
    "main.gap_changes": SERIES,
    "main.exam_gaps": ("board",),
}
#: Of more series than this all parts are made anew, in one query.
MOST_SERIES = 100

#: Staged relations of which the rows of an input are computed from the rows of that input and of small tables.
BY_INPUT = frozenset(
    {
        "parsed_observation",
        "printed_listing",
        "listing",
        "read_score",
        "printed_name",
        "read_name",
        "repeated_score",
        "staged_score",
        "listed_name",
    }
)

#: The column of a table whose values tell which snapshots a changed row can affect. Another table that changes affects
#: all of them.
TOLD_BY = {
    "meta.inputs": "input_id",
    "meta.held": "input_id",
    "core.model_names": "input_id",
    "core.models": "model_id",
    "core.model_countries": "model_id",
    "core.model_weights": "model_id",
    "core.first_listed": "model_id",
    "core.licence_spellings": "spelling",
    "main.monthly_gap": "board || chr(31) || month",
    **dict.fromkeys(
        (
            "core.snapshots",
            "core.ambiguous_rows",
            "core.scores",
            "core.snapshot_categories",
            "core.country_leaders",
            "core.snapshot_gaps",
            "core.weights_leaders",
            "core.publications",
            "core.month_snapshots",
            "main.frontier",
            "main.restated_gap",
            "meta.withheld",
        ),
        "snapshot_id",
    ),
}

#: The snapshots that a value of another such column affects. A month stands in the ratings of every vintage since.
_AFFECTED = {
    "input_id": "SELECT snapshot_id FROM core.snapshots WHERE input_id IN ({values})",
    "model_id": "SELECT DISTINCT snapshot_id FROM core.scores WHERE model_id IN ({values})",
    "spelling": "SELECT DISTINCT snapshot_id FROM core.scores WHERE license_name IN ({values})",
    "board || chr(31) || month": "SELECT DISTINCT s.snapshot_id FROM core.snapshots AS s "
    "JOIN (SELECT string_split(unnest([{values}]), chr(31)) AS told) AS m "
    "ON s.board = m.told[1] AND s.published_on >= m.told[2]::DATE",
}


@dataclass
class Changes:
    """What differs from the release ``release``. ``results`` are the rows of its ``meta.checks``.

    ``values``: changed relation → the values of its column `TOLD_BY` in changed rows; None if there is no such column.
    ``series``: changed relation → the series of changed rows; None if they cannot be told, or are too many.
    """

    release: str
    values: dict[str, frozenset[str] | None] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)
    series: dict[str, frozenset[OneSeries] | None] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write them for a later step; nothing where the folder is gone, which a later run has removed."""
        values = {name: None if told is None else sorted(told) for name, told in self.values.items()}
        series = {name: None if told is None else sorted(told, key=str) for name, told in self.series.items()}
        note = {"release": self.release, "values": values, "results": self.results, "series": series}
        if path.parent.is_dir():
            write_atomically(path, json.dumps(note, ensure_ascii=False))

    @classmethod
    def read(cls, path: Path) -> Changes | None:
        """What `write` wrote; None if it is missing or damaged."""
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
            values = {
                name: None if told is None else frozenset(told) for name, told in note["values"].items()
            }
            series = {
                name: None if told is None else frozenset(map(tuple, told))
                for name, told in note["series"].items()
            }
            return cls(note["release"], values, note["results"], series)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def add(
        self,
        relation: str,
        values: frozenset[str] | None,
        series: frozenset[OneSeries] | None = None,
    ) -> None:
        """Note that rows of ``relation`` with these ``values`` and ``series`` have changed; None: it cannot be told."""
        told = self.values.get(relation, frozenset())
        self.values[relation] = None if values is None or told is None else told | values
        of_series = self.series.get(relation, frozenset())
        self.series[relation] = None if series is None or of_series is None else of_series | series

    def touch(self, relation: str) -> bool:
        """Whether ``relation``, or anything that a staged one is made of, has changed."""
        if "." in relation or graph.is_input(relation):
            return relation in self.values or relation in OPEN_INPUTS
        return any(self.touch(other) for other in graph.reads()[relation])

    def snapshots(self, con: duckdb.DuckDBPyConnection, relation: str) -> frozenset[str] | None:
        """The snapshots of ``relation`` (one of `BY_SNAPSHOT`) whose rows may have changed; None: all of them."""
        found: set[str] = set()
        for other in set(_read_by_row(relation)):
            affected = self.affected(con, other)
            if affected is None:
                return None
            found |= affected
        if "core.snapshot_categories" in graph.reads()[relation]:
            # Errors are taken from a copy.
            found |= _column(
                con, "SELECT snapshot_id FROM core.snapshot_categories WHERE errors_from IN ({values})", found
            )
        return frozenset(found)

    def parts(self, con: duckdb.DuckDBPyConnection, relation: str) -> frozenset[OneSeries] | None:
        """The parts of ``relation`` (one of `PARTED_BY`) whose rows may have changed; None: all of them.

        Each is a series of which only the columns of the part are given.
        """
        columns = PARTED_BY[relation]
        found: set[OneSeries] = set()
        for other in graph.reads()[relation]:
            if self.touch(other):
                told = self.series.get(other)
                if told is None:
                    return None
                found |= self._with_categories(con, told) if other == "core.snapshots" else told
        parts = {
            tuple(value if name in columns else None for name, value in zip(SERIES, one, strict=True))
            for one in found
        }
        return frozenset(parts) if len(parts) <= MOST_SERIES else None

    def _with_categories(
        self, con: duckdb.DuckDBPyConnection, told: frozenset[OneSeries]
    ) -> frozenset[OneSeries]:
        """``told`` of core.snapshots, of which each row stands for the categories that the snapshot has.

        Those it had before are told by the relations that have lost them.
        """
        changed = self.values["core.snapshots"]
        if changed is None:
            return told
        rows = con.execute(
            "SELECT s.snapshot_id, s.board, s.variant, c.category FROM core.snapshots AS s "
            "LEFT JOIN core.snapshot_categories AS c USING (snapshot_id) "
            "WHERE s.snapshot_id IN (SELECT unnest(?::VARCHAR[]))",
            [sorted(changed)],
        ).fetchall()
        has_gone = changed - {snapshot for snapshot, *_ in rows}
        return told if has_gone else frozenset(tuple(series) for _, *series in rows)

    def affected(self, con: duckdb.DuckDBPyConnection, relation: str) -> frozenset[str] | None:
        """The snapshots with rows that changed rows of ``relation`` can affect; None: all of them."""
        if not self.touch(relation):
            return frozenset()
        column, told = TOLD_BY.get(relation), self.values.get(relation)
        if column is None or told is None or column == "snapshot_id":
            return told if column else None
        return frozenset(_column(con, _AFFECTED[column], told))


def _read_by_row(relation: str) -> Iterator[str]:
    """What the rows of ``relation`` are made of, through staged relations that keep inputs or snapshots apart."""
    for other in graph.reads()[relation]:
        if other in BY_INPUT or (other in BY_SNAPSHOT and "." not in other):
            yield from _read_by_row(other)
        elif other == "observations":
            # What an input was parsed into is the same as long as its bytes are.
            yield from ("meta.inputs", "meta.held")
        else:
            yield other


def _column(con: duckdb.DuckDBPyConnection, query: str, values: Iterable[str]) -> set[str]:
    listed = ", ".join(literal(value) for value in sorted(values))
    return {text for (text,) in con.execute(query.format(values=listed)).fetchall()} if listed else set()
