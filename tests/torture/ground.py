"""What is tortured: a copy of the program with a small history, or the whole one, and its commands as processes."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from tests.fixtures import bodies, upstream_history
from tests.fixtures.clone import REPOSITORY, Clone, clone, copy_program, newer_listing
from tests.fixtures.upstream_history import commit
from tests.fixtures.web import Web, answer
from tests.ingestion.test_backfill import moment
from warehouse import release
from warehouse.files import sha256_of
from warehouse.workspace import Workspace

#: Bodies of the small history.
BODIES = 10
LISTING = (
    "/huggingface.co/datasets/lmarena-ai/leaderboard-dataset/resolve/main/text/latest-00000-of-00001.parquet"
)
OLD_TABLES = "fboulnois/llm-leaderboard-csv"
PAST = [
    commit(f"{number:02}", moment(f"2023-01-{number:02}T08:00"), csv___lmarena_text__csv=table)
    for number, table in ((day, bodies.leaderboard(votes=day).encode()) for day in range(1, 9))
]


@dataclass
class Ground:
    """The program at ``folder/program``, a data folder with two releases of it, and an upstream on loopback."""

    folder: Path
    site: Web
    program: Clone
    #: The data folder with the releases; not to be changed.
    base: Path
    #: Bodies that upstream has had, one after the other.
    number: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        upstream_history.github(self.site, OLD_TABLES, PAST)

    @cached_property
    def listing(self) -> bytes:
        return newer_listing(self.program)

    def body(self) -> bytes:
        """A listing that nobody has seen."""
        self.number += 1
        rows = pl.read_parquet(io.BytesIO(self.listing))
        moved = rows.with_columns(pl.col("rating", "rating_lower", "rating_upper") + self.number / 64)
        return bodies.parquet(moved)

    def publish_body(self) -> None:
        """Let upstream have a new listing."""
        self.site.says(LISTING, answer(self.body()))

    def environment(self, data: Path) -> dict[str, str]:
        addresses = self.folder / "addresses.json"
        written = upstream_history.overrides(self.site) | {"https://": self.site.address("/")}
        written["https://huggingface.co/"] = self.site.address("/huggingface.co/")
        addresses.write_text(json.dumps(written), encoding="utf-8")
        return self.program.environment(
            data,
            AIGAP_ADDRESS_OVERRIDES=str(addresses),
            AIGAP_ALLOW_PRIVATE="1",
            AIGAP_KEEP_RELEASES="2",
            DAGSTER_HOME=str(self.program.root),
        )

    def start(self, data: Path, *words: str) -> subprocess.Popen[str]:
        """`aigap` with ``words``, and whatever it starts, as a group of processes."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", *words],
            cwd=self.program.root,
            env=self.environment(data),
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "stderr").open("w"),
            text=True,
            start_new_session=True,
        )

    def run(self, data: Path, *words: str) -> None:
        """`aigap` to its end. Raises `RuntimeError` when it fails."""
        if code := self.start(data, *words).wait():
            raise RuntimeError(f"aigap {' '.join(words)} ended with {code}: {self.said()}")

    def said(self) -> str:
        """What the last command wrote to standard error."""
        return (self.folder / "stderr").read_text(encoding="utf-8", errors="replace")[-2000:]


def made(folder: Path, site: Web, *, whole: bool = False) -> Ground:
    """The ground at ``folder``: made once, with the history of ten bodies or the ``whole`` shipped one."""
    ground = Ground(folder, site, Clone(folder / "program"), folder / "base")
    root = ground.program.root
    if not (ground.base / "aigap.duckdb").exists():
        shutil.rmtree(folder)
        folder.mkdir(parents=True)
        if whole:
            copy_program(root)
            for name in ("dagster.yaml", "pyproject.toml"):
                shutil.copy(REPOSITORY / name, root / name)
        else:
            _shorten(clone(root).root / "warehouse" / "history")
        for _ in range(2):
            ground.run(ground.base, "refresh", "--force")
    return ground


@dataclass(frozen=True)
class Deed:
    """One command. ``words`` gives it for a data folder; ``prepare`` makes what it works on, once a round."""

    words: Callable[[Ground, Path], list[str]]
    prepare: Callable[[Ground, Path], None] = lambda ground, data: None
    #: What it writes beside the data folder's own files, to be whole at every moment.
    makes: str = ""
    #: Whether the release that it publishes is one of the same inputs.
    publishes: bool = False
    #: Whether what it takes in is in the next release.
    is_built_from: bool = False


def _file(data: Path) -> Path:
    return data.with_name("text.parquet")


def _new_file(ground: Ground, data: Path) -> None:
    _file(data).write_bytes(ground.body())


def _an_older(ground: Ground, data: Path) -> list[str]:
    names = [entry.name for entry in release.releases(Workspace(data))]
    published = release.current(Workspace(data))
    return ["rollback", "--to", next(name for name in names if not published or name != published.name)]


def _archived(ground: Ground, data: Path) -> None:
    _new_file(ground, data)
    ground.run(data, "ingest", "lmarena_hf", "--request", "text", str(_file(data)))


DEEDS: Mapping[str, Deed] = {
    "refresh": Deed(lambda ground, data: ["refresh", "--force"], publishes=True),
    "live": Deed(
        lambda ground, data: ["refresh", "--live", "--source", "lmarena_hf", "--request", "text"],
        lambda ground, data: ground.publish_body(),
        publishes=True,
    ),
    "ingest": Deed(
        lambda ground, data: ["ingest", "lmarena_hf", "--request", "text", str(_file(data))],
        _new_file,
        is_built_from=True,
    ),
    "export": Deed(lambda ground, data: ["export", "--to", str(data / "export")], makes="export"),
    "site": Deed(lambda ground, data: ["site", "--to", str(data / "site")], makes="site"),
    "rollback": Deed(_an_older),
    "backfill": Deed(
        lambda ground, data: ["backfill", "llm_leaderboard_csv", "--since", "2023-01-01"],
        is_built_from=True,
    ),
    "history": Deed(
        lambda ground, data: ["history", "build", "--to", str(data.with_name("history"))], _archived
    ),
}


def _shorten(history: Path) -> None:
    """Leave the last `BODIES` inputs of the history at ``history``."""
    manifest = json.loads((history / "manifest.json").read_text(encoding="utf-8"))
    kept = sorted(manifest["inputs"], key=lambda entry: str(entry["known_at"]))[-BODIES:]
    names = [entry["input_id"] for entry in kept]
    files = []
    for entry in manifest["files"]:
        path = history / entry["file"]
        rows = pl.read_parquet(path, glob=False).filter(pl.col("input_id").is_in(names))
        if rows.is_empty():
            path.unlink()
            continue
        rows.write_parquet(path)
        files.append({**entry, "rows": rows.height, "sha256": sha256_of(path)})
    short = {**manifest, "files": files, "inputs": [e for e in manifest["inputs"] if e in kept]}
    (history / "manifest.json").write_text(json.dumps(short), encoding="utf-8")
