"""When sources are fetched and old runs deleted.

A schedule that missed several ticks starts one run for all of them.
"""

import os

import dagster as dg

from pipelines.defs import jobs
from pipelines.defs.housekeeping import housekeeping
from pipelines.defs.source_assets import DAILY, MONTHLY, WEEKLY, how_often, live_sources, source_key
from pipelines.defs.switches import SCHEDULE_STATUS

#: UTC; not on the full hour, when everybody fetches. ``AIGAP_CRON_DAILY``, ``_WEEKLY`` and ``_MONTHLY`` override them.
CRON = {DAILY: "17 5 * * *", WEEKLY: "37 5 * * 1", MONTHLY: "57 5 2 * *"}


def collect_schedule(often: str) -> dg.ScheduleDefinition:
    """The schedule of the sources that are fetched ``often``."""
    keys = [source_key(source) for source in live_sources if how_often(source) == often]

    @dg.schedule(
        job=jobs.collect,
        name=f"collect_{often}",
        cron_schedule=os.environ.get(f"AIGAP_CRON_{often.upper()}", CRON[often]),
        execution_timezone="UTC",
        default_status=SCHEDULE_STATUS,
        description=f"Fetch {len(keys)} sources {often}: {', '.join(key.path[-1] for key in keys)}.",
    )
    def request_collect(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(asset_selection=keys, tags={"aigap/often": often})

    return request_collect


schedules: list[dg.ScheduleDefinition] = [
    *(collect_schedule(often) for often in (DAILY, WEEKLY, MONTHLY)),
    dg.ScheduleDefinition(
        job=housekeeping,
        name="housekeeping_weekly",
        cron_schedule="7 4 * * 0",
        execution_timezone="UTC",
        default_status=SCHEDULE_STATUS,
    ),
]
