"""The steps from inputs to a release, as functions to call in this order:

    stage → observe → core → check → estimate → marts → check → publish

`stage` records the inputs; every later step reads and writes one staging folder. So the steps can run in one process
or in several, on any machine that has access to the folder.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from sources.errors import UsageError
from warehouse import reference, release
from warehouse.builder import checks, graph
from warehouse.builder.changes import Changes
from warehouse.builder.context import BuildIdentity
from warehouse.builder.core import build_core
from warehouse.builder.fill import RowCounts, refill
from warehouse.builder.inputs import HISTORY, Gathered, gather, release_hash, sweep_parsed
from warehouse.builder.made import note_made, tables_made
from warehouse.builder.marts import build_marts, read_estimates, renew_marts, write_changed, write_estimates
from warehouse.builder.start import WHOLE, basis_of, find_start
from warehouse.db import dicts, let_go, read_only, read_write
from warehouse.files import write_atomically
from warehouse.release import withheld
from warehouse.release.state import state
from warehouse.tables import table
from warehouse.workspace import Workspace

#: Names of staging folders, see `Staged.folder`. What else lies beside them is somebody's.
BUILD = re.compile(r"[0-9a-f]{12}(?:-.*)?|copy")
#: The file in the staging folder that names the build in progress.
CURRENT = "current.json"

#: The tables of each step; its checks run on them. `meta.checks` is filled with their results.
WITH_MARTS = frozenset(graph.tables_of("marts"))
WITH_CORE = frozenset(graph.tables_of("core")) - {"meta.checks"}


@dataclass(frozen=True)
class Staged:
    """A build in progress by the run ``run_id``, from what was known at the end of the day ``as_of``, if given.

    ``excluded`` are the sources whose inputs it leaves out. With ``copy_of`` it is no build but a copy of that release,
    for tables to be made again in (`warehouse.builder.parts`).
    """

    workspace: Workspace
    input_hash: str
    run_id: str | None = None
    as_of: date | None = None
    excluded: tuple[str, ...] = ()
    copy_of: str | None = None

    @property
    def folder(self) -> Path:
        """A folder for each run, so that late writes of a killed run cannot collide."""
        if self.copy_of:
            return self.workspace.staging / "copy"
        of = f"-{self.run_id[:8]}" if self.run_id else ""
        return self.workspace.staging / f"{self.input_hash[:12]}{of}"

    @property
    def candidate(self) -> Path:
        """The DuckDB file that is being built."""
        return self.folder / "candidate.duckdb"

    @property
    def estimates(self) -> Path:
        """The folder of `warehouse.builder.marts.write_estimates`."""
        return self.folder / "estimates"

    @property
    def changed_estimates(self) -> Path:
        """The folder of `warehouse.builder.marts.write_changed`."""
        return self.folder / "changed_estimates"

    @property
    def changes(self) -> Path:
        """The file that says what differs from the release the candidate started from; none in a whole build."""
        return self.folder / "changes.json"

    @property
    def inputs(self) -> Path:
        """The file with the inputs that `observe` found."""
        return self.folder / "inputs.json"

    @property
    def made(self) -> Path:
        """The file of `warehouse.builder.made`."""
        return self.folder / "made.json"


def stage(
    workspace: Workspace,
    history: Path = HISTORY,
    run_id: str | None = None,
    as_of: date | None = None,
    excluded: tuple[str, ...] = (),
) -> Staged:
    """Record the inputs there are now, create a staging folder for them and remove those of earlier runs.

    The caller must hold the lock of the data folder (`release.exclusive`).
    """
    input_hash = release_hash(workspace, history, as_of, excluded)
    staged = Staged(workspace, input_hash, run_id, as_of, excluded)
    if workspace.staging.is_dir():
        for folder in workspace.staging.iterdir():
            is_ours = BUILD.fullmatch(folder.name) and folder.name != staged.folder.name
            if is_ours and folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)
    sweep_parsed(workspace)
    staged.folder.mkdir(parents=True, exist_ok=True)
    note = {
        "input_hash": staged.input_hash,
        "run_id": run_id,
        "as_of": as_of.isoformat() if as_of else None,
        "excluded": excluded,
    }
    write_atomically(workspace.staging / CURRENT, json.dumps(note) + "\n")
    return staged


def staged(workspace: Workspace, runs: Iterable[str] = ()) -> Staged:
    """The build that `stage` recorded last. Raises `UsageError` if there is none, or none by one of ``runs``."""
    try:
        note = json.loads((workspace.staging / CURRENT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"nothing is staged in {workspace.staging}", "the step observations", "run the whole job build"
        ) from None
    allowed = set(runs)
    if allowed and note["run_id"] not in allowed:
        raise UsageError(
            f"the build staged in {workspace.staging} is of run {note['run_id']}",
            f"the run {' or '.join(sorted(allowed))}",
            "another run has started since; run the whole job build",
        )
    as_of = date.fromisoformat(note["as_of"]) if note["as_of"] else None
    return Staged(workspace, note["input_hash"], note["run_id"], as_of, tuple(note.get("excluded", ())))


def observe(staged: Staged, history: Path = HISTORY) -> Gathered:
    """Parse what is new in the archive and record the inputs for the later steps; returns them."""
    gathered = gather(staged.workspace, history, staged.as_of, staged.excluded)
    staged.inputs.write_text(gathered.to_json(), encoding="utf-8")
    return gathered


def core(staged: Staged, reference_folder: Path | None = None) -> RowCounts:
    """Fill ``core`` and ``meta`` in a new candidate; returns the number of rows of each core table."""
    gathered = Gathered.from_json(staged.inputs.read_text(encoding="utf-8"))
    known = reference.load(reference_folder or reference.FOLDER, staged.workspace.reference)
    if staged.as_of is not None:
        known = reference.as_of(known, staged.as_of)
    # Estimates of an earlier core are out of date.
    for folder in (staged.estimates, staged.changed_estimates):
        shutil.rmtree(folder, ignore_errors=True)
    staged.changes.unlink(missing_ok=True)
    identity = BuildIdentity(staged.input_hash, staged.run_id, staged.as_of, staged.excluded)
    staged.made.unlink(missing_ok=True)
    start = WHOLE
    if staged.as_of is None:
        basis = basis_of(
            staged.workspace, gathered.history, reference_folder or reference.FOLDER, staged.excluded
        )
        start = find_start(staged.workspace, basis)
    counts, changes = build_core(staged.candidate, gathered, known, identity, staged.workspace, start)
    if changes is not None:
        changes.write(staged.changes)
    note_made(staged.made, WITH_CORE)
    return counts


def started_from(staged: Staged) -> str | None:
    """The name of the release that the candidate started from; None for a whole build."""
    changes = Changes.read(staged.changes)
    return changes.release if changes else None


def estimate(staged: Staged) -> dict[str, int]:
    """Compute the tables that need Python and save them for `marts`; returns rows by table."""
    changes = Changes.read(staged.changes)
    if changes is None:
        return write_estimates(staged.candidate, staged.estimates)
    return write_changed(staged.candidate, staged.changed_estimates, changes)


def marts(staged: Staged) -> RowCounts:
    """Fill the marts, with the tables that `estimate` saved; returns the number of rows of each."""
    changes = Changes.read(staged.changes)
    # Whoever dies from here on leaves a candidate whose marts are neither old nor new: the next fills them all.
    staged.changes.unlink(missing_ok=True)
    if changes is None:
        counts = build_marts(staged.candidate, read_estimates(staged.candidate, staged.estimates))
    else:
        counts = renew_marts(staged.candidate, staged.changed_estimates, changes)
        changes.write(staged.changes)
    note_made(staged.made, WITH_MARTS)
    return counts


def check(staged: Staged, names: frozenset[str]) -> list[checks.Result]:
    """Run the checks about the tables ``names`` on the candidate and write them into it."""
    before = release.current_file(staged.workspace)
    changes = Changes.read(staged.changes)
    # Opened once: a file with a thousand comments takes twenty milliseconds.
    with read_write(staged.candidate, is_kept=True) as con:
        results = checks.run_in(con, checks.checks_about(set(names)), before, changes)
        checks.record(con, results)
    return results


def publish(staged: Staged) -> release.Release:
    """Publish the candidate and return its release.

    Checks that have not run are run first. The release of a past day does not move the link. Raises `AuditFailed` if
    a check stops it, `UsageError` if some of its tables have not been made.
    """
    if missing := (WITH_CORE | WITH_MARTS) - tables_made(staged.made):
        raise UsageError(
            f"{len(missing)} tables of the candidate are not made yet, {min(missing)} among them",
            "a candidate with every table, all of the same inputs",
            "materialize all that comes before release, or run the job build",
        )
    with read_only(staged.candidate) as con:
        summary = _summary(con)
        # Of the release of a past day nobody asks how fresh it is.
        known = {} if staged.as_of else state(con)
        passed = _has_passed(con)
    if not passed:
        results = checks.run(staged.candidate, before=release.current_file(staged.workspace))
        checks.raise_if_blocked(staged.candidate, results)
        with read_write(staged.candidate) as con:
            checks.record(con, results)
    made = release.new(staged.workspace, staged.input_hash, summary, staged.run_id, staged.as_of, known)
    _note_runs(staged, made)
    let_go(staged.candidate)
    published = release.publish(staged.workspace, staged.candidate, made)
    _remove(staged)
    return published


def _remove(staged: Staged) -> None:
    shutil.rmtree(staged.folder, ignore_errors=True)
    (staged.workspace.staging / CURRENT).unlink(missing_ok=True)


def remove_remains(workspace: Workspace, published: release.Release) -> None:
    """Remove what the build of ``published`` left if it was killed right after; hold the lock of the data folder."""
    with suppress(UsageError):
        left = staged(workspace)
        if left.input_hash == published.input_hash:
            _remove(left)


def _note_runs(staged: Staged, made: release.Release) -> None:
    """Fill ``meta.runs``: this release and the others kept, each with the run that built it."""
    kept = [] if staged.as_of else release.releases(staged.workspace)
    rows = [
        {
            "release": entry.name,
            "run_id": entry.run_id,
            "input_hash": entry.input_hash,
            "published_at": datetime.fromisoformat(entry.published_at).replace(tzinfo=None),
            "replaced": entry.previous,
        }
        for entry in sorted([made, *kept], key=lambda entry: entry.published_at)
    ]
    with read_write(staged.candidate) as con:
        refill(con, "meta.runs", pl.DataFrame(rows, schema=table("meta.runs").polars_schema()))


def summarize(path: Path) -> dict[str, Any]:
    """The summary of a release for its headline: the latest gap of each variant, the country pair, and counts."""
    with read_only(path) as con:
        return _summary(con)


def _summary(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    latest = dicts(
        con.sql(
            "SELECT variant, month, status, us_model, us_score, cn_model, cn_score, gap_points, gap_pct_of_cn, "
            "us_win_probability, gap_error, gap_low, gap_high, gap_low_wide, gap_high_wide, us_contenders, "
            "cn_contenders, gap_at_least, published_on, days_before_month_end, month_is_open, date_basis, "
            "source_id, error_source_id FROM main.monthly_gap "
            "WHERE board = 'arena_text' AND category = 'overall' AND gap_points IS NOT NULL "
            "QUALIFY row_number() OVER (PARTITION BY variant ORDER BY month DESC) = 1 ORDER BY variant"
        )
    )
    [counts] = dicts(
        con.sql(
            "SELECT (SELECT count(*) FROM core.scores) AS scores, "
            "(SELECT count(*) FROM core.snapshots) AS snapshots, "
            "(SELECT count(*) FROM meta.inputs) AS inputs, (SELECT count(*) FROM main.monthly_gap) AS months, "
            "(SELECT count(*) FROM main.monthly_gap WHERE gap_points IS NOT NULL) AS months_with_gap, "
            "(SELECT count(*) FROM meta.unresolved_models) AS unresolved_models"
        )
    )
    parameters = dict(con.sql("SELECT name, value FROM meta.parameters").fetchall())
    [(schema_version, left_out)] = con.sql("SELECT schema_version, left_out FROM meta.release").fetchall()
    found = withheld.read(con)
    return {
        "pair": [parameters["country_a"], parameters["country_b"]],
        "latest": [{key: _plain(value) for key, value in row.items()} for row in latest],
        "counts": counts,
        "schema_version": schema_version,
        "left_out": left_out,
        "withheld": [entry.to_row() for entry in found],
    }


def _has_passed(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether every check has run, and none stops the release."""
    rows = con.sql("SELECT check_name, severity, passed FROM meta.checks").fetchall()
    missing = {check.name for check in checks.all_checks()} - {name for name, _, _ in rows}
    return not missing and all(passed or not checks.stops(severity) for _, severity, passed in rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
