"""README.md and CITATION.cff of an export, from the templates in ``templates/``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from warehouse.export.data_files import DataFile, exported_columns, licence_folder
from warehouse.export.dataset import DESCRIPTION, KEYWORDS, LICENCE, PUBLISHER, TITLE, Dataset
from warehouse.tables import TABLES
from warehouse.tables.schema import Table


def readme(
    dataset: Dataset, tables: Sequence[Table], files: Sequence[DataFile], formats: Sequence[str]
) -> str:
    """README.md of the export, as Markdown."""
    apart = sorted({entry.share_alike for entry in files if entry.share_alike})
    return _render(
        "README.md.j2",
        dataset,
        tables=tables,
        layout=" and ".join(f"`{format_}/<schema>/<table>.{format_}`" for format_ in formats),
        has_csv="csv" in formats,
        left_out=_left_out(),
        apart={licence: _apart(dataset, files, licence) for licence in apart},
        share_alike=[source for source in dataset.sources if source.share_alike],
        not_redistributable=[source for source in dataset.sources if not source.redistributable],
    )


def citation_file(dataset: Dataset) -> str:
    """The export in the Citation File Format 1.2.0."""
    return _render("CITATION.cff.j2", dataset, publisher=PUBLISHER, keywords=KEYWORDS)


def _apart(dataset: Dataset, files: Sequence[DataFile], licence: str) -> dict[str, object]:
    """What the README says of the rows that lie apart for ``licence``."""
    paths = [entry.path for entry in files if entry.share_alike == licence]
    folder = licence_folder(licence)
    # A table everybody knows, else the first.
    path = next((path for path in paths if "/monthly_gap." in path), paths[0])
    reader = "read_parquet" if path.endswith(".parquet") else "read_csv"
    return {
        "folder": folder,
        "tables": len({entry.table for entry in files if entry.share_alike == licence}),
        "sources": [source for source in dataset.sources if source.share_alike and source.licence == licence],
        "example": f"{reader}(['{path.removeprefix(folder)}', '{path}'])",
    }


def _left_out() -> list[str]:
    """The tables and columns that are not exported, as Markdown."""
    tables = [f"`{table.full_name}`" for table in TABLES if table.volatile]
    columns = [
        f"`{table.full_name}.{column.name}`"
        for table in TABLES
        if not table.volatile
        for column in table.columns
        if column not in exported_columns(table)
    ]
    return tables + columns


def _render(template: str, dataset: Dataset, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        # Neither Markdown nor YAML is HTML; what YAML needs escaped is `quoted`.
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"day": _day, "cell": _cell, "quoted": _quoted}
    return environment.get_template(template).render(
        dataset=dataset, title=TITLE, description=DESCRIPTION, licence=LICENCE, **values
    )


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _cell(text: str) -> str:
    """``text`` for a cell of a Markdown table."""
    return text.replace("|", "\\|")


def _quoted(text: str) -> str:
    """A string of JSON is one of YAML."""
    return json.dumps(text, ensure_ascii=False)
