"""A large body, read in pieces and compared some series at a time, has the outcome it has as one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from sources.contract import set_aside
from sources.contract.set_aside import Parsed, ParsedFile
from sources.errors import AigapError
from sources.ingestion import parser_process
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import all_decisions
from sources.ingestion.baseline import MEMORY
from sources.ingestion.intake import Outcome, take_in
from sources.registry import get
from tests.fixtures import bodies
from warehouse.builder.inputs import keep_parsed
from warehouse.workspace import Workspace

SOURCE = get("lmarena_hf")
CATEGORIES = ("coding", "math", "overall", "zulu")
DAYS = ("2025-11-01", "2025-12-01", "2026-01-01")


def history(days: tuple[str, ...] = DAYS, seed: int = 7) -> pl.DataFrame:
    """Every category on every day, its scores a little other ones each time."""
    random = np.random.default_rng(seed)
    rows = [
        bodies.hf_row(
            place,
            category=category,
            leaderboard_publish_date=day,
            rating=1500.0 - 5 * place + random.normal(),
        )
        for day in days
        for category in CATEGORIES
        for place in range(40)
    ]
    return pl.DataFrame(rows)


def where(category: str, day: str | None = None) -> pl.Expr:
    chosen = pl.col("category") == category
    return chosen if day is None else chosen & (pl.col("leaderboard_publish_date") == day)


def times(factor: float, chosen: pl.Expr) -> list[pl.Expr]:
    names = ("rating", "rating_lower", "rating_upper")
    return [pl.when(chosen).then(pl.col(name) * factor).otherwise(pl.col(name)).alias(name) for name in names]


LATER = history((*DAYS, "2026-01-02"))
#: Bodies one after the other.
SEQUENCES: dict[str, list[pl.DataFrame]] = {
    "the same figures again": [history(), history().reverse()],
    "a day more": [history(), LATER],
    "another unit of one category": [history(), LATER.with_columns(times(0.4, where("math", "2026-01-02")))],
    "another unit within one body": [LATER.with_columns(times(0.4, where("math", "2025-12-01")))],
    "another unit of all": [history(), LATER.with_columns(times(0.4, pl.lit(True)))],
    "one out of its place": [
        history(DAYS[:1]).with_columns(
            times(0.7, where("zulu") & (pl.col("model_name") == "sample-003")), rank=None
        )
    ],
    "one without a rank": [
        history(DAYS[:1]).with_columns(
            rank=pl.when(~(where("zulu") & (pl.col("model_name") == "sample-003"))).then("rank")
        )
    ],
    "a category less, another more": [
        history(),
        LATER.filter(~where("coding")).with_columns(pl.col("category").replace("math", "alpha")),
    ],
    "rows twice": [history(), pl.concat([LATER, LATER.filter(where("overall"))])],
    "a tenth of the size": [pl.concat([LATER] * 30), LATER.head(40)],
    "a bad row": [
        history(), LATER.with_columns(rank=pl.when(pl.int_range(pl.len()) == 630).then(39.5).otherwise("rank"))
    ],
    "too many bad rows": [history(), LATER.with_columns(rank=pl.col("rank") + 0.5)],
}  # fmt: skip


def said(outcome: Outcome) -> tuple[Any, ...]:
    return (outcome.result, outcome.reason, outcome.rows, outcome.note, outcome.held)


def taken_in(frames: list[pl.DataFrame], folder: Path) -> tuple[Any, ...]:
    """What is said of each body, what of it is held, and its rows as they are kept for builds."""
    workspace = Workspace(folder / "data")
    archive = Archive(workspace.archive)
    outcomes = []
    MEMORY.forget()
    for place, frame in enumerate(frames):
        snapshot = bodies.snapshot(
            "lmarena_hf", bodies.parquet(frame), "text_full", "", bodies.MOMENT + timedelta(place)
        )
        outcomes.append(
            take_in(SOURCE, archive, snapshot.body, snapshot.receipt, partial(keep_parsed, workspace))
        )
    decisions = [
        (one.sha256, [(hold.name, hold.reason) for hold in one.holds], [odd.line() for odd in one.oddities])
        for one in all_decisions(archive.root)
    ]
    kept = {path.name: pl.read_parquet(path) for path in (workspace.staging / "parsed").glob("*.parquet")}
    return [said(outcome) for outcome in outcomes], sorted(decisions), kept


@pytest.mark.parametrize("name", SEQUENCES)
def test_outcomes_holds_and_rows_are_those_of_one_piece(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch what is compared across parts: sizes, the number of publications, rows without a rank, all that is
    missing, figures that are the same.
    """
    (tmp_path / "one").mkdir()
    (tmp_path / "parts").mkdir()
    outcomes, decisions, kept = taken_in(SEQUENCES[name], tmp_path / "one")
    monkeypatch.setattr(parser_process, "LARGE", 0)
    monkeypatch.setattr(set_aside, "ROWS_AT_ONCE", 100)
    others = taken_in(SEQUENCES[name], tmp_path / "parts")
    assert others[:2] == (outcomes, decisions)
    assert others[2].keys() == kept.keys()
    assert all(others[2][file].equals(rows) for file, rows in kept.items())


def test_the_sequences_show_what_they_are_for(tmp_path: Path) -> None:
    """Would catch a comparison of nothing with nothing."""
    words = []
    for place, frames in enumerate(SEQUENCES.values()):
        (tmp_path / str(place)).mkdir()
        outcomes, _, _ = taken_in(frames, tmp_path / str(place))
        words.append(str(outcomes[-1]))
    for expected in (
        "the same figures as before", "1/2.5 of those before", "all 16 publications", "is listed at place",
        "lost coding, math", "40 rows, after 19200", "row set aside", "expected a whole number; upstream changed",
    ):  # fmt: skip
        assert any(expected in one for one in words), (expected, words)


def test_files_of_a_large_body_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch whole histories left in the folder for temporary files, also of a body that is refused."""
    monkeypatch.setattr(parser_process, "LARGE", 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    parsed = parser_process.read_apart(SOURCE, bodies.snapshot("lmarena_hf", bodies.parquet(history())))
    assert isinstance(parsed, ParsedFile)
    assert parsed.height == 480
    assert list(tmp_path.iterdir())
    del parsed
    bad = history().with_columns(rank=pl.col("rank") + 0.5)
    with pytest.raises(AigapError):
        parser_process.read_apart(SOURCE, bodies.snapshot("lmarena_hf", bodies.parquet(bad)))
    assert not list(tmp_path.iterdir())
    assert isinstance(
        parser_process.read_apart(
            get("chatbot_arena_history"), bodies.snapshot("chatbot_arena_history", bodies.alltime())
        ),
        Parsed,
    )
