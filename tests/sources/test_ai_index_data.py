"""The AI Index's public data: a ZIP of spreadsheets, made after descriptions of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import polars as pl
import pytest

from sources.errors import EmptyTable, ParseError
from sources.parsing.ai_index.tables import table_figures, value_of
from tests.fixtures import bodies
from tests.fixtures.bodies import figure_values as values_of

FOLDER = "PUBLIC DATA_ 2026 AI INDEX REPORT"
CHAPTER = f"{FOLDER}/1. Research and Development/Data"


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A sample download: a ZIP with the folder's name in every path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    return out.getvalue()


COUNTS = (
    "Year,Geographic Area,Number of notable AI models\n2025,United States,50\n2025,China,30\n2025,France,2\n"
)


def data(files: Mapping[str, str | bytes] | bytes) -> pl.DataFrame:
    return bodies.parsed("ai_index_data", files if isinstance(files, bytes) else archive(files))


def test_the_zip_gives_both_countries_side_by_side() -> None:
    """Would catch countries left apart, or a figure's number and edition lost."""
    frame = data({f"{CHAPTER}/fig_1.3.1.csv": COUNTS, f"{FOLDER}/readme.txt": "China,United States"})
    rows = [values_of(row) for row in frame.iter_rows(named=True)]
    common = {"measure": "Number of notable AI models", "period": "2025"}
    assert rows == [common | {"other": 2.0, "other_label": "France"}, common | {"us": 50.0, "china": 30.0}]
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
        (archive({"Data/fig_1.3.1.csv": COUNTS}), ParseError, "no edition"),
        (archive({f"{CHAPTER}/fig_1.3.1.csv": "Label,Share\nAgree,40%\n"}), EmptyTable, "none with both"),
        (archive({f"{CHAPTER}/a.txt": "", "PUBLIC DATA_ 2025 AI INDEX REPORT/b.txt": ""}), ParseError, "2025, 2026"),
    ],
    ids=["empty", "web page", "cut", "a CSV", "no edition", "other figures", "two editions"],
)  # fmt: skip
def test_what_is_no_such_zip_is_refused(body: bytes, error: type[Exception], says: str) -> None:
    """Would catch a download page, a hostile ZIP, or two editions mixed."""
    with pytest.raises(error, match=says) as caught:
        data(body)
    assert "\n" not in str(caught.value)


def test_a_table_that_is_not_about_both_gives_nothing() -> None:
    """Would catch China alone read as a comparison."""
    assert list(table_figures(["Country", "Value"], [["China", "1"], ["France", "2"]], "t")) == []
    assert list(table_figures(["Country", "Value"], [], "t")) == []
    expected = [1405, 9.3, 45, None, None, None]
    assert [value_of(cell) for cell in ("1,405", "$9.3", "45%", "n/a", "1,4", "1.2.3")] == expected
