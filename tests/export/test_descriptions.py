"""The descriptions of an export are valid, complete and true: data package, Croissant, README and citation."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.fixtures.exports import EXPORTED, SHARE_ALIKE, changed_copy, contents, run
from tests.fixtures.warehouses import LEADERS, MMMU, OFFICIAL, OLD_MIRROR
from warehouse.export.data_files import exported_columns
from warehouse.export.datapackage import constraints
from warehouse.export.exporting import export_release
from warehouse.workspace import Workspace

#: Tables read one by one by a slow reader; the fast ones read every table.
MAIN_TABLES = (
    "main.monthly_gap",
    "main.gap_revisions",
    "core.models",
    "core.snapshots",
    "meta.inputs",
    "cc-by-sa-4.0/main.monthly_gap",
)


@pytest.fixture
def frictionless() -> Path:
    """The program that validates data packages; tests that ask for it skip without."""
    program = Path(sys.executable).with_name("frictionless")
    if not program.exists():
        pytest.skip("no frictionless in the environment: make env-dev")
    return program


@pytest.mark.system
def test_frictionless_finds_the_package_valid(frictionless: Path, exported: Path) -> None:
    """The whole package, from a small release: types, nulls, words, keys, references, sizes, hashes."""
    done = run(frictionless, "validate", "datapackage.json", "--json", cwd=exported)
    report = json.loads(done.stdout)
    wrong = [(task["name"], task["errors"][:2]) for task in report["tasks"] if not task["valid"]]
    assert wrong == []
    assert report["valid"]
    assert report["stats"]["tasks"] == len([*exported.rglob("*/*.parquet"), *exported.rglob("*/*.csv")])
    assert done.returncode == 0


@pytest.mark.system
@pytest.mark.timeout(900)
def test_frictionless_finds_the_shipped_history_valid(
    frictionless: Path, whole: tuple[Workspace, Path], tmp_path: Path
) -> None:
    """Every table as CSV, of the largest the first 10,000 rows: that Parquet and CSV hold what the table
    does, row by row, is DuckDB's to say, above.
    """
    described = json.loads((whole[1] / "datapackage.json").read_text(encoding="utf-8"))
    described["resources"] = [one for one in described["resources"] if one["format"] == "csv"]
    assert len(described["resources"]) > len(EXPORTED)
    for folder in ("csv", "cc-by-sa-4.0"):
        (tmp_path / folder).symlink_to(whole[1] / folder)
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    done = run(frictionless, "validate", "datapackage.json", "--json", "--limit-rows", "10000", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert [(task["name"], task["errors"][:2]) for task in report["tasks"] if not task["valid"]] == []
    assert report["valid"]
    assert report["stats"]["tasks"] == len(described["resources"])


@pytest.mark.system
def test_frictionless_sees_a_broken_reference_and_an_unknown_word(
    frictionless: Path, exported: Path, tmp_path: Path
) -> None:
    """The schema is no decoration: what breaks the declarations is found by it."""
    broken = tmp_path / "broken"
    shutil.copytree(exported, broken)
    path = broken / "csv/core/snapshots.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace(",printed,", ",guessed,", 1).replace(f",{OFFICIAL},", ",nobody,", 1)
    path.write_text(text, encoding="utf-8")
    done = run(
        frictionless,
        "validate",
        "datapackage.json",
        "--json",
        "--resource-name",
        "core.snapshots",
        cwd=broken,
    )
    types = {error["type"] for task in json.loads(done.stdout)["tasks"] for error in task["errors"]}
    assert types >= {"constraint-error", "foreign-key"}
    assert done.returncode == 1


def test_datapackage_says_whose_the_figures_are(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["created"] == "2025-04-30T00:00:00Z"
    assert package["version"].startswith("2.0.20250430+")
    assert [source["sourceId"] for source in package["sources"]] == sorted(
        (LEADERS, MMMU, OLD_MIRROR, OFFICIAL)
    )
    assert {licence["name"] for licence in package["licenses"]} == {"MIT", "CC-BY-4.0", SHARE_ALIKE}
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


def test_a_pattern_of_the_declarations_reaches_the_package() -> None:
    [table] = [table for table in EXPORTED if table.full_name == "core.organizations"]
    [country] = [column for column in exported_columns(table) if column.name == "hq_country"]
    assert constraints(country) == {"pattern": "[A-Z]{2}"}


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
        folder, _, table = name.rpartition("/")
        rows = pl.read_parquet(exported / folder / f"parquet/{table.replace('.', '/')}.parquet").height
        assert found[name][0] == rows, name
    assert found["meta.inputs"][1]["meta.inputs/source_id"].startswith("b'arena_leaders")


def test_croissant_hashes_sources_and_citation(exported: Path) -> None:
    croissant = json.loads((exported / "croissant.json").read_text(encoding="utf-8"))
    hashes = contents(exported)
    assert {entry["contentUrl"]: entry["sha256"] for entry in croissant["distribution"]} == {
        name: sha256 for name, sha256 in hashes.items() if name.endswith((".csv", ".parquet")) and "/" in name
    }
    assert [entry["identifier"] for entry in croissant["prov:wasDerivedFrom"]] == sorted(
        (LEADERS, MMMU, OLD_MIRROR, OFFICIAL)
    )
    assert "LMArena" in croissant["citeAs"]
    apart = [name for name in hashes if name.startswith("cc-by-sa-4.0/parquet/")]
    assert len(croissant["recordSet"]) == len(EXPORTED) + len(apart)


def test_citation_file_is_of_the_format_and_the_readme_names_every_source(exported: Path) -> None:
    cited = yaml.safe_load((exported / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert len(cited["references"]) == 4
    readme = (exported / "README.md").read_text(encoding="utf-8")
    assert readme.count("CC-BY-4.0](") == 3
    assert "`meta.release.run_id`" in readme
    assert "Not to be passed on" not in readme


def test_the_readme_says_what_may_not_be_passed_on(tmp_path: Path, workspace: Workspace) -> None:
    copy = changed_copy(
        workspace,
        tmp_path,
        "UPDATE meta.sources SET redistributable = false, licence = 'not stated' WHERE source_id = 'lmarena_hf'",
    )
    export_release(copy, tmp_path / "export", ["monthly_gap"], ["csv"])
    package = json.loads((tmp_path / "export/datapackage.json").read_text(encoding="utf-8"))
    assert {licence["name"] for licence in package["licenses"]} == {"MIT", "CC-BY-4.0", SHARE_ALIKE}
    readme = (tmp_path / "export/README.md").read_text(encoding="utf-8")
    assert (
        "**Not to be passed on**: the licence of Arena leaderboard dataset (official) (not stated)" in readme
    )
