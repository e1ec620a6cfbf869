"""The marts under other parameters, in a file of their own: other countries, month rule, listing, tolerance.

The published file is copied, never changed. Columns keep their names: ``us_`` is the first country of the
pair, ``cn_`` the second, whatever they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sources.errors import UsageError, meant
from warehouse.builder.core import BuildCounts, build_marts
from warehouse.db import read_write
from warehouse.tables import COMPARISONS, LAG, MAIN


def recompute(published: Path, to: Path, changes: dict[str, str]) -> BuildCounts:
    """Copy ``published`` to ``to`` and fill its marts anew with ``changes`` to ``meta.parameters``.

    Raises `UsageError` for a parameter that does not exist or a file that does.
    """
    if to.exists():
        raise UsageError(f"{to} exists", "a new file", "name another or remove it")
    shutil.copyfile(published, to)
    try:
        with read_write(to) as con:
            known = {name for (name,) in con.sql("SELECT name FROM meta.parameters").fetchall()}
            for name, value in changes.items():
                if name not in known:
                    hint = meant(name, known, 'see: aigap query "FROM meta.parameters"')
                    raise UsageError(f"no parameter {name}", "a name of meta.parameters", hint)
                con.execute("UPDATE meta.parameters SET value = ? WHERE name = ?", [value, name])
            for declared in (*COMPARISONS, *LAG, *MAIN):
                con.execute(f"DELETE FROM {declared.full_name}")
            con.execute("DELETE FROM core.gap_intervals")
        return build_marts(to)
    except BaseException:
        to.unlink(missing_ok=True)
        raise
