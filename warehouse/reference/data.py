"""The reference tables in memory, and the part of them known on a past day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from sources.errors import AigapError

COLUMNS = {
    "organizations": (
        "organization_id", "name", "hq_country", "other_countries", "valid_from", "valid_to",
        "names", "note", "evidence",
    ),
    "models": (
        "model_id", "name", "organization_id", "base_model", "effort", "joint_organizations", "fine_tune_of",
        "base_model_country", "public_from", "public_to", "was_public", "weights_from", "weights_never", "names",
        "evidence",
    ),
    "licence_spellings": ("spelling", "licence_kind", "evidence"),
    "suspensions": ("model_id", "valid_from", "valid_to", "evidence"),
    "name_periods": ("name", "model_id", "valid_from", "valid_to", "source_id", "evidence"),
    "boards": ("board", "name", "unit", "direction", "ceiling", "chance", "private", "kind", "note", "evidence"),
    "anchors": ("board", "variant", "source_id", "valid_from", "valid_to", "anchor", "is_standard", "evidence"),
    "fixed_scores": ("board", "model_id", "score", "evidence"),
    "board_ends": ("board", "ended_on", "evidence"),
    "exams": ("exam", "board", "category", "published_measure"),
    "cited_scores": (
        "board", "basis", "month", "model_id", "model_name", "score", "released_on", "address", "evidence",
    ),
    "exam_differences": ("exam", "month", "why"),
    "attributions": ("country_rule", "subject", "subject_kind", "country", "why", "evidence"),
    "known_unresolved": ("source_id", "model_name", "organization_name", "reason"),
    "claims": (
        "claim_id", "claimant", "claimed_on", "statement", "measure", "board", "variant", "country", "period",
        "published_on", "reading", "vintage", "comparison", "value", "unit", "tolerance", "us_model", "cn_model",
        "beside", "how_computed", "source",
    ),
    "policy_events": ("date", "actor", "event", "effect_on", "citation", "side"),
    "parameters": ("name", "value", "comment"),
    "countries": ("printed", "country", "evidence"),
    "price_providers": ("source_id", "provider", "organization_id", "is_first_party", "preference", "evidence"),
    "price_names": (
        "source_id", "provider", "listed_name", "model_id", "valid_from", "valid_to", "free_by_maker", "evidence",
    ),
    "chip_pairs": ("pair", "us_chip", "cn_chip", "note"),
    "chip_makers": ("manufacturer_name", "plain_fp16_is_dense", "evidence"),
    "chip_availability": ("chip_name", "country", "availability", "since", "evidence"),
    "errata": ("erratum_id", "table_name", "what_was_wrong", "correction", "corrected_on"),
}  # fmt: skip


class ReferenceDataError(AigapError):
    """A reference table contradicts itself or names something that does not exist."""


@dataclass(frozen=True)
class ReferenceData:
    """The reference tables as string frames (empty cells null), in file order."""

    folder: Path
    organizations: pl.DataFrame
    models: pl.DataFrame
    licence_spellings: pl.DataFrame
    suspensions: pl.DataFrame
    name_periods: pl.DataFrame
    boards: pl.DataFrame
    anchors: pl.DataFrame
    fixed_scores: pl.DataFrame
    board_ends: pl.DataFrame
    exams: pl.DataFrame
    cited_scores: pl.DataFrame
    exam_differences: pl.DataFrame
    attributions: pl.DataFrame
    known_unresolved: pl.DataFrame
    claims: pl.DataFrame
    policy_events: pl.DataFrame
    parameters: pl.DataFrame
    countries: pl.DataFrame
    price_providers: pl.DataFrame
    price_names: pl.DataFrame
    chip_pairs: pl.DataFrame
    chip_makers: pl.DataFrame
    chip_availability: pl.DataFrame
    errata: pl.DataFrame

    def parameter(self, name: str) -> str:
        """The value of the parameter ``name``. Raises `ReferenceDataError` if it is missing."""
        found = self.parameters.filter(pl.col("name") == name)
        if found.is_empty():
            raise ReferenceDataError(f"parameters.csv: no {name}", "a line for it", "add the line")
        return str(found["value"][0])


#: The column with the day of a line. Other tables are not limited to a day: their facts hold whenever noted.
DATED = {
    "claims": "claimed_on",
    "policy_events": "date",
    "chip_availability": "since",
    "errata": "corrected_on",
    "board_ends": "ended_on",
}


def as_of(reference: ReferenceData, day: date) -> ReferenceData:
    """``reference`` without the claims, events, availabilities and corrections after ``day``.

    Who made a model and which names are one version stays as known today.
    """
    until = {
        name: getattr(reference, name).filter(pl.col(column).str.to_date() <= day)
        for name, column in DATED.items()
    }
    return replace(reference, **until)
