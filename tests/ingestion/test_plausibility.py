"""Figures beside those known before: what is suspicious of them, and what only moved."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from sources.contract.rows import CHIP, FIGURE, NOTABLE_MODEL, OBSERVATION, PRICE, conform
from sources.contract.zip_files import bundle
from sources.ingestion.baseline import files_of
from sources.ingestion.plausibility.boards import Allowed, suspicious_publications
from sources.ingestion.plausibility.factors import times
from sources.ingestion.plausibility.lists import rules_of, suspicious_rows
from sources.ingestion.plausibility.order import out_of_order
from sources.ingestion.plausibility.points import points
from sources.ingestion.plausibility.sizes import has_new_board, missing_series, suspicious_size
from sources.ingestion.plausibility.suspicion import series_name
from tests.fixtures import bodies

JAN, FEB, MAR = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)
WHOLE = Allowed()


def board(
    scores: dict[str, float], day: date = JAN, half: float | None = 6.0, **more: object
) -> pl.DataFrame:
    """Points of one board; each score with an interval of ``half`` on either side."""
    rows = [
        {
            "board": "riddles", "variant": "default", "category": "overall", "published_on": day,
            "model_name": name, "score": score, **more,
            "score_low": None if half is None else score - half,
            "score_high": None if half is None else score + half,
        }
        for name, score in scores.items()
    ]  # fmt: skip
    known = pl.DataFrame(conform(rows, OBSERVATION)).with_columns(
        known_on=pl.lit(day), listing=pl.lit("riddles/table")
    )
    return points(known)


ELO = {f"m{place}": 1500.0 - 9 * place for place in range(40)}
PERCENT = {f"m{place}": 90.0 - 2 * place for place in range(40)}
MINUTES = {f"m{place}": 1000.0 / 1.35**place for place in range(30)}


def reasons(now: pl.DataFrame, known: pl.DataFrame, allowed: Allowed = WHOLE) -> list[str]:
    return [one.reason for one in suspicious_publications(now, known, allowed)]


def changed(scores: dict[str, float], **new: float) -> dict[str, float]:
    return {**scores, **new}


PLAUSIBLE = {
    "the same": ELO,
    "re-anchored": {name: score + 83 for name, score in ELO.items()},
    "noise": {name: score + (-1) ** place * 4 for place, (name, score) in enumerate(ELO.items())},
    "a new best model": changed(ELO, new=1560.0),
    "new models": changed(ELO, a=1400.0, b=1320.0, c=1210.0),
    "a seventh gone": dict(list(ELO.items())[:34]),
}


@pytest.mark.parametrize("name", PLAUSIBLE)
def test_what_leaderboards_do_is_not_suspicious(name: str) -> None:
    """Would catch a real publication kept out: a new anchor, a better model, a few retired ones."""
    assert reasons(board(PLAUSIBLE[name], FEB), board(ELO)) == []


@pytest.mark.parametrize(
    ("moved", "elsewhere", "here"),
    [
        ({"new": 1722.0}, "leads with 1722", ""),
        ({"m20": 1443.0}, "alone moved", ""),
        ({"new": 1900.0}, "leads with 1900", "leads with 1900"),
        ({"m20": 1120.0}, "alone moved", "alone moved"),
    ],
)
def test_pictures_and_video_move_further(moved: dict[str, float], elsewhere: str, here: str) -> None:
    """Would catch months of these boards kept out, since a model entered 242 points above all others and one was rated
    anew by 123; or no limit there at all.
    """
    for name, says in (("riddles", elsewhere), ("arena_text_to_image", here)):
        found = reasons(board(changed(ELO, **moved), FEB, board=name), board(ELO, board=name))
        assert len(found) == bool(says), found
        assert not says or says in found[0]


@pytest.mark.parametrize("scores", [ELO, PERCENT, MINUTES], ids=["elo", "percent", "minutes"])
@pytest.mark.parametrize("factor", [10, 60, 100, 1000, 1e6, 0.1, 0.01, 1 / 60])
def test_another_unit_is_suspicious(scores: dict[str, float], factor: float) -> None:
    """Would catch shares printed for per cent, seconds for minutes, thousands for ones."""
    now = {name: score * factor for name, score in scores.items()}
    (reason,) = reasons(board(now, FEB, None), board(scores, half=None))
    assert f"the top is {max(now.values()):.6g}, after {max(scores.values()):.6g}, on 2026-01-10" in reason


SUSPICIOUS = {
    "one digit of the leader": (changed(ELO, m0=1900.0), "m0 alone moved: 1900, after 1500"),
    "one digit down": (changed(ELO, m0=1100.0), "m0 alone moved: 1100, after 1500"),
    "one digit of the second, in tens": (changed(ELO, m1=1561.0), "m1 alone moved: 1561, after 1491"),
    "a new top far above": (changed(ELO, new=1940.0), "new leads with 1940 before 1500"),
    "another column": (
        dict(zip(ELO, reversed(ELO.values()), strict=True)),
        "another order of the same models",
    ),
    "all moved": ({name: score + 400 for name, score in ELO.items()}, "all scores moved"),
    "a fifth gone": (dict(list(ELO.items())[:31]), "31 rows, after 40"),
}


@pytest.mark.parametrize("name", SUSPICIOUS)
def test_what_does_not_fit_is_named_with_both_figures(name: str) -> None:
    """Would catch one wrong digit that becomes the headline, or a list cut in half that passes for whole."""
    scores, says = SUSPICIOUS[name]
    (found,) = suspicious_publications(board(scores, FEB), board(ELO), WHOLE)
    assert says in found.reason
    assert found.series == {"board": "riddles", "variant": "default", "category": "overall"}


def test_a_series_is_held_against_its_own_history() -> None:
    """Would catch a wrong digit that other boards' wider movements make look plausible."""
    days = [date(2025, month, 10) for month in range(1, 9)]
    calm = pl.concat([board(ELO, day, None) for day in days])
    assert "m2 alone moved" in reasons(board(changed(ELO, m2=1512.0), JAN, None), calm)[0]
    wild = pl.concat(
        [board({**ELO, "m9": 1419.0 + 40 * (place % 2)}, day, None) for place, day in enumerate(days)]
    )
    assert reasons(board(changed(ELO, m2=1512.0), JAN, None), wild) == []


def test_a_wrong_day_of_a_long_table_is_named_alone() -> None:
    """Would catch a digit in one line of many days that was never compared, as nothing was known before."""
    leaders = dict(list(ELO.items())[:12])
    now = pl.concat([board(leaders, JAN), board(changed(leaders, m0=1949.0), FEB), board(leaders, MAR)])
    (found,) = suspicious_publications(now, now.clear(), WHOLE)
    assert found.series["published_on"] == "2026-02-10"
    assert "m0 alone moved: 1949, after 1500, on 2026-01-10" in found.reason


def test_what_a_source_may_do_is_not_suspicious() -> None:
    """Would catch a listing that is cut at will, or a new exam, held back."""
    few = dict(list(ELO.items())[:10])
    assert reasons(board(few, FEB), board(ELO), Allowed(may_shrink=True)) == []
    exam = dict(zip(PERCENT, (40.0 + (place * 7) % 31 for place in range(40)), strict=True))
    assert reasons(board(exam, FEB, None), board(PERCENT, half=None), Allowed(new_questions=True)) == []
    share = {name: score / 100 for name, score in exam.items()}
    assert reasons(board(share, FEB, None), board(PERCENT, half=None), Allowed(new_questions=True)) != []


def test_a_name_listed_twice_is_not_compared() -> None:
    """Would catch a board held back because upstream mixes two categories under one."""
    twice = pl.concat([board(ELO, FEB), board({"m3": 1200.0}, FEB)])
    rows = [
        {"board": "riddles", "variant": "default", "category": "overall", "model_name": "m3", "score": score}
        for score in (1473.0, 1200.0)
    ]
    doubled = conform(rows, OBSERVATION).with_columns(known_on=pl.lit(FEB), listing=pl.lit("x"))
    assert points(doubled)["value"].to_list() == [None]
    assert twice.height == 41


def listed(
    scores: list[float], ranks: list[int] | None = None, days: tuple[date | None, ...] = (None,)
) -> pl.DataFrame:
    rows = [
        {
            "board": "riddles", "variant": "default", "category": "overall", "published_on": day,
            "model_name": f"m{place}", "score": score, "rank": ranks[place] if ranks else None,
        }
        for day in days
        for place, score in enumerate(scores)
    ]  # fmt: skip
    return conform(rows, OBSERVATION)


def test_one_row_out_of_its_place_is_suspicious_without_any_predecessor() -> None:
    """Would catch a digit in a line copied by hand: with nothing known before, one gave a lead of 461 points."""
    scores = [1500.0, 1490.0, 1480.0, 1470.0, 1460.0, 1450.0]
    assert out_of_order(listed(scores)) == []
    assert out_of_order(listed([1450.0, 1500.0, 1470.0, 1460.0, 1490.0, 1480.0])) == [], "not a sorted list"
    assert out_of_order(listed([1500.0, 1490.0, 1490.9, 1470.0, 1460.0, 1000.0])) == [], "rounded"
    (high,) = out_of_order(listed([1500.0, 1490.0, 1980.0, 1470.0, 1460.0, 1450.0]))
    assert high.reason == "m2 is listed at place 3 with 1980, between 1490 and 1470"
    (low,) = out_of_order(listed([1100.0, 1490.0, 1480.0, 1470.0, 1460.0, 1450.0]))
    assert low.reason == "m0 is listed at place 1 with 1100, between any and 1490"
    ranked = listed([1480.0, 1949.0, 1490.0, 1470.0, 1460.0], ranks=[3, 4, 2, 5, 6], days=(JAN,))
    (found,) = out_of_order(ranked)
    assert found.series == {"board": "riddles", "variant": "default", "category": "overall"}
    both = pl.concat([listed(scores, days=(JAN,)), listed([1100.0, *scores[1:]], days=(FEB,))])
    (found,) = out_of_order(both)
    assert found.series["published_on"] == "2026-02-10"


def prices(**named: tuple[float | None, float | None]) -> pl.DataFrame:
    return conform(
        [
            {
                "listed_name": name, "provider": "maker", "mode": "chat", "input_usd_per_mtok": price[0],
                "output_usd_per_mtok": price[1], "has_tiered_prices": False,
            }
            for name, price in named.items()
        ],
        PRICE,
    )  # fmt: skip


MANY = {f"m{place}": (1.0 + place, 4.0 + place) for place in range(20)}


def list_reasons(schema: object, now: pl.DataFrame, before: pl.DataFrame) -> dict[str, str]:
    rules = rules_of(schema)  # type: ignore[arg-type]
    assert rules is not None
    known = before.with_columns(known_on=pl.lit(JAN))
    return {series_name(one.series): one.reason for one in suspicious_rows(rules, now, known)}


def test_a_price_that_changed_a_hundredfold_is_held_alone() -> None:
    """Would catch a price per token taken for one per million, or a whole list refused for one price."""
    now = prices(**{**MANY, "m1": (2e6, 5.0), "m2": (3.0, 0.0), "m3": (0.08, 7.0)})
    found = list_reasons(PRICE, now, prices(**MANY))
    assert found == {"maker/m1": "input_usd_per_mtok is 2e+06, after 2 on 2026-01-10"}


def test_a_list_in_another_unit_is_held_whole() -> None:
    """Would catch prices per thousand tokens, or chips in teraflops."""
    now = prices(**{name: (low / 1000, high / 1000) for name, (low, high) in MANY.items()})
    assert list_reasons(PRICE, now, prices(**MANY)) == {
        "everything": "input_usd_per_mtok is 1/1000 of (thousands?) what it was on 2026-01-10"
    }


def test_chips_models_and_figures_that_changed_are_held() -> None:
    """Would catch a data sheet, a model's compute or a report's figure that changed by a digit or a unit."""
    chips = [conform([{"chip_name": "C1", "memory_bytes": memory}], CHIP) for memory in (80e9, 80e9 * 1000)]
    assert "memory_bytes of C1 is 8e+13, after 8e+10" in list_reasons(CHIP, chips[1], chips[0])["everything"]
    models = [
        conform([{"model_name": "M", "countries": ["Chad"], "parameters": count}], NOTABLE_MODEL)
        for count in (7e9, 7e12)
    ]
    assert list_reasons(NOTABLE_MODEL, models[1], models[0]).keys() == {"everything"}
    figures = [
        conform([{"edition": 2026, "measure": "models", "sentence": "s", "us": us}], FIGURE)
        for us in (40.0, 400.0)
    ]
    assert list_reasons(FIGURE, figures[1], figures[0]) == {
        "2026/models": "us is 400, after 40 on 2026-01-10"
    }


def test_sizes_and_what_vanished_are_said_in_a_line() -> None:
    """Would catch another file under the same name, or a board that stands still because its file was renamed."""
    assert suspicious_size(3000, 10, 100, 10, 20) == "3000 rows, after 100"
    assert suspicious_size(100, 10, 100, 900, 20) == "10 bytes, after 900"
    assert suspicious_size(190, 10, 100, 10, 20) is None
    both = conform(
        [{"board": "b", "variant": "v", "category": one, "model_name": "m"} for one in ("overall", "math")]
        + [{"board": "c", "variant": "v", "category": "overall", "model_name": "m"}]
    )
    assert missing_series(both.filter(pl.col("category") == "math"), both) == {"b/v/overall", "c/v"}
    assert has_new_board(both, both.filter(pl.col("board") == "b"))
    assert not has_new_board(both.filter(pl.col("board") == "b"), both)


def test_factors_are_said_in_words() -> None:
    """Would catch a message that leaves the reader to guess which unit was mistaken."""
    assert times(100.0) == "100 times (a share for per cent, or cents for dollars?)"
    assert times(1 / 60) == "1/60 of (minutes for hours, or seconds for minutes?)"
    assert times(7.0) == "7 times"


@pytest.mark.parametrize(("wrong", "held"), [(9, 9), (12, 40)])
def test_a_history_with_many_wrong_days_is_held_whole(wrong: int, held: int) -> None:
    """Would catch a body that is compared again for each of hundreds of wrong days."""
    days = [date(2026, 1 + place // 28, 1 + place % 28) for place in range(40)]
    bad = set(days[1 : 2 * wrong : 2])
    now = pl.concat(
        [board({name: score * (10 if day in bad else 1) for name, score in ELO.items()}, day) for day in days]
    )
    assert len(suspicious_publications(now, now.clear(), WHOLE)) == held


def test_a_file_of_the_next_day_is_the_same_file() -> None:
    """Would catch a file said to have vanished at every release, because its name has the day."""
    first, second = (
        files_of(bodies.snapshot("livebench", bundle({f"table_{day}.csv": b"a", "about.txt": b""})))
        for day in ("2026_01_08", "2026_02_08")
    )
    assert first == second == {"table_<day>.csv", "about.txt"}
