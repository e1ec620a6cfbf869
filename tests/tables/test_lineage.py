"""Where tables and columns come from. Would catch a lineage that has fallen behind the SQL, a column traced to the
wrong side of a join, a declaration of what Python reads that the code does not keep, and a table filled before
what it is filled from.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipelines.defs import table_deps as for_dagster
from pipelines.defs.build_assets import CORE_ASSETS, table_key
from tests.fixtures import warehouses
from tests.fixtures.warehouses import OFFICIAL, OLD_MIRROR, field_of, printed
from warehouse.builder import core, derivation, sql_columns, steps
from warehouse.builder.derivation import NOT_DERIVED, QUERIES, STAGING
from warehouse.builder.sql_columns import Reader, Relation
from warehouse.tables import TABLES, lineage
from warehouse.tables.lineage import LineageError
from warehouse.tables.schema import Column, Table

ROOT = Path(__file__).resolve().parents[2]
NAMES = [declared.full_name for declared in TABLES]
FILLED_BY_SQL = [declared for declared in TABLES if derivation.sql_file(declared) is not None]


@pytest.fixture(scope="module")
def computed() -> dict[str, Relation]:
    return derivation.lineage()


# What is written


def test_the_written_lineage_is_up_to_date(computed: dict[str, Relation]) -> None:
    written = lineage.FILE.read_text(encoding="utf-8")
    assert written == derivation.to_json(computed), f"run {lineage.WRITTEN_BY}"


def test_every_table_and_column_is_in_it_in_its_order() -> None:
    for declared in TABLES:
        assert list(lineage.columns(declared.full_name)) == [column.name for column in declared.columns]


def test_what_it_does_not_know_is_one_clear_line() -> None:
    with pytest.raises(
        LineageError, match=r"lineage.json has no main.gap; .*python -m warehouse.builder.derivation"
    ):
        lineage.upstream("main.gap")
    with pytest.raises(LineageError, match=r"lineage.json has no main.monthly_gap.gap; expected"):
        lineage.derived_from("main.monthly_gap", "gap")


def test_a_refresh_never_imports_sqlglot() -> None:
    code = (
        "import sys, pipelines.definitions, pipelines.defs.table_deps, warehouse.builder.steps; "
        "print([name for name in sys.modules if name in ('sqlglot', 'warehouse.builder.derivation')])"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    # nor late, in a function
    for path in [*(ROOT / "warehouse").rglob("*.py"), *(ROOT / "pipelines").rglob("*.py")]:
        if path.stem not in ("derivation", "sql_columns"):
            named = [
                node
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if (
                    isinstance(node, ast.ImportFrom)
                    and (node.module or "").startswith(("sqlglot", "warehouse.deriv"))
                )
                or (
                    isinstance(node, ast.Import)
                    and any(name.name.startswith("sqlglot") for name in node.names)
                )
            ]
            assert named == [], path


def test_a_change_of_the_written_lineage_makes_another_release(tmp_path: Path) -> None:
    # meta.columns is filled from it
    from warehouse.builder.inputs import code_hash

    (tmp_path / "lineage.json").write_text("{}")
    before = code_hash(tmp_path)
    (tmp_path / "lineage.json").write_text('{"main.monthly_gap": {}}')
    assert code_hash(tmp_path) != before


# Verified by hand

LEADERS_SCORE = {"core.country_leaders.score"}
LAG_INPUTS = {
    "core.scores.released_on",
    "core.first_listed.first_listed_on",
    # whether the release day counts depends on the board
    "core.publications.board",
    "core.month_snapshots.board",
    "core.publications.published_on",
    "core.month_snapshots.published_on",
    "core.scores.score",
    "meta.parameters.value",
}
BY_HAND: dict[str, set[str]] = {
    "main.monthly_gap.gap_points": {"core.snapshot_gaps.gap_points"},
    "core.snapshot_gaps.gap_points": LEADERS_SCORE,
    "main.monthly_gap.gap_pct_of_cn": {"core.snapshot_gaps.gap_pct_of_cn"},
    "core.snapshot_gaps.gap_pct_of_cn": LEADERS_SCORE,
    # a CASE on the board's unit decides whether there is one
    "core.snapshot_gaps.us_win_probability": {*LEADERS_SCORE, "core.boards.unit"},
    "core.snapshot_gaps.logit_gap": {*LEADERS_SCORE, "core.boards.unit", "core.boards.ceiling"},
    "core.snapshot_gaps.gap_at_least": {
        *LEADERS_SCORE,
        "core.snapshot_categories.lowest_score",
        "core.snapshots.coverage",
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
        "meta.parameters.value",
    },
    "main.price_gap.snapshot_id": {"main.monthly_gap.snapshot_id", "core.publications.snapshot_id"},
    "main.gap_sensitivity.difference": {"core.snapshot_gaps.gap_points", "main.monthly_gap.gap_points"},
    # through unnest of a list of structs
    "main.chip_gap.ratio": {
        f"core.chips.{figure}"
        for figure in ("fp16_tensor_flops", "bf16_tensor_flops", "memory_bytes", "bandwidth_bytes_per_s")
    },
    "main.chip_gap.us_chip": {"core.chips.chip_name"},
    # one field of a struct that min_by carries, not all of them
    "core.country_leaders.model_name": {"core.scores.model_name"},
    "core.country_leaders.standard_error": {"core.scores.standard_error"},
    # through two staged tables, to what parsers returned
    "core.scores.score": {"observations.score"},
    "core.scores.standard_error": {
        "observations.standard_error",
        "observations.score_low",
        "observations.score_high",
    },
    "core.scores.model_id": {"core.model_names.model_id"},
    "core.scores.is_public": {
        "core.models.was_public",
        "core.models.public_from",
        "core.snapshots.published_on",
    },
    "core.snapshots.anchor": {"reference/anchors.csv.anchor", "observations.board"},
    "core.snapshots.printed_on": {"observations.published_on"},
    # a rank is its order
    "core.publications.is_last_of_day": {"core.snapshots.date_basis"},
    "core.prices.listing": {"observations.listed_name", "observations.provider", "observations.mode"},
    # a count is its filter
    "main.gap_triangulation.boards_us_leads": {"main.monthly_gap.gap_points"},
    # through a query that Python reads
    "core.gap_intervals.gap_low": {"core.scores.score", "core.scores.standard_error"},
    "main.monthly_lag.lag_months": LAG_INPUTS,
    "main.lag_summary.mean_low": {*LAG_INPUTS, "core.scores.standard_error"},
    "main.monthly_lag.us_model": {"core.scores.model_name"},
    # copied from a reference table, column by column
    "core.organizations.hq_country": {"reference/organizations.csv.hq_country"},
    "meta.inputs.sha256": {"observations.sha256"},
    "meta.source_status.last_error": {"archive.reason"},
}


@pytest.mark.parametrize("name", BY_HAND)
def test_column_derives_from(name: str) -> None:
    assert set(lineage.derived_from(*lineage.split(name))) == BY_HAND[name]


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        (
            "main.monthly_gap",
            (
                "core.gap_intervals core.month_snapshots core.publications core.snapshot_gaps meta.parameters "
                "meta.release"
            ),
        ),
        ("main.gap_revisions", "core.first_listed main.monthly_gap main.restated_gap"),
        ("core.month_snapshots", "core.publications"),
        ("core.scores", "core.model_names core.models core.snapshots meta.inputs observations"),
        ("main.claims", "reference/claims.csv"),
    ],
)
def test_table_is_filled_from(name: str, tables: str) -> None:
    assert lineage.upstream(name) == tuple(tables.split())


# Nothing is left out


def test_every_file_of_sql_is_read() -> None:
    files = {
        f"{path.parent.name}/{path.name}"
        for folder in ("staging", "core", "marts", "meta")
        for path in (ROOT / "warehouse" / folder).glob("*.sql")
    }
    filling = {
        path.relative_to(ROOT / "warehouse").as_posix()
        for table in TABLES
        if (path := derivation.sql_file(table))
    }
    assert files == {*filling, *STAGING, *QUERIES}


def test_a_column_that_derives_from_nothing_says_why() -> None:
    empty = {
        f"{name}.{column}"
        for name in NAMES
        for column, sources in lineage.columns(name).items()
        if not sources
    }
    explained = {name for name in empty if name in NOT_DERIVED or lineage.split(name)[0] in NOT_DERIVED}
    assert sorted(empty - explained) == []
    assert all(len(why.split()) > 1 for why in NOT_DERIVED.values())


def test_a_column_derives_only_from_tables_its_table_is_filled_from() -> None:
    for name in NAMES:
        tables = {table for sources in lineage.columns(name).values() for table, _ in sources}
        assert tables <= set(lineage.upstream(name)), name


def test_a_column_without_a_source_or_a_reason_is_refused() -> None:
    with pytest.raises(LineageError, match=r"^main.gap.mystery: derived from nothing"):
        derivation._account_for({**derivation.lineage(), "main.gap": Relation(set(), {"mystery": set()})})


SCORE = Column("score", "DOUBLE", "")
NOWHERE = Column("score", "DOUBLE", "", derived_from=("core.scores.points",))


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        pytest.param(
            Table("main", "made_up", "", (NOWHERE,), ()),
            r"main.made_up.score derives from core.scores.points, which does not exist",
            id="column",
        ),
        pytest.param(
            Table("main", "made_up", "", (SCORE,), (), filled_from=("core.points",)),
            r"main.made_up is declared as filled from core.points",
            id="table",
        ),
        pytest.param(
            Table("core", "scores", "", (SCORE,), (), filled_from=("core.models",)),
            r"core.scores declares what it derives from; expected that core/scores.sql alone tells it",
            id="told twice",
        ),
    ],
)
def test_a_declaration_that_cannot_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch, declared: Table, message: str
) -> None:
    tables = (*(table for table in TABLES if table.full_name != declared.full_name), declared)
    monkeypatch.setattr(derivation, "TABLES", tables)
    with pytest.raises(LineageError, match=message):
        derivation.lineage()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        pytest.param("INSERT INTO core.scores SELECT 1", "a statement insert", id="another statement"),
        pytest.param(
            "SELECT value FROM range(3) AS r(value)", "AS r(value), no relation", id="table function"
        ),
        pytest.param("SELECT gap FROM main.monthly_gap", "'gap' could not be resolved", id="no such column"),
    ],
)
def test_sql_that_cannot_be_followed_is_an_error_not_an_empty_lineage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str, message: str
) -> None:
    (tmp_path / "odd.sql").write_text(query)
    monkeypatch.setattr(sql_columns, "PACKAGE", tmp_path)
    with pytest.raises(LineageError, match=f"^odd.sql: .*{re.escape(message)}"):
        list(Reader("odd.sql", {}).relations())


# As it is built


class Recorder:
    """A connection that notes, in order, which tables each statement reads and which table it fills."""

    def __init__(self, con: duckdb.DuckDBPyConnection, steps_: list[tuple[str | None, set[str]]]) -> None:
        self._con = con
        self._steps = steps_

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def execute(self, query: str, parameters: Any = None) -> Any:
        self._note(query)
        return self._con.execute(query, parameters) if parameters is not None else self._con.execute(query)

    def sql(self, query: str, params: Any = None) -> Any:
        self._note(query)
        return self._con.sql(query, params=params)

    def _note(self, query: str) -> None:
        body = re.sub(r"--.*$", "", query, flags=re.MULTILINE).strip()
        filled = re.match(r"INSERT INTO (\w+\.\w+)(?: BY NAME)?\s", body)
        read = body[filled.end() :].strip() if filled else body
        if read.startswith(("SELECT", "WITH")):
            self._steps.append((filled[1] if filled else None, tables_read(read)))


def tables_read(query: str) -> set[str]:
    """The tables of a query as DuckDB itself parses it."""
    [(text,)] = duckdb.execute("SELECT json_serialize_sql(?)", [query]).fetchall()
    tables: set[str] = set()
    common: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                schema = node["schema_name"]
                tables.add(f"{schema}.{node['table_name']}" if schema else node["table_name"])
            common.update(entry["key"] for entry in (node.get("cte_map") or {}).get("map", ()))
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(child)

    parsed = json.loads(text)
    assert not parsed["error"], parsed
    walk(parsed)
    return tables - common


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str | None, set[str]]]:
    """Every statement of a small build that reads or fills a table; "" where a step begins."""
    noted: list[tuple[str | None, set[str]]] = []
    opened = core.read_write

    @contextmanager
    def recorded(path: Path) -> Iterator[Any]:
        with opened(path) as con:
            noted.append(("", set()))
            yield Recorder(con, noted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "read_write", recorded)
        warehouses.warehouse(
            tmp_path_factory.mktemp("lineage"),
            printed(OLD_MIRROR, "2025-01-31", field_of(1300.0, 1260.0, standard_error=5.0)),
            printed(OFFICIAL, "2025-03-31", field_of(1310.0, 1280.0, standard_error=5.0)),
        )
    return noted


@pytest.fixture(scope="module")
def filling_order(built: list[tuple[str | None, set[str]]]) -> list[str]:
    return [name for name, _ in built if name]


def test_every_table_is_filled_once(filling_order: list[str]) -> None:
    # meta.checks is written by the audit, after each step; meta.runs when the release is published
    assert sorted(filling_order) == sorted(set(NAMES) - {"meta.checks", "meta.runs"})


def test_nothing_is_filled_before_what_it_is_filled_from(filling_order: list[str]) -> None:
    place = {name: number for number, name in enumerate(filling_order)}
    wrong = [
        f"{name} before {other}"
        for name in filling_order
        for other in lineage.upstream(name)
        if other in place and place[other] > place[name]
    ]
    assert wrong == []


def test_there_is_no_cycle() -> None:
    order = TopologicalSorter({name: lineage.upstream(name) for name in NAMES})
    assert set(order.static_order()) >= set(NAMES)


def test_the_core_is_never_filled_from_a_mart() -> None:
    for name in steps.WITH_CORE:
        assert not set(lineage.upstream(name)) & steps.WITH_MARTS, name


@pytest.mark.parametrize("table", FILLED_BY_SQL, ids=lambda table: table.full_name)
def test_duckdb_reads_the_same_tables(
    built: list[tuple[str | None, set[str]]], table: Table, computed: dict[str, Relation]
) -> None:
    """DuckDB's own reading of each statement, against sqlglot's."""
    [names] = [names for name, names in built if name == table.full_name]
    file = derivation.sql_file(table)
    assert file is not None
    known: Mapping[str, Relation] = {**derivation.inputs(), **derivation.staged(), **_staging()}
    [(_, relation)] = Reader(file.relative_to(ROOT / "warehouse").as_posix(), known).relations()
    assert names == relation.filled_from


def test_duckdb_sees_the_tables_of_a_query() -> None:
    # the test above is worth what this reads
    query = (
        "WITH a AS (SELECT 1 FROM core.x) SELECT (SELECT max(v) FROM meta.p) FROM a JOIN listing USING (k)"
    )
    assert tables_read(query) == {"core.x", "meta.p", "listing"}


def _staging() -> dict[str, Relation]:
    known = {**derivation.inputs(), **derivation.staged()}
    for file in STAGING:
        known |= dict(Reader(file, known).relations())
    return known


def test_python_reads_only_what_the_declarations_say(built: list[tuple[str | None, set[str]]]) -> None:
    """What is asked between two fillings is for the next one; one question may serve several."""
    published = set(NAMES)
    asked: set[str] = set()
    checked = set()
    for name, names in built:
        if name is None:
            asked |= names & published
            continue
        if name == "main.claim_checks":
            assert asked <= set(lineage.upstream(name)), name
            assert asked, name
            checked.add(name)
        asked = set()
    assert len(checked) == 1


@pytest.mark.parametrize(
    ("file", "table"), [("interval_inputs", "core.gap_intervals"), ("lag_inputs", "main.monthly_lag")]
)
def test_estimates_declare_every_table_their_inputs_name(file: str, table: str) -> None:
    text = (ROOT / "warehouse" / "staging" / f"{file}.sql").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:FROM|JOIN) ((?:core|main|meta|internal)\.\w+)", text))
    views = {name for name in named if name.startswith("internal.")}
    behind = {behind for name in views for behind in _staging()[name].filled_from if behind not in _staging()}
    assert named - views | behind <= set(lineage.upstream(table))
    assert len(named) > 3


def test_the_claims_declare_every_table_their_code_names() -> None:
    code = (ROOT / "warehouse" / "compute" / "claim_checks.py").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:FROM|JOIN) ((?:core|main|meta)\.\w+)", code))
    assert named == set(lineage.upstream("main.claim_checks"))


# As published


def test_meta_columns_tells_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.sql("SELECT table_name, column_name, derived_from FROM meta.columns").fetchall()
    assert {(table, column): tuple(sources) for table, column, sources in rows} == {
        (name, column.name): lineage.derived_from(name, column.name)
        for name in NAMES
        for column in next(table for table in TABLES if table.full_name == name).columns
    }


# As Dagster has it

SHOWN = CORE_ASSETS | steps.WITH_MARTS


def test_assets_depend_on_what_their_tables_are_filled_from() -> None:
    assert for_dagster.deps_of("main.gap_revisions", SHOWN) == [
        table_key(name) for name in ("core.first_listed", "main.monthly_gap", "main.restated_gap")
    ]
    # a reference table is no asset
    assert for_dagster.deps_of("core.organizations", SHOWN) == []
    # meta.inputs is none either: what it is filled from is
    assert for_dagster.deps_of("core.chips", SHOWN) == [dg.AssetKey("observations")]
    # meta.release: the months run to the newest snapshot's
    assert dg.AssetKey("observations") in for_dagster.deps_of("main.monthly_gap", SHOWN)


def test_every_dependency_of_an_asset_is_an_asset() -> None:
    keys = {table_key(name) for name in SHOWN} | {dg.AssetKey("observations")}
    for name in SHOWN:
        assert set(for_dagster.deps_of(name, SHOWN)) <= keys
        columns = for_dagster.column_lineage(name, SHOWN).deps_by_column
        assert {dep.asset_key for deps in columns.values() for dep in deps} <= set(
            for_dagster.deps_of(name, SHOWN)
        ), name


def test_column_lineage_of_a_mart() -> None:
    columns = for_dagster.column_lineage("main.monthly_gap", SHOWN).deps_by_column
    assert list(columns) == list(lineage.columns("main.monthly_gap"))
    assert columns["gap_points"] == [dg.TableColumnDep(table_key("core.snapshot_gaps"), "gap_points")]
    # a parameter: a reference table behind a table that is no asset
    assert columns["listing"] == []
    # meta.release.latest_month is core.snapshots.published_on
    assert columns["month"] == [
        dg.TableColumnDep(table_key("core.publications"), "published_on"),
        dg.TableColumnDep(table_key("core.snapshots"), "published_on"),
    ]


def test_tables_of_one_step_are_yielded_after_what_they_are_filled_from() -> None:
    for names in (CORE_ASSETS, steps.WITH_MARTS):
        order = for_dagster.in_order(names)
        assert sorted(order) == sorted(names)
        place = {name: number for number, name in enumerate(order)}
        for name in names:
            assert all(place[other] < place[name] for other in lineage.upstream(name) if other in place)
