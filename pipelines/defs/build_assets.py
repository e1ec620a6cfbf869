"""The asset graph after the sources: archive → observations → core → estimates → marts → release.

Each asset calls one function of `warehouse.builder.steps`. A table or a group may be materialized alone: see
`warehouse.builder.parts`.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.defs import asset_checks, table_deps
from pipelines.defs.asset_keys import backfill_key, source_key
from pipelines.defs.resources import CODE, OWNERS, DataFolder
from pipelines.defs.table_deps import table_key
from pipelines.runtime.progress import report_step, reported_at_once
from sources.ingestion.revision_search import sources_with_revisions
from sources.registry import all_sources
from warehouse.builder import graph, parts, steps
from warehouse.builder.marts import estimated_tables
from warehouse.builder.steps import Staged
from warehouse.lineage import derived_from
from warehouse.read.headline import headline
from warehouse.release import withheld
from warehouse.tables import TABLES
from warehouse.tables.schema import Column, Table
from warehouse.text import markdown

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
    description="The inputs of a build, recorded when it begins: the shipped history and every body in the archive.",
)
def archive(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
    """Record the inputs of the build."""
    staged = data.begin(context)
    return dg.MaterializeResult(
        metadata={"input_hash": staged.input_hash, "as_of": str(staged.as_of or "")},
        data_version=dg.DataVersion(staged.input_hash),
    )


@dg.asset(
    group_name="observations",
    kinds={"polars", "parquet"},
    owners=OWNERS,
    code_version=CODE,
    deps=[archive],
    description="The parsed rows of every input: scores, prices, chips, models and figures as printed.",
)
def observations(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
    """Parse new inputs."""
    with report_step(context, "observations") as summary:
        staged = data.staged_or_begun(context)
        found = steps.observe(staged)
        rows = sum(entry.rows for entry in found.inputs)
        archived = sum(entry.held_in == "archive" for entry in found.inputs)
        summary.append(f"{rows:,} rows of {len(found.inputs)} inputs, {archived} of them from the archive")
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "inputs": len(found.inputs), "from_archive": archived},
        data_version=dg.DataVersion(staged.input_hash),
    )


#: What a step yields.
Event = dg.MaterializeResult[None] | dg.AssetCheckResult

#: Tables shown as assets: the core, the marts, and of the bookkeeping what a person watches.
CORE_ASSETS = frozenset(
    name
    for name in steps.WITH_CORE
    if not name.startswith("meta.")
    or name in ("meta.unresolved_models", "meta.withheld", "meta.source_status", "meta.board_status")
)


def group(declared: Table) -> str:
    """The asset group of a table."""
    if declared.schema == "meta":
        return "freshness_and_names"
    if declared.topic == "identity" or all(map(graph.is_input, graph.upstream(declared.full_name))):
        return "reference"
    if declared.step == "core":
        return "scores"
    if declared.topic in ("gap", "gap_definitions", "restated_gaps"):
        return "monthly_gap"
    return "lag" if declared.topic == "lag" else "beside_the_gap"


#: Every table that is an asset.
SHOWN = CORE_ASSETS | steps.WITH_MARTS
#: The tables the release waits for: those that no other is filled from. All others come before these.
AWAITED = {table_key(name) for name in table_deps.leaves(SHOWN)}


def _specs(names: frozenset[str], also: dict[str, list[dg.AssetKey]]) -> list[dg.AssetSpec]:
    """The tables ``names`` as assets, each downstream of what it is filled from and of the keys in ``also``."""
    return [
        dg.AssetSpec(
            key=table_key(declared.full_name),
            deps=[*table_deps.deps_of(declared.full_name, SHOWN), *also.get(declared.full_name, [])],
            group_name=group(declared),
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
    """The columns of a table for the web UI."""
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
    """The meaning and lineage of a column; the open-source web UI does not show lineage by column."""
    sources = derived_from(declared.full_name, column.name)
    return column.full_comment() + (f" ← {', '.join(sources)}" if sources else "")


@dataclass(frozen=True)
class Step:
    """A step that fills tables: all ``shown`` as assets, and ``unseen`` with them, by ``fill`` when all are wanted."""

    name: str
    shown: frozenset[str]
    fill: Callable[[Staged], dict[str, int]]
    summarize: Callable[[dict[str, int]], str]
    unseen: frozenset[str] = frozenset()

    def run(self, context: dg.AssetExecutionContext, data: DataFolder) -> Iterator[Event]:
        """Make the selected tables and run their checks: all of a build, or some of them by themselves."""
        names = {".".join(key.path) for key in context.selected_asset_keys}
        checked = {".".join(key.asset_key.path) for key in context.selected_asset_check_keys}
        is_all = names == self.shown
        staged = data.place(context, self.shown | self.unseen if is_all else names)
        with report_step(context, self.name) as summary:
            if is_all and staged.copy_of is None:
                made: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in table_deps.in_order(names)]
                counts = self.fill(staged)
                version = staged.input_hash
            else:
                before = parts.rows(staged, names)
                counts = parts.refill(staged, names)
                version = parts.version(staged)
                made = [(name, _of_a_part(staged, before.get(name))) for name in table_deps.in_order(names)]
            summary.append(self.summarize(counts))
            if is_all and staged.copy_of is None:
                begun = steps.started_from(staged)
                summary.append(f"what differs from {begun}" if begun else "whole")
        with reported_at_once(context.instance):
            for name, metadata in made:
                rows = {"dagster/row_count": counts[name]} if name in counts else {}
                yield dg.MaterializeResult(
                    asset_key=table_key(name),
                    metadata={**rows, **metadata},
                    data_version=dg.DataVersion(version),
                )
        with report_step(context, f"{self.name.removesuffix('s')} checks") as summary:
            results = steps.check(staged, frozenset(names | checked | (self.unseen if is_all else set())))
            summary.append(asset_checks.counts(results))
        with reported_at_once(context.instance):
            yield from asset_checks.check_results(results, context.selected_asset_check_keys, self.unseen)


def _of_a_part(staged: Staged, before: int | None) -> dict[str, Any]:
    """What a table says of itself that was made alone."""
    return {
        "made_from": parts.origin(staged),
        "rows_before": "no such table" if before is None else before,
        "published": "no: a copy of a release is never published; run the job build"
        if staged.copy_of
        else "no: readers see it when all tables of a build are made and release has run",
        "candidate": dg.MetadataValue.path(str(staged.candidate)),
    }


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.split('.')[1]} {rows:,} rows" for name, rows in counts.items())


def _core_counted(counts: dict[str, int]) -> str:
    shown = [f"core.{name}" for name in ("snapshots", "scores", "models")]
    if not set(shown) <= counts.keys():
        return _counted(counts)
    return ", ".join(f"{counts[name]:,} {name.split('.')[1]}" for name in shown)


CORE = Step("core", CORE_ASSETS, steps.core, _core_counted, steps.WITH_CORE - CORE_ASSETS)
MARTS = Step("marts", steps.WITH_MARTS, steps.marts, _counted)


@dg.multi_asset(
    name=CORE.name,
    specs=_specs(CORE.shown, {}),
    check_specs=asset_checks.check_specs(CORE.shown, CORE.unseen),
    can_subset=True,
)
def core(context: dg.AssetExecutionContext, data: DataFolder) -> Iterator[Event]:
    """Fill the tables of the core."""
    yield from CORE.run(context, data)


@dg.asset(
    group_name="estimates",
    kinds={"python", "polars"},
    owners=OWNERS,
    code_version=CODE,
    deps=[table_key("core.scores")],
    description="Statistics computed in Python: the distribution of the gap in every snapshot, and the lag in every "
    "vintage with its resampling.",
)
def estimates(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
    """Compute the estimates."""
    with report_step(context, "estimates") as summary:
        staged = data.place(context, estimated_tables())
        rows = steps.estimate(staged)
        summary.append(
            f"{rows['core.gap_intervals']:,} gap distributions, {rows['main.monthly_lag']:,} month ends of lags"
        )
    return dg.MaterializeResult(
        metadata={"made_from": parts.origin(staged)} if staged.copy_of else {},
        data_version=dg.DataVersion(parts.version(staged) if staged.copy_of else staged.input_hash),
    )


@dg.multi_asset(
    name=MARTS.name,
    specs=_specs(MARTS.shown, {name: [dg.AssetKey("estimates")] for name in estimated_tables()}),
    check_specs=asset_checks.check_specs(MARTS.shown),
    can_subset=True,
)
def marts(context: dg.AssetExecutionContext, data: DataFolder) -> Iterator[Event]:
    """Fill the marts."""
    yield from MARTS.run(context, data)


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
    """Publish the candidate."""
    with report_step(context, "release") as summary:
        published = steps.publish(data.whole(context))
        summary.append(published.name)
    counts = published.summary["counts"]
    return dg.MaterializeResult(
        metadata={
            "release": published.name,
            "withheld": dg.MetadataValue.md(
                "\n\n".join(map(markdown, withheld.lines(published.summary["withheld"]))) or "nothing"
            ),
            "left_out": ", ".join(published.summary["left_out"]) or "nothing",
            "latest": dg.MetadataValue.md("\n\n".join(map(markdown, headline(published.summary)))),
            "link": dg.MetadataValue.path("" if published.as_of else str(data.workspace().link)),
            "path": dg.MetadataValue.path(str(published.path(data.workspace()))),
            **counts,
            "sidecar": dg.MetadataValue.json(asdict(replace(published, state={}))),
        },
        data_version=dg.DataVersion(published.input_hash),
    )


BUILD_ASSETS = [archive, observations, core, estimates, marts, release]
