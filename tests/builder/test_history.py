"""The history that ships: made from the raw files and nothing else, credited, small, and no raw file itself."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.local_files import body_of, raw_files
from sources.registry import all_sources
from tests.fixtures.bodies import BODIES, snapshot
from warehouse.builder import history
from warehouse.builder.inputs import HISTORY, KINDS, MANIFEST, gather, read_manifest
from warehouse.workspace import Workspace

#: What the manifest says of each source whose figures ship.
ORIGIN = ("producer", "title", "address", "citation", "licence", "licence_address", "why_it_ships")

#: Sources that ship what `aigap backfill` found in a repository's commits: a folder of raw files has the newest only.
REPLAYED = ("aider", "arena_site_mirror", "evalplus", "mmmu")


#: Sources of which a body is made here.
TWO = ("arena_catalog", "chatbot_arena_history")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return read_manifest(HISTORY)


@pytest.fixture(scope="module")
def rebuilt(upstream: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history built again from the raw files."""
    folder = tmp_path_factory.mktemp("rebuilt")
    history.build(Workspace(folder / "data"), upstream, folder / "history")
    return folder / "history"


def frames(folder: Path, source_id: str) -> pl.DataFrame:
    files = [entry["file"] for entry in read_manifest(folder)["files"] if entry["source_id"] == source_id]
    return pl.concat([pl.read_parquet(folder / file) for file in sorted(files)])


# Reproduced from the raw files


@pytest.mark.system  # reads every raw file there is
def test_shipped_files_are_reproduced_byte_for_byte(rebuilt: Path, manifest: dict[str, Any]) -> None:
    for entry in manifest["files"]:
        if entry["source_id"] in REPLAYED:
            continue
        assert (rebuilt / entry["file"]).read_bytes() == (HISTORY / entry["file"]).read_bytes(), entry["file"]


@pytest.mark.system  # reads every raw file there is
def test_shipped_inputs_are_the_raw_files_that_are_there(rebuilt: Path, manifest: dict[str, Any]) -> None:
    shipped = set(manifest["origins"]) - set(REPLAYED)
    again, inputs = (
        [entry for entry in found["inputs"] if entry["source_id"] in shipped]
        for found in (read_manifest(rebuilt), manifest)
    )
    assert again == inputs


@pytest.mark.system  # reads every raw file there is
@pytest.mark.parametrize("source_id", REPLAYED)
def test_newest_raw_files_of_replayed_sources_give_the_rows_that_ship(rebuilt: Path, source_id: str) -> None:
    """Would catch commits replayed with other bytes than the files have, or read by another parser."""
    rows = [
        frames(folder, source_id).with_columns(pl.col("input_id").str.slice(-12)).rows()
        for folder in (rebuilt, HISTORY)
    ]
    assert len(rows[0]) > 0
    assert set(rows[0]) <= set(rows[1])


@pytest.mark.system  # reads every raw file there is
def test_no_source_with_raw_files_and_a_free_licence_is_forgotten(
    rebuilt: Path, manifest: dict[str, Any]
) -> None:
    """Fails after a new source until `aigap history build` is run."""
    assert sorted(read_manifest(rebuilt)["origins"]) == sorted(manifest["origins"])
    assert read_manifest(rebuilt)["left_out"] == manifest["left_out"]


def test_manifest_gives_the_sha256_of_every_raw_file(upstream: Path, manifest: dict[str, Any]) -> None:
    shipped = set(manifest["origins"])
    raw = {
        (source.id, hashlib.sha256(body).hexdigest(), len(body))
        for source, body in ((source, body_of(source, path)) for source, path in raw_files(upstream))
        if source.id in shipped
    }
    held = {(entry["source_id"], entry["sha256"], entry["size"]) for entry in manifest["inputs"]}
    assert raw <= held
    assert {source_id for source_id, *_ in held - raw} <= set(REPLAYED)


def test_no_shipped_file_is_a_raw_file(upstream: Path) -> None:
    raw = {hashlib.sha256(path.read_bytes()).hexdigest() for path in upstream.rglob("*") if path.is_file()}
    for path in HISTORY.iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() not in raw, path.name


# True of what ships, raw files or not


def test_shipped_history_loads_without_raw_files(tmp_path: Path, manifest: dict[str, Any]) -> None:
    gathered = gather(Workspace(tmp_path / "data"))
    assert len(gathered.inputs) == len(manifest["inputs"]) > 300
    assert {entry.held_in for entry in gathered.inputs} == {"history"}
    files = [path for paths in gathered.files.values() for path in paths]
    rows = sum(pl.scan_parquet(path).select(pl.len()).collect().item() for path in files)
    assert rows == sum(entry.rows for entry in gathered.inputs) > 380_000


def test_every_file_has_the_columns_of_its_kind(manifest: dict[str, Any]) -> None:
    for entry in manifest["files"]:
        frame = pl.scan_parquet(HISTORY / entry["file"])
        assert dict(frame.collect_schema()) == {"input_id": pl.String(), **KINDS[entry["kind"]]}, entry[
            "file"
        ]
        assert frame.select(pl.len()).collect().item() == entry["rows"], entry["file"]


def test_every_file_is_the_one_the_manifest_names(manifest: dict[str, Any]) -> None:
    named = {entry["file"]: entry["sha256"] for entry in manifest["files"]}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in HISTORY.glob("*.parquet")}
    assert there == named
    assert {path.name for path in HISTORY.iterdir() if not path.name.startswith(".")} == {*named, MANIFEST}


def test_every_input_has_its_rows_and_every_row_its_input(manifest: dict[str, Any]) -> None:
    files = [HISTORY / entry["file"] for entry in manifest["files"]]
    counts: dict[str, int] = {}
    for path in files:
        counted = pl.scan_parquet(path).group_by("input_id").agg(pl.len().alias("rows")).collect()
        for name, rows in counted.iter_rows():
            counts[name] = counts.get(name, 0) + rows
    assert counts == {entry["input_id"]: entry["rows"] for entry in manifest["inputs"]}


def test_every_source_names_producer_licence_and_address(manifest: dict[str, Any]) -> None:
    assert {entry["source_id"] for entry in manifest["inputs"]} == set(manifest["origins"])
    for source_id, origin in manifest["origins"].items():
        for name in ORIGIN:
            assert origin[name].strip(), f"{source_id}: {name}"
        assert origin["address"].startswith("https://"), source_id


def test_every_input_has_the_place_and_time_of_its_bytes(manifest: dict[str, Any]) -> None:
    for entry in manifest["inputs"]:
        assert entry["address"].startswith("https://"), entry["input_id"]
        assert len(entry["sha256"]) == 64, entry["input_id"]
        assert entry["size"] > 0, entry["input_id"]
        known = datetime.fromisoformat(entry["known_at"])
        assert known.utcoffset() is not None, entry["input_id"]
        assert known.year >= 2023, f"{entry['input_id']}: nobody knew these bytes"
        assert entry["input_id"].endswith(entry["sha256"][:12]), entry["input_id"]


def test_only_figures_whose_licence_allows_it_ship(manifest: dict[str, Any]) -> None:
    redistributable = {source.id for source in all_sources() if source.origin.redistributable}
    assert set(manifest["origins"]) <= redistributable
    assert not {entry["source_id"] for entry in manifest["left_out"]} & set(manifest["origins"])


def test_the_history_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in HISTORY.iterdir()}
    assert {name: size for name, size in sizes.items() if size > 5_000_000} == {}
    assert sum(sizes.values()) < 12_000_000


def test_manifest_names_no_place_of_this_machine() -> None:
    text = (HISTORY / MANIFEST).read_text(encoding="utf-8")
    assert str(Path.home()) not in text
    assert str(HISTORY.parents[1]) not in text
    assert json.loads(text)


# Merged, never lost


def raw_folder(folder: Path, *source_ids: str, **bodies: bytes) -> Path:
    """A folder of raw files: an acceptable body of each source, or the one given for it."""
    for source_id in source_ids:
        _, name, body = BODIES[source_id]
        path = folder / source_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bodies.get(source_id, body))
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A history of two bodies of two sources, in a folder where a person keeps two files too."""
    folder = tmp_path / "history"
    folder.mkdir()
    (folder / "mine.parquet").write_bytes(b"mine")
    (folder / "notes.txt").write_text("mine")
    history.build(Workspace(tmp_path / "none"), raw_folder(tmp_path / "both", *TWO), folder)
    return folder


@pytest.mark.parametrize("source_ids", [TWO[:1], TWO[1:], TWO])
def test_bodies_at_hand_and_shipped_rows_of_the_others_give_the_same_bytes(
    made: Path, tmp_path: Path, source_ids: tuple[str, ...]
) -> None:
    """Would catch one archived body taking the place of a whole history, and a person's file removed with it."""
    before = content(made)
    history.build(Workspace(tmp_path / "none"), raw_folder(tmp_path / "raw", *source_ids), made)
    assert content(made) == before
    assert {"mine.parquet", "notes.txt", MANIFEST} < set(before)


def test_a_new_body_is_added_beside_the_shipped_ones(made: Path, tmp_path: Path) -> None:
    before, files = read_manifest(made), content(made)
    body = BODIES["chatbot_arena_history"][2]
    cut = body[: body.rstrip().rindex(b"\n") + 1]
    raw = raw_folder(tmp_path / "raw", "chatbot_arena_history", chatbot_arena_history=cut)
    after = history.build(Workspace(tmp_path / "none"), raw, made)
    assert len(after["inputs"]) == len(before["inputs"]) + 1 == 3
    assert [entry for entry in after["inputs"] if entry in before["inputs"]] == before["inputs"]
    assert frames(made, "chatbot_arena_history")["input_id"].n_unique() == 2
    untouched = ("arena_catalog.parquet", "mine.parquet", "notes.txt")
    assert {name: content(made)[name] for name in untouched} == {name: files[name] for name in untouched}


def test_what_would_lose_rows_is_refused_unless_it_is_dropped(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a broken parser that empties what ships."""
    files, raw = content(made), raw_folder(tmp_path / "raw", "arena_catalog")
    parsed = history._parsed
    monkeypatch.setattr(history, "_parsed", lambda *given: parsed(*given).head(7))
    with pytest.raises(UsageError, match=r"arena_catalog/\S+ would have 7 rows.*--drop arena_catalog"):
        history.build(Workspace(tmp_path / "none"), raw, made)
    assert content(made) == files
    with pytest.raises(UsageError, match=r"nothing ships of 'arena'"):
        history.build(Workspace(tmp_path / "none"), raw, made, ["arena"])
    after = history.build(Workspace(tmp_path / "none"), raw, made, ["arena_catalog"])
    assert [entry["rows"] for entry in after["inputs"] if entry["source_id"] == "arena_catalog"] == [7]
    nothing = raw_folder(tmp_path / "empty")
    nothing.mkdir()
    after = history.build(Workspace(tmp_path / "none"), nothing, made, ["arena_catalog/text"])
    assert list(after["origins"]) == ["chatbot_arena_history"]
    assert set(content(made)) == {"chatbot_arena_history.parquet", "mine.parquet", "notes.txt", MANIFEST}


def test_files_that_no_manifest_lists_are_never_written_over(made: Path, tmp_path: Path) -> None:
    raw = raw_folder(tmp_path / "raw", *TWO)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "arena_catalog.parquet").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"arena_catalog\.parquet is in the way"):
        history.build(Workspace(tmp_path / "none"), raw, theirs)
    assert content(theirs) == {"arena_catalog.parquet": b"mine"}
    (theirs / MANIFEST).write_text('{"name": "a web app", "icons": []}')
    with pytest.raises(UsageError, match="is not the manifest of a history"):
        history.build(Workspace(tmp_path / "none"), raw, theirs)
    (made / "arena_catalog.parquet").write_bytes(b"damaged")
    with pytest.raises(UsageError, match=r"arena_catalog\.parquet is another file.*restore it"):
        history.build(Workspace(tmp_path / "none"), raw, made)


@pytest.mark.system
def test_newest_raw_files_of_replayed_sources_merge_into_the_very_files_that_ship(
    upstream: Path, tmp_path: Path
) -> None:
    for source, path in raw_files(upstream):
        if source.id in REPLAYED:
            link = tmp_path / "raw" / path.relative_to(upstream)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    shutil.copytree(HISTORY, tmp_path / "history")
    history.build(Workspace(tmp_path / "data"), tmp_path / "raw", tmp_path / "history")
    assert content(tmp_path / "history") == content(HISTORY)


def test_nothing_to_build_from_is_one_line_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(UsageError, match="nothing to build the history from"):
        history.build(Workspace(tmp_path / "data"), tmp_path / "raw", tmp_path / "history")
    with pytest.raises(UsageError, match="is not a folder"):
        history.build(Workspace(tmp_path / "data"), tmp_path / "nowhere", tmp_path / "history")
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_a_history_of_archived_bytes_is_that_of_the_same_files(tmp_path: Path) -> None:
    """A raw file and the same bytes ingested give the same rows."""
    _, name, body = BODIES["chatbot_arena_history"]
    raw = tmp_path / "raw" / "chatbot_arena_history" / name
    raw.parent.mkdir(parents=True)
    raw.write_bytes(body)
    workspace = Workspace(tmp_path / "data")
    receipt = snapshot("chatbot_arena_history", body).receipt
    Archive(workspace.archive).put(body, receipt)
    history.build(workspace, tmp_path / "raw", tmp_path / "from_raw")
    history.build(workspace, None, tmp_path / "from_archive")
    one, other = (
        frames(tmp_path / name, "chatbot_arena_history").drop("input_id")
        for name in ("from_raw", "from_archive")
    )
    assert one.height > 0
    assert one.equals(other)
