"""The worked example of docs/extending.md: one file in ``sources/`` brings a leaderboard into the warehouse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fixtures.clone import copy_program, run_python

#: Runs a clone of its own, many processes.
pytestmark = pytest.mark.system

ROOT = Path(__file__).resolve().parents[2]
TABLE = """model,maker,percent_solved,day
gpt-4o-2024-05-13,OpenAI,61.5,2026-03-01
deepseek-r1,DeepSeek,58,2026-03-01
mistral-large-2411,Mistral,40,2026-03-01
"""
BUILD = """
from warehouse.builder import steps
from warehouse.workspace import Workspace

staged = steps.stage(Workspace.from_environment())
steps.observe(staged)
steps.core(staged)
steps.marts(staged)
import duckdb

con = duckdb.connect(str(staged.candidate), read_only=True)
gap = "SELECT us_model, cn_model, gap_points, status FROM monthly_gap WHERE board = 'riddles'"
print(con.sql(gap + " AND month = '2026-03-01'").fetchall())
print(con.sql("SELECT unit, kind FROM core.boards WHERE board = 'riddles'").fetchall())
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the example's file in it and without the shipped history."""
    copy = copy_program(tmp_path_factory.mktemp("tree"), "history")
    found = re.search(
        r"```python\n(# sources/riddles\.py\n.*?)```",
        (ROOT / "docs" / "extending.md").read_text(),
        flags=re.DOTALL,
    )
    assert found, "docs/extending.md no longer shows sources/riddles.py"
    (copy / "sources" / "riddles.py").write_text(found[1])
    (copy / "table.csv").write_text(TABLE)
    return copy


def test_the_example_reads_is_ingested_and_becomes_a_monthly_gap(tree: Path) -> None:
    taken = run_python(tree, "-m", "pipelines.cli", "ingest", "riddles", "table.csv")
    assert (taken.returncode, "1 of 1 accepted" in taken.stdout) == (0, True), taken.stderr
    built = run_python(tree, "-c", BUILD)
    assert built.returncode == 0, built.stderr
    assert "[('gpt-4o-2024-05-13', 'deepseek-r1', 3.5, 'observed')]" in built.stdout
    assert "[('percent', 'exam')]" in built.stdout


def test_a_renamed_column_of_the_example_is_quarantined_with_one_line(tree: Path) -> None:
    (tree / "renamed.csv").write_text(TABLE.replace("percent_solved", "share"))
    refused = run_python(tree, "-m", "pipelines.cli", "ingest", "riddles", "renamed.csv")
    assert refused.returncode == 1
    assert "share" in refused.stderr
    assert "Traceback" not in refused.stderr
