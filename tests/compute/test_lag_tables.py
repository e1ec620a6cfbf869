"""The lag tables from a small core: which models and levels count, from which day, and how that is marked."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.fixtures.tables_in_memory import create_views
from warehouse.compute import lag_tables
from warehouse.compute.lag_models import DAYS_PER_MONTH
from warehouse.db import in_memory, sql_text
from warehouse.tables import table
from warehouse.tables.schema import Table

FILLERS: dict[str, Any] = {
    "VARCHAR": "x",
    "DOUBLE": 0.0,
    "BIGINT": 0,
    "INTEGER": 0,
    "BOOLEAN": False,
    "DATE": date(2025, 1, 1),
    "VARCHAR[]": [],
    "TIMESTAMP": date(2025, 1, 1),
}


def insert(con: duckdb.DuckDBPyConnection, name: str, *given_rows: dict[str, Any]) -> None:
    """Rows of a declared table; what is not given is null, or a filler where null is not allowed."""
    declared: Table = table(name)
    for row in given_rows:
        values = [
            row.get(column.name, None if column.nullable else next(iter(column.values), FILLERS[column.kind]))
            for column in declared.columns
        ]
        con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values))})", values)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """An index with release days and errors, and an arena board without either's help."""
    connection = in_memory()
    for schema in ("meta", "core"):
        connection.execute(f"CREATE SCHEMA {schema}")
    for name in (
        "meta.parameters", "core.boards", "core.snapshots", "core.scores", "core.publications",
        "core.month_snapshots", "core.model_countries", "core.first_listed", "core.ambiguous_rows",
    ):  # fmt: skip
        connection.execute(table(name).ddl())
    create_views(connection)
    for name, value in (
        ("lag_tolerance_index", "1"),
        ("country_a", "US"),
        ("country_b", "CN"),
        ("listing", "any"),
        ("country_rule", "hq"),
        ("month_rule", "last"),
    ):
        insert(connection, "meta.parameters", {"name": name, "value": value})
    insert(
        connection,
        "core.boards",
        {"board": "eci", "unit": "index", "direction": "higher", "kind": "index"},
        {"board": "arena_text", "unit": "elo", "direction": "higher", "kind": "preference"},
        {"board": "quiz", "unit": "percent", "direction": "higher", "kind": "exam", "chance": 25.0},
    )
    day = date(2025, 12, 19)
    for board in ("eci", "arena_text", "quiz"):
        series = {"board": board, "variant": "default", "category": "overall", "published_on": day}
        series["snapshot_id"] = board
        insert(connection, "core.publications", {**series, "is_last_of_day": True})
        insert(
            connection, "core.month_snapshots", {**series, "month": date(2025, 12, 1), "month_rule": "last"}
        )
        insert(
            connection,
            "core.snapshots",
            {**series, "date_basis": "printed", "coverage": "whole", "precision": "full"},
        )
    for model, country, score, error, released in (
        ("us-1", "US", 130.0, 0.0, date(2025, 1, 10)),
        ("us-2", "US", 140.0, 1.0, date(2025, 6, 1)),
        ("cn-1", "CN", 129.5, 1.0, date(2025, 5, 10)),
        ("undated", "US", 190.0, 1.0, None),
        ("joint", None, 195.0, 1.0, date(2025, 1, 1)),
    ):
        score_row = {
            "category": "overall",
            "model_name": model,
            "model_id": model,
            "score": score,
            "is_public": True,
        }
        insert(
            connection,
            "core.scores",
            {**score_row, "snapshot_id": "eci", "standard_error": error, "released_on": released},
            {**score_row, "snapshot_id": "arena_text"},
        )
        insert(
            connection,
            "core.first_listed",
            {"board": "arena_text", "model_id": model, "first_listed_on": released or date(2025, 12, 1)},
            {"board": "eci", "model_id": model, "first_listed_on": day},
        )
        if country:
            insert(
                connection,
                "core.model_countries",
                {
                    "model_id": model,
                    "country_rule": "hq",
                    "country": country,
                    "valid_from": date(1, 1, 1),
                    "valid_to": date(9999, 12, 31),
                },
            )
    for model, country, score, released in (
        ("us-0", "US", 35.0, date(2025, 1, 1)),
        # An agent around somebody's model is no model.
        ("agent", "US", 99.0, date(2025, 1, 15)),
        ("us-1", "US", None, date(2025, 2, 1)),
        ("us-2", "US", 45.0, date(2025, 3, 1)),
        ("cn-0", "CN", 44.0, date(2025, 4, 1)),
    ):
        row = {"snapshot_id": "quiz", "category": "overall", "model_name": model, "model_id": model}
        row |= {"score": score, "is_public": True, "released_on": released}
        insert(connection, "core.scores", {**row, "basis": "scaffold" if model == "agent" else "one_party"})
        if model in ("us-0", "agent", "cn-0"):
            period = {"valid_from": date(1, 1, 1), "valid_to": date(9999, 12, 31)}
            identity = {"model_id": model, "country_rule": "hq", "country": country}
            insert(connection, "core.model_countries", {**identity, **period})
    for occurrence, score in ((1, 42.0), (2, 44.0)):
        row = {"snapshot_id": "quiz", "category": "overall", "model_name": "us-1"}
        insert(connection, "core.ambiguous_rows", {**row, "occurrence": occurrence, "score": score})
    return connection


def inputs(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return con.sql(sql_text("staging/lag_inputs.sql")).pl()


def test_tables(con: duckdb.DuckDBPyConnection) -> None:
    tables = lag_tables.lag_tables(inputs(con), draws=20)
    matches = tables["main.record_matches"].filter(pl.col("board") == "eci")
    assert matches.select("us_model", "cn_model", "is_open").rows() == [
        ("us-1", "cn-1", False),
        ("us-2", None, True),
    ], "what has no release day does not count on the index, what is joint counts nowhere"
    assert matches["months"].to_list() == [120 / DAYS_PER_MONTH, None]
    assert matches["median_months"].to_list() == [120 / DAYS_PER_MONTH] * 2
    assert matches["match_rule"].unique().to_list() == ["point"]
    assert matches.select("not_excluded", "cn_not_excluded_model", "cn_not_excluded_from").rows() == [
        ("found", "cn-1", date(2025, 5, 10)),
        ("none", None, None),
    ]
    assert matches["us_released_basis"].to_list() == ["released", "released"]
    # 130 is fixed by definition: an error of 0 is drawn like any other.
    assert matches["probability_matched"].null_count() == 0

    monthly = tables["main.monthly_lag"].filter(
        pl.col("board") == "eci", pl.col("reading") == "first_reached"
    )
    assert monthly["month"].to_list() == [date(2025, month, 1) for month in range(5, 13)]
    last = monthly.row(-1, named=True)
    assert last["measured_on"] == last["vintage"] == date(2025, 12, 19)
    assert (last["since_model"], last["us_model"], last["cn_model"]) == ("us-1", "us-2", "cn-1")
    assert last["tolerance"] == 1.0

    arena = tables["main.record_matches"].filter(pl.col("board") == "arena_text")
    assert arena["us_model"].to_list() == ["us-1", "us-2", "undated"], (
        "the arena counts from the first listing"
    )
    assert arena["us_released_basis"].unique().to_list() == ["first_listed"]
    assert arena["months"].null_count() == 3, "τ is 0 for points of Elo"

    thresholds = tables["main.threshold_lag"].filter(pl.col("board") == "eci")
    assert thresholds.filter(pl.col("threshold") == 125)["state"].to_list() == ["both"]
    assert thresholds.filter(pl.col("threshold") == 140)["state"].to_list() == ["us_only"]
    summary = tables["main.lag_summary"].filter(pl.col("board") == "eci")
    assert summary["draws"].to_list() == [20] * 3


def test_another_pair_and_tolerance(con: duckdb.DuckDBPyConnection) -> None:
    for name, value in (("country_a", "CN"), ("country_b", "US")):
        con.execute("UPDATE meta.parameters SET value = ? WHERE name = ?", [value, name])
    insert(con, "meta.parameters", {"name": "lag_tolerance_elo", "value": "1"})
    swapped = lag_tables.lag_tables(inputs(con))
    matches = swapped["main.record_matches"].filter(pl.col("board") == "arena_text")
    assert matches["us_model"].to_list() == ["cn-1"]
    assert matches["months"].to_list() == [-120 / DAYS_PER_MONTH]


def test_levels_that_guessing_reaches_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    """Would catch a lag between two models that toss coins."""
    levels = lag_tables.lag_tables(inputs(con), draws=20)["main.threshold_lag"]
    assert levels.filter(pl.col("board") == "quiz")["threshold"].to_list() == [30, 40]
    con.execute("UPDATE core.boards SET chance = 30 WHERE board = 'quiz'")
    levels = lag_tables.lag_tables(inputs(con), draws=20)["main.threshold_lag"]
    assert levels.filter(pl.col("board") == "quiz")["threshold"].to_list() == [40]
    con.execute("UPDATE core.boards SET chance = NULL WHERE board = 'quiz'")
    levels = lag_tables.lag_tables(inputs(con), draws=20)["main.threshold_lag"]
    assert levels.filter(pl.col("board") == "quiz")["threshold"].to_list() == [10, 20, 30, 40]


def test_the_first_day_of_a_list_is_that_of_all_its_models(con: duckdb.DuckDBPyConnection) -> None:
    """A joint model is older than us-1, which then is not there from the start; us-0 of the quiz is."""
    found = lag_tables.lag_tables(inputs(con), draws=20)
    first = found["main.record_matches"].filter(pl.col("board") == "eci").row(0, named=True)
    assert (first["us_model"], first["us_is_left_censored"]) == ("us-1", False)
    levels = found["main.threshold_lag"].filter(pl.col("board") == "quiz")
    assert levels.select("us_model", "us_is_left_censored").rows() == [("us-0", True), ("us-1", False)]
    assert levels["months"].to_list() == [90 / DAYS_PER_MONTH, 59 / DAYS_PER_MONTH]


def test_a_name_with_differing_rows_counts_with_the_highest_outside_the_arena(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Would catch a model that did reach a score left out of the question who reached it first."""
    found = lag_tables.lag_tables(inputs(con), draws=20)["main.model_lag"].filter(pl.col("board") == "quiz")
    assert found.select("reading", "us_model", "us_score", "us_is_doubled", "months_low").rows() == [
        ("first_reached", "us-1", 44.0, True, None),
        ("passed", "us-2", 45.0, False, None),
    ]
    assert found["months"].to_list() == [59 / DAYS_PER_MONTH, 31 / DAYS_PER_MONTH]
    con.execute("UPDATE core.boards SET board = 'arena_quiz' WHERE board = 'quiz'")
    for name in ("core.publications", "core.month_snapshots", "core.snapshots"):
        con.execute(f"UPDATE {name} SET board = 'arena_quiz' WHERE board = 'quiz'")
    arena = lag_tables.lag_tables(inputs(con), draws=20)["main.model_lag"]
    found = arena.filter(pl.col("board") == "arena_quiz")
    assert found["us_model"].to_list() == ["us-2", "us-2"]
    assert not found["us_is_doubled"].any()


def test_only_the_newest_vintage_of_an_arena_board_compares_models(con: duckdb.DuckDBPyConnection) -> None:
    day = date(2025, 11, 30)
    for board in ("eci", "arena_text"):
        series = {"board": board, "variant": "default", "category": "overall", "published_on": day}
        series["snapshot_id"] = f"{board}-before"
        insert(con, "core.publications", {**series, "is_last_of_day": True})
        insert(con, "core.month_snapshots", {**series, "month": date(2025, 11, 1), "month_rule": "last"})
        insert(
            con,
            "core.snapshots",
            {**series, "date_basis": "printed", "coverage": "whole", "precision": "full"},
        )
        con.execute(
            "INSERT INTO core.scores SELECT * REPLACE (snapshot_id || '-before' AS snapshot_id) FROM core.scores "
            "WHERE snapshot_id = ?",
            [board],
        )
    found = lag_tables.lag_tables(inputs(con), draws=20)
    vintages = found["main.model_lag"].group_by("board").agg(pl.col("vintage").unique().sort()).sort("board")
    assert vintages.rows() == [
        ("arena_text", [date(2025, 12, 19)]),
        ("eci", [day, date(2025, 12, 19)]),
        ("quiz", [date(2025, 12, 19)]),
    ]
    assert found["main.record_matches"].filter(pl.col("board") == "arena_text")["vintage"].n_unique() == 2
