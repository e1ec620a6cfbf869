"""When sources are fetched and old runs deleted.

A schedule that missed several ticks starts one run for all of them.
"""

import os

import dagster as dg

from pipelines.defs.asset_keys import source_key
from pipelines.defs.collect_job import collect
from pipelines.defs.fetch_frequency import FREQUENCIES, FetchFrequency, frequency_of
from pipelines.defs.housekeeping import housekeeping
from pipelines.defs.notices import digest_daily
from pipelines.defs.source_assets import live_sources
from pipelines.defs.switches import SCHEDULE_STATUS


def collect_schedule(frequency: FetchFrequency) -> dg.ScheduleDefinition:
    """The schedule of the sources fetched at ``frequency``; ``AIGAP_CRON_DAILY`` and so on override its time."""
    often = frequency.name
    keys = [source_key(source) for source in live_sources if frequency_of(source) == frequency]

    @dg.schedule(
        job=collect,
        name=f"collect_{often}",
        cron_schedule=os.environ.get(f"AIGAP_CRON_{often.upper()}", frequency.cron),
        execution_timezone="UTC",
        default_status=SCHEDULE_STATUS,
        description=f"Fetch {len(keys)} sources {often}: {', '.join(key.path[-1] for key in keys)}.",
    )
    def request_collect(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(asset_selection=keys, tags={"aigap/often": often})

    return request_collect


schedules: list[dg.ScheduleDefinition] = [
    *(collect_schedule(frequency) for frequency in FREQUENCIES),
    dg.ScheduleDefinition(
        job=housekeeping,
        name="housekeeping_weekly",
        cron_schedule="7 4 * * 0",
        execution_timezone="UTC",
        default_status=SCHEDULE_STATUS,
    ),
    digest_daily,
]
