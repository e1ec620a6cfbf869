"""Epoch AI's benchmarking hub: one set of models on many exams, run by Epoch itself. Three formats of the same figures,
all of them shares of solved questions; our boards are in percent.

`benchmark_data`: the live ZIP, one CSV per benchmark. Epoch's own runs, and those of others that it passes on
(`…_external.csv`, `sources.parsing.epoch_collected`), which do not ship; of these only where no other source has them.
`runs`: every run by task and model version (2025-12), with the list of model versions for the release dates.
`scores`: a public tracker's extract (2026-08), which also has METR's time horizons, in minutes.

No date is printed: a file's name has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import PurePath, PurePosixPath

import polars as pl

from sources.contract import Request, Snapshot, Source
from sources.contract.names import comparable
from sources.contract.plausible import last_day
from sources.errors import ParseError, excerpt
from sources.parsing import epoch_collected
from sources.parsing.columns import Rows
from sources.parsing.epoch import METR, TRACKED, known_at_of, origin
from sources.parsing.frames import read_csv

#: File in the ZIP → board. `frontiermath.csv` and `frontiermath_tier_4.csv` are the private sets of 2025; the `v2` are
#: those sets with corrected problems, in bundles since September 2026 (known by description).
FILES = {
    "chess_puzzles.csv": "chess_puzzles",
    "frontiermath.csv": "frontiermath",
    "frontiermath_tier_4.csv": "frontiermath_tier_4",
    "frontiermath_tier_4_v2.csv": "frontiermath_tier_4_v2",
    "frontiermath_tiers_1_3_v2.csv": "frontiermath_v2",
    "gpqa_diamond.csv": "gpqa_diamond",
    "math_level_5.csv": "math_level_5",
    "otis_mock_aime_2024_2025.csv": "otis_mock_aime",
    "simpleqa_verified.csv": "simpleqa_verified",
    "swe_bench_verified.csv": "swe_bench_verified",
}
#: Task of a run → board. Public and private questions, and tiers, are different boards.
TASKS = {
    "Chess Puzzles": "chess_puzzles",
    "FrontierMath-2025-02-28-Private": "frontiermath",
    "FrontierMath-2025-02-28-Public": "frontiermath_public",
    "FrontierMath-Tier-4-2025-07-01-Private": "frontiermath_tier_4",
    "FrontierMath-Tier-4-2025-07-01-Public": "frontiermath_tier_4_public",
    "GPQA diamond": "gpqa_diamond",
    "MATH level 5": "math_level_5",
    "OTIS Mock AIME 2024-2025": "otis_mock_aime",
    "SWE-Bench verified": "swe_bench_verified",
    "SimpleQA Verified": "simpleqa_verified",
}
HUB_COLUMNS = {
    "model_name": ("Model version",),
    "best_score": ("Best score (across scorers)",),
    "mean_score": ("mean_score",),
    "standard_error": ("stderr",),
    "released_on": ("Release date",),
    "organization_name": ("Organization",),
    "started_at": ("Started at",),
    "run": ("id",),
}
HUB_OPTIONAL = ("best_score", "mean_score", "standard_error", "started_at", "run")
RUN_COLUMNS = {
    "task": ("task",),
    "model_name": ("model",),
    "score": ("Best score (across scorers)",),
    "started_at": ("started_at",),
    "status": ("Status",),
    "run": ("id", "id_runs"),
    "by_scorer": ("Scores",),
    "task_version": ("task version",),
    # In later exports.
    "released_on": ("Version release date",),
    "organization_name": ("Organization",),
    "standard_error": ("stderr",),
    "display_name": ("Display name",),
}
RUN_OPTIONAL = (
    "run", "by_scorer", "task_version", "released_on", "organization_name", "standard_error", "display_name",
)  # fmt: skip
VERSION_COLUMNS = {
    "model_name": ("id",),
    "released_on": ("Version release date",),
    "display_name": ("Display name",),
}
TRACKER_COLUMNS = {
    "benchmark": ("benchmark",),
    "model_name": ("model",),
    "display_name": ("display_name",),
    "score": ("score",),
    "standard_error": ("score_std",),
    "released_on": ("date",),
    "organization_name": ("organization",),
}
RUNS, VERSIONS = "benchmarks_runs", "model_versions"
#: ``17 November 2025 4:28pm`` until 2025, ISO since.
TIME_FORMATS = ("%d %B %Y %I:%M%p", "%Y-%m-%dT%H:%M:%S%.fZ")
SUCCEEDED = ("success", "")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per board and model version, scores and standard errors in percent (time horizons in minutes).

    Of several runs of a model the newest counts and the earlier ones are in ``extra``; runs at the same time are all
    kept. Raises `ParseError` for a share outside 0 to 1 or a percentage outside 0 to 100.
    """
    return READERS[snapshot.request](snapshot)


def request_of(path: PurePath) -> str | None:
    """The request that a local file answers; None when its name does not say."""
    if path.suffix == ".zip" and path.name.startswith("benchmark_data"):
        return "benchmark_data"
    if path.name.startswith((RUNS, VERSIONS)):
        return "runs"
    return "scores" if path.name.startswith("benchmark_scores") else None


def companions_of(path: PurePath) -> tuple[PurePath, ...]:
    """The runs of the model versions of one day, or the other way round."""
    for name, other in ((RUNS, VERSIONS), (VERSIONS, RUNS)):
        if path.name.startswith(name):
            return (path.with_name(other + path.name.removeprefix(name)),)
    return ()


def _benchmark_data(snapshot: Snapshot) -> pl.DataFrame:
    files = snapshot.files()
    known: dict[str, str] = {}
    for name in files:
        plain = comparable(PurePosixPath(name).name)
        if plain in known:
            raise ParseError(
                f"{snapshot.where()}: {known[plain]} and {excerpt(name, 80)}", "one of them", "fix the parser"
            )
        if plain in FILES or plain in epoch_collected.FILES:
            known[plain] = name
    if not known:
        raise ParseError(
            f"{snapshot.where()}: files {excerpt(', '.join(files)) or 'none'}",
            "one or more of " + ", ".join(FILES),
            "upstream changed its format: fix the parser",
        )
    return pl.concat(_bundled(snapshot.member(name, files[name]), file) for file, name in known.items())


def _bundled(snapshot: Snapshot, file: str) -> pl.DataFrame:
    if file in FILES:
        return _hub_file(snapshot, FILES[file])
    return epoch_collected.read_collected(snapshot, file)


def _hub_file(snapshot: Snapshot, board: str) -> pl.DataFrame:
    where = snapshot.where()
    rows = read_csv(snapshot).select(HUB_COLUMNS, HUB_OPTIONAL)
    scores = [name for name in ("best_score", "mean_score") if name in rows.columns]
    if not scores:
        raise ParseError(
            f"{where}: columns {excerpt(', '.join(rows.columns))}",
            "also Best score (across scorers) or mean_score",
            "upstream changed its format: fix the parser",
        )
    rows.parse_names("model_name")
    rows.parse_strings("organization_name", "started_at", "run")
    rows.parse_floats(*scores)
    rows.frame = rows.frame.with_columns(pl.lit(board).alias("board"), pl.coalesce(scores).alias("score"))
    rows.keep(pl.col("score").is_not_null())
    rows.parse_floats("standard_error")
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    _in_percent(rows)
    return _newest_runs(rows, ("run",))


def _runs(snapshot: Snapshot) -> pl.DataFrame:
    where = snapshot.where()
    files = snapshot.files() if snapshot.is_zip else {}
    runs, versions = (
        next((name for name in files if name.startswith(kind)), "") for kind in (RUNS, VERSIONS)
    )
    if files and not runs:
        raise ParseError(f"{where}: files {excerpt(', '.join(files))}", f"{RUNS}_….csv", "name it so")
    listed = snapshot.member(runs, files[runs]) if runs else snapshot
    rows = read_csv(listed).select(RUN_COLUMNS, RUN_OPTIONAL)
    rows.parse_names("task", "model_name")
    rows.parse_strings(*(name for name in rows.columns if name not in ("task", "model_name")))
    rows.keep(pl.col("status").fill_null("").str.to_lowercase().is_in(SUCCEEDED))
    if versions:
        _add_versions(rows, snapshot.member(versions, files[versions]))
    if "released_on" not in rows.columns:
        rows.frame = rows.frame.with_columns(pl.lit(None, pl.String()).alias("released_on"))
    _keep_known_boards(rows, "task", TASKS)
    rows.parse_floats("score")
    rows.keep(pl.col("score").is_not_null())
    rows.parse_floats("standard_error")
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    _in_percent(rows)
    return _newest_runs(rows, ("run", "display_name", "by_scorer", "task_version"))


def _add_versions(runs: Rows, snapshot: Snapshot) -> None:
    """Add release dates and displayed names. A version listed twice with different ones is set aside."""
    rows = read_csv(snapshot).select(VERSION_COLUMNS, ("display_name",))
    rows.parse_names("model_name")
    rows.parse_strings("released_on", "display_name")
    versions = pl.DataFrame(
        rows.whole("model_name"), schema=dict.fromkeys(rows.columns, pl.String())
    ).unique()
    repeated = versions["model_name"].filter(versions["model_name"].is_duplicated())
    if len(repeated):
        raise ParseError(
            f"{snapshot.where()}: {excerpt(repeated[0], 60)} in {len(repeated)} rows",
            "each version once",
            "look at the bytes",
        )
    names = [name for name in versions.columns if name != "model_name"]
    runs.frame = runs.frame.drop(names, strict=False).join(
        versions, on="model_name", how="left", maintain_order="left"
    )


def _scores(snapshot: Snapshot) -> pl.DataFrame:
    # The column that says whether a model is Chinese is wrong for some, so it is not read.
    rows = read_csv(snapshot).select(TRACKER_COLUMNS)
    rows.parse_names("benchmark", "model_name")
    rows.parse_strings("display_name", "organization_name")
    rows.parse_floats("score", "standard_error")
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    _keep_known_boards(rows, "benchmark", TRACKED)
    rows.with_extra(["display_name"])
    return rows.conform(variant="default", category="overall")


def _in_percent(rows: Rows) -> None:
    """``score`` and ``standard_error`` of ``rows``, shares from 0 to 1, in percent."""
    rows.refuse("score", ~rows.frame["score"].is_between(0, 1), "0 to 1")
    shares = [name for name in ("score", "standard_error") if name in rows.columns]
    # Rounded, so that 0.097 gives 9.7 and not 9.700000000000001.
    rows.frame = rows.frame.with_columns((pl.col(shares) * 100).round(10))


def _keep_known_boards(rows: Rows, column: str, boards: Mapping[str, str]) -> None:
    """Add ``board`` after ``column``, and keep only the rows of ``boards``."""
    printed = rows.frame[column].drop_nulls().unique().sort()
    known = {comparable(name): board for name, board in boards.items()}
    found = {name: known.get(comparable(name)) for name in printed}
    rows.frame = rows.frame.with_columns(
        pl.col(column).replace_strict(found, default=None, return_dtype=pl.String()).alias("board")
    )
    rows.keep(pl.col("board").is_not_null())
    if rows.frame.is_empty() and len(printed):
        raise ParseError(
            f"{rows.snapshot.where()}: {column} {excerpt(', '.join(printed))}",
            "one or more that are boards here",
            "upstream changed its names: fix the parser",
        )


def _newest_runs(rows: Rows, columns: tuple[str, ...]) -> pl.DataFrame:
    """The newest run of each board and model. ``extra`` has ``columns`` of the run, and the earlier runs."""
    if "started_at" not in rows.columns:
        rows.frame = rows.frame.with_columns(pl.lit(None, pl.String()).alias("started_at"))
    _parse_started(rows)
    key = ["board", "model_name"]
    # A run that will be set aside hides no other.
    started = pl.when(~rows.is_faulty).then(pl.col("started"))
    is_newest = started.eq_missing(started.max().over(key))
    earlier = (
        rows.frame.filter(~is_newest & ~rows.is_faulty)
        .sort("started", descending=True, nulls_last=True, maintain_order=True)
        .group_by(key, maintain_order=True)
        .agg(pl.struct("score", "started_at").alias("earlier_runs"))
    )
    rows.keep(is_newest)
    rows.frame = rows.frame.join(earlier, on=key, how="left", maintain_order="left")
    extra = [name for name in (*columns, "started_at") if name in rows.columns]
    alone, with_earlier = pl.struct(extra), pl.struct(*extra, "earlier_runs")
    rows.frame = rows.frame.with_columns(
        pl.when(pl.col("earlier_runs").is_null())
        .then(alone.struct.json_encode())
        .otherwise(with_earlier.struct.json_encode())
        .alias("extra"),
    )
    return rows.conform(variant="default", category="overall")


def _parse_started(rows: Rows) -> None:
    readings = [
        pl.col("started_at").str.to_datetime(form, strict=False, time_unit="us") for form in TIME_FORMATS
    ]
    rows.frame = rows.frame.with_columns(pl.coalesce(readings).alias("started"))
    bad = rows.frame["started"].is_null() & rows.frame["started_at"].is_not_null()
    rows.refuse("started_at", bad, "a time as in 17 November 2025 4:28pm or 2025-11-17T16:28:00.000Z")
    # One to come would be the newest run for ever.
    latest = last_day(rows.snapshot.receipt)
    if latest:
        rows.refuse("started_at", rows.frame["started"].dt.date() > latest, f"a day to {latest}")


READERS: Mapping[str, Callable[[Snapshot], pl.DataFrame]] = {
    "benchmark_data": _benchmark_data,
    "scores": _scores,
    "runs": _runs,
}
SOURCE = Source(
    id="epoch_benchmarks",
    title="Epoch benchmarking hub",
    origin=origin("Epoch AI benchmarking hub", "https://epoch.ai/benchmarks"),
    requests=(
        Request(
            "benchmark_data",
            "https://epoch.ai/data/benchmark_data.zip",
            ("application/zip", "application/x-zip-compressed", "application/octet-stream"),
        ),
        Request("runs"),
        Request("scores"),
    ),
    parse=parse,
    cadence=timedelta(days=7),
    row_floor=100,
    # METR's figures, of unstated licence: Epoch's own licence does not cover what it passes on.
    # And those of others in the bundle, each under its own licence.
    withheld_boards=frozenset({METR, *(board.board for board in epoch_collected.BOARDS)}),
    boards=epoch_collected.BOARDS,
    raw_patterns=("epoch/benchmark_data*.zip", "epoch/benchmark_scores_*.csv", "epoch/benchmarks_runs_*.csv"),
    companions_of=companions_of,
    request_of=request_of,
    known_at_of=known_at_of,
)
