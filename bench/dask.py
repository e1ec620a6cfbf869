"""Three kinds of work in one process, and on a Dask cluster of two workers on this machine: wall seconds, processor
seconds and peak memory of all processes together.

- ``build`` of the shipped history;
- ``build`` of two whole-history files of upstream's size, not yet parsed (made here), without the shipped history;
- ``collect`` from hosts that take their time over every answer (on loopback, and all they say is "not found").

Every run is the second of its kind on its workers, so that nobody is charged for imports.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from full_size import TEXT, copied, made

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TICK = os.sysconf("SC_CLK_TCK")
SLOW = 2.0  # seconds from a question to its answer


def used(pids: list[int]) -> tuple[float, float]:
    """Processor seconds until now, and the sum of peak memory in GB, of the processes that live."""
    seconds = memory = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / TICK
        status = Path(f"/proc/{pid}/status").read_text()
        memory += int(status.partition("VmHWM:")[2].split()[0]) / 1e6
    return seconds, memory


def run(job: str, environment: dict[str, str], workers: list[int]) -> str:
    """One run of ``job`` on a folder that holds nothing but its archive."""
    data = Path(environment["AIGAP_DATA_DIR"])
    for leftover in ("staging", "releases", "aigap.duckdb"):
        path = data / leftover
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    before, _ = used(workers)
    started = time.monotonic()
    words = [str(BIN / "dagster"), "job", "execute", "-m", "pipelines.definitions", "-j", job]
    process = subprocess.Popen(
        words,
        cwd=environment["PYTHONPATH"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    # No host has anything: every source fails, as it should, and so does the run.
    if bool(status) != (job == "collect"):
        raise SystemExit(f"{job} ended with {status}")
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
                cwd=environment["PYTHONPATH"],
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


@contextmanager
def slow_hosts(scratch: Path) -> Iterator[Path]:
    """All hosts there are; yields the file of addresses that leads to them."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(SLOW)
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    addresses = scratch / "addresses.json"
    addresses.write_text(json.dumps({"https://": f"http://127.0.0.1:{server.server_port}/"}))
    try:
        yield addresses
    finally:
        server.shutdown()


def measure(label: str, job: str, scratch: Path, tree: Path = ROOT, **more: str) -> None:
    known = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "AIGAP_DATA_DIR": str(scratch / "data"),
        "DAGSTER_HOME": str(scratch),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        **more,
    }
    print(f"{label}, one process     {run(job, {**known, 'AIGAP_EXECUTOR': 'in_process'}, [])}", flush=True)
    environment = {**known, "AIGAP_EXECUTOR": "dask"}
    with workers(environment, scratch) as pids:
        run(job, environment, pids)
        print(f"{label}, Dask            {run(job, environment, pids)}", flush=True)


def ingest_whole_histories(tree: Path, scratch: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(tree), "AIGAP_DATA_DIR": str(scratch / "data")}
    for subset in TEXT:
        request = f"{subset}_full"
        path = scratch / f"{request}.parquet"
        made(subset, path)
        words = ["-m", "pipelines.cli", "ingest", "lmarena_hf", "--request", request, str(path)]
        subprocess.run([sys.executable, *words], cwd=tree, env=environment, check=True, capture_output=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        settings = (ROOT / "dagster.yaml").read_text()
        own = settings.replace("base_dir: .dagster", f"base_dir: {scratch}/dagster")
        (scratch / "dagster.yaml").write_text(own)
        measure("shipped history", "build", scratch)
        with slow_hosts(scratch) as addresses:
            more = {"AIGAP_ADDRESS_OVERRIDES": str(addresses), "AIGAP_ALLOW_PRIVATE": "1"}
            measure("slow hosts", "collect", scratch, **more)
        tree = copied(scratch / "tree", "history")
        ingest_whole_histories(tree, scratch)
        measure("two whole histories", "build", scratch, tree)


if __name__ == "__main__":
    main()
