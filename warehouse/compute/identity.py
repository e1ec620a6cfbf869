"""Printed names → model identities, makers and countries. What is unknown is kept and shown.

Precedence for one printed name: a dated reading (``name_periods.csv``), then a name of
``models.csv``, then the printed organization alone, then nothing. Names are compared exactly after
`normalized`: there is no guessing by prefix or likeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from warehouse.reference import (
    ALWAYS_FROM,
    ALWAYS_TO,
    ReferenceData,
    as_date,
    normalized,
    split_codes,
    split_names,
)
from warehouse.reference.parameters import COUNTRY_RULES
from warehouse.tables import table


@dataclass(frozen=True)
class Printed:
    """A name as one source prints it. ``organization_name`` is empty when none is printed."""

    source_id: str
    model_name: str
    organization_name: str


@dataclass(frozen=True)
class Reading:
    """What a printed name stands for between two days."""

    model_id: str | None
    organization_id: str | None
    resolution: str
    valid_from: date = ALWAYS_FROM
    valid_to: date = ALWAYS_TO


class Resolver:
    """Reads printed names by the reference tables."""

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
        self._periods: dict[str, list[tuple[str | None, Reading]]] = {}
        for row in reference.name_periods.iter_rows(named=True):
            reading = Reading(
                row["model_id"],
                self._maker[row["model_id"]],
                "name",
                as_date(row["valid_from"], ALWAYS_FROM),
                as_date(row["valid_to"], ALWAYS_TO),
            )
            self._periods.setdefault(normalized(row["name"]), []).append((row["source_id"], reading))

    def read(self, printed: Printed) -> list[Reading]:
        """Every reading of ``printed``, one for each span of time, without overlap.

        PublicationDay readings of the printing source come before dated readings of any source.
        """
        name = normalized(printed.model_name)
        dated = self._periods.get(name, [])
        own = [reading for source, reading in dated if source == printed.source_id]
        readings = own or [reading for source, reading in dated if not source]
        readings = sorted(readings, key=lambda reading: reading.valid_from)
        covered = list(_gaps(readings))
        return sorted(
            [*readings, *(self._undated(printed, *span) for span in covered)], key=lambda r: r.valid_from
        )

    def organization(self, printed_name: str) -> str | None:
        return self._organizations.get(normalized(printed_name)) if printed_name else None

    def _undated(self, printed: Printed, valid_from: date, valid_to: date) -> Reading:
        model_id = self._models.get(normalized(printed.model_name))
        if model_id is not None:
            return Reading(model_id, self._maker[model_id], "name", valid_from, valid_to)
        organization_id = self.organization(printed.organization_name)
        if organization_id is not None:
            return Reading(
                normalized(printed.model_name), organization_id, "organization", valid_from, valid_to
            )
        return Reading(None, None, "unresolved", valid_from, valid_to)


def _gaps(readings: list[Reading]) -> Iterator[tuple[date, date]]:
    """The spans of all time that ``readings`` (sorted) leave open."""
    one_day = date.resolution
    start = ALWAYS_FROM
    for reading in readings:
        if reading.valid_from > start:
            yield start, reading.valid_from - one_day
        if reading.valid_to >= ALWAYS_TO:
            return
        start = max(start, reading.valid_to + one_day)
    yield start, ALWAYS_TO


def model_names(reference: ReferenceData, printed: Iterable[Printed]) -> pl.DataFrame:
    """``core.model_names``: every reading of every printed name."""
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


def models(reference: ReferenceData, names: pl.DataFrame) -> pl.DataFrame:
    """``core.models``: the reference table, then the models known only by their maker."""
    home = _home_countries(reference)
    rows: list[dict[str, Any]] = []
    for row in reference.models.iter_rows(named=True):
        joint = split_codes(row["joint_organizations"])
        homes = {
            country for maker in [row["organization_id"], *joint] if maker for country in home.get(maker, [])
        }
        rows.append(
            {
                **{key: row[key] for key in ("model_id", "name", "organization_id", "base_model", "effort")},
                "joint_organizations": joint,
                "is_joint": bool(joint) and len(homes) > 1,
                "fine_tune_of": row["fine_tune_of"],
                "base_model_country": row["base_model_country"],
                "public_from": as_date(row["public_from"]),
                "public_to": as_date(row["public_to"]),
                "was_public": row["was_public"] != "no",
                "resolution": "name",
                "evidence": row["evidence"] or "",
            }
        )
    known = {row["model_id"] for row in rows}
    by_maker = names.filter(pl.col("resolution") == "organization").unique(
        ["model_id"], keep="first", maintain_order=True
    )
    for row in by_maker.sort("model_id").iter_rows(named=True):
        if row["model_id"] in known:
            continue
        rows.append(
            {
                "model_id": row["model_id"],
                "name": row["model_name"],
                "organization_id": row["organization_id"],
                "joint_organizations": [],
                "is_joint": False,
                "was_public": True,
                "resolution": "organization",
                "evidence": f"{row['source_id']} prints the organization {row['organization_name']}",
            }
        )
    return pl.DataFrame(rows, schema=table("core.models").polars_schema())


def organizations(reference: ReferenceData) -> pl.DataFrame:
    """``core.organizations``."""
    rows = [
        {
            "organization_id": row["organization_id"],
            "name": row["name"],
            "hq_country": row["hq_country"],
            "other_countries": split_codes(row["other_countries"]),
            "valid_from": as_date(row["valid_from"], ALWAYS_FROM),
            "valid_to": as_date(row["valid_to"], ALWAYS_TO),
            "names": split_names(row["names"]),
            "note": row["note"],
            "evidence": row["evidence"] or "",
        }
        for row in reference.organizations.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=table("core.organizations").polars_schema())


def model_countries(
    organizations_: pl.DataFrame, models_: pl.DataFrame, attributions: pl.DataFrame | None = None
) -> pl.DataFrame:
    """``core.model_countries``: the country each model leads for, under each rule.

    A joint model leads for the country all its makers share under a rule; usually there is none and it
    has no row. ``attributions`` adds rules
    that read as ``hq`` but for a debatable maker or model.
    """
    otherwise: dict[str, dict[tuple[str, str], str | None]] = {}
    for row in attributions.iter_rows(named=True) if attributions is not None else ():
        otherwise.setdefault(row["country_rule"], {})[row["subject_kind"], row["subject"]] = row["country"]
    spans: dict[str, list[dict[str, Any]]] = {}
    for row in organizations_.iter_rows(named=True):
        spans.setdefault(row["organization_id"], []).append(row)
    rows: list[dict[str, Any]] = []
    for model in models_.iter_rows(named=True):
        partners = [spans[maker][0] for maker in model["joint_organizations"]] if model["is_joint"] else []
        for span in spans.get(model["organization_id"] or "", []):
            claims = {
                rule: _agreed(
                    [countries_of(s["hq_country"], s["other_countries"], rule) for s in [span, *partners]]
                )
                for rule in COUNTRY_RULES
            }
            subjects = (("model", model["model_id"]), ("organization", model["organization_id"]))
            for rule, changes in otherwise.items():
                decided = [changes[subject] for subject in subjects if subject in changes]
                claims[rule] = [decided[0]] if decided and decided[0] else [] if decided else claims["hq"]
            rows.extend(
                {
                    "model_id": model["model_id"],
                    "country_rule": rule,
                    "country": country,
                    "valid_from": span["valid_from"],
                    "valid_to": span["valid_to"],
                }
                for rule, countries in claims.items()
                for country in countries
            )
    return pl.DataFrame(rows, schema=table("core.model_countries").polars_schema())


def _agreed(claims: list[list[str]]) -> list[str]:
    """What all makers of a joint model claim alike; nothing when they differ."""
    return claims[0] if all(claim == claims[0] for claim in claims) else []


def countries_of(hq_country: str | None, other_countries: list[str], rule: str) -> list[str]:
    """The countries an organization counts for under ``rule`` (docs/method.md: country)."""
    home = [hq_country] if hq_country else []
    if rule == "hq":
        return home
    if rule == "any":
        return sorted({*home, *other_countries})
    if rule == "cn_hk":
        return ["CN" if country == "HK" else country for country in home]
    raise ValueError(f"unknown country rule {rule}")


def _home_countries(reference: ReferenceData) -> dict[str, list[str]]:
    homes: dict[str, list[str]] = {}
    for row in reference.organizations.iter_rows(named=True):
        if row["hq_country"]:
            homes.setdefault(row["organization_id"], []).append(row["hq_country"])
    return homes
