"""What Dagster loads: ``dg dev`` in the root, or ``dagster -m pipelines.definitions``."""

from __future__ import annotations

import dagster as dg

from pipelines import assets, automation, backfill, checks, housekeeping, jobs, pages, source_assets
from pipelines.executors import executor
from pipelines.resources import DataFolder

defs = dg.Definitions(
    assets=[
        *source_assets.source_assets,
        *backfill.backfill_assets,
        assets.archive,
        assets.observations,
        assets.core,
        assets.estimates,
        assets.marts,
        assets.release,
        pages.export,
        pages.site,
    ],
    asset_checks=[checks.core_checks, checks.mart_checks],
    jobs=[jobs.collect, jobs.build, pages.present, housekeeping.housekeeping],
    schedules=automation.schedules,
    sensors=[
        automation.build_on_new_bytes,
        automation.present_what_is_published,
        automation.tell_of_failure,
        backfill.backfill_sensor,
    ],
    resources={"data": DataFolder()},
    executor=executor(),
)
