"""Printed names resolved to models and makers; ``core.model_names``.

A printed name is looked up in three places, the first match counts: the periods of ``name_periods.csv``, the names of
``models.csv``, the printed organization. Otherwise it is unresolved, which is kept and shown. Names are compared
exactly after `normalized`: no prefixes, no similarity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from warehouse.reference import ALWAYS_FROM, ALWAYS_TO, ReferenceData, as_date, normalized, split_names
from warehouse.tables import table


@dataclass(frozen=True)
class PrintedName:
    """A model name as one source prints it. ``organization_name`` is empty when none is printed."""

    source_id: str
    model_name: str
    organization_name: str


@dataclass(frozen=True)
class NameReading:
    """The model or maker that a printed name stands for from ``valid_from`` to ``valid_to``, both included."""

    model_id: str | None
    organization_id: str | None
    resolution: str
    valid_from: date = ALWAYS_FROM
    valid_to: date = ALWAYS_TO


class Resolver:
    """Looks printed names up in the reference tables."""

    def __init__(self, reference: ReferenceData) -> None:
        self._maker = {
            row["model_id"]: row["organization_id"] for row in reference.models.iter_rows(named=True)
        }
        self._models = {
            normalized(name): row["model_id"]
            for row in reference.models.iter_rows(named=True)
            for name in [*split_names(row["names"]), row["model_id"]]
        }
        self._organizations = {
            normalized(name): row["organization_id"]
            for row in reference.organizations.iter_rows(named=True)
            for name in split_names(row["names"])
        }
        self._periods: dict[str, list[tuple[str | None, NameReading]]] = {}
        for row in reference.name_periods.iter_rows(named=True):
            reading = NameReading(
                row["model_id"],
                self._maker[row["model_id"]],
                "name",
                as_date(row["valid_from"], ALWAYS_FROM),
                as_date(row["valid_to"], ALWAYS_TO),
            )
            self._periods.setdefault(normalized(row["name"]), []).append((row["source_id"], reading))

    def read(self, printed: PrintedName) -> list[NameReading]:
        """The readings of ``printed`` by time: they cover all days and do not overlap.

        Lines of name_periods.csv for the printing source come before those for any source.
        """
        name = normalized(printed.model_name)
        dated = self._periods.get(name, [])
        own = [reading for source, reading in dated if source == printed.source_id]
        readings = own or [reading for source, reading in dated if not source]
        if not readings:
            return [self._undated(printed, ALWAYS_FROM, ALWAYS_TO)]
        readings = sorted(readings, key=lambda reading: reading.valid_from)
        open_spans = list(_open_spans(readings))
        return sorted(
            [*readings, *(self._undated(printed, *span) for span in open_spans)], key=lambda r: r.valid_from
        )

    def organization(self, printed_name: str) -> str | None:
        """The id of the organization printed as ``printed_name``; None if it is unknown or empty."""
        return self._organizations.get(normalized(printed_name)) if printed_name else None

    def _undated(self, printed: PrintedName, valid_from: date, valid_to: date) -> NameReading:
        model_id = self._models.get(normalized(printed.model_name))
        if model_id is not None:
            return NameReading(model_id, self._maker[model_id], "name", valid_from, valid_to)
        organization_id = self.organization(printed.organization_name)
        if organization_id is not None:
            return NameReading(
                normalized(printed.model_name), organization_id, "organization", valid_from, valid_to
            )
        return NameReading(None, None, "unresolved", valid_from, valid_to)


def _open_spans(readings: list[NameReading]) -> Iterator[tuple[date, date]]:
    """The periods that none of ``readings`` (sorted by time) covers."""
    one_day = date.resolution
    start = ALWAYS_FROM
    for reading in readings:
        if reading.valid_from > start:
            yield start, reading.valid_from - one_day
        if reading.valid_to >= ALWAYS_TO:
            return
        start = max(start, reading.valid_to + one_day)
    yield start, ALWAYS_TO


def model_names(reference: ReferenceData, printed: Iterable[PrintedName]) -> pl.DataFrame:
    """``core.model_names``: one row for each reading of each printed name."""
    resolver = Resolver(reference)
    rows = [
        {
            "source_id": name.source_id,
            "model_name": name.model_name,
            "organization_name": name.organization_name,
            "valid_from": reading.valid_from,
            "valid_to": reading.valid_to,
            "model_id": reading.model_id,
            "organization_id": reading.organization_id,
            "resolution": reading.resolution,
        }
        for name in sorted(printed, key=lambda p: (p.source_id, p.model_name, p.organization_name))
        for reading in resolver.read(name)
    ]
    return pl.DataFrame(rows, schema=table("core.model_names").polars_schema())
