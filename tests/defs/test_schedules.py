"""Which schedule fetches which source, how often, and that nothing runs until it is turned on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from pipelines.defs import notices, schedules, sensors, switches
from pipelines.defs.asset_keys import source_key
from pipelines.defs.fetch_frequency import FREQUENCIES
from pipelines.defs.source_assets import live_sources
from sources.errors import UsageError
from sources.ingestion import collect
from sources.registry import all_sources


def asked_by(schedule: dg.ScheduleDefinition) -> list[dg.AssetKey]:
    result = schedule.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=datetime.now(UTC)))
    [request] = result.run_requests or []
    assert request.tags["aigap/often"] == schedule.name.removeprefix("collect_")
    return list(request.asset_selection or [])


def collecting() -> list[dg.ScheduleDefinition]:
    return [schedule for schedule in schedules.schedules if schedule.name.startswith("collect_")]


def test_every_live_source_is_fetched_by_exactly_one_schedule() -> None:
    asked = [key for schedule in collecting() for key in asked_by(schedule)]
    assert len(asked) == len(set(asked))
    assert set(asked) == {source_key(source) for source in all_sources() if collect.live_requests(source)}


def test_source_is_fetched_at_least_as_often_as_it_changes() -> None:
    longest = {frequency.name: frequency.max_cadence for frequency in FREQUENCIES}
    by_name = {schedule.name: asked_by(schedule) for schedule in collecting()}
    days = {"daily": 1, "weekly": 7, "monthly": 31}
    for source in live_sources:
        [name] = [name for name, keys in by_name.items() if source_key(source) in keys]
        often = name.removeprefix("collect_")
        if source.cadence is None:
            assert often == "monthly", source.id
        else:
            assert timedelta(days=days[often]) <= source.cadence <= longest[often], source.id


def test_schedules_and_sensors_are_off_until_somebody_turns_them_on() -> None:
    assert {schedule.default_status for schedule in schedules.schedules} == {dg.DefaultScheduleStatus.STOPPED}
    found = [sensors.build_on_new_bytes, notices.notify_of_failure]
    assert {sensor.default_status for sensor in found} == {dg.DefaultSensorStatus.STOPPED}


@pytest.mark.parametrize("chosen", ["soon", "0", "-1", "1.5"])
def test_wrong_sensor_interval_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("AIGAP_SENSOR_SECONDS", chosen)
    with pytest.raises(UsageError, match=f"^AIGAP_SENSOR_SECONDS is '{chosen}'; expected a whole number"):
        switches.sensor_seconds()
