"""Commands about the releases kept: `aigap releases`, `changes`, `rollback`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli import completion
from pipelines.cli.console import TextOrJson, check_format, print_json, say
from pipelines.cli.help import examples
from pipelines.cli.plain_values import load_when_used
from sources.errors import UsageError

if TYPE_CHECKING:
    from warehouse.release import Release
    from warehouse.workspace import Workspace

app = typer.Typer()


@app.command(
    help="List the releases kept, newest first; * is published.",
    epilog=examples("aigap releases", "aigap releases --format json"),
)
def releases(format_: TextOrJson = "text") -> None:
    # All that is listed stands beside the releases.
    load_when_used("duckdb")
    from warehouse.release import current
    from warehouse.release import releases as listed
    from warehouse.workspace import Workspace

    check_format(format_, "text", "json")
    workspace = Workspace.from_environment()
    now = current(workspace)
    found = listed(workspace)
    if not found:
        raise UsageError(f"nothing is published in {workspace.data}", "a release", "run: aigap refresh")
    if format_ == "json":
        print_json([_release_fields(release, workspace, now) for release in found])
        return
    for release in found:
        mark = "*" if now and release.name == now.name else " "
        size = release.path(workspace).stat().st_size / 1e6
        counts = release.summary.get("counts", {})
        say(
            f"{mark} {release.name}  {release.published_at[:19]}Z  {size:.1f} MB  "
            f"{counts.get('snapshots', 0)} snapshots, {counts.get('months_with_gap', 0)} months with a gap"
        )


def _release_fields(release: Release, workspace: Workspace, now: Release | None) -> dict[str, Any]:
    path = release.path(workspace)
    return {
        "name": release.name,
        "is_published": now is not None and release.name == now.name,
        "published_at": release.published_at,
        "previous": release.previous,
        "rolled_back": release.rolled_back,
        "input_hash": release.input_hash,
        "path": str(path),
        "size": path.stat().st_size,
        "counts": release.summary.get("counts", {}),
    }


@app.command(
    help="Show what changed from one release to another, and why.",
    epilog=examples(
        "aigap changes",
        "aigap changes --format markdown",
        "aigap changes --from aigap-20261122T203442Z-b0178eb125e9",
    ),
)
def changes(
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            autocompletion=completion.releases,
            help="A release; default: the one before --to.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", autocompletion=completion.releases, help="A release; default: the published one."
        ),
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json or markdown.")] = "text",
) -> None:
    from warehouse import release
    from warehouse.read.changes import diff, formats
    from warehouse.workspace import Workspace

    renderers = {"text": formats.as_text, "json": formats.as_json, "markdown": formats.as_markdown}
    check_format(format_, *renderers)
    workspace = Workspace.from_environment()
    release.published(workspace)
    now = release.current(workspace)
    after = release.find_release(workspace, to or (now.name if now else ""))
    before = release.find_release(workspace, from_) if from_ else release.previous(workspace, after)
    difference = diff.compare(before.path(workspace) if before else None, after.path(workspace))
    say(renderers[format_](difference).rstrip("\n"))


@app.command(
    help="Point the published link at an earlier release.",
    epilog=examples("aigap rollback", "aigap rollback --to aigap-20261122T203442Z-b0178eb125e9"),
)
def rollback(
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            autocompletion=completion.releases,
            help="Name of a release; default: the one before.",
        ),
    ] = None,
) -> None:
    from warehouse.release import exclusive
    from warehouse.release import rollback as point
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    with exclusive(workspace):
        release = point(workspace, to)
    say(f"published is now {release.name} (of {release.published_at[:19]}Z); readers see it at once")
