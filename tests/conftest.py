"""What tests of several subjects share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.fixtures import warehouses
from tests.fixtures.documents import publish_copy
from tests.fixtures.real_files import raw_files_of_history

REPOSITORY = Path(__file__).resolve().parents[1]
#: The files that take minutes, longest first.
LONGEST = (
    "test_refresh_system",
    "test_daemon_system",
    "test_dask_system",
    "test_site_browser",
    "test_export_bytes",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no core is left alone with one of them at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of real upstream files, one subfolder a source; tests that ask for it skip without one.

    ``AIGAP_UPSTREAM`` names it. The files are not ours to carry, so a clone has none. Of a source whose figures
    ship, only the files that the shipped history was made from: later ones count once the history is built anew.
    """
    folder = Path(os.environ.get("AIGAP_UPSTREAM", REPOSITORY.parent / "shared" / "upstream"))
    if not folder.is_dir():
        pytest.skip(f"no upstream files in {folder}")
    return raw_files_of_history(folder, tmp_path_factory.mktemp("upstream"))


@pytest.fixture(scope="session")
def shipped_build(tmp_path_factory: pytest.TempPathFactory) -> warehouses.Candidate:
    """A warehouse built once from the history that ships, without a download."""
    return warehouses.shipped(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def shipped(shipped_build: warehouses.Candidate) -> Path:
    """The file of the shipped warehouse."""
    return shipped_build.staged.candidate


@pytest.fixture
def warehouse(shipped: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The shipped warehouse as any client opens it: the file alone, read-only."""
    connection = duckdb.connect(str(shipped), read_only=True)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def published(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the shipped warehouse is published."""
    return publish_copy(shipped, tmp_path_factory.mktemp("published") / "data")
