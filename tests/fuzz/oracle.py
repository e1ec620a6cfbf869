"""What must hold for every body, whatever it is: read or refused, and nothing absurd comes in."""

from __future__ import annotations

import csv
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl

from sources.contract.receipt import sha256_of
from sources.contract.rows import CHIP, NOTABLE_MODEL, OBSERVATION, PRICE
from sources.errors import AigapError, excerpt
from sources.ingestion import parser_process
from sources.ingestion.acceptance import accept
from sources.ingestion.archive import Archive
from sources.ingestion.baseline import MEMORY, NOTHING_SHIPS
from sources.ingestion.plausibility import Suspicion
from sources.registry import all_sources, get
from tests.fuzz.bases import KNOWN_AT, Base
from warehouse.workspace import ROOT

MAX_SECONDS = 10.0
MAX_BYTES = 2_000_000_000
MAX_LINE = 1200
#: Unit of a board → the least and the largest score that is not absurd.
RANGES = {
    "elo": (300, 2500),
    "percent": (0, 100),
    "index": (-100, 1000),
    "minutes": (0, 1e6),
    "points": (-1e6, 1e6),
}
#: A day's grace for time zones.
LATEST = (KNOWN_AT + timedelta(days=1)).date()
FIRST = {
    id(OBSERVATION): datetime(2018, 1, 1, tzinfo=UTC).date(),
    id(PRICE): datetime(2018, 1, 1, tzinfo=UTC).date(),
    id(CHIP): datetime(2000, 1, 1, tzinfo=UTC).date(),
    id(NOTABLE_MODEL): datetime(1950, 1, 1, tzinfo=UTC).date(),
}


@dataclass
class Verdict:
    """What became of one body."""

    outcome: str  # accepted, lossy (accepted without some rows), held (some or all of it), refused, broken
    reason: str = ""
    seconds: float = 0.0
    memory: int = 0
    findings: list[str] = field(default_factory=list)


def archive_of(base: Base, folder: Path) -> Archive:
    """An archive in ``folder`` whose only body is ``base``, known a day before those that follow it."""
    archive = Archive(folder)
    receipt = replace(base.snapshot(base.body).receipt, known_at=KNOWN_AT - timedelta(days=1))
    archive.put(base.body, receipt)
    return archive


def judge(base: Base, body: bytes, archive: Archive) -> Verdict:
    """Offer ``body`` after ``base``, which ``archive`` holds, and say what is wrong with what happened."""
    source = get(base.source_id)
    started = time.monotonic()
    verdict = Verdict("broken")
    try:
        accepted = accept(source, base.snapshot(body), archive, NOTHING_SHIPS)
    except AigapError as error:
        verdict.outcome, verdict.reason = "refused", _class_of(error)
        verdict.findings += _wrong_with_line(error)
    # What else comes out of there is what this looks for.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        verdict.findings.append(f"foreign exception {type(error).__name__}: {str(error)[:150]}")
    else:
        lost = accepted.parsed.set_aside
        verdict.outcome = "held" if accepted.suspicions else "lossy" if lost else "accepted"
        verdict.reason = f"held: {excerpt(accepted.suspicions[0].reason, 60)}" if accepted.suspicions else ""
        verdict.findings += [wrong for held in accepted.suspicions for wrong in _wrong_with_text(held.reason)]
        verdict.findings += absurd(_without(accepted.parsed.frame, accepted.suspicions), source.schema)
        verdict.findings += [f"set aside: {wrong}" for row in lost for wrong in _wrong_with_text(row.line())]
    # One body would remember the other for as long as this process lives.
    for key in [key for key in MEMORY.bodies if key[2] != sha256_of(base.body)]:
        del MEMORY.bodies[key]
    verdict.seconds = time.monotonic() - started
    if verdict.seconds > MAX_SECONDS:
        verdict.findings.append(f"took more than {MAX_SECONDS:g} s")
    verdict.memory = _memory()
    if verdict.memory > MAX_BYTES:
        verdict.findings.append("took more than 2 GB")
    return verdict


def _without(frame: pl.DataFrame, suspicions: Sequence[Suspicion]) -> pl.DataFrame:
    """The rows that are not held back."""
    for held in suspicions:
        chosen = {name: value for name, value in held.series.items() if name in frame.columns}
        of_it = [pl.col(name).cast(pl.String).eq_missing(value) for name, value in chosen.items()]
        frame = frame.filter(~pl.all_horizontal(of_it)) if of_it else frame.clear()
    return frame


def absurd(frame: pl.DataFrame, schema: object) -> list[str]:
    """What in accepted rows no board, price list or chip can have."""
    found = []

    def refuse(what: str, bad: pl.Expr, shown: str) -> None:
        rows = frame.filter(bad)
        if not rows.is_empty():
            found.append(f"{what}: {rows[shown][0]!r}")

    columns = set(frame.columns)
    if schema is OBSERVATION:
        units = _units()
        for unit, (least, most) in RANGES.items():
            of_unit = pl.col("board").is_in([board for board in units if units[board] == unit])
            refuse(
                f"score outside {least:g} to {most:g} ({unit})",
                of_unit & ~pl.col("score").is_between(least, most),
                "score",
            )
        refuse("votes below 0", pl.col("votes") < 0, "votes")
        refuse("rank below 1", pl.col("rank") < 1, "rank")
        refuse("an error below 0", pl.col("standard_error") < 0, "standard_error")
        refuse(
            "bounds that do not hold the score",
            (pl.col("score_low") > pl.col("score") + 1e-6) | (pl.col("score_high") < pl.col("score") - 1e-6),
            "score",
        )
    if schema is PRICE:
        for name in (
            "input_usd_per_mtok",
            "output_usd_per_mtok",
            "cached_input_usd_per_mtok",
            "context_tokens",
        ):
            refuse(f"{name} below 0", pl.col(name) < 0, name)
    if schema is CHIP:
        for name in (name for name, kind in CHIP.items() if kind == pl.Float64()):
            refuse(f"{name} not above 0", pl.col(name) <= 0, name)
    if schema is NOTABLE_MODEL:
        for name in ("parameters", "training_compute_flop"):
            refuse(f"{name} not above 0", pl.col(name) <= 0, name)
    for name in columns & {"published_on", "released_on", "listed_on"}:
        first = FIRST.get(id(schema))
        if first:
            refuse(f"{name} before {first}", pl.col(name) < first, name)
        refuse(f"{name} after the body was known", pl.col(name) > LATEST, name)
    for name in columns & {
        "model_name",
        "organization_name",
        "license_name",
        "board",
        "category",
        "chip_name",
        "listed_name",
        "provider",
        "manufacturer_name",
    }:
        texts = frame[name].drop_nulls().unique()
        bad = next((text for text in texts if _hidden(text)), None)
        if bad is not None:
            found.append(f"{name} with hidden characters: {bad[:60]!r}")
        long = next((text for text in texts if len(text) > 1000), None)
        if long is not None:
            found.append(f"{name} of more than 1,000 characters")
    return found


def _hidden(text: str) -> bool:
    return not text.isprintable() and any(
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in text
    )


def _wrong_with_line(error: AigapError) -> list[str]:
    wrong = _wrong_with_text(error.line())
    if not error.expected:
        wrong.append("a refusal that does not say what was expected")
    if error.expected == "a body its parser reads":
        wrong.append("unforeseen: " + re.sub(r"^.*?\): ", "", error.found)[:120])
    if "its parser" in error.found:
        wrong.append("the parser's process: " + re.sub(r"^.*?\): ", "", error.found)[:60])
    return wrong


def _wrong_with_text(line: str) -> list[str]:
    wrong = []
    if "\n" in line or "\r" in line:
        wrong.append("more than one line")
    if len(line) > MAX_LINE:
        wrong.append(f"a line of {len(line)} characters")
    if not line.isprintable():
        wrong.append("hidden characters in a message")
    return wrong


def _class_of(error: AigapError) -> str:
    """The kind of a refusal: what was expected, without the figures of the case."""
    text = re.sub(r"\d[\d.,]*", "N", excerpt(error.expected, 200))
    return f"{type(error).__name__}: {text[:70]}"


@cache
def _units() -> dict[str, str]:
    with (ROOT / "warehouse" / "reference" / "boards.csv").open(encoding="utf-8", newline="") as file:
        units = {row["board"]: row["unit"] for row in csv.DictReader(file)}
    return {board.board: board.unit for source in all_sources() for board in source.boards} | units


def _memory() -> int:
    """The most memory that the parser's process has had, in bytes; 0 where the system does not say."""
    child = parser_process._process._child
    if child is None:
        return 0
    try:
        status = Path(f"/proc/{child.pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0
