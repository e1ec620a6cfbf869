"""What `aigap status` asks of a release. It is kept beside the release, so that status need not open a database."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import duckdb

from sources.contract.source import Source
from sources.registry import all_sources
from warehouse.db import dicts, sql_text
from warehouse.release.board_status import board_status
from warehouse.release.opening import open_release
from warehouse.release.record import Release
from warehouse.workspace import Workspace

#: Columns of sources and boards that hold days and times: text in ISO 8601 where the state is kept.
_TIMES = ("last_fetch", "last_change", "next_expected")
_DAYS = ("last_published_on", "expected_on", "overdue_after")


def state(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the release open on ``con`` says of these, for JSON.

    - ``sources``: the rows of ``meta.source_status``; ``boards``: those of ``meta.board_status``
    - ``declared``: by source, what it declares of its requests and their rhythm, in seconds; reading that from the
      source would load every parser
    - ``set_aside``: by source, how much of the newest bytes of each request was left out
    - ``seen``: the hashes that it was built from or leaves out, and the names of sources left out on request
    - ``evidence``: see `evidence`
    - ``unreadable``: a line for each archived body that its parser does not read

    Releases of earlier versions lack some of the tables: nothing is said of those.
    """
    return {
        "sources": _plain(dicts(con.sql("FROM meta.source_status ORDER BY source_id"))),
        "boards": _plain(board_status(con)),
        "declared": {source.id: _declared(source) for source in all_sources()},
        "set_aside": set_aside(con),
        "seen": _seen(con),
        "evidence": evidence(con),
        "unreadable": _unreadable(con),
    }


def state_of(workspace: Workspace, release: Release) -> dict[str, Any]:
    """The `state` of ``release``, with days and times: what is kept beside it, or else what its file says."""
    with suppress(KeyError, TypeError, ValueError):
        return _typed(release.state)
    with open_release(release.path(workspace)) as con:
        return _typed(state(con))


def evidence(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """Counts of observed board-months by ``meta.coverage``, and the boards that stand still.

    None for a release made before there was such a table.
    """
    try:
        [found] = dicts(con.sql(sql_text("release/evidence.sql")))
    except duckdb.CatalogException:
        return None
    return found


def set_aside(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """By source, how many rows and cells of the newest bytes of each request were left out, with an example."""
    # Releases made before schema version 1.2 have no such table.
    if not con.sql("FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'set_aside'"):
        return {}
    lost = con.sql(
        "WITH newest AS (FROM meta.inputs QUALIFY known_at = max(known_at) OVER (PARTITION BY source_id, request)) "
        "SELECT source_id, is_cell, sum(a.rows)::BIGINT, any_value(format('{}: {} {}', a.name, column_name, found)) "
        "FROM meta.set_aside AS a JOIN newest USING (input_id, source_id) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for source_id, is_cell, rows, example in lost:
        what = "cell" if is_cell else "row"
        found.setdefault(source_id, []).append(f"{rows} {what}{'s' * (rows != 1)} set aside ({example})")
    return {source_id: "; ".join(parts) for source_id, parts in found.items()}


def _declared(source: Source) -> dict[str, Any]:
    return {
        "cadence": source.cadence and source.cadence.total_seconds(),
        "stale_after": source.stale_after and source.stale_after.total_seconds(),
        "requests": [request.name for request in source.requests],
        "fetched": [request.name for request in source.requests if request.address],
        "not_read": dict(source.not_read),
    }


def _seen(con: duckdb.DuckDBPyConnection) -> list[str]:
    seen: set[str] = set()
    for column in ("sha256 FROM meta.inputs", "sha256 FROM meta.held", "unnest(left_out) FROM meta.release"):
        with suppress(duckdb.CatalogException, duckdb.BinderException):
            seen.update(row[0] for row in con.sql(f"SELECT {column}").fetchall())
    return sorted(seen)


def _unreadable(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows: list[tuple[str, ...]] = []
    with suppress(duckdb.CatalogException):
        rows = con.sql(
            "SELECT source_id, request, sha256, coalesce(file_name, ''), reason FROM meta.held "
            "WHERE state = 'unreadable' ORDER BY source_id, request, known_at"
        ).fetchall()
    return [
        f"{source}/{request} {sha256[:12]}{f' ({name})' if name else ''}: {reason}"
        for source, request, sha256, name, reason in rows
    ]


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in rows
    ]


def _typed(found: Mapping[str, Any]) -> dict[str, Any]:
    """``found`` with days and times. Raises `KeyError`, `TypeError` or `ValueError` unless all of it is there."""
    kinds = ("sources", "boards", "declared", "set_aside", "seen", "evidence", "unreadable")
    typed = {kind: found[kind] for kind in kinds}
    return {**typed, **{kind: [_typed_row(row) for row in typed[kind]] for kind in ("sources", "boards")}}


def _typed_row(row: Mapping[str, Any]) -> dict[str, Any]:
    typed = dict(row)
    for names, kind in ((_TIMES, datetime), (_DAYS, date)):
        for name in names:
            if typed.get(name) is not None:
                typed[name] = kind.fromisoformat(typed[name])
    return typed
