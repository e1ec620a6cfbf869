"""A part of a build: single tables made again, for a person who works on one of them.

They are made in the candidate that an earlier run began, while it is of the inputs and the code of now, or else in a
copy of the published release. A candidate can be published once all its tables are made; a copy never is.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import replace
from functools import partial

import duckdb

from sources.errors import UsageError
from warehouse import reference, release
from warehouse.builder import graph, steps
from warehouse.builder.context import BuildContext, BuildIdentity
from warehouse.builder.fill import RowCounts, count_rows, fill
from warehouse.builder.fillers import FILLERS
from warehouse.builder.inputs import Gathered, gather, release_hash
from warehouse.builder.made import note_made, tables_made
from warehouse.builder.marts import estimated_tables, fill_marts, read_estimates
from warehouse.builder.steps import Staged
from warehouse.db import read_only, read_write
from warehouse.files import replacing
from warehouse.tables import table
from warehouse.workspace import Workspace

#: The file in the folder of a copy that names its release.
COPY_OF = "copy_of"


def begun(workspace: Workspace) -> Staged | None:
    """The candidate that was begun last, by any run, if it is of the inputs and the code of now."""
    try:
        staged = steps.staged(workspace)
    except UsageError:
        return None
    now = release_hash(workspace, excluded=staged.excluded)
    return staged if staged.as_of is None and staged.input_hash == now else None


def for_tables(workspace: Workspace, names: Collection[str]) -> Staged:
    """Where the tables ``names`` can be made: `begun` if it has what they read, or else a copy of the release.

    The caller must hold the lock of the data folder. Raises `UsageError` if nothing is published.
    """
    candidate = begun(workspace)
    if candidate is not None and not missing(candidate, names):
        return candidate
    return _copy(workspace)


def can_be_whole(staged: Staged, names: Collection[str]) -> bool:
    """Whether ``names`` are all tables of the core, and what they are made of is there, but no copy."""
    return staged.copy_of is None and set(names) >= steps.WITH_CORE and staged.inputs.is_file()


def missing(staged: Staged, names: Collection[str]) -> set[str]:
    """The tables that must be made in ``staged`` before ``names`` can be."""
    if can_be_whole(staged, names):
        return set()
    read = {other for name in names for other in graph.upstream(name) if not graph.is_input(other)}
    # Of the core only all at once can be made in an empty candidate.
    return (
        (read | (set(names) & steps.WITH_CORE)) - tables_made(staged.made) - (set(names) & steps.WITH_MARTS)
    )


def _copy(workspace: Workspace) -> Staged:
    published = release.current(workspace)
    if published is None:
        raise UsageError(f"nothing is published in {workspace.data}", "a release", "run the job build")
    staged = Staged(
        workspace,
        published.input_hash,
        excluded=tuple(published.summary.get("left_out", ())),
        copy_of=published.name,
    )
    note = staged.folder / COPY_OF
    if not note.is_file() or note.read_text(encoding="utf-8") != published.name:
        shutil.rmtree(staged.folder, ignore_errors=True)
        staged.folder.mkdir(parents=True)
        with replacing(staged.candidate) as temporary:
            shutil.copyfile(published.path(workspace), temporary)
        note.write_text(published.name, encoding="utf-8")
    return staged


def version(staged: Staged) -> str:
    """The data version of what is made in ``staged`` now: another than the release's where something has changed."""
    now = release_hash(staged.workspace, excluded=staged.excluded)
    return now if now == staged.input_hash else f"{staged.input_hash[:12]} by the code of {now[:12]}"


def origin(staged: Staged) -> str:
    """In words, what the tables that are made in ``staged`` are made from."""
    if staged.copy_of:
        return f"the tables and inputs of {staged.copy_of}, by the code of now"
    return f"the candidate that run {staged.run_id} began"


def refill(staged: Staged, names: Collection[str]) -> RowCounts:
    """Make the tables ``names`` again by the code of now, from the other tables as they are; returns their rows.

    All of them, or none if it fails. Raises `UsageError` for a candidate whose other tables are of another version
    of the project, or whose inputs are not there any more.
    """
    # What differs from the release it started from is not known any more: all tables count as changed.
    staged.changes.unlink(missing_ok=True)
    core, marts = (sorted(set(names) & of_step) for of_step in (steps.WITH_CORE, steps.WITH_MARTS))
    try:
        estimates = (
            read_estimates(staged.candidate, staged.estimates) if set(marts) & set(estimated_tables()) else {}
        )
        gathered = _gathered(staged) if core else Gathered((), {})
        with read_write(staged.candidate) as con:
            con.begin()
            for name in [*core, *marts]:
                con.execute(f"DROP TABLE IF EXISTS {name}")
                con.execute(";\n".join([table(name).ddl(), *table(name).comments()]))
            for view, query in graph.view_queries().items():
                con.execute(f"CREATE OR REPLACE VIEW {view} AS {query}")
            if core:
                build = BuildContext(con, gathered, _reference(staged), _identity(staged), staged.workspace)
                fill(con, core, {name: partial(filler, build) for name, filler in FILLERS.items()})
            if marts:
                fill_marts(con, marts, estimates)
            con.commit()
            counts = count_rows(con, [*core, *marts])
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise UsageError(
            f"{', '.join(sorted(names))} cannot be made from {origin(staged)}: {str(error).splitlines()[0]}",
            "tables of this version of the project",
            "run the job build",
        ) from None
    if core:
        # Estimates of an earlier core are out of date.
        shutil.rmtree(staged.estimates, ignore_errors=True)
    # What has changed since the last release does not tell of what was made again: the next step makes all.
    staged.changes.unlink(missing_ok=True)
    if staged.copy_of is None:
        note_made(staged.made, names)
    return counts


def rows(staged: Staged, names: Collection[str]) -> dict[str, int]:
    """The number of rows of those of the tables ``names`` that the candidate has."""
    with read_only(staged.candidate) as con:
        there = {
            f"{schema}.{name}"
            for schema, name in con.sql("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        }
        return dict(count_rows(con, sorted(there & set(names))))


def _identity(staged: Staged) -> BuildIdentity:
    return BuildIdentity(staged.input_hash, staged.run_id, staged.as_of, staged.excluded)


def _reference(staged: Staged) -> reference.ReferenceData:
    return reference.load(reference.FOLDER, staged.workspace.reference)


def _gathered(staged: Staged) -> Gathered:
    """The inputs that the candidate names, parsed by the parsers of now."""
    found = gather(staged.workspace, excluded=staged.excluded)
    with read_only(staged.candidate) as con:
        known = {name for (name,) in con.sql("SELECT input_id FROM meta.inputs").fetchall()}
    inputs = tuple(entry for entry in found.inputs if entry.input_id in known)
    if gone := known - {entry.input_id for entry in inputs}:
        raise UsageError(
            f"{len(gone)} inputs of {staged.copy_of or 'the candidate'} are not there any more, {min(gone)} among them",
            "all that it was built from",
            "run the job build",
        )
    return replace(found, inputs=inputs)
