"""Which rows cannot be true by themselves, and what that costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from sources.contract.rows import CHIP, NOTABLE_MODEL, OBSERVATION, PRICE, conform
from sources.contract.set_aside import Parsed
from sources.contract.snapshot import Snapshot
from sources.contract.units import UNITS
from sources.contract.validation import read
from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import snapshot
from warehouse.reference import load

#: A source whose rows have each schema.
SOURCES = {id(OBSERVATION): "lmarena_hf", id(PRICE): "models_dev", id(CHIP): "epoch_hardware",
           id(NOTABLE_MODEL): "epoch_notable_models"}  # fmt: skip
USUAL: dict[int, dict[str, Any]] = {
    id(OBSERVATION): {
        "board": "arena_text",
        "variant": "raw",
        "category": "overall",
        "published_on": date(2026, 1, 2),
    },
    id(PRICE): {"provider": "northwind", "has_tiered_prices": False, "input_usd_per_mtok": 1.0},
    id(CHIP): {"memory_bytes": 8e10},
    id(NOTABLE_MODEL): {"countries": ["China"]},
}
NAMES = {
    id(OBSERVATION): "model_name",
    id(PRICE): "listed_name",
    id(CHIP): "chip_name",
    id(NOTABLE_MODEL): "model_name",
}


def read_with(
    schema: Any,
    *rows: dict[str, Any],
    known_at: datetime = datetime(2026, 3, 1, tzinfo=UTC),
    source_id: str = "",
) -> Parsed:
    """What is read of a hundred usual rows and ``rows``; of a board, the usual are the best."""
    usual = [
        {NAMES[id(schema)]: f"usual-{place}", **({"score": 1500.0 - place} if schema is OBSERVATION else {})}
        for place in range(100)
    ]
    odd = [{NAMES[id(schema)]: f"odd-{place}", **row} for place, row in enumerate(rows)]
    if schema is OBSERVATION:
        odd = [{"score": 1000.0, **row} for row in odd]
    frame = conform([{**USUAL[id(schema)], **row} for row in [*usual, *odd]], schema)
    source = replace(get(source_id or SOURCES[id(schema)]), parse=lambda taken: frame)
    taken = snapshot(source.id, "x", at=known_at)
    return read(source, Snapshot(taken.body, taken.receipt))


@pytest.mark.parametrize(
    ("schema", "row", "line"),
    [
        (OBSERVATION, {"published_on": date(2062, 1, 1)}, "published_on 2062-01-01"),
        (OBSERVATION, {"published_on": date(2026, 3, 3)}, "2018-01-01 to 2026-03-02, when it was known"),
        (OBSERVATION, {"published_on": date(1970, 1, 1)}, "published_on 1970-01-01"),
        (OBSERVATION, {"released_on": date(2016, 1, 1)}, "released_on 2016-01-01"),
        (PRICE, {"released_on": date(2062, 1, 1)}, "released_on 2062-01-01"),
        (PRICE, {"listed_on": date(2017, 1, 1)}, "listed_on 2017-01-01"),
        (CHIP, {"released_on": date(1999, 1, 1)}, "released_on 1999-01-01"),
        (NOTABLE_MODEL, {"published_on": date(1949, 1, 1)}, "published_on 1949-01-01"),
        (OBSERVATION, {"score": 14000.0, "rank": 90}, "300 to 2500 (elo)"),
        (OBSERVATION, {"score": 14.0, "rank": 90}, "300 to 2500 (elo)"),
        (OBSERVATION, {"board": "livebench", "score": 101.0, "rank": 90}, "0 to 100 (percent)"),
        (OBSERVATION, {"board": "metr_time_horizon", "score": 0.0, "rank": 90}, "0.001 to 100000 (minutes)"),
        (OBSERVATION, {"votes": -1}, "votes -1"),
        (OBSERVATION, {"rank": 0}, "rank 0"),
        (OBSERVATION, {"standard_error": -1.0}, "standard_error -1.0"),
        (OBSERVATION, {"score_low": 1010.0}, "a bound below the score"),
        (OBSERVATION, {"score_high": 990.0}, "a bound above the score"),
        (OBSERVATION, {"model_name": "x" * 201}, "at most 200 characters"),
        (OBSERVATION, {"model_name": " "}, "every row to have one"),
        (PRICE, {"input_usd_per_mtok": 5_000_000.0}, "0, or 0.001 to 1000 US$"),
        (PRICE, {"output_usd_per_mtok": 0.0000005}, "0, or 0.001 to 1000 US$"),
        (PRICE, {"output_usd_per_mtok": -1.0}, "0, or 0.001 to 1000 US$"),
        (CHIP, {"fp16_flops": 312.0}, "1e+09 to 1e+18"),
        (CHIP, {"tdp_watts": 700_000.0}, "0.1 to 100000"),
        (NOTABLE_MODEL, {"parameters": 0.0}, "1 to 1e+17"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_set_aside_alone(schema: Any, row: dict[str, Any], line: str) -> None:
    """Would catch one wrong cell that becomes a figure, or costs the whole body."""
    parsed = read_with(schema, row)
    assert parsed.frame.height == 100
    [lost] = parsed.set_aside
    assert lost.row == 101
    assert line in lost.line()
    assert not lost.is_cell


def test_what_can_be_stays() -> None:
    """Would catch walls that keep good rows out: today's, free, tiny and bare ones."""
    assert read_with(OBSERVATION, {"published_on": date(2026, 3, 2)}, {"score": None}).frame.height == 102
    free = {"input_usd_per_mtok": 0.0, "output_usd_per_mtok": 0.0}
    picture = {"mode": "image_generation", "input_usd_per_mtok": 0.00013}
    assert read_with(PRICE, free, picture, {"cached_input_usd_per_mtok": 0.0003}).frame.height == 103
    odd = {"provider": "wandb", "input_usd_per_mtok": 135_000.0}
    assert read_with(PRICE, odd, source_id="litellm_prices").frame.height == 101


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(1900, 1, 1), date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize(
    ("schema", "column"), [(OBSERVATION, "released_on"), (NOTABLE_MODEL, "published_on")]
)
def test_a_placeholder_is_no_day_and_is_counted(schema: Any, column: str, day: date) -> None:
    """Would catch a release in 1970 that matches every record, or a model lost for a blank."""
    parsed = read_with(schema, {column: day}, {column: day})
    assert parsed.frame[column].tail(2).to_list() == [None, None]
    [cells] = parsed.set_aside
    assert (cells.is_cell, cells.rows, cells.row, cells.found) == (True, 2, 101, f"{day:%Y-%m-%d}".zfill(10))
    assert parsed.losses() == f"2 cells set aside, the first is {cells.line()}"


def test_a_day_before_the_first_year_is_told_too() -> None:
    """Would catch a traceback of Python's calendar, which has no year 0."""
    frame = pl.DataFrame({"d": ["0000-05-01"]}).select(pl.col("d").str.to_date("%Y-%m-%d"))
    schema = dict(CHIP)
    usual = conform([{"chip_name": f"c{n}", "memory_bytes": 8e10} for n in range(9)], CHIP)
    odd = usual.head(1).with_columns(frame["d"].alias("released_on"))
    source = replace(get("epoch_hardware"), parse=lambda taken: pl.concat([usual, odd]))
    [lost] = read(source, snapshot("epoch_hardware", "x")).set_aside
    assert lost.found == "0000-05-01"
    assert list(schema) == usual.columns


def test_a_day_of_the_whole_body_that_cannot_be_refuses_it() -> None:
    """Would catch a future publication that becomes the latest, even where the file's own date says so."""
    rows = [{"published_on": date(2062, 1, 1)}] * 6
    with pytest.raises(
        ParseError, match="published_on 2062-01-01 in 6 of 106 rows; expected a day from 2018"
    ):
        read_with(OBSERVATION, *rows)
    source = get("lmarena_hf")
    taken = snapshot(source.id, "x")
    receipt = replace(taken.receipt, known_at=datetime(2062, 1, 1, tzinfo=UTC))
    frame = conform(
        [{"model_name": "a", "score": 1400.0}], board="arena_text", variant="raw", category="overall"
    )
    with pytest.raises(ParseError, match="known since 2062-01-01; expected no day after 2026"):
        read(replace(source, parse=lambda _: frame), Snapshot(taken.body, receipt))


def test_shares_are_no_percentages() -> None:
    """Would catch a best score that falls from 76.2 to 0.762 percent."""
    source = get("livebench")
    rows = [{"model_name": f"m{n}", "score": n / 100} for n in range(100)]
    frame = conform(rows, board="livebench", variant="default", category="overall")
    with pytest.raises(
        ParseError, match=r"the best of 99 scores of livebench is 0\.99; expected percentages"
    ):
        read(replace(source, parse=lambda _: frame), snapshot("livebench", "x"))


@pytest.mark.parametrize(
    ("wrong", "error", "nulls"), [(1, 3.2, 1), (60, 3.2, 101), (1, 7.8, 0), (60, 7.8, 101)]
)
def test_an_error_that_contradicts_the_bounds_is_not_used(wrong: int, error: float, nulls: int) -> None:
    """Would catch a standard deviation under the name variance. Where most are wrong, none is used; one that scatters,
    as resampled ones do, is.
    """
    bounds = {"score_low": 980.4, "score_high": 1019.6}
    rows = [{**bounds, "standard_error": 10.0}] * (101 - wrong) + [
        {**bounds, "standard_error": error}
    ] * wrong
    parsed = read_with(OBSERVATION, *rows)
    assert parsed.frame["standard_error"].tail(101).null_count() == nulls
    assert [(cells.column, cells.rows) for cells in parsed.set_aside] == [("standard_error", nulls)] * bool(
        nulls
    )


def test_every_board_has_the_unit_of_the_reference_table() -> None:
    """Would catch a board whose scores are held against the range of another unit, or none."""
    boards = dict(load().boards.select("board", "unit").iter_rows())
    assert boards == dict(UNITS)


def test_of_a_listing_that_is_cut_no_row_may_be_lost() -> None:
    """Would catch the best Chinese model lost from a list of the leaders alone."""
    with pytest.raises(ParseError, match="among the top 100% of its board"):
        read_with(OBSERVATION, {"votes": -1}, source_id="arena_leaders_transcribed")
