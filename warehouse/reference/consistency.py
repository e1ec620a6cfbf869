"""Consistency checks of the reference tables; a problem is one sentence that names the file and the line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import polars as pl

from sources.registry import all_sources
from warehouse.reference.cells import (
    ALWAYS_FROM,
    ALWAYS_TO,
    as_date,
    is_date,
    is_number,
    normalized,
    split_codes,
    split_names,
)
from warehouse.reference.data import ReferenceData, ReferenceDataError
from warehouse.reference.parameters import COUNTRY_RULES, PARAMETERS, refusals
from warehouse.tables.domains import LICENCE_KINDS

#: The key columns of each table.
KEYS = {
    "organizations": ("organization_id", "valid_from"),
    "models": ("model_id",),
    "licence_spellings": ("spelling",),
    "boards": ("board",),
    "parameters": ("name",),
    "countries": ("printed",),
    "price_providers": ("source_id", "provider"),
    "suspensions": ("model_id", "valid_from"),
    "fixed_scores": ("board", "model_id"),
    "board_ends": ("board",),
    "exams": ("exam", "board", "category"),
    "cited_scores": ("board", "basis", "month", "model_id"),
    "exam_differences": ("exam", "month"),
    "chip_pairs": ("pair",),
    "chip_makers": ("manufacturer_name",),
    "chip_availability": ("chip_name", "availability"),
}
#: Columns that must not be empty.
REQUIRED = {
    "models": "model_id",
    "organizations": "organization_id",
    "name_periods": "name",
    "licence_spellings": "spelling",
}
#: By table: the column that identifies a line in messages, and the columns that contain dates.
DATES = {
    "models": ("model_id", ("public_from", "public_to", "weights_from")),
    "suspensions": ("model_id", ("valid_from", "valid_to")),
    "organizations": ("organization_id", ("valid_from", "valid_to")),
    "name_periods": ("name", ("valid_from", "valid_to")),
    "anchors": ("board", ("valid_from", "valid_to")),
    "price_names": ("listed_name", ("valid_from", "valid_to")),
    "chip_availability": ("chip_name", ("since",)),
    "errata": ("erratum_id", ("corrected_on",)),
    "board_ends": ("board", ("ended_on",)),
    "cited_scores": ("model_id", ("released_on",)),
    "claims": ("claim_id", ("claimed_on", "published_on")),
    "policy_events": ("event", ("date",)),
}


def problems(data: ReferenceData) -> list[str]:
    """All problems found, the first to correct first. Raises `ReferenceDataError` for a wrong parameter."""
    if missing := list(_missing_keys(data)):
        # The checks below need the keys.
        return missing
    found = [
        *_repeated_keys(data),
        *_models(data),
        *_licences(data),
        *_countries(data),
        *_shared_names(data),
        *_unknown_models(data),
        *_fixed_scores(data),
        *_price_names(data),
        *_attributions(data),
        *_dates(data),
    ]
    if not found:
        # These need valid dates.
        found = [*_overlaps(data.name_periods), *_deliveries(data), *_public_spans(data)]
    if not found:
        _require_parameters(data)
    return found


def _frame(data: ReferenceData, table: str) -> pl.DataFrame:
    frame: pl.DataFrame = getattr(data, table)
    return frame


def _missing_keys(data: ReferenceData) -> Iterator[str]:
    for table, key in REQUIRED.items():
        for line, cell in enumerate(_frame(data, table)[key], start=2):
            if not cell:
                yield f"{table}.csv: line {line} has no {key}"


def _repeated_keys(data: ReferenceData) -> Iterator[str]:
    for table, key in KEYS.items():
        keys = _frame(data, table).select(key)
        for row in keys.filter(keys.is_duplicated()).unique().rows():
            yield f"{table}.csv: {row} is listed more than once"


def _models(data: ReferenceData) -> Iterator[str]:
    organizations = set(data.organizations["organization_id"])
    for row in data.models.iter_rows(named=True):
        if row["organization_id"] and row["organization_id"] not in organizations:
            yield f"models.csv: {row['model_id']} names the unknown organization {row['organization_id']}"
        for other in split_codes(row["joint_organizations"]):
            if other not in organizations:
                yield f"models.csv: {row['model_id']} names the unknown joint organization {other}"
        if row["was_public"] not in (None, "yes", "no"):
            yield f"models.csv: {row['model_id']} has was_public {row['was_public']!r}, not yes or no"
        if row["weights_never"] not in (None, "yes"):
            yield f"models.csv: {row['model_id']} has weights_never {row['weights_never']!r}, not yes or empty"
        if row["weights_never"] and row["weights_from"]:
            yield f"models.csv: {row['model_id']} has weights_from and weights_never: leave one"
        if (row["weights_never"] or row["weights_from"]) and not row["evidence"]:
            yield f"models.csv: {row['model_id']} has weights_from or weights_never and no evidence: say whence"


def _licences(data: ReferenceData) -> Iterator[str]:
    """A spelling has one kind, however its letters are written."""
    kinds: dict[str, str] = {}
    for row in data.licence_spellings.iter_rows(named=True):
        spelling, kind = row["spelling"], row["licence_kind"] or ""
        if kind not in LICENCE_KINDS:
            expected = ", ".join(LICENCE_KINDS)
            yield f"licence_spellings.csv: {spelling} has the licence_kind {kind!r}, expected {expected}"
        if kinds.setdefault(normalized(spelling), kind) != kind:
            yield f"licence_spellings.csv: {spelling} has two kinds, {kinds[normalized(spelling)]} and {kind}"


def _countries(data: ReferenceData) -> Iterator[str]:
    for row in data.organizations.iter_rows(named=True):
        for code in [*split_codes(row["hq_country"]), *split_codes(row["other_countries"])]:
            if not (len(code) == 2 and code.isalpha() and code.isupper()):
                yield (
                    f"organizations.csv: {row['organization_id']} has country {code}, "
                    "expected two capital letters"
                )


def _shared_names(data: ReferenceData) -> Iterator[str]:
    """A printed name belongs to one model or organization only."""
    for table, key in (("models", "model_id"), ("organizations", "organization_id")):
        owner: dict[str, str] = {}
        for row in _frame(data, table).iter_rows(named=True):
            for name in [*split_names(row["names"]), row[key]]:
                first = owner.setdefault(normalized(name), row[key])
                if first != row[key]:
                    yield f"{table}.csv: the name {name!r} is listed under {first} and {row[key]}"


def _unknown_models(data: ReferenceData) -> Iterator[str]:
    models = set(data.models["model_id"])
    named_by = {
        "name_periods": "name",
        "price_names": "listed_name",
        "suspensions": "valid_from",
        "fixed_scores": "board",
        "cited_scores": "board",
    }
    for table, name in named_by.items():
        for row in _frame(data, table).iter_rows(named=True):
            if row["model_id"] not in models:
                shown = repr(row[name]) if table == "name_periods" else row[name]
                yield f"{table}.csv: {shown} names the unknown model {row['model_id']}"


def _fixed_scores(data: ReferenceData) -> Iterator[str]:
    """A score that has no error must be a number, and say where it is fixed."""
    for row in data.fixed_scores.iter_rows(named=True):
        where = f"fixed_scores.csv: {row['board']} {row['model_id']}"
        if not is_number(row["score"]):
            yield f"{where} has the score {row['score']!r}, expected a number"
        if not row["evidence"]:
            yield f"{where} has no evidence: say where the score is fixed"


def _price_names(data: ReferenceData) -> Iterator[str]:
    """Only names sold by the model's own maker may be listed in price_names.csv."""
    organizations = set(data.organizations["organization_id"])
    own = data.price_providers.filter(pl.col("is_first_party") == "yes")
    for row in own.iter_rows(named=True):
        if row["organization_id"] not in organizations:
            yield f"price_providers.csv: {row['provider']} names the unknown organization {row['organization_id']}"
    providers = set(own.select("source_id", "provider").rows())
    for row in data.price_names.iter_rows(named=True):
        if (row["source_id"], row["provider"]) not in providers:
            yield (
                f"price_names.csv: {row['listed_name']} is sold by {row['provider']}, "
                "which is not a maker in price_providers.csv"
            )


def _attributions(data: ReferenceData) -> Iterator[str]:
    subjects = {
        "organization": set(data.organizations["organization_id"]),
        "model": set(data.models["model_id"]),
    }
    for row in data.attributions.iter_rows(named=True):
        if row["subject"] not in subjects.get(row["subject_kind"] or "", set()):
            yield f"attributions.csv: {row['country_rule']} names the unknown {row['subject_kind']} {row['subject']}"


def _dates(data: ReferenceData) -> Iterator[str]:
    for table, (key, columns) in DATES.items():
        for row in _frame(data, table).iter_rows(named=True):
            for column in columns:
                if row[column] and not is_date(row[column]):
                    yield f"{table}.csv: {row[key]} has the date {row[column]!r}, expected YYYY-MM-DD"


def _deliveries(data: ReferenceData) -> Iterator[str]:
    """First deliveries are known to the month: a chip counts as shipped from the first day of it."""
    shipped = data.chip_availability.filter(pl.col("availability") == "shipped")
    for chip, since in shipped.select("chip_name", "since").rows():
        if date.fromisoformat(since).day != 1:
            yield (
                f"chip_availability.csv: {chip} is shipped since {since}, expected the first day of the month "
                "of its first delivery"
            )


def _public_spans(data: ReferenceData) -> Iterator[str]:
    """The days on which people could use a model must not contradict each other."""
    opened: dict[str, date] = {}
    for row in data.models.iter_rows(named=True):
        model, start, end = row["model_id"], as_date(row["public_from"]), as_date(row["public_to"])
        if row["was_public"] == "no" and (start or end):
            yield f"models.csv: {model} was never public (was_public no) and has public_from or public_to: leave one"
        if start and end and end < start:
            yield f"models.csv: {model} has public_to {end}, before its public_from {start}"
        if start and not row["evidence"]:
            yield f"models.csv: {model} has public_from {start} and no evidence: say where the day is from"
        if start:
            opened[model] = start
    until: dict[str, date] = {}
    for row in data.suspensions.iter_rows(named=True):
        model, start, end = row["model_id"], as_date(row["valid_from"]), as_date(row["valid_to"])
        if start is None:
            yield f"suspensions.csv: {model} has no valid_from: give the first day without access"
        elif end and end < start:
            yield f"suspensions.csv: {model} has valid_to {end}, before its valid_from {start}"
        elif model not in opened or start < opened[model]:
            yield (
                f"suspensions.csv: {model} is suspended from {start}, but not public before: "
                "see its public_from in models.csv"
            )
        elif start <= until.get(model, ALWAYS_FROM):
            yield f"suspensions.csv: {model} is suspended twice on {start}: join the lines, in order of their days"
        until[model] = end or ALWAYS_TO


def _overlaps(name_periods: pl.DataFrame) -> Iterator[str]:
    """A printed name must stand for one model only on any day, in each source."""
    spans: dict[tuple[str, str | None], list[tuple[date, date, str]]] = {}
    for row in name_periods.iter_rows(named=True):
        start, end = as_date(row["valid_from"], ALWAYS_FROM), as_date(row["valid_to"], ALWAYS_TO)
        spans.setdefault((normalized(row["name"]), row["source_id"]), []).append(
            (start, end, row["model_id"])
        )
    for (name, _), found in spans.items():
        for (_, end, first), (start, _, second) in pairwise(sorted(found)):
            if start <= end:
                yield f"name_periods.csv: {name!r} stands for {first} and {second} on {start}"


def _require_parameters(data: ReferenceData) -> None:
    """Raise `ReferenceDataError` for a missing or unknown parameter, or a value outside its domain."""
    values = dict(data.parameters.select("name", "value").rows())
    for declared in PARAMETERS:
        if values.get(declared.name) is None:
            raise ReferenceDataError(f"parameters.csv: no {declared.name}", "a line for it", "add the line")
    if extra := values.keys() - {declared.name for declared in PARAMETERS}:
        raise ReferenceDataError(
            f"parameters.csv: {min(extra)} is not a parameter",
            "a name declared in warehouse/reference/parameters.py",
            "correct or remove the line",
        )
    organizations = data.organizations
    names = {
        "countries": {
            code
            for cell in [*organizations["hq_country"], *organizations["other_countries"]]
            for code in split_codes(cell)
        },
        "country rules": {*COUNTRY_RULES, *data.attributions["country_rule"]},
        "boards": {*data.boards["board"], *(b.board for source in all_sources() for b in source.boards)},
    }
    for refusal in refusals(values, names):
        raise ReferenceDataError(
            f"parameters.csv: {refusal.name} is {refusal.value!r}",
            refusal.expected,
            refusal.remedy or "correct the line",
        )
