"""A server, a session with small limits, and an archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.ingestion.archive import Archive
from sources.ingestion.web.session import Session
from tests.fixtures.fetching import LIMITS
from tests.fixtures.web import Web, web


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as served:
        yield served


@pytest.fixture
def session(site: Web) -> Iterator[Session]:
    with Session(retries=1, backoff=0.01, pace=0, **LIMITS) as opened:  # type: ignore[arg-type]
        yield opened


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")
