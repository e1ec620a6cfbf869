"""What the pages are made from: the result of every query on the published file, and which release that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sources.errors import UsageError
from warehouse.read.changes import diff, formats
from warehouse.release import current, open_release, previous_file, published
from warehouse.site.explorer import figures
from warehouse.site.explorer.figures import Figures
from warehouse.site.queries import Results, dictionary_pages, run_all
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class ShownRelease:
    """The release the pages are of: its name, the day it was published, and what it changed, in Markdown."""

    name: str
    published_on: date
    changes: str = ""


def read(workspace: Workspace) -> tuple[Results, ShownRelease]:
    """Results of all queries of ``sql/`` on the published file, and its release.

    Raises `UsageError` before the first release, and for one that compares other countries than the pages do.
    """
    file = published(workspace)
    release = current(workspace)
    name = release.name if release else file.resolve().stem
    with open_release(file) as con:
        results = {**run_all(con), **dictionary_pages(con)}
    _require_us_and_china(results)
    changes = formats.as_markdown(diff.compare(previous_file(workspace), file.resolve()))
    changes = changes.removeprefix("# Changes\n\n")
    published_on = _published_on(name, release.published_at if release else None)
    return results, ShownRelease(name, published_on, changes)


def read_explorer(workspace: Workspace) -> Figures:
    """The figures of the explorer, of the published file."""
    with open_release(published(workspace)) as con:
        return figures.read(con)


def _require_us_and_china(results: Results) -> None:
    """Raise `UsageError` unless the release compares the two countries that the pages name in words."""
    pair = results["release"].cell(0, "country_a"), results["release"].cell(0, "country_b")
    if pair != ("US", "CN"):
        raise UsageError(
            f"the release compares {pair[0]} and {pair[1]}",
            "US and CN, which the pages name",
            "see: aigap export",
        )


def _published_on(name: str, published_at: str | None) -> date:
    """The day is the release's. A file without its note says it in its name, as in aigap-20261122T…"""
    if published_at:
        return datetime.fromisoformat(published_at).date()
    try:
        return datetime.strptime(name.split("-")[1][:8], "%Y%m%d").date()  # noqa: DTZ007
    except (IndexError, ValueError):
        raise UsageError(f"{name} has no day", "a release", "run: aigap refresh") from None
