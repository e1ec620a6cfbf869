"""The job ``collect``, which fetches: a failed fetch never stops a release."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.asset_keys import source_key
from pipelines.defs.source_assets import live_sources
from pipelines.runtime.executors import executor

collect = dg.define_asset_job(
    "collect",
    selection=dg.AssetSelection.assets(*(source_key(source) for source in live_sources)),
    executor_def=executor(),
    description="Fetch every live source into the archive; each on its own.",
)
