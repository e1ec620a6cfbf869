"""Who is first, on made leaderboards: equal scores, ends of the record, days nobody saw, lists with holes, models of
nobody's, and the answers of ``first_lead``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    CN,
    LEADERS,
    MIRROR,
    OFFICIAL,
    OLD_MIRROR,
    OTHER,
    SITE,
    US,
    Candidate,
    Cases,
    Leaderboard,
    printed,
    row,
    rows,
    undated,
)

GPT, CLAUDE, GEMINI = US[:3]
DEEPSEEK, QWEN, YI = CN[:3]
#: By makers of the US and China; a dispersed project without a country; a model of which nothing is known.
JOINT, NO_COUNTRY, UNKNOWN = "nvila-8b", "RWKV-4-Raven-14B", "nobody-knows-1"
DAYS = ("2025-01-10", "2025-01-20", "2025-02-10", "2025-02-15", "2025-02-20")
CASES = Cases()


def over_field(scores: Mapping[str, float], place: int) -> list[dict[str, Any]]:
    """``scores`` over fifteen models far below, which differ a little from ``place`` to place: no list is a copy."""
    return rows({**dict.fromkeys((*US, *CN, *OTHER), 1000.0 + place), **scores})


def series(*scores: Mapping[str, float], source: str = OFFICIAL) -> list[Leaderboard]:
    """A leaderboard for each of `DAYS`."""
    return [
        printed(source, on, over_field(of_day, place))
        for place, (on, of_day) in enumerate(zip(DAYS, scores, strict=False))
    ]


TIE = CASES.add(
    "equal scores",
    *series(
        {GPT: 1300, CLAUDE: 1290, DEEPSEEK: 1280},
        {GPT: 1310, CLAUDE: 1310, DEEPSEEK: 1310},  # nobody above gpt
        {GPT: 1311, CLAUDE: 1320, DEEPSEEK: 1320},  # gpt falls behind two: claude by name
        {GPT: 1320, CLAUDE: 1320, DEEPSEEK: 1320},
        {GPT: 1320, CLAUDE: 1319, DEEPSEEK: 1321},
    ),
)
FIRST_TIE = CASES.add("equal at first", *series({GPT: 1300, DEEPSEEK: 1300}))
UNDONE = CASES.add(
    "a change undone",
    *series({GPT: 1300, CLAUDE: 1290}, {GPT: 1300, CLAUDE: 1305}, {GPT: 1300, CLAUDE: 1290}),
)
HOLE = CASES.add(
    "a hole of 89 days",
    printed(OFFICIAL, "2025-01-01", rows({GPT: 1300, DEEPSEEK: 1200})),
    printed(OFFICIAL, "2025-03-31", rows({GPT: 1301, DEEPSEEK: 1203})),
)
ONCE = CASES.add(
    "one Chinese publication",
    printed(OFFICIAL, "2025-01-10", rows({GPT: 1300, CLAUDE: 1290})),
    printed(OFFICIAL, "2025-01-20", rows({GPT: 1300, CLAUDE: 1291, DEEPSEEK: 1250})),
    printed(OFFICIAL, "2025-02-10", rows({GPT: 1300, CLAUDE: 1292})),
)
NOBODYS = CASES.add(
    "nobody's",
    *series(
        {GPT: 1300, JOINT: 1290, NO_COUNTRY: 1280},
        {GPT: 1300, JOINT: 1310, DEEPSEEK: 1250},
        {GPT: 1300, JOINT: 1310, NO_COUNTRY: 1320},
        {GPT: 1330, JOINT: 1310, NO_COUNTRY: 1320},
    ),
)


def of_leaders(on: str, lines: Sequence[tuple[int | None, str, float]]) -> Leaderboard:
    return printed(LEADERS, on, [row(model, score, rank=rank) for rank, model, score in lines])


LISTS = CASES.add(
    "lists with holes",
    of_leaders("2025-01-10", [(1, GPT, 1300), (2, CLAUDE, 1290), (3, DEEPSEEK, 1280), (5, QWEN, 1270)]),
    # Rank 2 may be Chinese, or of the same score.
    of_leaders("2025-01-20", [(1, GPT, 1300), (3, CLAUDE, 1290), (4, DEEPSEEK, 1280)]),
    of_leaders("2025-02-10", [(2, GPT, 1300), (3, CLAUDE, 1290), (4, DEEPSEEK, 1280)]),
    of_leaders("2025-02-15", [(None, GPT, 1300), (None, CLAUDE, 1290), (None, DEEPSEEK, 1280)]),
    # All that is known to be above rank 3 is of one country.
    of_leaders("2025-02-20", [(1, GPT, 1300), (2, CLAUDE, 1290), (4, DEEPSEEK, 1280)]),
)
NO_POINTS = CASES.add("nobody has a point", printed(OFFICIAL, DAYS[0], rows({GPT: 0.0, DEEPSEEK: 0.0})))
SHARED = CASES.add(
    "a shared rank",
    of_leaders("2025-01-10", [(1, GPT, 1300), (2, CLAUDE, 1290), (2, QWEN, 1290), (4, DEEPSEEK, 1280)]),
    of_leaders("2025-01-20", [(1, GPT, 1300), (1, CLAUDE, 1300), (3, DEEPSEEK, 1280), (4, QWEN, 1270)]),
)

# Questions: has a Chinese model been first?
CHINA = {DEEPSEEK: 1310.0, GPT: 1300.0}
LOW = {DEEPSEEK: 1290.0, GPT: 1300.0}
SETTLED = CASES.add("settled", *series(LOW, CHINA))
BEFORE_ALL = CASES.add("first of all", *series({DEEPSEEK: 1310.0, QWEN: 1310.0, GPT: 1300.0}))
EQUAL = CASES.add("equal only", *series(LOW, {DEEPSEEK: 1300.0, GPT: 1300.0}))
ONE_MIRROR = CASES.add("one mirror", *series(LOW), *series({}, CHINA, source=OLD_MIRROR)[1:])
TWO_MIRRORS = CASES.add(
    "two mirrors", *series(LOW), *(series({}, CHINA, source=source)[1] for source in (OLD_MIRROR, MIRROR))
)
BOUNDED = CASES.add("no printed day", *series(LOW), undated(OFFICIAL, DAYS[1], over_field(CHINA, 1)))
CUT = CASES.add("a cut list", *series(LOW), of_leaders(DAYS[1], [(1, DEEPSEEK, 1310), (3, GPT, 1300)]))
BLOCKED = CASES.add("a joint model first", *series(LOW, {**LOW, JOINT: 1320.0}))
WITHHELD = CASES.add("a nameless model first", *series(LOW, {**LOW, UNKNOWN: 1320.0}))
RESOLVED = CASES.add(
    "a mirror's nameless model",
    *series(LOW, {**LOW, QWEN: 1280.0}),
    printed(SITE, DAYS[1], rows({**LOW, UNKNOWN: 1320.0})),
)
BELOW = CASES.add("a nameless model below", *series(LOW, {**LOW, UNKNOWN: 1295.0}))


def drawn(seed: int) -> list[dict[str, float]]:
    """Five publications of nine models on three levels: most of them tie."""
    of = random.Random(seed)
    names = (*US[:4], *CN[:3], *OTHER[:2])
    return [{name: float(of.choice((1300, 1310, 1320))) for name in names} for _ in DAYS]


DRAWN = {CASES.add(f"drawn {seed}", *series(*drawn(seed))): drawn(seed) for seed in range(40)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(tmp_path_factory.mktemp("leads"), *CASES.boards)


def reigns(made: Candidate, variant: str, level: str = "model", scope: str = "world") -> list[dict[str, Any]]:
    return made.rows(
        "SELECT * FROM reigns WHERE variant = ? AND level = ? AND scope = ? ORDER BY reign",
        [variant, level, scope],
    )


def spans(found: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["holder"], str(one["first_seen"]), str(one["last_seen"])) for one in found]


def leaders(made: Candidate, variant: str, scope: str, level: str) -> dict[str, str]:
    found = made.rows(
        "SELECT published_on::VARCHAR AS day, holder FROM core.publication_leaders "
        "WHERE variant = ? AND scope = ? AND level = ? ORDER BY published_on",
        [variant, scope, level],
    )
    return {one["day"]: one["holder"] for one in found}


def answer(made: Candidate, variant: str, by_day: str = "2025-12-31", country: str = "CN") -> dict[str, Any]:
    [found] = made.rows(
        "SELECT * FROM first_lead('arena_text', ?, ?, ?)", [variant, country, date.fromisoformat(by_day)]
    )
    return found


# Equal scores


def test_equal_scores_leave_the_first_place_where_it_is(made: Candidate) -> None:
    """Fails when every whole-number tie goes to the name first in the alphabet, a reign for each publication."""
    found = reigns(made, TIE)
    assert spans(found) == [
        (GPT, DAYS[0], DAYS[1]),
        (CLAUDE, DAYS[2], DAYS[3]),
        (DEEPSEEK, DAYS[4], DAYS[4]),
    ]
    assert [one["taken_from"] for one in found] == [None, GPT, CLAUDE]
    assert [one["margin_at_start"] for one in found] == [10, 0, 1]
    assert spans(reigns(made, TIE, "country")) == [("US", DAYS[0], DAYS[3]), ("CN", DAYS[4], DAYS[4])]
    makers = reigns(made, TIE, "organization")
    assert [one["holder_name"] for one in makers] == ["OpenAI", "Anthropic", "DeepSeek"]
    assert makers[1]["model_name"] == CLAUDE


def test_the_first_of_equals_is_the_first_by_name(made: Candidate) -> None:
    assert spans(reigns(made, FIRST_TIE)) == [(DEEPSEEK, DAYS[0], DAYS[0])]
    assert spans(reigns(made, FIRST_TIE, "country")) == [("CN", DAYS[0], DAYS[0])]
    [top] = made.rows(
        "SELECT margin, stands_alone FROM core.publication_leaders WHERE variant = ? AND level = 'country'",
        [FIRST_TIE],
    )
    assert top == {"margin": 0, "stands_alone": False}


@pytest.mark.parametrize("variant", DRAWN)
@pytest.mark.parametrize("scope", ["world", "US", "CN"])
def test_many_ties_give_what_a_loop_over_the_days_gives(made: Candidate, variant: str, scope: str) -> None:
    """Fails when a holder who lost the place gets it back by a tie, or loses it to one."""
    sides = {"US": US, "CN": CN, "world": (*US, *CN, *OTHER)}
    expected: list[str] = []
    for scores in DRAWN[variant]:
        of_scope = {name: score for name, score in scores.items() if name in sides[scope]}
        highest = sorted(name for name, score in of_scope.items() if score == max(of_scope.values()))
        expected.append(expected[-1] if expected and expected[-1] in highest else highest[0])
    assert list(leaders(made, variant, scope, "model").values()) == expected
    changes = sum(one != other for one, other in pairwise(expected))
    assert len(reigns(made, variant, scope=scope)) == changes + 1


# Ends, holes and days


def test_a_reign_lasted_at_least_what_was_seen_and_at_most_to_its_neighbours(made: Candidate) -> None:
    """Fails when a day is counted twice or not at all, or a censored end is filled in."""
    first, second, third = reigns(made, UNDONE)
    assert [one["holder"] for one in (first, second, third)] == [GPT, CLAUDE, GPT]
    assert [(one["days_at_least"], one["days_at_most"]) for one in (first, second, third)] == [
        (1, 10),  # 10 to 19 January
        (1, 30),  # 11 January to 9 February
        (1, 21),  # 21 January to 10 February
    ]
    assert [one["start_censored"] for one in (first, second, third)] == [True, False, False]
    assert [one["end_censored"] for one in (first, second, third)] == [False, False, True]
    assert [one["publications"] for one in (first, second, third)] == [1, 1, 1]
    assert first["first_snapshot_id"] == first["last_snapshot_id"]


def test_days_without_a_publication_that_is_new_enough_are_unknown(made: Candidate) -> None:
    """Fails when the last leader is carried over a season, or the 45th day is counted as unknown."""
    [reign] = reigns(made, HOLE)
    assert (reign["days_at_least"], reign["longest_unseen"]) == (90, 88)
    found = made.rows(
        "SELECT holder, days, known_days, unknown_days, share_of_known_days, reigns FROM days_led "
        "WHERE variant = ? AND scope = 'world' AND level = 'organization' ORDER BY days",
        [HOLE],
    )
    assert [tuple(one.values()) for one in found] == [
        ("unknown", 43, 47, 43, None, None),
        ("openai", 47, 47, 43, 1, 1),
    ]
    months = made.rows(
        "SELECT month::VARCHAR AS month, holder, days, known_days, led_most FROM days_led_by_month "
        "WHERE variant = ? AND scope = 'world' AND level = 'organization' ORDER BY month, holder",
        [HOLE],
    )
    assert [tuple(one.values()) for one in months] == [
        ("2025-01-01", "openai", 31, 31, True),
        ("2025-02-01", "openai", 15, 15, True),
        ("2025-02-01", "unknown", 13, 15, False),
        ("2025-03-01", "openai", 1, 1, True),
        ("2025-03-01", "unknown", 30, 1, False),
    ]


def test_a_country_with_one_publication_has_one_censored_day(made: Candidate) -> None:
    [reign] = reigns(made, ONCE, scope="CN")
    assert (reign["holder"], reign["days_at_least"], reign["days_at_most"]) == (DEEPSEEK, 1, 1)
    assert reign["start_censored"]
    assert reign["end_censored"]
    assert reign["margin_at_start"] is None  # there is no other


def test_every_day_of_every_series_belongs_to_one_holder(made: Candidate) -> None:
    wrong = made.rows(
        "SELECT * FROM days_led QUALIFY sum(days) OVER (PARTITION BY board, variant, scope, level) "
        "<> last_day - first_day + 1"
    )
    assert wrong == []


# Models of nobody's


def test_a_model_of_several_countries_or_of_none_leads_for_nobody(made: Candidate) -> None:
    """Fails when a joint model gives a country the lead, or the days of one go to who was first before."""
    assert list(leaders(made, NOBODYS, "world", "country").values()) == ["US", "joint", "no_country", "US"]
    assert list(leaders(made, NOBODYS, "world", "organization").values()) == [
        "openai",
        "joint",
        "rwkv",
        "openai",
    ]
    assert list(leaders(made, NOBODYS, "world", "model").values()) == [GPT, JOINT, NO_COUNTRY, GPT]
    assert set(leaders(made, NOBODYS, "US", "model").values()) == {GPT}
    assert [one["holder_name"] for one in reigns(made, NOBODYS, "country")] == ["US", None, None, "US"]


# Lists with holes


def test_a_list_names_who_is_first_where_no_hole_is_above(made: Candidate) -> None:
    """Fails when a Chinese model further down a list stands for the best one, which may be the row that is missing."""
    first, second, _, fourth, fifth = DAYS
    assert leaders(made, LISTS, "world", "model") == dict.fromkeys((first, second, fourth, fifth), GPT)
    assert leaders(made, LISTS, "CN", "model") == {first: DEEPSEEK}
    assert leaders(made, LISTS, "US", "model") == dict.fromkeys((first, second, fourth, fifth), GPT)


def test_nobody_is_first_where_nobody_has_a_point(made: Candidate) -> None:
    """Would catch the first of two noughts by name counted as a lead."""
    assert made.rows("SELECT * FROM core.publication_leaders WHERE variant = ?", [NO_POINTS]) == []


def test_a_shared_rank_is_no_hole(made: Candidate) -> None:
    """1, 1, 3: rank 2 is not missing, as for the interval of the same list."""
    assert leaders(made, SHARED, "CN", "model") == {DAYS[0]: QWEN, DAYS[1]: DEEPSEEK}


def test_a_margin_over_a_row_that_may_be_missing_is_not_known(made: Candidate) -> None:
    found = made.rows(
        "SELECT margin, stands_alone FROM core.publication_leaders WHERE variant = ? AND scope = 'world' "
        "AND level = 'model' ORDER BY published_on",
        [LISTS],
    )
    assert [tuple(one.values()) for one in found] == [(10, True), (None, False), (None, False), (10, True)]
    # Nothing that is not listed is above 1290, but a Chinese model could be there.
    [last] = made.rows(
        "SELECT margin, stands_alone FROM core.publication_leaders WHERE variant = ? AND level = 'country' "
        "AND published_on = '2025-02-20'",
        [LISTS],
    )
    assert tuple(last.values()) == (None, True)


# Questions


def test_yes_names_the_publication_that_settles_it(made: Candidate) -> None:
    found = answer(made, SETTLED)
    assert (found["answer"], str(found["published_on"]), found["model_name"], found["margin"]) == (
        "yes",
        DAYS[1],
        DEEPSEEK,
        10,
    )
    assert (found["date_basis"], found["source_id"]) == ("printed", OFFICIAL)
    assert answer(made, SETTLED, DAYS[1])["answer"] == "yes"
    [earlier] = [answer(made, SETTLED, str(date.fromisoformat(DAYS[1]) - timedelta(days=1)))]
    assert (earlier["answer"], earlier["publications"], earlier["longest_hole"]) == ("no", 1, 9)
    assert earlier["statement"] == "in none of 1 publications held, longest hole 9 days"
    assert answer(made, BEFORE_ALL)["answer"] == "yes"
    assert answer(made, SETTLED, country="FR")["answer"] == "no"


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        (EQUAL, "no"),
        (ONE_MIRROR, "open"),
        (TWO_MIRRORS, "yes"),
        (BOUNDED, "open"),
        (CUT, "open"),
        (BLOCKED, "open"),
        (WITHHELD, "open"),
        (RESOLVED, "no"),
        (BELOW, "no"),
        ("of no board", "open"),
    ],
)
def test_a_question_is_settled_by_strict_leads_of_dated_and_supported_publications_only(
    made: Candidate, variant: str, expected: str
) -> None:
    """Fails when a tie, one mirror or the day of a fetch says yes, or an unknown model at the top allows a no."""
    assert answer(made, variant)["answer"] == expected


def test_what_is_open_says_why(made: Candidate) -> None:
    assert (
        answer(made, ONE_MIRROR)["statement"] == "first in 1 of 2 publications held, none of which settles it"
    )
    assert str(answer(made, ONE_MIRROR)["first_shown_on"]) == DAYS[1]
    for variant in (BLOCKED, WITHHELD):
        assert answer(made, variant)["blocked_publications"] == 1
    assert answer(made, "of no board")["statement"] == "no publication is held by the day"


def test_a_country_that_is_misspelt_gets_no_verdict(made: Candidate) -> None:
    """Fails when a slip of the keyboard is answered with a no."""
    found = answer(made, SETTLED, country="China")
    assert (found["answer"], found["statement"]) == ("open", "no model of China is known")
