"""The intervals of the text arena, calculated a second time from the raw upstream files, and the figures of the method.

The rules are written down again in plain Python over the rows of three sources: the official dataset, the catalog and
the rows copied by hand. Nothing here reads the pipeline's SQL; countries come from the map of test_independent.py.
Where the two calculations differ, one of them is wrong.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pyarrow.parquet
import pytest

from tests.builder.test_independent import CATEGORIES, country, letters
from tests.fixtures import warehouses
from tests.fixtures.warehouses import Candidate

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

Z = 1.959964
#: What a model that is not listed may have as an error, at most.
UNLISTED_ERROR = 7.0
#: How the names of American models begin that lead nowhere, so that test_independent.py need not know them.
MORE_US_FAMILIES = ("snowflake", "starling", "reka", "trinity", "inkling")
#: Two renderings of a number in base ten and two orders of adding agree to this.
CLOSE = 1e-5


@dataclass(frozen=True)
class Rating:
    model: str
    country: str
    score: float
    error: float | None
    rank: int | None = None


def side(maker: str | None, model: str) -> str:
    return country(maker, model) or ("US" if letters(model).startswith(MORE_US_FAMILIES) else "")


@dataclass(frozen=True)
class Interval:
    """``wide`` and the contenders are None where models may be missing that could lead."""

    gap: float
    ends: tuple[float, float] | None
    wide: tuple[float, float] | None = None
    contenders: tuple[int | None, int | None] = (None, None)
    at_least: float | None = None


def contenders(ratings: list[Rating], leader: Rating, floor: float | None) -> int | None:
    """How many of the leader's country could be its best; None if one that is not listed could."""
    assert leader.error is not None
    if floor is not None and floor > leader.score - Z * math.hypot(leader.error, UNLISTED_ERROR):
        return None
    return sum(
        leader.score - rating.score
        <= Z * math.hypot(leader.error, leader.error if rating.error is None else rating.error)
        for rating in ratings
        if rating.country == leader.country
    )


def score_above_the_first_hole(ratings: list[Rating]) -> float | None:
    """What a model that is not listed can have at most, by the printed ranks 1, 2, 3, …; None if nothing is known."""
    by_rank = {rating.rank: rating.score for rating in ratings}
    rank = 1
    while rank in by_rank:
        rank += 1
    return by_rank.get(rank - 1)


def interval(ratings: list[Rating], is_whole: bool) -> Interval | None:
    """The interval of one list; None where a country has no model."""
    best = {
        side: min((r for r in ratings if r.country == side), key=lambda r: (-r.score, r.model), default=None)
        for side in ("US", "CN")
    }
    us, cn = best["US"], best["CN"]
    if us is None or cn is None:
        return None
    gap = us.score - cn.score
    floor = None if is_whole else score_above_the_first_hole(ratings)
    if not is_whole and (floor is None or floor > min(us.score, cn.score)):
        return Interval(gap, None, at_least=None if floor is None else us.score - max(floor, cn.score))
    if us.error is None or cn.error is None:
        return Interval(gap, None)
    error = math.hypot(us.error, cn.error)
    many = contenders(ratings, us, floor), contenders(ratings, cn, floor)
    wide = None
    if many[0] is not None and many[1] is not None:
        factor = NormalDist().inv_cdf((1 + 0.95 ** (1 / (many[0] + many[1] - 1))) / 2)
        wide = gap - factor * error, gap + factor * error
    return Interval(gap, (gap - Z * error, gap + Z * error), wide, many)


#: Variant, file or day, category → the list.
Lists = dict[tuple[str, str, str], list[Rating]]


def official(folder: Path) -> Lists:
    """Every category of every day of the official dataset; names with differing rows are left out."""
    found: dict[tuple[str, str, str], dict[str, set[Rating]]] = {}
    for subset, variant in (("text", "raw"), ("text_style_control", "style_control")):
        for path in sorted((folder / "lmarena_hf" / subset).glob("*.parquet")):
            for row in pyarrow.parquet.read_table(path).to_pylist():
                if row["rating"] is None or math.isnan(row["rating"]):
                    continue
                error = math.sqrt(row["variance"]) if row["variance"] else None
                rating = Rating(
                    row["model_name"], side(row["organization"], row["model_name"]), row["rating"], error
                )
                key = variant, row["leaderboard_publish_date"], row["category"]
                found.setdefault(key, {}).setdefault(rating.model, set()).add(rating)
    return {
        key: [next(iter(same)) for same in models.values() if len(same) == 1] for key, models in found.items()
    }


def catalog(folder: Path) -> Lists:
    found: Lists = {}
    for path in sorted((folder / "arena_catalog").glob("leaderboard-text*.json")):
        variant = "style_control" if "style-control" in path.name else "raw"
        for category, models in json.loads(path.read_text(encoding="utf-8")).items():
            found[variant, path.name, CATEGORIES.get(category, category)] = [
                Rating(
                    name,
                    side(None, name),
                    figures["rating"],
                    width / (2 * Z)
                    if (width := figures["rating_q975"] - figures["rating_q025"]) > 0
                    else None,
                )
                for name, figures in models.items()
                if not math.isnan(figures["rating"])
            ]
    return found


def transcribed(folder: Path) -> Lists:
    found: Lists = {}
    for path in sorted((folder / "hand_transcribed").glob("arena_text_*.csv")):
        variant = "style_control" if "style_control" in path.name else "raw"
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                high, low = row.get("rating_upper"), row.get("rating_lower")
                rating = Rating(
                    row["model"],
                    side(row["organization"], row["model"]),
                    float(row["rating"]),
                    (float(high) - float(low)) / (2 * Z) if high and low else None,
                    int(row["rank"]) if row.get("rank") else None,
                )
                found.setdefault((variant, row["date"], "overall"), []).append(rating)
    return found


def published(
    warehouse: Candidate, source: str, file_or_day: str
) -> Iterator[tuple[tuple[str, str, str], Any]]:
    """The gaps of the text arena by ``source``, with their intervals, by variant, file or day, and category."""
    rows = warehouse.rows(
        f"SELECT g.variant, {file_or_day}::VARCHAR AS place, g.category, g.us_model, g.cn_model, g.gap_points, "
        "g.gap_at_least, i.* EXCLUDE (snapshot_id, category, listing, country_rule) FROM core.snapshot_gaps AS g "
        "JOIN core.snapshots AS s USING (snapshot_id) JOIN meta.inputs AS n USING (input_id) "
        "LEFT JOIN core.gap_intervals AS i ON i.snapshot_id = g.snapshot_id AND i.category = g.category "
        "WHERE g.board = 'arena_text' AND g.source_id = ? AND g.listing = 'any' AND g.country_rule = 'hq' "
        "AND g.gap_points IS NOT NULL",
        [source],
    )
    for row in rows:
        yield (row["variant"], row["place"], row["category"]), row


def differences(mine: Interval, row: dict[str, Any]) -> list[str]:
    theirs = {
        "ends": None if row["gap_low"] is None else (row["gap_low"], row["gap_high"]),
        "wide": None if row["gap_low_wide"] is None else (row["gap_low_wide"], row["gap_high_wide"]),
        "contenders": (row["a_contenders"], row["b_contenders"]),
        "at_least": row["gap_at_least"],
        "gap": row["gap_points"],
    }
    return [
        f"{name} {value}, not {getattr(mine, name)}"
        for name, value in theirs.items()
        if value != pytest.approx(getattr(mine, name), abs=CLOSE)
    ]


@pytest.mark.parametrize(
    ("read", "source", "place", "is_whole", "least"),
    [
        (official, "lmarena_hf", "g.published_on", True, 600),
        (catalog, "arena_catalog", "n.file_name", True, 500),
        (transcribed, "arena_leaders_transcribed", "g.published_on", False, 19),
    ],
)
def test_every_interval_of_the_text_arena_comes_out_of_the_raw_rows_too(
    shipped_build: Candidate, upstream: Path, read: Any, source: str, place: str, is_whole: bool, least: int
) -> None:
    lists: Lists = read(upstream)
    compared, wrong = 0, []
    for key, row in published(shipped_build, source, place):
        mine = interval(lists[key], is_whole)
        assert mine is not None, key
        compared += 1
        wrong += [f"{key}: {text}" for text in differences(mine, row)]
    assert wrong == []
    assert compared >= least


def test_months_borrow_errors_from_a_copy_that_prints_the_same_scores(
    shipped_build: Candidate, upstream: Path
) -> None:
    """2024-07 to 2025-03: the old mirror prints no errors; the table of a day or two later does, in whole numbers."""
    rows = shipped_build.rows(
        "SELECT month, published_on, us_model, cn_model, us_score, cn_score, gap_error FROM monthly_gap "
        "WHERE board = 'arena_text' AND source_id = 'chatbot_arena_history' AND error_source_id = 'llm_leaderboard_csv'"
    )
    assert [row["month"] for row in rows] == [
        date(2024 + month // 12, month % 12 + 1, 1) for month in range(6, 15)
    ]
    tables = {}
    for path in sorted((upstream / "llm_leaderboard_csv").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            lines = {letters(line["model"]): line for line in csv.DictReader(file)}
        tables[date.fromisoformat(path.name[:10])] = lines
    for row in rows:
        errors = [
            math.hypot(half_width(us), half_width(cn)) / Z
            for day, lines in sorted(tables.items())
            if 0 <= (day - row["published_on"]).days <= 3
            and (us := line_of(lines, row["us_model"], row["us_score"]))
            and (cn := line_of(lines, row["cn_model"], row["cn_score"]))
        ]
        assert row["gap_error"] in [pytest.approx(error, abs=CLOSE) for error in errors], row


def half_width(line: dict[str, str]) -> float:
    high, low = line["95_pct_ci"].split("/")
    return (float(high) - float(low)) / 2


def line_of(lines: dict[str, dict[str, str]], model: str, score: float) -> dict[str, str] | None:
    """The row of a model by its name, to which the table adds a day or a code name, and its score, but for rounding."""
    return next(
        (
            line
            for name, line in lines.items()
            if letters(model) in name
            and abs(float(line.get("arena_score") or line["arena_elo"]) - score) <= 0.56
        ),
        None,
    )


# The figures of the method, to the last digit printed


def interval_of(warehouse: Candidate, variant: str, day: str) -> dict[str, Any]:
    """The row of the publication of ``day``."""
    [row] = warehouse.rows(
        "SELECT g.status, g.gap_points, g.gap_at_least, i.* EXCLUDE (snapshot_id, category, listing, country_rule) "
        "FROM core.publications AS p "
        "JOIN core.snapshot_gaps AS g ON g.snapshot_id = p.snapshot_id AND g.category = p.category "
        "LEFT JOIN core.gap_intervals AS i ON i.snapshot_id = g.snapshot_id AND i.category = g.category "
        "WHERE p.board = 'arena_text' AND p.category = 'overall' AND p.variant = ? AND p.published_on = ? "
        "AND p.is_last_of_day AND g.listing = 'any' AND g.country_rule = 'hq'",
        [variant, warehouses.day(day)],
    )
    return row


def shown(row: dict[str, Any], *names: str) -> tuple[float | None, ...]:
    return tuple(None if row[name] is None else round(row[name], 1) for name in names)


@pytest.mark.parametrize(
    ("variant", "day", "gap", "ends", "wide"),
    [
        ("raw", "2025-11-06", 20.4, (12.9, 28.0), (11.3, 29.6)),
        ("raw", "2025-12-11", 40.8, (30.0, 51.6), None),
        # The reference prints 39.9 for 39.849 and 6.5 for 6.448: rounded twice.
        ("raw", "2026-06-25", 25.2, (14.5, 35.9), (10.6, 39.8)),
        ("raw", "2026-07-30", 36.5, (20.5, 52.4), (14.3, 58.7)),
        ("style_control", "2026-01-31", 34.0, (25.4, 42.6), None),
        ("style_control", "2026-07-30", 21.8, (10.1, 33.6), (6.4, 37.2)),
        ("style_control", "2026-08-03", 12.8, (0.9, 24.7), (-1.7, 27.3)),
        ("style_control", "2026-08-19", 17.7, (9.8, 25.6), (7.1, 28.3)),
        ("raw", "2026-08-19", 22.1, (13.6, 30.6), (10.7, 33.5)),
    ],
)
def test_intervals_of_whole_lists_are_those_of_the_method(
    shipped_build: Candidate,
    variant: str,
    day: str,
    gap: float,
    ends: tuple[float, float],
    wide: tuple[float, float] | None,
) -> None:
    row = interval_of(shipped_build, variant, day)
    assert shown(row, "gap_points", "gap_low", "gap_high") == (gap, *ends)
    if wide is not None:
        assert shown(row, "gap_low_wide", "gap_high_wide") == wide


@pytest.mark.parametrize(
    ("variant", "day", "gap", "ends", "wide"),
    [
        ("raw", "2025-08-28", 37.3, (29.5, 45.1), None),
        ("raw", "2025-09-30", 27.2, (19.6, 34.8), (18.5, 35.9)),
        ("raw", "2025-10-17", 25.1, (18.0, 32.2), (17.0, 33.2)),
        ("raw", "2026-01-29", 27.8, (19.1, 36.5), None),
        ("raw", "2026-02-26", 36.3, (24.9, 47.7), (22.5, 50.1)),
        ("raw", "2026-03-31", 28.2, (18.6, 37.8), None),
        ("raw", "2026-04-30", 28.6, (18.9, 38.3), None),
        ("raw", "2026-05-27", 24.7, (13.9, 35.5), None),
        ("raw", "2026-08-27", 24.8, None, None),
        ("raw", "2026-09-13", 27.0, None, None),
        ("raw", "2026-09-25", 27.1, None, None),
        ("raw", "2026-09-30", 42.6, (29.8, 55.4), None),
        ("raw", "2026-10-02", 42.5, (29.7, 55.3), None),
        ("raw", "2026-10-08", 42.2, (29.4, 55.0), None),
        ("style_control", "2026-08-31", 18.7, (11.1, 26.2), None),
        ("style_control", "2026-09-30", 36.8, (26.8, 46.8), None),
        ("style_control", "2026-10-02", 36.9, None, None),
        ("style_control", "2026-10-08", 37.3, (27.3, 47.3), None),
    ],
)
def test_intervals_of_leader_lists_are_those_of_the_method(
    shipped_build: Candidate,
    variant: str,
    day: str,
    gap: float,
    ends: tuple[float, float] | None,
    wide: tuple[float, float] | None,
) -> None:
    row = interval_of(shipped_build, variant, day)
    assert row["status"] == "leaders_only"
    assert shown(row, "gap_points", "gap_low", "gap_high") == (gap, *(ends or (None, None)))
    assert shown(row, "gap_low_wide", "gap_high_wide") == (wide or (None, None))


def test_a_hole_above_the_chinese_leader_leaves_the_least_gap(shipped_build: Candidate) -> None:
    """Raw 2026-08-27: rank 11 is missing; a Chinese model there would have at most 1483.2."""
    assert shown(interval_of(shipped_build, "raw", "2026-08-27"), "gap_at_least") == (21.5,)


def test_the_law_of_two_maxima_is_kept_as_it_was(shipped_build: Candidate) -> None:
    """November 2025 read 4.2 to 27.1 for a gap of 20.4: one model with an error of 13.8 pulled it."""
    row = interval_of(shipped_build, "raw", "2025-11-06")
    assert shown(row, "max_low", "max_high") == (4.2, 27.1)


def test_thirteen_of_the_fourteen_months_with_leaders_only_have_an_interval(shipped_build: Candidate) -> None:
    rows = shipped_build.rows(
        "SELECT month, gap_low IS NOT NULL AS has_interval, gap_at_least FROM monthly_gap "
        "WHERE status = 'leaders_only' AND board = 'arena_text' ORDER BY variant, month"
    )
    assert len(rows) == 14
    assert [row["month"] for row in rows if not row["has_interval"]] == [date(2026, 8, 1)]
    assert [row["has_interval"] for row in rows] == [row["gap_at_least"] is None for row in rows]


def test_no_interval_is_of_what_is_withheld_or_of_a_leader_without_error(shipped_build: Candidate) -> None:
    assert (
        shipped_build.rows(
            "SELECT i.snapshot_id, i.category FROM core.gap_intervals AS i "
            "LEFT JOIN core.snapshot_gaps AS g USING (snapshot_id, category, listing, country_rule) "
            "WHERE g.gap_points IS NULL OR abs(g.gap_points - i.gap_median) > 1e-9"
        )
        == []
    )


def test_october_2026_is_not_over_and_every_other_month_is(shipped_build: Candidate) -> None:
    rows = shipped_build.rows("SELECT DISTINCT month FROM monthly_gap WHERE month_is_open")
    assert [row["month"] for row in rows] == [date(2026, 10, 1)]
    ages = {
        variant: shipped_build.gap("2026-10", variant)["days_before_month_end"]
        for variant in ("raw", "style_control")
    }
    assert ages == {"raw": 23, "style_control": 23}
    [wrong] = shipped_build.rows(
        "SELECT count(*) AS rows FROM monthly_gap WHERE (snapshot_id IS NULL) <> (days_before_month_end IS NULL) "
        "OR days_before_month_end < 0 OR published_on + days_before_month_end <> last_day(month)"
    )
    assert wrong["rows"] == 0


def test_every_vintage_of_the_index_has_an_interval_though_its_anchors_print_no_error(
    shipped_build: Candidate,
) -> None:
    rows = shipped_build.rows(
        "SELECT s.model_id, s.score, s.standard_error FROM core.scores AS s "
        "JOIN core.fixed_scores AS f USING (model_id, score) "
        "JOIN core.snapshots AS n USING (snapshot_id) WHERE n.board = 'eci'"
    )
    assert {(row["model_id"], row["score"]) for row in rows} == {
        ("claude-3-5-sonnet-20240620", 130.0),
        ("gpt-5", 150.0),
    }
    assert {row["standard_error"] for row in rows} == {0.0}
    [months] = shipped_build.rows(
        "SELECT count(gap_points) AS gaps, count(gap_low) AS intervals FROM monthly_gap WHERE board = 'eci'"
    )
    assert months["gaps"] == months["intervals"] >= 9
