"""Dates in names and in English text."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

import pytest

from sources.errors import ParseError
from sources.parsing.dates import day_in_name, parse_english_date, parse_iso_date


def test_days_in_names() -> None:
    """Would catch a commit's hash or a number read as a date."""
    assert str(day_in_name(PurePath("leaderboard-text__2025-12-11_ea8297b54.json"))) == "2025-12-11"
    assert day_in_name(PurePath("latest.json")) is None
    assert day_in_name(PurePath("2025-13-41_x.csv")) is None
    assert day_in_name(PurePath("12025-01-011.csv")) is None


@pytest.mark.parametrize("text", ["Mar 18, 2026", "mar. 18, 2026", "March 18, 2026", "MARCH 18, 2026"])
def test_english_dates(text: str) -> None:
    """Would catch a publish date that depends on the machine's language."""
    assert parse_english_date(text) == date(2026, 3, 18)


@pytest.mark.parametrize(
    "text", ["Okt 2, 2026", "Feb 30, 2026", "18 Mar 2026", "Mar 18, 2026 at noon", "Ma 1, 2026"]
)
def test_what_is_no_english_date_is_refused(text: str) -> None:
    """Would catch a date read in part, or a month taken for another."""
    with pytest.raises(ValueError):
        parse_english_date(text)


def test_iso_dates_and_times() -> None:
    """Would catch a release dated by a word, or a null that becomes one."""
    assert parse_iso_date(None, "sample") is None
    assert parse_iso_date("2026-03-18", "sample") == date(2026, 3, 18)
    assert parse_iso_date("2026-03-18T23:30:00+00:00", "sample") == date(2026, 3, 18)
    with pytest.raises(ParseError, match="sample 'spring'; expected an ISO date"):
        parse_iso_date("spring", "sample")
