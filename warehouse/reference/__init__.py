"""The reference tables: facts with evidence, maintained by hand as CSV in ``warehouse/reference``.

Every judgement (who made a model, which country, which names are one version) is a line in one of them, with its
evidence. This package reads and checks them.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

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
    "load",
    "normalized",
    "split_codes",
    "split_names",
]

FOLDER = PACKAGE / "reference"


def load(folder: Path = FOLDER) -> ReferenceData:
    """Read and check the reference tables in ``folder``. Raises `ReferenceDataError` for the first problem."""
    tables = {name: _read(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    data = ReferenceData(folder, **tables)
    if found := problems(data):
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise ReferenceDataError(found[0] + more, "consistent reference tables", "correct the line")
    return data


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    if not path.is_file():
        raise ReferenceDataError(f"{path.name} is missing", f"a file in {path.parent.name}/", "restore it")
    try:
        frame = pl.read_csv(path, infer_schema=False, glob=False)
    except pl.exceptions.PolarsError as error:
        raise ReferenceDataError(
            f"{path.name}: {str(error).splitlines()[0]}", "comma-separated values", "correct the line"
        ) from None
    if tuple(frame.columns) != columns:
        raise ReferenceDataError(
            f"{path.name} has columns {', '.join(frame.columns)}", ", ".join(columns), "correct the header"
        )
    return frame
