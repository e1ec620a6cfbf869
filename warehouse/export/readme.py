"""README.md and CITATION.cff of an export."""

from __future__ import annotations

import json
from collections.abc import Sequence

from warehouse.export.edition import DESCRIPTION, KEYWORDS, LICENCE, PUBLISHER, TITLE, Edition, Source
from warehouse.export.rows import columns_of
from warehouse.tables import TABLES
from warehouse.tables.schema import Table

CSV = """## How CSV is written

UTF-8, RFC 4180: commas, `"` around a value where needed and doubled inside, CR LF after each line, names first.

- A null is nothing; an empty string is `""`. Where a reader does not tell the two apart (Python's `csv`, Excel), the
  column does: what is empty in one that is never null is the empty string (`missingValues` in `datapackage.json`).
- Numbers have a dot and all their digits: reading one gives exactly the float of the warehouse.
- Days are `2025-02-28`. `0001-01-01` and `9999-12-31` mean always. Times are UTC, `2025-02-28T12:00:00.000000Z`.
- Booleans are `true` and `false`. Lists are JSON: `["new_model","rename"]`.
"""


def markdown(edition: Edition, tables: Sequence[Table], formats: Sequence[str]) -> str:
    layout = " and ".join(f"`{format_}/<schema>/<table>.{format_}`" for format_ in formats)
    lines = [
        f"# {TITLE}",
        "",
        DESCRIPTION,
        "",
        f"Version {edition.version}, figures known to {edition.created:%Y-%m-%d}.",
        f"{len(tables)} tables in {layout}, rows sorted by key.",
        (
            "The same inputs and the same code give the same bytes, but for `CHANGES.md`, `changes.csv` and with them "
            "`SHA256SUMS`: they depend on the release before as well."
        ),
        "",
        "| file | what |",
        "| --- | --- |",
        "| `DICTIONARY.md` | every table and column: meaning, unit, key |",
        "| `CHANGES.md`, `changes.csv` | what changed since the release before, and why; every month that did |",
        "| `datapackage.json` | the same tables for programs (Data Package 2.0): types, keys, references, sources |",
        "| `croissant.json` | the same for machine learning tools (Croissant 1.1) |",
        "| `SHA256SUMS` | `sha256sum -c SHA256SUMS` tells whether everything arrived |",
        "",
    ]
    if "csv" in formats:
        lines += [CSV]
    left_out = [f"`{table.full_name}`" for table in TABLES if table.volatile] + [
        f"`{table.full_name}.{column.name}`"
        for table in TABLES
        if not table.volatile
        for column in table.columns
        if column not in columns_of(table)
    ]
    lines += [
        "## What is left out",
        "",
        "What differs between two builds of the same inputs: " + ", ".join(left_out) + ".",
        "",
        "## Licences",
        "",
        "Figures keep the licence of their producer.",
        f"What this project adds (identities, countries, gaps, lags) is under {LICENCE}.",
        "",
        "| source | producer | licence | inputs | figures known to |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_row(source) for source in edition.sources]
    kept = [source for source in edition.sources if not source.redistributable]
    if kept:
        lines += [
            "",
            "**Not to be passed on**: the licence of "
            + ", ".join(f"{source.title} ({source.licence})" for source in kept)
            + " does not allow it, or none is stated. To pass on an export, make it from a release without them.",
        ]
    lines += ["", "## Citation", "", edition.cite_as(), ""]
    return "\n".join(lines)


def _row(source: Source) -> str:
    by_way_of = f", by way of {source.mirror}" if source.mirror else ""
    licence = f"[{source.licence}]({source.licence_address})" if source.licence_address else source.licence
    cells = (
        f"[{source.title}]({source.address})",
        f"{source.producer}{by_way_of}",
        licence,
        f"{source.inputs}",
        f"{source.known_to:%Y-%m-%d}",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def citation_file(edition: Edition) -> str:
    """The export in the Citation File Format 1.2.0."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these figures, cite this version and the producers of the figures you used.",
        f"title: {_quoted(f'aigap: {TITLE}')}",
        f"abstract: {_quoted(DESCRIPTION)}",
        "type: dataset",
        "authors:",
        f"  - name: {_quoted(PUBLISHER)}",
        f"version: {_quoted(edition.version)}",
        f"date-released: {edition.created:%Y-%m-%d}",
        f"license: {LICENCE}",
        "keywords:",
        *(f"  - {_quoted(word)}" for word in KEYWORDS),
        "references:",
    ]
    for source in edition.sources:
        lines += [
            "  - type: data",
            f"    title: {_quoted(source.title)}",
            "    authors:",
            f"      - name: {_quoted(source.producer)}",
            f"    url: {_quoted(source.address)}",
            f"    notes: {_quoted(source.citation)}",
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A string of JSON is one of YAML."""
    return json.dumps(text, ensure_ascii=False)
