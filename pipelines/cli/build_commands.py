"""Commands that compute: `aigap refresh`, `check`, `recompute`."""

from __future__ import annotations

import os
import signal
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import (
    LogFormat,
    Quiet,
    TextOrJson,
    check_format,
    console,
    print_json,
    say,
    warn,
)
from pipelines.cli.exit_codes import DONE, INTERRUPTED, INTERRUPTED_MESSAGE, STOPPED
from pipelines.cli.help import examples
from sources.errors import UsageError
from warehouse import switches

app = typer.Typer()


def _exit_at_once(signal_number: int, frame: object) -> None:
    """Exit at once on Ctrl-C outside a step; like a kill, this harms nothing.

    An exception could be lost in a callback that Python runs without a caller.
    """
    os.write(2, f"{INTERRUPTED_MESSAGE}\n".encode())
    os._exit(INTERRUPTED)


@app.command(
    help="Build, check and publish a release; --live fetches first.\n\n"
    "Built from the shipped history and the archive. Without --live nothing touches the network. With it, "
    "today's boards of every source are fetched first, unchanged ones without a download; a source that fails "
    "is a warning, and the exit code is 1 only when all fail. Whole histories (requests called …_full, tens of "
    "megabytes) are fetched when named.",
    epilog=examples(
        "aigap refresh",
        "aigap refresh --live --source lmarena_hf --request text_full",
        "aigap refresh --except livebench",
        "aigap refresh --as-of 2025-06-30",
    ),
)
def refresh(
    context: typer.Context,
    live: Annotated[bool, typer.Option("--live", help="Fetch every source first.")] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            autocompletion=completion.sources,
            help="With --live: only this source; may be repeated.",
        ),
    ] = None,
    request: Annotated[
        list[str] | None,
        typer.Option(
            "--request",
            autocompletion=completion.requests,
            help="With --live: only this request; may be repeated.",
        ),
    ] = None,
    except_: Annotated[
        list[str] | None,
        typer.Option(
            "--except",
            metavar="SOURCE",
            envvar=switches.EXCEPT,
            autocompletion=completion.sources,
            help="Leave this source's inputs out of the build; may be repeated.",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            envvar=switches.STRICT,
            help="Withhold nothing: what is doubtful stops the release.",
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Publish even if nothing is new.")] = False,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole",
            envvar=switches.WHOLE_BUILD,
            help="Build every table anew, not only what differs from the last release.",
        ),
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="Build what could have been built at the end of this day (UTC), apart from the releases; "
            "the published one stays.",
        ),
    ] = None,
    pages: Annotated[
        bool,
        typer.Option("--pages", envvar="AIGAP_PAGES", help="Write the export and the pages too."),
    ] = False,
    quiet: Quiet = False,
    log_format: Annotated[
        LogFormat,
        typer.Option("--log-format", envvar="AIGAP_LOG_FORMAT", help="json: one object a line, on stderr."),
    ] = LogFormat.TEXT,
) -> None:
    from pipelines.cli.refresh import refresh as run

    signal.signal(signal.SIGINT, _exit_at_once)
    # Steps and checks read them where they run.
    os.environ[switches.EXCEPT] = " ".join(except_ or [])
    os.environ[switches.STRICT] = "on" if strict else ""
    os.environ[switches.WHOLE_BUILD] = "on" if whole else ""
    # AIGAP_PAGES means pages of the published release; only a typed --pages contradicts --as-of.
    pages_from = context.get_parameter_source("pages")
    if as_of and pages_from and pages_from.name == "ENVIRONMENT":
        pages = False
    raise typer.Exit(
        run(
            live=live,
            sources=source or [],
            force=force,
            console=console(log_format, quiet=quiet),
            requests=request or [],
            as_of=as_of.date() if as_of else None,
            pages=pages,
        )
    )


@app.command(
    help="Run every check on the published file again, and its sha256.",
    epilog=examples("aigap check", "aigap check --format json"),
)
def check(format_: TextOrJson = "text") -> None:
    from warehouse.builder import checks
    from warehouse.release import current, previous_file, published, require_sealed
    from warehouse.workspace import Workspace

    check_format(format_, "text", "json")
    workspace = Workspace.from_environment()
    file = published(workspace)
    if now := current(workspace):
        require_sealed(workspace, now)
    results = checks.run(file, before=previous_file(workspace))
    for result in results if format_ == "text" else ():
        if not result.passed:
            (warn if result.stops_release else say)(
                f"{'FAIL' if result.stops_release else 'warn'}  {result.line()}"
            )
    stopped = sum(result.stops_release for result in results)
    warned = sum(not result.passed for result in results) - stopped
    passed = len(results) - stopped - warned
    if format_ == "json":
        print_json(
            {"passed": passed, "warned": warned, "failed": stopped, "checks": [asdict(r) for r in results]}
        )
    else:
        say(f"{len(results)} checks: {passed} passed, {warned} warned, {stopped} failed")
    raise typer.Exit(STOPPED if stopped else DONE)


@app.command(
    help="Compute the marts under other parameters into a new file.\n\nThe published one is not touched.",
    epilog=examples(
        "aigap recompute --set country_b=FR --set month_rule=first --to us_fr.duckdb",
        'aigap query "FROM meta.parameters"',
    ),
)
def recompute(
    to: Annotated[Path, typer.Option("--to", help="The new DuckDB file.")],
    set_: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            autocompletion=completion.parameters,
            help="A parameter of the marts, see meta.parameters; may be repeated.",
        ),
    ],
) -> None:
    from warehouse.builder.recompute import recompute as compute
    from warehouse.release import published
    from warehouse.workspace import Workspace

    changes = {name: value for name, _, value in (word.partition("=") for word in set_)}
    empty = [name for name, value in changes.items() if not value]
    if empty:
        raise UsageError(f"--set {empty[0]}", "NAME=VALUE", "as in --set country_b=FR")
    workspace = Workspace.from_environment()
    workspace.refuse_own(to)
    counts = compute(published(workspace), to, changes)
    say(f"{len(counts)} tables, {sum(counts.values()):,} rows in {to}")
