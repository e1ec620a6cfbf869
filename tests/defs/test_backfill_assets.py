"""Past publications in Dagster: a partition is a key, and nothing runs that nobody started."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.defs import backfill_assets
from sources.ingestion.archive import Archive
from sources.ingestion.revision_search import sources_with_revisions
from sources.ingestion.web.session import Session
from tests.fixtures import bodies, upstream_history
from tests.fixtures.upstream_history import commit
from tests.fixtures.web import Web, answer, web
from tests.ingestion.test_backfill import moment

NAME = "fboulnois/llm-leaderboard-csv"
SOURCE_ID = "llm_leaderboard_csv"
KEY = dg.AssetKey(["dated", SOURCE_ID])
HISTORY = [
    commit("a1", moment("2023-01-10T08:00"), csv___lmarena_text__csv=bodies.leaderboard().encode()),
    commit("b2", moment("2023-01-20T08:00"), csv___lmarena_text__csv=b"cut"),
]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """An upstream, with the environment that leads there."""
    with web() as served:
        upstream_history.github(served, NAME, HISTORY)
        addresses = tmp_path / "addresses.json"
        addresses.write_text(json.dumps(upstream_history.overrides(served)))
        monkeypatch.setenv("AIGAP_ADDRESS_OVERRIDES", str(addresses))
        monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
        # The process's own session remembers whether private addresses were allowed when it was made.
        with Session(retries=0, pace=0) as session:
            monkeypatch.setattr("sources.ingestion.web.session.shared_session", lambda: session)
            yield served


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def run(instance: dg.DagsterInstance, key: str) -> dg.ExecuteInProcessResult:
    instance.add_dynamic_partitions(SOURCE_ID, [key])
    # What the web UI starts when somebody chooses a partition of the asset.
    return defs.resolve_implicit_global_asset_job_def().execute_in_process(
        asset_selection=[KEY], partition_key=key, instance=instance, raise_on_error=False
    )


def test_a_partition_is_a_publication(site: Web, instance: dg.DagsterInstance, tmp_path: Path) -> None:
    """Would catch a partition that fetches today's bytes, or a data version that changes with the clock."""
    first = run(instance, HISTORY[0].sha)
    assert first.success
    (receipt,) = Archive(tmp_path / "data" / "archive").history(SOURCE_ID)
    assert (receipt.key, receipt.known_at) == (HISTORY[0].sha, HISTORY[0].at)
    event = instance.get_latest_materialization_event(KEY)
    assert event is not None
    materialization = event.asset_materialization
    assert materialization is not None
    assert materialization.partition == HISTORY[0].sha
    assert (materialization.tags or {})["dagster/data_version"] == receipt.sha256
    assert materialization.metadata["outcomes"].value == [f"{SOURCE_ID}/text: new (60 rows)"]
    assert materialization.metadata["known_at"].value == HISTORY[0].at.isoformat()
    assert run(instance, HISTORY[0].sha).success


def test_a_partition_of_a_commit_that_deleted_the_file_is_done(
    site: Web, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """Would catch a partition that stays red, and is tried for ever, because upstream removed a file once."""
    deleted = commit("d4", moment("2023-03-01T08:00"), csv___lmarena_text__csv=None)
    upstream_history.github(site, NAME, [*HISTORY, deleted])
    assert run(instance, deleted.sha).success
    event = instance.get_latest_materialization_event(KEY)
    assert event is not None
    assert event.asset_materialization is not None
    assert "gone" in str(event.asset_materialization.metadata["outcomes"].value)
    assert Archive(tmp_path / "data" / "archive").history(SOURCE_ID) == []


def test_a_partition_that_brings_nothing_fails_with_the_reason(
    site: Web, instance: dg.DagsterInstance
) -> None:
    """Would catch a green partition without bytes, or a reason that only a log holds."""
    for key, says in ((HISTORY[1].sha, "brought nothing usable"), ("HEAD", "no commit 'HEAD'")):
        result = run(instance, key)
        assert not result.success
        (failure,) = result.get_step_failure_events()
        assert failure.step_failure_data.error is not None
        cause = failure.step_failure_data.error
        while cause.cause is not None:
            cause = cause.cause
        assert says in cause.message
    assert instance.get_latest_materialization_event(KEY) is None


@pytest.mark.system  # asks for every key of every source
def test_the_sensor_makes_keys_known_and_starts_nothing(site: Web, instance: dg.DagsterInstance) -> None:
    """Would catch years fetched because somebody turned a sensor on, or one upstream's outage that hides the
    others' keys.
    """
    sensor = backfill_assets.backfill_sensor
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED
    assert sensor.minimum_interval_seconds == 24 * 60 * 60
    with dg.build_sensor_context(instance=instance) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult)
    assert not result.run_requests
    # The others' listings answer 404 here.
    (request,) = result.dynamic_partitions_requests or []
    assert (request.partitions_def_name, sorted(request.partition_keys)) == (
        SOURCE_ID,
        sorted(entry.sha for entry in HISTORY),
    )
    instance.add_dynamic_partitions(SOURCE_ID, list(request.partition_keys))
    with dg.build_sensor_context(instance=instance) as context:
        again = sensor(context)
    assert isinstance(again, dg.SkipReason)
    assert "no new keys" in (again.skip_message or "")
    assert "HTTP 404" in (again.skip_message or "")
    site.says(f"/api/repos/{NAME}/commits", answer(b"<html>", media_type="text/html"))
    with dg.build_sensor_context(instance=instance) as context:
        assert isinstance(sensor(context), dg.SkipReason)


def test_every_dated_source_has_an_asset() -> None:
    """Would catch a source that can be asked for its past on the command line only."""
    ids = [source.id for source in sources_with_revisions()]
    assert ids == [
        "aider", "arena_catalog", "arena_dataset_mirror", "arena_site_mirror", "chatbot_arena_history",
        "cherry_markdown", "epoch_tracker", "evalplus", "litellm_prices", "livebench", "llm_leaderboard_csv",
        "llm_stats", "lmarena_hf", "mmmu",
    ]  # fmt: skip
    assert [asset.key.path for asset in backfill_assets.backfill_assets] == [["dated", name] for name in ids]
    for asset, name in zip(backfill_assets.backfill_assets, ids, strict=True):
        assert isinstance(asset.partitions_def, dg.DynamicPartitionsDefinition)
        assert asset.partitions_def.name == name
        assert asset.group_names_by_key[asset.key] == "sources_past"
    assert backfill_assets.host_of("https://api.github.com/repos/a/b?c") == "api.github.com"
