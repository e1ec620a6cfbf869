"""`aigap doctor`: look at everything that a refresh depends on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import TextOrJson, check_format, print_json, say
from pipelines.cli.exit_codes import STOPPED
from pipelines.cli.help import examples

if TYPE_CHECKING:
    from pipelines.doctor.finding import Finding

app = typer.Typer()


@app.command(
    help="Look at all that a refresh depends on.\n\n"
    "Versions, settings, disk, lock, published file, records, sizes, addresses and clock. Every address of every "
    "source is asked whether it answers: HEAD, or one byte. Nothing is fetched or changed, "
    "and no key is sent. Exit code 1 if a person must do something.",
    epilog=examples("aigap doctor", "aigap doctor --offline", "aigap doctor --source lmarena_hf"),
)
def doctor(
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            help="Only addresses of this source; may be repeated.",
            autocompletion=completion.sources,
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no address.")] = False,
    format_: TextOrJson = "text",
) -> None:
    check_format(format_, "text", "json")
    found = []
    for finding in _look(source or [], offline=offline):
        found.append(finding)
        if format_ == "text":
            say(finding.line())
    failed = sum(one.state == "fail" for one in found)
    if format_ == "json":
        print_json({"ok": not failed, "findings": [one.to_row() for one in found]})
    else:
        say(f"to do: {failed}" if failed else "to do: nothing")
    if failed:
        raise typer.Exit(STOPPED)


def _look(sources: list[str], *, offline: bool) -> Iterator[Finding]:
    from pipelines.doctor import machine, published, records, sizes
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    yield from machine.versions()
    yield from machine.settings()
    yield from machine.disk(workspace)
    yield from machine.lock(workspace)
    yield from published.look(workspace)
    yield from records.look()
    yield from sizes.look(workspace)
    if not offline:
        from pipelines.doctor import addresses

        yield from addresses.look(sources)
