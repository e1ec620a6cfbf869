"""Epoch AI's benchmarking hub: one set of models on many exams, run by Epoch itself. Three forms of the same
figures, all of them shares of questions solved; boards are in percent.

`benchmark_data`: the live ZIP, one CSV a benchmark. What it passes on from others (`…_external.csv`) is left to
their own sources, and so is a benchmark that is none of our boards.
`runs`: every run by task and model version (2025-12), with the list of model versions for the release dates.
`scores`: a public tracker's extract (2026-08), which also holds METR's time horizons, in minutes.

No day is printed: a file's name tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath, PurePosixPath

import polars as pl

from sources.contract import Request, Snapshot, Source, conform
from sources.epoch_eci import known_at_of, origin, with_release_dates
from sources.errors import ParseError
from sources.parsing.columns import csv_frame, labels, numbers, picked, shown, texts

#: File in the ZIP → board. `frontiermath.csv` and `frontiermath_tier_4.csv` are the private sets of 2025.
FILES = {
    "chess_puzzles.csv": "chess_puzzles",
    "frontiermath.csv": "frontiermath",
    "frontiermath_tier_4.csv": "frontiermath_tier_4",
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
METR = "metr_time_horizon"
#: The tracker's name → board. Its `frontiermath_public` is the *private* set: 55 of the 56 models it shares with
#: the private runs of 2025-12 have their scores, and 2 of 50 those of the public set of ten questions.
TRACKED = {
    "chess_puzzles": "chess_puzzles",
    "frontiermath_public": "frontiermath",
    "gpqa_diamond": "gpqa_diamond",
    "math_level_5": "math_level_5",
    METR: METR,
    "otis_mock_aime": "otis_mock_aime",
    "simpleqa_verified": "simpleqa_verified",
    "swe_bench_verified": "swe_bench_verified",
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
    # Later exports hold them beside the run.
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
STARTS = ("%d %B %Y %I:%M%p", "%Y-%m-%dT%H:%M:%S%.fZ")
NOTHING_WRONG = ("success", "")
#: What of a run becomes an observation.
KEPT: Mapping[str, pl.DataType] = {
    "score": pl.Float64(),
    "standard_error": pl.Float64(),
    "released_on": pl.Date(),
    "organization_name": pl.String(),
    "extra": pl.String(),
}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a board and model version, scores and standard errors in percent (time horizons: minutes).

    A model run more than once has its newest run, the earlier ones stand in ``extra``; rows that nothing
    tells apart are all kept. Raises `ParseError` for a share outside 0 to 1 or a percentage outside 0 to 100.
    """
    rows = READERS[snapshot.request](snapshot)
    return conform(
        rows.with_columns(
            pl.lit("default").alias("variant"),
            pl.lit("overall").alias("category"),
        )
    )


def request_of(path: PurePath) -> str | None:
    if path.suffix == ".zip" and path.name.startswith("benchmark_data"):
        return "benchmark_data"
    if path.name.startswith((RUNS, VERSIONS)):
        return "runs"
    return "scores" if path.name.startswith("benchmark_scores") else None


def companions_of(path: PurePath) -> tuple[PurePath, ...]:
    """Runs and model versions of one day belong together, whichever is named."""
    for name, other in ((RUNS, VERSIONS), (VERSIONS, RUNS)):
        if path.name.startswith(name):
            return (path.with_name(other + path.name.removeprefix(name)),)
    return ()


def _benchmark_data(snapshot: Snapshot) -> pl.DataFrame:
    files = snapshot.files()
    known: dict[str, str] = {}
    for name in files:
        plain = PurePosixPath(name).name
        if plain in known:
            raise ParseError(
                f"{snapshot.where()}: {known[plain]} and {shown(name, 80)}", "one of them", "fix the parser"
            )
        if plain in FILES:
            known[plain] = name
    if not known:
        raise ParseError(
            f"{snapshot.where()}: files {shown(', '.join(files)) or 'none'}",
            "one or more of " + ", ".join(FILES),
            "upstream changed its shape: fix the parser",
        )
    return pl.concat([_hub_file(_member(snapshot, name, files), FILES[file]) for file, name in known.items()])


def _hub_file(snapshot: Snapshot, board: str) -> pl.DataFrame:
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), HUB_COLUMNS, where, HUB_OPTIONAL)
    scores = [name for name in ("best_score", "mean_score") if name in rows.columns]
    if not scores:
        raise ParseError(
            f"{where}: columns {shown(', '.join(rows.columns))}",
            "also Best score (across scorers) or mean_score",
            "upstream changed its shape: fix the parser",
        )
    rows = labels(rows, ["model_name"], where)
    rows = texts(rows, ["organization_name", "started_at", "run"], where)
    rows = numbers(rows, [*scores, "standard_error"], where)
    rows = rows.with_columns(pl.lit(board).alias("board"), pl.coalesce(scores).alias("score"))
    rows = rows.drop_nulls("score")
    rows = with_release_dates(_in_percent(rows, where), where)
    return _newest_runs(rows, ("run",), where)


def _runs(snapshot: Snapshot) -> pl.DataFrame:
    where = snapshot.where()
    files = snapshot.files() if snapshot.is_zip else {}
    runs, versions = (
        next((name for name in files if name.startswith(kind)), "") for kind in (RUNS, VERSIONS)
    )
    if files and not runs:
        raise ParseError(f"{where}: files {shown(', '.join(files))}", f"{RUNS}_….csv", "name it so")
    raw = csv_frame(_member(snapshot, runs, files) if runs else snapshot)
    rows = picked(raw, RUN_COLUMNS, where, RUN_OPTIONAL)
    rows = labels(rows, ["task", "model_name"], where)
    rows = texts(rows, [name for name in rows.columns if name not in ("task", "model_name")], where)
    rows = rows.filter(pl.col("status").fill_null("").str.to_lowercase().is_in(NOTHING_WRONG))
    if versions:
        rows = _with_versions(rows, _member(snapshot, versions, files))
    if "released_on" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.String()).alias("released_on"))
    rows = numbers(rows, ["score", "standard_error"], where).drop_nulls("score")
    rows = rows.with_columns(pl.col("task").replace_strict(TASKS, default=None).alias("board"))
    rows = _of_known_boards(rows, "task", where)
    rows = with_release_dates(_in_percent(rows, where), where)
    return _newest_runs(rows, ("run", "display_name", "by_scorer", "task_version"), where)


def _with_versions(runs: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    where = snapshot.where()
    versions = picked(csv_frame(snapshot), VERSION_COLUMNS, where, ("display_name",))
    versions = texts(labels(versions, ["model_name"], where), ["released_on", "display_name"], where)
    twice = versions.filter(pl.col("model_name").is_duplicated())
    if not twice.is_empty():
        raise ParseError(
            f"{where}: the version {shown(twice['model_name'][0], 60)!r} twice",
            "each once",
            "look at the bytes",
        )
    alone = runs.drop([name for name in versions.columns if name != "model_name"], strict=False)
    return alone.join(versions, on="model_name", how="left", maintain_order="left")


def _scores(snapshot: Snapshot) -> pl.DataFrame:
    where = snapshot.where()
    # Whether a model is Chinese is also printed, wrongly for some: not read.
    rows = picked(csv_frame(snapshot), TRACKER_COLUMNS, where)
    rows = labels(rows, ["benchmark", "model_name"], where)
    rows = texts(rows, ["display_name", "organization_name"], where)
    rows = numbers(rows, ["score", "standard_error"], where)
    rows = with_release_dates(rows, where)
    rows = rows.with_columns(pl.col("benchmark").replace_strict(TRACKED, default=None).alias("board"))
    rows = _of_known_boards(rows, "benchmark", where)
    _refuse_outside(rows.filter(pl.col("board") != METR), 100, where)
    return rows.with_columns(pl.struct("display_name").struct.json_encode().alias("extra"))


def _in_percent(rows: pl.DataFrame, where: str) -> pl.DataFrame:
    """``score`` and ``standard_error`` of ``rows``, shares from 0 to 1, in percent."""
    _refuse_outside(rows, 1, where)
    there = [name for name in ("score", "standard_error") if name in rows.columns]
    # 0.097 is to be 9.7, not 9.700000000000001.
    return rows.with_columns((pl.col(name) * 100).round(10) for name in there)


def _refuse_outside(rows: pl.DataFrame, highest: int, where: str) -> None:
    bad = rows.filter(~pl.col("score").is_between(0, highest))
    if not bad.is_empty():
        raise ParseError(
            f"{where}: score {bad['score'][0]} in {bad.height} rows",
            f"0 to {highest}",
            "upstream changed its unit: fix the parser",
        )


def _of_known_boards(rows: pl.DataFrame, column: str, where: str) -> pl.DataFrame:
    known = rows.drop_nulls("board")
    if known.is_empty() and not rows.is_empty():
        raise ParseError(
            f"{where}: {column} {shown(', '.join(rows[column].drop_nulls().unique().sort()))}",
            "one or more that are boards here",
            "upstream changed its names: fix the parser",
        )
    return known


def _newest_runs(rows: pl.DataFrame, beside: tuple[str, ...], where: str) -> pl.DataFrame:
    """The newest run of each board and model, with what stands ``beside`` it, and the earlier ones, in
    ``extra``.
    """
    if "started_at" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.String()).alias("started_at"))
    rows = _started(rows, where)
    key = ["board", "model_name"]
    is_newest = pl.col("started").eq_missing(pl.col("started").max().over(key))
    earlier = (
        rows.filter(~is_newest)
        .sort("started", descending=True, nulls_last=True, maintain_order=True)
        .group_by(key, maintain_order=True)
        .agg(pl.struct("score", "started_at").alias("earlier_runs"))
    )
    rows = rows.filter(is_newest).join(earlier, on=key, how="left", maintain_order="left")
    told = [name for name in (*beside, "started_at") if name in rows.columns]
    alone, with_earlier = pl.struct(told), pl.struct(*told, "earlier_runs")
    rows = rows.with_columns(
        pl.when(pl.col("earlier_runs").is_null())
        .then(alone.struct.json_encode())
        .otherwise(with_earlier.struct.json_encode())
        .alias("extra"),
    )
    lacking = {name: kind for name, kind in KEPT.items() if name not in rows.columns}
    rows = rows.with_columns(pl.lit(None, kind).alias(name) for name, kind in lacking.items())
    return rows.select(*key, *KEPT)


def _started(rows: pl.DataFrame, where: str) -> pl.DataFrame:
    readings = [pl.col("started_at").str.to_datetime(form, strict=False, time_unit="us") for form in STARTS]
    rows = rows.with_columns(pl.coalesce(readings).alias("started"))
    bad = rows.filter(pl.col("started").is_null() & pl.col("started_at").is_not_null())
    if not bad.is_empty():
        raise ParseError(
            f"{where}: started_at {shown(bad['started_at'][0], 60)!r} in {bad.height} rows",
            "a time as in 17 November 2025 4:28pm or 2025-11-17T16:28:00.000Z",
            "upstream changed its print: fix the parser",
        )
    return rows


def _member(snapshot: Snapshot, name: str, files: Mapping[str, bytes]) -> Snapshot:
    """One file of a ZIP, as errors should name it."""
    return Snapshot(files[name], replace(snapshot.receipt, file_name=shown(name, 80)))


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
    withheld_boards=frozenset({METR}),
    raw_patterns=("epoch/benchmark_data*.zip", "epoch/benchmark_scores_*.csv", "epoch/benchmarks_runs_*.csv"),
    companions_of=companions_of,
    request_of=request_of,
    known_at_of=known_at_of,
)
