"""Counts of notable models and of releases, and all boards on one grid."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from tests.fixtures.tables_in_memory import mart, parameters, tiny
from warehouse.builder import graph
from warehouse.db import sql_text
from warehouse.workspace import PACKAGE

LONG_NAMES = [
    {"printed": "United States of America", "country": "US"},
    {"printed": "China", "country": "CN"},
    {"printed": "Multinational", "country": "ZZ"},
]


def counts(*countries: list[str] | None) -> dict[tuple[str, str], float]:
    """By (counting, country), for models of one year with these printed countries."""
    con = tiny(
        core__country_names=LONG_NAMES,
        meta__withheld=[],
        core__notable_models=[
            {"listing": place, "published_on": date(2025, 3, 1), "countries": printed}
            for place, printed in enumerate(countries)
        ],
    )
    return {(row["counting"], row["country"]): row["models"] for row in mart(con, "notable_models_by_year")}


def test_two_offices_of_one_country_count_once() -> None:
    found = counts(["China", "China", "United States of America"])
    assert found == {("any", "US"): 1, ("any", "CN"): 1, ("fractional", "US"): 0.5, ("fractional", "CN"): 0.5}


def test_shares_add_up_to_the_models_and_no_country_is_lost() -> None:
    found = counts(["China", "United States of America"], ["Multinational"], ["Atlantis"], None, [])
    assert sum(value for (counting, _), value in found.items() if counting == "fractional") == 5
    assert found["any", "ZZ"] == 4


def test_list_with_a_country_that_nobody_knows_is_left_out_alone() -> None:
    """Would catch the models of "USA" counted for no country while the US loses them."""
    models = [
        {"input_id": list_, "source_id": "s", "published_on": date(2025, 3, 1), "countries": [country]}
        for list_, country in (("old", "China"), ("new", "China"), ("new", "USA, Inc."))
    ]
    con = tiny(
        core__country_names=LONG_NAMES,
        core__notable_models=models,
        **{f"core__{name}": [] for name in ("snapshots", "scores", "models", "boards")},
        meta__inputs=[],
    )
    for name in ("doubtful", "contradicted", "suspect"):
        columns = "NULL AS snapshot_id, NULL AS category, NULL AS message, NULL AS reason"
        con.execute(
            f"CREATE TABLE {name} AS SELECT {columns}, NULL AS model_name, NULL AS organization_name, "
            "NULL::DOUBLE AS score, NULL AS found_in WHERE FALSE"
        )
    for name in ("staged_country_line", "staged_proposal"):
        con.execute(
            f"CREATE TABLE {name} (organization_id TEXT, source_id TEXT, model_name TEXT, organization_name TEXT, "
            "advice TEXT, csv_file TEXT, csv_line TEXT)"
        )
    con.execute(f"CREATE TABLE meta.withheld AS {sql_text('meta/withheld.sql')}")
    [line] = con.sql("SELECT snapshot_id, reason, csv_file, csv_line FROM meta.withheld").fetchall()
    assert line == (
        "new",
        "unknown_country",
        "countries.csv",
        '"USA, Inc.",<country>,<where a person can check>',
    )
    found = mart(con, "notable_models_by_year")
    assert [(row["country"], row["models"]) for row in found if row["counting"] == "any"] == [("CN", 1)]


def test_every_country_of_the_shipped_list_is_mapped(warehouse: duckdb.DuckDBPyConnection) -> None:
    unmapped = warehouse.sql(
        "SELECT DISTINCT name FROM (SELECT unnest(countries) AS name FROM core.notable_models) "
        "WHERE name NOT IN (SELECT printed FROM core.country_names)"
    ).fetchall()
    assert unmapped == []


@pytest.mark.parametrize(
    ("year", "country", "models"),
    [
        (2023, "US", 84),
        (2023, "CN", 23),
        (2024, "US", 57),
        (2024, "CN", 31),
        (2025, "US", 50),
        (2025, "CN", 32),
    ],
)
def test_notable_models_of_the_list_of_january_2026(
    warehouse: duckdb.DuckDBPyConnection, year: int, country: str, models: int
) -> None:
    found = warehouse.execute(
        "SELECT models FROM main.notable_models_by_year WHERE counting = 'any' AND vintage = DATE '2026-01-26' "
        "AND year = ? AND country = ?",
        [year, country],
    ).fetchall()
    assert found == [(models,)]


def test_shares_of_a_year_are_its_models(warehouse: duckdb.DuckDBPyConnection) -> None:
    shares, models = warehouse.sql(
        "SELECT (SELECT sum(models) FROM main.notable_models_by_year WHERE counting = 'fractional'), "
        "(SELECT count(*) FROM core.notable_models WHERE published_on IS NOT NULL)"
    ).fetchall()[0]
    assert shares == pytest.approx(models)


def cadence(
    publications: dict[str, tuple[date, str, list[str]]],
    first_listed: dict[str, date],
    base_models: dict[str, str] | None = None,
    countries: tuple[str, ...] = ("CN",),
) -> dict[date, tuple[int | None, int | None, int | None, int | None, str, bool]]:
    """By month, from publications (day, coverage, models by rank) of one board; the rows of the last of ``countries``,
    for each of which all models count.
    """
    con = tiny(
        meta__parameters=parameters(),
        core__publications=[
            {"board": "arena_text", "category": "overall", "snapshot_id": snapshot, "published_on": day}
            for snapshot, (day, _, _) in publications.items()
        ],
        core__snapshots=[
            {"board": "arena_text", "snapshot_id": snapshot, "coverage": coverage}
            for snapshot, (_, coverage, _) in publications.items()
        ],
        core__scores=[
            {
                "snapshot_id": snapshot,
                "category": "overall",
                "model_name": model,
                "model_id": model,
                "score": 1400.0 - place,
            }
            for snapshot, (_, _, models) in publications.items()
            for place, model in enumerate(models)
        ],
        core__first_listed=[
            *(
                {"board": "arena_text", "model_id": model, "first_listed_on": day}
                for model, day in first_listed.items()
            ),
            {"board": "eci", "model_id": next(iter(first_listed)), "first_listed_on": date(2020, 1, 1)},
        ],
        core__models=[
            {"model_id": model, "base_model": (base_models or {}).get(model)} for model in first_listed
        ],
        core__model_countries=[
            {
                "model_id": model,
                "country_rule": "hq",
                "country": country,
                "valid_from": date(1, 1, 1),
                "valid_to": date(9999, 12, 31),
            }
            for model in first_listed
            for country in countries
        ],
    )
    return {
        row["month"]: (
            row["first_listed"],
            row["entered_top_10"],
            row["entered_top_50"],
            row["further_listings"],
            row["list_status"],
            row["catches_up"],
        )
        for row in mart(con, "release_cadence")
        if row["country"] == countries[-1]
    }


def test_only_the_month_of_the_first_listing_counts() -> None:
    """A model that reaches the top 10 a month later has not entered it as a new one."""
    others = [f"o{place}" for place in range(10)]
    # The best place of the month counts: "new" is twelfth at first.
    found = cadence(
        {
            "s0": (date(2024, 12, 31), "whole", ["old"]),
            "s1": (date(2025, 1, 31), "whole", ["old", *others[:9], "slow"]),
            "s2": (date(2025, 2, 10), "whole", [*others, "old", "new"]),
            "s3": (date(2025, 2, 28), "whole", ["new", "slow", "old"]),
        },
        {"old": date(2024, 12, 31), "slow": date(2025, 1, 31), "new": date(2025, 2, 10)},
    )
    assert found == {
        date(2024, 12, 1): (1, 1, 1, 0, "whole", True),
        date(2025, 1, 1): (1, 0, 1, 0, "whole", False),
        date(2025, 2, 1): (1, 1, 1, 0, "whole", False),
    }


def test_a_renamed_model_or_another_effort_is_not_new() -> None:
    """Would catch gemini-3.6-flash counted again as gemini-3.6-flash-high, as if Google had released another model."""
    found = cadence(
        {
            "s1": (date(2026, 7, 31), "whole", ["flash"]),
            "s2": (date(2026, 8, 12), "whole", ["flash-high", "pro", "pro-high"]),
        },
        {
            "flash": date(2026, 7, 31),
            "flash-high": date(2026, 8, 12),
            "pro": date(2026, 8, 12),
            "pro-high": date(2026, 8, 12),
        },
        {"flash-high": "flash", "pro-high": "pro"},
    )
    assert found == {
        date(2026, 7, 1): (1, 1, 1, 0, "whole", True),
        date(2026, 8, 1): (1, 1, 1, 2, "whole", False),
    }


@pytest.mark.parametrize("countries", [("GB", "US"), ("US", "GB")])
def test_a_model_of_two_countries_is_new_for_both(countries: tuple[str, ...]) -> None:
    """Would catch half of Google's models counted as further listings of one country under the rule any."""
    days = {f"m{place}": date(2026, 7, 31) for place in range(8)}
    found = cadence({"s1": (date(2026, 7, 31), "whole", list(days))}, days, countries=countries)
    assert found == {date(2026, 7, 1): (8, 8, 8, 0, "whole", True)}


def test_months_without_a_whole_list_say_so() -> None:
    """Would catch a month of which only the top is known, or nothing, read as one without new models."""
    found = cadence(
        {
            "s1": (date(2025, 8, 31), "whole", ["a"]),
            "s2": (date(2025, 9, 30), "leaders", ["a", "b"]),
            "s3": (date(2025, 12, 1), "whole", ["a", "b", "c"]),
        },
        {"a": date(2025, 8, 31), "b": date(2025, 9, 30), "c": date(2025, 12, 1)},
    )
    assert found == {
        date(2025, 8, 1): (1, 1, 1, 0, "whole", True),
        date(2025, 9, 1): (1, 1, 1, 0, "short", False),
        date(2025, 10, 1): (None, None, None, None, "none", True),
        date(2025, 11, 1): (None, None, None, None, "none", True),
        date(2025, 12, 1): (1, 1, 1, 0, "whole", True),
    }


def test_every_model_of_a_country_is_counted_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    models, listings, identities, listed = warehouse.sql(
        "SELECT sum(first_listed), sum(first_listed + further_listings), identities, listed "
        "FROM main.release_cadence, (SELECT count(DISTINCT coalesce(i.base_model, f.model_id)) AS identities, "
        "count(*) AS listed FROM core.first_listed AS f JOIN core.models AS i USING (model_id) "
        "JOIN core.model_countries AS m USING (model_id) "
        "WHERE f.board = 'arena_text' AND m.country = 'CN' AND m.country_rule = 'hq' "
        "AND f.first_listed_on BETWEEN m.valid_from AND m.valid_to) "
        "WHERE board = 'arena_text' AND country = 'CN' GROUP BY ALL"
    ).fetchall()[0]
    assert listings == listed > models == identities > 100


def test_months_of_the_text_board_without_a_whole_list(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Leaders only in September 2025, and since September 2026."""
    found = warehouse.sql(
        "SELECT DISTINCT month FROM main.release_cadence WHERE board = 'arena_text' AND list_status <> 'whole' "
        "ORDER BY month"
    ).fetchall()
    assert [month for (month,) in found] == [date(2025, 9, 1), date(2026, 9, 1), date(2026, 10, 1)]


def test_a_level_board_stands_against_none_and_one_kind_proves_nothing() -> None:
    def gap(board: str, month: int, points: float) -> dict[str, object]:
        series = {"board": board, "category": "overall", "variant": "default", "month": date(2025, month, 1)}
        return {**series, "status": "observed", "gap_points": points}

    con = tiny(
        core__boards=[
            {"board": "vote", "kind": "preference", "unit": "elo", "private": False},
            {"board": "exam", "kind": "exam", "unit": "percent", "private": True},
        ],
        main__monthly_gap=[
            gap("vote", 1, 5.0), gap("exam", 1, -1.0),
            gap("vote", 2, 5.0), gap("exam", 2, 0.0),
            gap("vote", 3, 5.0),
        ],
        main__monthly_lag=[],
    )  # fmt: skip
    found = {(row["month"].month, row["board"]): row for row in mart(con, "gap_triangulation")}
    assert [found[month, "vote"]["kinds_agree"] for month in (1, 2, 3)] == [False, True, None]
    assert [found[month, "exam"]["kind_sign"] for month in (1, 2)] == [-1, 0]
    assert found[1, "vote"]["boards_cn_leads"] == 1


def test_logit_gaps_only_where_they_exist(warehouse: duckdb.DuckDBPyConnection) -> None:
    wrong = warehouse.sql(
        "SELECT g.* FROM main.monthly_gap AS g JOIN core.boards AS b USING (board) "
        "WHERE (g.logit_gap IS NOT NULL OR g.near_ceiling IS NOT NULL) AND b.unit <> 'percent' "
        "OR abs(g.logit_gap - (ln(us_score / (100 - us_score)) - ln(cn_score / (100 - cn_score)))) > 1e-9 "
        "OR g.near_ceiling <> (greatest(us_score, cn_score) > 95)"
    ).fetchall()
    assert wrong == []
    assert warehouse.sql("SELECT count(*) FROM main.monthly_gap WHERE near_ceiling").fetchall()[0][0] > 0


@pytest.mark.parametrize(
    "name", [name.removeprefix("main.") for name in graph.sql_files() if name.startswith("main.")]
)
def test_each_mart_runs_as_it_stands_on_the_published_file(
    warehouse: duckdb.DuckDBPyConnection, name: str
) -> None:
    again = (PACKAGE / f"marts/{name}.sql").read_text(encoding="utf-8")
    columns = ", ".join(f'"{row[0]}"' for row in warehouse.sql(f"DESCRIBE main.{name}").fetchall())
    for one, other in ((f"FROM main.{name}", f"FROM ({again})"), (f"FROM ({again})", f"FROM main.{name}")):
        differing = warehouse.sql(f"SELECT {columns} {one} EXCEPT SELECT {columns} {other}").fetchall()
        assert differing == []
