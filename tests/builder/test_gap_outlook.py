"""How far the gap may move. Would catch a width that knows the future, months counted wrongly across a hole, an outlook
for a series too short to have one, and a track record that is not the forecasts'.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest

from tests.fixtures import warehouses
from tests.fixtures.tables_in_memory import mart, parameters, tiny
from tests.fixtures.warehouses import Candidate
from warehouse.builder import graph
from warehouse.db import in_memory, sql_text
from warehouse.tables import table

SERIES = "board = 'arena_text' AND variant = 'raw' AND category = 'overall'"
BANDS = (50, 80, 95)


def month(number: int) -> date:
    return date(2024 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def outlook(gaps: dict[int, float | None], **changed: str) -> dict[str, list[dict[str, Any]]]:
    """Both tables for a series with these gaps; month 1 is January 2024."""
    con = tiny(
        meta__parameters=parameters(
            **{"outlook_months": "8", "outlook_record_from": "2024-01-01", **changed}
        ),
        main__monthly_gap=[{"month": month(number), "gap_points": gap} for number, gap in gaps.items()],
        main__gap_outlook_record=[],
    )
    record = mart(con, "gap_outlook_record")
    con.execute(f"INSERT INTO main.gap_outlook_record BY NAME {sql_text('marts/gap_outlook_record.sql')}")
    return {"record": record, "outlook": mart(con, "gap_outlook")}


def steps(*changes: float, first: float = 100.0) -> dict[int, float | None]:
    """A gap a month, each moved by one of ``changes``."""
    gaps = [first]
    for change in changes:
        gaps.append(gaps[-1] + change)
    return dict(enumerate(gaps, start=1))


def test_fan_is_the_last_gap_widened_by_the_root_of_the_months() -> None:
    found = outlook(steps(3, -4, 3, -4, 3, -4, 3))["outlook"]
    s = math.sqrt((4 * 9 + 3 * 16) / 7)
    assert [row["horizon"] for row in found] == [1, 2, 3, 4, 5, 6]
    assert [row["month"] for row in found] == [month(number) for number in range(9, 15)]
    for row in found:
        assert (row["point"], row["origin_month"], row["changes"]) == (100, month(8), 7)
        assert row["sd"] == pytest.approx(s * math.sqrt(row["horizon"]), abs=1e-12)
        for percent, z in zip(BANDS, (0.6745, 1.2816, 1.9600), strict=True):
            assert row[f"high_{percent}"] - row["point"] == pytest.approx(z * row["sd"], abs=1e-3)
            assert row["point"] - row[f"low_{percent}"] == pytest.approx(z * row["sd"], abs=1e-3)


def test_only_the_last_twelve_changes_count() -> None:
    found = outlook(steps(*[500.0] * 5, *[2.0] * 12))["outlook"]
    assert [(row["monthly_sd"], row["changes"]) for row in found] == [(2, 12)] * 6


def test_a_change_over_several_months_counts_by_the_root_of_their_number() -> None:
    gaps = steps(*[2.0] * 7)
    found = outlook({**{number: gaps[number] for number in range(1, 8)}, 11: gaps[7]})["outlook"]
    assert found[0]["monthly_sd"] == pytest.approx(math.sqrt(6 * 4 / 7))
    gaps_of_a_jump = {**{number: gaps[number] for number in range(1, 8)}, 11: (gaps[7] or 0) + 6}
    found = outlook(gaps_of_a_jump)["outlook"]
    assert found[0]["monthly_sd"] == pytest.approx(math.sqrt((6 * 4 + (6 / 2) ** 2) / 7))
    assert [row["month"] for row in found] == [month(number) for number in range(12, 18)]


@pytest.mark.parametrize(("months", "rows"), [(7, 0), (8, 6)])
def test_a_series_with_too_few_months_has_no_outlook(months: int, rows: int) -> None:
    found = outlook(steps(*[1.0] * (months - 1)))
    assert len(found["outlook"]) == rows
    assert bool(found["record"]) == bool(rows)


def test_fewer_than_six_changes_make_no_forecast() -> None:
    record = outlook(steps(*[1.0] * 8), outlook_months="5")["record"]
    assert min(row["origin_month"] for row in record) == month(7)


def test_months_that_are_past_have_no_outlook() -> None:
    """The series has no gap in its last two months, or none for longer than the outlook reaches."""
    gaps = steps(*[1.0] * 7)
    found = outlook({**gaps, 9: None, 10: None})["outlook"]
    assert [(row["horizon"], row["month"]) for row in found] == [(h, month(8 + h)) for h in (3, 4, 5, 6)]
    assert outlook({**gaps, **dict.fromkeys(range(9, 20))})["outlook"] == []


def test_parity_is_not_excluded_from_the_first_month_whose_widest_band_holds_it() -> None:
    def first(gap: float) -> date | None:
        found = outlook(steps(*[1.0, -1.0] * 4, first=gap))["outlook"]
        [answer] = {row["parity_not_excluded_from"] for row in found}
        assert isinstance(answer, date | None)
        return answer

    # s = 1, so the band reaches 1.96, 2.77, 3.39, 3.92, 4.38 and 4.80 points
    assert first(1.9) == month(10)
    assert first(-3.5) == month(13)
    assert first(4.7) == month(15)
    assert first(4.9) is None


def test_the_record_is_made_of_what_was_known_at_each_origin() -> None:
    """Would catch a width or a point from later months: a jump at the end changes no forecast before it."""
    calm, jump = steps(*[1.0, -1.0] * 6), steps(*[1.0, -1.0] * 5, 1.0, 400.0)
    before, after = (
        {(row["origin_month"], row["horizon"]): row for row in outlook(gaps)["record"]}
        for gaps in (calm, jump)
    )
    assert before.keys() == after.keys()
    for key, row in before.items():
        assert (row["point"], row["sd"]) == (after[key]["point"], after[key]["sd"])
    last = after[month(12), 1]
    assert (last["point"], last["gap_points"], last["error"]) == (101, 501, 400)
    assert not last["is_within_95"]


def test_the_record_starts_where_its_parameter_says_and_holds_no_month_without_a_gap() -> None:
    gaps = {**steps(*[1.0] * 12), 12: None}
    record = outlook(gaps, outlook_record_from="2024-09-01")["record"]
    assert {(row["origin_month"], row["month"]) for row in record} == {
        (month(origin), month(target)) for origin in (9, 10, 11) for target in (10, 11, 13) if target > origin
    }


def test_coverage_beside_the_fan_is_the_share_of_the_record(shipped_build: Candidate) -> None:
    record = shipped_build.rows(f"SELECT * FROM gap_outlook_record WHERE {SERIES}")
    for row in shipped_build.rows(f"SELECT * FROM gap_outlook WHERE {SERIES}"):
        own = [entry for entry in record if entry["horizon"] == row["horizon"]]
        for prefix, entries in (("", own), ("all_", record)):
            assert row[f"{prefix}forecasts"] == len(entries)
            error = sum(abs(entry["error"]) for entry in entries) / len(entries)
            assert row[f"{prefix}mean_absolute_error"] == pytest.approx(error)
            for percent in BANDS:
                share = sum(entry[f"is_within_{percent}"] for entry in entries) / len(entries)
                assert row[f"{prefix}coverage_{percent}"] == pytest.approx(share)


def test_only_the_raw_text_arena_is_long_enough(shipped_build: Candidate) -> None:
    """Style control, with 19 months, and the index of nine vintages are too short."""
    assert shipped_build.rows("SELECT DISTINCT board, variant, category FROM gap_outlook") == [
        {"board": "arena_text", "variant": "raw", "category": "overall"}
    ]


@pytest.fixture(scope="module")
def of_october_2(shipped_build: Candidate) -> dict[str, list[dict[str, Any]]]:
    """Both tables of the series that ends with the publication of 2026-10-02, as in the reference figures."""
    con = in_memory()
    con.execute("CREATE SCHEMA meta; CREATE SCHEMA internal")
    for name, rows in (
        ("meta.parameters", shipped_build.rows("SELECT name, value FROM meta.parameters")),
        (
            "main.monthly_gap",
            shipped_build.rows(
                f"SELECT board, variant, category, month, gap_points FROM monthly_gap WHERE {SERIES} "
                "AND month < '2026-10-01' UNION ALL "
                "SELECT board, variant, category, date_trunc('month', published_on), gap_points "
                f"FROM core.snapshot_gaps WHERE {SERIES} AND listing = 'any' AND country_rule = 'hq' "
                "AND published_on = '2026-10-02' AND source_id = 'arena_leaders_transcribed'"
            ),
        ),
    ):
        schema = {column.name: column.kind for column in table(name).columns if column.name in rows[0]}
        con.execute(
            f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in schema.items())})"
        )
        con.executemany(
            f"INSERT INTO {name} VALUES ({', '.join('?' * len(schema))})",
            [[row[column] for column in schema] for row in rows],
        )
    for view in ("internal.settings", "internal.no_change_fans"):
        con.execute(f"CREATE VIEW {view} AS {graph.view_queries()[view]}")
    con.execute(f"CREATE TABLE main.gap_outlook_record AS {sql_text('marts/gap_outlook_record.sql')}")
    return {"record": mart(con, "gap_outlook_record"), "outlook": mart(con, "gap_outlook")}


@pytest.mark.parametrize(
    ("of_month", "low", "high"), [("2026-11", 21.8, 63.2), ("2027-01", 6.7, 78.3), ("2027-04", -8.2, 93.2)]
)
def test_reference_fan_comes_out_as_printed(
    of_october_2: dict[str, list[dict[str, Any]]], of_month: str, low: float, high: float
) -> None:
    [row] = [row for row in of_october_2["outlook"] if row["month"] == warehouses.day(f"{of_month}-01")]
    assert (round(row["monthly_sd"], 2), round(row["point"], 1), row["changes"]) == (10.56, 42.5, 12)
    assert (round(row["low_95"], 1), round(row["high_95"], 1)) == (low, high)
    assert row["parity_not_excluded_from"] == warehouses.day("2027-03-01")


@pytest.mark.parametrize(
    ("horizon", "forecasts", "coverage", "error"),
    [
        (1, 32, [72, 94, 100], 15.0),
        (3, 31, [84, 100, 100], 22.4),
        (6, 28, [93, 100, 100], 20.5),
        (12, 22, [100, 100, 100], 31.4),
        (None, 329, [90, 98, 100], 22.8),
    ],
)
def test_reference_record_comes_out_as_printed(
    of_october_2: dict[str, list[dict[str, Any]]],
    horizon: int | None,
    forecasts: int,
    coverage: list[int],
    error: float,
) -> None:
    """The reference stops at the origin 2026-08; the record also has the forecast made in 2026-09 for 2026-10."""
    assert len(of_october_2["record"]) == 330
    found = [
        row
        for row in of_october_2["record"]
        if row["horizon"] == (horizon or row["horizon"]) and row["origin_month"] <= date(2026, 8, 1)
    ]
    assert len(found) == forecasts
    shares = [sum(row[f"is_within_{percent}"] for row in found) / len(found) for percent in BANDS]
    assert [round(100 * share) for share in shares] == coverage
    assert round(sum(abs(row["error"]) for row in found) / len(found), 1) == error
