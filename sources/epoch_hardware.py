"""Epoch AI's machine learning hardware: one row per chip, in base units.

Many cells are blank, which does not mean zero: Huawei's 910B has a plain FP16 figure but none for its tensor units,
and fourteen chips have no date. Some chips have several rows (H100: PCIe, SXM5, NVL). Whether a chip was shipped or
only announced is not printed. The bandwidth between nodes is in bits, all other bandwidths are in bytes.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from sources.contract import CHIP, Request, Snapshot, Source
from sources.parsing.epoch import CSV_TYPES, known_at_of, origin
from sources.parsing.frames import read_csv

TEXTS = {
    "manufacturer_name": ("Manufacturer",),
    "kind": ("Type",),
    "foundry": ("Foundry",),
    "notes": ("Notes",),
    "datasheet": ("Link to datasheet",),
    "last_modified": ("Last modified",),
}
#: Required columns, which the marts compare.
FIGURES = {
    # One column for both formats, which tensor units run at the same rate.
    "tensor_flops": ("Tensor-FP16/BF16 performance (FLOP/s)",),
    "fp16_flops": ("FP16 (half precision) performance (FLOP/s)",),
    "memory_bytes": ("Memory (bytes)",),
    "bandwidth_bytes_per_s": ("Memory bandwidth (byte/s)",),
}
OTHER_FIGURES = {
    "fp8_tensor_flops": ("FP8 performance (FLOP/s)",),
    "int8_tensor_ops": ("INT8 performance (OP/s)",),
    "interconnect_bytes_per_s": ("Intranode bandwidth (byte/s)",),
    "tdp_watts": ("TDP (W)",),
    "process_nm": ("Process size (nm)",),
    "internode_bits_per_s": ("Internode bandwidth (bit/s)",),
    "fp4_flops": ("FP4 performance (FLOP/s)",),
    "release_price_usd": ("Release price (USD)",),
}
COLUMNS = (
    {"chip_name": ("Hardware name",), "released_on": ("Release date",)} | TEXTS | FIGURES | OTHER_FIGURES
)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per chip, under its printed name."""
    rows = read_csv(snapshot).select(COLUMNS, optional=(*TEXTS, *OTHER_FIGURES))
    rows.parse_names("chip_name")
    rows.parse_strings(*TEXTS)
    rows.parse_floats(*FIGURES, *OTHER_FIGURES)
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    extra = [name for name in TEXTS if name != "manufacturer_name"]
    rows.with_extra([*extra, *(name for name in OTHER_FIGURES if name not in CHIP)])
    tensor_flops = pl.col("tensor_flops")
    rows.frame = rows.frame.with_columns(fp16_tensor_flops=tensor_flops, bf16_tensor_flops=tensor_flops)
    return rows.conform(CHIP)


SOURCE = Source(
    id="epoch_hardware",
    title="Epoch AI machine learning hardware",
    origin=origin("Machine Learning Hardware", "https://epoch.ai/data/machine-learning-hardware"),
    requests=(Request("ml_hardware", "https://epoch.ai/data/ml_hardware.csv", CSV_TYPES),),
    parse=parse,
    cadence=timedelta(days=30),
    row_floor=100,
    schema=CHIP,
    raw_patterns=("epoch/ml_hardware*.csv",),
    known_at_of=known_at_of,
)
