"""The index and the exams by month, from the tracker's vintages: reference figures, and the same from its files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

#: Gaps at the ends of 2026-01 to 2026-08, to the printed digit.
INDEX = (8.5, 6.5, 10.2, 10.4, 7.7, 6.8, 6.1, 5.0)
GPQA = (8.4, 6.3, 6.3, 6.8, 3.8, 2.7, 1.5, 1.7)
#: Makers as the tracker prints them, of the models that can lead; written down here, not read from the reference.
US = {"OpenAI", "Anthropic", "Google DeepMind", "Google", "Google DeepMind,Google", "xAI", "Meta AI"}
CN = {"Alibaba", "DeepSeek", "Moonshot", "Z.ai (Zhipu AI)", "MiniMax", "Xiaomi", "Tencent", "ByteDance"}


@pytest.mark.parametrize(("board", "gaps"), [("eci", INDEX), ("gpqa_diamond", GPQA)])
def test_the_reference_figures_of_2026(
    warehouse: duckdb.DuckDBPyConnection, board: str, gaps: tuple[float, ...]
) -> None:
    """Would catch a month taken from another vintage, or a leader that is not one."""
    found = warehouse.execute(
        "SELECT month, round(gap_points, 1) FROM monthly_gap WHERE board = ? AND category = 'overall' "
        "AND month BETWEEN '2026-01-01' AND '2026-08-01' ORDER BY month",
        [board],
    ).fetchall()
    assert found == [(date(2026, month, 1), gap) for month, gap in enumerate(gaps, 1)]


def test_every_vintage_gives_the_gap_of_its_own_file(
    warehouse: duckdb.DuckDBPyConnection, upstream: Path
) -> None:
    """Would catch a maker resolved to another country, a row lost, or two vintages mixed."""
    compared = 0
    for path in sorted((upstream / "iaps_tracker").glob("*.json")):
        raw = json.loads(path.read_bytes())
        for name, board in raw.get("benchmarks", {"eci": raw}).items():
            gap = gap_of(board["trend_models"], "eci" if name == "eci" else "score")
            ours = warehouse.execute(
                "SELECT g.gap_points FROM core.snapshot_gaps AS g JOIN core.snapshots AS s USING (snapshot_id) "
                "JOIN meta.inputs AS i USING (input_id) CROSS JOIN internal.settings "
                "WHERE i.source_id = 'epoch_tracker' AND i.file_name = ? AND s.board = ? "
                "AND g.listing = settings.listing AND g.country_rule = settings.country_rule AND g.status = 'observed'",
                [path.name, "frontiermath" if name == "frontiermath_public" else name],
            ).fetchall()
            if name == "metr_time_horizon":
                assert ours == []
            elif ours:
                assert ours == [(pytest.approx(gap, abs=1e-9),)], (path.name, name)
                compared += 1
    assert compared >= 60


def gap_of(models: list[dict[str, Any]], figure: str) -> float:
    """The best US less the best Chinese score among models with one figure."""
    names = [model["model"] for model in models]
    once = [model for model in models if names.count(model["model"]) == 1]
    us, cn = (max(model[figure] for model in once if model["organization"] in makers) for makers in (US, CN))
    return float(us - cn)


def test_the_index_has_a_whole_vintage_in_every_month(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a list of models taken for a cut one because another names every effort of a model: lags leave out
    cut lists, so months would be missing there.
    """
    found = warehouse.sql(
        "SELECT DISTINCT vintage FROM lag_summary WHERE board = 'eci' AND vintage >= '2025-12-01' ORDER BY vintage"
    ).fetchall()
    months = {(vintage.year, vintage.month) for (vintage,) in found}
    assert months >= {(2025, 12), *((2026, month) for month in range(1, 9))}
