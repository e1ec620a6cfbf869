"""The figures of the explorer are the warehouse's, each under its own month.

Would catch columns that are shifted against their rows, a pair of countries that is left out, a figure that is rounded
or under another board's month, and figures that are too large for a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.db import read_only
from warehouse.site.drawing.palette import PALETTES
from warehouse.site.explorer import figures, files
from warehouse.site.explorer.look import SERIES

FIRST = date(2020, 1, 1)


@pytest.fixture(scope="module")
def found(shipped: Path) -> figures.Figures:
    with read_only(shipped) as con:
        text = figures.script(figures.read(con))
    assert len(text) < 2_900_000
    return dict(json.loads(text.removeprefix("const EXPLORE = ").removesuffix(";\n")))


def month(number: int) -> date:
    return date(2020 + number // 12, number % 12 + 1, 1)


def keys(found: figures.Figures) -> list[tuple[str, str, str, date]]:
    """Board, variant, category and month of every row number."""
    series = found["series"]
    columns = (series[name] for name in ("board", "variant", "category", "month", "length"))
    return [
        (board, variant, category, month(first + place))
        for board, variant, category, first, length in zip(*columns, strict=True)
        for place in range(length)
    ]


def rows(found: figures.Figures, table: dict[str, list[Any]], *names: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table with their keys; a column that is left out is null everywhere."""
    places, models = keys(found), found["models"]
    for place, row in enumerate(table["row"]):
        values = (table[name][place] if name in table else None for name in names)
        yield (
            *places[row],
            *(
                models[value] if name.endswith("model") else value
                for name, value in zip(names, values, strict=True)
            ),
        )


def asked(con: duckdb.DuckDBPyConnection, columns: str, source: str) -> set[tuple[Any, ...]]:
    return set(con.execute(f"SELECT board, variant, category, month, {columns} FROM {source}").fetchall())


def test_gaps_of_the_us_and_china_are_those_of_monthly_gap(
    found: figures.Figures, warehouse: duckdb.DuckDBPyConnection
) -> None:
    names = ("gap", "pct", "win", "low", "high", "low_wide", "high_wide")
    columns = "gap_points, gap_pct_of_cn, us_win_probability, gap_low, gap_high, gap_low_wide, gap_high_wide"
    expected = asked(warehouse, columns, "monthly_gap WHERE gap_points IS NOT NULL")
    assert len(expected) > 500
    assert set(rows(found, found["pairs"]["US-CN"], *names)) == expected
    every = {"row": list(range(len(keys(found)))), **found["months"]}
    every["day"] = [None if day is None else FIRST + timedelta(day) for day in every["day"]]
    assert set(rows(found, every, "status", "day", "source")) == asked(
        warehouse, "status, published_on, source_id", "monthly_gap"
    )


def test_gaps_of_other_countries_are_those_of_gap_pair(
    found: figures.Figures, warehouse: duckdb.DuckDBPyConnection
) -> None:
    names = ("gap", "low", "high", "pct", "win", "status")
    columns = "gap_points, gap_low, gap_high, gap_pct_of_b, a_win_probability, status"
    for pair in ("US-FR", "CN-FR", "FR-CA"):
        a, b = pair.split("-")
        source = f"gap_pair('{a}', '{b}') WHERE gap_points IS NOT NULL"
        expected = asked(warehouse, columns, source)
        assert len(expected) > 100
        assert set(rows(found, found["pairs"][pair], *names)) == expected
    for pair, table in found["pairs"].items():
        a, b = (set(found["leaders"][country]["row"]) for country in pair.split("-"))
        assert set(table["row"]) == a & b
    together = {
        frozenset(two)
        for two in combinations(found["leaders"], 2)
        if set(found["leaders"][two[0]]["row"]) & set(found["leaders"][two[1]]["row"])
    }
    assert {frozenset(pair.split("-")) for pair in found["pairs"]} == together


def test_leaders_listings_and_weights_are_those_of_their_tables(
    found: figures.Figures, warehouse: duckdb.DuckDBPyConnection
) -> None:
    models = "us_model, us_score, cn_model, cn_score"
    shown = ("a_model", "a_score", "b_model", "b_score")
    us, cn = (
        dict(zip(side["row"], zip(side["model"], side["score"], strict=True), strict=True))
        for side in (found["leaders"]["US"], found["leaders"]["CN"])
    )
    places = keys(found)
    led = {
        (*places[row], found["models"][us[row][0]], us[row][1], found["models"][cn[row][0]], cn[row][1])
        for row in found["pairs"]["US-CN"]["row"]
    }
    assert led == asked(warehouse, models, "monthly_gap WHERE gap_points IS NOT NULL")
    for listing in ("public", "known_public"):
        source = (
            "(SELECT g.month, s.* FROM monthly_gap AS g JOIN core.snapshot_gaps AS s ON s.snapshot_id = g.snapshot_id "
            f"AND s.category = g.category AND s.country_rule = 'hq' AND s.listing = '{listing}') "
            "WHERE gap_points IS NOT NULL"
        )
        expected = asked(warehouse, f"{models}, gap_points, gap_pct_of_cn", source)
        assert set(rows(found, found["listings"][listing], *shown, "gap", "pct")) == expected
    sides = {
        "open_us_minus_open_cn": ("us_open", "cn_open"),
        "closed_us_minus_cn": ("us_closed", "cn"),
        "closed_us_minus_open_cn": ("us_closed", "cn_open"),
        "world_closed_minus_open": ("world_closed", "world_open"),
    }
    for name, (a, b) in sides.items():
        columns = f"{a}_model, {a}_score, {b}_model, {b}_score, {name}, {name}_low, {name}_high"
        expected = asked(warehouse, columns, f"open_weights_gap WHERE {name} IS NOT NULL")
        assert set(rows(found, found["weights"][name], *shown, "gap", "low", "high")) == expected


def test_lags_are_those_of_the_newest_vintage(
    found: figures.Figures, warehouse: duckdb.DuckDBPyConnection
) -> None:
    series = found["series"]
    shown = {
        (
            *(series[name][own] for name in ("board", "variant", "category")),
            month(when),
            reading,
            lag,
            censored,
        )
        for reading, table in found["lags"].items()
        for own, when, lag, censored in zip(
            *(table[name] for name in ("series", "month", "lag", "censored")), strict=True
        )
    }
    newest = (
        "(FROM monthly_lag WHERE lag_months IS NOT NULL "
        "QUALIFY vintage = max(vintage) OVER (PARTITION BY board, variant, category))"
    )
    assert shown == asked(warehouse, "reading, lag_months, is_censored", newest)


def test_a_month_without_a_gap_says_which_reason_it_is(
    found: figures.Figures, warehouse: duckdb.DuckDBPyConnection
) -> None:
    reasons = dict(zip(keys(found), found["months"]["reason"], strict=True))
    gaps = {tuple(key): gap for *key, gap in asked(warehouse, "gap_points", "monthly_gap")}
    assert all((reasons[key] is None) == (gap is not None) for key, gap in gaps.items())
    coverage = asked(
        warehouse,
        "reason",
        "(SELECT *, 'overall' AS category FROM meta.coverage) WHERE status = 'no_snapshot'",
    )
    for *key, reason in coverage:
        assert reasons[tuple(key)] in (reason, "category_only")
    # the text arena's categories come in whole lists only, its overall also in lists of leaders
    assert reasons["arena_text", "raw", "coding", date(2026, 9, 1)] == "category_only"
    assert reasons["arena_text", "raw", "overall", date(2026, 9, 1)] is None


def test_lines_can_be_read_on_their_paper() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for theme, colours in SERIES.items():
        for colour in colours:
            bright, dark = sorted((light(colour), light(PALETTES[theme]["paper"])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_without_figures_the_script_is_empty(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    files.add(tmp_path, None, "a release")
    assert (tmp_path / "assets" / "explore-data.js").read_text() == "const EXPLORE = null;\n"
