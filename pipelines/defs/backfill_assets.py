"""Past publications as partitioned assets: one asset a dated source, one partition a commit or release day.

Which partitions there are is not known until upstream is asked. The sensor asks once a day, if somebody turns it
on; it makes the newest keys known and starts nothing. Older keys are added by hand, in the web UI or with
``DagsterInstance.add_dynamic_partitions``, or fetched with ``aigap backfill``.
"""

import logging
from functools import partial
from urllib.parse import urlsplit

import dagster as dg

from pipelines.defs.resources import OWNERS, DataFolder
from pipelines.defs.source_assets import version_of
from sources.contract.source import Source
from sources.errors import AigapError
from sources.ingestion import past_publications as past
from sources.ingestion.session import Session
from warehouse.builder.inputs import code_hash, keep_parsed
from warehouse.workspace import ROOT

GROUP = "sources_past"
DAY = 86_400  # seconds


def dated_key(source: Source) -> dg.AssetKey:
    return dg.AssetKey(["dated", source.id])


def partitions_of(source: Source) -> dg.DynamicPartitionsDefinition:
    return dg.DynamicPartitionsDefinition(name=source.id)


def host_of(address: str) -> str:
    """The pool of what is fetched from ``address``: limits are set by host."""
    return urlsplit(address).netloc


def dated_asset(source: Source) -> dg.AssetsDefinition:
    """One asset a source: fetch what it published at one key, accept or quarantine, archive."""
    asking = past.dated(source)
    (listing, *_) = asking.listings(None, None)

    @dg.asset(
        key=dated_key(source),
        group_name=GROUP,
        kinds={"http"},
        owners=OWNERS,
        code_version=code_hash(ROOT / "sources")[:12],
        partitions_def=partitions_of(source),
        pool=host_of(listing.address),
        description=(
            f"{source.title} as published before, by {asking.kind} "
            f"({source.origin.producer}, {source.origin.licence})"
        ),
        metadata={"licence": source.origin.licence, "address": dg.MetadataValue.url(source.origin.address)},
    )
    def fetched(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
        workspace = data.workspace()
        try:
            key = past.find(source, context.partition_key)
            outcomes = past.backfill(
                source, key, workspace.archive, keep_rows=partial(keep_parsed, workspace)
            )
        except AigapError as error:
            raise dg.Failure(description=error.line(), allow_retries=False) from None
        for outcome in outcomes:
            context.log.log(logging.WARNING if outcome.failed else logging.INFO, outcome.line())
        accepted = [outcome for outcome in outcomes if not outcome.failed]
        if not accepted:
            raise dg.Failure(
                description=f"{source.id}: {key.key} brought nothing to use",
                metadata={"outcomes": [outcome.line() for outcome in outcomes]},
                allow_retries=False,
            )
        return dg.MaterializeResult(
            metadata={
                "known_at": key.known_at.isoformat(),
                "outcomes": [outcome.line() for outcome in outcomes],
                "failed": len(outcomes) - len(accepted),
            },
            data_version=dg.DataVersion(version_of(accepted)),
        )

    return fetched


backfill_assets = [dated_asset(source) for source in past.dated_sources()]


@dg.sensor(
    name="dated_keys",
    minimum_interval_seconds=DAY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Ask every dated source for its newest keys and add the new ones as partitions; starts no run.",
)
def backfill_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    requests, troubles = [], []
    # A tick has a minute for all of them, so nothing is waited for.
    with Session(retries=0) as session:
        for source in past.dated_sources():
            try:
                # One page: upstreams list the newest first, and this comes by every day.
                listed = [key.key for key in past.keys(source, session=session, pages=1)]
            except AigapError as error:
                context.log.warning(error.line())
                troubles.append(error.line())
                continue
            known = set(context.instance.get_dynamic_partitions(source.id))
            new = [name for name in listed if name not in known]
            if new:
                requests.append(partitions_of(source).build_add_request(new))
    if not requests:
        return dg.SkipReason("; ".join(["no new keys", *troubles]))
    return dg.SensorResult(dynamic_partitions_requests=requests)
