"""Chips: blank figures stay blank, and every figure keeps its unit."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.contract.rows import CHIP
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures import bodies

HEADER = (
    "Hardware name", "Manufacturer", "Type", "Notes", "Release date", "Tensor-FP16/BF16 performance (FLOP/s)",
    "FP8 performance (FLOP/s)", "Memory (bytes)", "Memory bandwidth (byte/s)", "Intranode bandwidth (byte/s)",
    "Internode bandwidth (bit/s)", "TDP (W)", "FP16 (half precision) performance (FLOP/s)",
    "INT8 performance (OP/s)", "Process size (nm)",
)  # fmt: skip


def chips(
    *rows: dict[str, Any], header: tuple[str, ...] = HEADER, rename: dict[str, str] | None = None
) -> str:
    """A sample list in the shape of Epoch's hardware file."""
    usual = {
        "Hardware name": "Sample One", "Manufacturer": "Northwind", "Release date": "2024-11-18",
        "Tensor-FP16/BF16 performance (FLOP/s)": "989400000000000.0", "Memory (bytes)": "80000000000.0",
        "Memory bandwidth (byte/s)": "3350000000000.0",
    }  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([(rename or {}).get(name, name) for name in header])
    for row in rows or ({},):
        cells = {**usual, **row}
        writer.writerow([cells.get(name, "") for name in header])
    return out.getvalue()


def parsed(body: bytes | str) -> pl.DataFrame:
    return bodies.parsed("epoch_hardware", body)


def test_blank_is_null_and_never_zero() -> None:
    """Would catch the 910B, whose tensor cell is blank, measured as zero or by its plain FP16 rate."""
    blank = dict.fromkeys(HEADER[1:], "") | {
        "FP16 (half precision) performance (FLOP/s)": "376000000000000.0"
    }
    frame = parsed(chips({"Hardware name": "Sample Two"} | blank))
    row = frame.row(0, named=True)
    assert row["fp16_flops"] == 3.76e14
    assert [row[name] for name in ("fp16_tensor_flops", "bf16_tensor_flops", "memory_bytes")] == [None] * 3
    assert (row["manufacturer_name"], row["released_on"], row["availability"]) == (None, None, None)


def test_zero_is_not_blank() -> None:
    """Would catch a printed zero lost with the blanks."""
    extra = parsed(chips({"Internode bandwidth (bit/s)": "0.0"}))["extra"][0]
    assert json.loads(extra)["internode_bits_per_s"] == 0.0


def test_the_tensor_rate_serves_both_formats_and_the_vector_rate_none() -> None:
    """Would catch the H100's plain FP16 column, a seventh of the tensor rate, taken for it."""
    row = parsed(chips({"FP16 (half precision) performance (FLOP/s)": "133800000000000.0"})).row(
        0, named=True
    )
    assert row["fp16_tensor_flops"] == row["bf16_tensor_flops"] == 9.894e14
    assert row["fp16_flops"] == 1.338e14


def test_bits_between_nodes_are_not_bytes_within_one() -> None:
    """Would catch a bandwidth eight times too large."""
    row = parsed(
        chips(
            {
                "Intranode bandwidth (byte/s)": "900000000000.0",
                "Internode bandwidth (bit/s)": "400000000000.0",
            }
        )
    ).row(0, named=True)
    assert row["interconnect_bytes_per_s"] == 9e11
    assert json.loads(row["extra"])["internode_bits_per_s"] == 4e11


def test_newlines_in_notes_do_not_make_rows() -> None:
    """Would catch a note's second line read as a chip."""
    frame = parsed(chips({"Notes": 'two\nlines, "quoted"'}, {"Hardware name": "Sample Two"}))
    assert frame["chip_name"].to_list() == ["Sample One", "Sample Two"]


def test_several_rows_of_one_chip_stay_apart() -> None:
    """Would catch the PCIe card's figures under the SXM module's name."""
    frame = parsed(
        chips({"Hardware name": "Sample One PCIe", "TDP (W)": "350"}, {"Hardware name": "Sample One SXM"})
    )
    assert frame["chip_name"].to_list() == ["Sample One PCIe", "Sample One SXM"]
    assert frame["tdp_watts"].to_list() == [350.0, None]


def test_optional_columns_may_be_missing_or_moved() -> None:
    """Would catch a list refused because upstream dropped the price of a chip, or reordered."""
    few = (
        "Release date",
        "Memory (bytes)",
        "Hardware name",
        "Memory bandwidth (byte/s)",
        HEADER[5],
        HEADER[12],
    )
    row = parsed(chips(header=few)).row(0, named=True)
    assert (row["chip_name"], row["released_on"]) == ("Sample One", date(2024, 11, 18))
    assert row["extra"] is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html><title>404</title>", "a web page"),
        (b"", "an empty body"),
        (chips().splitlines()[0] + "\n", "no rows"),
        (chips(rename={"Memory (bytes)": "Memory (GB)"}), r"also Memory \(bytes\)"),
        (chips(*[{"Release date": "November 2024"}] * 6), "released_on 'November 2024'"),
        (chips(*[{"Memory (bytes)": "80 GB"}] * 6), "memory_bytes '80 GB'"),
        (chips(*[{"Hardware name": " "}] * 6), "chip_name ''"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
    ids=["page", "empty", "header only", "renamed", "date", "unit in the cell", "no name", "not UTF-8"],
)
def test_what_is_no_list_of_chips_is_refused(body: bytes | str, says: str) -> None:
    """Would catch another unit or another page under the old address."""
    with pytest.raises(ParseError, match=says):
        parsed(body)


def test_a_list_without_figures_counts_as_empty() -> None:
    """Would catch a list that names chips and measures none of them."""
    with pytest.raises(EmptyTable, match="memory_bytes"):
        parsed(chips(dict.fromkeys(HEADER[1:], "")))


def test_byte_order_mark_and_a_figure_no_float_can_hold() -> None:
    """Would catch three bytes that rename the first column, or an infinite chip."""
    body = "\ufeff" + chips({"Memory (bytes)": "1e999", "Memory bandwidth (byte/s)": "NaN"})
    row = parsed(body).row(0, named=True)
    assert (row["chip_name"], row["memory_bytes"], row["bandwidth_bytes_per_s"]) == ("Sample One", None, None)


def test_the_real_list_cell_by_cell(upstream: Path) -> None:
    """Would catch figures shifted, dropped or filled, against the csv module's reading."""
    source = get("epoch_hardware")
    files = sorted(upstream.glob(source.raw_patterns[0]))
    if not files:
        pytest.skip("no hardware list")
    ours = {
        "fp16_tensor_flops": HEADER[5], "fp16_flops": HEADER[12], "fp8_tensor_flops": HEADER[6],
        "int8_tensor_ops": HEADER[13], "memory_bytes": HEADER[7], "bandwidth_bytes_per_s": HEADER[8],
        "interconnect_bytes_per_s": HEADER[9], "tdp_watts": HEADER[11], "process_nm": HEADER[14],
    }  # fmt: skip
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            plain = list(csv.DictReader(file))
        frame = bodies.read_file(source, path)
        assert dict(frame.schema) == dict(CHIP)
        assert frame["chip_name"].to_list() == [row["Hardware name"].strip() for row in plain]
        for name, theirs in ours.items():
            cells = [float(row[theirs]) if row[theirs] else None for row in plain]
            assert frame[name].to_list() == cells, name
        dates = [date.fromisoformat(row["Release date"]) if row["Release date"] else None for row in plain]
        assert frame["released_on"].to_list() == dates


def test_the_pairs_that_matter_in_the_real_list(upstream: Path) -> None:
    """Would catch ratios made of the wrong row: the figures that the comparison of chips rests on."""
    path = upstream / "epoch" / "ml_hardware_2026-04-22.csv"
    if not path.is_file():
        pytest.skip("no hardware list")
    frame = parsed(path.read_bytes())
    chip = {row["chip_name"]: row for row in frame.iter_rows(named=True)}
    assert chip["Huawei Ascend 910B"]["fp16_tensor_flops"] is None
    assert chip["Huawei Ascend 910C"]["fp16_tensor_flops"] / chip["NVIDIA H100 SXM5 80GB"][
        "fp16_tensor_flops"
    ] == (pytest.approx(0.8086, abs=1e-4))
    assert chip["NVIDIA HGX H20"]["bandwidth_bytes_per_s"] == 4e12
    assert "Huawei Ascend 910D" not in chip
