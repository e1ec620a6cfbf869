"""The tables of ``meta`` on a release's sources, inputs and columns, and what SQL needs of sources and receipts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import polars as pl

from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.registry import all_sources, get
from warehouse import lineage
from warehouse.builder.context import BuildContext
from warehouse.builder.held import as_rows, without_held_sql
from warehouse.builder.inputs import KINDS, kind_of, known_by, read_manifest
from warehouse.db import literal, parquet_literal, stage
from warehouse.definitions import definitions as all_definitions
from warehouse.tables import SCHEMA_VERSION, TABLES, table

#: Files of parsed rows below this size in bytes are read together where there are more than a few of them.
SMALL, FEW = 100_000, 20


def sources(build: BuildContext) -> pl.DataFrame:
    """``meta.sources``: one row for each source, as declared in its module."""
    rows = [
        {
            "source_id": source.id,
            "title": source.title,
            "producer": source.origin.producer,
            "mirror": source.origin.mirror or None,
            "address": source.origin.address,
            "citation": source.origin.citation,
            "licence": source.origin.licence,
            "licence_address": source.origin.licence_address or None,
            "redistributable": source.origin.redistributable,
            "share_alike": source.origin.share_alike,
            "redistribution_note": source.origin.redistribution_note,
            "coverage": source.coverage.value,
            "basis": source.basis.value,
            "precision": source.precision.value,
            "distance": source.distance,
            "every_change_until": source.every_change_until,
        }
        for source in all_sources()
    ]
    return pl.DataFrame(rows, schema=table("meta.sources").polars_schema())


def staged_source(build: BuildContext) -> pl.DataFrame:
    """The fields of each source that SQL reads, one row each; ``cadence`` in seconds, ``cut`` as JSON."""
    rows = [
        {
            "source_id": source.id,
            "coverage": source.coverage.value,
            "cut": json.dumps(source.cut, default=str),
            "precision": source.precision.value,
            "basis": source.basis.value,
            "distance": source.distance,
            "stamp_can_lag": source.stamp_can_lag,
            "fills_up": source.fills_up,
            "cadence": source.cadence.total_seconds() if source.cadence else None,
        }
        for source in all_sources()
    ]
    schema = {
        "source_id": pl.String(),
        "coverage": pl.String(),
        "cut": pl.String(),
        "precision": pl.String(),
        "basis": pl.String(),
        "distance": pl.Int32(),
        "stamp_can_lag": pl.Boolean(),
        "fills_up": pl.Boolean(),
        "cadence": pl.Float64(),
    }
    return pl.DataFrame(rows, schema=schema)


def staged_request(build: BuildContext) -> pl.DataFrame:
    """The last fetch (``fetched_at``) and last failure (``reason``) of each source, one row each."""
    archive = Archive(build.workspace.archive)
    as_of = build.identity.as_of
    # Of several failed requests of a source, the last one counts.
    failures = sorted(current_failures(archive), key=lambda failure: failure.at)
    reasons = {failure.source_id: failure.reason for failure in failures if known_by(failure.at, as_of)}
    rows = []
    for source in all_sources():
        # Backfills do not show how fresh a source is.
        fetched = [receipt.fetched_at for receipt in archive.history(source.id) if not receipt.key]
        last = max((moment for moment in fetched if known_by(moment, as_of)), default=None)
        rows.append((source.id, last.replace(tzinfo=None) if last else None, reasons.get(source.id)))
    schema = {"source_id": pl.String(), "fetched_at": pl.Datetime("us"), "reason": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def inputs(build: BuildContext) -> pl.DataFrame:
    """``meta.inputs``: one row for each body that the release is built from."""
    rows = [
        {**entry.to_row(), "known_at": entry.known_at.replace(tzinfo=None)} for entry in build.gathered.inputs
    ]
    return pl.DataFrame(rows, schema=table("meta.inputs").polars_schema())


def held(build: BuildContext) -> pl.DataFrame:
    """``meta.held``: one row for what is or was left out of a body."""
    return pl.DataFrame(as_rows(build.gathered.held), schema=table("meta.held").polars_schema())


def read_observations(build: BuildContext, without: Collection[str]) -> None:
    """Create the table ``parsed_observation`` as `view_parsed` does, of all inputs but ``without``."""
    # A file of the archive has the name of its input, and none but its rows.
    names = {name.replace("/", "__") for name in without}
    files = [
        path
        for path in build.gathered.files["observation"]
        if path.name.removesuffix(f".{path.name.split('.')[-2]}.parquet") not in names
    ]
    wanted = sorted({entry.input_id for entry in build.gathered.inputs}.difference(without))
    if not files or not wanted:
        schema = {"input_id": pl.String(), **KINDS["observation"]}
        stage(build.con, "parsed_observation", pl.DataFrame(schema=schema))
        return
    among = f"WHERE input_id IN ({', '.join(map(literal, wanted))})"
    held = [entry for entry in build.gathered.held if kind_of(get(entry.source_id)) == "observation"]
    rows = without_held_sql(f"(FROM {_read_parquet(files)} {among})", held)
    build.con.execute(f"CREATE TEMP TABLE parsed_observation AS {rows}")


def view_parsed(build: BuildContext, kind: str) -> None:
    """Create the view ``parsed_<kind>``: the rows of one kind, of the inputs of this build, that are not held."""
    files = build.gathered.files[kind]
    if files:
        small = [path for path in files if path.stat().st_size < SMALL]
        if len(small) > FEW:
            # Opened once: every reader would open a thousand again.
            build.con.execute(f"CREATE TEMP TABLE small_{kind} AS FROM {_read_parquet(small)}")
            large = [path for path in files if path not in set(small)]
            read = f"(FROM small_{kind}" + (f" UNION ALL FROM {_read_parquet(large)})" if large else ")")
        else:
            read = _read_parquet(files)
        # Not where it takes nothing away: DuckDB expects a fifth of the rows, and so holds all of them in its joins.
        among = " SEMI JOIN meta.inputs USING (input_id)" if _has_others(build, files) else ""
        rows = f"(SELECT * FROM {read}{among})"
        held = [entry for entry in build.gathered.held if kind_of(get(entry.source_id)) == kind]
        build.con.execute(f"CREATE TEMP VIEW parsed_{kind} AS {without_held_sql(rows, held)}")
    else:
        schema = {"input_id": pl.String(), **KINDS[kind]}
        stage(build.con, f"parsed_{kind}", pl.DataFrame(schema=schema))


def _has_others(build: BuildContext, files: Iterable[Path]) -> bool:
    """Whether files of the shipped history have rows of inputs that are not of this build."""
    folders = {path.parent for path in files}
    listed = {row["input_id"] for folder in folders for row in read_manifest(folder)["inputs"]}
    return not listed <= {entry.input_id for entry in build.gathered.inputs}


def _read_parquet(files: Iterable[Path]) -> str:
    return f"read_parquet([{', '.join(parquet_literal(path) for path in files)}])"


def release(build: BuildContext) -> pl.DataFrame:
    """``meta.release``, one row. The latest month is that of the newest arena snapshot, else of the newest one.

    Raises `UsageError` if there is none.
    """
    latest: pl.DataFrame = build.con.sql(
        "SELECT (SELECT count(*) FROM meta.inputs) AS inputs, date_trunc('month', "
        "coalesce(max(published_on) FILTER (starts_with(board, 'arena_')), max(published_on)))::DATE AS latest_month "
        "FROM core.snapshots"
    ).pl()
    if latest["latest_month"].item() is None:
        day = build.identity.as_of
        raise UsageError(
            "no leaderboard is held" + (f" that was known at the end of {day}" if day else ""),
            "at least one",
            "name a later day" if day else "run: aigap refresh --live",
        )
    return latest.with_columns(
        schema_version=pl.lit(SCHEMA_VERSION),
        input_hash=pl.lit(build.identity.input_hash),
        project_version=pl.lit(project_version()),
        run_id=pl.lit(build.identity.run_id),
        as_of=pl.lit(build.identity.as_of),
        left_out=pl.lit(pl.Series([list(build.identity.excluded)], dtype=pl.List(pl.String()))),
    )


def project_version() -> str:
    """The installed version of this project; 0 if it is not installed."""
    try:
        return version("aigap")
    except PackageNotFoundError:
        return "0"


def definitions(build: BuildContext | None = None) -> pl.DataFrame:
    """``meta.definitions``: one row for each definition, in the order of docs/method.md."""
    rows = [
        {**vars(one), "columns": list(one.columns), "position": position}
        for position, one in enumerate(all_definitions(), start=1)
    ]
    return pl.DataFrame(rows, schema=table("meta.definitions").polars_schema())


def columns(build: BuildContext | None = None) -> pl.DataFrame:
    """``meta.columns``: one row for each column of each table."""
    rows = [
        {
            "table_name": declared.full_name,
            "column_name": column.name,
            "position": position,
            "data_type": column.kind,
            "nullable": column.nullable,
            "unit": column.unit or None,
            "comment": column.comment,
            "is_key": column.name in declared.key,
            "derived_from": list(lineage.derived_from(declared.full_name, column.name)),
        }
        for declared in TABLES
        for position, column in enumerate(declared.columns, start=1)
    ]
    return pl.DataFrame(rows, schema=table("meta.columns").polars_schema())
