"""Epoch AI's machine learning hardware: one row a chip, in base units.

Many cells are blank, and blank is no zero: Huawei's 910B has a plain FP16 figure but none for its tensor units,
and fourteen chips have no date. Some chips have several rows (H100: PCIe, SXM5, NVL). Whether a chip was shipped
or only announced is not printed. The bandwidth between nodes is in bits, all other bandwidths are in bytes.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from sources.contract import CHIP, Request, Snapshot, Source, conform
from sources.epoch_eci import known_at_of, origin, with_release_dates
from sources.parsing.columns import csv_frame, labels, numbers, picked, texts

ADDRESS = "https://epoch.ai/data/ml_hardware.csv"
TEXTS = {
    "manufacturer_name": ("Manufacturer",),
    "kind": ("Type",),
    "foundry": ("Foundry",),
    "notes": ("Notes",),
    "datasheet": ("Link to datasheet",),
    "last_modified": ("Last modified",),
}
#: What the marts compare: a list without it is another list.
FIGURES = {
    # One column for both formats: tensor units run them at one rate.
    "tensor_flops": ("Tensor-FP16/BF16 performance (FLOP/s)",),
    "fp16_flops": ("FP16 (half precision) performance (FLOP/s)",),
    "memory_bytes": ("Memory (bytes)",),
    "bandwidth_bytes_per_s": ("Memory bandwidth (byte/s)",),
}
BESIDE = {
    "fp8_tensor_flops": ("FP8 performance (FLOP/s)",),
    "int8_tensor_ops": ("INT8 performance (OP/s)",),
    "interconnect_bytes_per_s": ("Intranode bandwidth (byte/s)",),
    "tdp_watts": ("TDP (W)",),
    "process_nm": ("Process size (nm)",),
    "internode_bits_per_s": ("Internode bandwidth (bit/s)",),
    "fp4_flops": ("FP4 performance (FLOP/s)",),
    "release_price_usd": ("Release price (USD)",),
}
COLUMNS = {"chip_name": ("Hardware name",), "released_on": ("Release date",)} | TEXTS | FIGURES | BESIDE
#: What goes to ``extra``.
EXTRA = (
    *(name for name in TEXTS if name != "manufacturer_name"),
    *(name for name in BESIDE if name not in CHIP),
)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a chip, under the name it is printed with."""
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), COLUMNS, where, optional=(*TEXTS, *BESIDE))
    rows = labels(rows, ["chip_name"], where)
    rows = texts(rows, TEXTS, where)
    rows = numbers(rows, [*FIGURES, *BESIDE], where)
    rows = with_release_dates(rows, where)
    beside = [name for name in EXTRA if name in rows.columns]
    return conform(
        rows.with_columns(
            pl.col("tensor_flops").alias("fp16_tensor_flops"),
            pl.col("tensor_flops").alias("bf16_tensor_flops"),
            pl.struct(beside).struct.json_encode().alias("extra") if beside else pl.lit(None).alias("extra"),
        ),
        CHIP,
    )


SOURCE = Source(
    id="epoch_hardware",
    title="Epoch AI machine learning hardware",
    origin=origin("Machine Learning Hardware", "https://epoch.ai/data/machine-learning-hardware"),
    requests=(
        Request(
            "ml_hardware", ADDRESS, ("text/csv", "text/plain", "application/csv", "application/octet-stream")
        ),
    ),
    parse=parse,
    cadence=timedelta(days=30),
    row_floor=100,
    schema=CHIP,
    raw_patterns=("epoch/ml_hardware*.csv",),
    request_of=lambda path: "ml_hardware",
    known_at_of=known_at_of,
)
