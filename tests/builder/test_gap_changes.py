"""What moved the gap from month to month. Would catch parts that do not add up, a model that was only renamed, cut off
or away for a while counted as new, and scores of different models subtracted across snapshots.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest

from tests.fixtures import warehouses
from tests.fixtures.tables_in_memory import mart, parameters, tiny
from tests.fixtures.warehouses import Candidate
from warehouse.db import sql_text

OVERALL = "board = 'arena_text' AND category = 'overall'"
PARTS = ("new", "dropped", "leader_rerated", "overtaken")

Scores = dict[str, float]


def day_of(month: int, day: int) -> date:
    return date(2025 + (month - 1) // 12, (month - 1) % 12 + 1, day)


def best(scores: Scores, country: str) -> str:
    """The leader: the highest score, of equal ones the name first in the alphabet."""
    return min((-score, name) for name, score in scores.items() if name.startswith(country))[1]


def changes(
    *months: tuple[int, Scores],
    coverage: str = "whole",
    first_listed: dict[str, date] | None = None,
    pair: tuple[str, str] = ("US", "CN"),
    renamed: dict[str, str] | None = None,
    errors: dict[int, float] | None = None,
) -> list[dict[str, Any]]:
    """`gap_changes` of a board with a snapshot in each of ``months``, of which 1 is January 2025.

    The country of a model is how its name begins; ``renamed`` has the identity of a name where it is another,
    ``errors`` the `gap_error` of a month.
    """
    identity = renamed or {}
    rows, scores = [], []
    for month, listed in months:
        us, cn = (best(listed, country) for country in pair)
        rows.append(
            {
                "month": day_of(month, 1), "published_on": day_of(month, 20), "snapshot_id": f"s{month}",
                "us_model": us, "us_model_id": identity.get(us, us),
                "cn_model": cn, "cn_model_id": identity.get(cn, cn),
                "gap_points": listed[us] - listed[cn], "gap_error": (errors or {}).get(month),
            }
        )  # fmt: skip
        scores += [
            {
                "snapshot_id": f"s{month}",
                "model_name": name,
                "model_id": identity.get(name, name),
                "score": score,
            }
            for name, score in listed.items()
        ]
    models = {row["model_id"] for row in scores}
    con = tiny(
        meta__parameters=parameters(country_a=pair[0], country_b=pair[1]),
        main__monthly_gap=rows,
        core__scores=[{"category": "x", "is_public": True, **row} for row in scores],
        core__snapshots=[
            {"snapshot_id": row["snapshot_id"], "published_on": row["published_on"], "coverage": coverage}
            for row in rows
        ],
        core__model_countries=[
            {
                "model_id": model, "country": model[:2], "country_rule": "hq",
                "valid_from": date.min, "valid_to": date.max,
            }
            for model in models
        ],
        core__first_listed=[
            {"board": "x", "model_id": model, "first_listed_on": day}
            for model, day in (first_listed or {}).items()
        ],
    )  # fmt: skip
    return mart(con, "gap_changes")


def parts(row: dict[str, Any], side: str) -> list[float]:
    return [row[f"{side}_{part}"] for part in PARTS]


def test_a_new_leader_is_new_and_the_old_one_is_rerated() -> None:
    [row] = changes((1, {"US-a": 100, "CN-a": 90}), (2, {"US-a": 101, "US-b": 110, "CN-a": 88}))
    assert parts(row, "us") == [9, 0, 1, 0]
    assert parts(row, "cn") == [0, 0, -2, 0]
    assert (row["change_points"], row["change_from_new"], row["change_from_rerated"]) == (12, 9, 3)
    assert (row["us_old_leader"], row["us_new_leader"], row["us_new_model"]) == ("US-a", "US-b", "US-b")
    assert (row["us_dropped_leader"], row["cn_new_model"], row["cn_is_return"]) == (None, None, None)
    assert row["months_between"] == 1


def test_a_leader_that_is_no_longer_listed_is_dropped_and_named() -> None:
    [row] = changes((1, {"US-a": 100, "CN-a": 95, "CN-b": 90}), (2, {"US-a": 100, "CN-b": 91, "CN-c": 93}))
    assert parts(row, "cn") == [2, -5, 1, 0]
    assert (row["cn_dropped_leader"], row["cn_new_model"]) == ("CN-a", "CN-c")
    assert row["change_points"] == 2


def test_a_shared_model_that_passes_the_leader_overtakes_it_and_is_not_new() -> None:
    [row] = changes((1, {"US-a": 100, "US-b": 98, "CN-a": 90}), (2, {"US-a": 97, "US-b": 105, "CN-a": 90}))
    assert parts(row, "us") == [0, 0, -3, 8]
    assert (row["us_rerated"], row["us_new_leader"], row["us_new_model"]) == (5, "US-b", None)


def test_of_equal_scores_before_the_first_by_name_is_the_leader_whose_gain_counts() -> None:
    [row] = changes((1, {"US-b": 100, "US-a": 100, "CN-a": 90}), (2, {"US-a": 99, "US-b": 104, "CN-a": 90}))
    assert parts(row, "us") == [0, 0, -1, 5]


def test_a_tie_with_a_new_model_is_not_won_by_it() -> None:
    """The new model is first by name and named as leader, but it moved nothing."""
    [row] = changes((1, {"US-b": 100, "CN-a": 90}), (2, {"US-a": 100, "US-b": 100, "CN-a": 90}))
    assert parts(row, "us") == [0, 0, 0, 0]
    assert (row["us_new_leader"], row["us_new_model"], row["us_is_return"]) == ("US-a", None, None)


def test_a_renamed_model_is_the_same_model() -> None:
    [row] = changes(
        (1, {"US-a": 100, "CN-a": 90}), (2, {"US-a": 100, "CN-a-max": 93}), renamed={"CN-a-max": "CN-a"}
    )
    assert parts(row, "cn") == [0, 0, 3, 0]


def test_the_best_row_of_a_model_listed_twice_counts() -> None:
    [row] = changes(
        (1, {"US-a": 100, "US-a2": 80, "CN-a": 90}),
        (2, {"US-a": 70, "US-a2": 101, "CN-a": 90}),
        renamed={"US-a2": "US-a"},
    )
    assert parts(row, "us") == [0, 0, 1, 0]
    assert row["us_shared_models"] == 1


def test_a_shift_of_the_whole_scale_is_no_part_of_the_gap() -> None:
    before = {"US-a": 100, "US-b": 90, "CN-a": 80, "FR-a": 70, "FR-b": 60}
    [row] = changes((1, before), (2, {name: score + 60 for name, score in before.items()}))
    assert (row["scale_shift"], row["us_rerated"], row["cn_rerated"]) == (60, 60, 60)
    assert (row["us_rerated_own"], row["cn_rerated_own"], row["change_from_rerated"]) == (0, 0, 0)
    assert (row["change_points"], row["shared_models"]) == (0, 5)


@pytest.mark.parametrize(
    ("first_listed", "is_return"), [(date(2025, 1, 20), True), (date(2025, 1, 21), False)]
)
def test_a_model_listed_by_the_day_of_the_first_snapshot_returns(first_listed: date, is_return: bool) -> None:
    [row] = changes(
        (1, {"US-a": 100, "CN-a": 90}),
        (2, {"US-a": 100, "CN-a": 90, "CN-b": 95}),
        first_listed={"CN-b": first_listed},
    )
    assert (row["cn_new_model"], row["cn_is_return"], row["us_is_return"]) == ("CN-b", is_return, None)


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ({"US-b": 110, "CN-a": 92}, "no_shared_us_model"),
        ({"US-a": 110, "CN-b": 92}, "no_shared_cn_model"),
        ({"US-b": 110, "CN-b": 92}, "no_shared_model"),
    ],
)
def test_without_a_shared_model_a_country_has_no_parts(after: Scores, status: str) -> None:
    """Would catch scores of two scales subtracted from each other."""
    [row] = changes((1, {"US-a": 100, "CN-a": 90}), (2, after))
    assert (row["status"], row["change_points"]) == (status, 8)
    assert row["change_from_new"] is row["change_from_dropped"] is row["change_from_rerated"] is None
    for side in ("us", "cn"):
        is_known = status in ("no_shared_us_model", "no_shared_cn_model") and side not in status
        assert [part is not None for part in parts(row, side)] == [is_known] * 4
        assert row[f"{side}_shared_models"] == is_known


def test_months_without_a_gap_are_passed_over_and_counted() -> None:
    first, second, third = {"US-a": 100, "CN-a": 90}, {"US-a": 103, "CN-a": 90}, {"US-a": 104, "CN-a": 90}
    rows = changes((1, first), (4, second), (5, third))
    assert [(row["from_month"].month, row["month"].month, row["months_between"]) for row in rows] == [
        (1, 4, 3),
        (4, 5, 1),
    ]
    assert [row["change_points"] for row in rows] == [3, 1]


@pytest.mark.parametrize(
    ("coverage", "is_partial"), [("whole", False), ("truncated", True), ("leaders", True)]
)
def test_a_list_that_is_cut_is_said(coverage: str, is_partial: bool) -> None:
    [row] = changes((1, {"US-a": 1, "CN-a": 0}), (2, {"US-a": 1, "CN-a": 0}), coverage=coverage)
    assert row["is_partial"] is is_partial


def test_another_pair_is_compared_by_its_own_models() -> None:
    first = {"US-a": 100, "CN-a": 90, "FR-a": 80}
    [row] = changes((1, first), (2, {**first, "FR-b": 85}), pair=("CN", "FR"))
    assert (parts(row, "us"), parts(row, "cn")) == ([0, 0, 0, 0], [5, 0, 0, 0])
    assert (row["change_points"], row["cn_new_model"]) == (-5, "FR-b")


def test_change_over_a_year_is_that_of_the_same_month_with_the_errors_of_both_gaps() -> None:
    rows = changes(
        *((month, {"US-a": 100.0 + month, "CN-a": 90}) for month in (1, 2, 13, 15)),
        errors={1: 3.0, 13: 4.0},
    )
    assert [(row["month"].month, row["change_12m"], row["change_12m_error"]) for row in rows] == [
        (2, None, None),
        (1, 12, 5),
        (3, None, None),
    ]


# On the shipped history


def test_parts_add_up_and_changes_lead_from_the_first_gap_to_the_last(shipped_build: Candidate) -> None:
    [row] = shipped_build.rows(
        "SELECT count(*) AS rows, count(change_from_new) AS explained, "
        "max(abs(change_points - (change_from_new + change_from_dropped + change_from_rerated))) AS off, "
        "max(abs(us_new + us_dropped + us_rerated - (cn_new + cn_dropped + cn_rerated) - change_points)) AS off_sides "
        "FROM gap_changes"
    )
    assert row["rows"] > 400
    assert row["explained"] >= row["rows"] - 2
    assert row["off"] < 1e-9
    assert row["off_sides"] < 1e-9
    assert (
        shipped_build.rows(
            "WITH series AS ("
            "SELECT board, variant, category, arg_min(gap_points, month) AS first, "
            "arg_max(gap_points, month) AS last, count(*) AS months FROM monthly_gap "
            "WHERE gap_points IS NOT NULL GROUP BY ALL) "
            "SELECT s.*, sum(c.change_points) AS change, count(c.month) AS changes "
            "FROM series AS s LEFT JOIN gap_changes AS c USING (board, variant, category) GROUP BY ALL "
            "HAVING changes <> months - 1 OR abs(coalesce(change, 0) - (last - first)) > 1e-9"
        )
        == []
    )


#: Reference figures: variant, month, change, then new, rerated of the US and of China, all as printed.
REFERENCE = [
    ("raw", "2025-01", -34.0, (8.5, 0.0), (41.1, 1.5)),
    ("raw", "2025-03", 42.6, (41.4, -1.9), (0.0, -3.1)),
    ("raw", "2025-12", 20.3, (22.1, -1.2), (4.7, -4.0)),
    ("raw", "2024-03", 10.5, (2.4, 63.3), (0.0, 55.2)),
    ("style_control", "2025-05", 6.8, (9.2, 56.5), (0.0, 58.9)),
]


@pytest.mark.parametrize(("variant", "month", "change", "us", "cn"), REFERENCE)
def test_reference_figures_come_out_as_printed(
    shipped_build: Candidate,
    variant: str,
    month: str,
    change: float,
    us: tuple[float, float],
    cn: tuple[float, float],
) -> None:
    [row] = shipped_build.rows(
        f"SELECT * FROM gap_changes WHERE {OVERALL} AND variant = ? AND month = ?",
        [variant, warehouses.day(f"{month}-01")],
    )
    assert round(row["change_points"], 1) == change
    for side, expected in (("us", us), ("cn", cn)):
        assert (round(row[f"{side}_new"], 1), round(row[f"{side}_rerated"], 1)) == expected
        assert row[f"{side}_dropped"] == 0


def test_new_chinese_model_of_january_2025_is_r1(shipped_build: Candidate) -> None:
    [row] = shipped_build.rows(
        f"SELECT * FROM gap_changes WHERE {OVERALL} AND variant = 'raw' AND month = '2025-01-01'"
    )
    assert (row["cn_new_model"], row["cn_is_return"], row["us_old_leader"]) == (
        "deepseek-r1",
        False,
        "gemini-exp-1206",
    )


@pytest.mark.parametrize(
    ("variant", "month", "shift"), [("raw", "2024-03", 54.3), ("style_control", "2025-05", 60.0)]
)
def test_shift_of_the_scale_is_found(
    shipped_build: Candidate, variant: str, month: str, shift: float
) -> None:
    [row] = shipped_build.rows(
        f"SELECT scale_shift FROM gap_changes WHERE {OVERALL} AND variant = ? AND month = ?",
        [variant, warehouses.day(f"{month}-01")],
    )
    assert round(row["scale_shift"], 1) == shift


def test_nineteen_pairs_of_whole_lists_together(shipped_build: Candidate) -> None:
    """Reference figures: −13.3 = US new 268.2 − Chinese new 263.1 + net re-rating −18.3."""
    [row] = shipped_build.rows(
        "SELECT count(*) AS pairs, sum(change_points) AS change, sum(us_new) AS us_new, sum(cn_new) AS cn_new, "
        "sum(change_from_rerated) AS rerated, sum(change_from_dropped) AS dropped FROM gap_changes "
        f"WHERE {OVERALL} AND variant = 'raw' AND NOT is_partial AND month BETWEEN '2024-03-01' AND '2026-07-01'"
    )
    assert {name: round(value, 1) for name, value in row.items()} == {
        "pairs": 19, "change": -13.3, "us_new": 268.2, "cn_new": 263.1, "rerated": -18.3, "dropped": 0.0,
    }  # fmt: skip


def between(warehouse: Candidate, *snapshots: tuple[str, str]) -> dict[str, Any]:
    """The row of `gap_changes` if these snapshots (source, day) of style control stood for July and August 2026."""
    con = warehouse.con.cursor()
    con.execute("CREATE TEMP TABLE months AS SELECT * FROM main.monthly_gap LIMIT 0")
    for month, (source, day) in enumerate(snapshots, start=7):
        con.execute(
            "INSERT INTO months BY NAME "
            "SELECT g.* EXCLUDE (listing, country_rule), 'last' AS month_rule, listing, country_rule, "
            "make_date(2026, ?, 1) AS month FROM core.snapshot_gaps AS g "
            f"WHERE {OVERALL} AND variant = 'style_control' AND listing = 'any' AND country_rule = 'hq' "
            "AND source_id = ? AND published_on = ?",
            [month, source, warehouses.day(day)],
        )
    found = con.execute(sql_text("marts/gap_changes.sql").replace("main.monthly_gap", "temp.months"))
    names = [column[0] for column in found.description or ()]
    [row] = found.fetchall()
    return dict(zip(names, row, strict=True))


def test_model_missing_from_one_publication_is_dropped_and_returns(shipped_build: Candidate) -> None:
    """The reference figures of the day when 2026-08-03 stood for August: −9.1 = 1.0 − (21.1 − 11.2).

    kimi-k3-max is missing from that publication alone. August's last publication is now that of 08-31, which lists it.
    """
    row = between(shipped_build, ("lmarena_hf", "2026-07-30"), ("lmarena_hf", "2026-08-03"))
    assert round(row["change_points"], 1) == -9.1
    assert (round(row["us_rerated"], 1), row["us_new"], row["us_dropped"]) == (1.0, 0, 0)
    assert (round(row["cn_new"], 1), round(row["cn_dropped"], 1)) == (21.1, -11.2)
    assert (row["cn_dropped_leader"], row["cn_new_model"]) == ("kimi-k3-max", "qwen3.8-max")
    back = between(shipped_build, ("lmarena_hf", "2026-08-03"), ("lmarena_hf", "2026-08-19"))
    assert (back["cn_new_model"], back["cn_is_return"]) == ("kimi-k3-max", True)


def test_change_of_a_year_on_the_text_arena(shipped_build: Candidate) -> None:
    [row] = shipped_build.rows(
        f"SELECT * FROM gap_changes WHERE {OVERALL} AND variant = 'raw' AND month = '2026-07-01'"
    )
    now, then = (shipped_build.gap(month) for month in ("2026-07", "2025-07"))
    assert row["change_12m"] == pytest.approx(now["gap_points"] - then["gap_points"], abs=1e-9)
    expected = math.hypot(now["gap_error"], then["gap_error"])
    assert row["change_12m_error"] == pytest.approx(expected, abs=1e-9)
