"""The command line on a small published release: refresh, read, roll back. No network.

What needs no process of its own runs in this one.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
import pytest

from sources.ingestion.archive import Archive
from sources.registry import get
from tests.fixtures import bodies
from tests.fixtures.clone import (
    DONE,
    GAPS,
    INTERRUPTED,
    NEW_DAY,
    NEW_MONTH,
    STOPPED,
    WRONG_USE,
    Clone,
    Refreshed,
    newer_listing,
    one_line,
    published_name,
    release_names,
    rows_of,
)
from tests.fixtures.command_line import aigap
from warehouse import release
from warehouse.read.report import report
from warehouse.workspace import Workspace

#: A run of long ago, and where a clone keeps its runs.
OLD, RUNS = "00000000-0000-0000-0000-000000000001", Path(".dagster", "history", "runs.db")


@pytest.fixture(scope="session")
def second(here: Clone, first: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """The same, and a second release with a sample file of a newer month. Not to be changed.

    Made from another working directory, below a relative path that no shell or glob takes as it is, in a
    locale without letters.
    """
    working = tmp_path_factory.mktemp("wörking")
    below = "Daten d'été [2]/für 差距"
    data = working / below
    data.parent.mkdir()
    first.copy(data)
    (working / "neuer Stand.parquet").write_bytes(newer_listing(here))
    with contextlib.chdir(here.root), dg.DagsterInstance.from_config(".") as instance:
        instance.add_run(dg.DagsterRun("collect", run_id=OLD, status=dg.DagsterRunStatus.SUCCESS))
    with contextlib.closing(sqlite3.connect(here.root / RUNS)) as records, records:
        records.execute("UPDATE runs SET update_timestamp = '2020-01-01 00:00:00' WHERE run_id = ?", [OLD])

    def run(*arguments: str) -> str:
        done = here.run(*arguments, data=below, cwd=working, environment={"LC_ALL": "C"})
        assert (done.returncode, done.stderr) == (DONE, "")
        return done.stdout

    taken = run("ingest", "lmarena_hf", "--request", "text", "neuer Stand.parquet")
    assert "lmarena_hf/text: new" in taken
    assert "1 of 1 accepted; next: aigap refresh" in taken
    return Refreshed(here, data, run("refresh"), published_name(data))


# Refresh


def test_refresh_shows_each_step_and_ends_with_what_was_published_and_what_to_do_next(
    first: Refreshed,
) -> None:
    lines = first.out.splitlines()
    steps = [line.split("  ")[1] for line in lines[1:8]]
    assert steps == ["observations", "core", "core checks", "estimates", "marts", "mart checks", "release"]
    assert all(line.endswith(" s)") for line in lines[1:8])
    assert f"published {first.name}" in lines
    assert any(line.strip() == f"in {first.data / 'aigap.duckdb'}" for line in lines)
    assert "aigap query" in lines[-1]


@pytest.mark.parametrize(("variant", "words"), [("raw", "raw"), ("style_control", "style control")])
def test_refresh_prints_the_latest_gap_of_the_warehouse(first: Refreshed, variant: str, words: str) -> None:
    _, rows = rows_of(
        first.data,
        "SELECT month, us_model, us_score, cn_model, cn_score, gap_points, month_is_open FROM monthly_gap "
        f"WHERE variant = '{variant}' AND gap_points IS NOT NULL ORDER BY month DESC LIMIT 1",
    )
    month, us_model, us_score, cn_model, cn_score, gap, is_open = rows[0]
    so_far = ", month was not over" if is_open else ""
    result = next(line for line in first.out.splitlines() if f" {words}{so_far}: " in line)
    leads = "the US leads" if gap > 0 else "China leads"
    assert f"latest {month:%Y-%m} {words}{so_far}: {leads} by {abs(gap):.1f} points" in result
    assert f"({us_model} {us_score:.1f}, {cn_model} {cn_score:.1f};" in result


def test_next_command_that_refresh_prints_can_be_run(first: Refreshed) -> None:
    sql = first.out.splitlines()[-1].split('"')[1]
    asked = aigap("query", sql, "--format", "csv", data=first.data)
    assert asked.returncode == DONE
    assert len(asked.stdout.splitlines()) > 20


def test_refresh_removes_runs_of_long_ago_itself(here: Clone, second: Refreshed) -> None:
    """Would catch an installation without a daemon whose records grow for ever."""
    with contextlib.closing(sqlite3.connect(here.root / RUNS)) as records:
        kept = {name for (name,) in records.execute("SELECT run_id FROM runs")}
    assert kept
    assert OLD not in kept


def test_second_run_says_nothing_is_new_and_publishes_nothing(here: Clone, first: Refreshed) -> None:
    before = sorted(path.name for path in (first.data / "releases").iterdir())
    # Of a publication that was killed.
    left = [first.data / "staging" / ".0f1e.tmp", first.data / "releases" / "aigap-20250101T000000Z-ee.json"]
    for path in left:
        path.write_text("{")
    again = here.run("refresh", data=first.data)
    assert (again.returncode, again.stderr) == (DONE, "")
    assert again.stdout.startswith(f"nothing new: {first.name} is built from exactly these inputs")
    assert "published nothing" in again.stdout
    assert sorted(path.name for path in (first.data / "releases").iterdir()) == before


def test_ctrl_c_during_a_step_ends_in_one_line_and_leaves_the_release(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    with here.start("refresh", "--force", data=data, options=("-u",)) as process:
        assert process.stdout is not None
        assert any("observations" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert "interrupted" in one_line(err)
    assert process.returncode == INTERRUPTED
    assert release_names(data) == [first.name]
    assert here.run("query", "SELECT count(*) FROM monthly_gap", data=data).returncode == DONE


def test_ctrl_c_while_the_orchestrator_loads_ends_in_one_line(here: Clone, tmp_path: Path) -> None:
    with here.start("refresh", data=tmp_path / "data", options=("-u",)) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("building")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert "interrupted" in one_line(err)
    assert process.returncode == INTERRUPTED


def test_refresh_and_rollback_of_a_held_folder_leave_at_once_in_one_line(
    second: Refreshed, tmp_path: Path
) -> None:
    data = second.copy(tmp_path / "data")
    with release.exclusive(Workspace(data)):
        for command in (["refresh", "--force"], ["rollback"]):
            refused = aigap(*command, data=data)
            assert refused.returncode == WRONG_USE
            assert "another refresh is at work" in one_line(refused.stderr)
            assert refused.stdout == ""
    assert published_name(data) == second.name


def test_data_folder_that_cannot_be_made_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = aigap("refresh", data=tmp_path / "file")
    assert refused.returncode == WRONG_USE
    assert "AIGAP_DATA_DIR" in one_line(refused.stderr)


def test_unknown_lab_at_the_top_stops_a_strict_release_with_the_line_to_add(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    unknown = bodies.hf_row(
        0, model_name="zeta-1-omega", organization="Zeta Lab", rating=1550.0, rating_lower=1545.0,
        rating_upper=1555.0, leaderboard_publish_date=NEW_DAY,
    )  # fmt: skip
    (tmp_path / "latest.parquet").write_bytes(newer_listing(here, unknown))
    here.run("ingest", "lmarena_hf", "--request", "text", str(tmp_path / "latest.parquet"), data=data)

    stopped = here.run("refresh", data=data, environment={"AIGAP_STRICT": "on"})

    assert stopped.returncode == STOPPED
    message, kept, still = stopped.stderr.splitlines()
    assert "unknown model zeta-1-omega (maker Zeta Lab) scores 1550.0" in message
    assert "one line in organizations.csv, for its maker, is enough" in message
    assert "zeta-lab,Zeta Lab,<country>,,,,Zeta Lab,,<where a person can check>" in message
    candidate = Path(kept.rpartition(": ")[2])
    assert candidate.is_relative_to(data / "staging")
    assert f"{first.name} stays published" in still
    assert release_names(data) == [first.name]
    assert published_name(data) == first.name
    with duckdb.connect(str(candidate), read_only=True) as con:
        found = con.execute("SELECT passed FROM meta.checks WHERE check_name = 'unresolved_near_top'")
        assert found.fetchall() == [(False,)]

    # Not strict: all that the name could not lead is published, and what is left out is said whole.
    done = here.run("refresh", data=data)
    assert done.returncode == DONE
    warning, *places, mend = done.stderr.splitlines()
    assert "zeta-lab,Zeta Lab,<country>,,,,Zeta Lab,,<where a person can check>" in warning
    assert places
    assert all("left out: arena_text" in place for place in places)
    assert mend == "aigap: warning: to mend it: aigap resolve"
    assert len(release_names(data)) == 2


# Ingest


def test_ingested_file_becomes_a_new_month_at_the_next_refresh(first: Refreshed, second: Refreshed) -> None:
    assert second.name != first.name
    assert "1 of them from the archive" in second.out
    assert f"latest {NEW_MONTH[:7]} raw" in second.out
    _, before = rows_of(first.data, GAPS)
    _, after = rows_of(second.data, GAPS)
    assert after[: len(before)] == before
    expected = ["2026-09-01", "2026-10-01", NEW_MONTH]
    assert [row[0].isoformat() for row in after[len(before) :]] == expected
    assert [row[1] for row in after[len(before) :]] == ["no_snapshot", "no_snapshot", "observed"]


def test_error_page_in_place_of_a_table_goes_to_quarantine_in_one_line(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    page = tmp_path / "latest.parquet"
    page.write_text("<!DOCTYPE html><html><body><h1>429 Too Many Requests</h1></body></html>\n")
    refused = here.run("ingest", "lmarena_hf", "--request", "text", str(page), data=data)
    assert refused.returncode == STOPPED
    assert refused.stderr.count("\n") == 1
    assert "quarantined" in refused.stderr
    assert "0 of 1 accepted; there is nothing to build from; " in refused.stdout
    result = json.loads(here.run("status", "--format", "json", data=data).stdout)
    # A local file is no answer of the source.
    assert result["failing"] == []
    assert {entry["last_error"] for entry in result["sources"]} == {None}
    assert [(entry["source_id"], entry["request"]) for entry in result["quarantined"]] == [
        ("lmarena_hf", "text")
    ]
    # Nothing that counts as an input came in.
    assert here.run("refresh", data=data).stdout.startswith("nothing new")
    assert published_name(data) == first.name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lmarena_hff", "{file}"], "no source named 'lmarena_hff'; expected one of lmarena_hf"),
        (["lmarena_hf", "--request", "txt", "{file}"], "no request named 'txt'; expected one of text"),
        (["lmarena_hf", "--request", "text", "{missing}"], "no file "),
    ],
    ids=["source", "request", "file"],
)
def test_ingest_of_an_unknown_source_request_or_file_archives_nothing(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "file.parquet").write_bytes(bodies.hf())
    filled = [
        each.format(file=tmp_path / "file.parquet", missing=tmp_path / "missing.parquet")
        for each in arguments
    ]
    refused = aigap("ingest", *filled, data=tmp_path / "data")
    assert refused.returncode == WRONG_USE
    assert message in one_line(refused.stderr)
    assert not (tmp_path / "data").exists()


def test_a_day_to_come_cannot_be_built(tmp_path: Path) -> None:
    """Would catch figures of today published as those of a day that nobody has seen."""
    refused = aigap("refresh", "--as-of", "2999-01-01", data=tmp_path / "data")
    assert refused.returncode == WRONG_USE
    assert "--as-of 2999-01-01 is to come; expected a day that has begun" in one_line(refused.stderr)
    assert not (tmp_path / "data").exists()


# Query


def test_csv_holds_what_the_warehouse_holds(first: Refreshed) -> None:
    asked = aigap("query", GAPS, "--format", "csv", data=first.data)
    names, rows = rows_of(first.data, GAPS)
    header, *found = list(csv.reader(io.StringIO(asked.stdout)))
    assert header == names
    assert found == [["" if cell is None else str(cell) for cell in row] for row in rows]
    points = names.index("gap_points")
    assert [float(row[points]) if row[points] else None for row in found] == [row[points] for row in rows]


def test_json_holds_what_the_warehouse_holds(first: Refreshed) -> None:
    asked = aigap("query", GAPS, "--format", "json", data=first.data)
    names, rows = rows_of(first.data, GAPS)
    assert json.loads(asked.stdout) == [
        {
            name: cell.isoformat() if isinstance(cell, date) else cell
            for name, cell in zip(names, row, strict=True)
        }
        for row in rows
    ]


@pytest.mark.parametrize("way", ["file", "pipe"])
def test_parquet_holds_what_the_warehouse_holds_with_its_types(
    here: Clone, first: Refreshed, tmp_path: Path, way: str
) -> None:
    target = tmp_path / "gaps.parquet"
    if way == "file":
        aigap("query", GAPS, "--format", "parquet", "--to", str(target), data=first.data)
    else:
        with target.open("wb") as pipe:
            subprocess.run(
                [sys.executable, "-m", "pipelines.cli", "query", GAPS, "--format", "parquet"],
                cwd=here.root,
                env=here.environment(first.data),
                stdout=pipe,
                check=True,
            )
    names, rows = rows_of(first.data, GAPS)
    found = pl.read_parquet(target)
    assert found.columns == names
    assert found.rows() == rows
    assert found.schema["month"] == pl.Date()
    assert found.schema["gap_points"] == pl.Float64()


@pytest.mark.parametrize(
    ("name", "said", "written"),
    [
        ("gaps.csv", (), "csv"),
        ("gaps.JSON", (), "json"),
        ("gaps.md", (), "markdown"),
        ("gaps.parquet", (), "parquet"),
        ("gaps.txt", (), "table"),
        ("gaps.csv", ("--format", "table"), "table"),
    ],
)
def test_file_is_of_the_format_that_its_ending_says(
    first: Refreshed, tmp_path: Path, name: str, said: tuple[str, ...], written: str
) -> None:
    """Would catch a text table in a file called .csv."""
    for target, options in ((tmp_path / name, said), (tmp_path / "same", ("--format", written))):
        aigap("query", GAPS, *options, "--to", str(target), data=first.data)
    assert (tmp_path / name).read_bytes() == (tmp_path / "same").read_bytes()


@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_table_and_markdown_show_every_row_whole(first: Refreshed, format_: str) -> None:
    asked = aigap("query", GAPS, "--format", format_, data=first.data)
    assert asked.returncode == DONE
    names, rows = rows_of(first.data, GAPS)
    lines = asked.stdout.splitlines()
    header = next(index for index, line in enumerate(lines) if "us_model" in line)
    assert all(name in lines[header] for name in names)
    shown = lines[header + 2 : header + 2 + len(rows)]
    for line, row in zip(shown, rows, strict=True):
        for cell in (row[0].isoformat(), row[1], row[2] or "", row[3] or ""):
            assert cell in line
    if format_ == "table":
        assert f"{len(rows)} rows" in lines[-1]


def test_json_is_json_whatever_the_cells_are(first: Refreshed) -> None:
    sql = (
        "SELECT 'nan'::DOUBLE AS a, '-inf'::DOUBLE AS b, MAP {DATE '2025-02-01': 1.5} AS c, "
        "[NULL, 'nan'::DOUBLE] AS d, 'Tëxt 通义' AS e, TRUE AS f, NULL AS g"
    )
    asked = aigap("query", sql, "--format", "json", data=first.data)

    def refuse(name: str) -> None:
        pytest.fail(f"{name} is not JSON")

    assert json.loads(asked.stdout, parse_constant=refuse) == [
        {
            "a": None, "b": None, "c": {"2025-02-01": 1.5}, "d": [None, None], "e": "Tëxt 通义",
            "f": True, "g": None,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("INSERT INTO monthly_gap SELECT * FROM monthly_gap", "read-only"),
        ("CREATE TEMP TABLE mine AS SELECT 1 AS n", "read-only"),
        ("UPDATE core.scores SET score = 0", "read-only"),
        ("COPY (SELECT 1) TO '{data}/aigap.duckdb'", "read-only"),
        ("EXPORT DATABASE '{data}/out'", "read-only"),
        ("ATTACH '{data}/other.duckdb'", "read-only"),
        ("INSTALL httpfs", "read-only"),
        ("SET enable_external_access = true", "read-only"),
        ("PRAGMA import_database('{data}')", "read-only"),
        ("CALL enable_logging(storage = 'file')", "read-only"),
        ("SELECT 1; COPY (SELECT 1) TO '{data}/x'", "2 statements"),
        ("EXPLAIN ANALYZE COPY (SELECT 1) TO '{data}/x'", "reads or writes a file"),
        ("FROM read_csv('/etc/passwd')", "reads or writes a file"),
        ("FROM read_text('{data}/latest.json')", "reads or writes a file"),
        ("FROM glob('{data}/*')", "reads or writes a file"),
        ("FROM '{data}/latest.json'", "reads or writes a file"),
        ("FROM enable_logging()", "locked"),
    ],
)
def test_a_query_reads_the_release_and_nothing_else(first: Refreshed, sql: str, message: str) -> None:
    """Would catch `COPY` over the published link, a file of the machine in an answer, an extension loaded."""
    before = sorted((path, path.lstat().st_mtime_ns) for path in first.data.rglob("*"))
    refused = aigap("query", sql.format(data=first.data), data=first.data)
    assert refused.returncode == WRONG_USE
    assert message in one_line(refused.stderr)
    assert refused.stdout == ""
    assert sorted((path, path.lstat().st_mtime_ns) for path in first.data.rglob("*")) == before


@pytest.mark.parametrize(
    ("option", "message"),
    [(("--timeout", "0.2"), "more than 0.2 s"), (("--memory", "30MB"), "larger --memory")],
    ids=["time", "memory"],
)
def test_a_query_is_stopped_at_its_limit(first: Refreshed, option: tuple[str, str], message: str) -> None:
    endless = (
        "SELECT list(a.range + b.range) FROM range(1000000) AS a, range(100000000) AS b GROUP BY a.range"
    )
    refused = aigap("query", endless, *option, data=first.data)
    assert refused.returncode == WRONG_USE
    assert message in one_line(refused.stderr)


def test_sql_is_read_from_a_file_or_standard_input(here: Clone, first: Refreshed, tmp_path: Path) -> None:
    file = tmp_path / "counted.sql"
    file.write_text("-- how many\nSELECT count(*) AS n\nFROM monthly_gap;\n", encoding="utf-8")
    asked = aigap("query", "--file", str(file), "-f", "csv", data=first.data)
    assert asked.stdout.startswith("n\r\n")
    for more in ([], ["-"]):
        piped = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "query", *more, "-f", "csv"],
            cwd=here.root,
            env=here.environment(first.data),
            stdin=file.open("rb"),
            stdout=subprocess.PIPE,
            check=True,
        )
        assert piped.stdout.decode() == asked.stdout
    both = aigap("query", "SELECT 1", "--file", str(file), data=first.data)
    assert "leave the other out" in one_line(both.stderr)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", "syntax error"),
        ("", "expected a SELECT"),
        ("/* nothing */", "expected a SELECT"),
        ("SELECT CAST('a' AS INTEGER)", "Could not convert"),
        # Names of the module that runs the query are no tables.
        ("SELECT * FROM json", "does not exist"),
    ],
    ids=["syntax", "empty", "comment", "cell", "python"],
)
def test_wrong_sql_is_reported_in_one_line(first: Refreshed, sql: str, message: str) -> None:
    refused = aigap("query", sql, data=first.data)
    assert refused.returncode == WRONG_USE
    assert message in one_line(refused.stderr)
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["SELECT CAST('a' AS INTEGER) AS n", "--format", "parquet", "--to", "{folder}/x"], "convert"),
        (["SELECT 1 AS n", "--to", "{folder}/missing/x"], "no folder "),
        (["SELECT 1 AS n", "--to", "{folder}"], "Is a directory"),
        (["SELECT 1 AS n, 2 AS n", "--format", "json"], "two columns are called n"),
    ],
    ids=["parquet", "folder", "directory", "twice"],
)
def test_result_that_cannot_be_written_is_reported_in_one_line(
    first: Refreshed, tmp_path: Path, arguments: list[str], message: str
) -> None:
    refused = aigap("query", *(each.format(folder=tmp_path) for each in arguments), data=first.data)
    assert refused.returncode in (STOPPED, WRONG_USE)
    assert message in one_line(refused.stderr)


@pytest.mark.parametrize("command", [["query", "SELECT 1"], ["check"], ["releases"], ["rollback"]])
def test_before_any_release_each_command_says_what_to_do(tmp_path: Path, command: list[str]) -> None:
    refused = aigap(*command, data=tmp_path / "data")
    assert refused.returncode == WRONG_USE
    assert "aigap re" in one_line(refused.stderr)


@pytest.mark.parametrize(
    "arguments",
    [["refrsh"], ["explain"], ["query", "SELECT 1", "--formt", "csv"], ["query", "SELECT 1", "-f", "xml"]],
    ids=["command", "missing", "option", "choice"],
)
def test_wrong_arguments_are_wrong_use_and_not_a_failure(tmp_path: Path, arguments: list[str]) -> None:
    refused = aigap(*arguments, data=tmp_path / "data")
    assert refused.returncode == WRONG_USE
    assert "Error: " in refused.stderr
    assert refused.stdout == ""


def test_pipe_that_closes_early_ends_quietly(here: Clone, first: Refreshed) -> None:
    many = "SELECT range AS n FROM range(300000)"
    with here.start("query", many, "--format", "csv", data=first.data) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().rstrip() == "n"
        process.stdout.close()
        assert process.stderr.read() == ""


# Status, releases, rollback


def test_status_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    result = aigap("status", data=tmp_path / "data")
    assert (result.returncode, result.stderr) == (DONE, "")
    assert "run: aigap refresh" in result.stdout
    assert not (tmp_path / "data").exists()


def test_status_shows_the_release_its_figures_and_each_source(first: Refreshed) -> None:
    result = aigap("status", data=first.data)
    assert (result.returncode, result.stderr) == (DONE, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("to do today")
    assert any(line.startswith(f"published  {first.name} ") for line in lines)
    assert [line.split()[2].strip(",:") for line in lines if line.startswith("latest")] == ["raw", "style"]
    assert any(line.split()[:3] == ["chatbot_arena_history", "1", "input;"] for line in lines)


def test_status_as_json_is_what_a_monitor_can_read(first: Refreshed) -> None:
    result = json.loads(aigap("status", "--format", "json", data=first.data).stdout)
    assert result["release"]["name"] == first.name
    assert result["release"]["path"] == str(first.data / "aigap.duckdb")
    assert {row["variant"] for row in result["release"]["summary"]["latest"]} == {"raw", "style_control"}
    ids = [source["source_id"] for source in result["sources"]]
    assert ids == sorted(ids)
    assert {"chatbot_arena_history", "lmarena_hf"} <= set(ids)
    assert result["quarantined"] == []


def test_source_that_was_fetched_since_the_release_is_not_overdue(first: Refreshed, tmp_path: Path) -> None:
    """Would catch every source called overdue because a check stops the builds."""
    workspace = Workspace(first.copy(tmp_path / "data"))
    source = get("lmarena_hf")
    assert source.cadence is not None

    def status_of_source(now: datetime) -> dict[str, Any]:
        [row] = [row for row in report(workspace, now)["sources"] if row["source_id"] == source.id]
        return row

    expected = datetime.fromisoformat(status_of_source(datetime.now(UTC))["next_expected"]).replace(
        tzinfo=UTC
    )
    late = expected + source.cadence
    assert f"overdue since {expected:%Y-%m-%d}" in status_of_source(late)["notes"]
    snapshot = bodies.snapshot(source.id, bodies.hf(), at=late - timedelta(days=1))
    archive = Archive(workspace.archive)
    # Of the past: it says nothing of today.
    archive.put(snapshot.body + b"0", replace(snapshot.receipt, key="a commit", fetched_at=late))
    assert f"overdue since {expected:%Y-%m-%d}" in status_of_source(late)["notes"]
    archive.put(snapshot.body, snapshot.receipt)
    assert not [note for note in status_of_source(late)["notes"] if note.startswith("overdue")]
    again = late - timedelta(days=1) + source.cadence
    assert f"overdue since {again:%Y-%m-%d}" in status_of_source(again + timedelta(seconds=1))["notes"]


def test_releases_are_listed_newest_first_with_a_mark_at_the_published(
    first: Refreshed, second: Refreshed
) -> None:
    result = aigap("releases", data=second.data)
    assert result.returncode == DONE
    lines = result.stdout.splitlines()
    assert [line[:1] for line in lines] == ["*", " "]
    assert [line[2:].split()[0] for line in lines] == [second.name, first.name]


def test_refresh_after_a_rollback_says_so_and_does_not_bring_the_release_back(
    here: Clone, first: Refreshed, second: Refreshed, tmp_path: Path
) -> None:
    data = second.copy(tmp_path / "data")
    back = here.run("rollback", data=data)
    assert back.returncode == DONE
    assert f"published is now {first.name}" in back.stdout
    assert published_name(data) == first.name

    again = here.run("refresh", data=data)
    assert (again.returncode, again.stderr) == (DONE, "")
    assert f"release {second.name}, which was rolled back; published nothing" in again.stdout
    assert published_name(data) == first.name

    # The way back that it printed.
    command = again.stdout.splitlines()[0].rpartition("aigap ")[2].split()
    assert here.run(*command, data=data).returncode == DONE
    assert published_name(data) == second.name


def test_published_warehouse_passes_its_own_checks(first: Refreshed) -> None:
    result = aigap("check", data=first.data)
    assert result.returncode == DONE, result.stderr
    assert result.stdout.splitlines()[-1].endswith(" 0 failed")


# Where and how it is run


def test_dagster_is_not_loaded_to_find_that_nothing_is_new(here: Clone, first: Refreshed) -> None:
    done = here.run("refresh", data=first.data, options=("-X", "importtime"))
    assert done.returncode == DONE
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert "dagster" not in imported


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "tr_TR.UTF-8"}, {"PYTHONIOENCODING": "latin-1"}],
    ids=["C", "Turkish", "Latin-1"],
)
def test_locale_changes_no_figure_and_breaks_no_command(
    here: Clone, first: Refreshed, environment: dict[str, str]
) -> None:
    # With a name whose letters the terminal may lack.
    sql = f"SELECT *, '通义 İ' AS odd FROM ({GAPS})"
    asked = here.run("query", sql, "--format", "json", data=first.data, environment=environment)
    assert (asked.returncode, asked.stderr) == (DONE, "")
    _, rows = rows_of(first.data, GAPS)
    assert [row["gap_points"] for row in json.loads(asked.stdout)] == [row[4] for row in rows]
    result = here.run("status", data=first.data, environment=environment)
    assert (result.returncode, result.stderr) == (DONE, "")
    assert f"published  {first.name}" in result.stdout


def test_clone_data_and_working_directory_may_be_anywhere_and_have_any_name(
    here: Clone, second: Refreshed
) -> None:
    working = second.data.parents[1]
    assert f"{second.data / 'aigap.duckdb'}" in second.out
    asked = here.run(
        "query", GAPS, "--format", "csv", data=str(second.data.relative_to(working)), cwd=working
    )
    assert asked.stdout.splitlines()[-1].startswith(NEW_MONTH)
    # Runs are kept with the clone, and nothing is left where the command was given.
    assert (here.root / ".dagster").is_dir()
    assert sorted(path.name for path in working.iterdir()) == ["Daten d'été [2]", "neuer Stand.parquet"]
