"""The best chips shipped by each year, calculated a second time from the raw file of chips.

Nothing here imports the project: the file is read with csv, deliveries from chip_availability.csv, and which makers'
plain FP16 is their dense rate is written down again.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

#: Whose chips have matrix units only; of all others plain FP16 is another rate.
MATRIX_UNITS_ONLY = ("Huawei", "Cambricon", "Kunlunxin")
FIGURES = {"memory": "Memory (bytes)", "bandwidth": "Memory bandwidth (byte/s)"}
DELIVERIES = Path(__file__).resolve().parents[2] / "warehouse" / "reference" / "chip_availability.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(chip: dict[str, str], measure: str) -> float | None:
    if measure != "fp16_tensor":
        cell = chip[FIGURES[measure]]
    else:
        cell = chip["Tensor-FP16/BF16 performance (FLOP/s)"]
        if not cell and chip["Manufacturer"].startswith(MATRIX_UNITS_ONLY):
            cell = chip["FP16 (half precision) performance (FLOP/s)"]
    return float(cell) if cell else None


@pytest.mark.parametrize("measure", ["fp16_tensor", "memory", "bandwidth"])
def test_best_shipped_is_what_the_raw_file_gives(
    upstream: Path, warehouse: duckdb.DuckDBPyConnection, measure: str
) -> None:
    newest = max(upstream.glob("epoch/ml_hardware*.csv"))
    value = {chip["Hardware name"].strip(): figure(chip, measure) for chip in rows_of(newest)}
    shipped = [row for row in rows_of(DELIVERIES) if row["availability"] == "shipped"]

    def best(country: str, year: int) -> float:
        return max(
            value[row["chip_name"]] or 0
            for row in shipped
            if row["country"] == country and int(row["since"][:4]) <= year
        )

    mine = {year: best("CN", year) / best("US", year) for year in range(2019, 2027)}
    theirs = dict(
        warehouse.execute(
            "SELECT year, ratio FROM main.chip_gap WHERE pair = 'best_shipped' AND measure = ?", [measure]
        ).fetchall()
    )
    assert theirs == pytest.approx(mine)
