"""A short `make torture`: kills of commands, and publishes beside all kinds of readers; nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.clone import first_release
from tests.fixtures.web import web
from tests.torture.ground import Ground
from tests.torture.kills import round_of
from tests.torture.publishing import READERS, publish_beside_readers

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    first = first_release(tmp_path_factory.getbasetemp())
    with web() as site:
        yield Ground(tmp_path_factory.mktemp("torture"), site, first.here, first.data)


@pytest.mark.parametrize("deed", ["ingest", "export", "history"])
def test_kills_lose_nothing(ground: Ground, deed: str) -> None:
    """Refreshes are killed in tests/system/test_refresh_system.py."""
    tally = round_of(ground, deed, "short", 3, with_build=False)
    assert tally.losses == []
    assert (tally.kills + tally.ended, tally.recovered) == (3, 1)


def test_no_reader_sees_half_a_release(ground: Ground) -> None:
    found = publish_beside_readers(ground, 8, pause=1.0)
    assert found.losses == []
    assert set(found.reads) == set(READERS)
    assert min(found.reads.values()) > 0


def test_readers_end_with_what_started_them(tmp_path: Path) -> None:
    """Would catch readers that go on for ever after `make torture` was stopped."""
    program = f"""
import subprocess, time
from pathlib import Path
from tests.torture.publishing import reader
here = Path({str(tmp_path)!r})
said = here / "said"
subprocess.Popen(reader("seen = 1", here, here, here / "over", 0.1), stdout=said.open("w"))
while not said.read_text():
    time.sleep(0.1)
"""
    # The reader has this pipe too: it is at its end only when both have ended.
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, stderr=subprocess.PIPE, text=True, timeout=60
    )
    assert (done.stderr, done.returncode) == ("", 0)
