"""Opening a release to read it, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sources.errors import AigapError
from warehouse.db import read_only, sealed
from warehouse.release.seal import require_no_changes_beside


def open_release(
    file: Path, memory: str | None = None, of_strangers: bool = False
) -> duckdb.DuckDBPyConnection:
    """A connection to a release by which nothing else can be read or written; ``with`` closes it.

    ``memory`` ("2GB") is the most that its queries may take. DuckDB opens a file once in a process: where this process
    has it open to read in another way, the connection is such a one, unless the SQL is ``of_strangers``. Raises
    `AigapError` if ``file`` is no database, or another program has left changes beside it.
    """
    require_no_changes_beside(file)
    try:
        try:
            return sealed(file, memory)
        except duckdb.ConnectionException:
            if of_strangers:
                raise
            return read_only(file)
    except (duckdb.Error, ValueError) as error:
        raise AigapError(
            f"{file} cannot be opened ({str(error).splitlines()[0]})", "a release", "see: aigap releases"
        ) from None
