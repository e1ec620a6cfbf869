"""Whether schedules and sensors are on by default; a person can switch each in the web UI.

All are off by default: a fresh clone must not begin to send requests to other people's servers.
"""

import os

import dagster as dg

from sources.errors import UsageError
from warehouse.switches import is_on

AUTOMATION, PAGES = "AIGAP_AUTOMATION", "AIGAP_PAGES"


def sensor_seconds() -> int:
    """Seconds between two evaluations of a sensor: ``AIGAP_SENSOR_SECONDS``, else 60. Raises `UsageError`."""
    seconds = os.environ.get("AIGAP_SENSOR_SECONDS") or "60"
    if not seconds.isdecimal() or int(seconds) == 0:
        raise UsageError(
            f"AIGAP_SENSOR_SECONDS is {seconds!r}", "a whole number of seconds", "nothing was started"
        )
    return int(seconds)


SCHEDULE_STATUS = dg.DefaultScheduleStatus.RUNNING if is_on(AUTOMATION) else dg.DefaultScheduleStatus.STOPPED
SENSOR_STATUS = dg.DefaultSensorStatus.RUNNING if is_on(AUTOMATION) else dg.DefaultSensorStatus.STOPPED
SENSOR_SECONDS = sensor_seconds()
