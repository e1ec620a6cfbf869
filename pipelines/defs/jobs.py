"""The jobs ``collect``, which fetches, and ``build``, which publishes: a failed fetch never stops a release."""

from __future__ import annotations

import dagster as dg

from pipelines.defs import reader_assets
from pipelines.defs.source_assets import live_sources, source_key
from pipelines.runtime.executors import executor

#: dagster.yaml runs one job with this tag at a time; others wait in the queue.
HOLDS_DATA_FOLDER = {"aigap/holds": "data_folder"}

SOURCES = dg.AssetSelection.key_prefixes("sources")
BACKFILL = dg.AssetSelection.key_prefixes("dated")

collect = dg.define_asset_job(
    "collect",
    selection=dg.AssetSelection.assets(*(source_key(source) for source in live_sources)),
    executor_def=executor(),
    description="Fetch every live source into the archive; each on its own.",
)

build = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all() - SOURCES - BACKFILL - dg.AssetSelection.groups(reader_assets.GROUP),
    executor_def=executor(),
    tags=HOLDS_DATA_FOLDER,
    description="Build, check and publish a release from history and archive.",
)
