"""What the assets and their checks show in the web UI."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.defs import asset_checks, build_assets
from pipelines.defs.asset_keys import source_key
from pipelines.defs.fetch_frequency import frequency_of
from sources.contract.source import Source
from sources.ingestion import collect
from sources.registry import all_sources
from warehouse.builder import checks


def test_every_asset_has_an_owner_a_description_and_a_code_version() -> None:
    specs = list(defs.resolve_all_asset_specs())
    assert len(specs) > 40
    for spec in specs:
        name = spec.key.to_user_string()
        assert spec.group_name not in (None, "default"), name
        assert list(spec.owners) == ["team:aigap"], name
        assert spec.kinds, name
        assert spec.code_version, name
        assert len(spec.description or "") > 20, name


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.id)
def test_source_asset_has_its_licence_address_and_freshness_policy(source: Source) -> None:
    [spec] = [spec for spec in defs.resolve_all_asset_specs() if spec.key == source_key(source)]
    metadata: dict[str, Any] = {name: value.value for name, value in spec.metadata.items()}
    assert metadata["licence"] == source.origin.licence
    assert metadata["address"] == source.origin.address
    assert metadata["producer"] == source.origin.producer
    if collect.live_requests(source):
        assert spec.freshness_policy is not None
        assert spec.tags["aigap/asked"] == frequency_of(source).name
    else:
        assert spec.freshness_policy is None
        assert spec.tags["aigap/asked"] == "never"


def test_broken_key_shows_its_rows_and_its_query() -> None:
    query = "SELECT name, count(*) AS rows FROM core.models GROUP BY ALL HAVING count(*) > 1"
    declared = checks.Check("key_core_models", "block", "core.models", "one row a model", query, True)
    broken = checks.Result(declared, 1, [{"name": "zeta-1", "rows": 2}])
    key = dg.AssetCheckKey(dg.AssetKey(["core", "models"]), asset_checks.DECLARED)
    [result] = asset_checks.check_results([broken], [key])
    assert not result.passed
    rows, sql = (result.metadata[f"key_core_models: {name}"] for name in ("first_failing_rows", "sql"))
    assert isinstance(rows, dg.TableMetadataValue)
    assert rows.records[0].data == {"name": "zeta-1", "rows": 2}
    assert query in str(sql.value)


def test_every_table_has_a_check_of_its_own_keys_and_release_follows_every_table() -> None:
    """Would catch a broken key shown on another table than its own, or a release that does not wait for one."""
    graph = defs.resolve_asset_graph()
    tables = {key for key in graph.get_all_asset_keys() if key.path[0] in ("core", "main", "meta")}
    checked = {key.asset_key for key in graph.asset_check_keys if key.name == asset_checks.DECLARED}
    assert checked == tables
    assert tables <= graph.get_ancestor_asset_keys(dg.AssetKey("release"))
    about = {check.name for check in checks.all_checks() if not check.is_declared}
    assert about <= {key.name for key in graph.asset_check_keys}


def test_every_declared_check_is_shown_somewhere() -> None:
    """Would catch the key of a table that is no asset, broken and shown nowhere."""
    found = [checks.Result(check, 1, [{"name": "x"}]) for check in checks.declared_checks()]
    keys = list(defs.resolve_asset_graph().asset_check_keys)
    shown = asset_checks.check_results(found, keys, build_assets.CORE.unseen)
    said = " ".join(result.description or "" for result in shown)
    assert [result.check.name for result in found if result.check.name not in said] == []
