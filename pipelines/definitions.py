"""What Dagster loads: ``dg dev`` in the root, or ``dagster -m pipelines.definitions``."""

from __future__ import annotations

import dagster as dg

from pipelines.defs import (
    backfill_assets,
    build_assets,
    build_job,
    collect_job,
    housekeeping,
    notices,
    reader_assets,
    schedules,
    sensors,
    source_assets,
)
from pipelines.defs.resources import DataFolder
from pipelines.runtime.executors import executor

defs = dg.Definitions(
    assets=[
        *source_assets.source_assets,
        *backfill_assets.backfill_assets,
        *build_assets.BUILD_ASSETS,
        reader_assets.export,
        reader_assets.site,
    ],
    asset_checks=[source_assets.shipped_source_checks],
    jobs=[
        collect_job.collect,
        build_job.build,
        reader_assets.present,
        housekeeping.housekeeping,
        notices.digest,
    ],
    schedules=schedules.schedules,
    sensors=[
        sensors.build_on_new_bytes,
        sensors.present_what_is_published,
        notices.notify_of_failure,
        notices.notify_of_success,
        backfill_assets.backfill_sensor,
    ],
    resources={"data": DataFolder()},
    executor=executor(),
)
