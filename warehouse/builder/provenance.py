"""Where a release comes from, as frames: its sources and their receipts, its inputs, itself, and its columns."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import polars as pl

from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.registry import all_sources
from warehouse.builder.context import BuildContext
from warehouse.builder.inputs import KINDS, known_by
from warehouse.db import parquet_literal, stage
from warehouse.tables import SCHEMA_VERSION, TABLES, lineage, table


def sources(build: BuildContext) -> pl.DataFrame:
    """``meta.sources``: what each source declares of itself."""
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
            "redistribution_note": source.origin.redistribution_note,
            "coverage": source.coverage.value,
            "precision": source.precision.value,
            "distance": source.distance,
        }
        for source in all_sources()
    ]
    return pl.DataFrame(rows, schema=table("meta.sources").polars_schema())


def staged_source(build: BuildContext) -> pl.DataFrame:
    """What SQL needs of a source as it declares itself, one row a source; ``cadence`` in seconds."""
    rows = [
        {
            "source_id": source.id,
            "coverage": source.coverage.value,
            "precision": source.precision.value,
            "distance": source.distance,
            "stamp_can_lag": source.stamp_can_lag,
            "cadence": source.cadence.total_seconds() if source.cadence else None,
        }
        for source in all_sources()
    ]
    schema = {
        "source_id": pl.String(),
        "coverage": pl.String(),
        "precision": pl.String(),
        "distance": pl.Int32(),
        "stamp_can_lag": pl.Boolean(),
        "cadence": pl.Float64(),
    }
    return pl.DataFrame(rows, schema=schema)


def staged_request(build: BuildContext) -> pl.DataFrame:
    """When each source was last asked (``fetched_at``) and the ``reason`` of what failed last, one row a source."""
    archive = Archive(build.workspace.archive)
    as_of = build.identity.as_of
    # Of several requests of a source the one that failed last.
    failures = sorted(current_failures(archive), key=lambda failure: failure.at)
    reasons = {failure.source_id: failure.reason for failure in failures if known_by(failure.at, as_of)}
    rows = []
    for source in all_sources():
        # Asking for the past says nothing of how fresh the present is.
        asked = [receipt.fetched_at for receipt in archive.history(source.id) if not receipt.key]
        last = max((moment for moment in asked if known_by(moment, as_of)), default=None)
        rows.append((source.id, last.replace(tzinfo=None) if last else None, reasons.get(source.id)))
    schema = {"source_id": pl.String(), "fetched_at": pl.Datetime("us"), "reason": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def inputs(build: BuildContext) -> pl.DataFrame:
    """``meta.inputs``: every set of bytes the release is made of."""
    rows = [
        {**entry.to_row(), "known_at": entry.known_at.replace(tzinfo=None)} for entry in build.gathered.inputs
    ]
    return pl.DataFrame(rows, schema=table("meta.inputs").polars_schema())


def view_parsed(build: BuildContext, kind: str) -> None:
    """Make the view ``parsed_<kind>`` over what parsers returned of one kind, in the inputs of this build only."""
    files = build.gathered.files[kind]
    if files:
        names = ", ".join(parquet_literal(path) for path in files)
        # A file of the shipped history may hold more inputs than this build is made of.
        build.con.execute(
            f"CREATE TEMP VIEW parsed_{kind} AS "
            f"SELECT * FROM read_parquet([{names}]) SEMI JOIN meta.inputs USING (input_id)"
        )
    else:
        schema = {"input_id": pl.String(), **KINDS[kind]}
        stage(build.con, f"parsed_{kind}", pl.DataFrame(schema=schema))


def release(build: BuildContext) -> pl.DataFrame:
    """``meta.release``: its one row. The latest month is that of the newest arena snapshot, else of the newest."""
    latest: pl.DataFrame = build.con.sql(
        "SELECT (SELECT count(*) FROM meta.inputs) AS inputs, date_trunc('month', "
        "coalesce(max(published_on) FILTER (starts_with(board, 'arena_')), max(published_on)))::DATE AS latest_month "
        "FROM core.snapshots"
    ).pl()
    return latest.with_columns(
        schema_version=pl.lit(SCHEMA_VERSION),
        input_hash=pl.lit(build.identity.input_hash),
        project_version=pl.lit(project_version()),
        run_id=pl.lit(build.identity.run_id),
        as_of=pl.lit(build.identity.as_of),
    )


def project_version() -> str:
    try:
        return version("aigap")
    except PackageNotFoundError:
        return "0"


def columns(build: BuildContext | None = None) -> pl.DataFrame:
    """``meta.columns``: every column of every declared table."""
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
