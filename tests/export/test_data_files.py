"""Other programs read the Parquet and CSV files as exactly the rows of the warehouse."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.conftest import REPOSITORY
from tests.fixtures.exports import EXPORTED, changed_copy, paths_of, run
from warehouse.export.data_files import FORMATS, exported_columns, relative_path
from warehouse.export.exporting import export_release
from warehouse.tables.schema import POLARS_TYPES, Column
from warehouse.workspace import Workspace

#: Half a million rows are many for Python; DuckDB compares these too.
LARGE = ("core.scores", "core.country_leaders")
#: Each table of a small release, and of the shipped history.
TABLES_OF_BOTH = [pytest.param("exported", table, id=f"small-{table.full_name}") for table in EXPORTED] + [
    pytest.param("whole", table, id=f"shipped-{table.full_name}", marks=pytest.mark.system)
    for table in EXPORTED
]


@pytest.fixture
def package(request: pytest.FixtureRequest, workspace: Workspace) -> tuple[Workspace, Path]:
    """A release and its export, by the name of their fixture."""
    if request.param == "whole":
        return request.getfixturevalue("whole")
    return workspace, request.getfixturevalue("exported")


@pytest.fixture
def warehouse_of(package: tuple[Workspace, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(str(package[0].link.resolve()), read_only=True)
    yield con
    con.close()


def read_csv(path: Path, columns: tuple[Column, ...]) -> list[tuple[Any, ...]]:
    """The rows of a CSV file, by the rules README.md gives, with a reader that takes "" for nothing."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        assert next(lines) == [column.name for column in columns]
        return [
            tuple(_value(text, column) for text, column in zip(line, columns, strict=True)) for line in lines
        ]


def _value(text: str, column: Column) -> Any:
    if text == "" and (column.nullable or column.kind != "VARCHAR"):
        return None
    if column.kind == "DOUBLE":
        return float(text)
    if column.kind in ("BIGINT", "INTEGER"):
        return int(text)
    if column.kind == "BOOLEAN":
        return {"true": True, "false": False}[text]
    return json.loads(text) if column.kind == "VARCHAR[]" else text.removeprefix("'")


def as_printed(value: Any) -> Any:
    """A value of the warehouse as CSV's reader above gives it; floats by their bits."""
    if isinstance(value, float):
        return value.hex()
    if hasattr(value, "hour"):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize(
    ("package", "table"),
    [case for case in TABLES_OF_BOTH if case.values[1].full_name not in LARGE],
    indirect=["package"],
)
def test_csv_read_again_is_the_table_to_the_last_bit(
    package: tuple[Workspace, Path], warehouse_of: duckdb.DuckDBPyConnection, table: Any
) -> None:
    columns = exported_columns(table)
    chosen = ", ".join(f'"{column.name}"' for column in columns)
    key = [[column.name for column in columns].index(name) for name in table.key]
    expected = [
        tuple(map(as_printed, row))
        for row in warehouse_of.sql(f"SELECT {chosen} FROM {table.full_name}").fetchall()
    ]
    found = [
        tuple(map(as_printed, row))
        for path in paths_of(package[1], table, "csv")
        for row in read_csv(path, columns)
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    assert len({tuple(row[place] for place in key) for row in found}) == len(found)


def as_they_were(columns: tuple[Column, ...]) -> str:
    """SQL that drops the one ``'`` before each text which a spreadsheet would run."""
    texts = [column.name for column in columns if column.kind == "VARCHAR"]
    dropped = ", ".join(f"regexp_replace({name}, '^''', '') AS {name}" for name in texts)
    return f"REPLACE ({dropped})" if texts else ""


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(("package", "table"), TABLES_OF_BOTH, indirect=["package"])
def test_duckdb_reads_both_formats_as_the_table_sorted_by_its_key(
    package: tuple[Workspace, Path], warehouse_of: duckdb.DuckDBPyConnection, table: Any, format_: str
) -> None:
    columns = exported_columns(table)
    paths = paths_of(package[1], table, format_)
    types = {column.name: "JSON" if column.kind == "VARCHAR[]" else column.kind for column in columns}

    def reading(paths: list[Path]) -> str:
        names = [str(path) for path in paths]
        if format_ == "parquet":
            return f"read_parquet({names})"
        return (
            f"(SELECT * {as_they_were(columns)} FROM read_csv({names}, header = true, auto_detect = false, "
            f"delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n', "
            f"nullstr = '', allow_quoted_nulls = false, columns = {types}))"
        )

    read = reading(paths)
    chosen = ", ".join(
        f'to_json("{column.name}")::VARCHAR AS "{column.name}"'
        if column.kind == "VARCHAR[]"
        else f'"{column.name}"'
        for column in columns
    )
    order = ", ".join(f'"{name}" NULLS LAST' for name in table.key)
    expected = f"(SELECT {chosen} FROM {table.full_name})"
    [(missing, added)] = warehouse_of.sql(
        f"SELECT (SELECT count(*) FROM ({expected} EXCEPT ALL (SELECT {chosen} FROM {read}))), "
        f"(SELECT count(*) FROM ((SELECT {chosen} FROM {read}) EXCEPT ALL {expected}))"
    ).fetchall()
    assert (missing, added) == (0, 0)
    key = ", ".join(f'"{name}"' for name in table.key)
    for path in paths:
        rows = warehouse_of.sql(f"SELECT {key} FROM {reading([path])}").fetchall()
        assert rows == warehouse_of.sql(f"SELECT {key} FROM {reading([path])} ORDER BY {order}").fetchall()


@pytest.mark.parametrize("table", EXPORTED, ids=lambda table: table.full_name)
def test_polars_reads_parquet_in_the_declared_types(exported: Path, table: Any) -> None:
    frame = pl.read_parquet(exported / relative_path(table, "parquet"))
    assert dict(frame.schema) == {
        column.name: POLARS_TYPES[column.kind] for column in exported_columns(table)
    }


@pytest.mark.system
def test_parquet_has_fixed_row_groups(whole: tuple[Workspace, Path]) -> None:
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(whole[1] / "parquet/core/scores.parquet").metadata
    sizes = [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]
    assert set(sizes[:-1]) == {122_880}
    assert metadata.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.system
def test_a_client_of_duckdb_1_4_reads_parquet(whole: tuple[Workspace, Path]) -> None:
    client = REPOSITORY / ".venv" / "duckdb-1.4"
    if not client.is_dir():
        pytest.skip("no DuckDB 1.4 in .venv/duckdb-1.4: make env-dev")
    code = (
        "import duckdb; print(duckdb.__version__, "
        "duckdb.sql(\"SELECT count(*) FROM 'parquet/core/scores.parquet'\").fetchone()[0], "
        "duckdb.sql(\"SELECT count(gap_points) FROM 'parquet/main/monthly_gap.parquet'\").fetchone()[0], "
        "duckdb.sql(\"SELECT max(len(reasons)) FROM 'parquet/main/gap_revisions.parquet'\").fetchone()[0])"
    )
    done = run(sys.executable, "-c", code, cwd=whole[1], PYTHONPATH=str(client))
    assert done.returncode == 0, done.stderr
    version, scores, gaps, reasons = done.stdout.split()
    assert version.startswith("1.4.")
    assert int(scores) > 300_000
    assert int(gaps) > 400
    assert int(reasons) >= 1


def test_csv_distinguishes_an_empty_string_from_a_null(tmp_path: Path, workspace: Workspace) -> None:
    copy = changed_copy(
        workspace,
        tmp_path,
        "UPDATE core.scores SET organization_name = '', license_name = NULL",
        "UPDATE core.scores SET license_name = 'a, \"b\"\nc' WHERE model_name = 'gpt-4-0314'",
    )
    export_release(copy, tmp_path / "export", ["core.scores"], ["csv"])
    text = (tmp_path / "export/csv/core/scores.csv").read_bytes().decode()
    lines = text.split("\r\n")
    assert lines[0].startswith(
        "snapshot_id,category,model_name,model_id,organization_name,license_name,score,"
    )
    assert ',"",,' in lines[1]
    assert '"a, ""b""\nc"' in text
    assert text.endswith("\r\n")
    [row] = [
        row for row in csv.DictReader(text.splitlines(keepends=True)) if row["model_name"] == "gpt-4-0314"
    ][:1]
    assert row["license_name"] == 'a, "b"\nc'
