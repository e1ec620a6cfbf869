"""The frames of tables and staged relations that are copies of reference tables (``warehouse/reference/*.csv``)."""

from __future__ import annotations

from dataclasses import asdict

import polars as pl

from sources.registry import all_sources
from warehouse import reference
from warehouse.builder.context import BuildContext
from warehouse.reference import normalized


def boards(build: BuildContext) -> pl.DataFrame:
    """``core.boards``: the lines of boards.csv, then the boards that are declared by their source only."""
    listed = build.reference.boards.with_columns(
        pl.col("ceiling", "chance").cast(pl.Float64()),
        pl.col("private").replace_strict({"yes": True, "no": False}, default=None, return_dtype=pl.Boolean()),
    )
    known = set(listed["board"])
    declared = [
        {**asdict(board), "evidence": f"declared by the source {source.id}"}
        for source in all_sources()
        for board in source.boards
        if board.board not in known
    ]
    return pl.concat([listed, pl.DataFrame(declared, schema=listed.schema)]) if declared else listed


def claims(build: BuildContext) -> pl.DataFrame:
    """``main.claims``."""
    return _with_dates(build.reference.claims, "claimed_on", "published_on")


def policy_events(build: BuildContext) -> pl.DataFrame:
    """``main.policy_events``."""
    return _with_dates(build.reference.policy_events, "date")


def errata(build: BuildContext) -> pl.DataFrame:
    """``meta.errata``."""
    return _with_dates(build.reference.errata, "corrected_on")


def price_providers(build: BuildContext) -> pl.DataFrame:
    """``core.price_providers``."""
    return build.reference.price_providers.with_columns(pl.col("is_first_party") == "yes")


def price_names(build: BuildContext) -> pl.DataFrame:
    """``core.price_names``: the lines of price_names.csv, also for names that a list prints with other hyphens,
    blanks or case.
    """
    lines = _with_period(build.reference.price_names).with_columns(
        pl.col("free_by_maker").fill_null("no") == "yes"
    )
    listed = ["source_id", "provider", "listed_name"]
    printed = build.con.sql(
        "SELECT DISTINCT i.source_id, p.provider, p.listed_name "
        "FROM parsed_price AS p JOIN meta.inputs AS i USING (input_id) WHERE p.provider IS NOT NULL"
    ).pl()
    key = pl.col("listed_name").map_elements(normalized, pl.String()).alias("key")
    others = printed.join(lines, on=listed, how="anti").with_columns(key)
    spelled = lines.with_columns(key).drop("listed_name").join(others, on=["source_id", "provider", "key"])
    found: pl.DataFrame = pl.concat([lines, spelled.select(lines.columns)])
    return found


def licence_spellings(build: BuildContext) -> pl.DataFrame:
    """``core.licence_spellings``: the lines of licence_spellings.csv, also for printed spellings with other hyphens,
    blanks or case.
    """
    kind = pl.col("licence_kind")
    lines = build.reference.licence_spellings.with_columns(
        pl.when(kind != "unknown").then(kind != "closed").alias("is_open")
    )
    printed = build.con.sql(
        "SELECT DISTINCT license_name AS spelling FROM printed_name WHERE license_name IS NOT NULL"
    ).pl()
    key = pl.col("spelling").map_elements(normalized, pl.String()).alias("key")
    others = printed.join(lines, on="spelling", how="anti").with_columns(key)
    spelled = lines.with_columns(key).unique("key").drop("spelling").join(others, on="key")
    found: pl.DataFrame = pl.concat([lines, spelled.select(lines.columns)])
    return found


def model_lines(build: BuildContext) -> pl.DataFrame:
    """``staged_model``: what models.csv says of the weights of a model."""
    return build.reference.models.select(
        "model_id",
        "base_model",
        pl.col("weights_from").str.to_date(),
        (pl.col("weights_never") == "yes").fill_null(False).alias("weights_never"),
        "evidence",
    )


def chip_makers(build: BuildContext) -> pl.DataFrame:
    """``core.chip_makers``."""
    return build.reference.chip_makers.with_columns(pl.col("plain_fp16_is_dense") == "yes")


def suspensions(build: BuildContext) -> pl.DataFrame:
    """``core.suspensions``."""
    return _with_period(build.reference.suspensions)


def chip_availability(build: BuildContext) -> pl.DataFrame:
    """``core.chip_availability``."""
    return _with_dates(build.reference.chip_availability, "since")


def anchors(build: BuildContext) -> pl.DataFrame:
    """The staged relation ``staged_anchor``."""
    return _with_period(build.reference.anchors).with_columns(pl.col("is_standard") == "yes")


def fixed_scores(build: BuildContext) -> pl.DataFrame:
    """``core.fixed_scores``."""
    return build.reference.fixed_scores.with_columns(pl.col("score").cast(pl.Float64()))


def board_ends(build: BuildContext) -> pl.DataFrame:
    """``core.board_ends``."""
    return _with_dates(build.reference.board_ends, "ended_on")


def cited_scores(build: BuildContext) -> pl.DataFrame:
    """``core.cited_scores``."""
    lines = _with_dates(_with_months(build.reference.cited_scores), "released_on")
    return lines.with_columns(pl.col("score").cast(pl.Float64()))


def exam_differences(build: BuildContext) -> pl.DataFrame:
    """``core.exam_differences``."""
    return _with_months(build.reference.exam_differences)


def _with_months(frame: pl.DataFrame) -> pl.DataFrame:
    """``month`` (``2024-12``) as the first day of it."""
    return frame.with_columns((pl.col("month") + "-01").str.to_date())


def _with_dates(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).str.to_date() for column in columns)


def _with_period(frame: pl.DataFrame) -> pl.DataFrame:
    """``valid_from`` and ``valid_to`` as days; an empty cell is the first or last day of all time."""
    return frame.with_columns(
        pl.col("valid_from").str.to_date().fill_null(reference.ALWAYS_FROM),
        pl.col("valid_to").str.to_date().fill_null(reference.ALWAYS_TO),
    )
