"""Who was first on the text board, followed a second time from the raw upstream files; and the figures fixed for it.

The files are read as in `tests.builder.test_independent`, without the project's parsers, names or SQL. Which file
stands for which day is the warehouse's (that file's tests follow it). Who is first in it, where lists have holes,
equal scores, reigns and days are worked out here in loops.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.builder.test_independent import READERS, Model, Publication, country
from tests.fixtures.warehouses import Candidate
from warehouse.workspace import PACKAGE

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


# The figures fixed for the history before this one


#: Publications that came into the history after these figures were fixed.
ADDED = {
    "raw": "published_on IN ('2025-05-18', '2026-08-06', '2026-08-19') OR published_on > '2026-10-02'",
    "style_control": "published_on IN ('2025-05-13', '2025-12-17') OR published_on > '2026-08-03' "
    "AND published_on <> '2026-10-02'",
}


@pytest.fixture(scope="module")
def before(shipped: Path) -> duckdb.DuckDBPyConnection:
    """The marts over the publications of the text board that were held then."""
    con = duckdb.connect()
    con.execute(f"ATTACH '{shipped}' AS now (READ_ONLY)")
    con.execute("CREATE SCHEMA core; CREATE SCHEMA internal")
    con.execute("CREATE VIEW internal.settings AS SELECT 45 AS publication_lasts_days")
    con.execute(
        "CREATE TABLE core.publication_leaders AS SELECT * FROM now.core.publication_leaders "
        "WHERE board = 'arena_text' AND NOT "
        f"CASE variant WHEN 'raw' THEN {ADDED['raw']} ELSE {ADDED['style_control']} END"
    )
    for mart in ("reigns", "days_led_by_month", "days_led"):
        con.execute(
            f"CREATE TABLE {mart} AS {(PACKAGE / 'marts' / f'{mart}.sql').read_text(encoding='utf-8')}"
        )
    return con


# 153 and 73 when the figures were fixed: before copies that add a model were publications (5 and 2 days more), and
# before publications that lack leaders were withheld (1 day less in each).
@pytest.mark.parametrize(
    ("variant", "publications", "known", "unknown"), [("raw", 157, 1241, 3), ("style_control", 74, 463, 112)]
)
def test_the_us_was_first_in_every_publication(
    before: duckdb.DuckDBPyConnection, variant: str, publications: int, known: int, unknown: int
) -> None:
    [found] = before.execute(
        "SELECT holder, publications, taken_from FROM reigns WHERE variant = ? AND level = 'country'",
        [variant],
    ).fetchall()
    assert found == ("US", publications, None)
    days = before.execute(
        "SELECT holder, days, known_days, unknown_days, round(share_of_known_days, 3) FROM days_led "
        "WHERE variant = ? AND level = 'country' ORDER BY holder",
        [variant],
    ).fetchall()
    assert days == [("US", known, known, unknown, 1.0), ("unknown", unknown, known, unknown, None)]


def test_makers_changed_seventeen_times(before: duckdb.DuckDBPyConnection) -> None:
    found = before.execute(
        "SELECT holder, days_at_least, days_at_most FROM days_led WHERE variant = 'raw' AND scope = 'world' "
        "AND level = 'organization' AND holder <> 'unknown' ORDER BY days_at_most DESC"
    ).fetchall()
    assert found == [("google", 395, 455), ("openai", 363, 437), ("anthropic", 343, 425), ("xai", 32, 38)]
    changes = before.execute(
        "SELECT count(taken_from) FROM reigns WHERE variant = 'raw' AND scope = 'world' AND level = 'organization'"
    ).fetchall()
    assert changes == [(17,)]


def test_nine_makers_were_first_in_china(before: duckdb.DuckDBPyConnection) -> None:
    chinese = "variant = 'raw' AND scope = 'CN' AND level = 'organization'"
    found = before.execute(f"SELECT count(*), count(DISTINCT holder) FROM reigns WHERE {chinese}").fetchall()
    assert found == [(18, 9)]
    longest = before.execute(
        "SELECT holder, first_seen::VARCHAR, days_at_least, days_at_most FROM reigns "
        f"WHERE {chinese} ORDER BY days_at_least DESC LIMIT 1"
    ).fetchall()
    assert longest == [("deepseek", "2024-12-30", 205, 226)]


def test_no_chinese_model_was_first_on_the_text_board(shipped_build: Candidate) -> None:
    """The answer counts publications and names the longest hole; it never says that none was first in between."""
    for variant, hole in (("raw", 48), ("style_control", 143)):
        [found] = shipped_build.rows(
            "SELECT answer, statement, publications, longest_hole FROM first_lead('arena_text', ?, 'CN', '2026-10-08')",
            [variant],
        )
        assert (found["answer"], found["longest_hole"]) == ("no", hole)
        assert found["statement"] == (
            f"in none of {found['publications']} publications held, longest hole {hole} days"
        )
