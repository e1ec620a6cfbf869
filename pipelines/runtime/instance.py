"""Opens the Dagster instance of ``dagster.yaml``, so that runs of the command line appear in the web UI."""

from __future__ import annotations

import filecmp
import logging
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.runtime.extras import missing
from sources.errors import AigapError
from warehouse.files import write_atomically
from warehouse.workspace import INSTANCE, IS_CHECKOUT, ROOT, Workspace

if TYPE_CHECKING:
    import dagster as dg


@contextmanager
def open_instance(persistent: bool = True) -> Iterator[dg.DagsterInstance]:
    """The instance of ``dagster.yaml`` in the `home`, with that folder as working directory.

    When not ``persistent``, or without a ``dagster.yaml`` there, runs are kept in memory only.
    Raises `AigapError` when the run history cannot be opened or written.
    """
    import dagster as dg
    from sqlalchemy.exc import SQLAlchemyError

    folder = home() if persistent else None
    if folder is None or not (folder / INSTANCE).is_file():
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance
        return
    before = Path.cwd()
    os.environ["AIGAP_DATA_DIR"] = str(Workspace.from_environment().data)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    # Paths in dagster.yaml are relative to the working directory.
    os.chdir(folder)
    try:
        with _connect(folder) as instance:
            yield instance
    except SQLAlchemyError as error:
        raise _history_error(folder, error) from None
    except Exception as error:
        # dagster-postgres wraps the error of a database that is gone.
        if isinstance(error.__cause__, SQLAlchemyError):
            raise _history_error(folder, error) from None
        raise
    finally:
        os.chdir(before)


def home() -> Path:
    """``DAGSTER_HOME``; else the checkout; for an installed copy ``dagster`` in the data folder.

    There the settings that come with the program are written anew: settings of one's own are in ``DAGSTER_HOME``.
    """
    if chosen := os.environ.get("DAGSTER_HOME"):
        return Path(chosen).expanduser().resolve()
    if IS_CHECKOUT:
        return ROOT
    folder = Workspace.from_environment().data / "dagster"
    shipped, written = ROOT / "pipelines" / INSTANCE, folder / INSTANCE
    if shipped.is_file() and not (written.is_file() and filecmp.cmp(shipped, written, shallow=False)):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(written, shipped.read_bytes())
    return folder


def _connect(home: Path) -> dg.DagsterInstance:
    import dagster as dg

    # dagster-postgres logs every attempt to the root logger; only the last error is reported, below.
    root, silent = logging.getLogger(), logging.NullHandler()
    root.addHandler(silent)
    try:
        return dg.DagsterInstance.get()
    except Exception as error:
        raise _history_error(home, error) from None
    finally:
        root.removeHandler(silent)


def _history_error(home: Path, error: BaseException) -> AigapError:
    """Dagster's records cannot be opened, or not be written any more: why, and what to do."""
    while error.__cause__ is not None:
        error = error.__cause__
    cause = getattr(error, "orig", None) or error
    if absent := re.search(
        r"[Ii]mport module (dagster_postgres)|No module named '(dagster_postgres)'", str(cause)
    ):
        return missing(absent[1] or absent[2], "postgres")
    unset = re.search(r'environment variable "(\w+)" which is not set', str(cause))
    reason = f"{unset[1]} is not set" if unset else str(cause).strip().partition("\n")[0]
    if isinstance(cause, sqlite3.Error):
        expected, remedy = "a folder with space left", "make room, or name another folder with DAGSTER_HOME"
    else:
        expected = "the database named in dagster.yaml there"
        remedy = "start it, or correct dagster.yaml or the variables it reads"
    return AigapError(
        f"the run history in {home} cannot be written ({reason})",
        expected,
        f"{remedy}; aigap status shows what is published",
    )
