"""Rows under a share-alike licence lie in files of their own, and every file states the licences of its rows.

That both files together are the table is in `test_data_files`.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources import mmmu
from tests.fixtures.exports import SHARE_ALIKE, SHARE_ALIKE_NAMES, changed_copy, contents
from tests.fixtures.warehouses import OLD_MIRROR
from warehouse.db import read_only
from warehouse.export.exporting import export_release
from warehouse.workspace import Workspace

FOLDER = "cc-by-sa-4.0"


@pytest.fixture(params=["exported", pytest.param("whole", marks=pytest.mark.system)])
def package(request: pytest.FixtureRequest, workspace: Workspace) -> tuple[Workspace, Path]:
    """A release and its export: the small one, and the shipped history."""
    if request.param == "whole":
        return request.getfixturevalue("whole")
    return workspace, request.getfixturevalue("exported")


def resources(export: Path) -> dict[str, dict[str, Any]]:
    package = json.loads((export / "datapackage.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in package["resources"]}


def licences(resource: dict[str, Any]) -> set[str]:
    return {licence["name"] for licence in resource["licenses"]}


def words_of(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, int]:
    """How many rows of a Parquet file name something of a share-alike board, by column."""
    read = f"read_parquet('{path}')"
    texts = [name for name, kind, *_ in con.sql(f"DESCRIBE FROM {read}").fetchall() if kind == "VARCHAR"]
    counts = ", ".join(f'count(*) FILTER ("{name}" IN (FROM apart))' for name in texts)
    [found] = con.sql(f"SELECT {counts} FROM {read}").fetchall() if texts else [()]
    return {name: count for name, count in zip(texts, found, strict=True) if count}


def test_no_shared_file_has_a_row_of_a_share_alike_board(package: tuple[Workspace, Path]) -> None:
    """Whatever column names it: a column under a new name is found here, as values are looked for, not names."""
    workspace, export = package
    with read_only(workspace.link.resolve()) as con:
        con.execute(f"CREATE TEMP TABLE apart AS {SHARE_ALIKE_NAMES}")
        found = {path: words_of(con, path) for path in sorted(export.rglob("*.parquet"))}
    shared = {path: columns for path, columns in found.items() if FOLDER not in path.parts and columns}
    # It is where the licences are stated.
    assert list(shared) == [export / "parquet/meta/sources.parquet"]
    apart = {path.stem: columns for path, columns in found.items() if FOLDER in path.parts}
    assert {"monthly_gap", "scores", "snapshots", "frontier", "reigns", "gap_triangulation"} <= apart.keys()
    assert all(apart.values())


def test_every_resource_states_the_licences_of_its_rows(package: tuple[Workspace, Path]) -> None:
    workspace, export = package
    described = resources(export)
    for name, resource in described.items():
        if name.startswith(f"{FOLDER}/"):
            assert licences(resource) == {SHARE_ALIKE}, name
            assert resource["path"].startswith(f"{FOLDER}/")
        elif not name.startswith("meta.sources"):
            assert SHARE_ALIKE not in licences(resource), name
    with read_only(workspace.link.resolve()) as con:
        for name in ("monthly_gap", "core.snapshots", "core.prices", "core.chips"):
            sources = {
                source
                for (source,) in con.sql(
                    f"SELECT DISTINCT source_id FROM {name} WHERE source_id IS NOT NULL"
                ).fetchall()
            }
            full = name if "." in name else f"main.{name}"
            stated = {
                source["title"]
                for part in (full, f"{FOLDER}/{full}")
                for source in described.get(part, {}).get("sources", [])
            }
            assert stated == sources, name
    assert licences(described["core.organizations"]) == {"MIT"}
    croissant = json.loads((export / "croissant.json").read_text(encoding="utf-8"))
    assert {
        entry["contentUrl"]: {address.split("/")[-1].removesuffix(".html") for address in entry["license"]}
        for entry in croissant["distribution"]
    } == {resource["path"]: licences(resource) for resource in described.values()}


@pytest.mark.system
def test_a_table_that_names_no_source_has_those_it_is_computed_from(whole: tuple[Workspace, Path]) -> None:
    described = resources(whole[1])
    assert [source["title"] for source in described["main.chip_gap"]["sources"]] == ["epoch_hardware"]
    assert licences(described["main.chip_gap"]) == {"MIT", "CC-BY-4.0"}
    assert licences(described["core.published_figures"]) == {"MIT", "CC-BY-ND-4.0"}


def boards(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return sorted({row["board"] for row in csv.DictReader(file)})


def test_mixed_on_demand(workspace: Workspace, tmp_path: Path) -> None:
    export_release(workspace, tmp_path / "apart", ["monthly_gap"], ["csv"])
    export_release(workspace, tmp_path / "mixed", ["monthly_gap"], ["csv"], mix_licences=True)
    assert boards(tmp_path / "apart/csv/main/monthly_gap.csv") == ["arena_text"]
    assert boards(tmp_path / f"apart/{FOLDER}/csv/main/monthly_gap.csv") == ["mmmu"]
    assert f"FROM read_csv(['csv/main/monthly_gap.csv', '{FOLDER}/csv/main/monthly_gap.csv'])" in (
        tmp_path / "apart/README.md"
    ).read_text(encoding="utf-8")
    assert boards(tmp_path / "mixed/csv/main/monthly_gap.csv") == ["arena_text", "mmmu"]
    assert [name for name in contents(tmp_path / "mixed") if "/" in name] == ["csv/main/monthly_gap.csv"]
    assert licences(resources(tmp_path / "mixed")["main.monthly_gap"]) == {"MIT", "CC-BY-4.0", SHARE_ALIKE}
    assert f"MMMU's figures are under {SHARE_ALIKE}" in (tmp_path / "mixed/README.md").read_text()


def test_what_lies_apart_follows_from_the_licences_of_the_sources(
    workspace: Workspace, tmp_path: Path
) -> None:
    """One mirror of the arena under such a licence takes the board with it, months of other sources too."""
    copy = changed_copy(
        workspace,
        tmp_path,
        f"UPDATE meta.sources SET licence = 'ODbL-1.0', share_alike = true WHERE source_id = '{OLD_MIRROR}'",
    )
    export_release(copy, tmp_path / "export", ["monthly_gap", "core.scores"], ["csv"])
    assert boards(tmp_path / "export/csv/main/monthly_gap.csv") == []
    assert boards(tmp_path / "export/odbl-1.0/csv/main/monthly_gap.csv") == ["arena_text"]
    assert boards(tmp_path / f"export/{FOLDER}/csv/main/monthly_gap.csv") == ["mmmu"]
    assert len((tmp_path / "export/csv/core/scores.csv").read_text().splitlines()) == 1
    described = resources(tmp_path / "export")
    # LMArena's own figures in them are CC-BY-4.0 all the same.
    assert licences(described["odbl-1.0/main.monthly_gap"]) == {"ODbL-1.0", "CC-BY-4.0"}


@pytest.mark.parametrize(
    ("licence", "share_alike"),
    [
        ("CC-BY-SA-4.0", True),
        ("CC-BY-NC-SA-4.0", True),
        ("ODbL-1.0", True),
        ("CDLA-Sharing-1.0", True),
        ("CC-BY-4.0", False),
        ("CC-BY-ND-4.0", False),
        ("Apache-2.0", False),
        ("terms of Artificial Analysis: attribution, no redistribution", False),
    ],
)
def test_a_licence_is_share_alike_by_its_name(licence: str, share_alike: bool) -> None:
    assert replace(mmmu.SOURCE.origin, licence=licence).share_alike is share_alike
