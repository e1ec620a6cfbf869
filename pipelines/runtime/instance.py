"""Opens the Dagster instance of ``dagster.yaml``, so that runs of the command line appear in the web UI."""

from __future__ import annotations

import filecmp
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.runtime import lost_records
from pipelines.runtime.extras import missing
from sources.errors import AigapError
from warehouse.files import write_atomically
from warehouse.workspace import INSTANCE, IS_CHECKOUT, PACKAGE, ROOT, Workspace

if TYPE_CHECKING:
    import dagster as dg


@contextmanager
def open_instance(persistent: bool = True) -> Iterator[dg.DagsterInstance]:
    """The instance of ``dagster.yaml`` in the `home`, with that folder as working directory.

    When not ``persistent``, or without a ``dagster.yaml`` there, runs are kept in memory only; so they are, with a
    warning, from the moment the records cannot be reached. Raises `AigapError` when ``dagster.yaml`` cannot be used.
    """
    import dagster as dg

    folder = home() if persistent else None
    if folder is None or not (folder / INSTANCE).is_file():
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance
        return
    before = Path.cwd()
    os.environ["AIGAP_DATA_DIR"] = str(Workspace.from_environment().data)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    # The two hundred events that say what a run is going to make are stored at once.
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")
    # Paths in dagster.yaml are relative to the working directory.
    os.chdir(folder)
    # dagster-postgres logs every attempt to the root logger; only the last error is reported.
    root, silent = logging.getLogger(), logging.NullHandler()
    root.addHandler(silent)
    try:
        with _connect(folder) as instance, lost_records.expendable(instance, folder):
            yield instance
    finally:
        root.removeHandler(silent)
        os.chdir(before)


def home() -> Path:
    """``DAGSTER_HOME``; else the checkout for its own data folder, and ``dagster`` in any other data folder.

    There the settings that come with the program are written anew: settings of one's own are in ``DAGSTER_HOME``.
    """
    if chosen := os.environ.get("DAGSTER_HOME"):
        return Path(chosen).expanduser().resolve()
    data = Workspace.from_environment().data
    # A checkout whose data folder is named elsewhere keeps records of that folder there: runs of two never mix.
    if IS_CHECKOUT and data == PACKAGE / "data":
        return ROOT
    folder = data / "dagster"
    shipped, written = (ROOT if IS_CHECKOUT else ROOT / "pipelines") / INSTANCE, folder / INSTANCE
    if shipped.is_file() and not (written.is_file() and filecmp.cmp(shipped, written, shallow=False)):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(written, shipped.read_bytes())
    return folder


def _connect(home: Path) -> dg.DagsterInstance:
    """The instance with the records that dagster.yaml names, or with records in memory."""
    import dagster as dg

    try:
        return dg.DagsterInstance.get()
    except Exception as error:
        if not lost_records.is_lost(error):
            raise _configuration_error(home, error) from None
        logging.getLogger("aigap.progress").warning("%s", lost_records.why(home, error))
        return dg.DagsterInstance.ephemeral()


def _configuration_error(home: Path, error: BaseException) -> AigapError:
    while error.__cause__ is not None:
        error = error.__cause__
    if absent := re.search(
        r"[Ii]mport module (dagster_postgres)|No module named '(dagster_postgres)'", str(error)
    ):
        return missing(absent[1] or absent[2], "postgres")
    unset = re.search(r'environment variable "(\w+)" which is not set', str(error))
    reason = f"{unset[1]} is not set" if unset else str(error).strip().partition("\n")[0]
    return AigapError(
        f"{home / INSTANCE} cannot be used ({reason})",
        "what that version of Dagster accepts",
        "correct it, or set the variables it reads; aigap status shows what is published",
    )
