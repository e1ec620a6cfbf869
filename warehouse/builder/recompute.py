"""The marts computed with other parameters (countries, month rule, listing, tolerance), in a file of their own.

The published file is copied, never changed. Columns keep their names: ``us_`` is the first country of the pair and
``cn_`` the second, whatever the two are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from sources.errors import UsageError, meant
from warehouse.builder.fill import RowCounts
from warehouse.builder.marts import build_marts, estimate
from warehouse.db import literal, read_write
from warehouse.reference.parameters import PARAMETERS, parameter, refusals
from warehouse.release import open_release

_COUNTRY_RULES = "SELECT DISTINCT country_rule FROM core.model_countries"


def recompute(published: Path, to: Path, changes: dict[str, str]) -> RowCounts:
    """Copy ``published`` to ``to``, set the parameters ``changes`` and fill the marts again; returns their row counts.

    Raises `UsageError` if ``to`` exists, for a parameter that is unknown or that acts before the marts, for a value
    outside its domain, and for a release of another version of the project.
    """
    if to.exists():
        raise UsageError(f"{to} exists", "a new file", "name another or remove it")
    for name in changes:
        _require_in_marts(name)
    with open_release(published) as con:
        _require_allowed(con, changes)
    shutil.copyfile(published, to)
    try:
        with read_write(to) as con:
            for name, value in changes.items():
                con.execute("UPDATE meta.parameters SET value = ? WHERE name = ?", [value, name])
        counts = build_marts(to, estimate(to))
        with read_write(to) as con:
            _name_pair_in_comments(con)
        return counts
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        to.unlink(missing_ok=True)
        raise UsageError(
            f"{published.name} cannot be recomputed: {str(error).splitlines()[0]}",
            "a release of this version of the project",
            "run: aigap refresh",
        ) from None
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def _name_pair_in_comments(con: duckdb.DuckDBPyConnection) -> None:
    """For another pair than US and CN, put its names first in the comment of each table about the pair."""
    [(first, second)] = con.sql("SELECT country_a, country_b FROM internal.settings").fetchall()
    if (first, second) == ("US", "CN"):
        return
    note = (
        f"Compared here: {first} and {second}; us_ and US stand for {first}, cn_ and Chinese for {second}. "
    )
    tables = con.sql(
        "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() AS t "
        "WHERE schema_name IN ('core', 'main') AND EXISTS (FROM duckdb_columns() AS c "
        "WHERE c.table_oid = t.table_oid AND (starts_with(column_name, 'us_') OR starts_with(column_name, 'cn_')))"
    )
    for table, comment in tables.fetchall():
        con.execute(f"COMMENT ON TABLE {table} IS {literal(note + comment)}")


def _require_in_marts(name: str) -> None:
    declared = parameter(name)
    if declared is None:
        hint = meant(name, [known.name for known in PARAMETERS], 'see: aigap query "FROM meta.parameters"')
        raise UsageError(f"no parameter {name}", "a name of meta.parameters", hint)
    if declared.stage != "marts":
        raise UsageError(
            f"{name} acts earlier, on core",
            "a parameter of the marts, all that recompute fills",
            "change it in warehouse/reference/parameters.csv and run: aigap refresh",
        )


def _require_allowed(con: duckdb.DuckDBPyConnection, changes: dict[str, str]) -> None:
    values = dict(con.sql("SELECT name, value FROM meta.parameters").fetchall())
    values |= changes
    countries = con.execute(
        "SELECT DISTINCT country FROM core.model_countries WHERE country_rule = ?", [values["country_rule"]]
    )
    names = {
        "countries": [name for (name,) in countries.fetchall()],
        "country rules": [name for (name,) in con.sql(_COUNTRY_RULES).fetchall()],
        "boards": [name for (name,) in con.sql("SELECT board FROM core.boards").fetchall()],
    }
    for refusal in refusals(values, names):
        raise UsageError(f"{refusal.name}={refusal.value}", refusal.expected, refusal.remedy)
