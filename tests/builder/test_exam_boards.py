"""Boards that the AI Index's claims rest on: their gaps at the ends of 2023 and 2024, and the same from raw files."""

from __future__ import annotations

import csv
import hashlib
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
    ("mmmu", date(2024, 12, 1), "o1", 78.2, "QVQ-72B-Preview", 70.3),
    ("mmmu", date(2025, 11, 1), "GPT-5.1", 85.4, "dots.vlm1", 80.1),
    ("mmmu_pro", date(2026, 7, 1), "GPT-5.4 Thinking w/ tools", 82.1, "dots.vlm1", 70.1),
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


def test_the_vintage_before_the_last_of_2024(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch two publications of one month taken for one: 78.1 − 70.1 on the ninth, 78.2 − 70.3 at the end."""
    found = warehouse.sql(
        "SELECT published_on, round(gap_points, 1) FROM core.snapshot_gaps JOIN internal.settings "
        "USING (listing, country_rule) WHERE board = 'mmmu' AND published_on BETWEEN '2024-12-01' AND '2024-12-31' "
        "ORDER BY published_on"
    ).fetchall()
    assert found == [(date(2024, 12, 9), 8.0), (date(2024, 12, 29), 7.9)]


def test_a_scaffold_leads_for_nobody(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a method around somebody's model at the top of a country or of the world: an agent has 86.9 there."""
    [(top, basis)] = warehouse.sql(
        "SELECT max(score), arg_max(basis, score) FROM core.scores "
        "WHERE snapshot_id LIKE 'mmmu/mmmu_pro/%/2026-07-03/%'"
    ).fetchall()
    assert (top, basis) == (86.9, "scaffold")
    leaders = warehouse.sql(
        "SELECT model_name FROM core.country_leaders WHERE snapshot_id LIKE 'mmmu/mmmu_pro/%/2026-07-03/%'"
    ).fetchall()
    assert leaders
    assert "Chance Vision 1.5" not in {name for (name,) in leaders}
    held = warehouse.sql("SELECT count(*) FROM meta.withheld WHERE board LIKE 'mmmu%'").fetchall()
    assert held == [(0,)]


def test_every_score_has_a_basis(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a maker's own figures beside measured ones without a word."""
    found = dict(
        warehouse.sql(
            "SELECT source_id, list_sort(list(DISTINCT basis)) FROM core.scores "
            "JOIN core.snapshots USING (snapshot_id) GROUP BY source_id"
        ).fetchall()
    )
    assert found.pop("mmmu") == ["author_reported", "one_party", "scaffold"]
    assert found.pop("llm_stats") == ["author_reported"]
    # Pairs of models at work together.
    assert found.pop("aider") == ["one_party", "scaffold"]
    assert set(map(tuple, found.values())) == {("one_party",)}


def test_the_scores_of_mmmu_by_release_day_in_the_raw_file(upstream: Path) -> None:
    """Would catch a figure that is not the top of its file: of models out by 2023, Gemini Ultra less Yi-VL."""
    raw = json.loads((upstream / "mmmu" / "leaderboard_data__2024-12-29_f078a5f93.json").read_bytes())
    scores = {
        entry["info"]["name"]: float(entry["validation"]["overall"])
        for entry in raw["leaderboardData"]
        if entry["info"]["date"] <= "2023-12-31"
        and entry["info"]["type"] in ("open_source", "proprietary")
        and entry.get("validation", {}).get("overall")
    }
    chinese = ("Yi-", "Qwen", "CogVLM", "SPHINX", "mPLUG", "Emu2", "SVIT", "InternVL", "LLaMA-Adapter")
    own = max((score, name) for name, score in scores.items() if name.startswith(chinese))
    assert own == (45.9, "Yi-VL-34B")
    assert max((score, name) for name, score in scores.items()) == (59.4, "Gemini 1.0 Ultra")


#: What the names of the leading families begin with; the file prints no makers.
US_FAMILIES = ("GPT", "o1", "o3", "o4", "Gemini", "Claude", "Grok", "Llama", "Muse")
CN_FAMILIES = (
    "Qwen", "QVQ", "InternVL", "Seed", "dots", "GLM", "Skywork", "Spark", "TeleMM", "Yi", "Step", "Kimi",
)  # fmt: skip


@pytest.mark.system
def test_every_raw_file_of_mmmu_gives_its_own_gap(
    warehouse: duckdb.DuckDBPyConnection, upstream: Path
) -> None:
    """Would catch two vintages mixed, a test column read for the validation one, or a human taken for a model."""
    compared = 0
    for path in sorted((upstream / "mmmu").glob("leaderboard_data__*.json")):
        body = path.read_bytes()
        for board, part in (("mmmu", "validation"), ("mmmu_pro", "pro")):
            scores = {
                entry["info"]["name"]: float(printed.rstrip("*"))
                for entry in json.loads(body)["leaderboardData"]
                if (printed := str(entry.get(part, {}).get("overall") or "-").strip()) != "-"
            }
            us, cn = (
                max(score for name, score in scores.items() if name.startswith(families))
                for families in (US_FAMILIES, CN_FAMILIES)
            )
            ours = warehouse.execute(
                "SELECT g.us_score, g.cn_score FROM core.snapshot_gaps AS g "
                "JOIN core.snapshots AS s USING (snapshot_id) "
                "JOIN meta.inputs AS i USING (input_id) JOIN internal.settings USING (listing, country_rule) "
                "WHERE i.sha256 = ? AND s.board = ?",
                [hashlib.sha256(body).hexdigest(), board],
            ).fetchall()
            assert ours == [(us, cn)], (path.name, board)
            compared += 1
    assert compared >= 16


def test_every_month_that_the_repositories_changed_in_is_there(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch months of a replayed repository lost, or one without Chinese models taken for one without a table."""
    found = dict(
        warehouse.sql(
            "SELECT board || ' ' || status, count(*) FROM monthly_gap WHERE category = 'overall' AND board IN "
            "('mmmu', 'mmmu_pro', 'humaneval', 'humaneval_plus') AND status <> 'no_snapshot' GROUP BY ALL"
        ).fetchall()
    )
    assert found == {
        "mmmu observed": 13, "mmmu_pro observed": 12, "humaneval observed": 10, "humaneval_plus observed": 10,
        "humaneval no_cn_model": 4, "humaneval_plus no_cn_model": 4,
    }  # fmt: skip
