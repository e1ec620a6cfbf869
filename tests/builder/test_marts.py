"""Marts as analysts meet them: every SQL file on the finished file, macros, other parameters, and what no
choice of numbers may break.
"""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from sources.errors import UsageError
from tests.fixtures import warehouses
from tests.fixtures.warehouses import CN, OFFICIAL, US, Candidate, Cases, printed, rows
from warehouse.builder.recompute import recompute
from warehouse.workspace import PACKAGE

#: What depends on the parameters, by the schema it is published in.
MARTS = [
    *(("main", path) for path in sorted((PACKAGE / "marts").glob("*.sql"))),
    ("core", PACKAGE / "core" / "snapshot_gaps.sql"),
    ("core", PACKAGE / "core" / "publication_leaders.sql"),
]
SERIES = "board = 'arena_text' AND category = 'overall'"


@pytest.mark.parametrize(
    ("schema", "path"), MARTS, ids=lambda part: part.stem if isinstance(part, Path) else part
)
def test_sql_of_a_mart_gives_its_table_again_on_the_file_alone(
    schema: str, path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Fails when a mart reads something that is not published, or two runs differ."""
    names = [row[0] for row in warehouse.execute(f"DESCRIBE {schema}.{path.stem}").fetchall()]
    again = warehouse.sql(path.read_text(encoding="utf-8")).select(*names).order(", ".join(names)).fetchall()
    held = warehouse.sql(f"SELECT * FROM {schema}.{path.stem}").order(", ".join(names)).fetchall()
    assert again == held
    assert held


def test_gap_pair_of_the_default_pair_is_the_monthly_gap(warehouse: duckdb.DuckDBPyConnection) -> None:
    different = warehouse.execute(
        "SELECT g.board, g.month FROM monthly_gap AS g "
        "JOIN gap_pair('US', 'CN') AS p USING (board, variant, category, month) "
        "WHERE g.gap_points IS DISTINCT FROM p.gap_points OR g.us_model IS DISTINCT FROM p.a_model "
        "OR g.gap_pct_of_cn IS DISTINCT FROM p.gap_pct_of_b"
    ).fetchall()
    assert different == []


def test_gap_of_a_swapped_pair_has_the_other_sign(warehouse: duckdb.DuckDBPyConnection) -> None:
    pairs = warehouse.execute(
        "SELECT a.gap_points, b.gap_points FROM gap_pair('CN', 'FR') AS a "
        "JOIN gap_pair('FR', 'CN') AS b USING (board, variant, category, month) WHERE a.gap_points IS NOT NULL"
    ).fetchall()
    assert len(pairs) > 100
    assert [pair for pair in pairs if pair[0] != -pair[1]] == []


def test_nothing_known_later_is_in_the_gap_as_of_a_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    known = warehouse.execute("SELECT max(known_at), count(*) FROM gap_as_of(DATE '2025-02-20')").fetchall()
    assert str(known[0][0]) < "2025-02-21"
    [gap] = warehouse.execute(
        f"SELECT us_model, gap_points, source_id FROM gap_as_of(DATE '2025-02-20') WHERE {SERIES} "
        "AND variant = 'raw' AND month = '2025-02-01'"
    ).fetchall()
    assert gap == ("chocolate (Early Grok-3)", 41.0, "llm_leaderboard_csv")
    assert warehouse.execute("SELECT count(*) FROM gap_as_of(DATE '2020-01-01')").fetchall() == [(0,)]
    [(newest,)] = warehouse.execute("SELECT max(known_at)::DATE FROM gap_as_of(DATE '9999-01-01')").fetchall()
    [(of_the_day,)] = warehouse.execute(
        f"SELECT count(*) FROM gap_as_of(DATE '{newest}') WHERE known_at::DATE = '{newest}'"
    ).fetchall()
    assert of_the_day > 0


def test_february_2025_restated_is_five_points_and_says_why(warehouse: duckdb.DuckDBPyConnection) -> None:
    """As published then 40.8 raw; in the style-control ratings of December o1 1401.2 v DeepSeek-R1 1396.1."""
    [found] = warehouse.execute(
        "SELECT r.us_model, round(r.us_score, 1), round(r.cn_score, 1), round(r.gap_points_then, 1), v.reasons "
        "FROM restated_gap AS r JOIN gap_revisions AS v USING (board, variant, category, month, snapshot_id) "
        "WHERE r.board = 'arena_text' AND r.variant = 'style_control' AND r.category = 'overall' "
        "AND r.month = '2025-02-01' AND r.vintage = '2025-12-11'"
    ).fetchall()
    assert found == ("o1-2024-12-17", 1401.2, 1396.1, 40.8, ["variant", "model_dropped"])


def test_a_month_is_restated_beside_its_own_variant(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Would catch a style-control gap compared with the raw one of then."""
    [(foreign,)] = warehouse.execute(
        "SELECT count(*) FROM restated_gap AS r JOIN monthly_gap AS g USING (board, variant, category, month) "
        "WHERE r.then_variant <> r.variant AND g.gap_points IS NOT NULL"
    ).fetchall()
    assert foreign == 0


def test_a_carried_month_says_whose_gap_it_is_and_how_old(warehouse: duckdb.DuckDBPyConnection) -> None:
    wrong = warehouse.execute(
        "SELECT f.month FROM monthly_gap_filled AS f JOIN monthly_gap AS g "
        "ON g.board = f.board AND g.variant = f.variant AND g.category = f.category AND g.month = f.from_month "
        "WHERE f.gap_points <> g.gap_points OR f.age_months <> date_diff('month', f.from_month, f.month) "
        "OR f.is_carried <> (f.age_months > 0)"
    ).fetchall()
    assert wrong == []
    carried = "SELECT count(*) FROM monthly_gap_filled WHERE is_carried AND status = 'no_snapshot'"
    assert warehouse.execute(carried).fetchall()[0][0] > 100


def test_other_parameters_give_another_file_and_leave_the_published_one(
    shipped: Path, tmp_path: Path
) -> None:
    before = shipped.stat().st_mtime_ns
    target = tmp_path / "swapped.duckdb"
    recompute(shipped, target, {"country_a": "CN", "country_b": "US", "month_rule": "first"})
    with duckdb.connect(str(target), read_only=True) as con:
        con.execute(f"ATTACH '{shipped}' AS published (READ_ONLY)")
        [different] = con.execute(
            "SELECT count(*) FILTER (g.gap_points <> -d.gap_points), count(*) FROM monthly_gap AS g "
            "JOIN published.main.gap_definitions AS d USING (board, variant, category, month) "
            "WHERE d.month_rule = 'first' AND d.listing = 'any' AND d.country_rule = 'hq'"
        ).fetchall()
        claims = con.execute(
            "SELECT measure IN ('notable_models', 'price_ratio'), verdict, explanation FROM main.claim_checks "
            "JOIN main.claims USING (claim_id) WHERE verdict <> 'no_value_claimed'"
        ).fetchall()
        comments = dict(con.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        chips = con.execute("SELECT DISTINCT pair, note FROM main.chip_gap").fetchall()
    # what was claimed of the US and China is not measured with another pair
    assert {
        (verdict, explanation) for is_of_no_pair, verdict, explanation in claims if not is_of_no_pair
    } == {("not_measurable", "not measurable for the pair CN and US, which this file compares")}
    assert ("reproduced", True) in {(verdict, is_of_no_pair) for is_of_no_pair, verdict, _ in claims}
    assert {pair for pair, _ in chips} == {"best_shipped"}
    assert comments["monthly_gap"].startswith("Compared here: CN and US; us_ and US stand for CN, cn_ and ")
    assert not comments["scores"].startswith("Compared")
    assert different[0] == 0
    assert different[1] > 400
    assert shipped.stat().st_mtime_ns == before


def test_an_unknown_parameter_is_named_and_leaves_no_file(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no parameter contry.*did you mean country_"):
        recompute(shipped, tmp_path / "no.duckdb", {"contry": "FR"})
    assert list(tmp_path.iterdir()) == []


# Properties, over random fields of models: each case is a variant of its own in one warehouse


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> tuple[Candidate, int]:
    """Forty random listings, each as it is, with a weaker model, and with every score moved alike."""
    cases, dice = Cases(), random.Random(20250219)
    many = 40
    for number in range(many):
        scores = {name: round(dice.uniform(900, 1500), 3) for name in dice.sample(US, 3) + dice.sample(CN, 3)}
        weaker = {**scores, "command-r-plus": 700.0, "gpt-4-0613": min(scores.values()) - 1}
        moved = {name: score + 250 for name, score in scores.items()}
        for label, listed in (("as_is", scores), ("weaker", weaker), ("moved", moved)):
            cases.add(f"{label}_{number}", printed(OFFICIAL, "2025-01-31", rows(listed, standard_error=4.0)))
    return warehouses.warehouse(tmp_path_factory.mktemp("fields"), *cases.boards), many


@pytest.mark.parametrize("change", ["weaker", "moved"])
def test_a_weaker_model_or_another_zero_changes_no_gap(fields: tuple[Candidate, int], change: str) -> None:
    warehouse, many = fields
    for number in range(many):
        before = warehouse.gap("2025-01", f"as_is_{number}")
        after = warehouse.gap("2025-01", f"{change}_{number}")
        assert (before["us_model"], before["cn_model"]) == (after["us_model"], after["cn_model"])
        assert after["gap_points"] == pytest.approx(before["gap_points"], abs=1e-9)
        assert after["gap_median"] == pytest.approx(before["gap_median"], abs=0.05)


def test_the_interval_holds_the_gap_of_separated_leaders(fields: tuple[Candidate, int]) -> None:
    warehouse, many = fields
    separated = 0
    for number in range(many):
        variant = f"as_is_{number}"
        gap = warehouse.gap("2025-01", variant)
        tops = warehouse.rows(
            "SELECT list(score ORDER BY score DESC)[:2] AS two FROM core.scores "
            "JOIN core.snapshots AS s USING (snapshot_id) "
            "JOIN core.models AS m USING (model_id) JOIN core.organizations AS o USING (organization_id) "
            "WHERE s.variant = ? GROUP BY o.hq_country",
            [variant],
        )
        if all(row["two"][0] - row["two"][1] > 40 for row in tops):
            separated += 1
            assert gap["gap_low"] < gap["gap_points"] < gap["gap_high"]
    assert separated > 5
