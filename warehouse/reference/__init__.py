"""The reference tables: facts with evidence, maintained by hand as CSV in ``warehouse/reference``.

Every judgement (who made a model, which country, which names are one version) is a line in one of them, with its
evidence. This package reads and checks them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from sources.errors import meant
from warehouse.reference.cells import (
    ALWAYS_FROM,
    ALWAYS_TO,
    as_date,
    normalized,
    split_codes,
    split_names,
)
from warehouse.reference.consistency import problems
from warehouse.reference.data import COLUMNS, ReferenceData, ReferenceDataError, as_of
from warehouse.reference.own_lines import Tables, with_lines
from warehouse.workspace import PACKAGE

__all__ = [
    "ALWAYS_FROM",
    "ALWAYS_TO",
    "COLUMNS",
    "FOLDER",
    "ReferenceData",
    "ReferenceDataError",
    "as_date",
    "as_of",
    "checked",
    "load",
    "normalized",
    "read_own_lines",
    "read_tables",
    "split_codes",
    "split_names",
]

FOLDER = PACKAGE / "reference"


def load(folder: Path = FOLDER, own: Path | None = None) -> ReferenceData:
    """Read and check the reference tables in ``folder``, with the lines of the folder ``own`` added if it is there.

    Raises `ReferenceDataError` for the first problem.
    """
    # `aigap refresh` looks at them before it begins, and its core fills tables from them.
    return _loaded(folder, own, *map(_contents, filter(None, (folder, own))))


def _contents(folder: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv")) if path.is_file())


@lru_cache(maxsize=1)
def _loaded(folder: Path, own: Path | None, *contents: tuple[tuple[str, bytes], ...]) -> ReferenceData:
    """As `load`; ``contents`` are what the files hold now."""
    lines = read_own_lines(own) if own is not None else {}
    return checked(
        folder, read_tables(folder), lines, f"correct the line in {own}" if lines else "correct the line"
    )


def checked(folder: Path, tables: Tables, lines: Tables, remedy: str = "correct the line") -> ReferenceData:
    """The reference tables ``tables`` with ``lines`` added. Raises `ReferenceDataError` for the first problem."""
    data = ReferenceData(folder, **with_lines(tables, lines))
    if found := problems(data):
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise ReferenceDataError(found[0] + more, "consistent reference tables", remedy)
    return data


def read_tables(folder: Path) -> Tables:
    """The frames of all reference tables in ``folder``. Raises `ReferenceDataError` for one that cannot be read."""
    return {name: _read(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}


def read_own_lines(own: Path) -> Tables:
    """The frames of the files in the folder ``own``, by table; none if it does not exist.

    A file may lack columns, which are then empty: it may have been written before they were added.

    Raises `ReferenceDataError` for a file that is no reference table's.
    """
    found = {path.stem: path for path in sorted(own.glob("*.csv"))}
    for name in found:
        if name not in COLUMNS:
            raise ReferenceDataError(
                f"{own / name}.csv is no reference table",
                ", ".join(COLUMNS),
                meant(name, COLUMNS, "rename it"),
            )
    return {name: _read(path, COLUMNS[name], may_lack=True) for name, path in found.items()}


def _read(path: Path, columns: tuple[str, ...], may_lack: bool = False) -> pl.DataFrame:
    if not path.is_file():
        raise ReferenceDataError(f"{path.name} is missing", f"a file in {path.parent.name}/", "restore it")
    try:
        frame = pl.read_csv(path, infer_schema=False, glob=False)
    except pl.exceptions.PolarsError as error:
        raise ReferenceDataError(
            f"{path.name}: {str(error).splitlines()[0]}", "comma-separated values", "correct the line"
        ) from None
    if may_lack and set(frame.columns) <= set(columns):
        frame = frame.select(
            pl.col(name) if name in frame.columns else pl.lit(None, pl.String()).alias(name)
            for name in columns
        )
    if tuple(frame.columns) != columns:
        raise ReferenceDataError(
            f"{path.name} has columns {', '.join(frame.columns)}", ", ".join(columns), "correct the header"
        )
    return frame
