"""`aigap backfill` as people call it: real processes, a sample upstream on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sources.ingestion.archive import Archive
from tests.fixtures import bodies, upstream_history
from tests.fixtures.upstream_history import commit
from tests.fixtures.web import Web, web
from tests.ingestion.test_backfill import moment

ROOT = Path(__file__).resolve().parents[2]
NAME = "fboulnois/llm-leaderboard-csv"
DONE, STOPPED, WRONG_USE = 0, 1, 2
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def table(votes: int) -> bytes:
    return bodies.leaderboard(votes=votes).encode()


HISTORY = [
    commit("a1", moment("2023-01-10T08:00"), csv___lmarena_text__csv=table(1)),
    commit("b2", moment("2023-01-20T08:00"), csv___lmarena_text__csv=table(2)),
    commit("c3", moment("2023-02-10T08:00"), csv___lmarena_text__csv=b"<html>sample</html>"),
    commit("d4", moment("2023-03-01T08:00"), csv___lmarena_text__csv=None),
]


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as served:
        upstream_history.github(served, NAME, HISTORY, most=2)
        yield served


@pytest.fixture
def aigap(site: Web, tmp_path: Path) -> Run:
    addresses = tmp_path / "addresses.json"
    addresses.write_text(json.dumps(upstream_history.overrides(site)))
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "AIGAP_DATA_DIR": str(tmp_path / "data"),
        "AIGAP_ADDRESS_OVERRIDES": str(addresses),
        "AIGAP_ALLOW_PRIVATE": "1",
    }

    def run(*words: str, code: int = DONE) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "pipelines.cli", "backfill", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        loaded = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
        assert not any(line.endswith(" dagster") for line in loaded)
        done.stderr = "\n".join(
            line for line in done.stderr.splitlines() if not line.startswith("import time:")
        )
        assert done.returncode == code, done
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.mark.system  # many processes
def test_list_fetch_list(aigap: Run, tmp_path: Path) -> None:
    """Would catch a list that does not say what is held, a range that leaves a day out, or a refused body that
    goes unnoticed by whoever calls it from a script.
    """
    first, second, broken, deleted = (entry.sha for entry in HISTORY)
    listed = aigap("llm_leaderboard_csv", "--list").stdout.splitlines()
    assert listed[:4] == [
        f"{first}  2023-01-10 08:00  -",
        f"{second}  2023-01-20 08:00  -",
        f"{broken}  2023-02-10 08:00  -",
        f"{deleted}  2023-03-01 08:00  -",
    ]
    fetched = aigap("llm_leaderboard_csv", "--since", "2023-01-10", "--until", "2023-01-20").stdout
    assert fetched.splitlines() == [
        f"{first}  llm_leaderboard_csv/text: new (60 rows)",
        f"{second}  llm_leaderboard_csv/text: new (60 rows)",
        "2 of 2 accepted or archived already; next: aigap refresh",
    ]
    again = aigap("llm_leaderboard_csv", second[:9]).stdout.splitlines()
    assert again[0] == f"{second}  llm_leaderboard_csv/text: unchanged (archived already)"
    gone = aigap("llm_leaderboard_csv", "--since", "2023-03-01", "--missing").stdout.splitlines()
    assert gone[0].startswith(f"{deleted}  llm_leaderboard_csv/text: gone (upstream has no file at http")
    assert gone[1] == "0 of 1 accepted or archived already, 1 not there upstream; next: aigap refresh"
    refused = aigap("llm_leaderboard_csv", "--missing", code=STOPPED)
    assert refused.stderr.startswith(f"{broken}  llm_leaderboard_csv/text: quarantined")
    assert refused.stdout == "0 of 1 accepted or archived already; next: aigap refresh\n"
    listed = aigap("llm_leaderboard_csv", "--list").stdout.splitlines()
    assert [line.rpartition("  ")[2] for line in listed[:4]] == ["archive", "archive", "-", "gone"]
    assert len(Archive(tmp_path / "data" / "archive").history("llm_leaderboard_csv")) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("epoch_eci", "--list"), "keeps no past publications"),
        (("llm_leaderboard_cvs", "--list"), "llm_leaderboard_csv"),
        (("llm_leaderboard_csv",), "nothing to fetch is named"),
        (("llm_leaderboard_csv", "a1", "--list"), "keys, or a range"),
        (("llm_leaderboard_csv", "--since", "2023-02-01", "--until", "2023-01-01"), "not after the other"),
        (("llm_leaderboard_csv", "--since", "January"), "January"),
        (("llm_leaderboard_csv", "--list", "--request", "txet"), "one of text"),
        (("llm_leaderboard_csv", "HEAD"), "no commit 'HEAD'"),
    ],
)
def test_wrong_use(aigap: Run, words: tuple[str, ...], says: str) -> None:
    """Would catch a mistake that fetches everything, or exits as if something were wrong with upstream."""
    done = aigap(*words, code=WRONG_USE)
    assert says in done.stderr


def test_an_upstream_that_does_not_answer(aigap: Run, site: Web) -> None:
    """Would catch an outage reported as wrong use, or as an empty list."""
    site.answers.clear()
    done = aigap("llm_leaderboard_csv", "--list", code=STOPPED)
    assert "HTTP 404" in done.stderr
    assert len(done.stderr.splitlines()) == 1
