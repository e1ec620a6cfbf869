"""Publishes beside eight kinds of readers: each reads at its own pace, and none may see half a release."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import oracle
from tests.torture.ground import Ground

#: Publishes copies of what is published, each under its own number.
PUBLISHER = """
import shutil, sys
from warehouse import release
from warehouse.db import read_write
from warehouse.workspace import Workspace
workspace = Workspace.from_environment()
first = release.current(workspace)
workspace.staging.mkdir(exist_ok=True)
candidate = workspace.staging / "candidate.duckdb"
whole = workspace.staging / "whole.duckdb"
shutil.copy(first.path(workspace), whole)
whole.chmod(0o644)
with release.exclusive(workspace):
    for number in range(int(sys.argv[1])):
        shutil.copy(whole, candidate)
        with read_write(candidate) as con:
            con.execute("UPDATE meta.release SET run_id = ?", [f"number {number}"])
        release.publish(workspace, candidate, release.new(workspace, first.input_hash, first.summary))
whole.unlink()
"""
#: What each kind of reader does, once; ``link`` is the published file, ``folder`` its own folder. The values that it
#: returns must be the same in every release.
READERS = {
    "duckdb, opened anew": """
with duckdb.connect(str(link), read_only=True) as con:
    seen = con.execute(FIGURES).fetchone()
""",
    "duckdb, held open": """
if reads % 50 == 0:
    held = duckdb.connect(str(link.resolve()), read_only=True)
seen = held.execute(FIGURES).fetchone()
if reads % 50 == 49:
    held.close()
""",
    "polars": """
with duckdb.connect(str(link), read_only=True) as con:
    gaps = con.sql("FROM monthly_gap").pl()
seen = [gaps.height, round(gaps["gap_points"].sum(), 6)]
""",
    "aigap query": """
out = subprocess.run([sys.executable, "-m", "pipelines.cli", "query", FIGURES, "-f", "csv"], capture_output=True,
    text=True, check=True).stdout
seen = out.splitlines()[1]
""",
    "bytes of the link": """
with link.open("rb") as file:
    name = Path(f"/proc/self/fd/{file.fileno()}").readlink().name
    found = hashlib.file_digest(file, "sha256").hexdigest()
sidecar = link.parent / "releases" / name.split(".duckdb")[0]
try:
    wanted = json.loads(sidecar.with_suffix(".json").read_text())["sha256"]
except FileNotFoundError:
    wanted = found  # removed meanwhile, after many newer ones
seen = found == wanted
""",
    "latest.json": """
latest = json.loads((link.parent / "latest.json").read_text())
seen = sorted(latest)
""",
    "aigap export": """
from warehouse.export.exporting import export_release
from warehouse.workspace import Workspace
done = export_release(Workspace.from_environment(), folder / "export", ["main.monthly_gap"], ["parquet"])
seen = [done.tables, done.rows]
""",
    "aigap status": """
from warehouse.read.report import report
from warehouse.workspace import Workspace
state = report(Workspace.from_environment())
seen = [len(state["sources"]), len(state["boards"])]
""",
}
#: Ends when ``over`` is there, or nobody waits for it any more.
READER = """
import hashlib, json, os, subprocess, sys, time
from pathlib import Path
import duckdb
link, folder, over, pause = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4])
parent = int(sys.argv[5])
FIGURES = ("SELECT (SELECT count(*) FROM core.scores), (SELECT count(*) FROM monthly_gap), "
           "(SELECT round(sum(gap_points), 6) FROM monthly_gap)")
reads = 0
while os.getppid() == parent and (not over.exists() or not reads):
    try:
{act}
        print(json.dumps(seen), flush=True)
    except Exception as error:
        print(f"error: {{type(error).__name__}}: {{str(error).splitlines()[0] if str(error) else ''}}", flush=True)
    reads += 1
    time.sleep(pause)
"""
#: Seconds between two reads.
PAUSE = 0.2


@dataclass
class Readings:
    """How often each kind read, and what it saw that no release holds."""

    publishes: int = 0
    reads: Counter[str] = field(default_factory=Counter)
    losses: list[str] = field(default_factory=list)

    def line(self) -> str:
        return f"{self.publishes} publishes, {sum(self.reads.values())} reads, {len(self.losses)} losses"


def publish_beside_readers(ground: Ground, times: int, pause: float = PAUSE) -> Readings:
    """``times`` publishes of one release after the other in a folder that all kinds of `READERS` read."""
    work = ground.folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    data = work / "data"
    shutil.copytree(ground.base, data, symlinks=True)
    over, result = work / "over", Readings(times)
    running = {}
    for kind, act in READERS.items():
        folder = work / hashlib.sha256(kind.encode()).hexdigest()[:8]
        folder.mkdir()
        running[kind] = folder / "said", subprocess.Popen(
            reader(act, data / "aigap.duckdb", folder, over, pause),
            cwd=ground.program.root, env=_environment(ground, data),
            stdout=(folder / "said").open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        publisher = subprocess.run(
            [sys.executable, "-c", PUBLISHER, str(times)],
            cwd=ground.program.root,
            env=_environment(ground, data),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        over.touch()
        for _, process in running.values():
            process.wait()
    if publisher.returncode:
        result.losses.append(f"the publisher failed: {publisher.stderr[-500:]}")
    for kind, (said, _) in running.items():
        _judge(kind, said, result)
    result.losses += [*oracle.losses(data), *oracle.leftovers(data)]
    return result


def reader(act: str, link: Path, folder: Path, over: Path, pause: float) -> list[str]:
    """The command of a child that reads ``link`` by ``act``, one of `READERS`, until ``over``; prints what it sees."""
    indented = "\n".join(f"        {line}" for line in act.strip("\n").splitlines())
    given = (link, folder, over, pause, os.getpid())
    return [sys.executable, "-c", READER.format(act=indented), *map(str, given)]


def _environment(ground: Ground, data: Path) -> dict[str, str]:
    """Releases are made faster here than the slowest reader copies one."""
    return {**ground.environment(data), "AIGAP_KEEP_RELEASES": "20"}


def _judge(kind: str, said: Path, result: Readings) -> None:
    lines = said.read_text(encoding="utf-8").splitlines()
    errors = [line for line in lines if line.startswith("error: ") or not _is_json(line)]
    values = Counter(line for line in lines if line not in errors)
    result.reads[kind] = len(lines)
    result.losses += [f"{kind}: {line}" for line in sorted(set(errors))[:5]]
    if len(values) > 1:
        result.losses.append(f"{kind}: saw {len(values)} different states: {list(values)[:3]}")


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
