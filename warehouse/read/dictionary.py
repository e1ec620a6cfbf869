"""The dictionary: a page for every published table, written from the one declaration.

What a release adds to a page, the producers of the rows and the result of the example, is asked of a
published file. The rest needs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from sources.errors import UsageError, meant
from warehouse.read.query import as_string
from warehouse.tables import DECLARED, SCHEMA_VERSION, lineage
from warehouse.tables.schema import Column, Macro, Table
from warehouse.tables.topics import TOPICS
from warehouse.workspace import PACKAGE

Entry = Table | Macro

_ENTRIES = {entry.full_name: entry for entry in DECLARED}
#: Pages stand in docs/dictionary.
_TO_PACKAGE = "../../warehouse"
#: How a table gets to its sources by what it holds.
_JOINED = {
    "source_id": "",
    "snapshot_id": "JOIN core.snapshots AS s USING (snapshot_id)",
    "input_id": "JOIN meta.inputs AS s USING (input_id)",
}
#: Inputs that are no file of this package.
INPUTS = {
    "observations": "what the parsers of [sources](../../sources) return",
    "sources/*.py": "what each module of [sources](../../sources) declares",
    "archive": "the receipts of the archive",
}


def markdown() -> str:
    """Every page in one text that stands by itself, without what needs a published file."""
    whole = index() + "".join("\n" + re.sub("(?m)^#", "##", page(entry)) for entry in DECLARED)
    inside = re.sub(
        r"\(((?:core|main|meta)\.\w+)\.md\)", lambda link: f"(#{link[1].replace('.', '')})", whole
    )
    return re.sub(r"\[([^\]]+)\]\(\.\./\.\./[^)]*\)", r"`\1`", inside)


def index() -> str:
    """The tables by topic, one line each."""
    lines = [
        "# Dictionary",
        "",
        f"Schema version {SCHEMA_VERSION}. Written from the declarations in [warehouse/tables]({_TO_PACKAGE}/tables);",
        "the same text is in the comments of the published file (`SELECT * FROM meta.columns`). Tables of `main` are",
        "what analysts query; `core` holds what they are computed from, `meta` where that is from.",
    ]
    for topic, heading in TOPICS.items():
        lines += ["", f"## {heading}", "", "| table | one row | answers |", "| --- | --- | --- |"]
        for entry in DECLARED:
            if entry.topic == topic:
                answer = re.split(r"(?<=\.) ", entry.comment)[0]
                lines.append(_row(_name(entry.full_name, _title(entry)), entry.grain, answer))
    return "\n".join(lines) + "\n"


def page(entry: Entry, con: duckdb.DuckDBPyConnection | None = None) -> str:
    """One table. With ``con``, a published file, the page has the producers and the example's result."""
    keys = entry.key if isinstance(entry, Table) else ()
    lines = [
        f"# {entry.full_name}",
        "",
        entry.comment,
        "",
        f"One row: {entry.grain}." + (f" Key: {', '.join(f'`{name}`' for name in keys)}." if keys else ""),
        "",
        "## How it is computed",
        "",
        f"{entry.rule} In {_file(entry.file)}.",
        *_drawn_from(entry, con),
        "",
        "## Example",
        "",
        "```sql",
        entry.example,
        "```",
    ]
    if con:
        relation = con.sql(entry.example)
        lines += ["", as_string(relation.columns, relation.fetchall(), "markdown").rstrip("\n")]
    if isinstance(entry, Table):
        lines += [
            "",
            "## Columns",
            "",
            "| column | type | null | unit | meaning | from |",
            "|" + " --- |" * 6,
        ]
        lines += [_column(entry, column) for column in entry.columns]
        lines += _references(entry)
    elif con:
        columns = con.sql(f"DESCRIBE FROM {entry.full_name}({', '.join('NULL' for _ in entry.arguments)})")
        lines += ["", "## Columns", "", "| column | type |", "| --- | --- |"]
        lines += [_row(f"`{row[0]}`", row[1]) for row in columns.fetchall()]
    return "\n".join(lines) + "\n"


def find(name: str) -> Entry:
    """The table called ``name``, with or without its schema. Raises `UsageError`."""
    for candidate in (name, f"main.{name}", f"core.{name}", f"meta.{name}"):
        if candidate in _ENTRIES:
            return _ENTRIES[candidate]
    known = [*_ENTRIES, *(full.split(".")[1] for full in _ENTRIES)]
    raise UsageError(f"no table {name}", "a published table", meant(name, known, "see: aigap dictionary"))


def write(folder: Path, con: duckdb.DuckDBPyConnection) -> int:
    """Write the index and a page a table into ``folder``; pages of tables no longer there are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    written = pages(con)
    for path in folder.glob("*.*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(written)


def pages(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """File name → text: ``README.md``, the index, and ``<schema>.<table>.md``."""
    return {"README.md": index()} | {f"{entry.full_name}.md": page(entry, con) for entry in DECLARED}


def filled_from(entry: Entry) -> tuple[list[str], list[str]]:
    """The tables and the other inputs (named as in `warehouse.tables.lineage`) an entry is computed from."""
    if isinstance(entry, Table):
        read = lineage.upstream(entry.full_name)
    else:
        text = re.sub(r"--.*", "", (PACKAGE / entry.file).read_text(encoding="utf-8"))
        read = tuple(dict.fromkeys(re.findall(r"\b(?:core|main|meta)\.\w+", text)))
    tables = sorted(name for name in read if name in _ENTRIES and name != entry.full_name)
    return tables, sorted(name for name in read if name not in _ENTRIES)


def producers(name: str, con: duckdb.DuckDBPyConnection) -> set[str]:
    """Ids of the sources whose rows are in the table, or in what it is computed from."""
    declared = _ENTRIES[name]
    if name.startswith("meta."):
        return set()
    columns = {column.name for column in declared.columns} if isinstance(declared, Table) else set()
    ids = [column for column in _JOINED if column in columns]
    if ids:
        asked = " UNION ".join(
            f"SELECT {'s.' if column != 'source_id' else 't.'}source_id FROM {name} AS t {_JOINED[column]}"
            for column in ids
        )
        return {row[0] for row in con.sql(asked).fetchall()} - {None}
    tables, _ = filled_from(declared)
    return set().union(*(producers(table, con) for table in tables))


def _drawn_from(entry: Entry, con: duckdb.DuckDBPyConnection | None) -> Iterator[str]:
    tables, files = filled_from(entry)
    parts = [_name(name) for name in tables]
    parts += [INPUTS.get(name) or _file(name) for name in files]
    if parts:
        yield from ("", f"From: {', '.join(parts)}.")
    ids = sorted(producers(entry.full_name, con)) if con else []
    if con and ids:
        known = con.execute(
            "SELECT producer, string_agg('`' || source_id || '`', ', ' ORDER BY source_id) FROM meta.sources "
            "WHERE list_contains(?, source_id) GROUP BY producer ORDER BY producer",
            [ids],
        ).fetchall()
        yield from ("", f"Upstream: {'; '.join(f'{producer} ({which})' for producer, which in known)}.")


def _references(declared: Table) -> Iterator[str]:
    if declared.references:
        yield from ("", "## Refers to", "")
    for mine, other, theirs in declared.references:
        there = "" if mine == theirs else f" ({', '.join(f'`{name}`' for name in theirs)})"
        yield f"- {', '.join(f'`{name}`' for name in mine)}: {_name(other)}{there}"


def _title(entry: Entry) -> str:
    return entry.full_name + (f"({', '.join(entry.arguments)})" if isinstance(entry, Macro) else "")


def _name(full_name: str, shown: str = "") -> str:
    return f"[{shown or full_name}]({full_name}.md)"


def _file(name: str) -> str:
    return f"[{name}]({_TO_PACKAGE}/{name})"


def _column(declared: Table, column: Column) -> str:
    null = "yes" if column.nullable else "no"
    sources = ", ".join(f"`{name}`" for name in lineage.derived_from(declared.full_name, column.name))
    return _row(f"`{column.name}`", column.kind, null, column.unit, column.comment, sources)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
