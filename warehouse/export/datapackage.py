"""datapackage.json: the export as a Data Package 2.0 (datapackage.org), with a resource for each file.

The CSV files are tables with a schema, keys and references. The Parquet files carry their own types; they
are plain files with a hash and the name of their table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from warehouse.export.data_files import DataFile, exported_columns, part_name
from warehouse.export.dataset import (
    DESCRIPTION,
    KEYWORDS,
    PUBLISHER,
    TITLE,
    Dataset,
    licence_address,
)
from warehouse.tables.schema import Column, Table

NAME = "aigap"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
TYPES = {
    "VARCHAR": "string",
    "DOUBLE": "number",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "VARCHAR[]": "array",
}


def descriptor(dataset: Dataset, tables: Sequence[Table], files: Sequence[DataFile]) -> dict[str, Any]:
    """datapackage.json of the export."""
    by_name = {table.full_name: table for table in tables}
    return {
        "$schema": PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": dataset.version,
        "created": dataset.created_text,
        "inputHash": dataset.input_hash,
        "schemaVersion": dataset.schema_version,
        "keywords": list(KEYWORDS),
        "licenses": licences(dataset),
        "contributors": [{"title": PUBLISHER, "roles": ["creator", "maintainer"]}],
        "sources": [
            {
                "title": f"{source.title} ({source.producer})",
                "path": source.address,
                "sourceId": source.source_id,
                "producer": source.producer,
                **({"mirror": source.mirror} if source.mirror else {}),
                "citation": source.citation,
                "licence": source.licence,
                **({"licencePath": source.licence_address} if source.licence_address else {}),
                "redistributable": source.redistributable,
                "inputs": source.inputs,
                "knownTo": f"{source.known_to:%Y-%m-%dT%H:%M:%SZ}",
            }
            for source in dataset.sources
        ],
        "resources": [
            {
                **resource(by_name[entry.table], entry, {other.name for other in files}),
                "licenses": licences(dataset, entry),
                # Each is described in the sources of the package.
                **(
                    {"sources": [{"title": source_id} for source_id in entry.sources]}
                    if entry.sources
                    else {}
                ),
            }
            for entry in files
        ],
    }


def licences(dataset: Dataset, of: DataFile | None = None) -> list[dict[str, str]]:
    """The licences of the package, or of one file, each with those whose figures are under it."""
    return [
        {"name": licence, "path": licence_address(licence), "title": f"{licence}: {', '.join(whose)}"}
        for licence, whose in dataset.licences(of).items()
    ]


def resource_name(name: str, format_: str) -> str:
    """The name of the resource of one file, from its `DataFile.name`."""
    return name if format_ == "csv" else f"{name}.{format_}"


def resource(table: Table, entry: DataFile, exported: Collection[str]) -> dict[str, Any]:
    """The resource of one file. ``exported``: the names of all files."""
    common = {
        "name": resource_name(entry.name, entry.format),
        "title": entry.name,
        "description": described(table, entry.share_alike),
        "path": entry.path,
        "format": entry.format,
        "mediatype": MEDIA_TYPES[entry.format],
        "bytes": entry.size,
        "hash": f"sha256:{entry.sha256}",
    }
    if entry.format != "csv":
        return {**common, "type": "file", "table": table.full_name}
    return {
        **common,
        "rows": entry.rows,
        "type": "table",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": schema(table, entry, exported),
    }


def described(table: Table, share_alike: str) -> str:
    """What the rows of one file are."""
    apart = f" Only the rows under {share_alike}." if share_alike else ""
    return f"{table.comment} One row: {table.grain}.{apart}"


def schema(table: Table, entry: DataFile, exported: Collection[str]) -> dict[str, Any]:
    """The Table Schema of one file. References to tables that are not exported are left out.

    What rows that lie apart for a licence refer to lies apart with them, where that table has such rows.
    """
    keys = []
    nullable = {column.name: column.nullable for column in table.columns}
    for columns, other, there in table.references:
        apart = part_name(other, entry.share_alike)
        there_is = apart if apart in exported else other
        if there_is not in exported:
            continue
        if len({nullable[name] for name in columns}) > 1:
            # A reference counts only where all its columns have a value. Table Schema leaves open what a key
            # with some of them missing means, and readers take it as broken. The checks of a build cover these.
            continue
        reference: dict[str, Any] = {"fields": list(there)}
        if other != table.full_name:
            reference = {"resource": resource_name(there_is, "csv"), **reference}
        keys.append({"fields": list(columns), "reference": reference})
    result: dict[str, Any] = {
        "fields": [field(column) for column in exported_columns(table)],
        "fieldsMatch": "exact",
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if any(nullable[name] for name in table.key):
        # Unique, with a null as one more value; a primary key of Table Schema may have none.
        del result["primaryKey"]
        result["uniqueKeys"] = [list(table.key)]
    if keys:
        result["foreignKeys"] = keys
    return result


def field(column: Column) -> dict[str, Any]:
    """The field of one column."""
    described: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[column.kind],
        "description": column.comment,
    }
    if column.unit:
        described["unit"] = column.unit
    if column.kind == "VARCHAR" and not column.nullable:
        # Never null: what is empty is the empty string.
        described["missingValues"] = []
    limits = constraints(column)
    if limits:
        described["constraints"] = limits
    return described


def constraints(column: Column) -> dict[str, Any]:
    """The conditions of a column's declaration that Table Schema can express: required, enum, limits, pattern."""
    found: dict[str, Any] = {}
    if not column.nullable:
        found["required"] = True
    name = re.escape(column.name)
    if column.values and column.kind == "VARCHAR":
        found["enum"] = list(column.values)
    elif between := re.fullmatch(rf"{name} BETWEEN (\S+) AND (\S+)", column.check):
        found["minimum"], found["maximum"] = (float(limit) for limit in between.groups())
    elif pattern := re.fullmatch(rf"{name} ~ '\^(.+)\$'", column.check):
        found["pattern"] = pattern[1]
    return found
