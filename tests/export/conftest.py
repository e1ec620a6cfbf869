"""A small release and the shipped history, each with its export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures import warehouses
from tests.fixtures.exports import BOARDS, published, republished
from warehouse.export.exporting import export_release
from warehouse.workspace import Workspace


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return published(tmp_path_factory.mktemp("small"), *BOARDS)


@pytest.fixture(scope="session")
def exported(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("export") / "aigap"
    export_release(workspace, to)
    return to


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """The shipped history, released and exported."""
    folder = tmp_path_factory.mktemp("whole")
    built = warehouses.shipped(tmp_path_factory.getbasetemp())
    workspace = Workspace(folder / "data")
    republished(built.staged.candidate, workspace, built.staged.input_hash)
    export_release(workspace, folder / "aigap")
    return workspace, folder / "aigap"
