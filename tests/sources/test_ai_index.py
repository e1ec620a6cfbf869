"""The AI Index: figures out of prose, tables, a downloaded ZIP and a transcription, each with its evidence.

No capture of its pages or data was at hand: the fixtures are made, in the shapes its readers describe.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import polars as pl
import pytest

from sources.ai_index_figures import split_values
from sources.contract import zip_files
from sources.contract.rows import FIGURE
from sources.contract.validation import read
from sources.errors import EmptyTable, ParseError
from sources.parsing.ai_index.sentences import MAX_SENTENCE, figures_in
from sources.parsing.ai_index.tables import table_figures, value_of
from sources.parsing.ai_index.tokens import tokens
from sources.registry import get
from tests.fixtures import make

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "warehouse" / "reference" / "ai_index_figures.csv"
SHOWN = ("measure", "period", "us", "china", "other", "other_label", "gap", "gap_unit")


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, without what it leaves open and without its evidence."""
    return {name: row[name] for name in SHOWN if row.get(name) is not None}


# -- Prose --------------------------------------------------------------------------------------------------

MODELS = {"measure": "notable models", "period": "2024"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "In 2024 U.S. labs put out forty notable AI models, against China's 15 and Europe’s three.",
            MODELS | {"us": 40.0, "china": 15.0, "other": 3.0, "other_label": "Europe"},
        ),
        (
            "Of the notable models of 2024, 61 came from US-based labs, 21 from the European Union and 15 from China.",
            MODELS | {"us": 61.0, "china": 15.0, "other": 21.0, "other_label": "European Union"},
        ),
        (
            "The US led 2024 with fifty-nine notable models, then China with thirty-five, South Korea with eight.",
            MODELS | {"us": 59.0, "china": 35.0, "other": 8.0, "other_label": "South Korea"},
        ),
        (
            "Notable machine learning models of 2024: the United States (40), China (15), France (3).",
            MODELS | {"us": 40.0, "china": 15.0, "other": 3.0, "other_label": "France"},
        ),
        (
            "Private AI investment in the US came to $109.1 billion in 2024, some 12 times China's $9.3 billion.",
            {"measure": "private AI investment", "period": "2024", "us": 109.1, "china": 9.3},
        ),
        (
            "In 2024 China installed 295,000 industrial robots and the United States 34,200.",
            {"measure": "industrial robots installed", "period": "2024", "us": 34200.0, "china": 295000.0},
        ),
        (
            "China held 69.7% of AI patents in 2023, ahead of the United States with 14.2%.",
            {"measure": "AI patents", "period": "2023", "us": 14.2, "china": 69.7},
        ),
        (
            "In February 2025 the best U.S. model scored 1,385 on the Arena and the best Chinese model 1,362.",
            {"measure": "Arena top model", "period": "2025-02", "us": 1385.0, "china": 1362.0},
        ),
    ],
    ids=["words", "number first", "compound words", "brackets", "money", "thousands", "shares", "scores"],
)
def test_levels_out_of_prose(sentence: str, expected: dict[str, Any]) -> None:
    """Would catch a figure given to the wrong country, or one missed because it is written out."""
    (row,) = figures_in(sentence)
    assert told(row) == expected
    assert row["sentence"] == sentence


def test_a_second_third_party_has_a_row_of_its_own() -> None:
    """Would catch the last of three countries overwriting the one before."""
    rows = figures_in("In 2024 the US had 40 notable models, China 15, France 3 and Canada 2.")
    assert [told(row) for row in rows] == [
        MODELS | {"us": 40.0, "china": 15.0, "other": 3.0, "other_label": "France"},
        MODELS | {"other": 2.0, "other_label": "Canada"},
    ]


def test_gaps_keep_their_own_periods() -> None:
    """Would catch January's gap dated February, or the second one lost for want of a country in its sentence."""
    paragraph = (
        "In January 2024 the top American model on the LMSYS board was ahead of the top Chinese one by 9.26 "
        "percent. By February 2025 that gap had closed to 1.70%."
    )
    assert [told(row) for row in figures_in(paragraph)] == [
        {"measure": "Arena top model", "period": "2024-01", "gap": 9.26, "gap_unit": "percent"},
        {"measure": "Arena top model", "period": "2025-02", "gap": 1.7, "gap_unit": "percent"},
    ]
    one = "The gap between the US and China went from 9.26 percent in January 2024 to 1.70 percent in February 2025."
    assert [(row["period"], row["gap"]) for row in figures_in(one)] == [("2024-01", 9.26), ("2025-02", 1.7)]


def test_a_list_of_benchmarks_meets_its_list_of_numbers() -> None:
    """Would catch MMLU given MATH's gap, or the unit read for the last number only."""
    paragraph = (
        "At the end of 2023 the gaps between U.S. and Chinese models on MMLU, MMMU and MATH were 17.5, 13.5, and "
        "24.3 percentage points. By late 2024 these differences were down to 0.3, 8.1 and 1.6 percentage points."
    )
    rows = figures_in(paragraph)
    assert [(row["measure"], row["period"], row["gap"]) for row in rows] == [
        ("MMLU gap", "2023-12", 17.5), ("MMMU gap", "2023-12", 13.5), ("MATH gap", "2023-12", 24.3),
        ("MMLU gap", "2024-12", 0.3), ("MMMU gap", "2024-12", 8.1), ("MATH gap", "2024-12", 1.6),
    ]  # fmt: skip
    assert {row["gap_unit"] for row in rows} == {"percentage points"}


@pytest.mark.parametrize(
    ("sentence", "gap"),
    [
        ("In March 2026 the US leads China by 39 points.", 39.0),
        ("In March 2026 China's best model trails the best U.S. model by 39 points.", 39.0),
        ("In March 2026 the best Chinese model outperformed the best U.S. model by 39 points.", -39.0),
        ("In March 2026 U.S. models lag Chinese models by 39 points.", -39.0),
    ],
)
def test_who_leads_gives_the_sign(sentence: str, gap: float) -> None:
    """Would catch a Chinese lead printed as an American one."""
    assert [row["gap"] for row in figures_in(sentence)] == [gap]


@pytest.mark.parametrize(
    "sentence",
    [
        "The gap between the first and the tenth model fell from 11.9% to 5.4%.",
        "By February 2025 the lead of closed over open-weight models was 1.70 percent.",
        "China is one of the two countries that matter to us.",
        "The AI Index 2025 is its eighth edition.",
        "GPT-4 and o1-2024-12-17 are American; Qwen2.5-72B and DeepSeek-R1 are Chinese.",
        "South America and North America differ by 20 percent in trust.",
        "Americans are divided: 39 percent expect gains.",
        "Almost 90 percent of notable models came from industry in 2024.",
    ],
)
def test_what_is_not_about_the_two_is_left_alone(sentence: str) -> None:
    """Would catch figures invented out of other gaps, names, pronouns and editions."""
    assert figures_in(sentence) == []


def test_another_gap_in_between_is_not_the_countries() -> None:
    """Would catch "this gap" tied to the countries although the sentence before was about open weights."""
    paragraph = (
        "In January 2024 the US led China by 9.26 percent. The lead of closed over open-weight models was 8.04 "
        "percent. By February 2025 this gap had closed to 1.70 percent."
    )
    assert [row["gap"] for row in figures_in(paragraph)] == [9.26]


def test_numbers_are_read_as_they_are_meant() -> None:
    """Would catch a version, an ordinal or a year counted, or a scale forgotten."""
    found = tokens(
        "In 2024 the 3rd model, o1-2024-12-17, cost US$1.5 million, 12x GPT-4, or twenty-one dollars (4.6%)."
    )
    assert [(token.kind, token.value) for token in found if token.kind] == [
        ("US$ billion", 0.0015), ("ratio", 12.0), ("count", 21.0), ("percent", 4.6),
    ]  # fmt: skip
    assert not [token for token in found if token.side]


# -- Pages --------------------------------------------------------------------------------------------------


def page(
    *inside: str, title: str = "Technical Performance | The 2026 AI Index Report", head: str = ""
) -> str:
    """A made chapter page: prose under headings, with what pages have around it."""
    body = "".join(inside)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body><nav><p>The US has 1 China menu.</p>"
        f"</nav><main><h1>Chapter</h1>{body}</main><script>var p = 'China had 999 notable models';</script>"
        "<footer><p>In 2024 the US had 77 notable models, China 7.</p></footer></body></html>"
    )


PROSE = "<p>In 2025 the <b>U.S.</b> had <strong>fifty</strong> notable models, China<span>’s</span> count was 30.</p>"


def pages(body: str | bytes, request: str = "2026-technical-performance") -> pl.DataFrame:
    return make.parsed("ai_index_pages", body, request)


def test_a_page_gives_its_figures_with_edition_and_sentence() -> None:
    """Would catch menus and scripts read as prose, or a figure without its words."""
    frame = pages(page(PROSE))
    assert dict(frame.schema) == dict(FIGURE)
    (row,) = frame.iter_rows(named=True)
    assert (row["edition"], row["us"], row["china"]) == (2026, 50.0, 30.0)
    assert row["sentence"] == "In 2025 the U.S. had fifty notable models, China’s count was 30."


def test_figures_are_read_once_from_nested_and_repeated_blocks() -> None:
    """Would catch each figure counted for every block around it, or for wide and narrow screens."""
    sentence = "In 2025 the US had 50 notable models and China 30."
    body = page(f"<ul><li><p>{sentence}</p></li></ul>", f"<blockquote><p>{sentence}</p></blockquote>")
    assert pages(body).height == 1


def test_footnote_marks_are_no_digits() -> None:
    """Would catch "30²" read as 302."""
    body = page("<p>In 2025 the US had 50<sup>1</sup> notable models and China 30<sup>2</sup>.</p>")
    assert pages(body).select("us", "china").row(0) == (50.0, 30.0)


def test_the_page_says_its_edition_whatever_was_asked() -> None:
    """Would catch last year's address, led on to this year's page, dating its figures."""
    link = '<link rel="canonical" href="https://hai.stanford.edu/ai-index/2025-ai-index-report/economy">'
    assert pages(page(PROSE, head=link))["edition"].to_list() == [2025]
    assert pages(page(PROSE, title="AI Index 2025"))["edition"].to_list() == [2025]
    assert pages(page(PROSE, title="Economy"))["edition"].to_list() == [2026]


def test_figure_numbers_are_kept_and_not_counted() -> None:
    """Would catch "Figure 1.3.1" read as a figure about China, or its number lost."""
    frame = pages(page("<p>In 2025 the US had 50 notable models and China 30 (Figure 1.3.1).</p>"))
    assert frame.select("figure", "us", "china").row(0) == ("1.3.1", 50.0, 30.0)


def test_tables_with_the_countries_in_columns_and_in_rows() -> None:
    """Would catch a table read by its place, or a total taken for a country."""
    wide = (
        "<table><caption>Figure 1.3.2 Notable models</caption><tr><th>Year</th><th>China</th><th>United States</th>"
        "</tr><tr><td>2024</td><td>15</td><td>40</td></tr></table>"
    )
    tall = (
        "<table><caption>Private investment</caption><tr><th>Geographic area</th><th>2023</th><th>2024</th></tr>"
        "<tr><td>World</td><td>$90.1</td><td>$150.8</td></tr><tr><td>China</td><td>$7.8</td><td>$9.3</td></tr>"
        "<tr><td>U.S.</td><td>$67.2</td><td>$109.1</td></tr></table>"
    )
    frame = pages(page(wide, tall))
    rows = [told(row) for row in frame.iter_rows(named=True)]
    assert {"measure": "Notable models", "period": "2024", "us": 40.0, "china": 15.0} in rows
    assert {"measure": "Private investment", "period": "2024", "us": 109.1, "china": 9.3} in rows
    assert {"measure": "Private investment", "period": "2023", "other": 90.1, "other_label": "World"} in rows
    assert frame.filter(pl.col("figure") == "1.3.2").height == 1
    assert frame["sentence"].null_count() == 0


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"", EmptyTable, "empty body"),
        (b'{"error": "not found"}', ParseError, "a web page"),
        (b"\xff\xfe<html>", ParseError, "not UTF-8"),
        (page("<p>Nothing of the kind.</p>"), EmptyTable, "no rows"),
        (page("<p>Just a moment …</p>", title="Sign in"), EmptyTable, "no rows"),
    ],
    ids=["empty", "not a page", "not UTF-8", "no figures", "login"],
)
def test_a_page_without_figures_is_refused(body: str | bytes, error: type[Exception], says: str) -> None:
    """Would catch a login page that replaces a chapter."""
    with pytest.raises(error, match=says):
        pages(body)


def test_a_page_of_no_edition_is_refused() -> None:
    """Would catch figures of unknown edition: editions disagree about the same month."""
    taken = make.snapshot("ai_index_pages", page(PROSE, title="AI"), "2026-economy")
    source = get("ai_index_pages")
    unknown = replace(taken, receipt=replace(taken.receipt, request="economy"))
    with pytest.raises(ParseError, match="no edition"):
        read(source, unknown)


def test_a_hostile_paragraph_is_skipped_in_no_time() -> None:
    """Would catch a page that keeps the reader busy for hours."""
    assert figures_in("US 1 China 2 " * 100_000) == []
    slow = ("China 15 the US 40 notable models " * 60)[:MAX_SENTENCE]
    assert isinstance(figures_in(slow), list)


def test_live_addresses_and_local_names() -> None:
    """Would catch a chapter asked for under an address that no edition has, or filed under another."""
    source = get("ai_index_pages")
    addresses = {request.name: request.address for request in source.requests}
    assert addresses["2026-economy"] == "https://hai.stanford.edu/ai-index/2026-ai-index-report/economy"
    assert addresses["2025-report"] == "https://hai.stanford.edu/ai-index/2025-ai-index-report"
    assert source.request_of(PurePath("2026-research-and-development_2026-05-01.html")) == (
        "2026-research-and-development"
    )
    assert source.request_of(PurePath("economy 2025.html")) == "2025-economy"
    assert source.request_of(PurePath("economy.html")) is None
    assert source.known_at_of(PurePath("2026-economy_2026-05-01.html"), b"") == datetime(
        2026, 5, 1, tzinfo=UTC
    )
    assert not source.origin.redistributable


# -- Data ---------------------------------------------------------------------------------------------------

FOLDER = "PUBLIC DATA_ 2026 AI INDEX REPORT"
CHAPTER = f"{FOLDER}/1. Research and Development/Data"


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A made download: a ZIP with the folder's name in every path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    return out.getvalue()


COUNTS = (
    "Year,Geographic Area,Number of notable AI models\n2025,United States,50\n2025,China,30\n2025,France,2\n"
)


def data(files: Mapping[str, str | bytes] | bytes) -> pl.DataFrame:
    return make.parsed("ai_index_data", files if isinstance(files, bytes) else archive(files))


def test_the_zip_gives_both_countries_side_by_side() -> None:
    """Would catch countries left apart, or a figure's number and edition lost."""
    frame = data({f"{CHAPTER}/fig_1.3.1.csv": COUNTS, f"{FOLDER}/readme.txt": "China,United States"})
    rows = [told(row) for row in frame.iter_rows(named=True)]
    common = {"measure": "Number of notable AI models", "period": "2025"}
    assert rows == [
        common | {"other": 2.0, "other_label": "France"},
        common | {"us": 50.0, "china": 30.0},
    ]
    assert frame["figure"].unique().to_list() == ["1.3.1"]
    assert frame["edition"].unique().to_list() == [2026]
    assert "Year 2025" in frame["sentence"][1]
    assert "China" in frame["sentence"][1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Label,Country,Share\nPatents,US,14.2%\nPatents,China,69.7%\n", ("Share: Patents", None, 14.2, 69.7)),
        ("Geographic area,Total 2024 (in billions of US dollars)\nUnited States,109.08\nChina,9.29\n",
         ("Total 2024 (in billions of US dollars)", None, 109.08, 9.29)),
        ("Country,2024\nUnited States of America,\"1,405\"\nChina,\"1,400\"\n",
         ("fig_2.1.3.csv", "2024", 1405.0, 1400.0)),
        ("Date,China,United States\n2025-02,1362,1385\n", ("fig_2.1.3.csv", "2025-02", 1385.0, 1362.0)),
        ("\ufeffYear,Country,Value\n2025,U.S.,1e999\n2025,U.S.,7\n2025,China,5\n", ("Value", "2025", 7.0, 5.0)),
    ],
    ids=["label and percent", "no year", "a column a year", "a column a country", "byte-order mark, 1e999"],
)  # fmt: skip
def test_columns_come_in_many_shapes(text: str, expected: tuple[object, ...]) -> None:
    """Would catch a file passed over because its columns are called otherwise."""
    frame = data({f"{FOLDER}/2. Technical Performance/Data/fig_2.1.3.csv": text})
    found = frame.filter(pl.col("us").is_not_null() & pl.col("china").is_not_null())
    assert found.select("measure", "period", "us", "china").rows() == [expected]


def test_units_are_those_that_are_printed() -> None:
    """Would catch dollars and shares mixed up."""
    frame = data({
        f"{CHAPTER}/fig_4.3.8.csv": "Country,Investment (in billions of US dollars)\nUS,109.08\nChina,9.29\n",
        f"{CHAPTER}/fig_1.2.1.csv": "Country,AI patents (% of total)\nUS,14.2\nChina,69.7\n",
        f"{CHAPTER}/fig_1.3.1.csv": COUNTS,
    })  # fmt: skip
    units = dict(frame.select("figure", "unit").unique().rows())
    assert units == {"4.3.8": "US$ billion", "1.2.1": "percent", "1.3.1": None}


def test_a_value_given_twice_is_not_chosen() -> None:
    """Would catch the second of two values for one country and year replacing the first."""
    twice = COUNTS + "2025,China,31\n"
    frame = data({f"{CHAPTER}/fig_1.3.1.csv": twice})
    assert sorted(frame["china"].drop_nulls().to_list()) == [30.0, 31.0]


def test_files_about_other_things_and_broken_ones_are_passed_over() -> None:
    """Would catch a survey's spreadsheet that keeps the whole download out."""
    frame = data({
        f"{CHAPTER}/fig_1.3.1.csv": COUNTS,
        f"{CHAPTER}/fig_8.1.1.csv": "Label,Share\nAgree,40%\n",
        f"{CHAPTER}/fig_9.9.9.csv": b"\xff\xfe\x00broken",
        f"{CHAPTER}/fig_9.9.8.csv": "",
        f"__MACOSX/{CHAPTER}/._fig_1.3.1.csv": b"\x00\x05",
        f"{CHAPTER}/fig_7.1.1.png": b"\x89PNG",
    })  # fmt: skip
    assert frame["figure"].unique().to_list() == ["1.3.1"]


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"", EmptyTable, "empty body"),
        (b"<html>Google Drive - Virus scan warning</html>", ParseError, "a web page"),
        (b"PK\x03\x04 cut", ParseError, "ZIP"),
        (b"Year,Country\n", ParseError, "ZIP"),
        (archive({"../../etc/fig_1.3.1.csv": COUNTS}), ParseError, "file name"),
        (archive({"/etc/fig_1.3.1.csv": COUNTS}), ParseError, "file name"),
        (archive({"Data/fig_1.3.1.csv": COUNTS}), ParseError, "no edition"),
        (archive({f"{CHAPTER}/fig_1.3.1.csv": "Label,Share\nAgree,40%\n"}), EmptyTable, "none with both"),
        (archive({f"{CHAPTER}/a.txt": "", "PUBLIC DATA_ 2025 AI INDEX REPORT/b.txt": ""}), ParseError, "2025, 2026"),
    ],
    ids=["empty", "web page", "cut", "a CSV", "zip slip", "absolute", "no edition", "other figures", "two editions"],
)  # fmt: skip
def test_what_is_no_such_zip_is_refused(body: bytes, error: type[Exception], says: str) -> None:
    """Would catch a download page, a hostile ZIP, or two editions mixed."""
    with pytest.raises(error, match=says) as caught:
        data(body)
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused_whatever_its_header_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a small ZIP that fills the memory, with or without a lie about its size."""
    monkeypatch.setattr(zip_files, "MAX_UNZIPPED_BYTES", 1_000_000)
    bomb = archive({f"{CHAPTER}/fig_1.3.1.csv": COUNTS + "2025,France,2\n" * 200_000})
    assert len(bomb) < 50_000
    with pytest.raises(ParseError, match="bytes unpacked"):
        data(bomb)
    lying = bytearray(bomb)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = lying.index(mark) + offset
        lying[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(ParseError):
        data(bytes(lying))


def test_a_table_that_is_not_about_both_gives_nothing() -> None:
    """Would catch China alone read as a comparison."""
    assert list(table_figures(["Country", "Value"], [["China", "1"], ["France", "2"]], "t")) == []
    assert list(table_figures(["Country", "Value"], [], "t")) == []
    assert [value_of(cell) for cell in ("1,405", "$9.3", "45%", "n/a", "1,4", "1.2.3")] == [
        1405,
        9.3,
        45,
        None,
        None,
        None,
    ]


# -- Transcribed figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("61", [(61.0, None)]),
        ("1405 (o1-2024-12-17)", [(1405.0, "o1-2024-12-17")]),
        ("Made One 1503; Made Two 1,495", [(1503.0, "Made One"), (1495.0, "Made Two")]),
        ("Europe 3 (France 3)", [(3.0, "Europe"), (3.0, "France")]),
        ("closed 1503 vs open GLM-5 1454", [(1503.0, "closed"), (1454.0, "open GLM-5")]),
        (None, []),
    ],
)
def test_numbers_and_whose_they_are(cell: str | None, expected: list[tuple[float, str | None]]) -> None:
    """Would catch a model's version read as its score."""
    assert split_values(cell, "here") == expected


def test_a_cell_without_a_number_is_refused() -> None:
    """Would catch a figure that vanishes because it was written out."""
    header = "edition,figure,measure,period,us,china,other,unit,gap,gap_unit,note\n"
    with pytest.raises(ParseError, match="sixty-one"):
        make.parsed("ai_index_figures", header + "2024,1,notable models,2023,sixty-one,15,,count,,,\n")
    with pytest.raises(ParseError, match="edition"):
        make.parsed("ai_index_figures", header.replace("edition,", "year,") + "2024,1,m,2023,1,2,,count,,,\n")


def test_the_projects_own_table_reads_back() -> None:
    """Would catch a figure in our table without evidence, edition or number."""
    frame = make.parsed("ai_index_figures", OWN.read_bytes())
    with OWN.open(encoding="utf-8", newline="") as file:
        plain = list(csv.DictReader(file))
    assert frame.height == len(plain)
    assert frame["sentence"].to_list() == [row["citation"] for row in plain]
    for name in ("us", "china", "other", "gap"):
        assert frame[name].to_list() == [float(row[name]) if row[name] else None for row in plain]
    key = [
        "edition",
        "figure",
        "measure",
        "period",
        "us_label",
        "china_label",
        "other_label",
        "gap_unit",
        "sentence",
    ]
    assert not frame.select(key).is_duplicated().any()


def test_both_editions_of_february_2025_are_there() -> None:
    """Would catch one edition's figure overwriting the other's: both are right as published."""
    frame = make.parsed("ai_index_figures", OWN.read_bytes())
    february = frame.filter((pl.col("period") == "2025-02") & (pl.col("gap_unit") == "percent"))
    assert sorted(february.select("edition", "gap").rows()) == [(2025, 1.7), (2026, 0.4)]


def test_our_table_has_every_transcribed_figure(upstream: Path) -> None:
    """Would catch a figure lost or changed while it was rewritten as ours."""
    files = sorted(upstream.glob("ai_index/published_figures*.csv"))
    if not files:
        pytest.skip("no transcription")
    ours = make.parsed("ai_index_figures", OWN.read_bytes())
    for path in files:
        theirs = make.parsed("ai_index_figures", path.read_bytes())
        for side in ("us", "china", "other", "gap"):

            def told_of(frame: pl.DataFrame, side: str = side) -> set[tuple[object, ...]]:
                return set(frame.drop_nulls(side).select("edition", "period", side).rows())

            assert told_of(theirs) <= told_of(ours), side


def test_claims_and_events_are_whole_and_cited(upstream: Path) -> None:
    """Would catch a claim lost or its figures changed, or an event without date, side or citation."""
    reference = ROOT / "warehouse" / "reference"

    def table(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    claims, events = table(reference / "claims.csv"), table(reference / "policy_events.csv")
    given = upstream.parent / "reference"
    if not (given / "claims.csv").is_file():
        pytest.skip("no claims to compare with")
    # Ours to word, and which country a count of models is of.
    ours_alone = {"statement", "source", "country"}
    for ours, theirs in zip(claims, table(given / "claims.csv"), strict=True):
        assert [name for name in ours if name != "country"] == list(theirs)
        assert {k: v for k, v in ours.items() if k not in ours_alone} == {
            k: v for k, v in theirs.items() if k not in ours_alone
        }
    assert {row["date"] for row in table(given / "policy_events.csv")} <= {row["date"] for row in events}
    assert [row["date"] for row in events] == sorted(row["date"] for row in events)
    for row in events:
        datetime.fromisoformat(row["date"])
        assert row["side"] in ("US", "CN")
        assert all(row.values())
    assert {row["side"] for row in events} == {"US", "CN"}
