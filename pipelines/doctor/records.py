"""Dagster's records, read as SQLite: loading Dagster takes two seconds, and may be what does not work."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import yaml

from pipelines.doctor.finding import Finding
from pipelines.doctor.machine import folder_size
from pipelines.runtime.instance import home
from warehouse.workspace import INSTANCE

#: Seconds to wait for another program that writes just now.
WAIT = 2.0
SEE = "docs/runbook.md#records"


def look() -> Iterator[Finding]:
    """Whether the records named in dagster.yaml can be read and written, and how large they are."""
    try:
        folder_of_settings = home()
    except OSError as error:
        yield Finding(
            "records", "fail", f"{error.filename}: {error.strerror}", "let this user write there", SEE
        )
        return
    settings = folder_of_settings / INSTANCE
    if not settings.is_file():
        yield Finding("records", "ok", f"no {INSTANCE} in {folder_of_settings}: runs are not kept")
        return
    try:
        told = yaml.safe_load(settings.read_text(encoding="utf-8")) or {}
        storage = told["storage"]
        # Dagster's own, or ours over the same files (`pipelines.records`).
        folder = (storage.get("sqlite") or storage["custom"]["config"])["base_dir"]
    except (OSError, ValueError, yaml.YAMLError) as error:
        yield Finding("records", "fail", f"{settings}: {str(error).splitlines()[0]}", "correct it", SEE)
        return
    except (AttributeError, KeyError, TypeError):
        yield Finding("records", "ok", f"not in SQLite, so not looked at; see {settings}")
        return
    if not isinstance(folder, str):
        yield Finding(
            "records", "ok", f"in a folder that {settings} takes from the environment: not looked at"
        )
        return
    records = folder_of_settings / folder
    files = sorted(records.rglob("*.db"))
    broken = [line for path in files if (line := _broken(path))]
    for line in broken[:3]:
        yield Finding(
            "records", "fail", line, "look at what holds it, or move it away: a new one is made", SEE
        )
    if not broken:
        size = folder_size(records) / 1e6
        yield Finding(
            "records", "ok", f"{len(files)} files, {size:,.1f} MB in {records}: readable and writable"
        )


def _broken(path: Path) -> str:
    """What is wrong with one file; empty if nothing."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=WAIT)) as con:
            con.execute("SELECT count(*) FROM sqlite_master").fetchone()
            con.execute("BEGIN IMMEDIATE")
            con.rollback()
    except sqlite3.Error as error:
        return f"{path}: {error}"
    return "" if os.access(path, os.W_OK) else f"{path}: cannot be written"
