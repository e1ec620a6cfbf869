"""The job ``build``, which publishes a release, and definitions that hold nothing else."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.build_assets import BUILD_ASSETS
from pipelines.defs.resources import DataFolder
from pipelines.runtime.executors import executor

#: dagster.yaml runs one job with this tag at a time; others wait in the queue.
HOLDS_DATA_FOLDER = {"aigap/holds": "data_folder"}

build = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.assets(*BUILD_ASSETS),
    executor_def=executor(),
    tags=HOLDS_DATA_FOLDER,
    description="Build, check and publish a release from history and archive.",
)

#: For one process that runs this job and no other: to make the assets of all sources takes a quarter of a second.
alone = dg.Definitions(
    assets=BUILD_ASSETS, jobs=[build], resources={"data": DataFolder()}, executor=executor()
)
