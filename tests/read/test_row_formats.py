"""What people and spreadsheets are shown is what the rows hold, whole or said to be cut."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.cells import cell_len

from warehouse.export.data_files import write_part
from warehouse.export.parts import Part
from warehouse.read.cells import shown
from warehouse.read.row_formats import as_string, render
from warehouse.read.terminal_table import MOST_ROWS, Screen
from warehouse.tables.schema import Column, Table

NAMES = ["board", "month", "model", "gap", "note"]
ROWS: list[tuple[Any, ...]] = [
    (
        "arena_text",
        date(2025, 2, 1),
        f"通义千问-with-a-long-name-{number}",
        1234.5678 + number,
        None,
    )
    for number in range(5)
]


def lines_at(width: int | None, names: list[str], rows: list[tuple[Any, ...]], format_: str) -> list[str]:
    out = io.StringIO()
    render(names, rows, format_, out, Screen(width))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [24, 40, 60, 80, 200])
@pytest.mark.parametrize("format_", ["table", "records"])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_cut(width: int, format_: str) -> None:
    """Would catch rows that wrap or vanish at 80 columns, and half a number."""
    lines = lines_at(width, NAMES, ROWS, format_)
    assert max(map(cell_len, lines)) <= width
    text = "\n".join(lines)
    whole = [f"{row[3]:.4f}" in text for row in ROWS]
    assert all(whole) or ("columns do not fit" in " ".join(text.split()) and not any(whole))


def test_columns_that_are_the_same_are_said_once_where_the_table_is_too_wide() -> None:
    lines = lines_at(48, NAMES, ROWS, "table")
    assert " ".join(lines[:2]).startswith("In every row: board arena_text, month 2025-02-01, note null")
    assert "board" in lines_at(None, NAMES, ROWS, "table")[0]


def test_few_rows_that_do_not_fit_are_shown_below_each_other() -> None:
    lines = lines_at(40, NAMES, ROWS[:1], "table")
    assert lines[0] == "row 1"
    assert "gap    1234.5678" in lines


def test_only_a_terminal_gets_fewer_rows_and_is_told_of_the_others() -> None:
    rows: list[tuple[Any, ...]] = [(number,) for number in range(20_000)]
    assert lines_at(80, ["n"], rows, "table")[-1].startswith("… 19,800 more of 20,000 rows")
    assert len(lines_at(80, ["n"], rows, "table")) == MOST_ROWS + 4
    assert len(lines_at(None, ["n"], rows, "table")) == len(rows) + 4
    for format_ in ("csv", "markdown"):
        assert len(lines_at(80, ["n"], rows, format_)) >= len(rows)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e-10, "1e-10"),
        (0.99999947, "0.999999"),
        (1533.93456, "1533.9346"),
        (-0.004567, "-0.00457"),
        (2.0000000000000004, "2"),
        (0.1 + 0.2, "0.3"),
        (42.0, "42"),
        (0.0, "0"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
    ],
)
def test_a_number_shown_is_never_zero_or_whole_unless_it_is(number: float, text: str) -> None:
    assert shown(number) == text


def test_cells_with_bars_and_line_breaks_stay_one_row_of_markdown() -> None:
    assert as_string(["a|b"], [("x\r\n| y |",)], "markdown") == "| a\\|b |\n| --- |\n| x<br>\\| y \\| |\n"


def test_query_and_export_write_the_same_csv(tmp_path: Path) -> None:
    """Would catch two dialects: quotes, nulls, line ends, true or True, digits, times."""
    kinds = ("VARCHAR", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "VARCHAR[]", "BIGINT")
    columns = tuple(Column(f"c{number}", kind, "", nullable=True) for number, kind in enumerate(kinds))
    table = Table("main", "sample", "", columns, key=("c0",))
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE sample ({', '.join(f'{one.name} {one.kind}' for one in columns)})")
        con.execute(
            """INSERT INTO sample VALUES
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            ('', 0.1, true, '2025-02-01', '2025-02-01 10:00:00', [], 1),
            ('a,b', 1e-10, false, '1999-01-01', '2025-02-01 10:00:00.25', ['x "y"', NULL, '通'], -7),
            ('say "x"', 1e22, NULL, NULL, NULL, ['a,b'], 0),
            ('two' || chr(10) || 'lines', 100000.0, NULL, NULL, NULL, [''], NULL),
            (' x ', 'nan', true, NULL, NULL, NULL, 9223372036854775807),
            ('=1+1', -1.5, NULL, NULL, NULL, ['=1'], NULL),
            ('-x' || chr(8238), 0, NULL, NULL, NULL, ['a' || chr(8238), 'b' || chr(160)], 2),
            ('''', 0, NULL, NULL, NULL, NULL, 2),
            ('c' || chr(13) || 'r', '-inf', true, NULL, NULL, NULL, NULL)"""
        )
        written = tmp_path / write_part(con, Part(table), "csv", tmp_path).path
        relation = con.sql("FROM sample ORDER BY c0 NULLS LAST")
        printed = as_string(relation.columns, relation.fetchall(), "csv")
    assert printed.encode() == written.read_bytes()
