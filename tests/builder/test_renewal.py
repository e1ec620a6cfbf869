"""A build that starts from the last release has the tables of a whole one. Would catch a figure that stands although
something it rests on has changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.contract.rows import PRICE
from sources.ingestion.deciding import reject
from tests.fixtures.random_bodies import NOW, Chance, build_both, candidate
from warehouse import release
from warehouse.builder import steps
from warehouse.builder.start import Start, basis_of, find_start, note_basis
from warehouse.db import read_write
from warehouse.reference import FOLDER
from warehouse.release import open_release
from warehouse.switches import STRICT
from warehouse.workspace import Workspace


def test_bodies_late_and_out_of_order(tmp_path: Path) -> None:
    """Copies before and after what they copy, and one body held or rejected, in one build. Longer series are in
    tests/system.
    """
    chance = Chance(Workspace(tmp_path / "data"), seed=1)
    for _ in range(10):
        chance.add()
    steps.publish(candidate(chance.workspace, tmp_path / "none"))
    for _ in range(5):
        chance.add()
    chance.decide()
    before = release.current(chance.workspace)
    assert before is not None
    assert build_both(chance.workspace, tmp_path / "none") == ([], before.name)


def test_a_price_list_that_comes_and_goes_beside_leaderboards(tmp_path: Path) -> None:
    """Would catch a list that a build does not read, since the last release had none or none but it has changed."""
    chance = Chance(Workspace(tmp_path / "data"), seed=4)

    for _ in range(4):
        chance.add()
    steps.publish(candidate(chance.workspace, tmp_path / "none"))
    listed = []
    for step in ("list", "board", "reject"):
        if step == "list":
            line = {"listed_name": "gpt-4o", "provider": "openai", "has_tiered_prices": False}
            prices = chance.hold("litellm_prices", datetime(2025, 2, 1, tzinfo=UTC), [line], PRICE)
        elif step == "board":
            chance.add()
        else:
            reject(chance.archive, prices.sha256, "wrong", NOW)
        before = release.current(chance.workspace)
        assert before is not None
        assert build_both(chance.workspace, tmp_path / "none") == ([], before.name), step
        with open_release(chance.workspace.link) as con:
            listed += con.sql("SELECT count(*) FROM core.prices").fetchall()
    assert listed == [(1,), (1,), (0,)]


def test_a_build_starts_only_from_what_is_sealed_and_rests_on_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch figures by other aliases, code or rules in the next release, and a changed file carried on."""
    workspace = Workspace(tmp_path / "data")
    file = tmp_path / "candidate.duckdb"
    with read_write(file) as con:
        con.execute("CREATE SCHEMA internal")
        note_basis(con, Start(basis_of(workspace, "", FOLDER)), pairs="")
    published = release.publish(workspace, file, release.new(workspace, "0" * 64, {}))

    def start(excluded: tuple[str, ...] = ()) -> Path | None:
        return find_start(workspace, basis_of(workspace, "", FOLDER, excluded)).file

    assert start() == published.path(workspace)
    assert start(("arena_catalog",)) is None
    with monkeypatch.context() as patch:
        patch.setenv(STRICT, "1")
        assert start() is None
    own = workspace.reference / "models.csv"
    own.parent.mkdir(parents=True)
    own.write_text("model_id,organization_id,names\nsample,openai,Sample\n", encoding="utf-8")
    assert start() is None
    own.unlink()
    file = published.path(workspace)
    file.chmod(0o644)
    with read_write(file) as con:
        con.execute("CREATE TABLE added AS SELECT 1")
    assert start() is None
