"""What `aigap refresh` prints at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.cli.console import Console
from pipelines.cli.exit_codes import DONE, STOPPED
from pipelines.cli.job_runs import error_lines, notify_failure, notify_success
from pipelines.runtime import failures
from sources.registry import all_sources
from warehouse import release
from warehouse.db import read_only
from warehouse.read.headline import headline
from warehouse.read.source_status import stale_sources
from warehouse.read.whole_state import left_out
from warehouse.release import withheld
from warehouse.release.state import state_of
from warehouse.switches import STRICT, is_on
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    import dagster as dg

#: How much of what is left out is told, and of what is withheld.
SHOWN = 10
NEXT = (
    '     next aigap query "SELECT month, us_model, cn_model, gap_points FROM monthly_gap '
    "WHERE board='arena_text' AND variant='raw' AND category='overall' ORDER BY month\""
)


def report_nothing_new(workspace: Workspace, existing: release.Release, console: Console) -> None:
    """Say that ``existing`` has these inputs already, what of them is left out, and which sources are stale."""
    say = console.say
    published = release.current(workspace)
    if existing.as_of or (published is not None and published.name == existing.name):
        say(f"nothing new: {existing.name} is built from exactly these inputs; published nothing")
    else:
        say(
            f"nothing new: these inputs are release {existing.name}, which was rolled back; published nothing; "
            f"to return to it: aigap rollback --to {existing.name}"
        )
    if published is not None:
        _report_left_out(published, console)
    _report_archive(workspace, published, console)


def report_build(workspace: Workspace, result: dg.ExecuteInProcessResult, console: Console) -> int:
    """Print what was built, or why nothing was; returns the exit code."""
    say = console.say
    published = release.current(workspace)
    built = _built_release(result)
    if built is not None and built.as_of:
        say("")
        say(f"built {built.name}")
        say(f"   in {built.path(workspace)}")
        for line in headline(built.summary):
            say(f"   latest {line}")
        say(f"       aigap.duckdb still shows {published.name if published else 'nothing'}")
        return DONE
    if result.success and published is not None:
        notify_success("build", result.run_id)
        say("")
        say(f"published {published.name}")
        say(f"       in {workspace.link}")
        for line in headline(published.summary):
            say(f"   latest {line}")
        _report_left_out(published, console)
        _report_archive(workspace, published, console)
        say(NEXT)
        return DONE
    reasons = list(_reasons(workspace, result))
    for line in reasons:
        console.warn(f"aigap: {line}")
    notify_failure("build", result.run_id, reasons)
    still = f"{published.name} stays published" if published else "nothing is published yet"
    console.warn(f"aigap: the release was stopped; {still} (docs/runbook.md#failed-check)")
    return STOPPED


def _built_release(result: dg.ExecuteInProcessResult) -> release.Release | None:
    events = result.asset_materializations_for_node("release") if result.success else []
    fields = events[0].metadata["sidecar"].value if events else None
    return release.Release(**fields) if isinstance(fields, dict) else None


def _reasons(workspace: Workspace, result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """Why a build failed, in lines a person can act on: failed checks, else errors of steps."""
    failed_checks = [
        evaluation for evaluation in result.get_asset_check_evaluations() if failures.stops(evaluation)
    ]
    for evaluation in failed_checks:
        yield evaluation.description or evaluation.check_name
    if failed_checks:
        from warehouse.builder import steps

        candidate = steps.staged(workspace).candidate
        if is_on(STRICT):
            shown = " ".join(evaluation.description or "" for evaluation in failed_checks)
            with read_only(candidate) as con:
                yield from (entry.message for entry in withheld.read(con) if entry.message not in shown)
        yield f"the candidate is kept to look at: {candidate}"
    else:
        yield from error_lines(result)


def _report_left_out(published: release.Release, console: Console) -> None:
    """Say which sources a release leaves out on request, and all that it withholds and a person can mend."""
    if left_out := published.summary.get("left_out"):
        console.say(f"  without {', '.join(left_out)}")
    found = published.summary.get("withheld", [])
    if old_news := sum(map(withheld.is_old_news, found)):
        past = f"{old_news} past publication{'s' * (old_news > 1)}"
        console.say(f" withheld {past} that others of the time contradict; aigap status shows all")
    new = [entry for entry in found if not withheld.is_old_news(entry)]
    for line in withheld.lines(new, most=SHOWN):
        console.warn(f"aigap: warning: {line}")


def _report_archive(workspace: Workspace, published: release.Release | None, console: Console) -> None:
    """Say what of the archive no build reads, and which sources are stale."""
    known = state_of(workspace, published) if published else None
    state = left_out(workspace, known)
    lines = [*state["held"], *state["unreadable"]]
    for line in lines[:SHOWN]:
        console.warn(f"aigap: warning: {line}")
    if len(lines) > SHOWN:
        console.warn(f"aigap: warning: {len(lines) - SHOWN} more are left out; aigap status shows all")
    if stale := stale_sources(workspace, known) if known else []:
        console.say(f"    stale {len(stale)} of {len(all_sources())} sources (aigap status shows all):")
        for line in stale[:3]:
            console.say(f"          {line}")
