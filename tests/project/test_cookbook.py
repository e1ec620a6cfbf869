"""The cookbook beyond its queries: other clients, the notebook, Datasette, and readers across a publication.

`tests/project/test_readme.py` compares what it shows with what comes out.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.fixtures.documents import COOKBOOK, ROOT, documents, publish_copy, shown
from warehouse import release
from warehouse.builder import steps
from warehouse.db import read_write
from warehouse.release import Release
from warehouse.tables import MACROS, TABLES
from warehouse.workspace import Workspace

RECIPES = ROOT / "docs" / "cookbook"
#: An older DuckDB, put beside this one by `make env-dev`.
DUCKDB_1_4 = Path(sys.prefix) / "duckdb-1.4"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def environment(data: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "AIGAP_DATA_DIR": str(data), "PYTHONUTF8": "1", **more}


def run(*words: str | Path, data: Path, **how: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)],
        env=environment(data),
        capture_output=True,
        encoding="utf-8",
        **how,
    )


def test_each_question_has_an_answer() -> None:
    sections = re.split(r"(?m)^### (?=\d+\. )", COOKBOOK.read_text(encoding="utf-8"))[1:]
    assert [int(section.split(".")[0]) for section in sections] == list(range(1, len(sections) + 1))
    assert len(sections) >= 20
    answers = [one for one in shown(COOKBOOK) if one.output]
    for section in sections:
        assert any(one.text.strip() in section for one in answers), section.splitlines()[0]


def answer(question: str, con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """What the first query of the section called ``question`` gives on ``con``."""
    text = COOKBOOK.read_text(encoding="utf-8")
    [section] = re.findall(rf"(?ms)^### \d+\. {re.escape(question)}$(.*?)(?=^##)", text)
    [sql, *_] = [one.text for one in shown(COOKBOOK) if one.text in section]
    return con.sql(sql).fetchall()


@pytest.fixture
def china_ahead(shipped: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The shipped history, but for two tables: China leads clearly where it was nearest, and on every exam."""
    with duckdb.connect(str(shipped), read_only=True) as con:
        con.execute(
            "CREATE TEMP TABLE monthly_gap AS SELECT * REPLACE (gap_points - 60 AS gap_points, "
            "gap_low - 60 AS gap_low, gap_high - 60 AS gap_high, "
            "probability_us_leads / 100 AS probability_us_leads, "
            "gap_low - 60 <= 0 AND gap_high - 60 >= 0 AS is_tie) FROM main.monthly_gap"
        )
        con.execute(
            "CREATE TEMP TABLE gap_triangulation AS SELECT * REPLACE (if(kind = 'exam', -1, sign) AS sign) "
            "FROM main.gap_triangulation"
        )
        yield con


def test_answers_stay_right_where_china_leads(china_ahead: duckdb.DuckDBPyConnection) -> None:
    closest = answer("When did China come closest?", china_ahead)
    least = china_ahead.sql(
        "SELECT variant, min(abs(gap_points)) FROM monthly_gap WHERE board = 'arena_text' AND category = 'overall' "
        "GROUP BY variant ORDER BY variant"
    ).fetchall()
    assert [(variant, abs(gap)) for variant, _, gap, *_ in closest[::3]] == least
    ahead = answer("On which questions is China level or ahead?", china_ahead)
    assert [row for row in ahead if row[5] < 0], "a clear lead of China is left out"
    leads = answer("Where do the boards disagree?", china_ahead)
    exams = "SELECT count(*) FROM gap_triangulation WHERE kind = 'exam'"
    assert [(sum(months for _, kind, months, *_ in leads if kind == "exam"),)] == china_ahead.sql(
        exams
    ).fetchall()


def test_readers_of_duckdb_1_4_get_the_same_answers(
    shipped: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    if not DUCKDB_1_4.is_dir():
        pytest.skip(f"no DuckDB 1.4 in {DUCKDB_1_4}: make env-dev puts it there")
    queries = [one.text for document in documents() for one in shown(document) if one.kind == "sql"]
    queries += [entry.example for entry in (*TABLES, *MACROS)]
    program = (
        "import duckdb, json, sys; con = duckdb.connect(sys.argv[1], read_only=True); "
        "answers = [(r.columns, [[str(c) for c in row] for row in r.fetchall()]) "
        "for r in map(con.sql, json.load(sys.stdin))]; print(json.dumps([duckdb.__version__, answers]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(shipped)],
        env={**os.environ, "PYTHONPATH": str(DUCKDB_1_4), "PYTHONUTF8": "1"},
        input=json.dumps(queries),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    version, answers = json.loads(done.stdout)
    assert version.startswith("1.4.")
    for query, answer in zip(queries, answers, strict=True):
        relation = warehouse.sql(query)
        now = [relation.columns, [[str(cell) for cell in row] for row in relation.fetchall()]]
        assert answer == now, query


# The notebook


def test_every_cell_of_the_notebook_runs(published: Path) -> None:
    done = run(RECIPES / "gap.py", data=published)
    assert done.returncode == 0, done.stderr


def test_notebook_with_a_failing_cell_fails(published: Path, tmp_path: Path) -> None:
    text = (RECIPES / "gap.py").read_text(encoding="utf-8")
    broken = tmp_path / "gap.py"
    broken.write_text(
        text.replace("assert not months.is_empty()", "assert months.is_empty()"), encoding="utf-8"
    )
    done = run(broken, data=published)
    assert done.returncode != 0
    assert "AssertionError" in done.stderr


@pytest.mark.parametrize("series", ["arena_text raw french", "arena_text style_control overall"])
def test_notebook_finds_the_closest_month_and_who_led(
    series: str, published: Path, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = (RECIPES / "gap.py").read_text(encoding="utf-8")
    chosen = tmp_path / "gap.py"
    chosen.write_text(
        text.replace("arena_text style_control overall", series).replace(
            "app.run()", "print(*(cell.text for cell in app.run()[0] if isinstance(cell, marimo.Html)))"
        ),
        encoding="utf-8",
    )
    done = run(chosen, data=published)
    assert done.returncode == 0, done.stderr
    [(us, cn, gap)] = warehouse.execute(
        "SELECT us_model, cn_model, gap_points FROM monthly_gap WHERE concat_ws(' ', board, variant, category) = ? "
        "AND gap_points IS NOT NULL ORDER BY abs(gap_points) LIMIT 1",
        [series],
    ).fetchall()
    first, second = (us, cn) if gap > 0 else (cn, us)
    assert f"{first} led {second} by <strong>{abs(gap):.1f} points</strong>" in done.stdout


# SQLite and Datasette


@pytest.fixture(scope="module")
def sqlite_file(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sqlite") / "aigap.sqlite"
    done = run(RECIPES / "to_sqlite.py", target, data=published)
    assert done.returncode == 0, done.stderr
    return target


def test_sqlite_holds_every_row_of_every_table_of_main(
    sqlite_file: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    tables = warehouse.sql("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'").fetchall()
    assert len(tables) >= 20
    with sqlite3.connect(sqlite_file) as copy:
        for (name,) in tables:
            count = f"SELECT count(*) FROM {name}"
            assert copy.execute(count).fetchall() == warehouse.sql(count).fetchall(), name
        gaps = (
            "SELECT CAST(month AS VARCHAR), gap_points, is_tie FROM monthly_gap "
            "ORDER BY board, variant, category, month"
        )
        assert copy.execute(gaps).fetchall() == warehouse.sql(gaps).fetchall()


@contextmanager
def datasette(file: Path) -> Iterator[str]:
    """Datasette on a free port of loopback; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [
        "serve",
        file,
        "--metadata",
        file.with_suffix(".metadata.json"),
        "--host",
        "127.0.0.1",
        "--port",
        port,
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "datasette", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{address}/-/versions.json", timeout=5).close()
                    break
                except OSError:
                    assert process.poll() is None, process.communicate()[0].decode()
                    time.sleep(0.1)
            yield address
        finally:
            process.terminate()


@pytest.mark.system
def test_datasette_serves_the_gap_as_json_and_as_a_page(
    sqlite_file: Path, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    where = {"board": "arena_text", "category": "overall", "variant": "raw", "month": "2026-07-01"}
    condition = " AND ".join(f"{name} = '{value}'" for name, value in where.items())
    [(us_model, gap)] = warehouse.sql(
        f"SELECT us_model, gap_points FROM monthly_gap WHERE {condition}"
    ).fetchall()
    with datasette(sqlite_file) as address:
        asked = "&".join(f"{name}={value}" for name, value in where.items())
        with urllib.request.urlopen(
            f"{address}/aigap/monthly_gap.json?_shape=array&{asked}", timeout=30
        ) as answer:
            [row] = json.load(answer)
        assert (row["us_model"], row["gap_points"]) == (us_model, gap)
        if CHROMIUM is None:
            pytest.skip("no Chromium: the JSON was right, the page was not looked at")
        from playwright.sync_api import sync_playwright

        columns = "".join(f"&_col={name}" for name in ("status", "us_model", "cn_model", "gap_points"))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1180, "height": 880})
            page.goto(
                f"{address}/aigap/monthly_gap?board=arena_text&category=overall&variant=style_control"
                f"&_sort_desc=month&_size=8{columns}"
            )
            text = page.inner_text("body")
            page.screenshot(path=tmp_path / "datasette.png")
            browser.close()
    assert "The gap between the best US and the best Chinese model" in text
    assert "2026-08-01" in text


# Readers across a publication


def publish(workspace: Workspace, number: int) -> Release:
    """A release whose one table ``t`` holds ``number``."""
    candidate = workspace.staging / f"{number}.duckdb"
    candidate.parent.mkdir(parents=True, exist_ok=True)
    with read_write(candidate) as con:
        con.execute(f"CREATE TABLE t AS SELECT {number} AS number")
    return release.publish(workspace, candidate, release.new(workspace, f"{number:064d}", {}))


READER = """
import sys
from pathlib import Path
import duckdb
link = Path(sys.argv[1])
first = duckdb.connect(str(link), read_only=True)
asked = {
    "open": lambda: first,
    "second": lambda: duckdb.connect(str(link), read_only=True),
    "resolved": lambda: duckdb.connect(str(link.resolve()), read_only=True),
    "closed": lambda: (first.close(), duckdb.connect(str(link), read_only=True))[1],
}
for line in sys.stdin:
    print(asked[line.strip()]().execute("SELECT number FROM t").fetchone()[0], flush=True)
"""


@contextmanager
def reader(workspace: Workspace, **more: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(workspace.link)],
        env={**os.environ, **more},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ask(process: subprocess.Popen[str], how: str) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(how + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@pytest.mark.parametrize("version", ["2.0", "1.4"])
def test_open_connection_keeps_its_release_and_a_new_process_sees_the_new_one(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if version == "1.4" and not DUCKDB_1_4.is_dir():
        pytest.skip(f"no DuckDB 1.4 in {DUCKDB_1_4}: make env-dev puts it there")
    path = {"PYTHONPATH": str(DUCKDB_1_4)} if version == "1.4" else {}
    monkeypatch.setenv("AIGAP_KEEP_RELEASES", "1")
    workspace = Workspace(tmp_path / "data")
    first = publish(workspace, 1)
    with reader(workspace, **path) as before:
        assert ask(before, "open") == 1
        publish(workspace, 2)
        publish(workspace, 3)
        assert not first.path(workspace).exists()
        assert ask(before, "open") == 1, "an open connection changed its release"
        # What docs/dashboards.md says of a second connection beside an open one.
        assert ask(before, "second") == {"2.0": 3, "1.4": 1}[version]
        assert ask(before, "resolved") == 3
        with reader(workspace, **path) as after:
            assert ask(after, "open") == 3
        assert ask(before, "open") == 1
        assert ask(before, "closed") == 3


def test_dashboard_says_who_leads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "aigap.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute(
            "CREATE TABLE monthly_gap_filled AS SELECT 'arena_text' AS board, 'overall' AS category, "
            "DATE '2026-08-01' AS month, month AS from_month, 'ours' AS us_model, 'theirs' AS cn_model, * "
            "FROM (VALUES ('a', 12.5, 1.7, 24.7), ('b', -5.6, -40.3, 25.7), ('c', 0.0, NULL, NULL)) "
            "AS v(variant, gap_points, gap_low, gap_high)"
        )
    runpy.run_path(str(RECIPES / "dashboard.py"))["draw"](file)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  2026-08 a: ours leads theirs by 12.5 points, US lead 1.7 to 24.7 (95 %)",
        "  2026-08 b: theirs leads ours by 5.6 points, US lead -40.3 to 25.7 (95 %)",
        "  2026-08 c: ours and theirs are level",
    ]


def test_dashboard_draws_again_when_a_release_is_published(shipped: Path, tmp_path: Path) -> None:
    workspace = Workspace(publish_copy(shipped, tmp_path / "data"))
    words = [sys.executable, str(RECIPES / "dashboard.py"), "0.1"]
    with subprocess.Popen(
        words, env=environment(workspace.data), stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            drawn = [process.stdout.readline() for _ in range(3)]
            assert drawn[0].strip() == workspace.link.resolve().stem
            copy = workspace.staging / "candidate.duckdb"
            shutil.copy(shipped, copy)
            published_now = release.publish(
                workspace, copy, release.new(workspace, "1" * 64, steps.summarize(shipped))
            )
            again = [process.stdout.readline() for _ in range(3)]
        finally:
            process.kill()
    assert again[0].strip() == published_now.name
    assert drawn[1:] == again[1:]
    shows = (ROOT / "docs" / "dashboards.md").read_text(encoding="utf-8")
    assert "".join(drawn[1:]) in shows
