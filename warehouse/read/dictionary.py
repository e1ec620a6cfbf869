"""The dictionary: an index and a page for every published table, written from the declarations.

Two things on a page need a published file: whose figures are in the table, and the result of the example.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sources.errors import UsageError, meant
from warehouse import lineage
from warehouse.builder import graph
from warehouse.read.row_formats import as_string
from warehouse.tables import DECLARED, SCHEMA_VERSION
from warehouse.tables.schema import Macro, Table
from warehouse.tables.topics import TOPICS
from warehouse.workspace import PACKAGE

Entry = Table | Macro

_ENTRIES = {entry.full_name: entry for entry in DECLARED}
#: From docs/dictionary, where the pages are.
_TO_PACKAGE = "../../warehouse"
#: How a row leads to its source, by the column it has.
_SOURCES_BY = {
    "source_id": "SELECT DISTINCT source_id FROM {table}",
    "snapshot_id": "SELECT DISTINCT s.source_id FROM {table} JOIN core.snapshots AS s USING (snapshot_id)",
    "input_id": "SELECT DISTINCT i.source_id FROM {table} JOIN meta.inputs AS i USING (input_id)",
}
#: Inputs that are no file of this package.
INPUTS = {
    "observations": "what the parsers of [sources](../../sources) return",
    "sources/*.py": "what each module of [sources](../../sources) declares",
    "archive": "the receipts of the archive",
}
#: The file of the index among the pages.
INDEX = "README.md"


def markdown() -> str:
    """The whole dictionary as one Markdown text, without what needs a published file and without links to files."""
    whole = index() + "".join("\n" + re.sub("(?m)^#", "##", page(entry)) for entry in DECLARED)
    inside = re.sub(
        r"\(((?:core|main|meta)\.\w+)\.md\)", lambda link: f"(#{link[1].replace('.', '')})", whole
    )
    return re.sub(r"\[([^\]]+)\]\(\.\./\.\./[^)]*\)", r"`\1`", inside)


def index() -> str:
    """The tables by topic, one line each, as Markdown."""
    topics = {
        heading: [entry for entry in DECLARED if entry.topic == topic] for topic, heading in TOPICS.items()
    }
    return (
        _templates()
        .get_template("index.md.j2")
        .render(version=SCHEMA_VERSION, package=_TO_PACKAGE, topics=topics)
    )


#: Ids of the sources of each table that has been looked up, by its name.
SourcesOf = dict[str, set[str]]


def page(entry: Entry, con: duckdb.DuckDBPyConnection | None = None, known: SourcesOf | None = None) -> str:
    """One table or macro as Markdown; producers and the example's result need ``con``, a published file.

    Whoever writes many pages keeps the sources of tables in ``known``.
    """
    tables, others = read_by(entry)
    columns = entry.columns if isinstance(entry, Table) else ()
    return (
        _templates()
        .get_template("table.md.j2")
        .render(
            entry=entry,
            tables=tables,
            inputs=[INPUTS.get(name) or _file(name) for name in others],
            origins={one.name: lineage.derived_from(entry.full_name, one.name) for one in columns},
            producers=_producers(entry, con, {} if known is None else known) if con else [],
            result=_result(entry, con) if con else "",
            columns=_columns(entry, con) if con and isinstance(entry, Macro) else [],
        )
    )


def find(name: str) -> Entry:
    """The table or macro called ``name``, with or without its schema. Raises `UsageError` if there is none."""
    for candidate in (name, f"main.{name}", f"core.{name}", f"meta.{name}"):
        if candidate in _ENTRIES:
            return _ENTRIES[candidate]
    known = [*_ENTRIES, *(full.split(".")[1] for full in _ENTRIES)]
    raise UsageError(f"no table {name}", "a published table", meant(name, known, "see: aigap dictionary"))


def write(folder: Path, con: duckdb.DuckDBPyConnection) -> int:
    """Write index and pages into ``folder``, remove pages of tables that are gone, and return how many there are.

    Raises `UsageError` if ``folder`` has other files of these names than an earlier index lists.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = pages(con)
    earlier = _earlier_pages(folder)
    foreign = [name for name in written if name not in earlier and (folder / name).exists()]
    if foreign:
        raise UsageError(
            f"{folder / foreign[0]} is of something else",
            "a new folder or one with an earlier dictionary",
            "name another one; nothing was changed",
        )
    for name in earlier - written.keys():
        (folder / name).unlink(missing_ok=True)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(written)


def _earlier_pages(folder: Path) -> set[str]:
    """The files of the dictionary that is in ``folder``, by its index; none without one."""
    index_file = folder / INDEX
    text = index_file.read_text(encoding="utf-8") if index_file.is_file() else ""
    if not text.startswith(index().partition(SCHEMA_VERSION)[0]):
        return set()
    return {INDEX, *re.findall(r"\(((?:core|main|meta)\.\w+\.md)\)", text)}


def pages(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """File name → text: ``README.md``, the index, and ``<schema>.<table>.md``."""
    known: SourcesOf = {}
    return {INDEX: index()} | {f"{entry.full_name}.md": page(entry, con, known) for entry in DECLARED}


def read_by(entry: Entry) -> tuple[list[str], list[str]]:
    """The tables and the other inputs an entry is computed from, by name (see `warehouse.builder.graph`)."""
    if isinstance(entry, Table):
        read = graph.upstream(entry.full_name)
    else:
        text = re.sub(r"--.*", "", (PACKAGE / entry.file).read_text(encoding="utf-8"))
        read = tuple(set(re.findall(r"\b(?:core|main|meta)\.\w+", text)))
    tables = sorted(name for name in read if name in _ENTRIES and name != entry.full_name)
    return tables, sorted(name for name in read if name not in _ENTRIES)


def sources_of(entry: Entry, con: duckdb.DuckDBPyConnection, known: SourcesOf | None = None) -> set[str]:
    """Ids of the sources whose rows are in a table, or in the tables it is computed from; kept in ``known``."""
    known = {} if known is None else known
    if entry.full_name not in known:
        known[entry.full_name] = _look_up(entry, con, known)
    return known[entry.full_name]


def _look_up(entry: Entry, con: duckdb.DuckDBPyConnection, known: SourcesOf) -> set[str]:
    if entry.schema == "meta":
        return set()
    names = {column.name for column in entry.columns} if isinstance(entry, Table) else set()
    queries = [query.format(table=entry.full_name) for name, query in _SOURCES_BY.items() if name in names]
    if queries:
        return {row[0] for row in con.sql(" UNION ".join(queries)).fetchall()} - {None}
    return set().union(*(sources_of(_ENTRIES[name], con, known) for name in read_by(entry)[0]))


def _producers(entry: Entry, con: duckdb.DuckDBPyConnection, known: SourcesOf) -> list[tuple[str, list[str]]]:
    """Whose figures are in the table, each with the ids of the sources they come by."""
    return con.execute(
        "SELECT producer, list(source_id ORDER BY source_id) FROM meta.sources "
        "WHERE list_contains(?, source_id) GROUP BY producer ORDER BY producer",
        [sorted(sources_of(entry, con, known))],
    ).fetchall()


def _result(entry: Entry, con: duckdb.DuckDBPyConnection) -> str:
    relation = con.sql(entry.example)
    return as_string(relation.columns, relation.fetchall(), "markdown").rstrip("\n")


def _columns(macro: Macro, con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    arguments = ", ".join("NULL" for _ in macro.arguments)
    return [row[:2] for row in con.sql(f"DESCRIBE FROM {macro.full_name}({arguments})").fetchall()]


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {
        "cell": _cell,
        "code": _code,
        "file": _file,
        "page": _page,
        "first_sentence": _first_sentence,
    }
    return templates


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _file(name: str) -> str:
    return f"[{name}]({_TO_PACKAGE}/{name})"


def _page(full_name: str, shown: str = "") -> str:
    return f"[{shown or full_name}]({full_name}.md)"


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.) ", text)[0]
