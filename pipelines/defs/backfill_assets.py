"""Past publications as partitioned assets: one for each source with revisions, a partition for each revision.

The partitions are the revisions that upstream lists. The sensor, once turned on, adds the newest keys as partitions
every day; it starts no run. Older keys are added by hand, in the web UI or with
``DagsterInstance.add_dynamic_partitions``, or fetched with ``aigap backfill``.
"""

import logging
from functools import partial
from urllib.parse import urlsplit

import dagster as dg

from pipelines.defs.asset_keys import backfill_key
from pipelines.defs.resources import OWNERS, PARSERS, DataFolder
from pipelines.defs.source_assets import version_of
from sources.contract.source import Source
from sources.errors import AigapError
from sources.ingestion.backfill import backfill
from sources.ingestion.revision_search import (
    find_revision,
    list_revisions,
    revision_index,
    sources_with_revisions,
)
from warehouse.builder.inputs import keep_parsed
from warehouse.builder.shipped import shipped_history
from warehouse.text import printable

GROUP = "sources_past"
DAY = 86_400  # seconds


def partitions_of(source: Source) -> dg.DynamicPartitionsDefinition:
    """The partitions of the asset of past publications."""
    return dg.DynamicPartitionsDefinition(name=source.id)


def host_of(address: str) -> str:
    """The host of ``address``, which is the name of its pool: limits are set by host."""
    return urlsplit(address).netloc


def backfill_asset(source: Source) -> dg.AssetsDefinition:
    """The asset of ``source`` that fetches a revision for each partition, and archives or quarantines it."""
    index = revision_index(source)
    listing = index.listings(None, None)[0]

    @dg.asset(
        key=backfill_key(source),
        group_name=GROUP,
        kinds={"http"},
        owners=OWNERS,
        code_version=PARSERS,
        partitions_def=partitions_of(source),
        pool=host_of(listing.address),
        description=(
            f"{source.title} as published before, by {index.kind} "
            f"({source.origin.producer}, {source.origin.licence})"
        ),
        metadata={"licence": source.origin.licence, "address": dg.MetadataValue.url(source.origin.address)},
    )
    def fetched(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
        workspace = data.workspace()
        try:
            revision = find_revision(source, context.partition_key)
            outcomes = backfill(
                source,
                revision,
                workspace.archive,
                keep_rows=partial(keep_parsed, workspace),
                baseline=shipped_history(),
            )
        except AigapError as error:
            raise dg.Failure(description=error.line(), allow_retries=False) from None
        for outcome in outcomes:
            context.log.log(logging.WARNING if outcome.failed else logging.INFO, printable(outcome.line()))
            for line in outcome.held:
                context.log.warning(printable(line))
        accepted = [outcome for outcome in outcomes if not outcome.failed]
        if not accepted:
            raise dg.Failure(
                description=f"{source.id}: {revision.key} brought nothing usable",
                metadata={"outcomes": [outcome.line() for outcome in outcomes]},
                allow_retries=False,
            )
        return dg.MaterializeResult(
            metadata={
                "known_at": revision.known_at.isoformat(),
                "outcomes": [outcome.line() for outcome in outcomes],
                "failed": len(outcomes) - len(accepted),
                "held": [line for outcome in outcomes for line in outcome.held],
            },
            data_version=dg.DataVersion(version_of(accepted)),
        )

    return fetched


backfill_assets = [backfill_asset(source) for source in sources_with_revisions()]


@dg.sensor(
    name="dated_keys",
    minimum_interval_seconds=DAY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Adds the newest keys of every source with past publications as partitions.",
)
def backfill_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Add the newest revisions of every source as partitions."""
    from sources.ingestion.web.session import Session

    requests, failures = [], []
    # A tick has a minute for all sources, so nothing is tried again.
    with Session(retries=0) as session:
        for source in sources_with_revisions():
            try:
                # One page is enough once a day: upstreams list the newest first.
                listed = [one.key for one in list_revisions(source, session=session, pages=1)]
            except AigapError as error:
                context.log.warning(error.line())
                failures.append(error.line())
                continue
            known = set(context.instance.get_dynamic_partitions(source.id))
            new = [key for key in listed if key not in known]
            if new:
                requests.append(partitions_of(source).build_add_request(new))
    if not requests:
        return dg.SkipReason("; ".join(["no new keys", *failures]))
    return dg.SensorResult(dynamic_partitions_requests=requests)
