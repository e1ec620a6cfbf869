"""Dates in text, in documents and in file names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import PurePath

from sources.errors import BadCell, excerpt

#: Not `calendar.month_name`, which follows the machine's language.
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
#: A day as in ``Mar 18, 2026`` or ``March 18, 2026``.
ENGLISH_DATE = r"(?P<month>[A-Za-z]{3,})\.? (?P<day>\d{1,2}), (?P<year>\d{4})"
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def midnight(day: date) -> datetime:
    """The first moment of ``day`` in UTC."""
    return datetime.combine(day, time(), UTC)


def day_in_name(path: PurePath) -> date | None:
    """The first ``YYYY-MM-DD`` in a file's name; None when there is none, or no such day."""
    found = _DAY.search(path.name)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def known_at_in_name(path: PurePath, body: bytes) -> datetime | None:
    """The first moment (UTC) of the day in a file's name, for `Source.known_at_of`."""
    day = day_in_name(path)
    return midnight(day) if day else None


def newest_day(body: bytes, pattern: re.Pattern[bytes]) -> datetime | None:
    """The first moment (UTC) of the newest ISO date in ``body``, which the group of ``pattern`` finds.

    None when there is none, or one that is no day.
    """
    try:
        return midnight(max(date.fromisoformat(found.decode()) for found in pattern.findall(body)))
    except ValueError:
        return None


def month_number(name: str) -> int:
    """1 to 12 for an English month, given by at least its first three letters. Raises `ValueError`."""
    return [month[:3] for month in MONTHS].index(name[:3].casefold()) + 1


def parse_english_date(text: str) -> date:
    """A day as in ``Mar 18, 2026``. Raises `ValueError` for any other text."""
    found = re.fullmatch(ENGLISH_DATE, text)
    if not found:
        raise ValueError(f"no day: {text!r}")
    return date(int(found["year"]), month_number(found["month"]), int(found["day"]))


def parse_iso_date(value: object, column: str) -> date | None:
    """A date, a time or ISO text as a date; null stays null. Raises `BadCell` for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        raise BadCell(column, repr(excerpt(value, 40)), "an ISO date or time") from None
