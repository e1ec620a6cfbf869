"""aigap's own queries and checks as a dbt project, so that dbt builds the same rows.

dbt is handed, in a DuckDB file, what aigap computes in Python: the parsed rows, names, countries, days of lists and
intervals. Staged relations are tables there: dbt's models share no temporary ones.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import polars as pl

from bench.beside.aigap_part import needed
from warehouse import reference
from warehouse.builder import checks, graph, steps
from warehouse.builder.context import BuildContext, BuildIdentity
from warehouse.builder.fill import declare_tables, fill
from warehouse.builder.fillers import AFTER_THE_BUILD, FILLERS
from warehouse.compute.gap_intervals import gap_intervals
from warehouse.db import literal, read_write, sql_text
from warehouse.workspace import Workspace

#: Models are named as relations are.
MACRO = "{% macro generate_schema_name(name, node) -%}{{ name or target.schema }}{%- endmacro %}\n"
MODEL = "{{{{ config(schema='{schema}', alias='{alias}', materialized='{kind}') }}}}\n"
TEST = "{{{{ config(severity='{severity}') }}}}\n"


def tables() -> set[str]:
    """The tables of the comparison."""
    return (set(graph.tables_of("core")) - AFTER_THE_BUILD) | needed()


def queries() -> dict[str, str]:
    """Relation → query, of all that is filled by SQL for `tables` from what Python has filled."""
    files, views = graph.sql_files(), graph.view_queries()
    found: dict[str, str] = {}
    waiting = sorted(tables())
    while waiting:
        name = waiting.pop()
        if name not in found and (name in files or name in views):
            found[name] = views[name] if name in views else sql_text(files[name])
            waiting += sorted(graph.relations_named(found[name]))
    return found


def hand_over(workspace: Workspace, file: Path) -> None:
    """Create ``file`` with all tables, those filled that Python fills, and with its staged relations."""
    staged = steps.stage(workspace)
    gathered = steps.observe(staged)
    known = reference.load(reference.FOLDER, workspace.reference)
    frames: dict[str, pl.DataFrame] = {}
    views: dict[str, str] = {}
    declare_tables(file)
    with read_write(file) as con:
        build = BuildContext(con, gathered, known, BuildIdentity(staged.input_hash), workspace)

        def kept(name: str, filler: Callable[[BuildContext], pl.DataFrame | None]) -> pl.DataFrame | None:
            frame = filler(build)
            if frame is None:
                # It has created a view itself, or an empty table.
                view = con.execute("SELECT sql FROM duckdb_views() WHERE view_name = ?", [name]).fetchall()
                views.update((name, sql) for (sql,) in view)
            if "." not in name and name not in views:
                frames[name] = con.table(name).pl() if frame is None else frame
            return frame

        core = set(graph.tables_of("core")) - AFTER_THE_BUILD
        fill(con, core, {name: partial(kept, name, filler) for name, filler in FILLERS.items()})
        marts = {"core.gap_intervals": lambda: gap_intervals(con.table("interval_inputs").pl())}
        fill(con, needed(), marts)
    with duckdb.connect(str(file)) as con:
        own = queries()
        for name in sorted(own, key=lambda name: name in graph.view_queries(), reverse=True):
            if "." in name:
                con.execute(f"DROP {'VIEW' if name in graph.view_queries() else 'TABLE'} {name}")
        read = set().union(*map(graph.relations_named, own.values())) - own.keys()
        for name in sorted(read & frames.keys()):
            con.register("incoming", frames[name])
            con.execute(f"CREATE TABLE {name} AS FROM incoming")
            con.unregister("incoming")
        for name in sorted(read & views.keys()):
            con.execute(views[name].replace("CREATE TEMP VIEW", "CREATE VIEW", 1))


def write_project(folder: Path) -> int:
    """Write models and tests into the project ``folder``; returns how many tests."""
    own = queries()
    for part in ("models", "tests", "macros"):
        (folder / part).mkdir()
    (folder / "macros" / "names.sql").write_text(MACRO)
    for name, query in own.items():
        schema, _, alias = name.rpartition(".")
        is_view = name in graph.view_queries() or name in graph.VIEWS
        config = MODEL.format(schema=schema or "main", alias=alias, kind="view" if is_view else "table")
        (folder / "models" / f"{_label(name)}.sql").write_text(config + _asked(query, own))
    asked = [check for check in checks.checks_about(tables()) if "previous_" not in check.query]
    for check in asked:
        config = TEST.format(severity="error" if checks.stops(check.severity) else "warn")
        (folder / "tests" / f"{check.name}.sql").write_text(config + _asked(check.query, own))
    return len(asked)


def differing(built: Path, candidate: Path) -> list[str]:
    """The tables whose rows in ``built`` are not those of ``candidate``."""
    found = []
    with duckdb.connect() as con:
        con.execute(f"ATTACH {literal(str(built))} AS dbt (READ_ONLY)")
        con.execute(f"ATTACH {literal(str(candidate))} AS aigap (READ_ONLY)")
        for name in sorted(tables() & queries().keys()):
            columns = [column for column, *_ in con.execute(f"DESCRIBE aigap.{name}").fetchall()]
            ours, theirs = (f"SELECT {', '.join(columns)} FROM {base}.{name}" for base in ("aigap", "dbt"))
            [(rows,)] = con.execute(
                f"SELECT count(*) FROM (({ours} EXCEPT ALL {theirs}) UNION ALL ({theirs} EXCEPT ALL {ours}))"
            ).fetchall()
            if rows:
                found.append(f"{name}: {rows}")
    return found


def _label(name: str) -> str:
    return name.replace(".", "__")


def _asked(query: str, own: dict[str, str]) -> str:
    """``query`` as dbt takes it: which models it reads has to be said, its own braces are none of dbt's."""
    read = sorted(graph.relations_named(query) & own.keys())
    lines = [f"-- depends_on: {{{{ ref('{_label(name)}') }}}}\n" for name in read]
    return f"{''.join(lines)}{{% raw %}}{query}{{% endraw %}}\n"


if __name__ == "__main__":
    hand_over(Workspace(Path(sys.argv[1])), Path(sys.argv[2]))
