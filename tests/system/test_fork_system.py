"""A fork's `refresh.yml`, its steps run as they stand there: four days of the twenty of `tests.fork_days`."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from tests.fixtures.fork import ADDRESS_OF_PAGES, UNKNOWN, fork

pytestmark = pytest.mark.system


def test_days_of_a_fork(tmp_path: Path) -> None:
    """Would catch a second issue for the same name, bytes that are lost when a day fails, an archive that takes the
    place of a larger one, a release that is shown before its files are there, and figures that may not be passed on.
    """
    with ExitStack() as stack:
        here = fork(stack, tmp_path)
        hub = here.hub

        here.shows(1, UNKNOWN)
        first = here.today()
        assert first.succeeded, first.log
        [release] = hub.public()
        assert {asset["name"] for asset in release["assets"]} == {
            "aigap.duckdb",
            "release.json",
            "export.zip",
        }
        assert json.loads(hub.file(release, "release.json"))["name"] == release["tag_name"]
        (tmp_path / "file.duckdb").write_bytes(hub.file(release, "aigap.duckdb"))
        with duckdb.connect(str(tmp_path / "file.duckdb"), read_only=True) as con:
            assert con.sql("SELECT count(*) > 20 FROM monthly_gap").fetchall() == [(True,)]
        with zipfile.ZipFile(io.BytesIO(hub.file(release, "export.zip"))) as export:
            assert {"export/README.md", "export/datapackage.json"} <= set(export.namelist())
        assert "the US leads by" in release["body"]
        assert here.pages is not None
        assert f'<link rel="canonical" href="{ADDRESS_OF_PAGES}' in (here.pages / "index.html").read_text(
            "utf-8"
        )
        # A draft: bytes of upstream are for those who may write to the repository, and not for everybody.
        [archive] = [one for one in hub.releases if one["tag_name"] == "aigap-archive"]
        assert archive["draft"]
        [issue] = hub.issues
        assert issue["labels"] == ["aigap-withheld"]
        assert "zeta-lab,Zeta Lab,<country>" in issue["body"]
        assert (
            "/someone/aigap/new/main/deploy/github/reference?filename=organizations.csv&value="
            in issue["body"]
        )
        assert "to do today" in first.summary
        assert "without " in first.log
        assert "livebench" in first.log

        here.is_down()
        down = here.today()
        assert down.outcomes["Fetch, build, check"] == "failure"
        assert down.outcomes["Keep the archive"] == "success"
        assert down.outcomes["Publish"] == "skipped"
        assert len(hub.public()) == len(hub.issues) == 1

        kept = hub.archives()
        hub.fails = "^GET .*/releases$"
        blind = here.today()
        assert not blind.succeeded
        assert hub.archives() == kept
        assert "HTTP 403" in blind.log

        hub.fails = "$^"
        here.shows(1, UNKNOWN)
        here.pastes(issue)
        mended = here.today(without="Publish")
        assert mended.succeeded, mended.log
        assert issue["state"] == "closed"
        assert hub.comments[0][0] == issue["number"]
        assert len(hub.issues) == 1
