"""Inputs → ``candidate.duckdb``: core tables, then marts. One process, one connection at a time.

A candidate is a pure function of the inputs, the reference tables and the code. Nothing here reads the
clock or the network, and nothing here publishes (see `warehouse.release`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl

from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.registry import all_sources
from warehouse import reference
from warehouse.builder.inputs import KINDS, Gathered, known_by
from warehouse.builder.partitions import measured
from warehouse.compute import identity
from warehouse.compute.claim_checks import claim_checks
from warehouse.compute.publication_dates import Agreement, Listing, date_listings
from warehouse.db import insert, parquet_literal, read_write, sql_text, stage
from warehouse.reference.parameters import settings_view
from warehouse.tables import (
    COMPARED_FACTS,
    COMPARISONS,
    CORE,
    LAG,
    MAIN,
    SCHEMA_VERSION,
    TABLES,
    lineage,
    table,
)
from warehouse.workspace import PACKAGE, Workspace

INTERNAL_VIEWS = ("staging/ranked_snapshots.sql", "staging/country_scores.sql", "staging/maker_prices.sql")


class BuildCounts(dict[str, int]):
    """Rows by full table name."""


@dataclass(frozen=True)
class Made:
    """What a build is told of itself: the hash of its inputs, the run, and the day it goes back to, if any."""

    input_hash: str
    run_id: str | None = None
    as_of: date | None = None


def project_version() -> str:
    try:
        return version("aigap")
    except PackageNotFoundError:
        return "0"


def build_core(
    candidate: Path,
    gathered: Gathered,
    known: reference.ReferenceData,
    made: Made,
    workspace: Workspace,
) -> BuildCounts:
    """Create ``candidate`` with every table declared and ``core`` and ``meta`` filled."""
    candidate.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (candidate, candidate.with_name(candidate.name + ".wal")):
        leftover.unlink(missing_ok=True)
    with read_write(candidate) as con:
        _declare(con)
        _insert(con, "meta.parameters", known.parameters)
        _insert(con, "core.boards", _boards(known))
        _insert(con, "core.attributions", known.attributions)
        _insert(con, "main.claims", _dated(known.claims, "claimed_on", "published_on"))
        _insert(con, "main.policy_events", _dated(known.policy_events, "date"))
        for name, frame in _compared_facts(known).items():
            _insert(con, name, frame)
        _insert(con, "meta.errata", known.errata.cast({"corrected_on": pl.Date()}))
        _insert(con, "meta.sources", _sources())
        _stage_sources(con, workspace, made.as_of)
        _insert(con, "meta.inputs", _inputs(gathered))
        for kind, files in gathered.files.items():
            _view(con, kind, files)
        con.execute(sql_text("staging/listings.sql"))
        _resolve_names(con, known)
        con.execute(sql_text("staging/staged_scores.sql"))
        con.execute(sql_text("staging/agreements.sql"))
        _date_listings(con, float(known.parameter("same_within")))
        _stage_anchors(con, known)
        stage(con, "staged_known_unresolved", known.known_unresolved)
        for name in (
            "core.snapshots",
            "core.scores",
            "core.ambiguous_rows",
            "core.snapshot_categories",
            "core.first_listed",
            "core.publications",
            "core.month_snapshots",
            "core.country_leaders",
            "core.prices",
            "core.chips",
            "core.notable_models",
            "core.published_figures",
        ):
            _fill(con, name)
        _fill(con, "meta.unresolved_models")
        _fill(con, "meta.source_status")
        _fill(con, "meta.identity_coverage")
        _insert(con, "meta.columns", dictionary())
        con.execute(
            "INSERT INTO meta.release SELECT ?, ?, (SELECT count(*) FROM meta.inputs), date_trunc('month', "
            "coalesce(max(published_on) FILTER (starts_with(board, 'arena_')), max(published_on)))::DATE, ?, ?, ? "
            "FROM core.snapshots",
            [SCHEMA_VERSION, made.input_hash, project_version(), made.run_id, made.as_of],
        )
        return _counts(con, [declared.full_name for declared in (*CORE, *COMPARED_FACTS)])


def build_marts(candidate: Path, measures: Path | None = None) -> BuildCounts:
    """Fill ``core.gap_intervals`` and every table of ``main`` in ``candidate``.

    ``measures`` is the folder in which `warehouse.builder.partitions` has planned and perhaps done the heavy
    part; without one all of it is done here.
    """
    with TemporaryDirectory(dir=candidate.parent, prefix=f"{candidate.name}.") as scratch:
        found = measured(candidate, measures or Path(scratch) / "measures")
    filled = ["core.gap_intervals", *(declared.full_name for declared in (*MAIN, *LAG, *COMPARISONS))]
    with read_write(candidate) as con:
        # What a worker that died halfway had filled.
        for name in filled:
            con.execute(f"DELETE FROM {name}")
        _insert(con, "core.gap_intervals", found["core.gap_intervals"])
        for declared in MAIN:
            _fill(con, declared.full_name)
        for declared in LAG:
            _insert(con, declared.full_name, found[declared.full_name])
        for declared in COMPARISONS:
            if declared.full_name == "main.claim_checks":
                _insert(con, declared.full_name, claim_checks(con))
            else:
                _fill(con, declared.full_name)
        for macro in sorted((PACKAGE / "macros").glob("*.sql")):
            con.execute(macro.read_text(encoding="utf-8"))
        return _counts(con, filled)


def dictionary() -> pl.DataFrame:
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


def view_definitions() -> list[str]:
    """SQL of the views in the schema ``internal``: what several SQL files read, kept in the file and not published.

    In the order in which they can be made: each reads tables and the views before it.
    """
    return [settings_view(), *(sql_text(file) for file in INTERNAL_VIEWS)]


def _declare(con: duckdb.DuckDBPyConnection) -> None:
    # One transaction: some five hundred comments would each be written to the disk by themselves.
    con.begin()
    for schema in ("meta", "core", "internal"):
        con.execute(f"CREATE SCHEMA {schema}")
    for declared in TABLES:
        con.execute(";\n".join([declared.ddl(), *declared.comments()]))
    for view in view_definitions():
        con.execute(view)
    con.commit()


def _insert(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Insert ``frame`` in the types the table declares."""
    insert(
        con,
        name,
        frame.select(pl.col(column).cast(kind) for column, kind in table(name).polars_schema().items()),
    )


def _view(con: duckdb.DuckDBPyConnection, kind: str, files: tuple[Path, ...]) -> None:
    """A view ``parsed_<kind>`` over the Parquet ``files`` of one kind, empty when there are none."""
    if files:
        names = ", ".join(parquet_literal(path) for path in files)
        # A file of the shipped history may hold more inputs than this build is made of.
        con.execute(
            f"CREATE TEMP VIEW parsed_{kind} AS "
            f"SELECT * FROM read_parquet([{names}]) SEMI JOIN meta.inputs USING (input_id)"
        )
    else:
        con.register(
            f"parsed_{kind}", pl.DataFrame(schema={"input_id": pl.String(), **KINDS[kind]}).to_arrow()
        )


def refill(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Replace the rows of a table by ``frame``."""
    con.execute(f"DELETE FROM {name}")
    _insert(con, name, frame)


def _fill(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(f"INSERT INTO {name} BY NAME {sql_text(table(name).file)}")


def _counts(con: duckdb.DuckDBPyConnection, names: list[str]) -> BuildCounts:
    counts = BuildCounts()
    for name in names:
        row = con.execute(f"SELECT count(*) FROM {name}").fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


def _boards(known: reference.ReferenceData) -> pl.DataFrame:
    """The reference table, then the boards that only their source declares."""
    table_ = known.boards.with_columns(
        pl.col("ceiling").cast(pl.Float64()),
        pl.col("private").replace_strict({"yes": True, "no": False}, default=None, return_dtype=pl.Boolean()),
    )
    there = set(table_["board"])
    declared = [
        {**asdict(board), "evidence": f"declared by the source {source.id}"}
        for source in all_sources()
        for board in source.boards
        if board.board not in there
    ]
    return pl.concat([table_, pl.DataFrame(declared, schema=table_.schema)]) if declared else table_


def _dated(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).str.to_date() for column in columns)


def _compared_facts(known: reference.ReferenceData) -> dict[str, pl.DataFrame]:
    """Facts with evidence behind prices, chips and notable models, by table."""
    always = [
        pl.col("valid_from").str.to_date().fill_null(reference.ALWAYS_FROM),
        pl.col("valid_to").str.to_date().fill_null(reference.ALWAYS_TO),
    ]
    return {
        "core.country_names": known.countries,
        "core.price_providers": known.price_providers.with_columns(pl.col("is_first_party") == "yes"),
        "core.price_names": known.price_names.with_columns(
            *always, pl.col("free_by_maker").fill_null("no") == "yes"
        ),
        "core.chip_pairs": known.chip_pairs,
        "core.chip_availability": _dated(known.chip_availability, "since"),
    }


def _sources() -> pl.DataFrame:
    rows: list[dict[str, Any]] = [
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


def _stage_sources(con: duckdb.DuckDBPyConnection, workspace: Workspace, as_of: date | None) -> None:
    """What the core's SQL needs of each source beyond what is published of it."""
    archive = Archive(workspace.archive)
    # Of several requests of a source the one that failed last.
    failures = sorted(current_failures(archive), key=lambda failure: failure.at)
    wrong = {failure.source_id: failure for failure in failures if known_by(failure.at, as_of)}
    rows = []
    for source in all_sources():
        receipts = archive.history(source.id)
        # Asking for the past says nothing of how fresh the present is.
        live = [receipt.fetched_at for receipt in receipts if not receipt.key]
        last = max((moment for moment in live if known_by(moment, as_of)), default=None)
        rows.append(
            {
                "source_id": source.id,
                "coverage": source.coverage.value,
                "precision": source.precision.value,
                "distance": source.distance,
                "stamp_can_lag": source.stamp_can_lag,
                "cadence_seconds": source.cadence.total_seconds() if source.cadence else None,
                "last_receipt": last.replace(tzinfo=None) if last else None,
                "last_error": wrong[source.id].reason if source.id in wrong else None,
            }
        )
    schema = {
        "source_id": pl.String(),
        "coverage": pl.String(),
        "precision": pl.String(),
        "distance": pl.Int32(),
        "stamp_can_lag": pl.Boolean(),
        "cadence_seconds": pl.Float64(),
        "last_receipt": pl.Datetime("us"),
        "last_error": pl.String(),
    }
    stage(con, "staged_source", pl.DataFrame(rows, schema=schema))


def _inputs(gathered: Gathered) -> pl.DataFrame:
    rows = [{**entry.to_row(), "known_at": entry.known_at.replace(tzinfo=None)} for entry in gathered.inputs]
    return pl.DataFrame(rows, schema=table("meta.inputs").polars_schema())


def _resolve_names(con: duckdb.DuckDBPyConnection, known: reference.ReferenceData) -> None:
    printed = con.sql(
        "SELECT DISTINCT i.source_id, o.model_name, coalesce(o.organization_name, '') "
        "FROM parsed_observation AS o JOIN meta.inputs AS i USING (input_id)"
    ).fetchall()
    names = identity.model_names(known, [identity.Printed(*row) for row in printed])
    models = identity.models(known, names)
    organizations = identity.organizations(known)
    _insert(con, "core.organizations", organizations)
    _insert(con, "core.model_names", names)
    _insert(con, "core.models", models)
    _insert(con, "core.model_countries", identity.model_countries(organizations, models, known.attributions))


def _date_listings(con: duckdb.DuckDBPyConnection, within: float) -> None:
    """Give every listing its day (table ``dated``), board and variant by board and variant."""
    agreements = {
        (one, other): Agreement(shared, largest, mean)
        for one, other, shared, largest, mean in con.sql("SELECT * FROM agreement").fetchall()
    }
    groups: dict[tuple[str, str], list[Listing]] = {}
    rows = con.sql(
        "SELECT l.board, l.variant, l.key, l.source_id, l.printed_on, l.known_at, l.models, s.stamp_can_lag "
        "FROM listing AS l JOIN staged_source AS s USING (source_id) ORDER BY l.key"
    ).fetchall()
    for board, variant, *fields in rows:
        groups.setdefault((board, variant), []).append(Listing(*fields))
    dated = []
    for listings in groups.values():
        for key, day in date_listings(listings, agreements, within).items():
            dated.append((key, day.published_on, day.date_basis, day.same_as))
    schema = {"key": pl.Int64(), "published_on": pl.Date(), "date_basis": pl.String(), "same_as": pl.Int64()}
    stage(con, "dated", pl.DataFrame(dated, schema=schema, orient="row"))


def _stage_anchors(con: duckdb.DuckDBPyConnection, known: reference.ReferenceData) -> None:
    frame = known.anchors.with_columns(
        pl.col("valid_from").str.to_date().fill_null(reference.ALWAYS_FROM),
        pl.col("valid_to").str.to_date().fill_null(reference.ALWAYS_TO),
        pl.col("is_standard") == "yes",
    )
    stage(con, "staged_anchor", frame)
