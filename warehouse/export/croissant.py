"""croissant.json: the export in Croissant 1.1 (mlcommons.org/croissant), JSON-LD on schema.org's vocabulary.

One record set for each table, read from its Parquet file, else from its CSV file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from warehouse.export.data_files import DataFile, exported_columns
from warehouse.export.datapackage import NAME, described
from warehouse.export.dataset import (
    DESCRIPTION,
    KEYWORDS,
    PUBLISHER,
    TITLE,
    Dataset,
    licence_address,
)
from warehouse.tables.schema import Column, Table

#: The context of Croissant 1.1, and the vocabulary of provenance it takes from W3C.
CONTEXT = Path(__file__).with_name("croissant_context.json")
#: Croissant has the name of Parquet that was usual before there was a registered one.
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/x-parquet"}
TYPES = {
    "VARCHAR": "sc:Text",
    "DOUBLE": "cr:Float64",
    "BIGINT": "cr:Int64",
    "INTEGER": "cr:Int32",
    "BOOLEAN": "sc:Boolean",
    "DATE": "sc:Date",
    "TIMESTAMP": "sc:DateTime",
    "VARCHAR[]": "sc:Text",
}


def descriptor(dataset: Dataset, tables: Sequence[Table], files: Sequence[DataFile]) -> dict[str, Any]:
    """croissant.json of the export."""
    # The Parquet file of a table where there is one, else its CSV file.
    chosen = {entry.name: entry for entry in sorted(files, key=lambda entry: entry.format)}
    by_name = {table.full_name: table for table in tables}
    return {
        "@context": json.loads(CONTEXT.read_text(encoding="utf-8")),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": NAME,
        "alternateName": TITLE,
        "description": DESCRIPTION,
        "version": dataset.version,
        "dateCreated": dataset.created_text,
        "datePublished": f"{dataset.created:%Y-%m-%d}",
        "identifier": dataset.input_hash,
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "license": [licence_address(licence) for licence in dataset.licences()],
        "citeAs": dataset.cite_as(),
        "creator": {"@type": "Organization", "name": PUBLISHER},
        "publisher": {"@type": "Organization", "name": PUBLISHER},
        "prov:wasDerivedFrom": [
            {
                # Two sources may share an address. No schema.org type: readers take the first Dataset they
                # meet for the one described.
                "@id": f"sources/{source.source_id}",
                "@type": "prov:Entity",
                "name": source.title,
                "identifier": source.source_id,
                "url": source.address,
                "creator": {"@type": "Organization", "name": source.producer},
                **({"provider": {"@type": "Organization", "name": source.mirror}} if source.mirror else {}),
                "license": source.licence_address or source.licence,
                "creditText": source.citation,
                "dateModified": f"{source.known_to:%Y-%m-%d}",
            }
            for source in dataset.sources
        ],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": entry.path,
                "name": entry.path,
                "description": f"{entry.name}, {entry.rows} rows",
                "license": [licence_address(licence) for licence in dataset.licences(entry)],
                "contentUrl": entry.path,
                "contentSize": f"{entry.size} B",
                "encodingFormat": MEDIA_TYPES[entry.format],
                "sha256": entry.sha256,
            }
            for entry in files
        ],
        "recordSet": [
            record_set(by_name[entry.table], entry) for entry in files if chosen[entry.name] is entry
        ],
    }


def record_set(table: Table, file: DataFile) -> dict[str, Any]:
    """The record set of a table, or of its rows that lie apart for a licence."""
    # No `references`: mlcroissant reads them as an order to join, and after one join gives wrong records of the
    # next record set. datapackage.json has them.
    return {
        "@type": "cr:RecordSet",
        "@id": file.name,
        "name": file.name,
        "description": described(table, file.share_alike),
        "key": [{"@id": f"{file.name}/{name}"} for name in table.key],
        "field": [field(column, file) for column in exported_columns(table)],
    }


def field(column: Column, file: DataFile) -> dict[str, Any]:
    """The field of one column."""
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{file.name}/{column.name}",
        "name": column.name,
        "description": column.full_comment(),
        "dataType": TYPES[column.kind],
        "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
    }
    if column.kind == "VARCHAR[]" and file.format == "parquet":
        described |= {"isArray": True, "arrayShape": "-1"}
    return described
