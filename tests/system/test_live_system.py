"""`aigap refresh --live` and `aigap archive` from the first fetch to the last outage."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli.archive_commands import app as archive_app
from sources.contract.receipt import sha256_of
from sources.errors import UsageError
from sources.ingestion.archive import Archive
from tests.fixtures.clone import Clone, clone, newer_listing
from tests.fixtures.fetching import PAGE
from tests.fixtures.web import Web, answer, web
from warehouse.read.report import report
from warehouse.read.status import lines_of
from warehouse.workspace import Workspace


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as served:
        yield served


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return clone(tmp_path_factory.mktemp("live") / "tree")


def inputs(data: Path) -> set[str]:
    with duckdb.connect(str(data / "aigap.duckdb"), read_only=True) as con:
        return {row[0] for row in con.sql("SELECT sha256 FROM meta.inputs").fetchall()}


@pytest.mark.system
def test_live_runs_from_the_first_fetch_to_the_last_outage(site: Web, here: Clone, tmp_path: Path) -> None:
    """Would catch a release stopped by one dead board, an outage of all reported as success, a network touched
    unasked, and pruning that takes what a release was built from.
    """
    data = tmp_path / "data"
    addresses = tmp_path / "addresses.json"
    addresses.write_text(
        json.dumps(
            {
                "lmarena_hf/text": site.says("/text.parquet", answer(newer_listing(here), ETag='"1"')),
                "lmarena_hf/vision": site.address("/gone.parquet"),
                "aider/polyglot": site.address("/gone.yml"),
                "aider/edit": site.address("/gone.yml"),
                "aider/refactor": site.address("/gone.yml"),
            }
        )
    )
    environment = {"AIGAP_ADDRESS_OVERRIDES": str(addresses), "AIGAP_ALLOW_PRIVATE": "1"}

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return here.run("refresh", *more, data=data, environment=environment)

    both = ("--live", "--source", "lmarena_hf", "--source", "aider")
    only = ("--request", "text", "--request", "vision", "--request", "polyglot")
    first = run(*both, *only)
    assert first.returncode == 0, first.stderr
    assert "lmarena_hf/text: new" in first.stdout
    assert "warning: lmarena_hf/vision: failed" in first.stderr
    assert "warning: aider/polyglot: failed" in first.stderr
    assert "HTTP 404" in first.stderr
    (receipt,) = Archive(data / "archive").history("lmarena_hf")
    assert receipt.sha256 in inputs(data)
    assert {path for path, _ in site.asked} == {"/text.parquet", "/gone.parquet", "/gone.yml"}

    published = (data / "aigap.duckdb").readlink()
    site.says("/text.parquet", answer(PAGE))
    dead = run(*both, *only)
    assert dead.returncode == 1
    assert "every source failed; the last good bytes stay in use" in dead.stderr
    assert (data / "aigap.duckdb").readlink() == published
    told_now = "\n".join(lines_of(report(Workspace(data))))
    assert "a web page" in told_now
    assert "lmarena_hf/vision" in told_now

    def archived(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(archive_app, list(arguments), env={"AIGAP_DATA_DIR": str(data)})
        return (2 if isinstance(done.exception, UsageError) else done.exit_code), done.output

    assert "lmarena_hf/text" in archived("list")[1]
    shown, _, body = archived("show", "lmarena_hf", "--request", "text")[1].partition("body (gzip): ")
    assert json.loads(shown)["sha256"] == receipt.sha256
    assert sha256_of(gzip.decompress(Path(body.strip()).read_bytes())) == receipt.sha256
    assert archived("show", "nothing")[0] == 2
    assert archived("prune", "--older-than", "0")[0] == 0
    assert archived("verify")[0] == 0
    assert receipt.sha256 in inputs(data)
    Path(body.strip()).write_bytes(b"rotten")
    code, told_of = archived("verify")
    assert code == 1
    assert "is damaged" in told_of
