"""Each source answers for itself: what is odd about its newest bodies stands on its own asset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.defs import notices
from pipelines.defs.resources import DataFolder
from pipelines.defs.source_assets import live_sources, shipped_source_checks, source_assets
from sources.contract.set_aside import SetAsideRow
from sources.contract.validation import read
from sources.ingestion.archive import Archive
from sources.ingestion.web.session import shared_session
from sources.registry import all_sources, get
from tests.fixtures import bodies
from tests.fixtures.web import Web, answer, web
from warehouse import release
from warehouse.builder.inputs import keep_parsed
from warehouse.builder.source_checks import check_source, names_of_checks
from warehouse.workspace import Workspace

HF = get("lmarena_hf")
NOW = datetime(2026, 1, 3, tzinfo=UTC)


def take_in(
    workspace: Workspace, body: bytes, at: datetime = NOW, lost: tuple[SetAsideRow, ...] = ()
) -> None:
    snapshot = bodies.snapshot(HF.id, body, at=at)
    receipt = Archive(workspace.archive).put(snapshot.body, snapshot.receipt)
    keep_parsed(workspace, receipt, replace(read(HF, snapshot), set_aside=lost))


def found(workspace: Workspace, now: datetime = NOW) -> dict[str, tuple[str, ...]]:
    answers = check_source(workspace, HF, now, workspace.data / "no history")
    return {one.name: one.found for one in answers if one.found}


def test_each_check_finds_what_it_asks_for_and_nothing_else(tmp_path: Path) -> None:
    """Would catch a check that passes whatever comes, or one that fails for another's reason."""
    workspace = Workspace(tmp_path)
    take_in(workspace, bodies.hf(organization="openai"), NOW - timedelta(days=1))
    assert found(workspace) == {}
    late = NOW + timedelta(days=60)
    assert found(workspace, late) == {"freshness": ("text: the same bytes since 2026-01-02",)}
    low = SetAsideRow(29, "sample-028", "score", "'n/a'", "a number")
    take_in(workspace, bodies.hf(20, organization="openai"), NOW, (low,))
    assert found(workspace) == {
        "rows": ("text: 20 rows, 30 before",),
        "set_aside": ("text: row of sample-028: score is 'n/a'",),
    }
    rows = [bodies.hf_row(place, organization="openai") for place in range(20)]
    rows[9]["organization"] = rows[10]["organization"] = "Zeta Lab"
    take_in(workspace, bodies.parquet(rows), NOW + timedelta(hours=1))
    # The eleventh is too far from the top to matter.
    assert found(workspace) == {"identity": ("text: sample-009 of Zeta Lab",)}
    assert found(workspace, late) == {
        "identity": ("text: sample-009 of Zeta Lab",),
        "freshness": ("text: the same bytes since 2026-01-03",),
    }


def test_a_board_is_late_by_its_own_rhythm_unless_a_new_body_has_more(tmp_path: Path) -> None:
    """Would catch a slow board called stale after two weeks, or one called late whose figures have just come."""
    workspace = Workspace(tmp_path)
    take_in(workspace, bodies.hf(organization="openai"), NOW - timedelta(days=1))
    newest = date(2026, 1, 2)  # of the sample
    candidate = workspace.staging / "candidate.duckdb"
    candidate.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(candidate)) as con:
        con.execute(
            "CREATE SCHEMA meta; CREATE TABLE meta.board_status AS SELECT 'arena_text' AS board, 'raw' AS variant, "
            "?::DATE AS last_published_on, 7 AS rhythm_days, 'expected' AS state, ?::DATE + 7 AS expected_on, "
            "?::DATE + 14 AS overdue_after, ['lmarena_hf'] AS source_ids",
            [newest] * 3,
        )
        con.execute("CREATE TABLE meta.release AS SELECT '2.0' AS schema_version")
    release.publish(workspace, candidate, release.new(workspace, "0" * 64, {}))
    now = datetime.combine(newest, datetime.min.time(), UTC) + timedelta(days=14)
    assert "freshness" not in found(workspace, now)
    late = f"arena_text/raw: figures to {newest}, usually new within 7 days; 8 days overdue"
    assert late in found(workspace, now + timedelta(days=1))["freshness"]
    take_in(workspace, bodies.hf(leaderboard_publish_date="2026-01-03"), now + timedelta(days=1))
    assert late not in found(workspace, now + timedelta(days=1)).get("freshness", ())


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with web() as served:
        addresses = tmp_path / "addresses.json"
        addresses.write_text(json.dumps({"lmarena_hf/text": served.says("/text", answer(bodies.hf()))}))
        monkeypatch.setenv("AIGAP_ADDRESS_OVERRIDES", str(addresses))
        monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
        shared_session.cache_clear()
        yield served
        shared_session.cache_clear()


def test_a_refused_answer_is_a_failed_check_of_its_source(site: Web, instance: dg.DagsterInstance) -> None:
    """Would catch a source that fails without saying so where people look: on its own page."""
    [asset] = [
        one for one in source_assets if isinstance(one, dg.AssetsDefinition) and one.op.name.endswith("_hf")
    ]
    how = {
        "run_config": {"ops": {"sources__lmarena_hf": {"config": {"requests": ["text"]}}}},
        "resources": {"data": DataFolder()},
        "raise_on_error": False,
        "instance": instance,
    }
    fetched = dg.materialize([asset], **how)
    assert fetched.success
    passed = {one.check_name: one.passed for one in fetched.get_asset_check_evaluations()}
    assert set(passed) == set(names_of_checks(HF))
    assert passed["accepted"]

    site.says("/text", answer(b"<html>sign in</html>", media_type="text/html"))
    refused = dg.materialize([asset], **how)
    assert not refused.success
    [accepted] = [one for one in refused.get_asset_check_evaluations() if one.check_name == "accepted"]
    assert not accepted.passed
    assert accepted.severity == dg.AssetCheckSeverity.ERROR
    assert accepted.description is not None
    assert accepted.description.startswith("text: ")
    # And it is what people are told.
    [(step, line)] = notices.causes_of(instance, refused.dagster_run, None)
    assert step == "sources__lmarena_hf"
    assert "text/html; expected" in line


def test_every_source_has_its_own_checks() -> None:
    """Would catch a source, live or shipped, without a check."""
    live = [
        one for asset in source_assets if isinstance(asset, dg.AssetsDefinition) for one in asset.check_keys
    ]
    keys = {*live, *(spec.key for spec in shipped_source_checks.check_specs)}
    expected = {
        dg.AssetCheckKey(dg.AssetKey(["sources", source.id]), name)
        for source in all_sources()
        for name in names_of_checks(source)
    }
    assert keys == expected
    assert len(live_sources) < len(all_sources())
