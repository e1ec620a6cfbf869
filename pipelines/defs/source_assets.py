"""One asset for each source: live ones fetch; the files of the others are ingested or ship with the history."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePath
from urllib.parse import urlsplit

import dagster as dg
from pydantic import Field

from pipelines.defs.asset_keys import source_key
from pipelines.defs.fetch_frequency import frequency_of
from pipelines.defs.resources import OWNERS, PARSERS, DataFolder
from pipelines.runtime.progress import progress
from sources.contract.column_docs import COLUMN_DOCS
from sources.contract.receipt import sha256_of
from sources.contract.rows import OBSERVATION
from sources.contract.source import Source
from sources.ingestion.collect import collect, live_requests
from sources.ingestion.intake import Outcome
from sources.registry import all_sources
from warehouse.builder.inputs import keep_parsed, kind_of
from warehouse.builder.shipped import shipped_history
from warehouse.builder.source_checks import SOURCE_CHECKS, check_source, names_of_checks
from warehouse.text import markdown, printable
from warehouse.workspace import Workspace

#: Asset groups by kind of rows; leaderboards have two of their own.
GROUPS = {
    "price": "sources_prices",
    "chip": "sources_chips_and_models",
    "notable_model": "sources_chips_and_models",
    "figure": "sources_published_figures",
}
ARENA = "LMArena"
#: How many of the things that a check found are shown.
SHOWN = 50


class FetchConfig(dg.Config):
    """The names of the requests to fetch; without names all live ones except whole histories."""

    requests: list[str] = Field(default_factory=list)


def group(source: Source) -> str:
    """The asset group of ``source``."""
    if source.schema is OBSERVATION:
        return "sources_arena" if source.origin.producer == ARENA else "sources_benchmarks"
    return GROUPS[kind_of(source)]


def pool(source: Source) -> str | None:
    """The host that ``source`` is fetched from: its pool limits the runs that fetch from it at the same time."""
    hosts = {urlsplit(request.address).hostname for request in live_requests(source)}
    return min(filter(None, hosts), default=None)


def source_spec(source: Source) -> dg.AssetSpec:
    """The specification of the asset of ``source``, live or not."""
    origin = source.origin
    is_live = bool(live_requests(source))
    metadata: dict[str, dg.MetadataValue] = {
        "producer": dg.MetadataValue.text(origin.producer),
        "licence": dg.MetadataValue.text(origin.licence),
        "address": dg.MetadataValue.url(origin.address),
        "citation": dg.MetadataValue.text(origin.citation),
        "ships": dg.MetadataValue.bool(origin.redistributable),
        "dagster/column_schema": dg.MetadataValue.table_schema(
            dg.TableSchema(
                [
                    dg.TableColumn(name, str(kind), description=COLUMN_DOCS[name])
                    for name, kind in source.schema.items()
                ]
            )
        ),
    }
    if origin.licence_address:
        metadata["licence_address"] = dg.MetadataValue.url(origin.licence_address)
    if source.cadence:
        metadata["changes_every_days"] = dg.MetadataValue.int(source.cadence.days)
    tags = {"aigap/asked": "never"}
    policy = None
    if is_live:
        frequency = frequency_of(source)
        tags = {"aigap/asked": frequency.name}
        policy = dg.FreshnessPolicy.time_window(
            fail_window=frequency.fail_after, warn_window=frequency.warn_after
        )
    return dg.AssetSpec(
        key=source_key(source),
        group_name=group(source),
        kinds={_kind(source)},
        owners=OWNERS,
        description=_description(source),
        metadata=metadata,
        tags=tags,
        code_version=PARSERS,
        freshness_policy=policy,
    )


def _kind(source: Source) -> str:
    """The file format upstream serves, by the ending of its addresses or of its local files."""
    names = [urlsplit(request.address).path for request in source.requests if request.address]
    endings = {PurePath(name).suffix.lstrip(".") for name in (*names, *source.raw_patterns)}
    known = {"csv", "json", "parquet", "yaml", "yml", "html", "md", "zip"} & endings
    return min(known, default="html").replace("yml", "yaml").replace("md", "markdown")


def _description(source: Source) -> str:
    origin = source.origin
    mirror = f" Copied by {origin.mirror}." if origin.mirror else ""
    how = (
        f"Fetched {frequency_of(source).name} when the schedules run."
        if live_requests(source)
        else f"Nothing live: its files ship with the history or come by `aigap ingest {source.id}`."
    )
    return f"{source.title}. Figures of {origin.producer}, {origin.licence}.{mirror} {how}"


def source_asset(source: Source) -> dg.AssetsDefinition:
    """The asset of a live ``source``: fetches each request, and archives or quarantines what comes."""

    @dg.multi_asset(
        name=f"sources__{source.id}",
        specs=[source_spec(source)],
        check_specs=check_specs(source),
        pool=pool(source),
    )
    def fetched(
        context: dg.AssetExecutionContext, config: FetchConfig, data: DataFolder
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        workspace = data.workspace()
        outcomes = collect(
            source,
            workspace.archive,
            config.requests,
            keep_rows=partial(keep_parsed, workspace),
            baseline=shipped_history(),
        )
        for outcome in outcomes:
            level = logging.WARNING if outcome.failed else logging.INFO
            context.log.log(level, printable(outcome.line()))
            progress.log(level, outcome.line(), extra=outcome.fields())
            for line in outcome.held:
                context.log.warning(printable(line))
            for line in outcome.lines()[1:]:
                progress.warning(line, extra=outcome.fields())
        yield from check_results(source, workspace)
        failed = [outcome for outcome in outcomes if outcome.failed]
        if outcomes and len(failed) == len(outcomes):
            raise dg.Failure(
                description=f"{source.id}: none of {len(outcomes)} requests brought anything usable",
                metadata={"requests": len(outcomes), "reason": failed[0].line()},
                # The session has retried what may pass; see sources/ingestion/web/session.py.
                allow_retries=False,
            )
        yield dg.MaterializeResult(
            asset_key=source_key(source),
            metadata={
                "requests": len(outcomes),
                "failed": len(failed),
                "held": [printable(line) for outcome in outcomes for line in outcome.held],
                "outcomes": dg.MetadataValue.md(_table(outcomes)),
                "dagster/row_count": sum(outcome.rows or 0 for outcome in outcomes),
            },
            data_version=dg.DataVersion(version_of(outcomes)),
        )

    return fetched


def check_specs(source: Source) -> list[dg.AssetCheckSpec]:
    """The checks of the asset of ``source``: they warn."""
    return [
        dg.AssetCheckSpec(name, asset=source_key(source), description=SOURCE_CHECKS[name])
        for name in names_of_checks(source)
    ]


def check_results(source: Source, workspace: Workspace) -> Iterator[dg.AssetCheckResult]:
    """What the checks of ``source`` find now."""
    for answer in check_source(workspace, source, datetime.now(UTC)):
        more = f" (and {len(answer.found) - 1} more)" if len(answer.found) > 1 else ""
        refused = answer.name == "accepted"
        yield dg.AssetCheckResult(
            asset_key=source_key(source),
            check_name=answer.name,
            passed=answer.passed,
            severity=dg.AssetCheckSeverity.ERROR if refused else dg.AssetCheckSeverity.WARN,
            description=None if answer.passed else printable(answer.found[0]) + more,
            metadata={"found": [printable(line) for line in answer.found[:SHOWN]]} if answer.found else {},
        )


def version_of(outcomes: Sequence[Outcome]) -> str:
    """The sha256 of the newest body; of several bodies, that of their sorted hashes, one a line."""
    hashes = sorted(outcome.receipt.sha256 for outcome in outcomes if outcome.receipt)
    return hashes[0] if len(hashes) == 1 else sha256_of("\n".join(hashes).encode())


def _table(outcomes: list[Outcome]) -> str:
    rows = [
        f"| {outcome.request} | {outcome.result} | {'' if outcome.rows is None else outcome.rows} "
        f"| {outcome.receipt.sha256[:12] if outcome.receipt else ''} | {markdown(outcome.reason or outcome.note)} |"
        for outcome in outcomes
    ]
    return "\n".join(["| request | result | rows | sha256 | |", "| --- | --- | --- | --- | --- |", *rows])


live_sources = [source for source in all_sources() if live_requests(source)]
source_assets: list[dg.AssetsDefinition | dg.AssetSpec] = [
    source_asset(source) if source in live_sources else source_spec(source) for source in all_sources()
]

_not_live = [source for source in all_sources() if source not in live_sources]


@dg.multi_asset_check(
    name="sources__not_live",
    specs=[spec for source in _not_live for spec in check_specs(source)],
    can_subset=True,
)
def shipped_source_checks(
    context: dg.AssetCheckExecutionContext, data: DataFolder
) -> Iterator[dg.AssetCheckResult]:
    """The checks of the sources that nothing fetches, for a person to start."""
    wanted = context.selected_asset_check_keys
    for source in _not_live:
        if any(key.asset_key == source_key(source) for key in wanted):
            for result in check_results(source, data.workspace()):
                if dg.AssetCheckKey(source_key(source), result.check_name or "") in wanted:
                    yield result
