"""`aigap refresh`: collect, build and present, each a job run in this process and recorded for the web UI.

Dagster is imported only once there is something to run.
"""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines.cli.console import Console, Say
from pipelines.cli.exit_codes import DONE, STOPPED
from pipelines.cli.job_runs import error_lines, errors_of, notify_failure, notify_success, run_job
from pipelines.cli.refresh_report import report_build, report_nothing_new
from pipelines.runtime import failures
from pipelines.runtime.instance import open_instance
from sources.errors import UsageError
from sources.registry import all_sources, get
from warehouse import reference, release, switches
from warehouse.builder.inputs import release_hash
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    import dagster as dg


def refresh(
    live: bool,
    sources: list[str],
    force: bool,
    console: Console,
    requests: list[str] | None = None,
    as_of: date | None = None,
    pages: bool = False,
) -> int:
    """Run the requested jobs; returns the exit code.

    0: published, or nothing new. 1: a check or a step stopped the release, or every source failed.
    With ``as_of`` the release of that day is kept apart from the others and the link stays. With ``pages`` the export
    and the pages of the published release are written too. Raises `UsageError` for contradicting options and for an
    unknown source in ``AIGAP_EXCEPT``.
    """
    requests = requests or []
    _check_options(live, sources, requests, as_of, pages)
    switches.excluded()
    wanted = choose_requests(sources, requests) if live else {}
    workspace = Workspace.from_environment()
    # Held to the end: a second refresh is refused at once, before Dagster is loaded.
    with release.exclusive(workspace), _show_progress(console.handler):
        try:
            reference.load(own=workspace.reference)
            code = collect(wanted, console) if live else DONE
            if code == DONE:
                code = build(workspace, as_of, force, console)
            if code == DONE and pages:
                code = present(workspace, console)
            if code == DONE:
                notify_success("refresh", "-")
            return code
        except UsageError:
            raise
        except Exception as error:
            notify_failure("refresh", "-", [str(error).partition("\n")[0] or type(error).__name__])
            raise


def _check_options(
    live: bool, sources: list[str], requests: list[str], as_of: date | None, pages: bool
) -> None:
    if (sources or requests) and not live:
        option = "--source" if sources else "--request"
        raise UsageError(f"{option} without --live", "both", "add --live to fetch")
    if live and as_of:
        raise UsageError("--live with --as-of", "one of them", "what is fetched now was not known then")
    if as_of and as_of > datetime.now(UTC).date():
        raise UsageError(f"--as-of {as_of} is to come", "a day that has begun (UTC)", "name an earlier day")
    if pages and as_of:
        raise UsageError("--pages with --as-of", "one of them", "pages show the published release")


@contextmanager
def _show_progress(handler: logging.Handler) -> Iterator[None]:
    """Print what the steps report while they run."""
    logger = logging.getLogger("aigap.progress")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def choose_requests(names: list[str], requests: list[str]) -> dict[str, list[str]]:
    """The sources to fetch (all when ``names`` is empty), each with the requests named.

    Raises `UsageError` for an unknown source or request, and for a mistake in the configured addresses, so that
    these are reported before anything runs.
    """
    from sources.ingestion.address_overrides import read_overrides
    from sources.ingestion.collect import live_requests

    read_overrides()
    chosen = [get(name) for name in dict.fromkeys(names)] or list(all_sources())
    for source in chosen:
        if names and not any(request.address for request in source.requests):
            raise UsageError(
                f"{source.id} has nothing live to fetch",
                "a live source",
                f"take files in: aigap ingest {source.id}",
            )
    known = {request.name for source in chosen for request in source.requests if request.address}
    for name in requests:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)[:10]
            raise UsageError(
                f"no live request {name!r}", "one of " + ", ".join(near), "see: aigap archive list"
            )
    return {source.id: requests for source in chosen if live_requests(source, requests)}


def collect(wanted: dict[str, list[str]], console: Console) -> int:
    """Fetch; a source that fails is a warning. Returns 1 when all fail."""
    from sources.ingestion.baseline import MEMORY
    from sources.ingestion.collect import skipped

    console.say("fetching")
    reasons = {name: skipped(get(name), requests) for name, requests in wanted.items()}
    for reason in filter(None, reasons.values()):
        console.say(reason)
    wanted = {name: requests for name, requests in wanted.items() if not reasons[name]}
    if not wanted:
        return DONE
    config = {f"sources__{name}": {"config": {"requests": requests}} for name, requests in wanted.items()}
    with open_instance() as instance:
        result = run_job("collect", instance, [f"sources/{name}" for name in wanted], config)
    # What bodies were compared with is in the way of the build.
    MEMORY.forget()
    failed = {event.step_key for event in result.get_step_failure_events()}
    lines = [failures.first_line(error) for _, error in errors_of(result)]
    for line in lines:
        console.warn(f"aigap: warning: {line}; the last good bytes stay in use")
    if failed and len(failed) == len(wanted):
        console.warn("aigap: every source failed; the last good bytes stay in use")
        own = [failures.reason_in(event.step_failure_data) for event in result.get_step_failure_events()]
        notify_failure("collect", result.run_id, ["every source failed", *(list(filter(None, own)) or lines)])
        return STOPPED
    notify_success("collect", result.run_id)
    return DONE


def build(workspace: Workspace, as_of: date | None, force: bool, console: Console) -> int:
    """Build and publish, unless these inputs have a release already; returns the exit code."""
    if not force and (existing := _existing_release(workspace, as_of)):
        # Of a build that was killed when it had published.
        release.remove_unfinished(workspace)
        release.repair_latest_json(workspace)
        # Loaded only for that.
        if (workspace.staging / "current.json").exists():
            from warehouse.builder.steps import remove_remains

            remove_remains(workspace, existing)
        report_nothing_new(workspace, existing, console)
        return DONE
    known = f" what was known at the end of {as_of}" if as_of else ""
    without = f" without {', '.join(switches.excluded())}" if switches.excluded() else ""
    console.say(f"building in {workspace.data}{known}{without}")
    # A past day leaves no run: the web UI would show its figures, and its release as a fresh one.
    with open_instance(persistent=as_of is None) as instance:
        result = run_job("build", instance, as_of=as_of)
        if result.success:
            _delete_old_runs(instance, console.warn)
    return report_build(workspace, result, console)


def _existing_release(workspace: Workspace, as_of: date | None) -> release.Release | None:
    input_hash = release_hash(workspace, as_of=as_of, excluded=switches.excluded())
    if as_of is not None:
        return release.existing_past_day(workspace, as_of, input_hash)
    return release.existing(workspace, input_hash)


def _delete_old_runs(instance: dg.DagsterInstance, warn: Say) -> None:
    """As the job `housekeeping` does where a daemon runs. Its failure stops no release."""
    from pipelines.runtime import run_history

    try:
        run_history.delete_old_runs(instance, run_history.oldest_kept())
    except Exception as error:
        reason = str(error).partition("\n")[0]
        warn(f"aigap: warning: old runs were not removed: {reason}")


def present(workspace: Workspace, console: Console) -> int:
    """Write the export and the pages of the published release; returns the exit code. The release stays."""
    with open_instance() as instance:
        result = run_job("present", instance)
    lines = error_lines(result)
    for line in lines:
        console.warn(f"aigap: {line}; the release stays published")
    if not result.success:
        notify_failure("present", result.run_id, lines)
        return STOPPED
    notify_success("present", result.run_id)
    console.say(f"      open {workspace.site / 'index.html'}; plain files in {workspace.export}")
    return DONE
