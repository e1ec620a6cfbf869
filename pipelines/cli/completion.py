"""Shell completion of arguments, from names and files, without loading a parser or Dagster.

It never fails: where nothing can be read, nothing is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from sources.errors import AigapError


def sources(incomplete: str) -> list[str]:
    """Ids of the sources. Read from the text of the modules: importing them all takes a second."""
    import sources as package

    declares = re.compile(r"^SOURCE\b[^=\n]*=", re.MULTILINE)
    return [
        path.stem
        for path in sorted(Path(package.__path__[0]).glob("*.py"))
        if path.stem.startswith(incomplete) and declares.search(path.read_text(encoding="utf-8"))
    ]


def requests(ctx: typer.Context, incomplete: str) -> list[str]:
    """Requests of the source already on the command line."""
    import importlib

    # While an option lacks its value, click leaves the arguments before it unparsed.
    named = ctx.params.get("source") or ctx.args
    found: list[str] = []
    for source in [named] if isinstance(named, str) else named:
        if source in sources(source):
            module = importlib.import_module(f"sources.{source}")
            found += [request.name for request in module.SOURCE.requests]
    return _matching(found, incomplete)


def bodies(incomplete: str) -> list[str]:
    """Hashes of archived bodies, those with decisions first."""
    archive = _archive()
    with suppress(AigapError, OSError):
        decided = [path.stem[:12] for path in sorted((archive / "decisions").glob("*/*/*.json"))]
        archived = [
            path.stem.partition("-")[2][:12] for path in sorted((archive / "receipts").glob("*/*/*.json"))
        ]
        return _matching(list(dict.fromkeys([*decided, *archived])), incomplete)
    return []


def refused(incomplete: str) -> list[str]:
    """Hashes of bodies in quarantine."""
    with suppress(AigapError, OSError):
        found = sorted((_archive() / "quarantine").glob("*/*/*.body"))
        return _matching([path.stem[:12] for path in found], incomplete)
    return []


def held_series(ctx: typer.Context, incomplete: str) -> list[str]:
    """Series that are held back of the body on the command line."""
    from sources.ingestion.archive.decisions import all_decisions

    start = ctx.params.get("sha256") or next(iter(ctx.args), "")
    with suppress(AigapError, OSError):
        found = [one for one in all_decisions(_archive()) if one.sha256.startswith(start)]
        return _matching([hold.name for one in found for hold in one.active], incomplete)
    return []


def _archive() -> Path:
    from warehouse.workspace import Workspace

    return Workspace.from_environment().archive


def releases(incomplete: str) -> list[str]:
    """Names of the kept releases, newest first."""
    from warehouse.workspace import Workspace

    return _matching(_names(Workspace.from_environment().releases), incomplete)


def readable(incomplete: str) -> list[str]:
    """Names of the kept releases and of those of past days; the shell adds its own files."""
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    return _matching([*_names(workspace.releases), *_names(workspace.as_of)], incomplete)


def tables(incomplete: str) -> list[str]:
    """Published tables; those of main without the schema."""
    from warehouse import lineage

    return _matching([name.removeprefix("main.") for name in lineage.tables()], incomplete)


def months(ctx: typer.Context, incomplete: str) -> list[str]:
    """Months with a row in monthly_gap, newest first."""
    where, values = _filter(ctx, "board", "variant", "category")
    sql = f"SELECT DISTINCT strftime(month, '%Y-%m') FROM monthly_gap WHERE {where} ORDER BY 1 DESC"
    return _matching(_query(ctx, sql, values), incomplete)


def boards(ctx: typer.Context, incomplete: str) -> list[str]:
    """Boards with a row in monthly_gap."""
    return _matching(_query(ctx, "SELECT DISTINCT board FROM monthly_gap ORDER BY 1"), incomplete)


def variants(ctx: typer.Context, incomplete: str) -> list[str]:
    """Variants of the board on the command line."""
    where, values = _filter(ctx, "board")
    return _matching(
        _query(ctx, f"SELECT DISTINCT variant FROM monthly_gap WHERE {where} ORDER BY 1", values), incomplete
    )


def categories(ctx: typer.Context, incomplete: str) -> list[str]:
    """Categories of the board and variant on the command line."""
    where, values = _filter(ctx, "board", "variant")
    return _matching(
        _query(ctx, f"SELECT DISTINCT category FROM monthly_gap WHERE {where} ORDER BY 1", values), incomplete
    )


def parameters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Parameter names for --set, each followed by ``=``."""
    return _matching(_query(ctx, "SELECT name || '=' FROM meta.parameters ORDER BY 1"), incomplete)


def _matching(names: Sequence[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _names(folder: Path) -> list[str]:
    return sorted((path.stem for path in folder.glob("aigap-*.duckdb")), reverse=True)


def _filter(ctx: typer.Context, *columns: str) -> tuple[str, list[str]]:
    """A WHERE condition and its values, from the options already on the command line or their defaults."""
    known = {column: str(ctx.params[column]) for column in columns if ctx.params.get(column)}
    return " AND ".join(["true", *(f"{column} = ?" for column in known)]), list(known.values())


def _query(ctx: typer.Context, sql: str, values: Sequence[Any] = ()) -> list[str]:
    return [str(row[0]) for row in _rows(ctx.params.get("release"), sql, values)]


def _rows(release: str | None, sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    import duckdb

    from warehouse.db import read_only
    from warehouse.release import find_file
    from warehouse.workspace import Workspace

    with (
        suppress(AigapError, OSError, duckdb.Error),
        read_only(find_file(Workspace.from_environment(), release)) as con,
    ):
        yield from con.execute(sql, values).fetchall()
