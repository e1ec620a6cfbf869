"""The asset graph after the sources: archive → observations → core → estimates → marts → release.

Each asset is one call into `warehouse`; nothing is decided here.
"""

import warnings
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.defs import asset_checks, table_deps
from pipelines.defs.backfill_assets import backfill_key
from pipelines.defs.resources import OWNERS, DataFolder
from pipelines.defs.source_assets import source_key
from pipelines.defs.table_deps import table_key
from pipelines.runtime import executors, partitioned_ops
from pipelines.runtime.progress import report_step
from sources.ingestion.revision_search import sources_with_revisions
from sources.registry import all_sources
from warehouse.builder import steps
from warehouse.builder.inputs import code_hash
from warehouse.read.headline import headline
from warehouse.tables import COMPARED_FACTS, COMPARISONS, LAG, MAIN, TABLES
from warehouse.tables.lineage import derived_from
from warehouse.tables.schema import Column, Table
from warehouse.workspace import ROOT

# The one beta parameter in use: only so do steps of a graph give their asset a data version.
warnings.filterwarnings("ignore", "Parameter `data_version` of initializer `Output", dg.BetaWarning)

CODE = code_hash(ROOT / "sources", ROOT / "warehouse")[:12]

#: The official dataset, the most frequent source, changes weekly: a release older than this misses something.
RELEASE_FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=15), warn_window=timedelta(days=8))


@dg.asset(
    group_name="archive",
    kinds={"file"},
    owners=OWNERS,
    code_version=CODE,
    deps=[
        *(source_key(source) for source in all_sources()),
        *(backfill_key(source) for source in sources_with_revisions()),
    ],
    description="What a build is made of, fixed when it begins: the shipped history and every body in the archive.",
)
def archive(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
    staged = data.begin(context)
    portions = steps.plan_parse(staged, executors.parts())
    partitioned_ops.note(staged, "parse", portions)
    return dg.MaterializeResult(
        metadata={
            "input_hash": staged.input_hash,
            "as_of": str(staged.as_of or ""),
            "portions_to_parse": len(portions),
        },
        data_version=dg.DataVersion(staged.input_hash),
    )


@dg.op(ins={"parsed": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def gather(context: dg.OpExecutionContext, data: DataFolder) -> dg.Output[None]:
    with report_step(context, "observations") as summary:
        staged = data.staged(context)
        found = steps.observe(staged)
        rows = sum(entry.rows for entry in found.inputs)
        archived = sum(entry.held_in == "archive" for entry in found.inputs)
        summary.append(f"{rows:,} rows of {len(found.inputs)} inputs, {archived} of them from the archive")
    metadata = {"dagster/row_count": rows, "inputs": len(found.inputs), "from_archive": archived}
    return dg.Output(None, metadata=metadata, data_version=dg.DataVersion(staged.input_hash))


parsers = partitioned_ops.workers("parse", lambda staged, portion: f"{steps.parse(staged, portion):,} rows")


@dg.graph_asset(
    group_name="observations",
    kinds={"polars", "parquet"},
    owners=OWNERS,
    code_version=CODE,
    ins={"archive": dg.AssetIn("archive", dagster_type=dg.Nothing)},
    description="Every set of bytes, parsed: one row a score, price, chip, model or figure as printed.",
)
def observations(archive: Any) -> Any:
    return gather(partitioned_ops.gathered(parsers, archive))


#: Tables shown as assets: the core, the marts, and of the bookkeeping what a person watches.
CORE_ASSETS = frozenset(
    name
    for name in steps.WITH_CORE
    if not name.startswith("meta.") or name in ("meta.unresolved_models", "meta.source_status")
)
#: Who and what there is, known from the reference tables, beside what was measured.
FACTS = frozenset(
    {
        *(f"core.{name}" for name in ("boards", "organizations", "models", "model_names", "model_countries")),
        *(declared.full_name for declared in COMPARED_FACTS),
        "core.attributions",
        "main.claims",
        "main.policy_events",
    }
)


def group(name: str) -> str:
    """The group of a table, as people name it."""
    groups = (
        (FACTS, "reference"),
        ({declared.full_name for declared in (*MAIN,)} | {"core.gap_intervals"}, "monthly_gap"),
        ({declared.full_name for declared in LAG}, "lag"),
        ({declared.full_name for declared in COMPARISONS}, "beside_the_gap"),
    )
    found = (label for names, label in groups if name in names)
    return next(found, "freshness_and_names" if name.startswith("meta.") else "scores")


#: Every table that is an asset.
SHOWN = CORE_ASSETS | steps.WITH_MARTS
#: What the release waits for: tables that no other is filled from, and each that a blocking check stands on.
#: The others come before these.
AWAITED = {table_key(name) for name in table_deps.leaves(SHOWN)} | asset_checks.guarded()


def _specs(names: frozenset[str], also: dict[str, list[dg.AssetKey]]) -> list[dg.AssetSpec]:
    """The tables ``names``, each after what it is filled from, and after what ``also`` names for it."""
    return [
        dg.AssetSpec(
            key=table_key(declared.full_name),
            deps=[*table_deps.deps_of(declared.full_name, SHOWN), *also.get(declared.full_name, [])],
            group_name=group(declared.full_name),
            kinds={"duckdb", "sql"},
            owners=OWNERS,
            code_version=CODE,
            description=f"{declared.comment} One row: {declared.grain}.",
            metadata={
                "dagster/column_schema": column_schema(declared),
                "dagster/column_lineage": table_deps.column_lineage(declared.full_name, SHOWN),
                "dagster/table_name": declared.full_name,
                "key": ", ".join(declared.key),
            },
        )
        for declared in TABLES
        if declared.full_name in names
    ]


def column_schema(declared: Table) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.kind,
                description=_meaning(declared, column),
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable, unique=declared.key == (column.name,)
                ),
            )
            for column in declared.columns
        ]
    )


def _meaning(declared: Table, column: Column) -> str:
    """What the column holds and where from: the open-source web UI shows no column lineage of its own."""
    sources = derived_from(declared.full_name, column.name)
    return column.full_comment() + (f" ← {', '.join(sources)}" if sources else "")


def _materialized(
    names: frozenset[str], counts: dict[str, int], version: str
) -> Iterator[dg.MaterializeResult[None]]:
    for name in table_deps.in_order(names):
        metadata = {"dagster/row_count": counts[name]} if name in counts else {}
        yield dg.MaterializeResult(
            asset_key=table_key(name), metadata=metadata, data_version=dg.DataVersion(version)
        )


@dg.multi_asset(name="core", specs=_specs(CORE_ASSETS, {}))
def core(context: dg.AssetExecutionContext, data: DataFolder) -> Iterator[dg.MaterializeResult[None]]:
    with report_step(context, "core") as summary:
        staged = data.staged(context)
        counts = steps.core(staged)
        summary.append(
            ", ".join(f"{counts[f'core.{name}']:,} {name}" for name in ("snapshots", "scores", "models"))
        )
    yield from _materialized(CORE_ASSETS, counts, staged.input_hash)


@dg.op(ins={"scores": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def plan_estimates(context: dg.OpExecutionContext, data: DataFolder) -> None:
    staged = data.staged(context)
    partitioned_ops.note(staged, "estimate", steps.plan_measures(staged, executors.parts()))


@dg.op(ins={"estimated": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
def gather_estimates(context: dg.OpExecutionContext, data: DataFolder) -> dg.Output[None]:
    return dg.Output(None, data_version=dg.DataVersion(data.staged(context).input_hash))


def _estimate(staged: steps.Staged, name: str) -> str:
    steps.measure(staged, name)
    return "gap distributions and lags of its vintages"


estimators = partitioned_ops.workers("estimate", _estimate)


@dg.graph_asset(
    group_name="estimates",
    kinds={"python", "polars"},
    owners=OWNERS,
    code_version=CODE,
    ins={"scores": dg.AssetIn(["core", "scores"], dagster_type=dg.Nothing)},
    description="What SQL cannot tell: the distribution of the gap in every snapshot, and the lag in every vintage "
    "with its resampling. Computed in portions that an engine can spread.",
)
def estimates(scores: Any) -> Any:
    return gather_estimates(partitioned_ops.gathered(estimators, plan_estimates(scores)))


#: What `estimates` computes.
ESTIMATED = ("core.gap_intervals", *(declared.full_name for declared in LAG))


@dg.multi_asset(
    name="marts", specs=_specs(steps.WITH_MARTS, {name: [dg.AssetKey("estimates")] for name in ESTIMATED})
)
def marts(context: dg.AssetExecutionContext, data: DataFolder) -> Iterator[dg.MaterializeResult[None]]:
    with report_step(context, "marts") as summary:
        staged = data.staged(context)
        counts = steps.marts(staged)
        summary.append(", ".join(f"{name.split('.')[1]} {rows:,} rows" for name, rows in counts.items()))
    yield from _materialized(steps.WITH_MARTS, counts, staged.input_hash)


@dg.asset(
    group_name="release",
    kinds={"duckdb"},
    owners=OWNERS,
    code_version=CODE,
    deps=sorted(AWAITED),
    description="The checked candidate as an immutable file, and the link aigap.duckdb on it.",
    freshness_policy=RELEASE_FRESH,
)
def release(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
    with report_step(context, "release") as summary:
        published = steps.publish(data.staged(context))
        summary.append(published.name)
    counts = published.summary["counts"]
    return dg.MaterializeResult(
        metadata={
            "release": published.name,
            "latest": dg.MetadataValue.md("\n\n".join(headline(published.summary))),
            "link": dg.MetadataValue.path("" if published.as_of else str(data.workspace().link)),
            "path": dg.MetadataValue.path(str(published.path(data.workspace()))),
            **counts,
            "sidecar": dg.MetadataValue.json(asdict(published)),
        },
        data_version=dg.DataVersion(published.input_hash),
    )
