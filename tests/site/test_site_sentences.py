"""What the pages say in words, from sample rows: who leads, by how much, how sure, how fresh.

Would catch a sentence that says who leads the wrong way round, a minus sign beside "leads by", an interval that
nobody published, a clock.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pytest
from markupsafe import Markup

from warehouse.site import queries
from warehouse.site.charts import CHARTS
from warehouse.site.cited_values import rounded
from warehouse.site.freshness import state
from warehouse.site.queries import QueryResult, Results
from warehouse.site.templating import environment, fill
from warehouse.site.words import leading_side

NOW = {
    "variant": "raw",
    "month": date(2026, 10, 1),
    "month_is_open": True,
    "published_on": date(2026, 10, 2),
    "days_before_month_end": 29,
    "status": "observed",
    "gap_points": 42.5,
    "gap_low": None,
    "gap_high": None,
    "gap_at_least": None,
    "definition_spread": 0.0,
    "interval_month": date(2026, 7, 1),
    "interval_gap": 36.5,
    "interval_low": 22.4,
    "interval_high": 48.7,
    "interval_spread": 14.7,
    "us_model": "us-1",
    "us_score": 1500.0,
    "cn_model": "cn-1",
    "cn_score": 1457.5,
}


def result(query: str, *rows: dict[str, Any]) -> Results:
    names = tuple(rows[0]) if rows else tuple(NOW)
    return {query: QueryResult(query, "", names, tuple(tuple(row.values()) for row in rows))}


def now(results: Results) -> Markup:
    return environment().get_template("now.html.j2").module.now(results["now"])  # type: ignore[attr-defined]


def said(*rows: dict[str, Any]) -> str:
    return now(result("now", *(NOW | row for row in rows))).striptags()


def sentence(chart: str, results: Results) -> str:
    [one] = [one for one in CHARTS if one.id == chart]
    return fill(one.headline, one, results).striptags()


STYLED = {"variant": "style_control", "gap_points": 36.9, "cn_model": "cn-2"}


def test_now_names_both_variants_their_leaders_and_the_day() -> None:
    august = {
        "interval_month": date(2026, 8, 1),
        "interval_gap": 12.8,
        "interval_low": 1.7,
        "interval_high": 24.7,
    }
    unproved = {"status": "leaders_only", "gap_at_least": 21.5}
    assert said(unproved, {**unproved, **STYLED, **august}) == (
        "In October 2026, which is not over, as published on 2 October 2026 (29 days before its end), "
        "the best US model leads the best Chinese one by "
        "42.5 points in raw votes (us-1 against cn-1) and 36.9 points with style control (us-1 against cn-2); "
        "no interval is published, for a model that is not listed could lead; the newest with one, "
        "July 2026 in raw votes, was 36.5 (95 % interval 22.4 to 48.7; definitions 14.7 apart) and "
        "August 2026 with style control, was 12.8 (95 % interval 1.7 to 24.7; definitions 14.7 apart)."
    )


def test_now_when_china_is_ahead() -> None:
    text = said({"gap_points": -4.24}, {**STYLED, "gap_points": -1.0})
    assert "the best Chinese model leads the best US one by 4.2 points in raw votes" in text
    assert "−" not in text


def test_now_when_the_variants_disagree_who_leads() -> None:
    text = said({"gap_points": 4.0}, {**STYLED, "gap_points": -1.0})
    assert "are apart by 4.0 points in raw votes (us-1 against cn-1), the US side ahead" in text
    assert "1.0 points with style control (us-1 against cn-2), the Chinese side ahead" in text


def test_now_when_they_are_level() -> None:
    text = said({"gap_points": 0.0}, {**STYLED, "gap_points": -0.04})
    assert "apart by 0.0 points, level, in raw votes" in text
    assert "leads" not in text


def test_now_with_intervals_and_definitions_apart() -> None:
    text = said(
        {"gap_low": 30.0, "gap_high": 55.26, "definition_spread": 13.6},
        {**STYLED, "gap_low": -2.0, "gap_high": 9.0, "definition_spread": 2.0},
    )
    assert "95 % intervals: 30.0 to 55.3 in raw votes and −2.0 to 9.0 with style control" in text
    assert "are 13.6 points in raw votes and 2.0 points with style control apart" in text


def test_now_gives_no_reason_where_only_one_list_lacks_models_that_could_lead() -> None:
    text = said({"gap_at_least": 21.5}, {**STYLED, "gap_at_least": None})
    assert "no interval is published; the newest with one" in text


def test_now_with_an_interval_for_one_variant_only() -> None:
    text = said({"gap_low": 30.0, "gap_high": 55.0}, STYLED)
    assert "30.0 to 55.0 in raw votes, none published for the other" in text


def test_now_when_the_variants_have_different_months() -> None:
    august = {"month": date(2026, 8, 1), "month_is_open": False, "published_on": date(2026, 8, 30)}
    text = said({}, {**STYLED, **august, "days_before_month_end": 1})
    october = "October 2026, which is not over, published on 2 October 2026 (29 days before its end)"
    assert f"(us-1 against cn-1, {october})" in text
    assert "(us-1 against cn-2, August 2026, published on 30 August 2026 (1 day before its end))" in text
    assert text.startswith("In the newest month of each, the best US model leads")


def test_now_gives_each_variant_its_day_where_they_differ() -> None:
    text = said({}, {**STYLED, "published_on": date(2026, 10, 8), "days_before_month_end": 23})
    assert text.startswith("In October 2026, which is not over, the best US model leads")
    assert "(us-1 against cn-1, published on 2 October 2026 (29 days before its end))" in text
    assert "(us-1 against cn-2, published on 8 October 2026 (23 days before its end))" in text


def test_now_of_a_month_that_is_over_and_published_on_its_last_day() -> None:
    over = {"month_is_open": False, "published_on": date(2026, 10, 31), "days_before_month_end": 0}
    text = said(over, {**STYLED, **over})
    assert text.startswith("In October 2026, as published on 31 October 2026, the best US model leads")


def test_now_without_any_gap() -> None:
    assert now(result("now")).striptags() == "No month of the text arena has a gap yet."


def test_a_model_name_is_never_markup() -> None:
    html = now(result("now", {**NOW, "us_model": "<b>x</b>"}))
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def gap_facts(first: float, smallest: float, last: float, is_open: bool = False) -> Results:
    return result(
        "gap_facts",
        {
            "first_month": date(2023, 5, 1),
            "first_gap": first,
            "smallest_month": date(2026, 10, 1) if smallest == last else date(2025, 11, 1),
            "smallest_gap": smallest,
            "last_month": date(2026, 10, 1),
            "last_gap": last,
            "last_is_open": is_open,
        },
    )


def test_gap_sentence_follows_its_rows() -> None:
    assert sentence("gap", gap_facts(303.6, 20.4, 42.5)) == (
        "The US lead was 303.6 points in May 2023, 20.4 at its smallest in November 2025 and 42.5 in October 2026."
    )
    assert sentence("gap", gap_facts(303.6, 12.0, 12.0)) == (
        "The US lead was 303.6 points in May 2023 and 12.0 in October 2026, its smallest."
    )
    assert sentence("gap", gap_facts(303.6, -8.0, -8.0)).endswith("its smallest: China leads.")
    assert sentence("gap", gap_facts(303.6, 20.4, 42.5, is_open=True)).endswith(
        "42.5 so far in October 2026."
    )


PRICES = {"level": 1450.0, "month": date(2026, 5, 1), "us_price": 1.0, "cn_price": 2.0, "times": 2.0}


@pytest.mark.parametrize(
    ("us", "cn", "text"),
    [
        (
            1.0,
            2.0,
            "costs US$ 1.00 per million tokens from a US maker, 2.00 from a Chinese one: the Chinese one costs ",
        ),
        (
            3.0,
            2.0,
            "costs US$ 3.00 per million tokens from a US maker, 2.00 from a Chinese one: the US one costs ",
        ),
        (2.0, 2.0, "costs US$ 2.00 per million tokens from a US maker, 2.00 from a Chinese one."),
        (1.125, 0.0, "costs US$ 1.13 per million tokens from a US maker and is free from a Chinese one."),
        (0.0, 0.0, "is free from a US maker and is free from a Chinese one."),
    ],
)
def test_prices_say_which_side_costs_more_and_what_is_free(us: float, cn: float, text: str) -> None:
    row = PRICES | {"us_price": us, "cn_price": cn}
    shown = sentence("prices", result("prices_facts", row))
    start = "In the price lists of May 2026 the cheapest model rated 1,450 arena points or more "
    assert shown.startswith(start + text)


def lags(*months: float | None) -> str:
    rows = [
        {"board": "eci", "board_name": "Index", "vintage": date(2026, 8, 22), "lag_months": months_behind}
        for months_behind in months
    ]
    return sentence("lag", result("lag_facts", *rows))


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ((6.5, 5.6, None), "China is 5.6 to 6.5 months behind on the Index of 22 August 2026"),
        ((5.6, 5.6), "China is 5.6 months behind"),
        ((-2.0, 3.0), "China is between 2.0 months ahead and 3.0 behind"),
        ((-2.0, -3.0, 0.0), "China is 0.0 to 3.0 months ahead"),
        ((-2.0,), "China is 2.0 months ahead"),
        ((0.0, 0.0), "China is 0.0 months behind"),
        ((None,), "No lag can be read"),
    ],
)
def test_lag_says_behind_or_ahead(months: tuple[float | None, ...], text: str) -> None:
    assert lags(*months).startswith(text)
    assert "−" not in lags(*months)


def test_lag_is_of_the_newest_month_even_where_a_reading_has_no_value_or_only_a_bound_there() -> None:
    """Would catch an older month's lag shown as the newest, or a bound of 9 months said as a lag."""
    with duckdb.connect() as con:
        con.sql(
            "CREATE SCHEMA core; CREATE TABLE core.boards AS SELECT 'eci' AS board, 'Index' AS name;"
            "CREATE TABLE lag_summary (board TEXT, variant TEXT, category TEXT, vintage DATE, tolerance DOUBLE, "
            "reading TEXT, mean_months DOUBLE, mean_low DOUBLE, mean_high DOUBLE, max_months DOUBLE, days INT, "
            "mean_at_least DOUBLE, censored_days INT, first_day DATE);"
            "CREATE TABLE monthly_lag AS SELECT 'eci' AS board, 'default' AS variant, 'overall' AS category, "
            "DATE '2026-07-01' AS vintage, 1.0 AS tolerance, month, reading, lag_months, is_censored FROM (VALUES "
            "(DATE '2026-05-01', 'first_reached', 4.0, false), (DATE '2026-06-01', 'first_reached', NULL, false), "
            "(DATE '2026-05-01', 'last_matched', 2.0, false), (DATE '2026-06-01', 'last_matched', 9.0, true), "
            "(DATE '2026-05-01', 'passed', 3.0, false), (DATE '2026-06-01', 'passed', -1.5, false)) "
            "AS v(month, reading, lag_months, is_censored)"
        )
        facts = queries.run(con, "lag_facts")
    assert [row["lag_months"] for row in facts.records()] == [None, None, -1.5]
    assert sentence("lag", {"lag_facts": facts}).startswith("China is 1.5 months ahead")


BOARDS = {
    "boards": 17, "us_leads": 16, "cn_leads": 0, "level": 1, "open": 0,
    "oldest_month": date(2024, 10, 1), "newest_month": date(2026, 10, 1), "self_reported": 0,
}  # fmt: skip


LED = {
    "board": "video_edit", "name": "Video editing", "leads_now": True, "months": 2,
    "first_month": date(2026, 7, 1), "last_month": date(2026, 8, 1),
}  # fmt: skip
LED_BEFORE = LED | {"board": "video", "name": "Text to video", "leads_now": False}
LED_ONCE = LED_BEFORE | {"board": "mmmu", "name": "MMMU-Pro", "first_month": date(2026, 8, 1)}


def boards(changed: dict[str, Any], *led: dict[str, Any]) -> str:
    none = {"boards_led": QueryResult("boards_led", "", tuple(LED), ())}
    return sentence(
        "boards",
        {**none, **result("boards_facts", BOARDS | changed), **(result("boards_led", *led) if led else {})},
    )


def test_boards_say_how_old_the_figures_are_and_where_the_order_is_open() -> None:
    assert boards({}) == (
        "In the newest figure of each of 17 boards, of October 2024 to October 2026, the US leads on 16, "
        "China on none and 1 is level."
    )
    assert boards({"open": 2}).endswith(
        "1 is level; on 2 of the 17 the 95 % interval leaves it open who leads."
    )


def test_boards_name_those_on_which_china_leads_now_and_not_those_it_has_led_before() -> None:
    """Would catch a count of US leads beside which nobody learns where China leads."""
    shown = boards({"us_leads": 15, "cn_leads": 1, "level": 1}, LED, LED_BEFORE)
    assert "the US leads on 15, China leads on 1 (Video editing) and 1 is level." in shown


@pytest.mark.parametrize(
    ("reported", "points", "text"),
    [
        (0, [1], ""),
        (24, [1], "Not counted: 24 boards of what makers report of their own models."),
        (0, [1, 0], " Not counted, for neither leader has a point yet: Riddles."),
    ],
)
def test_boards_say_what_is_not_counted(reported: int, points: list[int], text: str) -> None:
    """Would catch a list of boards longer than the count above it, without a word why."""
    facts = result("boards_facts", BOARDS | {"self_reported": reported})["boards_facts"].first
    rows = result("boards", *({"name": "Riddles", "is_without_points": point == 0} for point in points))
    module = environment().get_template("headlines.html.j2").module
    assert module.not_counted(facts, rows["boards"]).striptags() == text.strip()  # type: ignore[attr-defined]


def test_boards_say_where_china_has_led_before() -> None:
    led = result("boards_led", LED, LED_BEFORE, LED_ONCE)["boards_led"]
    text = environment().get_template("headlines.html.j2").module.led_before(led)  # type: ignore[attr-defined]
    assert text.striptags() == (
        "At earlier month ends China led on Text to video (July 2026 to August 2026) and MMMU-Pro (August 2026)."
    )
    none = QueryResult("boards_led", "", tuple(LED), ())
    assert not environment().get_template("headlines.html.j2").module.led_before(none)  # type: ignore[attr-defined]


def test_restated_counts_the_months_that_change_sides() -> None:
    row = {
        "months": 40, "vintage": date(2026, 8, 3), "months_moved": 24, "moved_by_more_than": 10,
        "months_changing_sides": 1, "turned_month": date(2025, 2, 1), "turned_then": 40.8, "turned_now": -6.8,
    }  # fmt: skip
    shown = sentence("restated", result("restated_facts", row))
    assert shown.endswith("; February 2025 changes sides, from +40.8 then to −6.8 now.")
    shown = sentence("restated", result("restated_facts", row | {"months_changing_sides": 2}))
    assert shown.endswith("; 2 change sides, the newest February 2025, from +40.8 then to −6.8 now.")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-0.04, 1, "0.0"),
        (-0.06, 1, "−0.1"),
        (1533.46, 1, "1,533.5"),
        (42.0, 0, "42"),
        (0.0, 1, "0.0"),
        (1.125, 2, "1.13"),
    ],
)
def test_figures_are_shown_as_rounded(value: float, decimals: int, text: str) -> None:
    assert rounded(value, decimals) == text
    assert rounded(-abs(value), decimals, size=True) == text.lstrip("−")


def test_a_gap_that_is_shown_as_zero_is_level() -> None:
    expected = ["level", "level", "US", "China"]
    assert [leading_side(gap) for gap in (0.04, -0.04, 0.05, -0.05)] == expected


FRESH = {
    "inputs": 3,
    "redistributable": True,
    "is_repeating": False,
    "next_expected": datetime(2026, 12, 1),  # noqa: DTZ001
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "next expected 1 December 2026"),
        ({"next_expected": datetime(2026, 11, 1)}, "overdue since 1 November 2026"),  # noqa: DTZ001
        ({"next_expected": datetime(2026, 11, 22)}, "next expected 22 November 2026"),  # noqa: DTZ001
        ({"next_expected": None}, "no schedule"),
        ({"is_repeating": True}, "repeats older figures"),
        ({"inputs": 0}, "not held: read live"),
        ({"inputs": 0, "redistributable": False}, "not held: may not ship"),
    ],
)
def test_freshness_is_as_of_the_release(changed: dict[str, Any], words: str) -> None:
    assert state(FRESH | changed, date(2026, 11, 22)) == words
