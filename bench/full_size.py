"""Bytes to published release at upstream's real size: `full` files of the official dataset, made here.

Without options the two of text, 1.2 million rows each, by `aigap ingest`; with ``--rows 20`` as many days as make 20
million rows of them, in several files. With ``--all`` those of every subset, five million rows together, in one
`aigap refresh --live` from a server on loopback, beside the shipped history.

The floor beside it is plain DuckDB: the files into one table on disk, and the bare monthly maxima. Of the two files a
refresh and the floor are run in turn, three times, after one pair that is not counted; of more rows, once.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import polars as pl
from pyarrow import parquet

from sources.lmarena_hf import FULL
from sources.parsing.arena import SUBSETS

ROOT = Path(__file__).resolve().parents[1]
#: Publish dates in a file: of the two files of text, and of each of all subsets.
DATES, ALL_DATES = 119, 206
LAST = date(2026, 8, 2)
#: Dates written at once: what this process holds counts in the peak of those it starts.
AT_ONCE = 8
#: Dates in a file: four million rows, of which a body may have five.
MOST = 400
TEXT = ("text", "text_style_control")
#: How often a refresh and the floor are run in turn, the first of them not counted; of files of more dates, once.
PAIRS = 4


def made(subset: str, to: Path, dates: int = DATES, part: range | None = None) -> int:
    """Write a `full` file in upstream's shape: the shipped rows of one day under many dates, scores moved a little.

    It has a ``part`` of so many ``dates``, or all.
    """
    board, variant = SUBSETS[subset]
    listed = (
        pl.scan_parquet(ROOT / "warehouse" / "history" / "lmarena_hf-*.parquet")
        .filter((pl.col("board") == board) & (pl.col("variant") == variant))
        .collect()
    )
    # The fullest day.
    fullest = listed["published_on"].value_counts().sort("count", "published_on")["published_on"][-1]
    day = listed.filter(pl.col("published_on") == fullest)
    step = (LAST - date(2023, 5, 8)).days // dates
    numbers = part or range(dates)
    random = np.random.default_rng(7 + numbers.start)
    writer = None
    for first in range(0, len(numbers), AT_ONCE):
        frames = []
        for number in numbers[first : first + AT_ONCE]:
            moved = pl.Series("moved", random.normal(0, 2, day.height))
            published = date(2023, 5, 8) + timedelta(days=step * number)
            frames.append(
                day.select(
                    "model_name",
                    pl.col("organization_name").fill_null("").alias("organization"),
                    pl.col("license_name").fill_null("").alias("license"),
                    (pl.col("score") + moved).alias("rating"),
                    (pl.col("score_low") + moved).alias("rating_lower"),
                    (pl.col("score_high") + moved).alias("rating_upper"),
                    (pl.col("standard_error") ** 2).alias("variance"),
                    pl.col("votes").cast(pl.Float64).alias("vote_count"),
                    pl.col("rank").cast(pl.Float64).alias("rank"),
                    "category",
                    pl.lit(published.isoformat()).alias("leaderboard_publish_date"),
                )
            )
        rows = pl.concat(frames).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or parquet.ParquetWriter(to, rows.schema, compression="zstd")
        writer.write_table(rows)
    assert writer is not None
    writer.close()
    return len(numbers) * day.height


@dataclass(frozen=True)
class Measured:
    """One child: seconds on the wall, seconds of processor time, the most GB it held, and what it said."""

    label: str
    wall: float
    cpu: float
    memory: float
    output: str


def timed(label: str, words: list[str], environment: dict[str, str]) -> Measured:
    """Run ``words`` to their end; stops the bench with their output if they fail."""
    started = time.monotonic()
    child = subprocess.Popen(
        words,
        cwd=environment["PYTHONPATH"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(words[-3:])} ended with {status}:\n{output[-2000:]}")
    wall, cpu = time.monotonic() - started, usage.ru_utime + usage.ru_stime
    return Measured(label, wall, cpu, usage.ru_maxrss / 1e6, output)


FLOOR = """
import sys, duckdb
con = duckdb.connect(sys.argv[1])
con.execute("CREATE TABLE scores AS SELECT *, filename FROM read_parquet(?)", [sys.argv[2:]])
maxima = "SELECT filename, category, leaderboard_publish_date[:7] AS month, organization, max(rating) FROM scores"
print(len(con.execute(maxima + " GROUP BY ALL").fetchall()))
con.close()
"""


def copied(to: Path, *more: str) -> Path:
    """The program without data, and without its history: what is measured is the files alone.

    As `make` and a first build leave it: compiled, with the file of empty tables.
    """
    for package in ("sources", "warehouse", "pipelines"):
        shutil.copytree(ROOT / package, to / package, ignore=shutil.ignore_patterns("data", *more))
    # Without it the program takes itself for an installed copy, and has no settings of Dagster's records.
    shutil.copy2(ROOT / "dagster.yaml", to)
    return to


AIGAP = (sys.executable, "-m", "pipelines.cli")


def usual() -> dict[str, str]:
    """The environment without what changes how Python starts, as whether it keeps what it has compiled."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def floor(scratch: Path, paths: list[Path]) -> Measured:
    """Plain DuckDB loads ``paths`` into a new file."""
    file = scratch / "floor.duckdb"
    file.unlink(missing_ok=True)
    words = [sys.executable, "-c", FLOOR, str(file), *map(str, paths)]
    return timed("floor, plain DuckDB", words, {**usual(), "PYTHONPATH": str(ROOT)})


def two_ingested(
    scratch: Path, files: dict[str, list[Path]], pairs: int
) -> tuple[list[Measured], list[tuple[Measured, Measured]]]:
    """Ingest each file, then build without the history and run the floor in turn, in ``pairs``."""
    data = scratch / "data"
    environment = {
        **usual(),
        "AIGAP_DATA_DIR": str(data),
        "PYTHONPATH": str(copied(scratch / "tree", "history")),
    }
    ingested: list[Measured] = []
    for subset, paths in files.items():
        words = [*AIGAP, "ingest", "lmarena_hf", "--request", subset + FULL, *map(str, paths)]
        ingested.append(timed(f"ingest {subset}", words, environment))
    paths = [path for parts in files.values() for path in parts]
    found = []
    for number in range(pairs):
        # Each from what is ingested alone: a second refresh would find its release there.
        own = scratch / f"data-{number}"
        shutil.copytree(data, own, symlinks=True)
        refreshed = timed("refresh", [*AIGAP, "refresh"], {**environment, "AIGAP_DATA_DIR": str(own)})
        shutil.rmtree(own)
        found.append((refreshed, floor(scratch, paths)))
    return ingested, found


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None: ...


def all_live(scratch: Path, files: dict[str, list[Path]]) -> list[Measured]:
    """Fetch every file and build with the history in one command, and once more with nothing new."""
    serve = functools.partial(Quiet, directory=str(scratch))
    server = ThreadingHTTPServer(("127.0.0.1", 0), serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_address[1]}"
    addresses = scratch / "addresses.json"
    served = {f"lmarena_hf/{subset}{FULL}": f"{here}/{paths[0].name}" for subset, paths in files.items()}
    addresses.write_text(json.dumps(served))
    environment = {
        **usual(),
        "AIGAP_DATA_DIR": str(scratch / "data"),
        "AIGAP_ADDRESS_OVERRIDES": str(addresses),
        "AIGAP_ALLOW_PRIVATE": "1",
        "PYTHONPATH": str(copied(scratch / "tree")),
    }
    requests = [word for subset in files for word in ("--request", subset + FULL)]
    words = [*AIGAP, "refresh", "--live", "--source", "lmarena_hf", *requests]
    return [timed(label, words, environment) for label in ("refresh --live", "nothing new")]


def main(is_all: bool, dates: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        files: dict[str, list[Path]] = {}
        rows = 0
        for subset in SUBSETS if is_all else TEXT:
            for first in range(0, dates, MOST):
                path = scratch / f"{subset}{FULL}-{first}.parquet"
                rows += made(subset, path, dates, range(dates)[first : first + MOST])
                files.setdefault(subset, []).append(path)
        paths = [path for parts in files.values() for path in parts]
        size = sum(path.stat().st_size for path in paths) / 1e6
        if is_all:
            refreshed, *beside = all_live(scratch, files)
            found = [(refreshed, floor(scratch, paths))]
        else:
            beside, found = two_ingested(scratch, files, PAIRS if dates == DATES else 1)
        counted = found[1:] or found
        print(f"{len(paths)} full files, {rows:,} rows, {size:.0f} MB; pairs: {len(counted)}")
        for entry in (median([pair[0] for pair in counted]), *beside, median([pair[1] for pair in counted])):
            print(f"  {entry.label:<26}{entry.wall:6.1f} s  {entry.cpu:6.1f} s cpu  {entry.memory:5.2f} GB")
        wall = statistics.median(refreshed.wall / plain.wall for refreshed, plain in counted)
        cpu = statistics.median(refreshed.cpu / plain.cpu for refreshed, plain in counted)
        print(f"  refresh / plain DuckDB    {wall:6.1f}    {cpu:6.1f}")
        for line in counted[-1][0].output.splitlines():
            # the steps, without how many rows each table has
            if line.startswith("  ") and line.rstrip().endswith("s)"):
                said, _, seconds_ = line.rpartition("(")
                print(f"{said[:58]:<60}({seconds_}")


def median(runs: list[Measured]) -> Measured:
    """Of several runs of one thing: median seconds and processor seconds, the most GB, the last output."""
    return Measured(
        runs[-1].label,
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        max(run.memory for run in runs),
        runs[-1].output,
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    parser = argparse.ArgumentParser(description="Whole histories, from bytes to a release.")
    parser.add_argument("--all", action="store_true", help="every subset, fetched beside the shipped history")
    parser.add_argument(
        "--rows", type=float, default=2.35, help="millions of rows of the two files of text (2.35)"
    )
    options = parser.parse_args()
    main(options.all, ALL_DATES if options.all else round(DATES * options.rows / 2.35))
