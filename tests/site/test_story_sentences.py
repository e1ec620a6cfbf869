"""What the stories say in words, from sample rows, when things are otherwise than they are today.

Would catch a sentence that says China leads where the US does, a superlative without its rating, a story that cannot be
told of a warehouse in which nothing of it is held.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.site.test_site_sentences import result, sentence
from warehouse.site.queries import QueryResult

OPEN = {
    "variant": "style_control", "month": date(2026, 7, 1), "gap_points": -34.6, "cn_since": date(2025, 3, 1),
    "cn_months": 13,
}  # fmt: skip
RAW = OPEN | {"variant": "raw", "gap_points": -28.8, "cn_since": date(2024, 12, 1)}
BEHIND = {"cn_since": None, "cn_months": 0}


def none_of(query: str, *names: str) -> dict[str, QueryResult]:
    return {query: QueryResult(query, "", names, ())}


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            (OPEN, RAW),
            (
                "The best open Chinese model leads the best open US one in the text arena by 34.6 points "
                "with style control "
                "and 28.8 points in raw votes (July 2026). China has been ahead in every month that can be "
                "measured since "
                "March 2025 with style control and December 2024 in raw votes."
            ),
        ),
        (
            (OPEN | {"gap_points": 4.0} | BEHIND, RAW | {"gap_points": 9.0} | BEHIND),
            (
                "The best open US model leads the best open Chinese one in the text arena by 4.0 points "
                "with style control "
                "and 9.0 points in raw votes (July 2026)."
            ),
        ),
        (
            (OPEN | {"gap_points": 4.0} | BEHIND, RAW | {"month": date(2026, 6, 1)}),
            (
                "The best open models of the two sides are apart in the text arena by 4.0 points with "
                "style control (the US "
                "ahead) in July 2026 and 28.8 points in raw votes (China ahead) in June 2026. China has "
                "been ahead in every "
                "month that can be measured since December 2024 in raw votes."
            ),
        ),
        ((), "No month of the text arena has an open US and an open Chinese model yet."),
    ],
)
def test_open_weights_say_who_leads_in_which_rating(rows: tuple[dict[str, Any], ...], text: str) -> None:
    rows_of = result("open_weights_facts", *rows) if rows else none_of("open_weights_facts", *OPEN)
    assert sentence("open_weights", rows_of) == text


BOARD = {"name": "video editing", "leads_now": True, "is_old": False}
COUNTS = {
    "boards": 20,
    "new_boards": 13,
    "led_now": 1,
    "led_before": 2,
    "never_led": 17,
    "has_led_text": False,
}


@pytest.mark.parametrize(
    ("boards", "changed", "text"),
    [
        (
            (BOARD, BOARD | {"name": "old board", "is_old": True}),
            {},
            (
                "Chinese models are first on 1 of the 13 boards with a publication in the newest three "
                "months: video editing. "
                "They have been first on 2 others, never on the text arena."
            ),
        ),
        (
            (BOARD | {"leads_now": False},),
            {"led_now": 0, "has_led_text": True},
            (
                "Chinese models are first on none of the 13 boards with a publication in the newest three "
                "months. They have "
                "been first on 2 others."
            ),
        ),
        ((), {"led_now": 0, "led_before": 0}, "No Chinese model has been first on any board that is held."),
    ],
)
def test_where_china_leads_counts_no_board_of_an_old_figure(
    boards: tuple[dict[str, Any], ...], changed: dict[str, Any], text: str
) -> None:
    led = result("china_leads_boards", *boards) if boards else none_of("china_leads_boards", *BOARD)
    assert sentence("china_leads", {**led, **result("china_leads_facts", COUNTS | changed)}) == text


def test_a_story_of_which_nothing_is_held_says_so() -> None:
    told = {
        "reigns": "Nobody has been first in the text arena yet.",
        "definitions": "No month of the text arena has a gap yet.",
        "outlook": "The series is too short for an outlook.",
        "exams_since": "No exam is measured by one party in two months.",
        "changes": "No two months of the text arena in raw votes can be compared yet.",
    }
    for chart, text in told.items():
        assert sentence(chart, none_of(f"{chart}_facts", "variant")) == text
    nothing = {"pairs": 0, "near": 0, "near_by": None, "first_year": None, "last_year": None}
    assert sentence("exams", result("exams_facts", nothing)).startswith("No exam of the AI Index is held")


CHANGES = {
    "variant": "raw", "large": 10, "first_month": date(2024, 4, 1), "large_changes": 3, "mostly_us_new": 2,
    "mostly_cn_new": 0, "mostly_rerated": 1, "mostly_dropped": 0,
}  # fmt: skip


def test_what_moved_the_gap_is_of_raw_votes_whatever_comes_first() -> None:
    """Would catch the count of one rating said of the other."""
    styled = CHANGES | {"variant": "style_control", "large_changes": 9}
    assert sentence("changes", result("changes_facts", styled, CHANGES)) == (
        "Of 3 changes of more than 10 points in raw votes of the text arena since April 2024, 2 "
        "came mostly by a new US "
        "model and 1 came by new ratings of the same models."
    )
    assert sentence("changes", result("changes_facts", CHANGES | {"large_changes": 0})) == (
        "In raw votes of the text arena no monthly change of the gap since April 2024 is larger than 10 points."
    )


def test_the_outlook_says_whether_level_is_excluded() -> None:
    row = {
        "changes": 12, "last_low": 6.0, "last_high": 90.0, "last_month": date(2027, 4, 1),
        "parity_not_excluded_from": None,
    }  # fmt: skip
    start = "If the raw-vote gap of the text arena moves as in the last 12 months, it lies between "
    assert sentence("outlook", result("outlook_facts", row)) == (
        f"{start}6.0 and 90.0 points in April 2027; level is excluded throughout."
    )
    within = row | {"last_low": -8.0, "parity_not_excluded_from": date(2027, 3, 1)}
    assert sentence("outlook", result("outlook_facts", within)) == (
        f"{start}−8.0 and 90.0 points in April 2027; level is not excluded from March 2027 on."
    )
