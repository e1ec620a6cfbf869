"""Notable models: several countries and organizations in one cell, and text that looks like structure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.epoch_notable_models import split_names
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures import bodies

HEADER = (
    "Model", "Organization", "Publication date", "Domain", "Parameters", "Training compute (FLOP)",
    "Abstract", "Country (of organization)", "Model accessibility",
)  # fmt: skip
UK = "United Kingdom of Great Britain and Northern Ireland"
US = "United States of America"


def models(*rows: dict[str, Any], rename: dict[str, str] | None = None) -> str:
    """A sample list in the shape of Epoch's notable models."""
    usual = {
        "Model": "Sample", "Organization": "Northwind", "Publication date": "2025-12-31", "Domain": "Language",
        "Country (of organization)": US,
    }  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([(rename or {}).get(name, name) for name in HEADER])
    for row in rows or ({},):
        cells = {**usual, **row}
        writer.writerow([cells.get(name, "") for name in HEADER])
    return out.getvalue()


def parsed(body: bytes | str) -> pl.DataFrame:
    return bodies.parsed("epoch_notable_models", body)


def test_a_model_of_two_countries_belongs_to_both() -> None:
    """Would catch Gemini dropped from the American count because its cell is not exactly one country."""
    frame = parsed(models({"Organization": "Contoso Deep", "Country (of organization)": f"{US},{UK}"}))
    assert frame["countries"].to_list() == [[US, UK]]
    assert frame["organizations"].to_list() == [["Contoso Deep"]]


def test_one_country_for_each_organization_is_kept() -> None:
    """Would catch repetitions taken away before anybody could weigh them."""
    frame = parsed(models({"Organization": "A,B,C", "Country (of organization)": f"{US},{US},China"}))
    assert frame["countries"].to_list() == [[US, US, "China"]]
    assert frame["organizations"].to_list() == [["A", "B", "C"]]


@pytest.mark.parametrize(
    ("cell", "bare", "expected"),
    [
        ("China,Hong Kong", True, ["China", "Hong Kong"]),
        (f"{US}, China", False, [US, "China"]),
        ("Taiwan, Province of China", True, ["Taiwan, Province of China"]),
        ("Taiwan, Province of China", False, ["Taiwan, Province of China"]),
        ("Japan,Taiwan,Province of China", True, ["Japan", "Taiwan, Province of China"]),
        ("Korea, Republic of, China", False, ["Korea, Republic of", "China"]),
        ("Iran, Islamic Republic of,China", True, ["Iran, Islamic Republic of", "China"]),
        (f"{US},People's Republic of China", True, [US, "People's Republic of China"]),
        ("Korea (Republic of),Korea (Republic of)", True, ["Korea (Republic of)"] * 2),
        ("Lab One, Campus Two,Lab Three", True, ["Lab One, Campus Two", "Lab Three"]),
        (" China\n", True, ["China"]),
        (",China,,", True, ["China"]),
    ],
)
def test_commas_inside_a_name_do_not_split_it(cell: str, bare: bool, expected: list[str]) -> None:
    """Would catch Taiwan counted as China, or South Korea as a country called "Republic of"."""
    assert split_names(cell, bare) == expected


def test_which_comma_joins_is_told_by_the_whole_column() -> None:
    """Would catch a laboratory cut in two in a file whose lists are joined without blanks."""
    frame = parsed(models({"Organization": "Lab, Campus"}, {"Model": "Sample Two", "Organization": "A,B"}))
    assert frame["organizations"].to_list() == [["Lab, Campus"], ["A", "B"]]
    frame = parsed(models({"Organization": "A, B"}, {"Model": "Sample Two", "Organization": "C"}))
    assert frame["organizations"].to_list() == [["A", "B"], ["C"]]


def test_newlines_inside_cells_and_behind_names() -> None:
    """Would catch an abstract's second line read as a model, or a name that matches no other list."""
    frame = parsed(
        models(
            {"Model": "Sample One\n", "Abstract": 'first\nSample Three,Northwind\n"quoted"'},
            {"Model": " Sample\nTwo"},
        )
    )
    assert frame["model_name"].to_list() == ["Sample One", "Sample Two"]


def test_blank_is_neither_open_nor_closed_nor_a_country() -> None:
    """Would catch a blank licence read as open, or a blank country as an empty name."""
    frame = parsed(
        models(
            {
                "Model accessibility": "",
                "Country (of organization)": "",
                "Organization": "",
                "Parameters": "",
            },
            {"Model": "Open", "Model accessibility": "Open weights (restricted use)"},
            {"Model": "Closed", "Model accessibility": "API access", "Parameters": "102000000000.0"},
        )
    )
    assert frame["open_weights"].to_list() == [None, True, False]
    assert frame["countries"].to_list()[0] is None
    assert frame["organizations"].to_list()[0] is None
    assert frame["parameters"].to_list() == [None, None, 1.02e11]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html><body>Page not found</body></html>", "a web page"),
        (b"", "an empty body"),
        (models().splitlines()[0] + "\n", "no rows"),
        (
            models(rename={"Country (of organization)": "Land"}),
            r"also Country \(of organization\) or Country",
        ),
        (models(*[{"Publication date": "Dec 2025"}] * 6), "'Dec 2025'"),
        (models(*[{"Parameters": "102B"}] * 6), "parameters '102B'"),
        (models(*[{"Model": "\n"}] * 6), "model_name ''"),
        (models({"Country (of organization)": ""}), "no row has a countries"),
    ],
    ids=[
        "page",
        "empty",
        "header only",
        "renamed",
        "date",
        "unit in the cell",
        "no name",
        "no country at all",
    ],
)
def test_what_is_no_list_of_models_is_refused(body: bytes | str, says: str) -> None:
    """Would catch a list without countries, which would make every count zero."""
    with pytest.raises(ParseError, match=says):
        parsed(body)


def test_byte_order_mark_and_figures_no_float_can_hold() -> None:
    """Would catch three bytes that rename the first column, or infinite compute."""
    frame = parsed("\ufeff" + models({"Training compute (FLOP)": "1e999", "Parameters": "nan"}))
    assert frame.select("training_compute_flop", "parameters").row(0) == (None, None)


def test_a_huge_cell_is_one_value() -> None:
    """Would catch a parser that breaks on a hostile megabyte of commas."""
    frame = parsed(models({"Organization": "A," * 300_000 + "A"}))
    assert len(frame["organizations"][0]) == 300_001


def test_the_real_list_against_the_csv_module(upstream: Path) -> None:
    """Would catch rows made or lost by newlines, and countries counted wrongly."""
    source = get("epoch_notable_models")
    files = sorted(upstream.glob(source.raw_patterns[0]))
    if not files:
        pytest.skip("no list of notable models")
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            plain = list(csv.DictReader(file))
        frame = bodies.read_file(source, path)
        assert frame.height == len(plain)
        assert frame["model_name"].to_list() == [" ".join(row["Model"].split()) for row in plain]
        cells = [row["Country (of organization)"] for row in plain]
        # No country of this file has a comma in its name.
        expected = Counter(name for cell in cells for name in cell.split(",") if name)
        assert Counter(frame["countries"].explode().drop_nulls().to_list()) == expected
        assert frame["countries"].null_count() == cells.count("")
        assert frame["published_on"].to_list() == [
            date.fromisoformat(row["Publication date"]) if row["Publication date"] else None for row in plain
        ]
        # Google DeepMind has two countries; else as many organizations as countries.
        for row, organizations in zip(plain, frame["organizations"].to_list(), strict=True):
            if "Lawrence Berkeley" in row["Organization"]:
                assert len(organizations) == len(row["Country (of organization)"].split(","))


def test_an_empty_list_says_so() -> None:
    """Would catch a parser that takes an empty list for a list of nothing."""
    with pytest.raises(EmptyTable):
        parsed(models().splitlines()[0] + "\n")
