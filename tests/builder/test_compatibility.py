"""The contract: a schema that breaks readers stops a publication, unless the major version says so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import OFFICIAL, Candidate, field_of, printed
from warehouse import release
from warehouse.builder import checks, compatibility, fillers, meta_frames, steps
from warehouse.builder.compatibility import PROMISED_META
from warehouse.db import read_only, read_write
from warehouse.switches import WHOLE_BUILD
from warehouse.tables import MACROS, SCHEMA_VERSION, TABLES
from warehouse.workspace import PACKAGE

MAJOR = int(SCHEMA_VERSION.split(".")[0])
NEXT_MAJOR = f"{MAJOR + 1}.0"
CHECK, UNREAD = "schema_is_compatible", "previous_is_read"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    boards = printed(OFFICIAL, "2025-03-31", field_of(1310.0, 1280.0, standard_error=5.0))
    return warehouses.warehouse(tmp_path_factory.mktemp("contract"), boards)


@pytest.fixture
def before(built: Candidate) -> Path:
    return built.staged.candidate


@pytest.fixture
def candidate(built: Candidate, tmp_path: Path) -> Path:
    return built.copy(tmp_path)


def held(candidate: Path, before: Path | None, name: str = CHECK) -> checks.Result:
    [check] = [found for found in checks.all_checks() if found.name == name]
    [result] = checks.run(candidate, [check], before)
    return result


def changed(candidate: Path, *statements: str) -> None:
    with read_write(candidate) as con:
        for statement in statements:
            con.execute(statement)


#: As `warehouse/macros` creates it, to be created with a change.
PAIR = (PACKAGE / "macros" / "gap_pair.sql").read_text(encoding="utf-8")
MONTHLY = "table_name = 'main.monthly_gap' AND column_name"

#: What a change of the declarations would do to the dictionary, and what the line must say of it.
BREAKS = {
    "column removed": (
        f"DELETE FROM meta.columns WHERE {MONTHLY} = 'gap_points'",
        (
            "main.monthly_gap.gap_points: found no such column, "
            f"expected type DOUBLE as in schema version {SCHEMA_VERSION}"
        ),
    ),
    "column renamed": (
        f"UPDATE meta.columns SET column_name = 'gap' WHERE {MONTHLY} = 'gap_points'",
        "main.monthly_gap.gap_points: found no such column (new columns: gap), expected type DOUBLE",
    ),
    "table removed": (
        "DELETE FROM meta.columns WHERE table_name = 'core.scores'",
        f"core.scores: found no such table, expected the table as in schema version {SCHEMA_VERSION}",
    ),
    "column retyped": (
        f"UPDATE meta.columns SET data_type = 'VARCHAR' WHERE {MONTHLY} = 'month'",
        "main.monthly_gap.month: found type VARCHAR, expected type DATE",
    ),
    "column may be null": (
        f"UPDATE meta.columns SET nullable = TRUE WHERE {MONTHLY} = 'status'",
        "main.monthly_gap.status: found may be null, expected never null",
    ),
    "unit changed": (
        f"UPDATE meta.columns SET unit = 'percent' WHERE {MONTHLY} = 'gap_points'",
        "main.monthly_gap.gap_points: found unit percent, expected unit points",
    ),
    "key shortened": (
        f"UPDATE meta.columns SET is_key = FALSE WHERE {MONTHLY} = 'category'",
        "main.monthly_gap.category: found not part of the key, expected part of the key",
    ),
    "key lengthened": (
        (
            "INSERT INTO meta.columns SELECT * REPLACE ('listing_rule' AS column_name, 99 AS position, "
            f"TRUE AS is_key) FROM meta.columns WHERE {MONTHLY} = 'category'"
        ),
        "main.monthly_gap.listing_rule: found part of the key, expected a key without it",
    ),
    "macro removed": (
        "DROP MACRO TABLE main.gap_as_of",
        f"main.gap_as_of(known_on): found no such macro, expected the macro as in schema version {SCHEMA_VERSION}",
    ),
    "argument of a macro renamed": (
        re.sub(r"\bb\)|= b$", lambda found: found[0].replace("b", "other"), PAIR, flags=re.M),
        "main.gap_pair(a, b): found no such macro, expected the macro",
    ),
    "column of a macro renamed": (
        PAIR.replace("AS a_win_probability", "AS a_wins"),
        "main.gap_pair(a, b).a_win_probability: found no such column (new columns: a_wins), expected type DOUBLE",
    ),
    "column of a macro retyped": (
        PAIR.replace("    month,", "    month::VARCHAR AS month,"),
        "main.gap_pair(a, b).month: found type VARCHAR, expected type DATE",
    ),
    "macro that cannot be called": (
        (
            "CREATE TABLE gone(i INTEGER); CREATE OR REPLACE MACRO main.gap_as_of(known_on) AS TABLE FROM gone; "
            "DROP TABLE gone"
        ),
        "main.gap_as_of(known_on): found no such macro",
    ),
}

HARMLESS = {
    "column added": "INSERT INTO meta.columns SELECT * REPLACE ('gap_rank' AS column_name, 99 AS position, "
    f"FALSE AS is_key, TRUE AS nullable) FROM meta.columns WHERE {MONTHLY} = 'category'",
    "table added": "INSERT INTO meta.columns SELECT * REPLACE ('main.weekly_gap' AS table_name) "
    "FROM meta.columns WHERE table_name = 'main.monthly_gap'",
    "column never null now": f"UPDATE meta.columns SET nullable = FALSE WHERE {MONTHLY} = 'gap_points'",
    "other words in a comment": f"UPDATE meta.columns SET comment = 'As before' WHERE {MONTHLY} = 'status'",
    "columns in another order": "UPDATE meta.columns SET position = 100 - position "
    "WHERE table_name = 'main.monthly_gap'",
    "column added to a macro": PAIR.replace("    month,", "    month, 1 AS rank,"),
    "macro added": PAIR.replace("main.gap_pair(a, b)", "main.gap_of(a, b)"),
    "table nobody was promised": "DELETE FROM meta.columns WHERE table_name = 'meta.identity_coverage'",
}


@pytest.mark.parametrize("name", BREAKS)
def test_an_unannounced_break_stops_and_says_what_and_where(candidate: Path, before: Path, name: str) -> None:
    statement, message = BREAKS[name]
    changed(candidate, statement)
    result = held(candidate, before)
    assert result.stops_release
    assert result.failing_rows == 1
    assert message in result.line()
    assert (
        f"raise SCHEMA_VERSION from {SCHEMA_VERSION} to {NEXT_MAJOR} and note the change in docs/contract.md"
        in result.line()
    )
    with pytest.raises(checks.AuditFailed, match=CHECK):
        checks.raise_if_blocked(candidate, [result])


@pytest.mark.parametrize("name", BREAKS)
def test_an_announced_break_passes(candidate: Path, before: Path, name: str) -> None:
    changed(candidate, BREAKS[name][0], f"UPDATE meta.release SET schema_version = '{NEXT_MAJOR}'")
    assert held(candidate, before).passed


def test_a_higher_minor_version_announces_no_break(candidate: Path, before: Path) -> None:
    changed(candidate, BREAKS["column removed"][0], f"UPDATE meta.release SET schema_version = '{MAJOR}.7'")
    assert held(candidate, before).stops_release


def test_going_back_to_an_older_program_is_no_announcement(candidate: Path, before: Path) -> None:
    changed(before := _copy(before, candidate), f"UPDATE meta.release SET schema_version = '{NEXT_MAJOR}'")
    changed(candidate, BREAKS["column removed"][0])
    assert held(candidate, before).stops_release


@pytest.mark.parametrize("name", HARMLESS)
def test_what_the_contract_allows_passes(candidate: Path, before: Path, name: str) -> None:
    changed(candidate, HARMLESS[name])
    assert held(candidate, before).passed


def test_the_first_release_and_one_after_an_unreadable_file_have_nothing_to_break(
    candidate: Path, tmp_path: Path
) -> None:
    changed(candidate, BREAKS["column removed"][0])
    assert held(candidate, None).passed
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"no database")
    for unread in (damaged, tmp_path / "missing.duckdb"):
        assert held(candidate, unread).passed
        warning = held(candidate, unread, UNREAD)
        assert f"the previous release {unread.name} cannot be read" in warning.line()
        assert not warning.stops_release
    assert held(candidate, None, UNREAD).passed


def test_a_file_before_that_can_be_read_is_no_warning(candidate: Path, before: Path) -> None:
    assert held(candidate, before, UNREAD).passed


def test_types_and_nulls_are_read_from_the_tables_not_from_what_the_file_says_of_itself(
    candidate: Path, before: Path
) -> None:
    earlier = _copy(before, candidate)
    # A file whose dictionary is wrong promised what its tables are.
    changed(earlier, f"UPDATE meta.columns SET data_type = 'BIGINT' WHERE {MONTHLY} = 'gap_points'")
    assert held(candidate, earlier).passed


def test_every_table_and_macro_that_is_promised_is_compared(before: Path) -> None:
    with read_only(before) as con:
        compared = set(compatibility.promised(con)["table_name"])
    promised = {table.full_name for table in TABLES if table.schema != "meta" or table.name in PROMISED_META}
    calls = {f"{macro.full_name}({', '.join(macro.arguments)})" for macro in MACROS}
    assert compared == promised | calls
    assert all(f"`meta.{name}`" in CONTRACT for name in PROMISED_META)
    assert all(f"`{macro.name}(" in CONTRACT for macro in MACROS)


CONTRACT = (Path(__file__).resolve().parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")


def test_the_version_is_two_numbers_and_the_contract_lists_it() -> None:
    major, minor = SCHEMA_VERSION.split(".")
    assert major.isdecimal()
    assert minor.isdecimal()
    assert f"- **{SCHEMA_VERSION}**" in CONTRACT


def test_publishing_compares_with_what_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = warehouses.warehouse(
        tmp_path, printed(OFFICIAL, "2025-03-31", field_of(1310.0, 1280.0, standard_error=5.0))
    )
    first.con.close()
    steps.publish(first.staged)
    workspace = first.staged.workspace
    published = release.current_file(workspace)

    def in_percent(build: object) -> pl.DataFrame:
        """The dictionary of a program that measures the gap in percent and says so nowhere else."""
        gap = (pl.col("table_name") == "main.monthly_gap") & (pl.col("column_name") == "gap_points")
        unit = pl.when(gap).then(pl.lit("percent")).otherwise(pl.col("unit"))
        return honest.with_columns(unit=unit)

    honest = meta_frames.columns()
    monkeypatch.setitem(fillers.FILLERS, "meta.columns", in_percent)
    # A change of the code itself would be seen.
    monkeypatch.setenv(WHOLE_BUILD, "1")
    second = warehouses.build(workspace, tmp_path / "history")
    assert second.stopped_by() == [CHECK]
    second.con.close()
    with pytest.raises(checks.AuditFailed, match=r"main\.monthly_gap\.gap_points: found unit percent"):
        steps.publish(second.staged)
    assert release.current_file(workspace) == published


def _copy(path: Path, beside: Path) -> Path:
    target = beside.with_name("before.duckdb")
    shutil.copy(path, target)
    return target
