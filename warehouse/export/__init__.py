"""A release as a folder of plain files: Parquet, CSV and what describes them.

Two builds of the same inputs by the same code give the same bytes: what differs between them
(`Table.volatile`, `Column.volatile`, names of releases, the clock) is left out. `CHANGES.md`, `changes.csv`
and with them `SHA256SUMS` depend on the release before as well.

    rows.py         a table → one Parquet and one CSV file
    edition.py      what is said of the release as a whole
    datapackage.py  datapackage.json (Data Package 2.0)
    croissant.py    croissant.json (Croissant 1.1)
    readme.py       README.md, CITATION.cff
    folder.py       all or nothing: the folder appears whole, or the earlier one stays
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import duckdb

from sources.errors import AigapError, UsageError, meant
from warehouse import release
from warehouse.export import croissant, datapackage, edition, readme, rows
from warehouse.export.folder import replacing, sums
from warehouse.export.rows import FORMATS, Written
from warehouse.read import changes, dictionary
from warehouse.tables import TABLES
from warehouse.tables.schema import Table
from warehouse.workspace import Workspace

__all__ = ["FORMATS", "Exported", "export"]

#: Goes over what is to be written and may show how far it is.
Track = Callable[[Sequence[tuple[Table, str]]], Iterable[tuple[Table, str]]]


@dataclass(frozen=True)
class Exported:
    """What `export` wrote: of which release, the folder, tables, rows of all tables, and bytes of all files."""

    release: str
    folder: Path
    tables: int
    rows: int
    size: int


def export(
    workspace: Workspace,
    to: Path,
    names: Sequence[str] = (),
    formats: Sequence[str] = FORMATS,
    track: Track = iter,
) -> Exported:
    """Write the published release into the folder ``to``, replacing an earlier export there.

    ``names``: tables, default all; those of ``main`` need no schema. Raises `UsageError` for a folder that
    is something else, `AigapError` when it cannot be written; the earlier export then stays as it was.
    """
    wrong = [name for name in formats if name not in FORMATS]
    if wrong or not formats:
        raise UsageError(
            f"no format {', '.join(wrong) or 'named'!r}", " or ".join(FORMATS), "choose one or both"
        )
    tables = _chosen(names)
    # The file itself, not the link: what is read must be one release from the first table to the last.
    file = release.published(workspace).resolve()
    difference = changes.compare(release.previous_file(workspace), file)
    with replacing(to) as folder:
        try:
            written = _tables(file, folder, tables, formats, track)
            facts = edition.read(file)
        except duckdb.Error as error:
            raise AigapError(
                f"{to} cannot be written: {str(error).splitlines()[0]}",
                "room for the whole export",
                "what was there before is untouched",
            ) from None
        texts = {
            "datapackage.json": _json(datapackage.descriptor(facts, tables, written)),
            "croissant.json": _json(croissant.descriptor(facts, tables, written)),
            "CHANGES.md": changes.markdown(difference),
            "changes.csv": changes.months_csv(difference),
            "DICTIONARY.md": dictionary.markdown(),
            "README.md": readme.markdown(facts, tables, formats),
            "CITATION.cff": readme.citation_file(facts),
        }
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        (folder / "SHA256SUMS").write_text(sums(folder), encoding="utf-8")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    rows = sum(entry.rows for entry in written if entry.format == formats[0])
    return Exported(file.stem, to, len(tables), rows, size)


def _chosen(names: Sequence[str]) -> tuple[Table, ...]:
    """The declared tables called ``names``, in the order of their declaration."""
    by_name = {declared.full_name: declared for declared in TABLES}
    asked = set()
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
        asked.add(full)
    return tuple(
        declared
        for declared in TABLES
        if not declared.volatile and (declared.full_name in asked or not asked)
    )


def _tables(
    file: Path, folder: Path, tables: Sequence[Table], formats: Sequence[str], track: Track
) -> list[Written]:
    with duckdb.connect(str(file), read_only=True) as con:
        # What does not fit into memory is put down inside the export's own folder, which is removed.
        con.execute(f"SET temp_directory = '{str(folder / '.spill').replace(chr(39), chr(39) * 2)}'")
        con.execute("SET TimeZone = 'UTC'")
        rows.require_declared(con, tables)
        return [
            rows.write(con, declared, format_, folder)
            for declared, format_ in track([*product(tables, formats)])
        ]


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
