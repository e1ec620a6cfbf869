"""What moved the gap, and its outlook, calculated a second time from the raw upstream files.

The bytes a month rests on are found by their sha256, read with csv, json or Polars, and compared by plain sets.
Names stand for models as models.csv and name_periods.csv say, and countries are those of `test_independent`: nothing of
the project runs here. Left out are months that rest on the Markdown tables, the site's pages and Epoch's files.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
import pytest

from tests.builder.test_independent import CATEGORIES, country
from tests.fixtures.warehouses import Candidate

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

REFERENCE = Path(__file__).resolve().parents[2] / "warehouse" / "reference"
FOLDERS = {
    "lmarena_hf": "lmarena_hf",
    "arena_catalog": "arena_catalog",
    "chatbot_arena_history": "chatbot_arena_history",
    "llm_leaderboard_csv": "llm_leaderboard_csv",
    "arena_leaders_transcribed": "hand_transcribed",
}
CATALOG_NAMES = {ours: theirs for theirs, ours in CATEGORIES.items()}
#: (name, maker or None, score)
Row = tuple[str, str | None, float]


def key(name: str) -> str:
    return " ".join(name.split()).casefold()


@cache
def models() -> dict[str, str]:
    """Printed name → model."""
    with (REFERENCE / "models.csv").open(encoding="utf-8") as file:
        return {
            key(name): row["model_id"]
            for row in csv.DictReader(file)
            for name in [row["model_id"], *row["names"].split(" | ")]
        }


@cache
def periods() -> dict[str, list[dict[str, str]]]:
    """Printed name → lines of what it stood for and when."""
    found: dict[str, list[dict[str, str]]] = {}
    with (REFERENCE / "name_periods.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(key(row["name"]), []).append(row)
    return found


def model(name: str, source: str, day: str) -> str:
    lines = periods().get(key(name), [])
    own = [line for line in lines if line["source_id"] == source]
    for line in own or [line for line in lines if not line["source_id"]]:
        if (line["valid_from"] or "0001") <= day <= (line["valid_to"] or "9999"):
            return line["model_id"]
    return models().get(key(name), name)


@pytest.fixture(scope="module")
def files(upstream: Path) -> dict[str, Path]:
    """First twelve digits of the sha256 → raw file."""
    return {
        hashlib.sha256(path.read_bytes()).hexdigest()[:12]: path
        for folder in FOLDERS.values()
        for path in sorted((upstream / folder).rglob("*"))
        if path.is_file()
    }


@cache
def parquet(path: Path) -> dict[tuple[Any, ...], pl.DataFrame]:
    frame = pl.read_parquet(path).select(
        "category", "leaderboard_publish_date", "model_name", "organization", "rating"
    )
    return frame.partition_by("category", "leaderboard_publish_date", as_dict=True, include_key=False)


@cache
def document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def rows(path: Path, source: str, variant: str, category: str, day: date) -> Iterator[Row]:
    """One category of one publication as printed. ``day`` chooses among the days of a file."""
    if source == "lmarena_hf":
        yield from parquet(path)[category, day.isoformat()].iter_rows()
    elif source == "arena_catalog":
        for name, figures in document(path)[CATALOG_NAMES.get(category, category)].items():
            yield name, None, figures["rating"]
    else:
        with path.open(encoding="utf-8") as file:
            for line in csv.DictReader(file):
                if source == "llm_leaderboard_csv":
                    yield (
                        line["model"],
                        line["organization"],
                        float(line.get("arena_score") or line["arena_elo"]),
                    )
                elif date.fromisoformat(line["date"]) == day and line.get("variant", variant) == variant:
                    name, maker = (line.get("key") or line["model"]), line.get("Organization")
                    yield name, maker or line["organization"], float(line["rating"])


@cache
def listed(path: Path, snapshot_id: str, category: str, day: date) -> dict[str, tuple[float, str]]:
    """Model → its best score and its country; a name with two scores is set aside."""
    source, _, variant, printed, _ = snapshot_id.split("/")
    readings: dict[str, set[float]] = {}
    makers: dict[str, str | None] = {}
    for name, maker, score in rows(path, source, variant, category, date.fromisoformat(printed)):
        if score is not None and not math.isnan(score):
            readings.setdefault(name, set()).add(score)
            makers[name] = maker
    found: dict[str, tuple[float, str]] = {}
    for name, scores in readings.items():
        if len(scores) == 1:
            identity, entry = model(name, source, day.isoformat()), (*scores, country(makers[name], name))
            found[identity] = max(found.get(identity, entry), entry)
    return found


def parts(before: dict[str, float], after: dict[str, float]) -> dict[str, float | None]:
    """What moved the best score of one country."""
    shared = before.keys() & after.keys()
    if not shared:
        return dict.fromkeys(("new", "dropped", "rerated", "leader_rerated"))
    top = max(before[name] for name in shared)
    after_top = max(after[name] for name in shared)
    leader = min(name for name in shared if before[name] == top)
    return {
        "new": max(after.values()) - after_top,
        "dropped": top - max(before.values()),
        "rerated": after_top - top,
        "leader_rerated": after[leader] - top,
    }


def test_every_part_of_every_change_is_what_the_raw_files_give(
    shipped_build: Candidate, files: dict[str, Path]
) -> None:
    compared, differing = 0, []
    for row in shipped_build.rows("SELECT * FROM gap_changes"):
        ends = [
            (row["from_snapshot_id"], row["from_published_on"]),
            (row["snapshot_id"], row["published_on"]),
        ]
        if any(snapshot_id.split("/")[0] not in FOLDERS for snapshot_id, _ in ends):
            continue
        before, after = (
            listed(files[snapshot_id[-12:]], snapshot_id, row["category"], day) for snapshot_id, day in ends
        )
        expected: dict[str, float | None] = {
            "scale_shift": median(after[name][0] - before[name][0] for name in before.keys() & after.keys())
        }
        for side, code in (("us", "US"), ("cn", "CN")):
            of_country = [
                {name: score for name, (score, where) in scores.items() if where == code}
                for scores in (before, after)
            ]
            expected |= {f"{side}_{part}": value for part, value in parts(*of_country).items()}
        compared += 1
        for name, value in expected.items():
            held = row[name]
            if (held is None) != (value is None) or (value is not None and abs(held - value) > 1e-6):
                series = f"{row['board']} {row['variant']} {row['category']} {row['month']:%Y-%m}"
                differing.append(f"{series}: {name} {held}, not {value}")
    assert differing == []
    assert compared > 350
