"""Who was first on boards of the arena, followed a second time from the raw upstream files.

The files are read as in `tests.builder.test_independent`, without the project's parsers, names or SQL. Which file
stands for which day is the warehouse's (that file's tests follow it). Who is first in it, where lists have holes,
equal scores, reigns and days are worked out here in loops.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from tests.builder.test_independent import READERS, Model, Publication, country
from tests.fixtures.warehouses import Candidate

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

SOURCES = {
    "official": "lmarena_hf",
    "catalog": "arena_catalog",
    "old mirror": "chatbot_arena_history",
    "csv mirror": "llm_leaderboard_csv",
    "site": "arena_site_mirror",
    "markdown": "cherry_markdown",
    "leaders": "arena_leaders_transcribed",
}
#: How the names of models that were first in the world or in China begin, by maker.
MAKERS = {
    "openai": ("gpt", "chatgpt", "o1", "o3"),
    "anthropic": ("claude",),
    "google": ("gemini",),
    "xai": ("grok", "earlygrok", "chocolate"),
    "tsinghua": ("chatglm",),
    "zai": ("glm",),
    "openchat": ("openchat",),
    "01-ai": ("yi",),
    "alibaba": ("qwen",),
    "deepseek": ("deepseek",),
    "baidu": ("ernie",),
    "bytedance": ("dolaseed",),
    "moonshot": ("kimi",),
    "xiaomi": ("mimo",),
}
ORGANIZATION = "board = 'arena_text' AND variant = ? AND scope = ? AND level = 'organization'"


@pytest.fixture(scope="module")
def held(upstream: Path, shipped_build: Candidate) -> dict[str, list[tuple[date, Publication]]]:
    """Variant → the day and the raw file of every publication that the warehouse counts, by day."""
    files = [publication for read in READERS for publication in read(upstream)]
    rows = shipped_build.rows(
        "SELECT p.variant, p.published_on, p.listed_models, s.source_id, s.known_at::DATE AS known, "
        "coalesce(s.printed_on, known) AS day "
        "FROM core.publications AS p JOIN core.snapshots AS s USING (snapshot_id) "
        "WHERE p.board = 'arena_text' AND p.category = 'overall' AND p.is_last_of_day AND NOT p.is_ambiguous "
        "ORDER BY p.published_on"
    )
    found: dict[str, list[tuple[date, Publication]]] = {"raw": [], "style_control": []}
    for row in rows:
        fitting = [
            publication
            for publication in files
            if (SOURCES[publication.source], publication.variant) == (row["source_id"], row["variant"])
            and len({model.name for model in publication.categories["overall"]}) == row["listed_models"]
        ]
        file = min(
            fitting,
            key=lambda one: (abs((one.printed or one.known) - row["day"]), abs(one.known - row["known"])),
        )
        assert abs((file.printed or file.known) - row["day"]) <= timedelta(days=2), row
        found[row["variant"]].append((row["published_on"], file))
    return found


@pytest.fixture(scope="module")
def first_holes(upstream: Path) -> dict[tuple[str, date], int]:
    """Variant and day of a list of leaders → the first rank that it lacks; 2 where it prints no ranks."""
    ranks: dict[tuple[str, date], set[int]] = {}
    for path in (upstream / "hand_transcribed").glob("arena_text_*.csv"):
        variant = "style_control" if "style_control" in path.name else "raw"
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                day = date.fromisoformat(row["date"])
                ranks.setdefault((variant, day), set()).add(int(row.get("rank") or 1))
    return {key: min(set(range(1, max(listed) + 2)) - listed) for key, listed in ranks.items()}


def maker(model: Model) -> str:
    [found] = {
        lab for lab, starts in MAKERS.items() if any(name.startswith(starts) for name in model.names())
    }
    return found


def holders(
    held: Sequence[tuple[date, Publication]], variant: str, scope: str, holes: dict[tuple[str, date], int]
) -> dict[date, str]:
    """The maker that holds the first place in each publication in which that is known."""
    found: dict[date, str] = {}
    for day, publication in held:
        models = sorted(publication.categories["overall"], key=lambda model: (-model.score, model.name))
        of_scope = [m for m in models if scope in ("world", country(m.maker, m.name))]
        place = 1 + sum(model.score > of_scope[0].score for model in models)
        if publication.leaders_only and place >= holes[variant, day]:
            continue
        highest = [maker(model) for model in of_scope if model.score == of_scope[0].score]
        before = found[max(found)] if found else ""
        found[day] = before if before in highest else highest[0]
    return found


def follow(found: dict[date, str]) -> list[dict[str, Any]]:
    """The reigns in ``found``."""
    reigns: list[dict[str, Any]] = []
    for day, holder in found.items():
        if reigns and reigns[-1]["holder"] == holder:
            reigns[-1]["days"].append(day)
        else:
            reigns.append({"holder": holder, "days": [day]})
    return reigns


@pytest.mark.parametrize("variant", ["raw", "style_control"])
@pytest.mark.parametrize("scope", ["world", "US", "CN"])
def test_reigns_and_days_are_what_the_raw_files_give(
    shipped_build: Candidate,
    held: dict[str, list[tuple[date, Publication]]],
    first_holes: dict[tuple[str, date], int],
    variant: str,
    scope: str,
) -> None:
    """Fails when a publication is missed or counted twice, a list's hole is overlooked or a day is given to another."""
    mine = holders(held[variant], variant, scope, first_holes)
    days = sorted(mine)
    expected = []
    for reign in follow(mine):
        first, last = reign["days"][0], reign["days"][-1]
        begin = max([day for day in days if day < first], default=first - timedelta(days=1))
        end = min([day for day in days if day > last], default=last + timedelta(days=1))
        unseen = [later - day for day, later in zip(reign["days"], reign["days"][1:], strict=False)]
        expected.append(
            (
                reign["holder"],
                first,
                last,
                len(reign["days"]),
                (last - first).days + 1,
                (end - begin).days - 1,
                max([gap.days - 1 for gap in unseen], default=0),
                first == days[0],
                last == days[-1],
            )
        )
    theirs = shipped_build.rows(
        "SELECT holder, first_seen, last_seen, publications, days_at_least, days_at_most, longest_unseen, "
        f"start_censored, end_censored FROM reigns WHERE {ORGANIZATION} ORDER BY first_seen",
        [variant, scope],
    )
    assert [tuple(row.values()) for row in theirs] == expected
    assert len(expected) >= 6

    counted: Counter[str] = Counter()
    day, newest = days[0], days[0]
    while day <= days[-1]:
        newest = day if day in mine else newest
        counted[mine[newest] if (day - newest).days <= 45 else "unknown"] += 1
        day += timedelta(days=1)
    rows = shipped_build.rows(
        f"SELECT holder, days, known_days, unknown_days FROM days_led WHERE {ORGANIZATION}", [variant, scope]
    )
    assert {row["holder"]: row["days"] for row in rows} == counted
    unknown = counted["unknown"]
    assert {row["unknown_days"] for row in rows} == {unknown}
    assert {row["known_days"] for row in rows} == {counted.total() - unknown}


def test_margins_are_those_of_the_first_two_rows(
    shipped_build: Candidate, held: dict[str, list[tuple[date, Publication]]]
) -> None:
    """Fails when a margin is taken from another snapshot, or over the same model under a second name."""
    expected = {}
    for variant, publications in held.items():
        for day, publication in publications:
            first, second, *_ = sorted((m.score for m in publication.categories["overall"]), reverse=True)
            if not publication.leaders_only:
                expected[variant, day] = first - second
    rows = shipped_build.rows(
        "SELECT variant, published_on, margin, stands_alone FROM core.publication_leaders "
        "WHERE board = 'arena_text' AND scope = 'world' AND level = 'model' AND variant IN ('raw', 'style_control')"
    )
    theirs = {(row["variant"], row["published_on"]): row["margin"] for row in rows}
    assert {key: theirs[key] for key in expected} == pytest.approx(expected, abs=1e-9)
    assert all(row["stands_alone"] == (row["margin"] > 0) for row in rows if row["margin"] is not None)


MEDIA = ("text_to_image", "image_edit", "text_to_video", "image_to_video", "video_edit")


def first_rows(upstream: Path, board: str) -> dict[tuple[str, date], tuple[str, float]]:
    """Source and day → the first row of a raw file of ``board``: the model's name and score."""
    found = {}
    for path in (upstream / "lmarena_hf" / board).glob("*.parquet"):
        table = pyarrow.parquet.read_table(path).to_pydict()
        rows = zip(table["category"], table["rating"], table["model_name"], strict=True)
        score, name = max((score, name) for category, score, name in rows if category == "overall")
        found["lmarena_hf", date.fromisoformat(table["leaderboard_publish_date"][0])] = (name, score)
    for path in (upstream / "arena_site_boards").glob(f"{board.replace('_', '-')}__*.json"):
        page = json.loads(path.read_text(encoding="utf-8"))
        stamp = page["meta"]["last_updated"]
        # Whole points tie: of equal ones the first by name.
        first = min(page["models"], key=lambda row: (-row["score"], row["model"]))
        if stamp:
            day = datetime.strptime(stamp, "%b %d, %Y").replace(tzinfo=UTC).date()
            found["arena_site_mirror", day] = (first["model"], first["score"])
    return found


@pytest.mark.parametrize("board", MEDIA)
def test_the_first_of_pictures_and_video_is_the_first_row_of_the_file(
    shipped_build: Candidate, upstream: Path, board: str
) -> None:
    """Fails when a lead on the boards that China leads is that of another day or model."""
    rows = shipped_build.rows(
        "SELECT s.source_id, published_on, model_name, score FROM core.publication_leaders "
        "JOIN core.snapshots AS s USING (snapshot_id, board, variant, published_on) "
        "WHERE board = ? AND scope = 'world' AND level = 'model' AND s.date_basis = 'printed'",
        [f"arena_{board}"],
    )
    raw = first_rows(upstream, board)
    theirs = {(row["source_id"], row["published_on"]): (row["model_name"], row["score"]) for row in rows}
    # More days ship than there are raw files.
    assert {key: theirs[key] for key in raw if key in theirs} == {
        key: raw[key] for key in raw if key in theirs
    }
    assert len(raw.keys() & theirs.keys()) >= 4
