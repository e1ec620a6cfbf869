"""Open and closed weights on the text board, calculated a second time from the raw upstream files.

Publications and their days are those of `tests.builder.test_independent`, which imports nothing of the project. What a
licence says is decided here by its letters alone: proprietary is closed, a few words say nothing, any other is open.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from tests.builder.test_independent import (
    Model,
    Publication,
    country,
    day_in,
    letters,
    markdown_model,
    months,
    publication_of_month,
    publications,  # noqa: F401  the fixture
)
from tests.fixtures.warehouses import Candidate, day

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

CLOSED = {"proprietary", "propretary"}
SAYS_NOTHING = {"", "other", "na"}
#: Printed with an open licence, and the weights never came out.
NEVER_OUT = {"llama4maverick0326experimental", "qwenmax0919"}
#: Printed with a closed licence throughout, and the weights came out on the day.
CAME_OUT = {"grok220240813": date(2025, 8, 23), "grok20813": date(2025, 8, 23)}

#: Name (letters and digits) → the days on which an open and on which a closed licence was printed.
Printed = dict[str, tuple[list[date], list[date]]]
Tops = dict[str, tuple[str, float]]


def printed_licences(folder: Path) -> Iterator[tuple[str, str, date]]:
    """Name, licence as printed and day of every row of the raw files that has one."""
    with (folder / "chatbot_arena_history" / "alltime.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for name in {row["key"], row["Model"]}:
                yield name, row["License"], date.fromisoformat(row["date"])
    for path in (folder / "llm_leaderboard_csv").glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield row["model"], row["license"], day_in(path)
    for path in (folder / "arena_site").glob("text-*.json"):
        page = json.loads(path.read_bytes())
        for row in page["models"]:
            yield row["model"], row["license"] or "", date.fromisoformat(page["meta"]["fetched_at"][:10])
    for path in (folder / "hand_transcribed").glob("arena_text_*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield row["model"], row.get("license") or "", date.fromisoformat(row["date"])
    for path in (folder / "lmarena_hf").glob("*/*.parquet"):
        columns = pyarrow.parquet.read_table(
            path, columns=["model_name", "license", "leaderboard_publish_date"]
        ).to_pydict()
        for name, licence, printed in set(zip(*columns.values(), strict=True)):
            yield name, licence, date.fromisoformat(printed)
    yield from licences_in_markdown(folder)


def licences_in_markdown(folder: Path) -> Iterator[tuple[str, str, date]]:
    for path in (folder / "cherry_markdown").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        stamp = re.search(r"数据更新时间\W*(\d{4}-\d{2}-\d{2})", text)
        known = date.fromisoformat(stamp[1]) if stamp else day_in(path)
        table = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
        head = [cell.strip() for cell in table[0]]
        at = next((head.index(word) for word in ("许可证", "许可协议") if word in head), None)
        name_at = next(place for place, cell in enumerate(head) if cell in ("模型名", "模型"))
        for cells in table[2:]:
            # Without a column of its own the licence is glued to the name: "Googlegemma-3-27b-itGoogle · Gemma".
            glued = re.sub(r"<[^>]+>", "", cells[name_at]).partition(" · ")[2]
            for name in markdown_model(cells[name_at], None, 0.0).names():
                yield name, cells[at] if at is not None else glued, known


@pytest.fixture(scope="module")
def printed(upstream: Path) -> Printed:
    found: Printed = {}
    for name, licence, on in printed_licences(upstream):
        text = letters(licence)
        if text not in SAYS_NOTHING:
            found.setdefault(letters(name), ([], []))[text in CLOSED].append(on)
    return found


def weights(
    model: Model, on: date, printed: Printed, came_out: Mapping[str, date], never_out: set[str]
) -> str:
    names = model.names()
    if names & never_out:
        return "closed"
    for name in names & came_out.keys():
        return "open" if on >= came_out[name] else "closed"
    open_on = [d for name in names if name in printed for d in printed[name][0]]
    closed_on = [d for name in names if name in printed for d in printed[name][1]]
    if not open_on:
        return "closed" if closed_on else "unknown"
    return "closed" if closed_on and min(closed_on) < min(open_on) and on < min(open_on) else "open"


def tops_of(publication: Publication, printed: Printed, never_out: set[str] = NEVER_OUT) -> Tops:
    """Class → name and score of its best model."""
    found: Tops = {}
    for model in sorted(publication.categories["overall"], key=lambda m: (m.score, m.name)):
        of = country(model.maker, model.name)
        state = weights(model, publication.day, printed, CAME_OUT, never_out)
        classes = [f"world_{state}", f"{of.lower()}_{state}"] + ["cn"] * (of == "CN")
        found |= dict.fromkeys(classes, (model.name, model.score))
    return found


DIFFERENCES = {
    "open_us_minus_open_cn": ("us_open", "cn_open"),
    "closed_us_minus_cn": ("us_closed", "cn"),
    "closed_us_minus_open_cn": ("us_closed", "cn_open"),
    "world_closed_minus_open": ("world_closed", "world_open"),
}


def differing(tops: Tops, row: dict[str, Any]) -> Iterator[str]:
    for name in ("us_open", "cn_open", "us_closed", "cn", "world_open", "world_closed"):
        score, mine = row[f"{name}_score"], tops.get(name)
        if (score is None) != (mine is None) or (mine is not None and abs(score - mine[1]) > 1e-6):
            yield f"{name} {row[f'{name}_model']} {score}, not {mine}"
    for name, (a, b) in DIFFERENCES.items():
        mine = tops[a][1] - tops[b][1] if a in tops and b in tops else None
        if (row[name] is None) != (mine is None) or (mine is not None and abs(row[name] - mine) > 1e-6):
            yield f"{name} {row[name]}, not {mine}"


@pytest.mark.parametrize(("variant", "compared"), [("raw", 42), ("style_control", 16)])
def test_every_month_is_what_the_raw_files_give(
    shipped_build: Candidate,
    publications: dict[str, list[Publication]],  # noqa: F811
    printed: Printed,
    variant: str,
    compared: int,
) -> None:
    rows = shipped_build.rows(
        "SELECT * FROM open_weights_gap WHERE board = 'arena_text' AND variant = ? AND category = 'overall'",
        [variant],
    )
    by_month = {row["month"]: row for row in rows}
    found, seen = [], 0
    for month in months():
        chosen = publication_of_month(publications[variant], "overall", month)
        row = by_month[month]
        assert (row["status"] == "no_snapshot") == (chosen is None)
        if isinstance(chosen, Publication):
            seen += 1
            found += [f"{month:%Y-%m} {words}" for words in differing(tops_of(chosen, printed), row)]
    assert found == []
    assert seen == compared


@pytest.mark.parametrize(("month", "trapped", "told"), [("2025-04", 28.0, -30.6), ("2025-05", 26.5, -28.8)])
def test_a_model_whose_weights_never_came_out_would_turn_the_sign(
    shipped_build: Candidate,
    publications: dict[str, list[Publication]],  # noqa: F811
    printed: Printed,
    month: str,
    trapped: float,
    told: float,
) -> None:
    """The board prints Llama 4 for a variant that nobody could download: without the line of models.csv it leads."""
    chosen = publication_of_month(publications["raw"], "overall", day(f"{month}-01"))
    assert isinstance(chosen, Publication)
    for never_out, expected in ((set(), trapped), (NEVER_OUT, told)):
        tops = tops_of(chosen, printed, never_out)
        assert round(tops["us_open"][1] - tops["cn_open"][1], 1) == expected
    [row] = shipped_build.rows(
        "SELECT * FROM open_weights_gap WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' "
        "AND month = ?",
        [day(f"{month}-01")],
    )
    assert round(row["open_us_minus_open_cn"], 1) == told


#: Makers of the index as printed, by how they begin.
INDEX_US = (
    "OpenAI",
    "Anthropic",
    "Google",
    "Meta",
    "xAI",
    "Microsoft",
    "NVIDIA",
    "Thinking Machines",
    "Amazon",
    "Prime",
)
INDEX_CN = (
    "Alibaba",
    "DeepSeek",
    "Moonshot",
    "Z.ai",
    "Zhipu",
    "MiniMax",
    "01.AI",
    "Tencent",
    "Xiaomi",
    "StepFun",
)


def test_the_index_is_what_the_trackers_flags_give(shipped_build: Candidate, upstream: Path) -> None:
    """The newest flag of a model stands; the boards overrule it for few, of which none leads."""
    lists: dict[date, list[dict[str, Any]]] = {}
    for path in sorted((upstream / "iaps_tracker").glob("*.json")):
        held = json.loads(path.read_bytes())
        lists[day_in(path).replace(day=1)] = held.get("benchmarks", {}).get("eci", held)["trend_models"]
    flags = {row["model"]: row["is_open"] for rows in lists.values() for row in rows}
    rows = shipped_build.rows("SELECT * FROM open_weights_gap WHERE board = 'eci'")
    found = {row["month"]: row["open_us_minus_open_cn"] for row in rows if row["snapshot_id"]}
    assert found.keys() == lists.keys()
    for month, listed in lists.items():
        best = {
            side: max(
                row.get("eci") or row["score"]
                for row in listed
                if flags[row["model"]] and (row["organization"] or "").startswith(makers)
            )
            for side, makers in (("us", INDEX_US), ("cn", INDEX_CN))
        }
        assert found[month] == pytest.approx(best["us"] - best["cn"], abs=1e-6), month
