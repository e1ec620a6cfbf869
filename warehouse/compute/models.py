"""``core.models`` and ``core.organizations``, from the reference tables and the resolved names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from warehouse.reference import ALWAYS_FROM, ALWAYS_TO, ReferenceData, as_date, split_codes, split_names
from warehouse.tables import table


def organizations(reference: ReferenceData) -> pl.DataFrame:
    """``core.organizations``: one row for each line of organizations.csv."""
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


def models(
    reference: ReferenceData, names: pl.DataFrame, weights: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """``core.models``: the lines of models.csv, then one row for each printed name of which only the maker is known.

    ``weights`` has the newest state of each model's weights; of a model that it lacks it is unknown.
    """
    states = weights or {}
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
                "public_basis": _public_basis(row),
                "weights": states.get(row["model_id"], "unknown"),
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
                "public_basis": "unknown",
                "weights": states.get(row["model_id"], "unknown"),
                "resolution": "organization",
                "evidence": f"{row['source_id']} prints the organization {row['organization_name']}",
            }
        )
    return pl.DataFrame(rows, schema=table("core.models").polars_schema())


def _public_basis(row: dict[str, Any]) -> str:
    """What is known about when people could use the model of a line of models.csv."""
    if row["was_public"] == "no":
        return "never"
    return "fact" if row["public_from"] else "unknown"


def _home_countries(reference: ReferenceData) -> dict[str, list[str]]:
    homes: dict[str, list[str]] = {}
    for row in reference.organizations.iter_rows(named=True):
        if row["hq_country"]:
            homes.setdefault(row["organization_id"], []).append(row["hq_country"])
    return homes
