"""Small warehouses from made observations, built by the same steps as a release.

`Leaderboard` is one set of bytes of one source as its parser would have read it; `warehouse` writes
leaderboards as a shipped history and runs every step but the publishing on it. Models and figures are
invented; the names of models and organizations are real where the reference tables must know them.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import polars as pl
from filelock import FileLock

from sources.contract import OBSERVATION, observations
from warehouse import audit, steps
from warehouse.inputs import HISTORY, MANIFEST, Input, input_id, tagged
from warehouse.reference import FOLDER as REFERENCE
from warehouse.steps import Staged
from warehouse.workspace import Workspace

T = TypeVar("T")

OFFICIAL = "lmarena_hf"
CATALOG = "arena_catalog"
CAPTURE = "arena_html"
MIRROR = "llm_leaderboard_csv"
OLD_MIRROR = "chatbot_arena_history"
SITE = "arena_site_mirror"
LEADERS = "arena_leaders_transcribed"

#: Names the reference tables know, by country; none is joint or never was public.
US = ("gpt-4o-2024-05-13", "claude-3-opus-20240229", "gemini-1.5-pro-001", "gpt-4-0314", "claude-2.1")
CN = ("deepseek-r1", "qwen2.5-72b-instruct", "yi-lightning", "glm-4-plus", "yi-34b-chat")
OTHER = ("mistral-large-2407", "mistral-medium", "command-r-plus", "command-r", "mixtral-8x7b-instruct-v0.1")


def day(text: str) -> date:
    return date.fromisoformat(text)


def row(model: str, score: float | None, **more: Any) -> dict[str, Any]:
    """One observation of the text board, raw, overall; ``more`` sets any other column of it."""
    return {
        "board": "arena_text",
        "variant": "raw",
        "category": "overall",
        "model_name": model,
        "score": score,
        **more,
    }


def rows(scores: Mapping[str, float | None], **more: Any) -> list[dict[str, Any]]:
    return [row(model, score, **more) for model, score in scores.items()]


def field_of(us: float, cn: float, **more: Any) -> list[dict[str, Any]]:
    """Fifteen models, five of the US, China and elsewhere: the tops have the scores ``us`` and ``cn``."""
    scores = {model: us - 11.0 * place for place, model in enumerate(US)}
    scores |= {model: cn - 13.0 * place for place, model in enumerate(CN)}
    scores |= {model: min(us, cn) - 17.0 - 7.0 * place for place, model in enumerate(OTHER)}
    return rows(scores, **more)


@dataclass(frozen=True)
class Leaderboard:
    """One set of bytes: its rows, and the day it was known. ``published_on`` of a row is what is printed."""

    source_id: str
    rows: Sequence[dict[str, Any]]
    known: str
    request: str = "text"
    #: What tells two sets of bytes apart that hold the same rows.
    stamp: str = ""

    def entry(self) -> Input:
        moment = datetime.fromisoformat(self.known).replace(tzinfo=UTC)
        text = json.dumps([self.source_id, self.stamp, self.known, sorted(map(repr, self.rows))], default=str)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        return Input(
            input_id=input_id(self.source_id, self.request, moment, sha256),
            source_id=self.source_id,
            request=self.request,
            held_in="history",
            sha256=sha256,
            size=len(text),
            file_name="made",
            address="",
            known_at=moment,
            rows=len(self.rows),
        )

    def frame(self) -> pl.DataFrame:
        columns = {name: [line.get(name) for line in self.rows] for name in OBSERVATION}
        return tagged(observations(pl.DataFrame(columns, schema=dict(OBSERVATION))), self.entry().input_id)


def printed(source_id: str, on: str, lines: Sequence[dict[str, Any]], stamp: str = "") -> Leaderboard:
    """A leaderboard that prints its day, known on that day."""
    return Leaderboard(source_id, [{**line, "published_on": day(on)} for line in lines], on, stamp=stamp)


def undated(source_id: str, known: str, lines: Sequence[dict[str, Any]], stamp: str = "") -> Leaderboard:
    """A leaderboard that prints no day."""
    return Leaderboard(source_id, list(lines), known, stamp=stamp)


class Cases:
    """Leaderboards of many cases, to be built as one warehouse: a build costs more than a case.

    Each case is a variant of its own, so that none can see another.
    """

    def __init__(self) -> None:
        self.boards: list[Leaderboard] = []

    def add(self, variant: str, *boards: Leaderboard) -> str:
        """The variant, for the test to ask for."""
        for board in boards:
            lines = [{**line, "variant": variant} for line in board.rows]
            self.boards.append(replace(board, rows=lines, stamp=f"{variant} {board.stamp}"))
        return variant


def write_history(folder: Path, boards: Iterable[Leaderboard], shuffle: int | None = None) -> Path:
    """``boards`` as `warehouse.history` would ship them; ``shuffle`` seeds another order of the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    boards = list(boards)
    files = []
    for source_id in sorted({board.source_id for board in boards}):
        whole = pl.concat([board.frame() for board in boards if board.source_id == source_id])
        if shuffle is not None:
            order = list(range(whole.height))
            random.Random(shuffle).shuffle(order)
            whole = whole[order]
        path = folder / f"{source_id}.parquet"
        whole.write_parquet(path)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        files.append({"file": path.name, "source_id": source_id, "rows": whole.height, "sha256": sha256})
    entries = sorted((board.entry() for board in boards), key=lambda entry: entry.input_id)
    manifest = {
        "files": files,
        "inputs": [entry.to_row() for entry in entries],
        "origins": {},
        "left_out": [],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@dataclass
class Made:
    """A candidate that every step and check has run on, open for reading."""

    staged: Staged
    results: list[audit.Result]
    con: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self.con = duckdb.connect(str(self.staged.candidate), read_only=True)

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        cursor = self.con.execute(query, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def gap(
        self, month: str, variant: str = "raw", category: str = "overall", board: str = "arena_text"
    ) -> dict[str, Any]:
        """The one row of `monthly_gap` of ``month`` (``2025-01``)."""
        [found] = self.rows(
            "SELECT * FROM monthly_gap WHERE month = ? AND variant = ? AND category = ? AND board = ?",
            [day(f"{month}-01"), variant, category, board],
        )
        return found

    def stopped_by(self) -> list[str]:
        """The checks that stop this release."""
        return sorted(result.check.name for result in self.results if result.stops_release)

    def result(self, check: str) -> audit.Result:
        [found] = [result for result in self.results if result.check.name == check]
        return found


def build(workspace: Workspace, history: Path, reference_folder: Path = REFERENCE) -> Made:
    """Every step from the history to a checked candidate."""
    staged = steps.stage(workspace, history)
    steps.observe(staged, history)
    steps.core(staged, reference_folder=reference_folder)
    results = steps.check(staged, steps.WITH_CORE)
    steps.marts(staged)
    results += steps.check(staged, steps.WITH_MARTS)
    return Made(staged, results)


def warehouse(
    folder: Path,
    *boards: Leaderboard,
    shuffle: int | None = None,
    reference_folder: Path = REFERENCE,
) -> Made:
    """A warehouse below ``folder`` of nothing but ``boards``."""
    history = write_history(folder / "history", boards, shuffle)
    return build(Workspace(folder / "data"), history, reference_folder)


def once(folder: Path, name: str, make: Callable[[Path], T]) -> T:
    """What ``make`` gives for a folder called ``name``: made by the first that asks, and read by all others.

    The processes that share a run of the tests have each a ``folder`` of their own in one that is theirs.
    """
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    note = shared / f"{name}.pickle"
    with FileLock(shared / f"{name}.lock"):
        if note.is_file():
            found: T = pickle.loads(note.read_bytes())
            return found
        result = make(shared / name)
        note.write_bytes(pickle.dumps(result))
        return result


@cache
def shipped(folder: Path) -> Made:
    """The warehouse of the shipped history, built once for all tests of a run. Not to be changed."""

    def built(to: Path) -> tuple[Staged, list[audit.Result]]:
        candidate = build(Workspace(to), HISTORY)
        candidate.con.close()
        return candidate.staged, candidate.results

    return Made(*once(folder, "shipped", built))


def reference_copy(folder: Path, **added: str) -> Path:
    """A copy of the reference tables; ``added`` appends a line to a table."""
    target = folder / "reference"
    if not target.is_dir():
        shutil.copytree(REFERENCE, target)
    for table, line in added.items():
        path = target / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text + ("" if text.endswith("\n") else "\n") + line + "\n", encoding="utf-8")
    return target
