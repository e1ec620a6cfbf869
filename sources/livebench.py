"""LiveBench: an exam whose questions change with every release.

A release is two files with its day in their names, read together since tasks change between releases: a table of
percentages (one row per model, one column per task) and the categories of the tasks. The score of a category is the
mean of its tasks, the overall score the mean of the categories, as on the site. No organization, no bounds. Models are
added to the table of a release for months, so each set of its bytes is a vintage, dated by when it was known.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import PurePath, PurePosixPath
from typing import Any

import polars as pl

from sources.contract import (
    Origin,
    Request,
    Revision,
    RevisionIndex,
    RevisionListing,
    Snapshot,
    Source,
)
from sources.contract.names import comparable
from sources.errors import ParseError, excerpt
from sources.parsing.columns import PLACE
from sources.parsing.dates import midnight
from sources.parsing.frames import read_csv
from sources.parsing.github import Repository, names_in
from sources.parsing.json import read_json

SITE = "https://livebench.ai"
REPOSITORY = Repository("LiveBench/livebench.github.io")
#: The list of the site's files as JSON, the only index of releases.
INDEX = f"{REPOSITORY.api}/contents/public"
CATEGORY_NAMES = {"if": "instruction_following"}
#: Names that a category may not have, since they are taken.
RESERVED = ("", "overall", "model_name", "extra")
_FILE = re.compile(r"(table|categories)_(\d{4})_(\d{2})_(\d{2})\.(csv|json)")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model and category, ``overall`` among them, in percent.

    The printed day is the release's, the label under which the table is filled for months. The body is a ZIP of
    ``table_<day>.csv`` and ``categories_<day>.json``. A task without a score is left out of its category's mean, as on
    the site, and named in ``extra``; a model that lacks a category has no overall score.

    Raises `ParseError` when a file is missing, their days differ, or the table lacks a task of a category.
    """
    day, table, grouping = _release(snapshot)
    categories = _categories(grouping)
    tasks = list(dict.fromkeys(task for names in categories.values() for task in names))
    rows = read_csv(table).select({"model_name": ("model",), **{task: (task,) for task in tasks}})
    rows.parse_names("model_name")
    rows.parse_floats(*tasks)
    for task in tasks:
        rows.refuse(task, ~rows.frame[task].is_between(0, 100), "0 to 100")

    named = list(categories)
    # In a frame of their own, since a category may have the name of a task.
    means = rows.frame.select(
        pl.mean_horizontal(names).alias(category) for category, names in categories.items()
    )
    whole = pl.all_horizontal(pl.col(named).is_not_null())
    # Of a row that is set aside, what can be read shows how good the model is.
    counts = whole | rows.frame.select(rows.is_faulty).to_series()
    means = means.with_columns(pl.when(counts).then(pl.mean_horizontal(named)).alias("overall"))
    missing = pl.concat_list(pl.when(pl.col(task).is_null()).then(pl.lit(task)) for task in tasks)
    extra = rows.frame.select(
        PLACE, "model_name", missing.list.drop_nulls().alias("missing_tasks")
    ).with_columns(
        pl.when(pl.col("missing_tasks").list.len() > 0)
        .then(pl.struct("missing_tasks").struct.json_encode())
        .alias("extra")
    )
    rows.frame = pl.concat([extra.drop("missing_tasks"), means], how="horizontal").unpivot(
        ["overall", *named],
        index=[PLACE, "model_name", "extra"],
        variable_name="category",
        value_name="score",
    )
    return rows.conform(board="livebench", variant="default", published_on=day)


def releases(index: bytes) -> list[date]:
    """The days of all releases with both files in the site's index, oldest first.

    Raises `ParseError` when it is no such index or has no release.
    """
    names = names_in(index)
    kinds: dict[date, set[str]] = {}
    for kind, day in filter(None, map(_kind_and_day, names)):
        kinds.setdefault(day, set()).add(kind)
    both = sorted(day for day, there in kinds.items() if len(there) == 2)
    if not both:
        raise ParseError(
            f"livebench: {len(names)} files",
            "table_<day>.csv with categories_<day>.json",
            "look at the index",
        )
    return both


def addresses(day: date) -> tuple[str, ...]:
    """The addresses of the two files of a release on the site."""
    return tuple(f"{SITE}/{name}" for name in _names(day))


def newest(index: bytes) -> tuple[str, ...]:
    """The addresses of the newest release in the site's index."""
    return addresses(releases(index)[-1])


def released(index: bytes) -> list[Revision]:
    """The releases in the site's index, known at the earliest on their day."""
    return [Revision(f"{day}", midnight(day)) for day in releases(index)]


def last_changes(day: str) -> tuple[RevisionListing, ...]:
    """The newest commits that changed a file of a release: today's bytes are known since then."""
    try:
        release = date.fromisoformat(day)
    except ValueError:
        return ()

    def last_change(name: str) -> RevisionListing:
        listing = REPOSITORY.commits_of(f"public/{name}", per_page=1)
        return RevisionListing(
            listing.address,
            lambda page: [
                Revision(day, commit.known_at, commit=commit.key) for commit in listing.revisions_in(page)
            ],
        )

    return tuple(last_change(name) for name in _names(release))


def requests_of(revision: Revision) -> tuple[Request, ...]:
    """Both files of a release at one commit."""
    table, categories = (
        REPOSITORY.raw(f"public/{name}", revision.commit or "HEAD")
        for name in _names(date.fromisoformat(revision.key))
    )
    return (Request("release", table, ("text/plain", "text/csv"), companions=(categories,)),)


def companions_of(path: PurePath) -> tuple[PurePath, ...]:
    """The other file of the release."""
    found = _kind_and_day(path.name)
    return tuple(path.with_name(name) for name in _names(found[1]) if name != path.name) if found else ()


def _release(snapshot: Snapshot) -> tuple[date, Snapshot, Snapshot]:
    """The day and the two files of the release in ``snapshot``."""
    where = snapshot.where()
    files = snapshot.files() if snapshot.is_zip else {snapshot.file_name: snapshot.body}
    release: dict[str, tuple[date, Snapshot]] = {}
    for name, body in files.items():
        found = _kind_and_day(PurePosixPath(name).name)
        if found is None:
            continue
        kind, day = found
        if kind in release:
            raise ParseError(f"{where}: two {kind} files", "one release", "bundle each release alone")
        release[kind] = (day, snapshot.member(name, body))
    if len(release) < 2 or release["table"][0] != release["categories"][0]:
        raise ParseError(
            f"{where}: {excerpt(', '.join(files))}",
            "table_<day>.csv and categories_<day>.json of one day",
            "put the two files of the release side by side, or into one ZIP",
        )
    return *release["table"], release["categories"][1]


def _categories(snapshot: Snapshot) -> dict[str, list[str]]:
    """Our name of each category → its tasks."""
    where = snapshot.where()
    found: dict[str, list[str]] = {}
    for printed, tasks in read_json(snapshot).items():
        name = "_".join(comparable(printed).split())
        name = CATEGORY_NAMES.get(name, name)
        if not _are_names(tasks) or name in found or name in RESERVED:
            raise ParseError(
                f"{where}: {excerpt(printed, 40)!r}: {excerpt(tasks, 60)!r}",
                "each category once, with the names of its tasks",
                "look at the bytes",
            )
        found[name] = list(dict.fromkeys(tasks))
    if not found:
        raise ParseError(f"{where}: no categories", "one or more", "look at the bytes")
    return found


def _are_names(tasks: Any) -> bool:
    return isinstance(tasks, list) and bool(tasks) and all(isinstance(task, str) for task in tasks)


def _names(day: date) -> tuple[str, str]:
    return f"table_{day:%Y_%m_%d}.csv", f"categories_{day:%Y_%m_%d}.json"


def _kind_and_day(name: str) -> tuple[str, date] | None:
    """Whether ``name`` is a "table" or "categories" file, and its day; None for any other file."""
    found = _FILE.fullmatch(name)
    try:
        day = date(*map(int, found.groups()[1:4])) if found else None
    except ValueError:
        return None
    return (found[1], day) if found and day and name in _names(day) else None


SOURCE = Source(
    id="livebench",
    title="LiveBench",
    origin=Origin(
        producer="LiveBench",
        title="LiveBench leaderboard",
        address=SITE,
        citation=f"White et al., LiveBench: a challenging, contamination-limited LLM benchmark ({SITE})",
        licence="not stated",
        licence_address="",
        redistributable=False,
        redistribution_note="LiveBench states no licence for its tables, so they are fetched or ingested, not shipped.",
    ),
    requests=(Request("release", INDEX, ("application/json",), follow=newest),),
    parse=parse,
    cadence=timedelta(days=60),
    row_floor=100,
    new_questions=True,
    raw_patterns=("livebench/table_*.csv",),
    companions_of=companions_of,
    # A table gets more models for months after the day in its name; so there is no known_at_of either.
    fills_up=True,
    revisions=RevisionIndex(
        "release day",
        r"\d{4}-\d{2}-\d{2}",
        listings=lambda since, until: (RevisionListing(INDEX, released),),
        listings_of=last_changes,
        requests_of=requests_of,
        is_mutable=True,
        key_in_name=lambda path: str(found[1]) if (found := _kind_and_day(path.name)) else "",
    ),
)
