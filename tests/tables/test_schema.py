"""The published file: what is declared is what is there, and what is promised is checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sources.errors import AigapError
from tests.fixtures import warehouses
from tests.fixtures.warehouses import OFFICIAL, OLD_MIRROR, Candidate, field_of, printed
from warehouse.builder import checks as audit
from warehouse.db import read_only, read_write
from warehouse.tables import DECLARED, TABLES
from warehouse.tables.fields import FIELDS, columns
from warehouse.tables.schema import Column, Table, header
from warehouse.tables.topics import TOPICS
from warehouse.workspace import PACKAGE as WAREHOUSE

NAMES = [table.full_name for table in TABLES]

OF_WORDS = [column for table in TABLES for column in table.columns if column.values]

every_table = pytest.mark.parametrize("table", TABLES, ids=NAMES)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(
        tmp_path_factory.mktemp("small"),
        printed(OLD_MIRROR, "2025-01-31", field_of(1300.0, 1260.0, standard_error=5.0)),
        printed(OFFICIAL, "2025-03-31", field_of(1310.0, 1280.0, standard_error=5.0)),
    )


@pytest.fixture
def candidate(small: Candidate, tmp_path: Path) -> Path:
    """A copy of the small warehouse that a test may break."""
    return small.copy(tmp_path)


@pytest.fixture
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    for schema in ("meta", "core"):
        con.execute(f"CREATE SCHEMA {schema}")
    yield con
    con.close()


# Declarations


def test_every_module_with_tables_is_a_topic_and_no_table_is_declared_twice() -> None:
    modules = {
        path.stem for path in (WAREHOUSE / "tables").glob("*.py") if "\nTABLES: tuple[" in path.read_text()
    }
    assert modules - {"__init__"} == set(TOPICS)
    names = [entry.full_name for entry in DECLARED]
    assert len(names) == len(set(names))


@every_table
def test_grain_and_rule_are_said_once_and_the_file_that_fills_the_table_is_there(table: Table) -> None:
    assert (WAREHOUSE / table.file).is_file()
    assert table.grain
    assert len(table.rule) > 20
    if not table.filled_by:
        assert (table.grain, table.rule) == header(table.file)


@every_table
def test_declaration_applies_with_its_comments(empty: duckdb.DuckDBPyConnection, table: Table) -> None:
    empty.execute(table.ddl())
    for statement in table.comments():
        empty.execute(statement)
    described = empty.sql(f"DESCRIBE {table.full_name}").fetchall()
    assert [(name, kind, null == "YES") for name, kind, null, *_ in described] == [
        (column.name, column.kind, column.nullable) for column in table.columns
    ]


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table.filled_by], ids=lambda table: table.full_name
)
def test_the_python_file_that_is_said_to_fill_a_table_knows_it(table: Table) -> None:
    assert re.search(rf"\b{table.name}\b", (WAREHOUSE / table.filled_by).read_text(encoding="utf-8"))


@pytest.mark.parametrize("column", OF_WORDS, ids=lambda column: column.name)
def test_a_column_of_words_takes_its_values_and_no_other(
    empty: duckdb.DuckDBPyConnection, column: Column
) -> None:
    empty.execute(f"CREATE TABLE words ({column.ddl()})")
    is_list = column.kind == "VARCHAR[]"
    for value in column.values:
        empty.execute("INSERT INTO words VALUES (?)", [[value] if is_list else value])
        assert value in column.comment
    with pytest.raises(duckdb.ConstraintException):
        empty.execute(
            "INSERT INTO words VALUES (?)", [[value, "no such word"] if is_list else "no such word"]
        )


def test_a_field_of_another_name_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(KeyError, match=r"no field us_modell; did you mean us_model"):
        columns("board us_modell")


def test_words_that_several_tables_share_are_in_the_catalogue() -> None:
    in_place = Counter(
        (column.name, column.kind, column.meaning)
        for table in TABLES
        for column in table.columns
        if column.name not in FIELDS
    )
    assert [name for name, times in in_place.items() if times > 1] == []


@every_table
def test_polars_types_are_what_duckdb_returns(empty: duckdb.DuckDBPyConnection, table: Table) -> None:
    empty.execute(table.ddl())
    returned = empty.sql(f"SELECT * FROM {table.full_name}").pl()
    assert dict(returned.schema) == table.polars_schema()


@every_table
def test_keys_and_references_name_columns_that_exist(table: Table) -> None:
    columns = {column.name for column in table.columns}
    by_name = {other.full_name: other for other in TABLES}
    assert len(columns) == len(table.columns)
    assert set(table.key) <= columns
    # A primary key holds no null; the audit, which groups, tells a null from every other value.
    nullable = {column.name for column in table.columns if column.nullable}
    assert not table.key_in_ddl or not nullable & set(table.key)
    for mine, other, theirs in table.references:
        assert set(mine) <= columns
        assert set(theirs) <= {column.name for column in by_name[other].columns}
        assert len(mine) == len(theirs)


# The built file


def test_every_table_and_column_of_the_file_has_a_comment(small: Candidate) -> None:
    tables = small.rows("SELECT schema_name || '.' || table_name AS name, comment FROM duckdb_tables()")
    assert sorted(line["name"] for line in tables) == sorted(NAMES)
    assert [line["name"] for line in tables if not line["comment"]] == []
    columns = small.rows(
        "SELECT schema_name || '.' || table_name || '.' || column_name AS name, comment FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name <> 'internal'"
    )
    assert len(columns) == sum(len(table.columns) for table in TABLES)
    assert [line["name"] for line in columns if not line["comment"]] == []


def test_comments_of_tables_say_what_a_row_is(small: Candidate) -> None:
    [line] = small.rows("SELECT comment FROM duckdb_tables() WHERE table_name = 'monthly_gap'")
    assert "One row: a month of one board, variant and category." in line["comment"]
    assert "Key: board, variant, category, month." in line["comment"]


def test_readers_of_duckdb_1_4_can_open_the_file(small: Candidate) -> None:
    [line] = small.rows(
        "SELECT tags['storage_version'] AS version FROM duckdb_databases() WHERE database_name = 'candidate'"
    )
    assert line["version"].startswith("v1.4.0")


def test_the_file_opens_by_itself_under_another_name(candidate: Path) -> None:
    with duckdb.connect(str(candidate), read_only=True) as con:
        assert not candidate.with_name(candidate.name + ".wal").exists()
        for table in TABLES:
            con.sql(f"SELECT * FROM {table.full_name}").fetchall()
        assert con.sql("SELECT count(*) FROM monthly_gap WHERE gap_points IS NOT NULL").fetchall() == [(2,)]


def test_dictionary_table_is_what_the_file_holds(small: Candidate) -> None:
    differing = small.rows(
        "SELECT m.table_name, m.column_name FROM meta.columns AS m FULL JOIN ("
        "SELECT schema_name || '.' || table_name AS table_name, column_name, column_index, data_type, is_nullable "
        "FROM duckdb_columns() WHERE NOT internal AND schema_name <> 'internal') AS d "
        "ON d.table_name = m.table_name AND d.column_name = m.column_name "
        "WHERE m.data_type IS DISTINCT FROM d.data_type OR m.position IS DISTINCT FROM d.column_index "
        "OR m.nullable IS DISTINCT FROM d.is_nullable"
    )
    assert differing == []


def test_every_gap_joins_to_its_two_scores_snapshot_and_input(shipped_build: Candidate) -> None:
    [line] = shipped_build.rows(
        "SELECT count(*) AS gaps, count(u.score) AS us, count(c.score) AS cn, count(s.snapshot_id) AS snapshots, "
        "count(i.input_id) AS inputs, count(o.source_id) AS sources, "
        "count(*) FILTER (g.us_score <> u.score OR g.cn_score <> c.score OR g.source_id <> s.source_id "
        "OR u.model_id <> g.us_model_id OR c.model_id <> g.cn_model_id) AS wrong "
        "FROM monthly_gap AS g "
        "LEFT JOIN core.scores AS u ON (u.snapshot_id, u.category, u.model_name) = "
        "(g.snapshot_id, g.category, g.us_model) "
        "LEFT JOIN core.scores AS c ON (c.snapshot_id, c.category, c.model_name) = "
        "(g.snapshot_id, g.category, g.cn_model) "
        "LEFT JOIN core.snapshots AS s ON s.snapshot_id = g.snapshot_id "
        "LEFT JOIN meta.inputs AS i ON i.input_id = s.input_id "
        "LEFT JOIN meta.sources AS o ON o.source_id = s.source_id "
        "WHERE g.gap_points IS NOT NULL"
    )
    assert line["gaps"] > 400
    assert line["wrong"] == 0
    assert {line["gaps"]} == {line[name] for name in ("us", "cn", "snapshots", "inputs", "sources")}


def test_shipped_history_passes_every_blocking_check(shipped_build: Candidate) -> None:
    assert shipped_build.stopped_by() == []


# Checks


def test_every_check_says_how_grave_it_is_what_it_is_about_and_why() -> None:
    checks = audit.sql_checks()
    assert len(checks) >= 10
    for check in checks:
        assert check.severity in ("block", "withhold", "warn"), check.name
        assert check.about in NAMES, check.name
        assert len(check.why) > 20, check.name


def test_every_table_has_its_key_checked_and_every_check_runs_with_some_step() -> None:
    names = {check.name for check in audit.all_checks()}
    assert len(names) == len(audit.all_checks())
    for table in TABLES:
        if table.full_name != "meta.checks":
            assert f"key_{table.full_name.replace('.', '_')}" in names
    from_steps = {check.name for check in audit.checks_about(set(NAMES))}
    assert from_steps == names


def test_a_check_without_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bare.sql").write_text("-- severity: block\n-- about: core.scores\nSELECT 1\n")
    with pytest.raises(AigapError, match=r"^bare.sql has no valid header"):
        audit.sql_checks(tmp_path)


EMPTY = "tables_are_filled"


def test_the_small_warehouse_passes_every_check_before_it_is_broken(candidate: Path) -> None:
    # one board of the arena: there is no index for a daily lag, no second vintage to revise a month
    assert [result.check.name for result in audit.run(candidate) if not result.passed] == [EMPTY]


BROKEN = {
    "key_core_scores": "INSERT INTO core.scores SELECT * FROM core.scores LIMIT 1",
    "key_core_publications": "INSERT INTO core.publications SELECT * FROM core.publications LIMIT 1",
    "reference_core_scores_snapshot_id": (
        "INSERT INTO core.scores SELECT * REPLACE ('nowhere' AS snapshot_id) FROM core.scores LIMIT 1"
    ),
    "reference_core_scores_model_id": "UPDATE core.scores SET model_id = 'nobody' WHERE model_name = 'gpt-4-0314'",
    "reference_main_monthly_gap_snapshot_id_category_us_model": (
        "UPDATE monthly_gap SET us_model = 'gpt-9' WHERE month = '2025-03-01' AND us_model IS NOT NULL"
    ),
    "reference_main_monthly_gap_snapshot_id_category_cn_model": (
        # a model of another snapshot: the one thing that must never be
        "UPDATE monthly_gap SET snapshot_id = (SELECT snapshot_id FROM core.snapshots WHERE source_id = "
        "'chatbot_arena_history'), published_on = '2025-03-02', cn_model = 'glm-4.5' WHERE month = '2025-03-01' "
        "AND us_model IS NOT NULL"
    ),
    "reference_main_monthly_gap_snapshot_id": (
        "UPDATE monthly_gap SET snapshot_id = 'nowhere' WHERE month = '2025-03-01' AND us_model IS NOT NULL"
    ),
    "reference_core_snapshots_input_id": "UPDATE core.snapshots SET input_id = 'nowhere'",
    "reference_meta_columns_derived_from": (
        "UPDATE meta.columns SET derived_from = ['core.country_leaders.points'] WHERE column_name = 'gap_points'"
    ),
    "spine_is_complete": "DELETE FROM monthly_gap WHERE month = '2025-02-01' AND variant = 'raw'",
    "gap_is_filled": "UPDATE monthly_gap SET status = 'no_cn_model'",
}


@pytest.mark.parametrize("check", BROKEN)
def test_a_broken_candidate_fails_the_check_that_is_there_for_it(candidate: Path, check: str) -> None:
    with read_write(candidate) as con:
        con.execute(BROKEN[check])
    [result] = audit.run(candidate, [found for found in audit.all_checks() if found.name == check])
    assert result.stops_release
    assert result.failing_rows > 0
    with pytest.raises(audit.AuditFailed, match=check):
        audit.raise_if_blocked(candidate, [result])


@pytest.mark.parametrize("check", [name for name in BROKEN if name.startswith("reference_core_scores")])
def test_a_broken_reference_is_found_among_those_that_hold(candidate: Path, check: str) -> None:
    """Would catch references that count as held because others into the same table do, or the reverse."""
    with read_write(candidate) as con:
        con.execute(BROKEN[check])
    references = [one for one in audit.all_checks() if one.refers_to]
    with read_only(candidate) as con:
        together = {result.check.name for result in audit.run_in(con, references) if not result.passed}
        alone = {one.name for one in references if not audit.run_in(con, [one])[0].passed}
    assert check in together
    assert together == alone < {one.name for one in references}


@pytest.mark.parametrize(
    "made",
    [
        "CREATE OR REPLACE TABLE core.models AS FROM twice",
        (
            "CREATE OR REPLACE TABLE core.models (model_id VARCHAR, place BIGINT, PRIMARY KEY (model_id, place)); "
            "INSERT INTO core.models SELECT model_id, row_number() OVER () FROM twice"
        ),
    ],
)
def test_a_key_is_checked_where_the_file_does_not_enforce_it(candidate: Path, made: str) -> None:
    """Would catch rows that are there twice in a file whose table was made without its key, or with another."""
    [key] = [check for check in audit.all_checks() if check.name == "key_core_models"]
    assert audit.run(candidate, [key])[0].passed
    with read_write(candidate) as con:
        con.execute("CREATE TEMP TABLE twice AS FROM core.models UNION ALL FROM core.models")
        con.execute(made)
    assert not audit.run(candidate, [key])[0].passed


def test_a_score_outside_its_bounds_is_pointed_out(candidate: Path) -> None:
    with read_write(candidate) as con:
        con.execute("UPDATE core.scores SET score_low = score + 5 WHERE model_name = 'yi-34b-chat'")
    failed = {
        result.check.name: result.check.severity for result in audit.run(candidate) if not result.passed
    }
    assert failed == {"bounds_hold_score": "warn", EMPTY: "warn"}


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE monthly_gap SET gap_points = gap_points + 0.01", id="gap is no difference"),
        pytest.param("UPDATE monthly_gap SET status = 'guessed'", id="unknown status"),
        pytest.param("UPDATE monthly_gap SET status = 'no_snapshot'", id="numbers without snapshot"),
        pytest.param("UPDATE monthly_gap SET month = month + 1 WHERE month = '2025-02-01'", id="mid-month"),
        pytest.param(
            "UPDATE monthly_gap SET published_on = published_on + 40 WHERE published_on IS NOT NULL",
            id="snapshot of another month",
        ),
        pytest.param("UPDATE monthly_gap SET us_win_probability = 1.2", id="no probability"),
        pytest.param("INSERT INTO monthly_gap SELECT * FROM monthly_gap LIMIT 1", id="month twice"),
        pytest.param("UPDATE core.gap_intervals SET gap_low = gap_high + 1", id="interval upside down"),
        pytest.param("UPDATE core.snapshots SET date_basis = 'guessed'", id="unknown date basis"),
    ],
)
def test_the_file_itself_takes_no_row_that_breaks_a_rule(candidate: Path, statement: str) -> None:
    with read_write(candidate) as con, pytest.raises(duckdb.ConstraintException):
        con.execute(statement)
