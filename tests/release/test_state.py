"""What is kept beside a release so that `aigap status` need not open it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.fixtures.clone import Refreshed, first_release
from tests.fixtures.command_line import aigap
from warehouse.release.state import set_aside


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    return first_release(tmp_path_factory.getbasetemp())


def test_status_says_the_same_with_and_without_what_is_kept(first: Refreshed, tmp_path: Path) -> None:
    """Would catch a report of other figures than the release has, or none of a release of an earlier version."""
    data = first.copy(tmp_path / "data")
    sidecar = (data / "aigap.duckdb").resolve().with_suffix(".json")
    written = json.loads(sidecar.read_text(encoding="utf-8"))
    told = aigap("status", "--format", "json", data=data).stdout
    assert len(json.loads(told)["sources"]) > 20
    # As releases of earlier versions have it, and as a later version or an editor might.
    kept: list[Any] = [None, {}, [], {**written["state"], "boards": None}, {"sources": []}]
    for state in kept:
        sidecar.write_text(json.dumps({**written, "state": state}), encoding="utf-8")
        assert aigap("status", "--format", "json", data=data).stdout == told
    del written["state"]
    sidecar.write_text(json.dumps(written), encoding="utf-8")
    assert aigap("status", "--format", "json", data=data).stdout == told


def test_what_the_newest_bytes_lost_is_told() -> None:
    """Would catch rows left out that nobody hears of, or those of old bytes told for ever."""
    con = duckdb.connect()
    assert set_aside(con) == {}
    con.execute(
        "CREATE SCHEMA meta; CREATE TABLE meta.inputs AS FROM (VALUES "
        "('old', 's', 'a', TIMESTAMP '2026-01-01'), ('new', 's', 'a', TIMESTAMP '2026-02-01'), "
        "('other', 's', 'b', TIMESTAMP '2026-01-01')) AS t(input_id, source_id, request, known_at);"
        "CREATE TABLE meta.set_aside AS FROM (VALUES "
        "('old', 's', 'gone', 'score', '''x''', FALSE, 7), ('new', 's', 'm', 'score', '''x''', FALSE, 1), "
        "('other', 's', 'm', 'released_on', '1970-01-01', TRUE, 4)"
        ") AS t(input_id, source_id, name, column_name, found, is_cell, rows)"
    )
    told = "1 row set aside (m: score 'x'); 4 cells set aside (m: released_on 1970-01-01)"
    assert set_aside(con) == {"s": told}
