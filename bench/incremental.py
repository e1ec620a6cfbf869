"""What one new body costs, with ten, a hundred and a thousand of them held.

``make bench`` runs it. Each refresh has one body more than the last release, on top of the shipped history, and writes
no pages. It stands beside a whole build and beside an empty recorded Dagster run of the same minute
(`bench/empty.py`, in Dagster's own storage). Figures are user and system time in seconds, medians; the ratio is the
median of those of each refresh and the empty run right after it, on which other work on the machine weighs alike.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from empty import __file__ as EMPTY
from run import EMPTY_HOME, ROOT, run

from sources.contract.receipt import Receipt, sha256_of
from sources.contract.snapshot import Snapshot
from sources.contract.validation import read
from sources.ingestion.archive import Archive
from sources.registry import get
from warehouse import reference
from warehouse.builder.inputs import keep_parsed
from warehouse.workspace import Workspace

HELD = (10, 100, 1000)
TIMES = 5
MODELS = 60
LAST = datetime(2026, 11, 20, tzinfo=UTC)
SOURCE = get("lmarena_hf")


def bodies() -> Iterator[tuple[bytes, datetime]]:
    """Lists of sixty models of the text board, a day each, up to `LAST`."""
    names = reference.load().models["model_id"].to_list()[:MODELS]
    day = LAST - timedelta(days=max(HELD) + TIMES)
    number = 0
    while True:
        scores = [1500.25 - place - number / 100 for place in range(MODELS)]
        frame = pl.DataFrame(
            {
                "model_name": names,
                "organization": "",
                "license": "",
                "rating": scores,
                "rating_lower": [score - 5 for score in scores],
                "rating_upper": [score + 5 for score in scores],
                "variance": 6.25,
                "vote_count": 4000.0,
                "rank": [float(place + 1) for place in range(MODELS)],
                "category": "overall",
                "leaderboard_publish_date": f"{day:%Y-%m-%d}",
            }
        )
        with tempfile.TemporaryFile() as file:
            frame.write_parquet(file)
            file.seek(0)
            yield file.read(), day
        day += timedelta(days=1)
        number += 1


def hold(workspace: Workspace, body: bytes, day: datetime) -> None:
    """Archive ``body`` as fetched on ``day``, parsed as `ingest` leaves it."""
    given = Receipt(SOURCE.id, "text", sha256_of(body), len(body), "", day, day, "text")
    receipt = Archive(workspace.archive).put(body, given)
    keep_parsed(workspace, receipt, read(SOURCE, Snapshot(body, receipt)))


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'held':>6} {'whole':>8} {'one more':>9} {'empty run':>10} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as name:
        for held in HELD:
            folder = Path(name) / str(held)
            workspace = Workspace(folder / "data")
            home = folder / "empty"
            usual = {
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("AIGAP_", "DAGSTER_", "PYTHON"))
            }
            environment = {
                **usual,
                "AIGAP_DATA_DIR": str(workspace.data),
                "DAGSTER_HOME": str(folder / "records"),
            }
            (folder / "records").mkdir(parents=True)
            shutil.copy(ROOT / "dagster.yaml", folder / "records")
            new = bodies()
            for _ in range(held):
                hold(workspace, *next(new))

            def refresh(environment: dict[str, str] = environment) -> float:
                return run([sys.executable, "-m", "pipelines.cli", "refresh", "-q"], environment, ROOT).cpu

            def empty(home: Path = home, environment: dict[str, str] = environment) -> float:
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir()
                (home / "dagster.yaml").write_text(EMPTY_HOME)
                quiet = {**environment, "DAGSTER_DISABLE_TELEMETRY": "1"}
                return run([sys.executable, EMPTY, str(home)], quiet, home).cpu

            whole = refresh()
            pairs = []
            for _ in range(TIMES + 1):
                hold(workspace, *next(new))
                pairs.append((refresh(), empty()))
            # The first is not counted: its tables are all written anew beside those of the whole build.
            one, nothing = (statistics.median(figures) for figures in zip(*pairs[1:], strict=True))
            ratio = statistics.median(more / empty for more, empty in pairs[1:])
            print(f"{held:>6} {whole:>8.2f} {one:>9.2f} {nothing:>10.2f} {ratio:>6.2f}", flush=True)
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
