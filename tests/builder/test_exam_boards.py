"""Boards that the AI Index's claims rest on: their gaps at the ends of 2023 and 2024, and the same from raw files."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

#: Board, month, US model, its score, Chinese model, its score.
REFERENCE = (
    ("humaneval", date(2023, 12, 1), "GPT-4 (May 2023)", 88.4, "DeepSeek-Coder-33B-instruct", 78.7),
    ("humaneval", date(2024, 12, 1), "O1 Mini (Sept 2024)", 96.3, "Qwen2.5-Coder-32B-Instruct", 92.1),
    ("humaneval_plus", date(2023, 12, 1), "GPT-4-Turbo (Nov 2023)", 81.7, "DeepSeek-Coder-33B-instruct", 72.6),
    ("humaneval_plus", date(2024, 12, 1), "O1 Mini (Sept 2024)", 89.0, "Qwen2.5-Coder-32B-Instruct", 87.2),
)  # fmt: skip


@pytest.mark.parametrize(("board", "month", "us", "us_score", "cn", "cn_score"), REFERENCE)
def test_the_reference_gaps(
    warehouse: duckdb.DuckDBPyConnection,
    board: str,
    month: date,
    us: str,
    us_score: float,
    cn: str,
    cn_score: float,
) -> None:
    """Would catch a leader from another country, another vintage, or a scaffold taken for a model."""
    found = warehouse.execute(
        "SELECT us_model, us_score, cn_model, cn_score, round(gap_points, 1), status FROM monthly_gap "
        "WHERE board = ? AND category = 'overall' AND month = ?",
        [board, month],
    ).fetchone()
    assert found == (us, us_score, cn, cn_score, round(us_score - cn_score, 1), "observed")


def test_the_leaders_of_humaneval_lead_in_the_raw_files(upstream: Path) -> None:
    """Would catch a figure that is not the top of its file: Chinese models by name, all above them are US."""
    folder = upstream / "evalplus"
    with (folder / "humaneval__2023-12-30_9589d1eb9.csv").open(newline="", encoding="utf-8") as file:
        first = {row["Model"]: float(row["pass@1_base"]) for row in csv.DictReader(file)}
    last = {
        name: model["pass@1"]["humaneval"]
        for name, model in json.loads((folder / "results__2024-12-26_4ebfa0d4b.json").read_bytes()).items()
    }
    chinese = ("DeepSeek", "Qwen", "CodeQwen", "Yi-", "OpenCoder-8B")
    for scores, gap in ((first, 9.7), (last, 4.2)):
        own = max(score for name, score in scores.items() if name.startswith(chinese))
        above = {name: score for name, score in scores.items() if score > own}
        assert all(name.startswith(("GPT", "O1", "Claude", "Gemini", "Grok")) for name in above)
        assert max(above.values()) - own == pytest.approx(gap)
