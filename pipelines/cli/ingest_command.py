"""`aigap ingest`: local files through the same acceptance as a fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import Console, Quiet, console
from pipelines.cli.help import examples
from sources.errors import UsageError

app = typer.Typer()


@app.command(
    help="Take local files of a source into the archive.\n\n"
    "They pass through the same acceptance as what is fetched: what is refused goes to quarantine, what does not "
    "fit the figures known before is held back (see: aigap status).",
    epilog=examples(
        "aigap ingest lmarena_hf --request text latest.parquet", "aigap ingest aider polyglot_leaderboard.yml"
    ),
)
def ingest(
    source: Annotated[
        str, typer.Argument(help="Source id, see: aigap status.", autocompletion=completion.sources)
    ],
    files: Annotated[list[Path], typer.Argument(help="Files as upstream serves them.")],
    request: Annotated[
        str | None,
        typer.Option("--request", help="Which request the files answer.", autocompletion=completion.requests),
    ] = None,
    quiet: Quiet = False,
) -> None:
    raise typer.Exit(ingest_files(source, files, request, console(quiet=quiet)))


def ingest_files(source_id: str, files: list[Path], request: str | None, console: Console) -> int:
    """Archive ``files``; returns 0 when all were accepted, 1 when any was refused or held back whole."""
    from datetime import UTC, datetime
    from functools import partial

    from sources.ingestion.archive import Archive
    from sources.ingestion.ingest import ingest as ingest_file
    from sources.registry import get
    from warehouse.builder.inputs import keep_parsed
    from warehouse.builder.shipped import shipped_history
    from warehouse.workspace import Workspace

    source = get(source_id)
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise UsageError(f"no file {missing[0]}", "files that exist", "nothing was taken in")
    workspace = Workspace.from_environment()
    archive = Archive(workspace.archive)
    keep_rows = partial(keep_parsed, workspace)
    now = datetime.now(UTC)
    refused = 0
    with console.tracking("files") as track:
        for path in track(files):
            outcome = ingest_file(
                source, request, path, archive, now, keep_rows=keep_rows, baseline=shipped_history()
            )
            refused += outcome.failed
            line, *held = outcome.lines()
            (console.warn if outcome.failed else console.say)(line)
            for line in held:
                console.warn(line)
    following = (
        "next: aigap refresh"
        if refused < len(files)
        else "there is nothing to build from; ingest another file, or see what can be done with this one: aigap status"
    )
    console.say(f"{len(files) - refused} of {len(files)} accepted; {following}")
    return 1 if refused else 0
