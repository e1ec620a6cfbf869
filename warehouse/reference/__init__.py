"""The reference tables: facts with evidence, kept by hand as CSV in ``warehouse/reference``.

Every fact that is a judgement (who made a model, which country, which names are one version) is a
line a person can read, dispute and change. This module reads and checks them; it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl

from sources.errors import AigapError
from warehouse.workspace import PACKAGE

FOLDER = PACKAGE / "reference"
ALWAYS_FROM = date(1, 1, 1)
ALWAYS_TO = date(9999, 12, 31)

COLUMNS = {
    "organizations": (
        "organization_id", "name", "hq_country", "other_countries", "valid_from", "valid_to",
        "names", "note", "evidence",
    ),
    "models": (
        "model_id", "name", "organization_id", "base_model", "effort", "joint_organizations", "fine_tune_of",
        "base_model_country", "public_from", "public_to", "was_public", "names", "evidence",
    ),
    "name_periods": ("name", "model_id", "valid_from", "valid_to", "source_id", "evidence"),
    "boards": ("board", "name", "unit", "direction", "ceiling", "private", "kind", "note", "evidence"),
    "anchors": ("board", "variant", "source_id", "valid_from", "valid_to", "anchor", "is_standard", "evidence"),
    "attributions": ("country_rule", "subject", "subject_kind", "country", "why", "evidence"),
    "known_unresolved": ("source_id", "model_name", "organization_name", "reason"),
    "claims": (
        "claim_id", "claimant", "claimed_on", "statement", "measure", "board", "variant", "country", "period",
        "published_on", "reading", "vintage", "comparison", "value", "unit", "tolerance", "us_model", "cn_model",
        "how_computed", "source",
    ),
    "policy_events": ("date", "actor", "event", "effect_on", "citation", "side"),
    "parameters": ("name", "value", "comment"),
    "countries": ("printed", "country", "evidence"),
    "price_providers": ("source_id", "provider", "organization_id", "is_first_party", "preference", "evidence"),
    "price_names": (
        "source_id", "provider", "listed_name", "model_id", "valid_from", "valid_to", "free_by_maker", "evidence",
    ),
    "chip_pairs": ("pair", "us_chip", "cn_chip", "note"),
    "chip_availability": ("chip_name", "country", "availability", "since", "evidence"),
    "errata": ("erratum_id", "table_name", "what_was_wrong", "correction", "corrected_on"),
}  # fmt: skip


class ReferenceDataError(AigapError):
    """A reference table contradicts itself or names something that does not exist."""


def normalized(name: str) -> str:
    """How printed names are compared: case-folded, inner whitespace collapsed."""
    return " ".join(name.split()).casefold()


def split_names(cell: str | None) -> list[str]:
    """``a | b`` as a list."""
    return [part.strip() for part in (cell or "").split(" | ") if part.strip()]


def split_codes(cell: str | None) -> list[str]:
    """``US;GB`` as a list."""
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def as_date(cell: str | None, default: date | None = None) -> date | None:
    return date.fromisoformat(cell) if cell else default


@dataclass(frozen=True)
class Reference:
    """The reference tables as string frames (empty cells null), in file order."""

    folder: Path
    organizations: pl.DataFrame
    models: pl.DataFrame
    name_periods: pl.DataFrame
    boards: pl.DataFrame
    anchors: pl.DataFrame
    attributions: pl.DataFrame
    known_unresolved: pl.DataFrame
    claims: pl.DataFrame
    policy_events: pl.DataFrame
    parameters: pl.DataFrame
    countries: pl.DataFrame
    price_providers: pl.DataFrame
    price_names: pl.DataFrame
    chip_pairs: pl.DataFrame
    chip_availability: pl.DataFrame
    errata: pl.DataFrame

    def parameter(self, name: str) -> str:
        found = self.parameters.filter(pl.col("name") == name)
        if found.is_empty():
            raise ReferenceDataError(f"parameters.csv: no {name}", "a line for it", "add the line")
        return str(found["value"][0])


def load(folder: Path = FOLDER) -> Reference:
    """Read and check the reference tables below ``folder``. Raises `ReferenceDataError`."""
    tables = {name: _read(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    reference = Reference(folder, **tables)
    _check(reference)
    return reference


#: Which day a line of a table is from; the other tables say what is so, whenever it was written down.
DATED = {
    "claims": "claimed_on",
    "policy_events": "date",
    "chip_availability": "since",
    "errata": "corrected_on",
}


def as_of(reference: Reference, day: date) -> Reference:
    """``reference`` without the claims, events and corrections of later days. Who made a model and which names
    are one version stays as it is known today.
    """
    until = {
        name: getattr(reference, name).filter(pl.col(column).str.to_date() <= day)
        for name, column in DATED.items()
    }
    return replace(reference, **until)


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    if not path.is_file():
        raise ReferenceDataError(f"{path.name} is missing", f"a file in {path.parent.name}/", "restore it")
    try:
        frame = pl.read_csv(path, infer_schema=False, glob=False)
    except pl.exceptions.PolarsError as error:
        raise ReferenceDataError(
            f"{path.name}: {str(error).splitlines()[0]}", "comma-separated values", "mend the line"
        ) from None
    if tuple(frame.columns) != columns:
        raise ReferenceDataError(
            f"{path.name} has columns {', '.join(frame.columns)}", ", ".join(columns), "mend the header"
        )
    return frame


def _check(reference: Reference) -> None:
    problems = _without_key(reference)
    if problems:
        # The checks below compare names.
        raise _disagreement(problems)

    def unique(frame: pl.DataFrame, keys: list[str], what: str) -> None:
        twice = frame.filter(frame.select(keys).is_duplicated())
        problems.extend(f"{what}: {row} stands more than once" for row in twice.select(keys).unique().rows())

    unique(reference.organizations, ["organization_id", "valid_from"], "organizations.csv")
    unique(reference.models, ["model_id"], "models.csv")
    unique(reference.boards, ["board"], "boards.csv")
    unique(reference.parameters, ["name"], "parameters.csv")
    unique(reference.countries, ["printed"], "countries.csv")
    unique(reference.price_providers, ["source_id", "provider"], "price_providers.csv")
    unique(reference.chip_pairs, ["pair"], "chip_pairs.csv")
    unique(reference.chip_availability, ["chip_name", "availability"], "chip_availability.csv")
    known = set(reference.organizations["organization_id"])
    model_ids = set(reference.models["model_id"])
    for row in reference.models.iter_rows(named=True):
        if row["organization_id"] and row["organization_id"] not in known:
            problems.append(
                f"models.csv: {row['model_id']} names the unknown organization {row['organization_id']}"
            )
        problems.extend(
            f"models.csv: {row['model_id']} names the unknown joint organization {other}"
            for other in split_codes(row["joint_organizations"])
            if other not in known
        )
        for column in ("public_from", "public_to"):
            problems.extend(_date_problem("models.csv", str(row["model_id"]), row[column]))
        if row["was_public"] not in (None, "yes", "no"):
            problems.append(
                f"models.csv: {row['model_id']} has was_public {row['was_public']!r}, not yes or no"
            )
    for row in reference.organizations.iter_rows(named=True):
        for column in ("valid_from", "valid_to"):
            problems.extend(_date_problem("organizations.csv", str(row["organization_id"]), row[column]))
        problems.extend(
            f"organizations.csv: {row['organization_id']} has country {code}, expected two capital letters"
            for code in [*split_codes(row["hq_country"]), *split_codes(row["other_countries"])]
            if not (len(code) == 2 and code.isalpha() and code.isupper())
        )
    for file, key, frame in (
        ("models.csv", "model_id", reference.models),
        ("organizations.csv", "organization_id", reference.organizations),
    ):
        owner: dict[str, str] = {}
        for row in frame.iter_rows(named=True):
            for name in [*split_names(row["names"]), row[key]]:
                first = owner.setdefault(normalized(name), row[key])
                if first != row[key]:
                    problems.append(f"{file}: the name {name!r} stands under {first} and {row[key]}")
    problems.extend(
        f"name_periods.csv: {row['name']!r} names the unknown model {row['model_id']}"
        for row in reference.name_periods.iter_rows(named=True)
        if row["model_id"] not in model_ids
    )
    problems.extend(_price_problems(reference, model_ids, known))
    subjects = {"organization": known, "model": model_ids}
    problems.extend(
        f"attributions.csv: {row['country_rule']} names the unknown {row['subject_kind']} {row['subject']}"
        for row in reference.attributions.iter_rows(named=True)
        if row["subject"] not in subjects.get(row["subject_kind"] or "", set())
    )
    for file, key, columns, frame in (
        ("name_periods.csv", "name", ("valid_from", "valid_to"), reference.name_periods),
        ("anchors.csv", "board", ("valid_from", "valid_to"), reference.anchors),
        ("price_names.csv", "listed_name", ("valid_from", "valid_to"), reference.price_names),
        ("chip_availability.csv", "chip_name", ("since",), reference.chip_availability),
        ("errata.csv", "erratum_id", ("corrected_on",), reference.errata),
    ):
        for row in frame.iter_rows(named=True):
            for column in columns:
                problems.extend(_date_problem(file, str(row[key]), row[column]))
    if not problems:
        problems = _overlaps(reference.name_periods)
    if problems:
        raise _disagreement(problems)


def _disagreement(problems: list[str]) -> ReferenceDataError:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return ReferenceDataError(problems[0] + more, "reference tables that agree", "mend the line")


def _without_key(reference: Reference) -> list[str]:
    return [
        f"{file}: line {line} has no {key}"
        for file, key, frame in (
            ("models.csv", "model_id", reference.models),
            ("organizations.csv", "organization_id", reference.organizations),
            ("name_periods.csv", "name", reference.name_periods),
        )
        for line, cell in enumerate(frame[key], start=2)
        if not cell
    ]


def _price_problems(reference: Reference, model_ids: set[str], organizations: set[str]) -> list[str]:
    """Names of price lists: of a known model, by a provider that is said to be a maker of models."""
    own = {
        (row["source_id"], row["provider"])
        for row in reference.price_providers.iter_rows(named=True)
        if row["is_first_party"] == "yes"
    }
    problems = [
        f"price_providers.csv: {row['provider']} is its own maker, the unknown {row['organization_id']}"
        for row in reference.price_providers.iter_rows(named=True)
        if row["is_first_party"] == "yes" and row["organization_id"] not in organizations
    ]
    for row in reference.price_names.iter_rows(named=True):
        if row["model_id"] not in model_ids:
            problems.append(
                f"price_names.csv: {row['listed_name']} names the unknown model {row['model_id']}"
            )
        if (row["source_id"], row["provider"]) not in own:
            problems.append(
                f"price_names.csv: {row['listed_name']} is of {row['provider']}, no maker in price_providers.csv"
            )
    return problems


def _overlaps(name_periods: pl.DataFrame) -> list[str]:
    """A printed name must stand for one model on every day, in each source."""
    spans: dict[tuple[str, str | None], list[tuple[date, date, str]]] = {}
    for row in name_periods.iter_rows(named=True):
        start, end = as_date(row["valid_from"], ALWAYS_FROM), as_date(row["valid_to"], ALWAYS_TO)
        assert start is not None
        assert end is not None
        spans.setdefault((normalized(row["name"]), row["source_id"]), []).append(
            (start, end, row["model_id"])
        )
    problems = []
    for (name, _), found in spans.items():
        ordered = sorted(found)
        problems += [
            f"name_periods.csv: {name!r} stands for {first} and {second} on {start}"
            for (_, end, first), (start, _, second) in pairwise(ordered)
            if start <= end
        ]
    return problems


def _date_problem(file: str, key: str, cell: str | None) -> list[str]:
    if not cell:
        return []
    try:
        date.fromisoformat(cell)
    except ValueError:
        return [f"{file}: {key} has the date {cell!r}, expected YYYY-MM-DD"]
    return []
