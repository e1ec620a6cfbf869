"""The job `build` of the shipped history in one process, and on a Dask cluster of two workers on this machine: wall
seconds, processor seconds and peak memory of all processes together.

Every build is the second of its kind on its workers, so that nobody is charged for imports.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TICK = os.sysconf("SC_CLK_TCK")


def used(pids: list[int]) -> tuple[float, float]:
    """Processor seconds until now, and the sum of peak memory in GB, of the processes that live."""
    seconds = memory = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / TICK
        status = Path(f"/proc/{pid}/status").read_text()
        memory += int(status.partition("VmHWM:")[2].split()[0]) / 1e6
    return seconds, memory


def build(environment: dict[str, str], workers: list[int]) -> str:
    """One build of a folder that holds nothing but its archive."""
    data = Path(environment["AIGAP_DATA_DIR"])
    for leftover in ("staging", "releases", "aigap.duckdb"):
        path = data / leftover
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    before, _ = used(workers)
    started = time.monotonic()
    words = [str(BIN / "dagster"), "job", "execute", "-m", "pipelines.definitions", "-j", "build"]
    run = subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(run.pid, 0)
    if status:
        raise SystemExit(f"build ended with {status}")
    wall = time.monotonic() - started
    after, memory = used(workers)
    cpu = after - before + usage.ru_utime + usage.ru_stime
    return f"{wall:6.1f} s  {cpu:6.1f} s cpu  {memory + usage.ru_maxrss / 1e6:5.2f} GB"


@contextmanager
def workers(environment: dict[str, str], scratch: Path) -> Iterator[list[int]]:
    told = scratch / "scheduler.json"
    told.unlink(missing_ok=True)
    here = ["--no-dashboard", "--host", "127.0.0.1"]
    started = []

    def start(*words: object) -> None:
        started.append(
            subprocess.Popen(
                [str(BIN / "dask"), *map(str, words)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    try:
        start("scheduler", *here, "--port", 0, "--scheduler-file", told)
        while not told.is_file() or not told.read_text():
            time.sleep(0.1)
        environment["AIGAP_DASK_SCHEDULER"] = address = json.loads(told.read_text())["address"]
        for _ in range(2):
            start("worker", address, *here, "--nthreads", 1, "--nworkers", 1, "--no-nanny")
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()


def measure(label: str, data: Path, scratch: Path) -> None:
    shutil.copy(ROOT / "dagster.yaml", scratch)
    text = (
        (scratch / "dagster.yaml").read_text().replace("base_dir: .dagster", f"base_dir: {scratch}/dagster")
    )
    (scratch / "dagster.yaml").write_text(text)
    known = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "AIGAP_DATA_DIR": str(data),
        "DAGSTER_HOME": str(scratch),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    print(f"{label}, one process     {build({**known, 'AIGAP_EXECUTOR': 'in_process'}, [])}", flush=True)
    for parts in (1, 2, 4):
        environment = {**known, "AIGAP_EXECUTOR": "dask", "AIGAP_PARTS": str(parts)}
        with workers(environment, scratch) as pids:
            build(environment, pids)
            print(f"{label}, Dask, {parts} part{'s' * (parts > 1)}    {build(environment, pids)}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        measure("shipped history", scratch / "data", scratch)


if __name__ == "__main__":
    main()
