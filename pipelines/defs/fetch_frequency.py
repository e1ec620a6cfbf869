"""How often each live source is fetched, and after how long without a good fetch it is stale."""

from dataclasses import dataclass
from datetime import timedelta

from sources.contract.source import Source


@dataclass(frozen=True)
class FetchFrequency:
    """A fetch schedule and its limits of freshness."""

    name: str
    #: It applies to sources that change at least this often.
    max_cadence: timedelta
    #: UTC; not on the full hour, when everybody fetches.
    cron: str
    warn_after: timedelta
    fail_after: timedelta


#: The most frequent first. A board without past publications is fetched before its next one.
FREQUENCIES = (
    FetchFrequency("daily", timedelta(days=7), "17 5 * * *", timedelta(hours=36), timedelta(days=3)),
    FetchFrequency("weekly", timedelta(days=31), "37 5 * * 1", timedelta(days=8), timedelta(days=15)),
    FetchFrequency("monthly", timedelta.max, "57 5 2 * *", timedelta(days=32), timedelta(days=63)),
)


def frequency_of(source: Source) -> FetchFrequency:
    """How often ``source`` is fetched if it is live; monthly when it no longer changes."""
    cadence = timedelta.max if source.cadence is None else source.cadence
    return next(frequency for frequency in FREQUENCIES if cadence <= frequency.max_cadence)
