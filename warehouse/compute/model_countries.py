"""``core.model_countries``: the country a model counts for, under each country rule (docs/method.md: country)."""

from __future__ import annotations

from typing import Any

import polars as pl

from warehouse.reference.parameters import COUNTRY_RULES
from warehouse.tables import table


def model_countries(
    organizations_: pl.DataFrame, models_: pl.DataFrame, attributions: pl.DataFrame | None = None
) -> pl.DataFrame:
    """``core.model_countries``: one row for each model, rule, country and period.

    A joint model counts for a country only if all its makers do; without a country it has no row. Each rule that
    ``attributions`` adds equals ``hq`` except for one debatable maker or model.
    """
    exceptions: dict[str, dict[tuple[str, str], str | None]] = {}
    for row in attributions.iter_rows(named=True) if attributions is not None else ():
        exceptions.setdefault(row["country_rule"], {})[row["subject_kind"], row["subject"]] = row["country"]
    spans: dict[str, list[dict[str, Any]]] = {}
    for row in organizations_.iter_rows(named=True):
        spans.setdefault(row["organization_id"], []).append(row)
    rows: list[dict[str, Any]] = []
    for model in models_.iter_rows(named=True):
        partners = [spans[maker][0] for maker in model["joint_organizations"]] if model["is_joint"] else []
        for span in spans.get(model["organization_id"] or "", []):
            countries_by_rule = {
                rule: _shared(
                    [countries_of(s["hq_country"], s["other_countries"], rule) for s in [span, *partners]]
                )
                for rule in COUNTRY_RULES
            }
            subjects = (("model", model["model_id"]), ("organization", model["organization_id"]))
            for rule, changes in exceptions.items():
                decided = [changes[subject] for subject in subjects if subject in changes]
                countries_by_rule[rule] = _attributed(decided) if decided else countries_by_rule["hq"]
            rows.extend(
                {
                    "model_id": model["model_id"],
                    "country_rule": rule,
                    "country": country,
                    "valid_from": span["valid_from"],
                    "valid_to": span["valid_to"],
                }
                for rule, countries in countries_by_rule.items()
                for country in countries
            )
    return pl.DataFrame(rows, schema=table("core.model_countries").polars_schema())


def _attributed(decided: list[str | None]) -> list[str]:
    return [decided[0]] if decided[0] else []


def _shared(countries: list[list[str]]) -> list[str]:
    """The countries that all makers of a joint model have; none if they differ."""
    return countries[0] if all(of_maker == countries[0] for of_maker in countries) else []


def countries_of(hq_country: str | None, other_countries: list[str], rule: str) -> list[str]:
    """The countries an organization counts for under ``rule``. Raises `ValueError` for an unknown rule."""
    home = [hq_country] if hq_country else []
    if rule == "hq":
        return home
    if rule == "any":
        return sorted({*home, *other_countries})
    if rule == "cn_hk":
        return ["CN" if country == "HK" else country for country in home]
    raise ValueError(f"unknown country rule {rule}")
