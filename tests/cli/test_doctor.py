"""`aigap doctor` on real folders, files and a server on loopback."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.doctor import addresses, machine
from sources.errors import FetchError
from sources.ingestion.address_check import Checked, LiveAddress
from sources.ingestion.web.session import NotTried, Probe
from tests.fixtures.clone import DONE, STOPPED, WRONG_USE, one_line
from tests.fixtures.command_line import aigap
from tests.fixtures.web import Web, answer, web
from warehouse import release
from warehouse.workspace import INSTANCE, ROOT, Workspace

SOURCES = ("epoch_eci", "evalplus")


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as served:
        yield served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the settings of Dagster that ship, and one file of records."""
    home = tmp_path / "home"
    (home / ".dagster").mkdir(parents=True)
    shutil.copy(ROOT / INSTANCE, home)
    with closing(sqlite3.connect(home / ".dagster" / "runs.db")) as con:
        con.execute("CREATE TABLE runs (run_id VARCHAR)")
    return home


def published(data: Path, number: int = 1) -> release.Release:
    """A release with one table."""
    workspace = Workspace(data)
    workspace.staging.mkdir(parents=True, exist_ok=True)
    candidate = workspace.staging / "candidate.duckdb"
    with duckdb.connect(str(candidate)) as con:
        con.execute("CREATE SCHEMA meta; CREATE TABLE meta.inputs AS SELECT 'x' AS sha256")
        con.execute("CREATE TABLE meta.release AS SELECT '2.0' AS schema_version")
    return release.publish(workspace, candidate, release.new(workspace, f"{number:064}", {}))


def offline(data: Path, home: Path, **environment: str) -> dict[str, list[dict[str, str]]]:
    """The findings by what they are about."""
    done = aigap("doctor", "--offline", "--format", "json", data=data, DAGSTER_HOME=str(home), **environment)
    told = json.loads(done.stdout)
    states = {one["state"] for one in told["findings"]}
    assert (done.returncode, told["ok"]) == ((STOPPED, False) if "fail" in states else (DONE, True))
    found: dict[str, list[dict[str, str]]] = {}
    for one in told["findings"]:
        found.setdefault(one["about"], []).append(one)
    return found


def test_a_machine_that_is_well_is_called_so(home: Path, tmp_path: Path) -> None:
    """Would catch an alarm every day, which nobody reads after a week."""
    published(tmp_path / "data")
    done = aigap("doctor", "--offline", data=tmp_path / "data", DAGSTER_HOME=str(home))
    assert done.returncode == DONE, done.stdout
    lines = done.stdout.splitlines()
    assert lines[-1] == "to do: nothing"
    assert all(line.startswith("ok ") for line in lines[:-1])


def test_what_is_wrong_is_said_with_what_to_do(home: Path, tmp_path: Path) -> None:
    """Would catch a check that passes whatever it looks at."""
    data = tmp_path / "data"
    made = published(data)
    Path(f"{made.path(Workspace(data))}.wal").touch()
    (home / ".dagster" / "runs.db").write_bytes(b"no database at all" * 100)
    with release.exclusive(Workspace(data)):
        found = offline(data, home, AIGAP_KEEP_RELEASE="3", AIGAP_KEEP_BODIES_DAYS="many", AIGAP_STRICT="on")
    states = {about: {one["state"] for one in several} for about, several in found.items()}
    assert states["settings"] == states["published"] == states["records"] == {"fail"}
    assert states["lock"] == {"warn"}
    [setting] = found["settings"]
    assert "AIGAP_KEEP_RELEASE is set" in setting["found"]
    assert "AIGAP_KEEP_RELEASES" in setting["remedy"]
    assert "not a database" in found["records"][0]["found"]
    told = [one for several in found.values() for one in several if one["state"] != "ok"]
    assert all(one["remedy"] or "expected" in one["found"] for one in told)


def test_records_that_another_program_holds_are_told(home: Path, tmp_path: Path) -> None:
    """Would catch runs that fail at night because a program left the records locked."""
    with closing(sqlite3.connect(home / ".dagster" / "runs.db")) as con:
        con.execute("BEGIN IMMEDIATE")
        [locked] = offline(tmp_path, home)["records"]
    assert (locked["state"], "locked" in locked["found"]) == ("fail", True)


def test_what_the_policy_removes_is_said_before_it_goes(home: Path, tmp_path: Path) -> None:
    """Would catch a release that goes without a word, and one named that stays."""
    first, *_ = [published(tmp_path, number) for number in range(3)]
    told = {one["found"].split()[0]: one["found"] for one in offline(tmp_path, home)["size"]}
    assert "3 kept of 5 (AIGAP_KEEP_RELEASES); the next publication removes none" in told["releases"]
    [sizes] = [
        one["found"]
        for one in offline(tmp_path, home, AIGAP_KEEP_RELEASES="3")["size"]
        if one["found"].startswith("releases")
    ]
    assert f"the next publication removes {first.name}, " in sizes
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGAP_KEEP_RELEASES", "3")
        published(tmp_path, 4)
    assert first.name not in {one.name for one in release.releases(Workspace(tmp_path))}


def test_each_address_is_told_apart(site: Web, home: Path, tmp_path: Path) -> None:
    """Would catch an address that is gone passed over, or a source that has ended called broken."""
    site.says("/new", answer(b"figures"))
    site.says("/eci_scores.csv", answer(status=301, Location="/new"))
    overrides = tmp_path / "overrides.json"
    mirrors = {
        "https://epoch.ai/data/": site.address("/"),
        "https://raw.githubusercontent.com/": site.address("/gone/"),
    }
    overrides.write_text(json.dumps(mirrors))
    chosen = [word for name in SOURCES for word in ("--source", name)]
    settings = {"DAGSTER_HOME": str(home), "AIGAP_ALLOW_PRIVATE": "1"}
    done = aigap("doctor", *chosen, data=tmp_path, AIGAP_ADDRESS_OVERRIDES=str(overrides), **settings)
    told = "\n".join(line for line in done.stdout.splitlines() if re.match(r"\w+ +(address|clock)", line))
    assert re.search(r"^warn  address    epoch_eci/eci_scores: .* has moved to .*/new; change it", told, re.M)
    assert re.search(r"^warn  address    evalplus/results: .*HTTP 404.*nothing is lost", told, re.M)
    assert re.search(r"^ok    addresses  1 of 2 answer$", told, re.M)
    assert re.search(r"^ok    clock      \d s ", told, re.M)
    assert done.returncode == DONE
    gone = aigap("doctor", *chosen[:2], data=tmp_path, **settings, AIGAP_ADDRESS_OVERRIDES="/nowhere")
    assert gone.returncode == STOPPED
    assert "AIGAP_ADDRESS_OVERRIDES: /nowhere" in gone.stdout
    unknown = aigap("doctor", "--source", "epoch_ec", data=tmp_path, **settings)
    assert unknown.returncode == WRONG_USE
    assert "did you mean epoch_eci" in one_line(unknown.stderr)


def test_a_dead_network_and_a_wrong_clock_are_one_line_each() -> None:
    """Would catch eighty lines of one cause, or a clock years ahead called well."""
    asked = [LiveAddress("s", str(number), f"http://a.example/{number}") for number in range(3)]
    dead: list[Any] = [FetchError("no route"), NotTried("x"), NotTried("x")]
    [line] = addresses.findings([Checked(one, error=error) for one, error in zip(asked, dead, strict=True)])
    assert (line.state, "none of 3 answers" in line.found) == ("fail", True)
    well = Probe("http://b.example/", 200, "HEAD", "", has_moved=False)
    late = Checked(LiveAddress("t", "t", "http://b.example/"), well, seconds_ahead=86_400.0)
    first, _, clock = addresses.findings(
        [*(Checked(one, error=error) for one, error in zip(asked, dead, strict=True)), late]
    )
    assert "so 2 more there were not tried" in first.found
    assert (clock.state, clock.found) == ("fail", "86400 s behind 1 answers")


def test_every_variable_of_the_manual_is_known() -> None:
    """Would catch a setting that the manual names called unknown."""
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"AIGAP_[A-Z_]*[A-Z]\b", manual)) <= machine.known_variables()
