"""Imports run one way: pipelines -> warehouse -> sources. Would catch a parser that needs a database, a
mart that needs the scheduler, and a lint rule that was switched off without anybody seeing it.

Ruff holds the rule while one types (``sources/ruff.toml``, ``warehouse/ruff.toml``); here it is run on a
copy of its configuration with one bad import. Ruff cannot say "nothing of sources but these", so that half
is read from the imports themselves.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("sources", "warehouse", "pipelines")

#: What the warehouse may know of sources: what they return and where their bytes lie, not how they are read.
WAREHOUSE_MAY_IMPORT = {
    "sources.contract.receipt",
    "sources.contract.rows",
    "sources.contract.snapshot",
    "sources.contract.source",
    "sources.contract.validation",
    "sources.errors",
    "sources.registry",
    "sources.ingestion.archive",
    "sources.ingestion.atomic_files",
    "sources.ingestion.local_files",
}


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    """A folder with the project's lint configuration and no code."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        if (ROOT / package / "ruff.toml").exists():
            shutil.copy(ROOT / package / "ruff.toml", tmp_path / package)
    return tmp_path


def lint(root: Path, file: str, code: str) -> subprocess.CompletedProcess[str]:
    (root / file).write_text(code)
    # as `make lint` calls it: naming the rule here would hide that the configuration leaves it out
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "."],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


BAD = [
    ("sources/bad.py", "import dagster\n"),
    ("sources/bad.py", "from dagster import asset\n"),
    ("sources/bad.py", "import duckdb\n"),
    ("sources/bad.py", "from warehouse.tables.schema import Table\n"),
    ("sources/bad.py", "import pipelines.defs.build_assets\n"),
    ("sources/bad.py", "def late():\n    from warehouse import release\n\n    return release\n"),
    ("warehouse/bad.py", "import dagster\n"),
    ("warehouse/bad.py", "from dagster._core.instance import DagsterInstance\n"),
    ("warehouse/bad.py", "import requests\n"),
    ("warehouse/bad.py", "from urllib.request import urlopen\n"),
    ("warehouse/bad.py", "from pipelines import cli\n"),
    ("warehouse/bad.py", "from sources.ingestion.http import Session\n"),
    ("warehouse/bad.py", "from ..pipelines import cli\n"),
]


@pytest.mark.parametrize(
    ("file", "code"), BAD, ids=[f"{f.split('/')[0]}: {c.splitlines()[-1].strip()}" for f, c in BAD]
)
def test_lint_refuses_an_import_against_the_current(configured: Path, file: str, code: str) -> None:
    result = lint(configured, file, code)
    assert result.returncode == 1, result.stderr
    assert "TID25" in result.stdout


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("sources/good.py", "import polars\nimport requests\n\nfrom sources.contract import Source\n"),
        ("warehouse/good.py", "import duckdb\n\nfrom sources.contract import Source\n"),
        ("pipelines/good.py", "import dagster\n\nfrom warehouse.builder.core import build_core\n"),
    ],
)
def test_lint_lets_the_current_pass(configured: Path, file: str, code: str) -> None:
    # F401: the examples import and do nothing
    assert "TID" not in lint(configured, file, code).stdout


def imports(package: str) -> Iterator[tuple[str, set[str]]]:
    """Every import statement of a package, also inside functions: where it stands, the names it may mean."""
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield where, {alias.name}
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    # `from sources import registry` names a module, `from sources.parsing.html import x` a member
                    yield where, {node.module, f"{node.module}.{alias.name}"}


def test_the_warehouse_knows_of_sources_only_what_they_return() -> None:
    bad = [
        f"{where}: {max(names, key=len)}"
        for where, names in imports("warehouse")
        if any(n.split(".")[0] == "sources" for n in names) and not names & WAREHOUSE_MAY_IMPORT
    ]
    assert bad == [], f"warehouse may import {sorted(WAREHOUSE_MAY_IMPORT)} of sources only"


@pytest.mark.parametrize(
    ("package", "never"),
    [
        ("sources", {"dagster", "duckdb", "warehouse", "pipelines"}),
        ("warehouse", {"dagster", "requests", "pipelines"}),
    ],
)
def test_no_import_against_the_current_in_the_code_as_it_is(package: str, never: set[str]) -> None:
    # holds also where a line says `noqa`
    bad = [
        f"{where}: {max(n, key=len)}" for where, n in imports(package) if {x.split(".")[0] for x in n} & never
    ]
    assert bad == []
