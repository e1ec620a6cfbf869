"""The Dagster web UI as a data engineer meets it: a real web server and daemon, a real browser, real runs.

Would catch a group or the release gone from the graph, a table without its rows and meanings, a stopped release
that does not show why, freshness that nobody evaluates, a check that no longer blocks.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fixtures import bodies
from tests.fixtures.clone import DONE, NEW_DAY, STOPPED, clone, first_release, newer_listing, rows_of
from warehouse.tables import table

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.system

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BIN = Path(sys.executable).parent
PATIENCE = 120  # seconds; for a machine that does much else
GROUPS = {
    "sources_arena", "sources_benchmarks", "sources_chips_and_models", "sources_past", "sources_prices",
    "sources_published_figures", "archive", "observations", "reference", "scores", "estimates", "monthly_gap",
    "lag", "beside_the_gap", "freshness_and_names", "release", "for_readers",
}  # fmt: skip


@dataclass
class Dagster:
    """A web server and a daemon over one release, and a later build that a blocking check stopped."""

    data: Path
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, query: str) -> Any:
        """The answer over HTTP, once the server is up."""
        request = urllib.request.Request(
            f"{self.address}/graphql",
            json.dumps({"query": query}).encode(),
            {"Content-Type": "application/json"},
        )
        for _ in waiting():
            assert all(process.poll() is None for process in self.processes), "a service ended"
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                    result = json.load(answer)
            except (urllib.error.URLError, ConnectionError):
                continue
            assert "errors" not in result, result
            return result["data"]
        raise AssertionError("the web server does not answer")

    def node(self, key: str, fields: str) -> Any:
        path = json.dumps(key.split("/"))
        [found] = self.ask(f"{{ assetNodes(assetKeys: [{{path: {path}}}]) {{ {fields} }} }}")["assetNodes"]
        return found


def waiting() -> Iterator[None]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        yield
        time.sleep(0.5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def dagster(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dagster]:
    """Asks for the browser first: without one nothing is built."""
    folder = tmp_path_factory.mktemp("ui")
    # A release and the records of its run, of a clone like this one.
    first = first_release(tmp_path_factory.getbasetemp())
    here, home, data = clone(folder / "clone"), folder / "home", first.copy(folder / "data")
    shutil.copytree(first.here.root / ".dagster", home / ".dagster")
    shutil.copy(here.root / "dagster.yaml", home)
    variables = {"DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1"}

    unknown = bodies.hf_row(
        0, model_name="zeta-1-omega", organization="Zeta Lab", rating=1550.0, rating_lower=1545.0,
        rating_upper=1555.0, leaderboard_publish_date=NEW_DAY,
    )  # fmt: skip
    listing = folder / "listing.parquet"
    listing.write_bytes(newer_listing(here, unknown))
    taken = here.run("ingest", "lmarena_hf", "--request", "text", str(listing), data=data)
    assert taken.returncode == DONE, taken.stderr
    strict = {**variables, "AIGAP_STRICT": "on"}
    assert here.run("refresh", data=data, environment=strict).returncode == STOPPED

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = Dagster(data, port)
    for service in (
        ["dagster-webserver", "-m", "pipelines.definitions", "-h", "127.0.0.1", "-p", str(port)],
        ["dagster-daemon", "run", "-m", "pipelines.definitions"],
    ):
        with (folder / f"{service[0]}.log").open("wb") as log:
            served.processes.append(
                subprocess.Popen(
                    [str(BIN / service[0]), *service[1:]],
                    cwd=home,
                    env=here.environment(data, **variables),
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
    try:
        yield served
    finally:
        for process in served.processes:
            # The group it leads: the service and the code server it started.
            os.killpg(process.pid, signal.SIGTERM)
        for process in served.processes:
            process.wait()


@pytest.fixture
def opened(browser: Browser, dagster: Dagster) -> Iterator[Callable[[str], Page]]:
    """Open a page of the web UI; afterwards, nothing may have gone wrong in it."""
    dagster.ask("{ version }")
    context = browser.new_context(viewport={"width": 1400, "height": 1600})
    context.set_default_timeout(PATIENCE * 1000)
    complaints: list[str] = []

    def enter(path: str) -> Page:
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(dagster.address + path)
        return page

    yield enter
    context.close()
    assert complaints == []


def test_graph_shows_every_group_and_opens_on_the_release(opened: Any, dagster: Dagster) -> None:
    page = opened("/asset-groups/")
    for group in sorted(GROUPS):
        page.get_by_text(group, exact=True).first.wait_for()
    groups = {node["groupName"] for node in dagster.ask("{ assetNodes { groupName } }")["assetNodes"]}
    assert groups == GROUPS
    page.get_by_role("textbox", name="Jump to").or_(page.get_by_placeholder("Jump to")).first.fill("release")
    page.get_by_text("release", exact=True).first.wait_for()


def test_runs_of_the_command_are_listed(opened: Any, dagster: Dagster) -> None:
    """Would catch a command that keeps its records where the web UI does not look."""
    _, [(run_id,)] = rows_of(dagster.data, "SELECT run_id FROM meta.release")
    result = dagster.ask("{ runsOrError { ... on Runs { results { runId status jobName } } } }")[
        "runsOrError"
    ]
    stopped, published = result["results"]
    assert published == {"runId": run_id, "status": "SUCCESS", "jobName": "build"}
    assert (stopped["status"], stopped["jobName"]) == ("FAILURE", "build")
    page = opened("/runs")
    for run in (stopped, published):
        page.get_by_text(run["runId"][:8]).first.wait_for()


def test_table_shows_its_rows_and_what_its_columns_mean(opened: Any, dagster: Dagster) -> None:
    _, [(rows,)] = rows_of(dagster.data, "SELECT count(*) FROM monthly_gap")
    page = opened("/assets/main/monthly_gap")
    page.get_by_text("Row count").first.wait_for()
    count = page.get_by_text(f"{rows:,}", exact=True).first
    count.wait_for()
    assert count.is_visible()
    meaning = next(
        column for column in table("main.monthly_gap").columns if column.name == "us_model"
    ).comment
    result = page.get_by_text(meaning).first
    result.wait_for()
    assert result.is_visible()


def test_stopped_release_shows_the_check_the_rows_and_the_query(opened: Any) -> None:
    page = opened("/assets/meta/unresolved_models?view=checks&checkDetail=unresolved_near_top")
    page.get_by_text("This is a blocking asset check").wait_for()
    page.get_by_text("Failed", exact=True).first.wait_for()
    page.get_by_text("first_failing_rows").first.wait_for()
    row = page.locator("td", has_text="Zeta Lab").first
    row.wait_for()
    page.get_by_text("[Show Markdown]").first.click()
    page.get_by_text("SELECT").first.wait_for()


def test_freshness_of_the_release_is_evaluated(opened: Any, dagster: Dagster) -> None:
    for _ in waiting():
        result = dagster.node("release", "freshnessStatusInfo { freshnessStatus }")["freshnessStatusInfo"]
        if result and result["freshnessStatus"] == "HEALTHY":
            break
    assert result
    assert result["freshnessStatus"] == "HEALTHY"
    page = opened("/assets/release")
    page.get_by_text("Freshness policy").first.wait_for()
    passing = page.get_by_text("Passing", exact=True).first
    passing.wait_for()
    assert passing.is_visible()


def test_catalogue_says_whose_an_asset_is_of_what_and_how_fresh_it_must_be(dagster: Dagster) -> None:
    about = (
        "groupName kinds opVersion owners { ... on TeamAssetOwner { team } } "
        "internalFreshnessPolicy { ... on TimeWindowFreshnessPolicy { failWindowSeconds warnWindowSeconds } }"
    )
    day = 24 * 60 * 60
    release = dagster.node("release", about)
    assert len(release.pop("opVersion")) == 12
    assert release == {
        "groupName": "release",
        "kinds": ["duckdb"],
        "owners": [{"team": "aigap"}],
        "internalFreshnessPolicy": {"failWindowSeconds": 15 * day, "warnWindowSeconds": 8 * day},
    }
    source = dagster.node("sources/lmarena_hf", f"{about} metadataEntries {{ label }}")
    assert source["internalFreshnessPolicy"] == {
        "failWindowSeconds": 3 * day,
        "warnWindowSeconds": day * 3 // 2,
    }
    labels = {entry["label"] for entry in source["metadataEntries"]}
    assert {"producer", "licence", "licence_address", "address", "dagster/column_schema"} <= labels


def test_catalogue_knows_what_columns_are_computed_from(dagster: Dagster) -> None:
    entries = dagster.node(
        "main/monthly_gap",
        "metadataEntries { label ... on TableColumnLineageMetadataEntry "
        "{ lineage { columnName columnDeps { assetKey { path } columnName } } } }",
    )["metadataEntries"]
    [lineage] = [entry["lineage"] for entry in entries if entry["label"] == "dagster/column_lineage"]
    of = {entry["columnName"]: entry["columnDeps"] for entry in lineage}
    assert {"assetKey": {"path": ["core", "snapshot_gaps"]}, "columnName": "gap_points"} in of["gap_points"]


def test_check_that_stopped_the_release_blocks_and_is_an_error(dagster: Dagster) -> None:
    checks = dagster.node(
        "meta/unresolved_models",
        "assetChecksOrError { ... on AssetChecks { checks { name blocking description "
        "executionForLatestMaterialization { status evaluation { severity success metadataEntries { label } } } } } }",
    )["assetChecksOrError"]["checks"]
    [check] = [check for check in checks if check["name"] == "unresolved_near_top"]
    assert check["blocking"]
    assert check["description"]
    assert check["executionForLatestMaterialization"]["status"] == "FAILED"
    verdict = check["executionForLatestMaterialization"]["evaluation"]
    assert (verdict["severity"], verdict["success"]) == ("ERROR", False)
    assert {"failing_rows", "first_failing_rows", "sql"} == {
        entry["label"] for entry in verdict["metadataEntries"]
    }
