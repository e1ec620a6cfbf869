"""Gaps on exams by who measured them, from the shipped history, from raw files and with the whole external file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import CN, US, Leaderboard, field_of, printed, row, undated
from warehouse.builder.recompute import recompute
from warehouse.tables import table

END_2023, END_2024 = date(2023, 12, 1), date(2024, 12, 1)

#: METHOD's table: board, basis, month, US model, its score, Chinese model, its score, gap printed by the AI Index.
REFERENCE = (
    ("mmlu", "one_party", END_2023, "gpt-4-0613", 82.4, "Yi-34B", 76.2, 6.2, 17.5),
    ("mmlu", "one_party", END_2024, "claude-3-5-sonnet-20241022", 87.3, "DeepSeek-V3", 87.2, 0.1, 0.3),
    ("mmlu", "any_source", END_2023, "gpt-4-0314", 86.4, "Yi-34B", 76.3, 10.1, 17.5),
    ("mmlu", "any_source", END_2024, "gpt-4o-2024-11-20", 88.1, "DeepSeek-V3", 87.2, 0.9, 0.3),
    ("mmmu", "any_source", END_2024, "o1", 78.2, "QVQ-72B-Preview", 70.3, 7.9, 8.1),
    ("humaneval", "one_party", END_2023, "GPT-4 (May 2023)", 88.4, "DeepSeek-Coder-33B-instruct", 78.7, 9.7, 31.6),
    ("humaneval", "one_party", END_2024, "O1 Mini (Sept 2024)", 96.3, "Qwen2.5-Coder-32B-Instruct", 92.1, 4.2, 3.7),
)  # fmt: skip
#: Board, basis, month, gap: those of which the table gives no models, or the AI Index no gap.
GAPS = (
    ("mmmu", "any_source", END_2023, 13.5),
    ("humaneval_plus", "one_party", END_2023, 9.1),
    ("humaneval_plus", "one_party", END_2024, 1.8),
    ("math_level_5", "one_party", END_2023, 33.6),
    # 94.7 and 64.9 in the first later vintage; 29.9 from 94.71 and 64.85 as the bundle of 2026-04-19 has them.
    ("math_level_5", "one_party", END_2024, 29.8),
)


@pytest.mark.parametrize(
    ("board", "basis", "month", "us", "us_score", "cn", "cn_score", "gap", "claimed"), REFERENCE
)
def test_the_reference_figures(
    warehouse: duckdb.DuckDBPyConnection,
    board: str,
    basis: str,
    month: date,
    us: str,
    us_score: float,
    cn: str,
    cn_score: float,
    gap: float,
    claimed: float,
) -> None:
    """Would catch another basis, a scaffold that leads, a later model, or the printed figure of another month."""
    found = warehouse.execute(
        "SELECT us_model, us_score, cn_model, cn_score, round(gap_points, 1), published_gap, is_year_end "
        "FROM exam_gaps WHERE board = ? AND basis = ? AND month = ?",
        [board, basis, month],
    ).fetchall()
    assert found == [(us, us_score, cn, cn_score, gap, claimed, True)]


@pytest.mark.parametrize(("board", "basis", "month", "gap"), GAPS)
def test_the_other_reference_gaps(
    warehouse: duckdb.DuckDBPyConnection, board: str, basis: str, month: date, gap: float
) -> None:
    found = warehouse.execute(
        "SELECT round(gap_points, 1) FROM exam_gaps WHERE board = ? AND basis = ? AND month = ?",
        [board, basis, month],
    ).fetchall()
    assert found == [(gap,)]


def test_a_printed_gap_never_stands_without_a_word(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a difference that nobody explains, or a reproduced gap that is explained away."""
    said = warehouse.sql(
        "SELECT abs(gap_points - published_gap) < 0.05, why_they_differ FROM exam_gaps WHERE published_gap IS NOT NULL"
    ).fetchall()
    assert len(said) >= 10
    assert all((why == "the same gap") is same for same, why in said)


@pytest.mark.parametrize(
    ("year", "us", "china", "ratio"),
    [(2023, 67.22, 7.76, 8.7), (2024, 109.08, 9.29, 11.7), (2025, 285.9, 12.4, 23.1)],
)
def test_investment_as_cited(
    warehouse: duckdb.DuckDBPyConnection, year: int, us: float, china: float, ratio: float
) -> None:
    """Would catch editions that are mixed, or a figure without the address of its report."""
    found = warehouse.execute(
        "SELECT us_investment, cn_investment, round(ratio, 1), edition, address <> '' "
        "FROM investment_gap WHERE year = ?",
        [year],
    ).fetchall()
    assert found == [(us, china, ratio, year + 1, True)]


@pytest.mark.parametrize(("year", "measured"), [(2023, 6.2), (2024, 0.1)])
def test_the_claims_on_mmlu_are_measured_from_cited_scores(
    warehouse: duckdb.DuckDBPyConnection, year: int, measured: float
) -> None:
    """Would catch a claim left without a verdict though its scores can be cited."""
    found = warehouse.execute(
        "SELECT verdict, measured_value FROM claim_checks WHERE claim_id = ?", [f"ai-index-2025-mmlu-{year}"]
    ).fetchall()
    assert found == [("differs", pytest.approx(measured))]


def test_another_pair_has_no_figures_of_the_report(shipped: Path, tmp_path: Path) -> None:
    """Would catch the printed gap of the US and China beside the gap of the US and France."""
    recompute(shipped, tmp_path / "fr.duckdb", {"country_b": "FR"})
    with duckdb.connect(str(tmp_path / "fr.duckdb"), read_only=True) as con:
        assert con.sql("SELECT count(*) > 0, count(published_gap) FROM exam_gaps").fetchall() == [(True, 0)]
        assert con.sql("FROM investment_gap").fetchall() == []


# --- by hand ----------------------------------------------------------------------------------------------------


def exam(
    name: str, score: float, released: str, basis: str | None = None, board: str = "mmmu"
) -> dict[str, Any]:
    extra = json.dumps({"basis": basis}) if basis else None
    more = {"released_on": date.fromisoformat(released), "extra": extra, "board": board, "variant": "default"}
    return row(name, score, **more)


def test_bases_months_and_scaffolds_are_kept_apart(tmp_path: Path) -> None:
    """Would catch makers' figures mixed with measured ones, a scaffold that leads, or a model before its release."""
    listing = (
        exam(US[0], 60.0, "2024-01-10"),
        exam(US[1], 70.0, "2024-03-10", "author_reported"),
        exam(US[2], 99.0, "2024-01-10", "scaffold"),
        exam(CN[0], 50.0, "2024-02-20"),
        exam(CN[1], 55.0, "2024-02-20", "author_reported"),
    )
    built = warehouses.warehouse(
        tmp_path,
        undated("mmmu", "2024-04-15", listing),
        printed("lmarena_hf", "2024-04-20", field_of(1250.0, 1200.0)),
    )
    found = {
        (line["basis"], line["month"].month): (line["us_model"], line["gap_points"], line["vintage_rule"])
        for line in built.rows("SELECT * FROM exam_gaps WHERE board = 'mmmu'")
    }
    assert found == {
        ("one_party", 2): (US[0], 10.0, "by_release"),
        ("one_party", 3): (US[0], 10.0, "by_release"),
        ("one_party", 4): (US[0], 10.0, "as_listed"),
        ("author_reported", 3): (US[1], 15.0, "by_release"),
        ("author_reported", 4): (US[1], 15.0, "as_listed"),
        ("any_source", 2): (US[0], 5.0, "by_release"),
        ("any_source", 3): (US[1], 15.0, "by_release"),
        ("any_source", 4): (US[1], 15.0, "as_listed"),
    }


# --- the external file ------------------------------------------------------------------------------------------


def external_rows(upstream: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(upstream / "epoch" / "benchmark_data_2026-04-19.zip") as bundle:
        text = bundle.read("mmlu_external.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("month", "party", "us", "cn"),
    [
        (END_2023, "Stanford CRFM Leaderboard", 82.4, 76.2),
        (END_2024, "Stanford CRFM Leaderboard", 87.3, 87.2),
        (END_2023, "", 86.4, 76.3),
        (END_2024, "", 88.1, 87.2),
    ],
)
def test_cited_scores_are_the_tops_of_the_raw_file(
    upstream: Path, shipped: Path, month: date, party: str, us: float, cn: float
) -> None:
    """Would catch a cited score that is not the best of its country, by the file's own countries."""
    rows = [line for line in external_rows(upstream) if line["EM"] and line["Release date"]]
    rows = [
        line
        for line in rows
        if line["Release date"] <= month.replace(day=31).isoformat()
        and (not party or line["Source"] == party)
    ]
    tops = [
        max(round(100 * float(line["EM"]), 6) for line in rows if line["Country"] == country)
        for country in ("United States of America", "China")
    ]
    assert tops == [us, cn]
    with duckdb.connect(str(shipped), read_only=True) as con:
        cited = con.execute(
            "SELECT us_score, cn_score FROM exam_gaps WHERE board = 'mmlu' AND month = ? AND basis = ?",
            [month, "one_party" if party else "any_source"],
        ).fetchall()
    assert cited == [(us, cn)]


def test_with_the_external_file_the_gap_comes_from_it(upstream: Path, tmp_path: Path) -> None:
    """Would catch cited scores that hide the file, or a file that gives other figures than the cited ones."""
    lines = [
        {
            **row(line["Model version"], round(100 * float(line["EM"]), 10)),
            "board": "mmlu",
            "variant": "default",
            "category": category,
            "organization_name": line["Organization"] or None,
            "released_on": date.fromisoformat(line["Release date"]),
            "extra": json.dumps({"basis": "any_source"}) if category == "any_source" else None,
        }
        for category in ("overall", "any_source")
        for line in external_rows(upstream)
        if line["Model version"] and line["EM"] and line["Release date"]
        and (category == "any_source" or line["Source"] == "Stanford CRFM Leaderboard")
    ]  # fmt: skip
    best = pl.DataFrame(lines).sort("score", descending=True).unique(["category", "model_name"], keep="first")
    bundle = Leaderboard("epoch_benchmarks", best.to_dicts(), "2026-04-19", request="benchmark_data")
    built = warehouses.warehouse(
        tmp_path, bundle, printed("lmarena_hf", "2024-04-20", field_of(1250.0, 1200.0))
    )
    found = built.rows(
        "SELECT basis, month, round(gap_points, 1) AS gap, vintage_rule FROM exam_gaps "
        "WHERE board = 'mmlu' AND month IN ('2023-12-01', '2024-12-01') ORDER BY basis, month"
    )
    assert [(line["basis"], line["gap"], line["vintage_rule"]) for line in found] == [
        ("any_source", 10.1, "by_release"),
        ("any_source", 0.9, "by_release"),
        ("one_party", 6.2, "by_release"),
        ("one_party", 0.1, "by_release"),
    ]
    claims = built.rows("SELECT verdict FROM claim_checks WHERE claim_id LIKE 'ai-index-2025-mmlu-%'")
    assert [line["verdict"] for line in claims] == ["differs", "differs"]


def test_every_basis_has_a_meaning() -> None:
    [basis] = [column for column in table("main.exam_gaps").columns if column.name == "basis"]
    assert "scaffold" not in basis.values
