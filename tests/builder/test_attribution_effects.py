"""Which attributions could have been decided otherwise, and what each would change: all of them, and only them."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from tests.fixtures.tables_in_memory import Row, mart, parameters, tiny
from warehouse.db import sql_text

ALWAYS = {"valid_from": date(1, 1, 1), "valid_to": date(9999, 12, 31)}
MAY = date(2025, 5, 1)
#: A maker: its country, and its other countries.
Makers = dict[str, tuple[str | None, list[str]]]
MAKERS: Makers = {
    "us-maker": ("US", ["GB"]),
    "us-other": ("US", []),
    "cn-maker": ("CN", []),
    "nowhere": (None, []),
}


def effects(
    models: dict[str, Row],
    makers: Makers = MAKERS,
    lines: list[Row] | None = None,
    homes: dict[str, str | None] | None = None,
    category: str = "overall",
) -> dict[str, Row]:
    """``attribution_effects`` of one month, by alternative. ``models`` have a maker (``of``), a score and other facts.

    ``homes`` are the countries under hq where they are not the maker's.
    """
    countries = {name: makers[model["of"]][0] for name, model in models.items()} | (homes or {})

    def top(country: str) -> tuple[str | None, float | None]:
        found = [(model["score"], name) for name, model in models.items() if countries[name] == country]
        return (max(found)[1], max(found)[0]) if found else (None, None)

    (us_model, us), (cn_model, cn) = top("US"), top("CN")
    month = {"board": "arena_text", "variant": "raw", "category": category, "snapshot_id": "s"}
    gap = us - cn if us is not None and cn is not None else None
    con = tiny(
        meta__parameters=parameters(),
        main__monthly_gap=[
            {
                **month,
                "month": MAY,
                "status": "observed",
                "us_model_id": us_model,
                "us_score": us,
                "cn_model_id": cn_model,
                "cn_score": cn,
                "gap_points": gap,
            }
        ],
        core__snapshot_gaps=[],
        core__snapshots=[{"snapshot_id": "s", "published_on": MAY}],
        core__organizations=[
            {"organization_id": name, "name": name, "hq_country": home, "other_countries": other, **ALWAYS}
            for name, (home, other) in makers.items()
        ],
        core__models=[
            {
                "model_id": name,
                "organization_id": model["of"],
                "is_joint": bool(model.get("with")),
                "joint_organizations": model.get("with", []),
                "fine_tune_of": model.get("base"),
                "base_model_country": model.get("base_country"),
            }
            for name, model in models.items()
        ],
        core__model_countries=[
            {"model_id": name, "country_rule": "hq", "country": country, **ALWAYS}
            for name, country in countries.items()
            if country
        ],
        core__scores=[
            {
                "snapshot_id": "s",
                "category": category,
                "model_name": name,
                "model_id": name,
                "score": model["score"],
            }
            for name, model in models.items()
        ],
        core__attributions=lines or [],
    )
    return {row["alternative"]: row for row in mart(con, "attribution_effects")}


TOP = {"of": "us-maker", "score": 1400.0}
SECOND = {"of": "us-other", "score": 1390.0}
CN_TOP = {"of": "cn-maker", "score": 1380.0}


def changed(row: Row) -> tuple[int, int, int, float | None]:
    return row["changed_months"], row["gained_months"], row["lost_months"], row["largest_difference"]


def test_a_leader_that_goes_elsewhere_leaves_the_second() -> None:
    row = effects({"top": TOP, "second": SECOND, "cn": CN_TOP})["us-maker as GB"]
    assert changed(row) == (1, 0, 0, -10.0)
    assert (row["basis"], row["subjects"], row["country"]) == ("second_country", ["us-maker"], "GB")
    assert (row["changed_headline_months"], row["first_month"], row["last_month"]) == (1, MAY, MAY)
    assert (
        effects({"top": TOP, "second": SECOND, "cn": CN_TOP}, category="math")["us-maker as GB"][
            "changed_headline_months"
        ]
        == 0
    )


def test_all_models_of_a_maker_go_together() -> None:
    """Would catch a maker's second model that leads although its maker is counted elsewhere."""
    also = {"of": "us-maker", "score": 1395.0}
    row = effects({"top": TOP, "also": also, "second": SECOND, "cn": CN_TOP})["us-maker as GB"]
    assert changed(row) == (1, 0, 0, -10.0)


def test_an_attribution_that_changes_nothing_has_a_row() -> None:
    for score in (1000.0, SECOND["score"]):
        model = {"of": "us-maker", "score": score}
        row = effects({"the last by name": model, "second": SECOND, "cn": CN_TOP})["us-maker as GB"]
        assert (changed(row), row["first_month"]) == ((0, 0, 0, None), None)


def test_a_month_can_lose_its_gap_or_get_one() -> None:
    """Would catch months dropped because one of the two gaps is missing."""
    assert changed(effects({"top": TOP, "cn": CN_TOP})["us-maker as GB"]) == (0, 0, 1, None)
    tuned = {"of": "us-other", "score": 1385.0, "base": "cn-base", "base_country": "CN"}
    assert changed(effects({"top": TOP, "tuned": tuned})["tuned as CN"]) == (0, 1, 0, None)


def test_a_model_moves_from_one_side_to_the_other() -> None:
    tuned = {"of": "us-other", "score": 1410.0, "base": "cn-base", "base_country": "CN"}
    row = effects({"top": TOP, "tuned": tuned, "cn": CN_TOP})["tuned as CN"]
    assert changed(row) == (1, 0, 0, -40.0), "30 points become -10"
    assert row["basis"] == "base_model"


def test_a_fine_tune_may_count_for_the_maker_of_its_base() -> None:
    """Would catch the first base taken where the nearest one counts for another country."""
    tuned = {"of": "us-other", "score": 1395.0, "base": "cn", "base_country": "FR"}
    found = effects({"top": TOP, "tuned": tuned, "cn": CN_TOP})
    assert changed(found["tuned as CN"]) == (1, 0, 0, -15.0)
    assert changed(found["tuned as FR"]) == (0, 0, 0, None)


def test_a_maker_without_a_country_and_joint_makers_may_count_for_each() -> None:
    free = {"of": "nowhere", "score": 1383.0}
    joint = {"of": "cn-maker", "score": 1420.0, "with": ["us-other"]}
    found = effects({"top": TOP, "cn": CN_TOP, "free": free, "both": joint}, homes={"both": None})
    assert changed(found["nowhere as CN"]) == (1, 0, 0, -3.0)
    assert changed(found["nowhere as US"]) == (0, 0, 0, None)
    assert changed(found["both as CN"]) == (1, 0, 0, -40.0)
    assert changed(found["both as US"]) == (1, 0, 0, 20.0)


def test_what_a_line_decides_is_no_second_alternative() -> None:
    line = {"country_rule": "hq_gb", "subject": "us-maker", "subject_kind": "organization", "country": "GB"}
    found = effects({"top": TOP, "second": SECOND, "cn": CN_TOP}, lines=[line])
    assert "us-maker as GB" not in found
    assert found["hq_gb"]["subjects"] == ["us-maker"]


def test_a_model_of_one_country_by_every_fact_has_no_row() -> None:
    assert set(effects({"second": SECOND, "cn": CN_TOP})) == {"any", "cn_hk"}


def test_an_attribution_that_matters_and_has_no_line_is_a_finding() -> None:
    """Would catch a new board on which a debatable maker leads and nobody says so."""
    row = {"alternative": "a as GB", "basis": "second_country", "subjects": ["a"], "changed_months": 3}
    harmless = {**row, "alternative": "b as GB", "subjects": ["b"], "changed_months": 0}
    line = {"country_rule": "hq_c", "subject": "c", "subject_kind": "organization", "country": None}
    con = tiny(
        main__attribution_effects=[row, harmless, {**row, "alternative": "m as FR", "subjects": ["m"]}],
        core__attributions=[line],
        core__models=[{"model_id": "m", "organization_id": "c"}],
    )
    found = con.sql(sql_text("checks/attributions_lack_a_line.sql")).fetchall()
    assert [message for message, *_ in found] == [
        "a as GB (x) would change 3 months of the gap; to show them, add a line to attributions.csv for a"
    ]


# The shipped history


def test_google_as_british_changes_the_headline(warehouse: duckdb.DuckDBPyConnection) -> None:
    """22 months of both variants of the text arena, and 2026-09 with style control, listed since the count."""
    found = warehouse.sql(
        "SELECT variant, count(*) FROM main.gap_sensitivity WHERE board = 'arena_text' AND category = 'overall' "
        "AND country_rule = 'hq_google_gb' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert found == [("raw", 16), ("style_control", 7)]


def test_effects_count_the_months_of_gap_sensitivity(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch rules that are counted otherwise than they are shown."""
    counted = warehouse.sql(
        "SELECT alternative, changed_months + gained_months FROM main.attribution_effects "
        "WHERE basis IN ('rule', 'line') AND changed_months + gained_months > 0 ORDER BY ALL"
    ).fetchall()
    shown = warehouse.sql(
        "SELECT country_rule, count(*) FROM main.gap_sensitivity WHERE country_rule <> 'hq' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert counted == shown


@pytest.mark.parametrize("alternative", ["openchat-3.5 as FR"])
def test_an_alternative_without_a_rule_counts_as_a_rule_would(
    warehouse: duckdb.DuckDBPyConnection, alternative: str
) -> None:
    """Would catch the two ways to a gap under an alternative giving different gaps: to France or to nobody."""
    rows = warehouse.execute(
        "SELECT * EXCLUDE (alternative, basis, subjects, country, why) FROM main.attribution_effects "
        "WHERE alternative IN (?, 'hq_openchat_not_cn')",
        [alternative],
    ).fetchall()
    assert len(rows) == 2
    assert rows[0] == rows[1]


def test_every_attribution_that_changes_a_month_is_shown(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a sensitivity that is not whole: the check of the release finds no attribution without a line."""
    assert warehouse.sql(sql_text("checks/attributions_lack_a_line.sql")).fetchall() == []
