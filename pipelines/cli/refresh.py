"""`aigap refresh`: the jobs `collect` and `build` in this process, with the instance the web UI shows.

Dagster is imported only once there is something to build.
"""

from __future__ import annotations

import difflib
import logging
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.console import Console, Say
from pipelines.runtime import failures
from sources.errors import AigapError, UsageError
from sources.registry import all_sources, get
from warehouse import reference, release
from warehouse.builder import steps
from warehouse.builder.inputs import release_hash
from warehouse.read.status import headline, stale_sources
from warehouse.workspace import ROOT, Workspace

if TYPE_CHECKING:
    import dagster as dg

#: Tags of the runs started here.
STARTED_BY, IN_FOLDER = "aigap/started_by", "aigap/data_folder"
#: What is said of a run that was killed.
BURIED = "its process ended without a word"


def refresh(
    live: bool,
    sources: list[str],
    force: bool,
    console: Console,
    requests: list[str] | None = None,
    as_of: date | None = None,
    pages: bool = False,
) -> int:
    """Run the jobs; returns the exit code. 0: published or nothing new. 1: a check or step stopped it, or
    nothing that was asked for could be fetched.

    With ``as_of`` a release of what was known at the end of that day is set beside the others; the link stays.
    With ``pages`` the export and the pages of what is then published are written too.
    """
    say, warn = console.say, console.warn
    workspace = Workspace.from_environment()
    if (sources or requests) and not live:
        option = "--source" if sources else "--request"
        raise UsageError(f"{option} without --live", "both", "add --live to fetch")
    if live and as_of:
        raise UsageError("--live with --as-of", "one of them", "what is fetched now was not known then")
    asked = _asked(sources, requests or []) if live else {}
    if pages and as_of:
        raise UsageError("--pages with --as-of", "one of them", "pages are of what is published")
    # Held to the end: a second refresh learns at once, before Dagster is loaded.
    with release.exclusive(workspace), _progress(console.handler):
        try:
            reference.load()
            code = _collect(asked, say, warn) if live else 0
            if not code:
                code = _build(workspace, as_of, force, say, warn)
            return _present(workspace, console) if pages and not code else code
        except UsageError:
            raise
        except Exception as error:
            _tell("refresh", "-", [str(error).partition("\n")[0] or type(error).__name__])
            raise


def _build(workspace: Workspace, as_of: date | None, force: bool, say: Say, warn: Say) -> int:
    if not force and (already := _already(workspace, as_of)):
        return _nothing_new(workspace, already, say)
    say(f"building in {workspace.data}" + (f" what was known at the end of {as_of}" if as_of else ""))
    # A past day leaves no trace in Dagster's records: they would show its figures, and its release as a fresh one.
    with _instance(kept=as_of is None) as instance:
        result = _execute("build", instance, as_of=as_of)
        if result.success:
            _tidy(instance, warn)
    return _report(workspace, result, say, warn)


def _tidy(instance: dg.DagsterInstance, warn: Say) -> None:
    """Remove old runs, as the job `housekeeping` does where a daemon starts it. No release is stopped by it."""
    from pipelines.defs import housekeeping

    try:
        housekeeping.tidy(instance, housekeeping.oldest_kept())
    except Exception as error:
        warn(f"aigap: warning: old runs were not removed: {str(error).partition(chr(10))[0]}")


def _present(workspace: Workspace, console: Console) -> int:
    """Write what readers without SQL get; returns the exit code. The release is out, whatever happens here."""
    with _instance() as instance:
        result = _execute("present", instance)
    lines = list(_failures(result))
    for line in lines:
        console.warn(f"aigap: {line}; the release stays published")
    if not result.success:
        _tell("present", result.run_id, lines)
        return 1
    console.say(f"      open {workspace.site / 'index.html'}; plain files in {workspace.export}")
    return 0


def _already(workspace: Workspace, as_of: date | None) -> release.Release | None:
    input_hash = release_hash(workspace, as_of=as_of)
    if as_of is not None:
        return release.existing_past_day(workspace, as_of, input_hash)
    return release.existing(workspace, input_hash)


@contextmanager
def _progress(handler: logging.Handler) -> Iterator[None]:
    """Show what the steps tell while they run."""
    logger = logging.getLogger("aigap.progress")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _nothing_new(workspace: Workspace, already: release.Release, say: Say) -> int:
    release.repair_latest_json(workspace)
    now = release.current(workspace)
    if already.as_of or (now is not None and now.name == already.name):
        say(f"nothing new: {already.name} is built from exactly these inputs; published nothing")
    else:
        say(
            f"nothing new: these inputs are release {already.name}, which was rolled back; published nothing; "
            f"to return to it: aigap rollback --to {already.name}"
        )
    _tell_stale(workspace, say)
    return 0


def _report(workspace: Workspace, result: dg.ExecuteInProcessResult, say: Say, warn: Say) -> int:
    now = release.current(workspace)
    made = _made(result)
    if made is not None and made.as_of:
        say("")
        say(f"built {made.name}")
        say(f"   in {made.path(workspace)}")
        for line in headline(made.summary):
            say(f"   latest {line}")
        say(f"       aigap.duckdb still shows {now.name if now else 'nothing'}")
        return 0
    if result.success and now is not None:
        say("")
        say(f"published {now.name}")
        say(f"       in {workspace.link}")
        for line in headline(now.summary):
            say(f"   latest {line}")
        _tell_stale(workspace, say)
        say(
            '     next aigap query "SELECT month, us_model, cn_model, gap_points FROM monthly_gap '
            "WHERE board='arena_text' AND variant='raw' AND category='overall' ORDER BY month\""
        )
        return 0
    reasons = list(_why(workspace, result))
    for line in reasons:
        warn(f"aigap: {line}")
    _tell("build", result.run_id, reasons)
    still = f"{now.name} stays published" if now else "nothing is published yet"
    warn(f"aigap: the release was stopped; {still}")
    return 1


def _made(result: dg.ExecuteInProcessResult) -> release.Release | None:
    """The release a run published."""
    found = result.asset_materializations_for_node("release") if result.success else []
    fields = found[0].metadata["sidecar"].value if found else None
    return release.Release(**fields) if isinstance(fields, dict) else None


def _why(workspace: Workspace, result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """Why a run failed, in lines a person can act on."""
    told = False
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed and evaluation.blocking:
            told = True
            yield evaluation.description or evaluation.check_name
    if told:
        yield f"the candidate is kept to look at: {steps.staged(workspace).candidate}"
        return
    yield from _failures(result)


def _tell(job: str, run_id: str, reasons: list[str]) -> None:
    """Hand a failure to the notifier a site has chosen; who looks at this terminal knows already.

    The sensor that tells of failed runs passes over those started here.
    """
    from pipelines.runtime import notify

    if os.environ.get(notify.WEBHOOK) or os.environ.get(notify.PLUGIN):
        now = None
        with suppress(AigapError):  # what cannot be read may be what went wrong
            now = release.current(Workspace.from_environment())
        notify.tell(notify.Notice(job, run_id, tuple(reasons), now.name if now else None))


def _tell_stale(workspace: Workspace, say: Say) -> None:
    stale = stale_sources(workspace)
    if stale:
        say(f"    stale {len(stale)} of {len(all_sources())} sources (aigap status shows all):")
        for line in stale[:3]:
            say(f"          {line}")


def _asked(names: list[str], requests: list[str]) -> dict[str, list[str]]:
    """The sources to fetch, each with the requests asked of it by name. Raises `UsageError` for what is not there.

    Looks at the configured addresses too, so that a mistake in them is told before anything runs.
    """
    from sources.ingestion import collect

    collect.read_overrides()
    chosen = [get(name) for name in dict.fromkeys(names)] or list(all_sources())
    for source in chosen:
        if names and not any(request.address for request in source.requests):
            raise UsageError(
                f"{source.id} has nothing live to fetch",
                "a live source",
                f"take files in: aigap ingest {source.id}",
            )
    there = {request.name for source in chosen for request in source.requests if request.address}
    for name in requests:
        if name not in there:
            near = difflib.get_close_matches(name, there, n=3, cutoff=0.4) or sorted(there)[:10]
            raise UsageError(
                f"no live request {name!r}", "one of " + ", ".join(near), "see: aigap archive list"
            )
    return {source.id: requests for source in chosen if collect.wanted(source, requests)}


def _collect(asked: dict[str, list[str]], say: Say, warn: Say) -> int:
    say("fetching")
    config = {f"sources__{name}": {"config": {"requests": requests}} for name, requests in asked.items()}
    with _instance() as instance:
        result = _execute("collect", instance, [f"sources/{name}" for name in asked], config)
    failed = {event.step_key for event in result.get_step_failure_events()}
    lines = [failures.line(error) for _, error in _errors(result)]
    for line in lines:
        warn(f"aigap: warning: {line}; the last good bytes stay in use")
    if failed and len(failed) == len(asked):
        warn("aigap: every source failed; the last good bytes stay in use")
        _tell("collect", result.run_id, ["every source failed", *lines])
        return 1
    return 0


def _failures(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    for where, error in _errors(result):
        yield f"{where}: {failures.line(error)}"


def _errors(result: dg.ExecuteInProcessResult) -> Iterator[tuple[str, Any]]:
    """Where a run failed and with which error, below what Dagster wrapped around it."""
    import dagster as dg

    failed: list[tuple[str, Any]] = [
        (event.step_key or "", event.step_failure_data.error) for event in result.get_step_failure_events()
    ]
    # The run's own error repeats a step's, and is all there is when it failed between two steps.
    failed = failed or [
        ("the run", event.job_failure_data.error)
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.RUN_FAILURE
    ]
    for where, error in failed:
        found = failures.root(error)
        if found is not None:
            yield where, found


def _execute(
    job: str,
    instance: dg.DagsterInstance,
    selection: list[str] | None = None,
    config: dict[str, Any] | None = None,
    as_of: date | None = None,
) -> dg.ExecuteInProcessResult:
    import dagster as dg

    from pipelines.runtime import executors

    # One process, whatever else this machine is set up for: there is nothing to spread to.
    os.environ[executors.VARIABLE] = executors.IN_PROCESS
    from pipelines.definitions import defs

    run_config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    if config:
        run_config["ops"] = config
    if as_of:
        run_config["resources"] = {"data": {"config": {"as_of": as_of.isoformat()}}}
    tags = {STARTED_BY: "cli", IN_FOLDER: str(Workspace.from_environment().data)}
    _bury(instance, tags)
    try:
        result = defs.resolve_job_def(job).execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config=run_config,
            asset_selection=[dg.AssetKey(name.split("/")) for name in selection] if selection else None,
            tags=tags,
        )
    except dg.DagsterExecutionInterruptedError:
        raise KeyboardInterrupt from None
    except dg.DagsterError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, AigapError):
            cause = cause.__cause__
        if isinstance(cause, AigapError):
            raise cause from None
        raise
    # To Dagster these are failures of a step or a run like any other; they are no verdict on the figures.
    for _, found in _errors(result):
        if found.cls_name == release.Busy.__name__:
            raise release.Busy(Workspace.from_environment())
        if failures.is_interrupt(found):
            raise KeyboardInterrupt
    return result


def _bury(instance: dg.DagsterInstance, tags: dict[str, str]) -> None:
    """Close the records of earlier runs of ours whose process was killed; call it with the folder held.

    Else they are "started" for ever, and what they had taken of a host's pool is never given back.
    """
    import dagster as dg

    alive = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]
    for run in instance.get_runs(dg.RunsFilter(tags=tags, statuses=alive)):
        instance.report_run_failed(run, BURIED)
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        _tell(run.job_name, run.run_id, [BURIED])


@contextmanager
def _instance(kept: bool = True) -> Iterator[dg.DagsterInstance]:
    """The persisted instance of ``dagster.yaml``, whose paths are relative to the root.

    Without ``kept``, and in an installed copy without a ``dagster.yaml``, runs are in memory only.
    """
    import dagster as dg
    from sqlalchemy.exc import SQLAlchemyError

    home = Path(os.environ.get("DAGSTER_HOME", ROOT)).expanduser().resolve()
    if not kept or not (home / "dagster.yaml").is_file():
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance
        return
    before = Path.cwd()
    os.environ["AIGAP_DATA_DIR"] = str(Workspace.from_environment().data)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.chdir(home)
    try:
        with _opened(home) as instance:
            yield instance
    except SQLAlchemyError as error:
        raise _no_history(home, error) from None
    except Exception as error:
        # what dagster-postgres makes of a database that is gone
        if isinstance(error.__cause__, SQLAlchemyError):
            raise _no_history(home, error) from None
        raise
    finally:
        os.chdir(before)


def _opened(home: Path) -> dg.DagsterInstance:
    import dagster as dg

    # dagster-postgres tells the root logger of every attempt; what came of the last is told here.
    root, quiet = logging.getLogger(), logging.NullHandler()
    root.addHandler(quiet)
    try:
        return dg.DagsterInstance.get()
    except Exception as error:
        raise _no_history(home, error) from None
    finally:
        root.removeHandler(quiet)


def _no_history(home: Path, error: BaseException) -> AigapError:
    """What to say when Dagster's records cannot be opened, or not be written any more."""
    while error.__cause__ is not None:
        error = error.__cause__
    cause = getattr(error, "orig", None) or error
    unset = re.search(r'environment variable "(\w+)" which is not set', str(cause))
    why = f"{unset[1]} is not set" if unset else str(cause).strip().partition("\n")[0]
    if isinstance(cause, sqlite3.Error):
        expected, remedy = "a folder with space left", "make room, or name another folder with DAGSTER_HOME"
    else:
        expected, remedy = (
            "what dagster.yaml there names",
            "start it, or mend dagster.yaml or what it asks for",
        )
    return AigapError(
        f"the run history in {home} cannot be written ({why})",
        expected,
        f"{remedy}; aigap status shows what is published",
    )
