"""Exports: other programs read them, they say the same as the warehouse, and the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from sources.errors import AigapError, UsageError
from tests.conftest import REPOSITORY
from tests.fixtures import warehouses
from tests.fixtures.warehouses import LEADERS, OFFICIAL, OLD_MIRROR, Leaderboard, field_of, printed
from warehouse import release
from warehouse.builder import steps
from warehouse.builder.inputs import HISTORY
from warehouse.export.data_files import FORMATS, exported_columns, relative_path
from warehouse.export.datapackage import constraints
from warehouse.export.exporting import export_release
from warehouse.export.target_folder import replacing_export
from warehouse.release import latest_json
from warehouse.tables import TABLES
from warehouse.tables.schema import POLARS_TYPES, Column
from warehouse.workspace import Workspace

EXPORTED = [table for table in TABLES if not table.volatile]
#: Half a million rows are many for Python; DuckDB compares these too.
LARGE = ("core.scores", "core.country_leaders")
#: Each table of a small release, and of the shipped history.
TABLES_OF_BOTH = [pytest.param("exported", table, id=f"small-{table.full_name}") for table in EXPORTED] + [
    pytest.param("whole", table, id=f"shipped-{table.full_name}", marks=pytest.mark.system)
    for table in EXPORTED
]
#: Tables read one by one by slow readers; every table is read by the fast ones.
MAIN_TABLES = ("main.monthly_gap", "main.gap_revisions", "core.models", "core.snapshots", "meta.inputs")
BOARDS: tuple[Leaderboard, ...] = (
    printed(OLD_MIRROR, "2025-01-31", field_of(1300.0, 1260.0, standard_error=5.0)),
    printed(OFFICIAL, "2025-03-31", field_of(1310.1, 1280.0 + 1 / 3, standard_error=5.0)),
    printed(LEADERS, "2025-04-30", field_of(1310.0, 1290.0)),
)


def published(folder: Path, *boards: Leaderboard, shuffle: int | None = None) -> Workspace:
    """A workspace with one release of ``boards``, of the shipped history when there are none."""
    built = (
        warehouses.warehouse(folder, *boards, shuffle=shuffle)
        if boards
        else warehouses.build(Workspace(folder / "data"), HISTORY)
    )
    built.con.close()
    steps.publish(built.staged)
    return built.staged.workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return published(tmp_path_factory.mktemp("small"), *BOARDS)


@pytest.fixture(scope="module")
def exported(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("export") / "aigap"
    export_release(workspace, to)
    return to


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """The shipped history, released and exported."""
    folder = tmp_path_factory.mktemp("whole")
    built = warehouses.shipped(tmp_path_factory.getbasetemp())
    workspace = Workspace(folder / "data")
    candidate = folder / "candidate.duckdb"
    shutil.copy(built.staged.candidate, candidate)
    release.publish(workspace, candidate, release.new(workspace, built.staged.input_hash, {}))
    export_release(workspace, folder / "aigap")
    return workspace, folder / "aigap"


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


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


# Bytes


def test_two_builds_of_the_same_inputs_give_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    again = published(tmp_path / "again", *BOARDS, shuffle=7)
    # What a second build has otherwise: its folder, its clock, its run.
    path = again.link.resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE meta.release SET run_id = 'another'")
        con.execute("UPDATE meta.source_status SET last_fetch = TIMESTAMP '2030-01-01', last_error = 'x'")
    export_release(again, tmp_path / "export")
    assert contents(tmp_path / "export") == contents(exported)


@pytest.mark.system
def test_the_shipped_history_gives_the_same_bytes_however_many_threads(
    whole: tuple[Workspace, Path], tmp_path: Path
) -> None:
    workspace, folder = whole
    code = (
        "import duckdb, sys; from pathlib import Path; from warehouse.export.exporting import export_release; "
        "from warehouse.workspace import Workspace; connect = duckdb.connect; "
        "duckdb.connect = lambda *a, **k: connect(*a, **{**k, 'config': {'threads': 7}}); "
        "export_release(Workspace(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    done = run(sys.executable, "-c", code, workspace.data, tmp_path / "export", cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "export") == contents(folder)


def test_no_file_holds_a_name_of_a_release_or_this_machine(workspace: Workspace, exported: Path) -> None:
    now = release.current(workspace)
    assert now is not None
    for path in exported.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for word in (now.name, now.published_at[:16], str(workspace.data), str(exported)):
                assert word.encode() not in content, f"{word} in {path.name}"


def test_sha256sum_finds_every_file_whole(exported: Path, tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here")
    assert run("sha256sum", "--strict", "-c", "SHA256SUMS", cwd=exported).returncode == 0
    listed = {line[66:] for line in (exported / "SHA256SUMS").read_text().splitlines()}
    assert listed == contents(exported).keys() - {"SHA256SUMS"}
    damaged = tmp_path / "damaged"
    shutil.copytree(exported, damaged)
    with (damaged / "csv/main/monthly_gap.csv").open("ab") as file:
        file.write(b",")
    assert run("sha256sum", "-c", "SHA256SUMS", cwd=damaged).returncode == 1


# Rows


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
    return json.loads(text) if column.kind == "VARCHAR[]" else text


def as_told(value: Any) -> Any:
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
        tuple(map(as_told, row))
        for row in warehouse_of.sql(f"SELECT {chosen} FROM {table.full_name}").fetchall()
    ]
    found = [tuple(map(as_told, row)) for row in read_csv(package[1] / relative_path(table, "csv"), columns)]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    assert len({tuple(row[place] for place in key) for row in found}) == len(found)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(("package", "table"), TABLES_OF_BOTH, indirect=["package"])
def test_duckdb_reads_both_formats_as_the_table_sorted_by_its_key(
    package: tuple[Workspace, Path], warehouse_of: duckdb.DuckDBPyConnection, table: Any, format_: str
) -> None:
    columns = exported_columns(table)
    path = package[1] / relative_path(table, format_)
    types = {column.name: "JSON" if column.kind == "VARCHAR[]" else column.kind for column in columns}
    read = (
        f"read_parquet('{path}')"
        if format_ == "parquet"
        else f"read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
        f"new_line = '\\r\\n', nullstr = '', allow_quoted_nulls = false, columns = {types})"
    )
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
    assert (
        warehouse_of.sql(f"SELECT {key} FROM {read}").fetchall()
        == warehouse_of.sql(f"SELECT {key} FROM {table.full_name} ORDER BY {order}").fetchall()
    )


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


def test_csv_tells_an_empty_string_from_a_null(tmp_path: Path, workspace: Workspace) -> None:
    copy = Workspace(tmp_path / "data")
    shutil.copytree(workspace.data, copy.data, symlinks=True)
    path = copy.link.resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE core.scores SET organization_name = '', license_name = NULL")
        con.execute("UPDATE core.scores SET license_name = 'a, \"b\"\nc' WHERE model_name = 'gpt-4-0314'")
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


# Descriptions


@pytest.mark.system
def test_frictionless_finds_the_package_valid(exported: Path) -> None:
    """The whole package, from a small release: types, nulls, words, keys, references, sizes, hashes."""
    program = Path(sys.executable).with_name("frictionless")
    if not program.exists():
        pytest.skip("no frictionless in the environment: make env-dev")
    done = run(program, "validate", "datapackage.json", "--json", cwd=exported)
    report = json.loads(done.stdout)
    wrong = [(task["name"], task["errors"][:2]) for task in report["tasks"] if not task["valid"]]
    assert wrong == []
    assert report["valid"]
    assert report["stats"]["tasks"] == 2 * len(EXPORTED)
    assert done.returncode == 0


@pytest.mark.system
@pytest.mark.timeout(900)
def test_frictionless_finds_the_shipped_history_valid(whole: tuple[Workspace, Path], tmp_path: Path) -> None:
    """Every table as CSV, of the two largest the first 100,000 rows: that Parquet and CSV hold what the table
    does, row by row, is DuckDB's to say, above.
    """
    program = Path(sys.executable).with_name("frictionless")
    if not program.exists():
        pytest.skip("no frictionless in the environment: make env-dev")
    described = json.loads((whole[1] / "datapackage.json").read_text(encoding="utf-8"))
    described["resources"] = [one for one in described["resources"] if one["format"] == "csv"]
    assert len(described["resources"]) == len(EXPORTED)
    (tmp_path / "csv").symlink_to(whole[1] / "csv")
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    done = run(program, "validate", "datapackage.json", "--json", "--limit-rows", "100000", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert [(task["name"], task["errors"][:2]) for task in report["tasks"] if not task["valid"]] == []
    assert report["valid"]
    assert report["stats"]["tasks"] == len(EXPORTED)


@pytest.mark.system
def test_frictionless_sees_a_broken_reference_and_an_unknown_word(exported: Path, tmp_path: Path) -> None:
    """The schema is no decoration: what breaks the declarations is found by it."""
    program = Path(sys.executable).with_name("frictionless")
    if not program.exists():
        pytest.skip("no frictionless in the environment: make env-dev")
    broken = tmp_path / "broken"
    shutil.copytree(exported, broken)
    path = broken / "csv/core/snapshots.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace(",printed,", ",guessed,", 1).replace(f",{OFFICIAL},", ",nobody,", 1)
    path.write_text(text, encoding="utf-8")
    done = run(
        program, "validate", "datapackage.json", "--json", "--resource-name", "core.snapshots", cwd=broken
    )
    types = {error["type"] for task in json.loads(done.stdout)["tasks"] for error in task["errors"]}
    assert types >= {"constraint-error", "foreign-key"}
    assert done.returncode == 1


def test_datapackage_says_whose_the_figures_are(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["created"] == "2025-04-30T00:00:00Z"
    assert package["version"].startswith("1.0.20250430+")
    assert [source["sourceId"] for source in package["sources"]] == sorted((LEADERS, OLD_MIRROR, OFFICIAL))
    assert {licence["name"] for licence in package["licenses"]} == {"MIT", "CC-BY-4.0"}
    [gap] = [entry for entry in package["resources"] if entry["name"] == "main.monthly_gap"]
    fields = {entry["name"]: entry for entry in gap["schema"]["fields"]}
    assert fields["gap_points"]["unit"] == "points"
    assert "observed" in fields["status"]["constraints"]["enum"]
    assert fields["us_win_probability"]["constraints"] == {"minimum": 0.0, "maximum": 1.0}
    assert gap["schema"]["primaryKey"] == ["board", "variant", "category", "month"]
    assert {
        "fields": ["snapshot_id"],
        "reference": {"resource": "core.snapshots", "fields": ["snapshot_id"]},
    } in gap["schema"]["foreignKeys"]


def test_every_simple_condition_of_the_declarations_reaches_the_package() -> None:
    told = {
        f"{table.full_name}.{column.name}": constraints(column)
        for table in EXPORTED
        for column in exported_columns(table)
        if column.conditions()
    }
    untold = {name for name, limits in told.items() if not limits.keys() - {"required"}}
    # Conditions that Table Schema has no words for.
    assert all(
        any(word in check for word in ("length", "extract", "list_has_all", ">", "<", "="))
        for check in _checks(untold)
    )
    assert told["core.organizations.hq_country"] == {"pattern": "[A-Z]{2}"}


def _checks(names: set[str]) -> list[str]:
    return [
        condition
        for table in EXPORTED
        for column in table.columns
        for condition in column.conditions()
        if f"{table.full_name}.{column.name}" in names
    ]


def test_mlcroissant_validates_and_reads_the_main_tables(exported: Path) -> None:
    if not Path(sys.executable).with_name("mlcroissant").exists():
        pytest.skip("no mlcroissant in the environment: make env-dev")
    code = (
        "import json, sys, mlcroissant as mlc\n"
        "data = mlc.Dataset('croissant.json')\n"
        "assert not data.metadata.ctx.issues.errors and not data.metadata.ctx.issues.warnings\n"
        "for name in sys.argv[1:]:\n"
        "    records = list(data.records(name))\n"
        "    print(json.dumps([name, len(records), {k: str(v) for k, v in records[0].items()}]))\n"
    )
    done = run(sys.executable, "-c", code, *MAIN_TABLES, cwd=exported)
    assert done.returncode == 0, done.stderr
    found = {name: (count, first) for name, count, first in map(json.loads, done.stdout.splitlines())}
    for name in MAIN_TABLES:
        rows = pl.read_parquet(exported / f"parquet/{name.replace('.', '/')}.parquet").height
        assert found[name][0] == rows, name
    assert found["meta.inputs"][1]["meta.inputs/source_id"].startswith("b'arena_leaders")


def test_croissant_hashes_sources_and_citation(exported: Path) -> None:
    told = json.loads((exported / "croissant.json").read_text(encoding="utf-8"))
    hashes = contents(exported)
    assert {entry["contentUrl"]: entry["sha256"] for entry in told["distribution"]} == {
        name: sha256 for name, sha256 in hashes.items() if name.startswith(("csv/", "parquet/"))
    }
    assert [entry["identifier"] for entry in told["prov:wasDerivedFrom"]] == sorted(
        (LEADERS, OLD_MIRROR, OFFICIAL)
    )
    assert "LMArena" in told["citeAs"]
    assert len(told["recordSet"]) == len(EXPORTED)


def test_citation_file_is_of_the_format_and_the_readme_names_every_source(exported: Path) -> None:
    cited = yaml.safe_load((exported / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert len(cited["references"]) == 3
    readme = (exported / "README.md").read_text(encoding="utf-8")
    assert readme.count("CC-BY-4.0](") == 3
    assert "`meta.release.run_id`" in readme
    assert "Not to be passed on" not in readme


def test_the_readme_says_what_may_not_be_passed_on(tmp_path: Path, workspace: Workspace) -> None:
    copy = Workspace(tmp_path / "data")
    shutil.copytree(workspace.data, copy.data, symlinks=True)
    path = copy.link.resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute(
            "UPDATE meta.sources SET redistributable = false, licence = 'not stated' WHERE source_id = 'lmarena_hf'"
        )
    export_release(copy, tmp_path / "export", ["monthly_gap"], ["csv"])
    readme = (tmp_path / "export/README.md").read_text(encoding="utf-8")
    assert (
        "**Not to be passed on**: the licence of Arena leaderboard dataset (official) (not stated)" in readme
    )


def test_nothing_volatile_is_exported(exported: Path) -> None:
    volatile = [(table, column) for table in TABLES for column in table.columns if column.volatile]
    assert volatile
    for table, column in volatile:
        assert column.name not in table.key, f"{table.full_name}.{column.name}"
    for table in TABLES:
        assert (exported / relative_path(table, "csv")).exists() is not table.volatile


# The folder


def test_chosen_tables_and_formats(workspace: Workspace, tmp_path: Path) -> None:
    done = export_release(workspace, tmp_path / "some", ["monthly_gap", "core.models"], ["csv"])
    assert done.tables == 2
    files = set(contents(tmp_path / "some"))
    assert {name for name in files if "/" in name} == {"csv/main/monthly_gap.csv", "csv/core/models.csv"}
    package = json.loads((tmp_path / "some/datapackage.json").read_text(encoding="utf-8"))
    # References to tables that are not there would make the package invalid.
    assert all("foreignKeys" not in entry["schema"] for entry in package["resources"])


@pytest.mark.parametrize(
    ("names", "formats", "told"),
    [
        (["monthly_gpa"], ["csv"], r"no table monthly_gpa.*did you mean main\.monthly_gap"),
        ([], ["xlsx"], r"no format 'xlsx'"),
        ([], [""], r"no format"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    workspace: Workspace, tmp_path: Path, names: list[str], formats: list[str], told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        export_release(workspace, tmp_path / "export", names, formats)
    assert re.search(told, caught.value.line())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_refused_and_stays(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    with pytest.raises(UsageError, match="holds files and is no export of aigap"):
        export_release(workspace, tmp_path / "thesis")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        export_release(workspace, tmp_path / "file")
    with pytest.raises(UsageError, match="no folder"):
        export_release(workspace, tmp_path / "nowhere" / "export")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "thesis"]
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "years of work"


def test_an_earlier_export_is_replaced_unless_somebody_put_a_file_there(
    workspace: Workspace, tmp_path: Path
) -> None:
    to = tmp_path / "export"
    to.mkdir()
    export_release(workspace, to, ["monthly_gap"], ["csv"])
    export_release(workspace, to, ["core.models"], ["csv"])
    assert [name for name in contents(to) if "/" in name] == ["csv/core/models.csv"]
    (to / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds notes\.txt, which no export wrote"):
        export_release(workspace, to, ["monthly_gap"], ["csv"])
    assert (to / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_a_reader_never_finds_half_an_export(workspace: Workspace, tmp_path: Path) -> None:
    to = tmp_path / "export"
    export_release(workspace, to, ["monthly_gap"], ["csv"])
    before = contents(to)

    def interrupted() -> None:
        with replacing_export(to) as folder:
            (folder / "half.csv").write_text("half")
            assert contents(to) == before
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert contents(to) == before
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_two_exports_into_one_folder_do_not_mix_and_a_killed_one_leaves_no_trace(
    workspace: Workspace, tmp_path: Path
) -> None:
    to = tmp_path / "export"
    # As a killed export leaves it.
    (tmp_path / ".export.unfinished" / "csv").mkdir(parents=True)
    (tmp_path / ".export.unfinished" / "csv" / "half.csv").write_text("half")
    with replacing_export(to) as folder:
        assert list(folder.iterdir()) == []
        with pytest.raises(UsageError, match=r"another process is writing"):
            export_release(workspace, to, ["monthly_gap"], ["csv"])
        (folder / "datapackage.json").write_text('{"name": "aigap"}')
        (folder / "SHA256SUMS").write_text("")
    assert sorted(contents(to)) == ["SHA256SUMS", "datapackage.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_without_a_release_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is published"):
        export_release(Workspace(tmp_path / "data"), tmp_path / "export")


def test_a_release_of_another_program_is_not_exported_as_this_ones(
    workspace: Workspace, tmp_path: Path
) -> None:
    copy = Workspace(tmp_path / "data")
    shutil.copytree(workspace.data, copy.data, symlinks=True)
    path = copy.link.resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("ALTER TABLE main.policy_events ADD COLUMN weight INTEGER")
    with pytest.raises(AigapError, match=r"main\.policy_events was built by another version"):
        export_release(copy, tmp_path / "export")
    assert not (tmp_path / "export").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("no mount here")
    if done.returncode != 0:
        pytest.skip("no right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.system
@pytest.mark.parametrize("format_", FORMATS)
def test_a_full_disk_leaves_the_earlier_export(
    whole: tuple[Workspace, Path], small_disk: Path, format_: str
) -> None:
    to = small_disk / "export"
    export_release(whole[0], to, ["monthly_gap"], ["csv"])
    before = contents(to)
    with pytest.raises(AigapError) as caught:
        export_release(whole[0], to, [], [format_])
    assert "No space left on device" in caught.value.line()
    assert "what was there before is untouched" in caught.value.line()
    assert contents(to) == before
    assert [path.name for path in small_disk.iterdir()] == ["export"]


# latest.json


def test_latest_json_names_the_file_that_is_published(workspace: Workspace) -> None:
    now = release.current(workspace)
    assert now is not None
    latest_json.write_latest_json(workspace, now)
    path = workspace.latest_json
    told = json.loads(path.read_text(encoding="utf-8"))
    file = workspace.data / told["path"]
    assert file == now.path(workspace)
    assert told["size"] == file.stat().st_size
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (told["name"], told["input_hash"], told["previous"]) == (now.name, now.input_hash, None)
    assert told["schema_version"] == "1.0"
    assert {row["variant"] for row in told["latest"]} == {"raw"}
    assert path.stat().st_size < 10_000
    assert [name.name for name in workspace.data.iterdir() if "latest" in name.name] == ["latest.json"]


def test_the_page_for_dashboards_names_what_latest_json_holds(workspace: Workspace) -> None:
    now = release.current(workspace)
    assert now is not None
    page = (REPOSITORY / "docs" / "dashboards.md").read_text(encoding="utf-8")
    told = re.search(r"`latest\.json` beside the link says (.+?)\. ", page, re.S)
    assert told is not None
    assert set(re.findall(r"`(\w+)`", told[1])) == latest_json.describe(workspace, now).keys()


# The command line


def test_export_and_changes_as_commands(workspace: Workspace, tmp_path: Path) -> None:
    def aigap(*words: str) -> subprocess.CompletedProcess[str]:
        return run(
            sys.executable,
            "-m",
            "pipelines.cli",
            *words,
            cwd=REPOSITORY,
            AIGAP_DATA_DIR=str(workspace.data),
        )

    done = aigap("export", "--to", str(tmp_path / "export"), "--table", "monthly_gap", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 table, ")
    assert (tmp_path / "export/csv/main/monthly_gap.csv").is_file()
    again = aigap("export", "--to", str(tmp_path), "--table", "monthly_gap")
    assert again.returncode == 2
    assert "is no export of aigap" in again.stderr
    assert len(again.stderr.splitlines()) == 1
    first = aigap("changes", "--format", "markdown")
    assert first.returncode == 0
    assert "It is the first release here" in first.stdout
    wrong = aigap("changes", "--from", "aigap-nothing")
    assert wrong.returncode == 2
    assert "no release named aigap-nothing" in wrong.stderr


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of the release of `exported`, where another was published before it."""
    folder = tmp_path_factory.mktemp("followed")
    workspace = published(folder, *BOARDS[:2])
    published(folder, *BOARDS)
    export_release(workspace, folder / "export")
    return folder / "export"


def test_changes_between_two_published_releases_reach_the_export(followed: Path) -> None:
    told = (followed / "CHANGES.md").read_text(encoding="utf-8")
    assert "new_snapshot: arena_leaders_transcribed of 2025-04-30" in told
    assert "arena_leaders_transcribed: 1 new, 15 rows" in told
    assert "2025-04-01" in (followed / "changes.csv").read_text(encoding="utf-8")


def test_the_release_before_shows_in_no_file_but_those_the_readme_names(
    exported: Path, followed: Path
) -> None:
    alone, after = contents(exported), contents(followed)
    assert alone.keys() == after.keys()
    told = re.search(r"the same bytes, but for (.+): they depend", (exported / "README.md").read_text())
    assert told is not None
    assert {name for name in after if after[name] != alone[name]} == set(re.findall(r"`(.+?)`", told[1]))
