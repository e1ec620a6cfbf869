"""Lines that a site adds to the reference tables in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sources.errors import UsageError
from warehouse import reference
from warehouse.builder.inputs import release_hash
from warehouse.reference import ReferenceDataError
from warehouse.reference.resolving import add_lines, read_line
from warehouse.workspace import Workspace

LAB = "zeta-lab,Zeta Lab,CA,,,,Zeta Lab,,made up"
MODEL = "omega-9,omega-9,zeta-lab,,,,,,,,,,,omega-9 | Omega 9,made up"


def test_lines_are_added_and_a_line_of_a_known_key_adds_its_names(tmp_path: Path) -> None:
    own = tmp_path / "own"
    change = "deepseek-r1,,,,,,,,,,,,,deep-seek R1,"
    add_lines(own, [read_line(MODEL), read_line(f"organizations.csv: {LAB}"), read_line(change)])
    shipped, found = reference.load(), reference.load(own=own)
    assert found.models.height == shipped.models.height + 1
    before, after = (
        data.models.filter(pl.col("model_id") == "deepseek-r1").row(0, named=True)
        for data in (shipped, found)
    )
    assert after == {**before, "names": f"{before['names']} | deep-seek R1"}
    assert "zeta-lab" in found.organizations["organization_id"].to_list()
    # The same again changes nothing.
    assert add_lines(own, [read_line(LAB)]) == []


def test_an_own_file_without_columns_that_were_added_since_is_still_read(tmp_path: Path) -> None:
    """Would catch an upgrade that refuses the lines a site wrote before models.csv had weights_from."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "models.csv").write_text("model_id,names\ndeepseek-r1,deep-seek R1\n", encoding="utf-8")
    line = reference.load(own=own).models.filter(pl.col("model_id") == "deepseek-r1").row(0, named=True)
    assert line["names"].endswith(" | deep-seek R1")
    assert (line["organization_id"], line["weights_from"]) == ("deepseek", None)


def test_a_spelling_of_a_licence_can_be_added_by_the_name_of_its_file(tmp_path: Path) -> None:
    own = tmp_path / "own"
    add_lines(own, [read_line("licence_spellings.csv: Zeta License,community,https://zeta.example")])
    assert "Zeta License" in reference.load(own=own).licence_spellings["spelling"].to_list()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (MODEL, "names the unknown organization zeta-lab"),
        ("zeta-lab,Zeta Lab,Canada,,,,Zeta Lab,,made up", "expected two capital letters"),
        ("zeta-lab,Zeta Lab,CA,,,,Google,,made up", "the name 'Google' is listed under"),
    ],
)
def test_line_that_does_not_fit_the_others_is_refused_and_nothing_is_written(
    tmp_path: Path, line: str, reason: str
) -> None:
    own = tmp_path / "own"
    with pytest.raises(ReferenceDataError, match=reason) as refused:
        add_lines(own, [read_line(line)])
    assert "nothing was written" in str(refused.value)
    assert not own.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("zeta-lab,Zeta Lab,<country>,,,,Zeta Lab,,made up", "<country> is still to be filled in"),
        ("zeta-lab,Zeta Lab", "a line of 2 cells"),
        ("", "a line of 0 cells"),
    ],
)
def test_unfinished_line_is_refused_with_what_it_lacks(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        add_lines(tmp_path / "own", [read_line(line)])


def test_file_that_is_no_reference_table_is_named_with_what_was_meant(tmp_path: Path) -> None:
    (tmp_path / "model.csv").write_text("x\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="did you mean models"):
        reference.load(own=tmp_path)


def test_own_lines_and_sources_left_out_make_another_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "data")
    hashes = [release_hash(workspace), release_hash(workspace, excluded=["aider"])]
    add_lines(workspace.reference, [read_line(LAB)])
    hashes.append(release_hash(workspace))
    monkeypatch.setenv("AIGAP_REFERENCE_DIR", str(tmp_path / "elsewhere"))
    assert release_hash(workspace) == hashes[0]
    add_lines(workspace.reference, [read_line(LAB)])
    assert (tmp_path / "elsewhere" / "organizations.csv").is_file()
    assert release_hash(workspace) == hashes[2]
    assert len(set(hashes)) == 3
