"""What Dagster loads: ``dg dev`` in the root, or ``dagster -m pipelines.definitions``."""

from __future__ import annotations

import dagster as dg

from pipelines.defs import (
    asset_checks,
    automation,
    backfill_assets,
    build_assets,
    housekeeping,
    jobs,
    reader_assets,
    source_assets,
)
from pipelines.defs.resources import DataFolder
from pipelines.runtime.executors import executor

defs = dg.Definitions(
    assets=[
        *source_assets.source_assets,
        *backfill_assets.backfill_assets,
        build_assets.archive,
        build_assets.observations,
        build_assets.core,
        build_assets.estimates,
        build_assets.marts,
        build_assets.release,
        reader_assets.export,
        reader_assets.site,
    ],
    asset_checks=[asset_checks.core_checks, asset_checks.mart_checks],
    jobs=[jobs.collect, jobs.build, reader_assets.present, housekeeping.housekeeping],
    schedules=automation.schedules,
    sensors=[
        automation.build_on_new_bytes,
        automation.present_what_is_published,
        automation.tell_of_failure,
        backfill_assets.backfill_sensor,
    ],
    resources={"data": DataFolder()},
    executor=executor(),
)
