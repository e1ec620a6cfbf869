"""Where columns come from. Would catch a lineage that has fallen behind the SQL, a column traced to the wrong side of a
join, and a program that does not start without the file.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.defs import table_deps
from pipelines.defs.build_assets import CORE_ASSETS, SHOWN, table_key
from warehouse import lineage
from warehouse.builder import graph, meta_frames, steps
from warehouse.builder.column_lineage import column_lineage, reads_to_json, to_json
from warehouse.builder.inputs import code_hash
from warehouse.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
NAMES = [declared.full_name for declared in TABLES]


def test_the_written_lineage_is_up_to_date() -> None:
    written = lineage.FILE.read_text(encoding="utf-8")
    assert written == to_json(column_lineage()), f"stale: run {lineage.WRITTEN_BY}"


def test_what_shipped_queries_read_is_up_to_date() -> None:
    """Would catch a refresh that parses all of them, each time, since their text has changed."""
    written = graph.FILE.read_text(encoding="utf-8")
    assert written == reads_to_json(), f"stale: run {lineage.WRITTEN_BY}"
    assert {graph.digest(query) for query in graph.view_queries().values()} <= graph._shipped().keys()


@pytest.mark.parametrize("text", [None, "{", '{"main.gone": {"gap": ["core.scores.score"]}}'])
def test_a_missing_or_stale_lineage_stops_nothing(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text is not None:
        (tmp_path / "lineage.json").write_text(text)
    monkeypatch.setattr(lineage, "FILE", tmp_path / "lineage.json")
    lineage._known.cache_clear()
    try:
        assert lineage.derived_from("main.monthly_gap", "gap_points") == ()
        assert meta_frames.columns()["derived_from"].list.len().sum() == 0
        assert table_deps.column_lineage("main.monthly_gap", SHOWN).deps_by_column == {}
    finally:
        lineage._known.cache_clear()


def test_a_refresh_never_imports_sqlglot() -> None:
    code = (
        "import sys, pipelines.definitions, pipelines.defs.table_deps, warehouse.builder.steps; "
        "print([name for name in sys.modules if name in ('sqlglot', 'warehouse.builder.column_lineage')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_change_of_the_written_lineage_makes_another_release(tmp_path: Path) -> None:
    # meta.columns is filled from it
    (tmp_path / "lineage.json").write_text("{}")
    before = code_hash(tmp_path)
    (tmp_path / "lineage.json").write_text('{"main.monthly_gap": {}}')
    assert code_hash(tmp_path) != before


# Verified by hand

LEADERS_SCORE = {"core.country_leaders.score"}
BY_HAND: dict[str, set[str]] = {
    "core.snapshot_gaps.gap_points": LEADERS_SCORE,
    "main.monthly_gap.gap_points": {"core.snapshot_gaps.gap_points"},
    "core.snapshot_gaps.gap_pct_of_cn": LEADERS_SCORE,
    # a CASE on the board's unit decides whether there is one
    "core.snapshot_gaps.us_win_probability": {*LEADERS_SCORE, "core.boards.unit"},
    "core.snapshot_gaps.logit_gap": {*LEADERS_SCORE, "core.boards.unit", "core.boards.ceiling"},
    "core.snapshot_gaps.gap_at_least": {
        *LEADERS_SCORE,
        "core.snapshot_categories.highest_unlisted",
    },
    "core.snapshot_gaps.us_organization_id": {"core.models.organization_id"},
    "main.monthly_gap.probability_us_leads": {"core.gap_intervals.probability_a_leads"},
    # the side of a self join: carried from g, not from the month itself
    "main.monthly_gap_filled.age_months": {"main.monthly_gap.month"},
    "main.restated_gap.gap_points": {"main.frontier.score"},
    # through a UNION whose sides name the column differently
    "main.restated_gap.then_variant": {"main.monthly_gap.variant"},
    # through the alias of another column of the same SELECT
    "main.restated_gap.leader_then_missing": {
        "main.monthly_gap.us_model_id",
        "main.monthly_gap.cn_model_id",
        "core.scores.model_id",
    },
    "main.price_gap.blended_usd_per_mtok": {
        "core.prices.input_usd_per_mtok",
        "core.prices.output_usd_per_mtok",
        # the parts 3 : 1
        "meta.parameters.name",
        "meta.parameters.value",
    },
    "main.price_gap.snapshot_id": {"main.monthly_gap.snapshot_id", "core.publications.snapshot_id"},
    "main.gap_sensitivity.difference": {"core.snapshot_gaps.gap_points", "main.monthly_gap.gap_points"},
    # through a CASE over joined values
    "main.chip_gap.ratio": {
        "core.chips.fp16_tensor_flops",
        "core.chips.bf16_tensor_flops",
        "core.chips.memory_bytes",
        "core.chips.bandwidth_bytes_per_s",
        # where no tensor rate is printed
        "core.chips.fp16_flops",
        "core.chip_makers.plain_fp16_is_dense",
    },
    # the score it is chosen by is compared in a join, which is not followed
    "core.country_leaders.model_name": {"core.scores.model_name"},
    "core.country_leaders.standard_error": {
        "core.scores.standard_error",
        "core.scores.model_name",
        "core.scores.score",
    },
    # through two staged tables, to what parsers returned
    "core.scores.score": {"observations.score"},
    "core.scores.standard_error": {
        "observations.standard_error",
        "observations.score_low",
        "observations.score_high",
        # a score that is fixed by definition has none
        "observations.score",
        "core.fixed_scores.score",
    },
    "core.scores.model_id": {"core.model_names.model_id"},
    "core.scores.is_public": {
        "core.models.was_public",
        "core.models.public_from",
        "core.models.public_to",
        "core.suspensions.model_id",
        "core.snapshots.published_on",
    },
    "core.snapshots.anchor": {"reference/anchors.csv.anchor", "observations.board"},
    "core.snapshots.printed_on": {"observations.published_on"},
    # a rank is its order within its partition
    "core.prices.listing": {
        *(f"observations.{column}" for column in ("listed_name", "provider", "mode", "input_id"))
    },
    # a count is its filter
    "main.gap_triangulation.boards_us_leads": {"main.monthly_gap.gap_points"},
    "meta.source_status.last_error": {"archive.reason"},
}


@pytest.mark.parametrize("name", BY_HAND)
def test_column_derives_from(name: str) -> None:
    assert set(lineage.derived_from(*lineage.split(name))) == BY_HAND[name]


def test_a_column_derives_only_from_tables_its_table_reads() -> None:
    # sqlglot's reading of the SQL against DuckDB's
    for name in NAMES:
        tables = {table for sources in lineage.columns(name).values() for table, _ in sources}
        assert tables <= set(graph.upstream(name)), name


def test_meta_columns_has_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.sql("SELECT table_name, column_name, derived_from FROM meta.columns").fetchall()
    assert {(table, column): tuple(sources) for table, column, sources in rows} == {
        (declared.full_name, column.name): lineage.derived_from(declared.full_name, column.name)
        for declared in TABLES
        for column in declared.columns
    }


# As Dagster has it


def test_assets_depend_on_what_their_tables_are_filled_from() -> None:
    assert table_deps.deps_of("main.gap_revisions", SHOWN) == [
        table_key(name) for name in ("core.first_listed", "main.monthly_gap", "main.restated_gap")
    ]
    # a reference table is no asset
    assert table_deps.deps_of("core.organizations", SHOWN) == []
    # meta.inputs is none either: what it is filled from is
    assert table_deps.deps_of("core.chips", SHOWN) == [dg.AssetKey("observations")]
    # meta.release: the months run to the newest snapshot's
    assert dg.AssetKey("observations") in table_deps.deps_of("main.monthly_gap", SHOWN)


def test_every_dependency_of_an_asset_is_an_asset() -> None:
    keys = {table_key(name) for name in SHOWN} | {dg.AssetKey("observations")}
    for name in SHOWN:
        assert set(table_deps.deps_of(name, SHOWN)) <= keys
        columns = table_deps.column_lineage(name, SHOWN).deps_by_column
        assert {dep.asset_key for deps in columns.values() for dep in deps} <= set(
            table_deps.deps_of(name, SHOWN)
        ), name


def test_column_lineage_of_a_mart() -> None:
    columns = table_deps.column_lineage("main.monthly_gap", SHOWN).deps_by_column
    assert list(columns) == list(lineage.columns("main.monthly_gap"))
    assert columns["gap_points"] == [dg.TableColumnDep(table_key("core.snapshot_gaps"), "gap_points")]
    # a parameter: a reference table behind a table that is no asset
    assert columns["listing"] == []
    # Python fills meta.release, whose latest month is the other end of the months
    assert columns["month"] == [
        dg.TableColumnDep(table_key(name), "published_on") for name in ("core.publications", "meta.withheld")
    ]


def test_tables_of_one_step_are_yielded_after_what_they_are_filled_from() -> None:
    for names in (CORE_ASSETS, steps.WITH_MARTS):
        order = table_deps.in_order(names)
        assert sorted(order) == sorted(names)
        place = {name: number for number, name in enumerate(order)}
        for name in names:
            assert all(place[other] < place[name] for other in graph.upstream(name) if other in place)
