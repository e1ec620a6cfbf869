"""Whose figures a chart shows, under what licence, of which vintage and release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from warehouse.site.figures import Figure
from warehouse.site.queries import Result, Results


@dataclass(frozen=True)
class Citation:
    """``vintage`` is the newest day of any figure drawn."""

    producers: str
    licences: str
    vintage: date | None
    release: str

    def line(self) -> str:
        vintage = "" if self.vintage is None else f"; figures to {self.vintage.isoformat()}"
        return (
            f"Source: {self.producers} ({self.licences}){vintage}. Computed by aigap, release {self.release}."
        )


def citation(figure: Figure, results: Results, release: str) -> Citation:
    rows = results[figure.main]
    known = results["sources"]
    used = sorted(
        {
            source
            for name in rows.names
            if name.endswith("source_id")
            for source in rows.column(name)
            if source
        }
    )
    places = [place for source in used if (place := known.find(source_id=source)) is not None]
    days = [
        value
        for name in ("published_on", "vintage", "price_list_date")
        if name in rows.names
        for value in rows.column(name)
        if value is not None
    ]
    return Citation(
        ", ".join(dict.fromkeys(known.cell(place, "producer") for place in places)) or "no source",
        ", ".join(dict.fromkeys(known.cell(place, "licence") for place in places)) or "no licence",
        max(map(_day, days), default=_known(known, places)),
        release,
    )


def _known(known: Result, places: list[int]) -> date | None:
    """The day the newest bytes were known, for lists that print no day."""
    days = [value for place in places if (value := known.cell(place, "last_fetch")) is not None]
    return max(map(_day, days), default=None)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
