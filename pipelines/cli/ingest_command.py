"""`aigap ingest`: local files through the same acceptance as a fetch."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pipelines.cli.console import Console
from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.ingest import ingest
from sources.registry import get
from warehouse.builder.inputs import keep_parsed
from warehouse.workspace import Workspace


def ingest_files(source_id: str, files: list[Path], request: str | None, console: Console) -> int:
    """Archive ``files``; returns 0 when all were accepted, 1 when any was put into quarantine."""
    source = get(source_id)
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise UsageError(f"no file {missing[0]}", "files that exist", "nothing was taken in")
    workspace = Workspace.from_environment()
    archive = Archive(workspace.archive)
    now = datetime.now(UTC)
    refused = 0
    with console.tracking("files") as track:
        for path in track(files):
            outcome = ingest(source, request, path, archive, now, keep_rows=partial(keep_parsed, workspace))
            refused += outcome.failed
            (console.warn if outcome.failed else console.say)(outcome.line())
    console.say(f"{len(files) - refused} of {len(files)} accepted; next: aigap refresh")
    return 1 if refused else 0
