"""Imports run one way. Would catch a contract of `[tool.importlinter]` that was switched off or lets everything pass.

That the code keeps the contracts is for `make lint`; here each must break on one bad import.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.clone import copy_program

ROOT = Path(__file__).resolve().parents[2]
#: One bad import for each contract: where it stands, what it imports, and the contract it breaks.
BAD = (
    ("sources/bad.py", "import warehouse.workspace", "Imports run one way"),
    ("sources/parsing/bad.py", "import sources.ingestion.web.session", "A source reads with parsing"),
    ("sources/contract/bad.py", "import duckdb", "needs no scheduler and no database"),
    ("warehouse/tables/bad.py", "import warehouse.builder.steps", "Rooms of the warehouse"),
    ("warehouse/read/bad.py", "import requests", "is a function of its inputs"),
    ("pipelines/runtime/bad.py", "import pipelines.cli.console", "The command line stands on"),
    (
        "pipelines/runtime/worse.py",
        "def late():\n    import pipelines.defs.build_job",
        "No circle of imports",
    ),
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the code with every import of `BAD` in it."""
    copy = copy_program(tmp_path_factory.mktemp("tree"), "history")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, statement, _ in BAD:
        (copy / file).write_text(f"{statement}\n")
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=copy,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(copy)},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(("file", "statement", "contract"), BAD, ids=[contract for _, _, contract in BAD])
def test_each_contract_breaks_on_a_bad_import(report: str, file: str, statement: str, contract: str) -> None:
    assert contract in report
    broken = report.split("Broken contracts", 1)[1]
    assert contract in broken
