"""From text to figures: what is read, what counts as nothing, and what stops a source."""

from __future__ import annotations

import random
from pathlib import PurePath

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.contract.rows import conform
from sources.contract.validation import read
from sources.errors import EmptyTable, ParseError
from sources.parsing.arena import split_intervals
from sources.parsing.columns import (
    parse_dates,
    parse_floats,
    parse_ints,
    parse_names,
    parse_strings,
    select_columns,
)
from sources.parsing.dates import day_in_name
from sources.parsing.json import read_json
from sources.registry import get
from tests.fixtures import make


def column(*values: object) -> pl.DataFrame:
    return pl.DataFrame({"score": values}, strict=False)


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("1443", 1443.0),
        (" 1443.25 ", 1443.25),
        ("117,763", 117763.0),
        ("1,168,522", 1168522.0),
        ("-5", -5.0),
        ("0.0", 0.0),
        ("", None),
        ("N/A", None),
        ("nan", None),
        ("NaN", None),
        ("暂无数据", None),
        ("1e999", None),
        ("inf", None),
        (None, None),
    ],
)
def test_numbers_as_printed(printed: str | None, read_as: float | None) -> None:
    """Would catch an infinite or NaN score, a zero taken for missing, a thousand read as one."""
    frame = parse_floats(pl.DataFrame({"score": [printed]}, schema={"score": pl.String}), ["score"], "made")
    assert frame["score"].to_list() == [read_as]


@pytest.mark.parametrize(
    "printed", ["about 1400", "14O0", "1443,5", "1.443,5", "1505 ±8", "12,34", "1400\n1401"]
)
def test_text_that_is_no_number_stops_the_source(printed: str) -> None:
    """Would catch a column that silently turns into nulls when upstream changes its print."""
    with pytest.raises(ParseError, match=r"score .* in 1 rows; expected numbers") as caught:
        parse_floats(column("1400", printed), ["score"], "made")
    assert "\n" not in caught.value.line()


def test_numbers_that_are_numbers_stay_exact() -> None:
    """Would catch floats that pass through text and lose digits."""
    values = [1443.268476256875, float("nan"), float("inf"), None]
    assert parse_floats(column(*values), ["score"], "made")["score"].to_list() == [
        values[0],
        None,
        None,
        None,
    ]
    assert parse_floats(column(1443), ["score"], "made")["score"].to_list() == [1443.0]
    with pytest.raises(ParseError, match=r"score is List"):
        parse_floats(pl.DataFrame({"score": [[1.0]]}), ["score"], "made")


def test_counts_are_whole() -> None:
    """Would catch a rating read as votes, and a count too large for its column."""
    assert parse_ints(column(4000.0, None), ["score"], "made")["score"].to_list() == [4000, None]
    assert parse_ints(column(1e30), ["score"], "made")["score"].to_list() == [None]
    assert conform(pl.DataFrame({"rank": [2**40, 1]}))["rank"].to_list() == [None, 1]
    with pytest.raises(ParseError, match="whole numbers"):
        parse_ints(column(1443.5), ["score"], "made")


def test_texts_that_say_nothing_are_null_but_a_name_is_a_name() -> None:
    """Would catch a blank licence read as one, and a model called None dropped."""
    frame = pl.DataFrame(
        {"licence": ["", " ", "N/A", "nan", "MIT ", None], "name": ["None", "nan", "-", "a ", "b", ""]}
    )
    assert parse_strings(frame, ["licence"], "made")["licence"].to_list() == [
        None,
        None,
        None,
        None,
        "MIT",
        None,
    ]
    assert parse_names(frame, ["name"], "made")["name"].to_list() == ["None", "nan", "-", "a", "b", ""]


def test_days_must_be_there_and_be_days() -> None:
    """Would catch rows that fall out of every month because their date cannot be read."""
    assert str(parse_dates(pl.DataFrame({"d": ["20240229"]}), "d", "%Y%m%d", "made")["d"][0]) == "2024-02-29"
    for bad in ("20230229", "", None, "yesterday"):
        with pytest.raises(ParseError, match=r"d .* in 1 rows; expected dates"):
            parse_dates(pl.DataFrame({"d": ["20240101", bad]}), "d", "%Y%m%d", "made")


NAMES = {"score": ("arena_score", "arena_elo"), "ci": ("95_pct_ci",)}


def test_columns_are_found_by_any_of_their_names() -> None:
    """Would catch a renamed or moved column read as another."""
    found = select_columns(pl.DataFrame({"x": [0], "95_pct_CI ": ["+1/-1"], "arena_elo": [1]}), NAMES, "made")
    assert found.to_dict(as_series=False) == {"score": [1], "ci": ["+1/-1"]}
    assert select_columns(pl.DataFrame({"arena_score": [1]}), NAMES, "made", optional=["ci"]).columns == [
        "score"
    ]


def test_a_missing_column_is_named_with_what_was_found() -> None:
    """Would catch an error that sends people to read code: found and expected must both be in the line."""
    with pytest.raises(
        ParseError, match=r"columns arena_rating, 95_pct_ci; expected also arena_score or arena_elo"
    ):
        select_columns(pl.DataFrame({"arena_rating": [1], "95_pct_ci": ["a"]}), NAMES, "made")


@pytest.mark.parametrize(
    "header",
    ["arena_score,arena_elo,95_pct_ci", "arena_score,arena_score,95_pct_ci", "arena_elo,95_pct_ci,95_pct_ci"],
)
def test_a_column_under_two_names_is_not_guessed(header: str) -> None:
    """Would catch a transition file, with old and new column, read from whichever comes first."""
    frame = pl.read_csv(f"{header}\n1,2,3\n".encode())
    with pytest.raises(ParseError, match="expected one of them"):
        select_columns(frame, NAMES, "made")


@pytest.mark.parametrize(
    ("score", "interval", "expected"),
    [
        ("1443", "+11/-8", (1443, 1435, 1454, False)),
        ("1029", "+14 / -15", (1029, 1014, 1043, False)),
        ("1452", "±4", (1452, 1448, 1456, False)),
        ("1495Preliminary", "±9", (1495, 1486, 1504, True)),
        ("1,505", None, (1505, None, None, False)),
        ("1505 ±8", None, (1505, 1497, 1513, False)),
        ("1498±9Preliminary", None, (1498, 1489, 1507, True)),
        ("1561 +14/-13", None, (1561, 1548, 1575, False)),
        ("1712+20/-20Preliminary", None, (1712, 1692, 1732, True)),
        ("1400.5", "±1.5", (1400.5, 1399.0, 1402.0, False)),
        ("N/A", "N/A", (None, None, None, False)),
    ],
)
def test_scores_and_intervals_as_printed(
    score: str, interval: str | None, expected: tuple[float | None, float | None, float | None, bool]
) -> None:
    """Would catch bounds swapped, glued to the score, or taken for points instead of distances."""
    row = {"score": [score], "interval": [interval]} if interval else {"score": [score]}
    frame = split_intervals(pl.DataFrame(row, schema=dict.fromkeys(row, pl.String)), "made")
    assert frame.select("score", "score_low", "score_high", "preliminary").row(0) == expected
    assert "interval" not in frame.columns


@pytest.mark.parametrize(
    ("score", "interval"), [("abc", "±4"), ("1452", "4 points"), ("1452±", "±4"), ("1 452", "±4")]
)
def test_an_unknown_print_of_a_score_stops_the_source(score: str, interval: str) -> None:
    """Would catch intervals that vanish from every month after a redesign."""
    with pytest.raises(ParseError, match="in 1 rows"):
        split_intervals(pl.DataFrame({"score": [score], "interval": [interval]}), "made")


def test_days_in_names() -> None:
    """Would catch a commit's hash or a number read as a date."""
    assert str(day_in_name(PurePath("leaderboard-text__2025-12-11_ea8297b54.json"))) == "2025-12-11"
    assert day_in_name(PurePath("latest.json")) is None
    assert day_in_name(PurePath("2025-13-41_x.csv")) is None
    assert day_in_name(PurePath("12025-01-011.csv")) is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"a": 1, "a": 2}', "key 'a' given twice"),
        ("{", "expected JSON"),
        ("[1]", "expected a JSON object"),
        ("[" * 100_000, "expected JSON"),
        ("<html>", "a web page"),
        ('{"a": ' + "9" * 5000 + "}", "expected JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
    ],
    ids=["twice", "cut", "list", "deep", "page", "long number", "not text"],
)
def test_json_that_is_not_what_it_should_be(body: str | bytes, says: str) -> None:
    """Would catch a model lost to a repeated key, and a hostile page that crashes a run."""
    with pytest.raises(ParseError, match=says) as caught:
        read_json(make.snapshot("arena_catalog", body))
    assert "\n" not in caught.value.line()
    with pytest.raises(EmptyTable):
        read_json(make.snapshot("arena_catalog", " "))


STRAY = (b"\0", b",", b'"', b"|", b"\n", b"1e999", b"NaN", b"<td>", b"\xff", "–".encode())


def damaged(body: bytes, seed: int) -> bytes:
    """``body`` as a bad line, a full disk or an editor might leave it."""
    chance = random.Random(seed)
    hurt = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(hurt) or 1)
        kind = chance.randrange(4)
        if kind == 0:
            del hurt[at:]
        elif kind == 1 and hurt:
            hurt[at] = chance.randrange(256)
        elif kind == 2:
            hurt[at:at] = chance.choice(STRAY)
        else:
            del hurt[at : at + chance.randint(1, 200)]
    return bytes(hurt)


@pytest.mark.parametrize("source_id", sorted(make.BODIES))
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_bytes_are_read_or_refused_in_one_line(source_id: str, seed: int) -> None:
    """Would catch a parser that dies of an unforeseen byte instead of handing it to quarantine."""
    request, name, body = make.BODIES[source_id]
    source = get(source_id)
    hurt = damaged(body, seed)
    source.known_at_of(PurePath(name), hurt)
    refusal = ""
    try:
        assert read(source, make.snapshot(source_id, hurt, request)).height > 0
    except ParseError as error:
        refusal = error.line()
    assert "\n" not in refusal
    assert len(refusal) < 900


@pytest.mark.parametrize("source_id", sorted(make.BODIES))
def test_empty_bodies_and_pages_are_refused_by_every_source(source_id: str) -> None:
    """Would catch an empty page that becomes an empty leaderboard."""
    request, _, _ = make.BODIES[source_id]
    for body in (
        b"",
        b"\n",
        b"<!DOCTYPE html>\n<html><body>moved</body></html>",
        b"\x89PNG\r\n\x1a\n",
        b"{}",
        b"null",
    ):
        with pytest.raises(ParseError) as caught:
            read(get(source_id), make.snapshot(source_id, body, request))
        assert "\n" not in caught.value.line()
