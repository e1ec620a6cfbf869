"""Time and memory of what people wait for, beside the time of doing nothing with the same tools.

``make bench`` runs it. Figures only, no verdict: they depend on the machine, so each stands beside a figure
of the same run (an empty Dagster run; DuckDB reading the same Parquet) and the aim.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
QUICK_RUNS = 5
README_QUERY = (
    "SELECT month, us_model, cn_model, gap_points, gap_pct_of_cn, status FROM monthly_gap "
    "WHERE board='arena_text' AND variant='raw' AND category='overall' AND month >= '2024-11-01' "
    "ORDER BY month LIMIT 8"
)

#: What the empty run's records are kept in: Dagster's own storage.
EMPTY_HOME = "storage:\n  sqlite:\n    base_dir: records\ntelemetry:\n  enabled: false\n"

#: The least that must be done with the same files: read them and take maxima.
FLOOR = """
import json, sys
from pathlib import Path
import duckdb
history = Path(sys.argv[1])
files = [str(history / entry["file"]) for entry in json.loads((history / "manifest.json").read_text())["files"]]
rows = duckdb.connect().execute(
    "SELECT date_trunc('month', published_on), board, variant, category, organization_name, max(score) "
    "FROM read_parquet(?, union_by_name = true) GROUP BY ALL", [files]
).fetchall()
assert rows
"""


@dataclass(frozen=True)
class Measured:
    """One process: seconds on the wall, seconds of processor time, and the most memory it held."""

    wall: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True)
class Line:
    what: str
    figure: str
    aim: str = ""


def run(command: list[str], environment: dict[str, str], cwd: Path) -> Measured:
    """Run ``command`` to its end; stops the bench with its output when it fails."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            sys.exit(
                f"bench: {' '.join(command[:4])} ended with {process.returncode}:\n{said.read().decode()}"
            )
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def repeated(times: int, once: Callable[[], Measured]) -> list[Measured]:
    """``times`` measurements after one that is not counted (it compiles, and warms the disk's cache)."""
    once()
    return [once() for _ in range(times)]


def median(measured: list[Measured]) -> float:
    return statistics.median(each.wall for each in measured)


def spread(measured: list[Measured]) -> str:
    walls = sorted(each.wall for each in measured)
    return f"{statistics.median(walls):.2f} s ({walls[0]:.2f} to {walls[-1]:.2f})"


def remove(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)


def measure(folder: Path) -> Iterator[Line]:
    """Measure everything in a clean clone below ``folder``."""
    clone = folder / "aigap"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    data = clone / "warehouse" / "data"
    usual = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIGAP_", "DAGSTER_", "PYTHON"))
    }
    environment = {**usual, "PYTHONPATH": str(clone), "AIGAP_DATA_DIR": str(data)}
    aigap = [sys.executable, "-m", "pipelines.cli"]

    def refresh() -> Measured:
        # As after `git clone`: no warehouse, no run history.
        remove(data)
        remove(clone / ".dagster")
        return run([*aigap, "refresh"], environment, clone)

    home = folder / "empty"

    def empty() -> Measured:
        remove(home)
        home.mkdir()
        (home / "dagster.yaml").write_text(EMPTY_HOME)
        own = {**environment, "DAGSTER_DISABLE_TELEMETRY": "1"}
        return run([sys.executable, str(ROOT / "bench" / "empty.py"), str(home)], own, home)

    # In pairs: other work on the machine weighs on both. The first pair is not counted.
    pairs = [(refresh(), empty()) for _ in range(RUNS + 1)][1:]
    refreshed, nothing = [one for one, _ in pairs], [one for _, one in pairs]
    yield Line("aigap refresh, clean clone", spread(refreshed), "under 10 s")
    yield Line("  user + system", f"{statistics.median(each.cpu for each in refreshed):.2f} s")
    yield Line("  peak memory", f"{max(each.peak_mb for each in refreshed):.0f} MB", "under 1000 MB")
    yield Line("empty recorded run, eight assets", spread(nothing))
    yield Line("  user + system", f"{statistics.median(each.cpu for each in nothing):.2f} s")
    ratio = statistics.median(one.cpu / other.cpu for one, other in pairs)
    # The aim is 3.5 with 387,000 scores; what is over the empty run grows with them.
    scores = scores_of(data)
    aim = f"{1 + 2.5 * scores / 387_000:.2f} with {scores:,} scores"
    yield Line("  refresh / empty run, processor time", f"{ratio:.2f}", aim)

    floor = repeated(
        QUICK_RUNS,
        lambda: run([sys.executable, "-c", FLOOR, str(clone / "warehouse" / "history")], environment, clone),
    )
    yield Line("bare DuckDB, maxima of the history", spread(floor))
    definitions = repeated(
        QUICK_RUNS, lambda: run([sys.executable, "-c", "import pipelines.definitions"], environment, clone)
    )
    yield Line("import pipelines.definitions", spread(definitions), "under 3 s")

    for what, arguments, aim in (
        ("aigap query, as in the README", ["query", README_QUERY], "under 0.5 s"),
        ("aigap status", ["status"], ""),
        ("aigap --help", ["--help"], ""),
    ):
        command = [*aigap, *arguments]
        quick = repeated(QUICK_RUNS, lambda command=command: run(command, environment, clone))  # type: ignore[misc]
        yield Line(what, spread(quick), aim)
        imported = "yes" if imports_dagster([sys.executable, *arguments], environment, clone) else "no"
        yield Line("  imports dagster", imported, "no")

    site, export = folder / "site", folder / "export"
    for what, arguments in (
        ("aigap site", ["site", "--to", str(site)]),
        ("aigap export", ["export", "--to", str(export)]),
    ):
        written = repeated(1, lambda arguments=arguments: run([*aigap, *arguments], environment, clone))  # type: ignore[misc]
        yield Line(what, spread(written))
        yield Line("  peak memory", f"{written[0].peak_mb:.0f} MB")
    for what, place in (("site", site), ("export", export)):
        files = [path.stat().st_size for path in place.rglob("*") if path.is_file()]
        yield Line(f"  {what}, {len(files)} files", f"{sum(files) / 1e6:.1f} MB")
    largest = max(site.glob("*.html"), key=lambda path: path.stat().st_size)
    yield Line(f"  largest page, {largest.name}", f"{largest.stat().st_size / 1e6:.2f} MB", "under 3 MB")
    if shutil.which("chromium"):
        paints = sorted(first_paint(clone, site / "index.html") for _ in range(QUICK_RUNS))
        told = f"{statistics.median(paints):.2f} s ({paints[0]:.2f} to {paints[-1]:.2f})"
        yield Line("  first paint from disk", told, "under 1 s")

    size = sum(path.stat().st_size for path in data.glob("releases/*.duckdb"))
    yield Line("published file", f"{size / 1e6:.1f} MB")


def scores_of(data: Path) -> int:
    """The scores of the published release."""
    [receipt] = (data / "releases").glob("*.json")
    found: int = json.loads(receipt.read_text())["summary"]["counts"]["scores"]
    return found


def first_paint(clone: Path, page: Path) -> float:
    """Seconds."""
    command = [sys.executable, str(clone / "bench" / "paint.py"), str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout) / 1000


def imports_dagster(command: list[str], environment: dict[str, str], cwd: Path) -> bool:
    python, *arguments = command
    done = subprocess.run(
        [python, "-X", "importtime", "-m", "pipelines.cli", *arguments],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return any(line.rpartition("|")[2].strip() == "dagster" for line in done.stderr.splitlines())


def commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return git("rev-parse", "--short", "HEAD") + (
        " (without what is changed and not committed)" if changed else ""
    )


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> None:
    print(f"aigap {commit()} on {cores()} cores, {platform.machine()}, Python {platform.python_version()}")
    load = os.getloadavg()[0]
    if load > cores() / 4:
        print(f"the machine is busy with other work (load {load:.1f}): figures will be too high")
    print(f"median (least to most) of {RUNS} or {QUICK_RUNS} runs after one that is not counted\n")
    print(f"{'':<36}{'figure':<28}aim")
    with tempfile.TemporaryDirectory(prefix="aigap-bench-") as folder:
        for line in measure(Path(folder)):
            print(f"{line.what:<36}{line.figure:<28}{line.aim}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
