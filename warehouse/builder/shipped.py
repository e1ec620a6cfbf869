"""The shipped history as what was known before: for the comparison of new bodies with it."""

from __future__ import annotations

from datetime import UTC
from functools import cache
from pathlib import Path

import polars as pl

from sources.contract.receipt import Receipt
from sources.contract.source import Source
from sources.registry import all_sources
from warehouse.builder.inputs import HISTORY, KINDS, Input, kind_of, read_manifest

SERIES = ["board", "variant", "category"]


class ShippedHistory:
    """A `sources.ingestion.baseline.Baseline`. Files are read when first asked for, once in a process."""

    def __init__(self, history: Path = HISTORY) -> None:
        self.history = history
        self._manifest = read_manifest(history)
        self._bodies = {(row["source_id"], row["request"], row["sha256"]) for row in self._manifest["inputs"]}

    def rows(self, source: Source) -> pl.DataFrame:
        """All shipped rows of ``source``, in its schema, with ``known_at`` (UTC) and ``request``, source/request."""
        return self._read(source, kind_of(source))

    def witnesses(self, source: Source, series: pl.DataFrame) -> pl.DataFrame:
        """Shipped rows of ``series`` (board, variant, category) by other sources of the same producer, likewise."""
        others = [
            other
            for other in all_sources()
            if other.origin.producer == source.origin.producer
            and other.schema is source.schema
            and other.id != source.id
        ]
        found = [self.rows(other).join(series, on=SERIES, how="semi") for other in others]
        return pl.concat(found) if found else self.rows(source).clear()

    def ships(self, receipt: Receipt) -> bool:
        """Whether rows of the body of ``receipt`` ship."""
        return (receipt.source_id, receipt.request, receipt.sha256) in self._bodies

    def _read(self, source: Source, kind: str) -> pl.DataFrame:
        inputs = [Input.from_row(row) for row in self._manifest["inputs"] if row["source_id"] == source.id]
        files = [
            self.history / entry["file"]
            for entry in self._manifest["files"]
            if entry["source_id"] == source.id
        ]
        known = pl.DataFrame(
            [
                (
                    entry.input_id,
                    entry.known_at.astimezone(UTC).replace(tzinfo=None),
                    f"{source.id}/{entry.request}",
                )
                for entry in inputs
            ],
            schema={"input_id": pl.String(), "known_at": pl.Datetime("us"), "request": pl.String()},
            orient="row",
        )
        if not files:
            return pl.DataFrame(schema={**KINDS[kind], "known_at": pl.Datetime("us"), "request": pl.String()})
        return (
            pl.concat([pl.read_parquet(path) for path in files]).join(known, on="input_id").drop("input_id")
        )


@cache
def shipped_history() -> ShippedHistory:
    """The history that ships with this package."""
    return ShippedHistory()
