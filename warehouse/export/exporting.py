"""One export: the tables as files, their descriptions, and a folder that appears whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import duckdb

from sources.errors import AigapError, UsageError, meant
from warehouse import release
from warehouse.db import literal, read_only
from warehouse.export import croissant, datapackage
from warehouse.export.data_files import FORMATS, DataFile, require_declared_columns, write_part
from warehouse.export.dataset import Dataset, read_dataset
from warehouse.export.parts import Part, parts
from warehouse.export.readme import citation_file, readme
from warehouse.export.target_folder import CHECKSUMS, checksums, replacing_export
from warehouse.read import dictionary
from warehouse.read.changes.diff import compare
from warehouse.read.changes.formats import as_csv, as_markdown
from warehouse.tables import TABLES
from warehouse.tables.schema import Table
from warehouse.workspace import Workspace

#: Iterates over what is to be written and may show the progress.
Track = Callable[[Sequence[tuple[Part, str]]], Iterable[tuple[Part, str]]]


@dataclass(frozen=True)
class ExportSummary:
    """The contents of an export: the release's name, the folder, tables, rows of all tables, bytes of all files."""

    release: str
    folder: Path
    tables: int
    rows: int
    size: int


def export_release(
    workspace: Workspace,
    to: Path,
    names: Sequence[str] = (),
    formats: Sequence[str] = FORMATS,
    track: Track = iter,
    mix_licences: bool = False,
) -> ExportSummary:
    """Write the published release into the folder ``to``, in place of an earlier export there.

    ``names``: tables, default all; those of ``main`` need no schema. Rows under a share-alike licence lie in a folder
    of its name, or with ``mix_licences`` among the others. Raises `UsageError` for an unknown table or
    format and for a folder that is something else, `AigapError` when ``to`` cannot be written; the earlier export
    then stays as it was.
    """
    wrong = [name for name in formats if name not in FORMATS]
    if wrong or not formats:
        raise UsageError(
            f"no format {', '.join(wrong) or 'named'!r}", " or ".join(FORMATS), "choose one or both"
        )
    tables = _chosen(names)
    # The file itself, not the link: what is read must be one release from the first table to the last.
    file = release.published(workspace).resolve()
    changes = compare(release.previous_file(workspace), file)
    with replacing_export(to) as folder:
        try:
            files, dataset = _write_tables(file, folder, tables, formats, track, mix_licences)
        except duckdb.Error as error:
            raise AigapError(
                f"{to} cannot be written: {str(error).splitlines()[0]}",
                "room for the whole export",
                "what was there before is untouched",
            ) from None
        contents = {
            "datapackage.json": _json(datapackage.descriptor(dataset, tables, files)),
            "croissant.json": _json(croissant.descriptor(dataset, tables, files)),
            "CHANGES.md": as_markdown(changes),
            "changes.csv": as_csv(changes),
            "DICTIONARY.md": dictionary.markdown(),
            "README.md": readme(dataset, tables, files, formats),
            "CITATION.cff": citation_file(dataset),
        }
        for name, text in contents.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        (folder / CHECKSUMS).write_text(checksums(folder), encoding="utf-8")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    rows = sum(entry.rows for entry in files if entry.format == formats[0])
    return ExportSummary(file.stem, to, len(tables), rows, size)


def _chosen(names: Sequence[str]) -> tuple[Table, ...]:
    """The declared tables called ``names``, in the order of their declaration."""
    by_name = {declared.full_name: declared for declared in TABLES}
    requested = set()
    for name in names:
        full = name if "." in name else f"main.{name}"
        if full not in by_name:
            raise UsageError(
                f"no table {name}", "a table of the dictionary", meant(full, by_name, "see: aigap dictionary")
            )
        if by_name[full].volatile:
            raise UsageError(
                f"{full} differs between two builds of the same inputs",
                "a table that does not",
                f"read it from the warehouse: aigap query 'FROM {full}'",
            )
        requested.add(full)
    return tuple(
        declared
        for declared in TABLES
        if not declared.volatile and (declared.full_name in requested or not requested)
    )


def _write_tables(
    file: Path, folder: Path, tables: Sequence[Table], formats: Sequence[str], track: Track, mixed: bool
) -> tuple[list[DataFile], Dataset]:
    release.require_no_changes_beside(file)
    # Rows that do not fit into memory go below the new folder, which is removed on any error.
    spill = folder / ".spill"
    with read_only(file) as con:
        con.execute(f"SET temp_directory = {literal(str(spill))}")
        require_declared_columns(con, tables)
        files = [
            write_part(con, part, format_, folder)
            for part, format_ in track([*product(parts(con, tables, mixed), formats)])
        ]
        dataset = read_dataset(con)
    shutil.rmtree(spill, ignore_errors=True)
    return files, dataset


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
