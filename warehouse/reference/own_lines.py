"""Lines that a site adds to the reference tables, in a folder of its own that an upgrade does not touch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from warehouse.reference.cells import split_names
from warehouse.reference.consistency import KEYS

#: Table → its lines.
Tables = Mapping[str, pl.DataFrame]


def with_lines(tables: Tables, lines: Tables) -> dict[str, pl.DataFrame]:
    """``tables`` with ``lines``: a line whose key a table has changes that line, others are added at the end.

    Of a line that changes another only the cells that are filled in count, and its ``names`` are added to those there.
    """
    return {
        name: _merged(frame, lines[name], KEYS.get(name, ())) if name in lines else frame
        for name, frame in tables.items()
    }


def _merged(frame: pl.DataFrame, lines: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    rows = frame.rows(named=True)
    places = {tuple(row[column] for column in key): place for place, row in enumerate(rows)} if key else {}
    for line in lines.iter_rows(named=True):
        place = places.get(tuple(line[column] for column in key)) if key else None
        if place is None:
            places[tuple(line[column] for column in key)] = len(rows)
            rows.append(line)
        else:
            rows[place] = _changed(rows[place], line)
    return pl.DataFrame(rows, schema=frame.schema)


def _changed(row: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    changed = {**row, **{column: cell for column, cell in line.items() if cell}}
    if "names" in row:
        changed["names"] = " | ".join(
            dict.fromkeys([*split_names(row["names"]), *split_names(line["names"])])
        )
    return changed
