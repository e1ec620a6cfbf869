"""Whose figures a chart shows, under what licence, of which vintage and release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from warehouse.site.chart import Chart
from warehouse.site.cited_values import in_words
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease

#: Columns that say of when a figure is.
DAYS = ("published_on", "vintage", "price_list_date")
#: Producers that the short line names; it counts the others.
NAMED = 3


@dataclass(frozen=True)
class Citation:
    """Producers and licences of the figures of a chart, and the newest day of any of them, in release ``release``."""

    title: str
    chart: str
    producers: tuple[str, ...]
    licences: tuple[str, ...]
    newest: date | None
    release: ShownRelease

    @property
    def line(self) -> str:
        """For below the chart: at most `NAMED` producers."""
        names = list(self.producers[:NAMED]) or ["no source"]
        if more := len(self.producers) - NAMED:
            names += [f"{more} more"] if more > 0 else []
        licences = self.licences if len(self.licences) <= 2 else ("several licences",)
        return (
            f"Source: {_listed(names)} ({', '.join(licences) or 'no licence'}){self._to}. "
            f"Computed by aigap, release {self.release.name}."
        )

    @property
    def text(self) -> str:
        """A reference in words, with all producers and licences."""
        return (
            f"aigap ({self.release.published_on.year}). {self.title} Release {self.release.name} of "
            f"{in_words(self.release.published_on)}. Figures: {', '.join(self.producers) or 'no source'} "
            f"({', '.join(self.licences) or 'no licence'}){self._to}."
        )

    @property
    def bibtex(self) -> str:
        """The same as an entry of BibTeX."""
        fields = {
            "title": "{" + _tex(self.title.removesuffix(".")) + "}",
            "author": "{aigap}",
            "year": str(self.release.published_on.year),
            "month": str(self.release.published_on.month),
            "note": _tex(f"Release {self.release.name}. Figures: {', '.join(self.producers)}{self._to}"),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{aigap-{self.chart},\n{lines}}}"

    @property
    def _to(self) -> str:
        return f"; figures to {self.newest.isoformat()}" if self.newest else ""


def citation(chart: Chart, results: Results, release: ShownRelease, title: str) -> Citation:
    """Of the rows of ``chart``, under ``title``: the columns whose names end in ``source_id`` name the sources."""
    rows = results[chart.id]
    used = {
        source for name in rows.names if name.endswith("source_id") for source in rows.column(name) if source
    }
    sources = [source for source in results["sources"] if source["source_id"].value in used]
    sources.sort(key=lambda source: source["source_id"].value)
    days = [value for name in DAYS if name in rows.names for value in rows.column(name) if value is not None]
    # a list that prints no day is as new as its newest bytes
    days = days or [day for source in sources if (day := source["last_fetch"].value) is not None]
    return Citation(
        title=title,
        chart=chart.id,
        producers=tuple(dict.fromkeys(source["producer"].value for source in sources)),
        licences=tuple(dict.fromkeys(source["licence"].value for source in sources)),
        newest=max(map(_day, days), default=None),
        release=release,
    )


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _tex(text: str) -> str:
    """``text`` with the characters escaped that TeX reads as commands."""
    return "".join(f"\\{letter}" if letter in "&%$#_{}" else letter for letter in text)
