"""Sentences name the countries that the release compares, and the right one of them as the leader."""

from __future__ import annotations

from typing import Any

import pytest

from warehouse.read.headline import headline

ROW: dict[str, Any] = {
    "variant": "style_control",
    "month": "2025-02-01",
    "status": "observed",
    "us_model": "one",
    "us_score": 1300.0,
    "cn_model": "other",
    "cn_score": 1280.0,
    "gap_points": 20.0,
    "gap_pct_of_cn": 1.5625,
    "us_win_probability": 0.5288,
    "gap_low": None,
    "gap_high": None,
    "published_on": "2025-02-28",
    "source_id": "lmarena_hf",
}


@pytest.mark.parametrize(
    ("pair", "gap", "words"),
    [
        (
            None,
            20.0,
            (
                "the US leads by 20.0 points",
                "1.56 % of the Chinese score",
                "US expected score 52.9 %, ties as half",
            ),
        ),
        (["US", "CN"], -20.0, ("China leads by 20.0 points",)),
        (["US", "CN"], 0.0, ("level at 0.0 points",)),
        (
            ["KR", "FR"],
            20.0,
            ("KR leads by 20.0 points", "% of the FR score", "KR expected score 52.9 %, ties as half"),
        ),
        (["KR", "FR"], -20.0, ("FR leads by 20.0 points",)),
    ],
)
def test_headline_names_the_pair_of_the_release(
    pair: list[str] | None, gap: float, words: tuple[str, ...]
) -> None:
    summary = {"latest": [{**ROW, "gap_points": gap}]} | ({"pair": pair} if pair else {})
    [sentence] = headline(summary)
    assert sentence.startswith("2025-02 style control: ")
    assert all(word in sentence for word in words), sentence


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"gap_low": 5.04, "gap_high": 34.96}, "; 95 % interval 5.0 to 35.0), snapshot of 2025-02-28"),
        ({"status": "leaders_only"}, "; leaders only, no interval), snapshot of 2025-02-28"),
        (
            {"status": "leaders_only", "gap_at_least": 11.26},
            "; no interval, at least 11.3: a model that is not listed could lead), snapshot of",
        ),
        ({}, "ties as half; no interval, a leader has no published error), snapshot of 2025-02-28"),
    ],
)
def test_headline_says_how_sure_the_gap_is(figures: dict[str, Any], words: str) -> None:
    [sentence] = headline({"latest": [{**ROW, **figures}]})
    assert words in sentence


@pytest.mark.parametrize(
    ("month", "start", "day"),
    [
        ({}, "2025-02 style control: ", "snapshot of 2025-02-28 from"),
        (
            {"days_before_month_end": 23, "month_is_open": True},
            "2025-02 style control, month was not over: ",
            "snapshot of 2025-02-28, 23 days before the month's end, from",
        ),
        (
            {"days_before_month_end": 1, "month_is_open": False},
            "2025-02 style control: ",
            "snapshot of 2025-02-28, 1 day before the month's end, from",
        ),
        ({"days_before_month_end": 0, "month_is_open": False}, "2025-02 style control: ", "2025-02-28 from"),
    ],
)
def test_headline_says_the_day_and_whether_the_month_is_over(
    month: dict[str, Any], start: str, day: str
) -> None:
    """The gap of a month that goes on may still change; releases from before say neither."""
    [sentence] = headline({"latest": [{**ROW, **month}]})
    assert sentence.startswith(start)
    assert day in sentence
