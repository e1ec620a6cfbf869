"""The catalogue of fields: a column that several tables have, declared once.

A table names its fields, ``columns("board variant category", nullable("us_score"), field("score", "Its score then"))``,
and declares in place what only it has, or what has another type there. A name stands for one thing: where a table
means something else by it, the meaning is given with the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sources.errors import meant
from warehouse.tables import domains
from warehouse.tables.schema import Column

DAYS_IN_A_MONTH = "months of 30.4375 days"
PER_MTOK = "US$ per million tokens"


def country(name: str, meaning: str, *, nullable: bool = False) -> Column:
    """A column of country codes."""
    what, mark, more = meaning.partition(";")
    words = f"{what} (ISO 3166-1 alpha-2){mark}{more}"
    return Column(name, "VARCHAR", words, nullable, check=f"{name} ~ '^[A-Z]{{2}}$'")


def share(name: str, meaning: str, *, nullable: bool = False) -> Column:
    """A column of probabilities or shares, from 0 to 1."""
    return Column(name, "DOUBLE", meaning, nullable, check=f"{name} BETWEEN 0 AND 1")


def sign(name: str, meaning: str) -> Column:
    """A column that says which of the two countries leads; null where that is unknown."""
    words = f"{meaning}. 1: the US leads; −1: China leads; 0: level"
    return Column(name, "INTEGER", words, nullable=True, check=f"{name} BETWEEN -1 AND 1")


_CATALOGUE = (
    # Boards and series
    Column("board", "VARCHAR", "Leaderboard or benchmark, see core.boards"),
    Column(
        "variant", "VARCHAR", "How the board scores: raw or style_control on the arena, default elsewhere"
    ),
    Column("category", "VARCHAR", "Part of the board's questions: overall, coding, chinese, …"),
    Column("kind", "VARCHAR", "What the board measures", values=domains.KINDS),
    Column("exam", "VARCHAR", "The exam, on which several boards can report"),
    Column("private", "BOOLEAN", "Are the questions kept from the public?", nullable=True),
    Column("month", "DATE", "First day of the month (UTC)", check="extract(day FROM month) = 1"),
    # Sources and bytes
    Column("source_id", "VARCHAR", "The source, see meta.sources"),
    Column("input_id", "VARCHAR", "The bytes it came from, see meta.inputs"),
    Column("request", "VARCHAR", "Name of the request"),
    Column("sha256", "VARCHAR", "sha256 of the uncompressed bytes", check="length(sha256) = 64"),
    Column("file_name", "VARCHAR", "Name of the raw file", nullable=True),
    Column("known_at", "TIMESTAMP", "When the bytes were known: fetched, or committed by a mirror (UTC)"),
    Column("coverage", "VARCHAR", "How much of the board is listed", values=domains.COVERAGES),
    Column("precision", "VARCHAR", "How scores are printed", values=domains.PRECISIONS),
    Column("distance", "INTEGER", "0 is upstream itself; the higher, the further from it"),
    Column("evidence", "VARCHAR", "Where a person can check"),
    Column("input_hash", "VARCHAR", "sha256 over the inputs, the reference tables and the code"),
    Column("run_id", "VARCHAR", "Dagster run that built it; null outside Dagster", nullable=True),
    # Snapshots
    Column("snapshot_id", "VARCHAR", "The snapshot, see core.snapshots"),
    Column("published_on", "DATE", "Publication day of the snapshot"),
    Column("vintage", "DATE", "Publication day of the snapshot whose ratings are used"),
    Column("date_basis", "VARCHAR", "What the publication day is known from", values=domains.DATE_BASES),
    Column("anchor", "VARCHAR", "The zero of the scale"),
    Column(
        "anchor_is_standard", "BOOLEAN", "False: percentages do not compare with those of the usual anchor"
    ),
    Column(
        "is_ambiguous",
        "BOOLEAN",
        "A name listed with contradicting rows could change a leader, so the category is quarantined",
    ),
    Column("listed_models", "INTEGER", "Models with a score"),
    Column("lowest_score", "DOUBLE", "Lowest score listed"),
    Column(
        "highest_unlisted",
        "DOUBLE",
        "Highest score that a model which is not listed can have: that of the row above the first missing rank, "
        "else of the last row; null where all are listed, and where nothing is known of the others",
        nullable=True,
    ),
    Column("score", "DOUBLE", "Score in the board's unit"),
    Column(
        "standard_error",
        "DOUBLE",
        "Published standard error; else from the bounds; 0 where the score is fixed (core.fixed_scores); else null",
        nullable=True,
    ),
    Column("votes", "BIGINT", "Votes or questions behind the score", nullable=True),
    Column("basis", "VARCHAR", "Who measured the score", values=domains.BASES),
    Column(
        "days_before_month_end",
        "INTEGER",
        "Days from published_on to the last day of the month",
        nullable=True,
        unit="days",
    ),
    Column(
        "month_is_open",
        "BOOLEAN",
        "The month is that of the newest bytes of the release: it was not over when they came, and its row may change",
    ),
    # Models, makers and countries
    Column("model_name", "VARCHAR", "Name of the model as printed"),
    Column("model_id", "VARCHAR", "Identity of the model version, see core.models"),
    Column("organization_name", "VARCHAR", "Organization as printed; empty when none is"),
    Column("organization_id", "VARCHAR", "The maker, see core.organizations", nullable=True),
    Column("resolution", "VARCHAR", "How the name was resolved", values=domains.RESOLUTIONS),
    Column("released_on", "DATE", "Release date as printed", nullable=True),
    Column("open_weights", "BOOLEAN", "Can the weights be downloaded, as printed?", nullable=True),
    Column("valid_from", "DATE", "First day on which this row is valid; 0001-01-01 when always"),
    Column("valid_to", "DATE", "Last day on which this row is valid; 9999-12-31 when open"),
    country("country", "Country"),
    # Definitions of the gap
    Column("month_rule", "VARCHAR", "Which publication stands for the month", values=domains.MONTH_RULES),
    Column("listing", "VARCHAR", "Which models may lead", values=domains.LISTINGS),
    Column(
        "country_rule",
        "VARCHAR",
        "How a model gets its country: hq, any, cn_hk or a rule of core.attributions",
    ),
    # The gap
    Column("status", "VARCHAR", "Whether the month has a gap, and why not", values=domains.STATUSES),
    Column("us_model", "VARCHAR", "Best US model, as printed"),
    Column("us_model_id", "VARCHAR", "Identity of us_model, see core.models"),
    Column("us_score", "DOUBLE", "Score of us_model"),
    Column("cn_model", "VARCHAR", "Best Chinese model, as printed"),
    Column("cn_model_id", "VARCHAR", "Identity of cn_model, see core.models"),
    Column("cn_score", "DOUBLE", "Score of cn_model"),
    Column("us_basis", "VARCHAR", "Who measured us_score", nullable=True, values=domains.BASES),
    Column("cn_basis", "VARCHAR", "Who measured cn_score", nullable=True, values=domains.BASES),
    Column(
        "gap_points", "DOUBLE", "us_score − cn_score, from unrounded scores, never clamped", unit="points"
    ),
    Column(
        "gap_pct_of_cn",
        "DOUBLE",
        "100 · gap_points / cn_score (the AI Index's convention)",
        nullable=True,
        unit="percent",
    ),
    Column("gap_pct_of_us", "DOUBLE", "100 · gap_points / us_score", nullable=True, unit="percent"),
    share("us_win_probability", "Elo boards: 1 / (1 + 10^(−gap_points/400))", nullable=True),
    Column(
        "logit_gap",
        "DOUBLE",
        "Percent boards: ln(p/(1−p)) of the US score less that of the Chinese one; null at 0 and 100",
        nullable=True,
        unit="logit",
    ),
    Column(
        "near_ceiling",
        "BOOLEAN",
        "Percent boards: the better score is above the share near_ceiling of the ceiling",
        nullable=True,
    ),
    Column(
        "gap_at_least",
        "DOUBLE",
        "Where a model that is not listed could lead: us_score − the highest that the best Chinese model can have",
        nullable=True,
        unit="points",
    ),
    Column("us_organization_id", "VARCHAR", "Maker of us_model", nullable=True),
    Column("cn_organization_id", "VARCHAR", "Maker of cn_model", nullable=True),
    Column(
        "us_eligible_models",
        "INTEGER",
        "US models that could lead; null when only leaders are known",
        nullable=True,
    ),
    Column(
        "cn_eligible_models",
        "INTEGER",
        "Chinese models that could lead; null when only leaders are known",
        nullable=True,
    ),
    Column("gap_median", "DOUBLE", "Deprecated: the same as gap_points", unit="points"),
    Column(
        "gap_error",
        "DOUBLE",
        "Standard error of the gap: root of the sum of both leaders' squared errors, and of rounding",
        unit="points",
    ),
    Column(
        "gap_low",
        "DOUBLE",
        "Lower end of the 95 % interval of how far apart the two named models truly are: "
        "gap_points − 1.96 gap_error",
        unit="points",
    ),
    Column("gap_high", "DOUBLE", "Upper end: gap_points + 1.96 gap_error", unit="points"),
    Column(
        "gap_low_wide",
        "DOUBLE",
        "As gap_low, but allowing for each of the two having been picked as the highest of its country's contenders; "
        "null where a contender may not be listed",
        nullable=True,
        unit="points",
    ),
    Column("gap_high_wide", "DOUBLE", "As gap_high, in the same way", nullable=True, unit="points"),
    Column(
        "us_contenders",
        "INTEGER",
        "US models that could truly be the best: not 1.96 errors of the difference below us_model, which counts too; "
        "null where some may not be listed",
        nullable=True,
    ),
    Column(
        "cn_contenders",
        "INTEGER",
        "Chinese models that could truly be the best, in the same way",
        nullable=True,
    ),
    Column(
        "us_contending_base_models",
        "INTEGER",
        "Different models among us_contenders: efforts of one count once",
        nullable=True,
    ),
    Column(
        "cn_contending_base_models",
        "INTEGER",
        "Different models among cn_contenders: efforts of one count once",
        nullable=True,
    ),
    Column(
        "error_source_id",
        "VARCHAR",
        "Source of the standard errors: of a publication that prints none, a copy of that same publication",
        nullable=True,
    ),
    # The gap as published then
    Column("then_variant", "VARCHAR", "Variant of what was published then"),
    Column("us_model_then", "VARCHAR", "US leader as published then"),
    Column("cn_model_then", "VARCHAR", "Chinese leader as published then"),
    Column("gap_points_then", "DOUBLE", "Gap as published then", unit="points"),
    # Forecasts of the gap
    Column("origin_month", "DATE", "The month with a gap that it is made from"),
    Column("horizon", "INTEGER", "Months ahead of it", unit="months"),
    Column("point", "DOUBLE", "The gap of origin_month", unit="points"),
    # Lags
    Column("reading", "VARCHAR", "Reading of the lag", values=domains.READINGS),
    Column(
        "lag_months", "DOUBLE", "The lag; null where it is undefined", nullable=True, unit=DAYS_IN_A_MONTH
    ),
    Column(
        "is_censored",
        "BOOLEAN",
        "lag_months is only a bound, at least this much: no US record has been matched yet, and the first is so old",
    ),
    Column(
        "us_is_left_censored",
        "BOOLEAN",
        "us_model was there on the first day of the list: the US may have stood there before, so months are at least",
    ),
    Column("us_is_doubled", "BOOLEAN", "us_model is listed with differing rows: the highest counts"),
    Column("cn_is_doubled", "BOOLEAN", "cn_model is listed with differing rows: the highest counts"),
    Column("tolerance", "DOUBLE", "Points within which a score counts as matched", check="tolerance >= 0"),
    Column("us_released_on", "DATE", "Day from which us_model counts"),
    Column("us_released_basis", "VARCHAR", "What us_released_on is", values=domains.RELEASE_BASES),
    Column("cn_released_on", "DATE", "Day from which cn_model counts"),
    Column("cn_released_basis", "VARCHAR", "What cn_released_on is", values=domains.RELEASE_BASES),
    Column("months", "DOUBLE", "The Chinese day less the US one", nullable=True, unit="months"),
    Column(
        "open_months",
        "DOUBLE",
        "How long it has stood unmatched by the vintage",
        nullable=True,
        unit="months",
    ),
    # Who is first
    Column("scope", "VARCHAR", "world, or the country whose models alone are looked at"),
    Column(
        "level", "VARCHAR", "What holds the first place; country in the world only", values=domains.LEVELS
    ),
    Column(
        "holder",
        "VARCHAR",
        "Country (ISO 3166-1 alpha-2), maker (core.organizations) or model (core.models) that is first. joint: a "
        "model by makers of several countries; no_country: its maker has none; unresolved: nothing is known of the "
        "model or its maker; unknown (where days are counted): no publication is new enough",
    ),
    Column(
        "holder_name",
        "VARCHAR",
        "Name of the maker, model as printed, or the country again; null where holder is none of them",
        nullable=True,
    ),
    # Prices and chips
    Column("provider", "VARCHAR", "Seller as the list prints it"),
    Column("listed_name", "VARCHAR", "Name as the list prints it"),
    Column("price_list_date", "DATE", "Day of the price list"),
    Column("input_usd_per_mtok", "DOUBLE", "Input price", nullable=True, unit=PER_MTOK),
    Column("output_usd_per_mtok", "DOUBLE", "Output price", nullable=True, unit=PER_MTOK),
    Column(
        "tier_up_to_tokens",
        "BIGINT",
        "Longest prompt that the price is for, the lowest of several tiers; null where one price holds for all",
        nullable=True,
        unit="tokens",
    ),
    Column("chip_name", "VARCHAR", "Chip as the list prints it"),
    Column("manufacturer_name", "VARCHAR", "Maker as printed"),
    Column("us_chip", "VARCHAR", "US chip as the list prints it"),
    Column("cn_chip", "VARCHAR", "Chinese chip as the list prints it"),
    Column("availability", "VARCHAR", "Stage the chip has reached", values=domains.AVAILABILITIES),
    # Claims and published figures
    Column("claim_id", "VARCHAR", "Identifier of the claim"),
    Column("comparison", "VARCHAR", "How the value is compared", values=domains.COMPARISONS),
    Column("period", "VARCHAR", "Year, month or span of months it is about"),
    Column("note", "VARCHAR", "What a reader should know", nullable=True),
)

#: Every field by name.
FIELDS: dict[str, Column] = {declared.name: declared for declared in _CATALOGUE}

#: The position of a row in a list as printed; `FIELDS` has another ``listing``.
PLACE_IN_LIST = Column("listing", "BIGINT", "Place in the list, sorted by name")


def field(name: str, meaning: str | None = None, **changes: Any) -> Column:
    """The field called ``name``, with what differs in one table. Raises `KeyError` if there is none."""
    if name not in FIELDS:
        raise KeyError(f"no field {name}; {meant(name, list(FIELDS), 'see warehouse/tables/fields.py')}")
    if meaning is not None:
        changes["meaning"] = meaning
    return replace(FIELDS[name], **changes)


def nullable(names: str) -> tuple[Column, ...]:
    """The fields ``names``, separated by spaces, in a table where they may be null."""
    return tuple(field(name, nullable=True) for name in names.split())


def columns(*parts: str | Column | Iterable[Column]) -> tuple[Column, ...]:
    """The columns of a table: names of fields, separated by spaces, and columns."""
    found: list[Column] = []
    for part in parts:
        if isinstance(part, str):
            found += (field(name) for name in part.split())
        elif isinstance(part, Column):
            found.append(part)
        else:
            found += part
    return tuple(found)
