"""What the pages say in words, from sample rows: who leads, by how much, how sure, how fresh.

Would catch a sentence that says who leads the wrong way round, a minus sign beside "leads by", an interval that
nobody published, a clock.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from warehouse.site import queries
from warehouse.site.charts import CHARTS
from warehouse.site.cited_values import rounded
from warehouse.site.freshness import state
from warehouse.site.queries import QueryResult, Results
from warehouse.site.templating import environment, fill
from warehouse.site.words import leading_side

NOW = {
    "variant": "style_control",
    "month": date(2026, 10, 1),
    "month_is_open": True,
    "published_on": date(2026, 10, 8),
    "date_basis": "printed",
    "status": "observed",
    "gap_points": 37.3,
    "gap_low": 27.3,
    "gap_high": 47.3,
    "gap_at_least": None,
    "leader": "US",
    "lead_points": 37.3,
    "lead_low": 27.3,
    "lead_high": 47.3,
    "leader_score_pct": 55.35,
    "leads_since": date(2025, 3, 1),
    "months_led": 16,
    "newest_month": date(2026, 10, 1),
    "newest_status": "observed",
    "public_gap": 37.3,
    "interval_month": date(2026, 10, 1),
    "interval_gap": 37.3,
    "interval_low": 27.3,
    "interval_high": 47.3,
    "us_model": "us-1",
    "us_maker": "Us Inc.",
    "cn_model": "cn-1",
    "cn_maker": None,
}
CHINA = {
    "gap_points": -4.2, "gap_low": -7.4, "gap_high": -1.2, "leader": "CN",
    "lead_points": 4.2, "lead_low": 1.2, "lead_high": 7.4, "leader_score_pct": 50.6,
}  # fmt: skip
OPEN = {
    "gap_points": 5.0,
    "gap_low": -4.0,
    "gap_high": 14.0,
    "lead_points": 5.0,
    "lead_low": -4.0,
    "lead_high": 14.0,
}
LEVEL = {
    "gap_points": 0.02, "gap_low": -8.6, "gap_high": 8.7, "leader": "level",
    "lead_points": 0.02, "lead_low": -8.6, "lead_high": 8.7, "leader_score_pct": 50.0,
}  # fmt: skip
NO_INTERVAL: dict[str, Any] = dict.fromkeys(("gap_low", "gap_high", "lead_low", "lead_high"))
RAW = {
    "variant": "raw",
    "lead_points": 42.2,
    "lead_low": 29.4,
    "lead_high": 55.0,
    "leads_since": date(2023, 5, 1),
}
JULY = {
    "interval_month": date(2026, 7, 1), "interval_gap": 21.8, "interval_low": 10.1, "interval_high": 33.6,
}  # fmt: skip


def result(query: str, *rows: dict[str, Any]) -> Results:
    names = tuple(rows[0]) if rows else tuple(NOW)
    return {query: QueryResult(query, "", names, tuple(tuple(row.values()) for row in rows))}


def said(part: str, *rows: dict[str, Any]) -> str:
    """A part of the first screen, from `NOW` with the changes of ``rows``."""
    module: Any = environment().get_template("now.html.j2").module
    result_rows = result("now", *(NOW | row for row in rows))["now"]
    alone = part in ("who", "how_big", "how_sure")
    return str(getattr(module, part)(result_rows.first if alone else result_rows).striptags())


def sentence(chart: str, results: Results) -> str:
    [one] = [one for one in CHARTS if one.id == chart]
    return fill(one.headline, one, results).striptags()


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (
            {},
            (
                "On 8 October 2026 the best US model led China’s best by 37 Arena points with style control "
                "(27 to 47): expected score 55 %."
            ),
        ),
        (
            CHINA,
            (
                "On 8 October 2026 China’s best led the best US model by 4 Arena points with style control (1 to 7): "
                "expected score 51 %."
            ),
        ),
        (
            OPEN,
            (
                "On 8 October 2026 the best US model led China’s best by 5 Arena points with style control (−4 to 14): "
                "who leads is open."
            ),
        ),
        (
            LEVEL,
            (
                "On 8 October 2026 the best US and Chinese models were level with style control: "
                "0 Arena points apart (−9 to 9)."
            ),
        ),
        (
            {"lead_points": 0.6, "lead_low": 0.2, "lead_high": 1.4},
            (
                "On 8 October 2026 the best US model led China’s "
                "best by 1 Arena point with style control (0 to 1): expected score 55 %."
            ),
        ),
        # half a point is shown as one, less is shown as none
        (
            {"lead_points": 0.4},
            (
                "On 8 October 2026 the best US and Chinese models were level with style control: "
                "0 Arena points apart (27 to 47)."
            ),
        ),
        (
            NO_INTERVAL,
            (
                "On 8 October 2026 the best US model led China’s best by 37 Arena points with style control "
                "(no interval published): expected score 55 %."
            ),
        ),
        (
            {"date_basis": "not_after", "variant": "raw"},
            (
                "By 8 October 2026 the best US model led China’s best by "
                "37 Arena points in raw votes (27 to 47): expected score 55 %."
            ),
        ),
    ],
)
def test_the_answer_is_one_sentence_of_at_most_25_words(changed: dict[str, Any], text: str) -> None:
    """Would catch the leader named the wrong way round, and an interval of the other side’s lead."""
    assert said("answer", changed) == text
    assert len(text.split()) <= 25


def test_the_answer_without_any_gap() -> None:
    assert said("answer") == "No month of the text arena has both a US and a Chinese model yet."
    assert said("second") == ""


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([{}, RAW], "In raw votes the US led by 42 (29 to 55). Quote the figure with style control, "),
        (
            [{}, RAW | {"published_on": date(2026, 9, 2)}],
            "In raw votes, on 2 September 2026, the US led by 42 (29 to 55).",
        ),
        ([{}, RAW | CHINA], "In raw votes China led by 4 (1 to 7)."),
        ([CHINA, RAW | LEVEL], "In raw votes the two were 0 Arena points apart (−9 to 9)."),
        ([LEVEL, RAW], "In raw votes the US led by 42 (29 to 55)."),
        ([{}, RAW | NO_INTERVAL], "In raw votes the US led by 42 (no interval published)."),
        ([RAW], "The rating with style control, the arena’s own default since May 2025, is not held."),
    ],
)
def test_the_other_rating_stands_below_with_which_to_quote(rows: list[dict[str, Any]], text: str) -> None:
    assert said("second", *rows).startswith(text)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            [{}, RAW],
            "The US has led in every month held since March 2025 with style control and May 2023 in raw votes.",
        ),
        (
            [CHINA, RAW | CHINA],
            (
                "China has led in every month held since March 2025 with style control and May 2023 in "
                "raw votes."
            ),
        ),
        (
            [{}, RAW | CHINA],
            (
                "With style control the US has led in every month held since March 2025. In raw votes China "
                "has led in every month held since May 2023."
            ),
        ),
        (
            [LEVEL, RAW],
            (
                "With style control the two are level in October 2026. In raw votes the US has led in every "
                "month held since May 2023."
            ),
        ),
    ],
)
def test_since_when_names_each_rating(rows: list[dict[str, Any]], text: str) -> None:
    """Would catch a reign of one rating said of both."""
    assert said("since", *rows) == text


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, "27 to 47 is the 95 % interval, from the published errors of both."),
        (NO_INTERVAL | JULY, "No interval is published. The newest with one: July 2026, 22 (10 to 34)."),
        (
            NO_INTERVAL | JULY | {"gap_at_least": 21.5},
            (
                "No interval is published, for a model that is not listed could "
                "lead. The newest with one: July 2026, 22 (10 to 34)."
            ),
        ),
        (NO_INTERVAL | {"interval_month": None}, "No interval is published."),
    ],
)
def test_how_sure_invents_no_interval(changed: dict[str, Any], text: str) -> None:
    assert said("how_sure", changed) == text


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, "us-1 by Us Inc. against cn-1."),
        (
            {"public_gap": 19.0},
            "us-1 by Us Inc. against cn-1. Among models that anyone could use the US leads by 19.",
        ),
        (
            {"public_gap": -3.0},
            "us-1 by Us Inc. against cn-1. Among models that anyone could use China leads by 3.",
        ),
        ({"us_model": "<b>x</b>"}, "&lt;b&gt;x&lt;/b&gt; by Us Inc. against cn-1."),
    ],
)
def test_who_names_both_models_and_the_gap_without_those_nobody_could_use(
    changed: dict[str, Any], text: str
) -> None:
    row = result("now", NOW | changed)["now"].first
    module: Any = environment().get_template("now.html.j2").module
    html = module.who(row)
    assert re.sub(r"<(?!b>|/b>)[^>]*>", "", str(html)) == text


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({}, "53 days at this release, of 30 November 2026. October 2026 was not over."),
        (
            {"month_is_open": False, "published_on": date(2026, 11, 29)},
            "1 day at this release, of 30 November 2026.",
        ),
        (
            {"newest_month": date(2026, 11, 1), "newest_status": "withheld"},
            (
                "53 days at this release, of 30 November 2026. "
                "November 2026 has no figure: what was published is doubtful and withheld."
            ),
        ),
        (
            {"newest_month": date(2026, 11, 1), "newest_status": "no_snapshot"},
            "53 days at this release, of 30 November 2026. November 2026 has no figure: no list of it is held.",
        ),
    ],
)
def test_how_old_counts_to_the_release_and_says_why_a_newer_month_is_missing(
    changed: dict[str, Any], text: str
) -> None:
    """Would catch an old figure shown as that of a month that is withheld."""
    row = result("now", NOW | changed)["now"].first
    module: Any = environment().get_template("now.html.j2").module
    assert module.how_old(row, date(2026, 11, 30)).striptags() == text


def gap_sentence(*series: tuple[str, float, float, float]) -> str:
    """The sentence of the gap chart, of each rating's first, smallest and last gap."""
    rows = [
        {
            "variant": variant,
            "first_month": date(2023, 5, 1),
            "first_gap": first,
            "smallest_month": date(2026, 10, 1) if smallest == last else date(2025, 11, 1),
            "smallest_gap": smallest,
            "last_month": date(2026, 10, 1),
            "last_gap": last,
            "last_is_open": False,
        }
        for variant, first, smallest, last in series
    ]
    return sentence("gap", result("gap_facts", *rows))


def test_gap_sentence_says_of_which_rating_a_lead_was_smallest() -> None:
    """Would catch the smallest lead in raw votes printed as the smallest of all."""
    assert gap_sentence(("style_control", 41.1, 17.0, 37.3), ("raw", 303.6, 20.4, 42.5)) == (
        "The US lead with style control was 41 Arena points in May 2023, 17 at its smallest in November 2025 and 37 in "
        "October 2026; in raw votes it was 304 Arena points in May 2023, 20 at its smallest in November 2025 and 43 in "
        "October 2026."
    )
    assert gap_sentence(("raw", 303.6, 12.0, 12.0)) == (
        "The US lead in raw votes was 304 Arena points in May 2023 and 12 in October 2026, its smallest."
    )
    assert gap_sentence(("raw", 303.6, -8.0, -8.0)).endswith("its smallest: China leads.")


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
    "oldest_month": date(2024, 10, 1), "newest_month": date(2026, 10, 1), "self_reported": 0, "old": 0,
}  # fmt: skip


LED = {
    "board": "video_edit", "name": "Video editing", "leads_now": True, "months": 2,
    "first_month": date(2026, 7, 1), "last_month": date(2026, 8, 1), "by_makers_alone": False,
}  # fmt: skip
LED_BEFORE = LED | {"board": "video", "name": "Text to video", "leads_now": False}
LED_ONCE = LED_BEFORE | {
    "board": "mmmu", "name": "MMMU-Pro", "first_month": date(2026, 8, 1), "by_makers_alone": True,
}  # fmt: skip


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
    """Would catch a lead by what makers say of their own models, told as if somebody had measured it."""
    led = result("boards_led", LED, LED_BEFORE, LED_ONCE)["boards_led"]
    text = environment().get_template("headlines.html.j2").module.led_before(led)  # type: ignore[attr-defined]
    assert text.striptags() == (
        "At earlier month ends China led on Text to video (July 2026 to August 2026) and MMMU-Pro (August 2026, "
        "by the makers’ own figures)."
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
