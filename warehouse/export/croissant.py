"""croissant.json: the export in Croissant 1.1 (mlcommons.org/croissant), JSON-LD on schema.org's vocabulary.

A record set a table, read from its Parquet file, else from its CSV file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from warehouse.export.datapackage import NAME
from warehouse.export.edition import (
    DESCRIPTION,
    KEYWORDS,
    PUBLISHER,
    TITLE,
    Edition,
    licence_address,
)
from warehouse.export.rows import Written, columns_of
from warehouse.tables.schema import Column, Table

#: The context of Croissant 1.1, and the vocabulary of provenance it takes from W3C.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
#: As Croissant spells them: Parquet by the name that was usual before it had a registered one.
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


def descriptor(edition: Edition, tables: Sequence[Table], written: Sequence[Written]) -> dict[str, Any]:
    files: dict[str, Written] = {}
    for entry in written:
        if entry.format == "parquet" or entry.table not in files:
            files[entry.table] = entry
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": NAME,
        "alternateName": TITLE,
        "description": DESCRIPTION,
        "version": edition.version,
        "dateCreated": edition.moment,
        "datePublished": f"{edition.created:%Y-%m-%d}",
        "identifier": edition.input_hash,
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "license": [licence_address(licence) for licence in edition.licences()],
        "citeAs": edition.cite_as(),
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
            for source in edition.sources
        ],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": entry.path,
                "name": entry.path,
                "description": f"{entry.table}, {entry.rows} rows",
                "contentUrl": entry.path,
                "contentSize": f"{entry.size} B",
                "encodingFormat": MEDIA_TYPES[entry.format],
                "sha256": entry.sha256,
            }
            for entry in written
        ],
        "recordSet": [record_set(table, files[table.full_name]) for table in tables],
    }


def record_set(table: Table, file: Written) -> dict[str, Any]:
    # No `references`: mlcroissant reads them as an order to join, and after one join gives wrong records of the
    # next record set. datapackage.json has them.
    return {
        "@type": "cr:RecordSet",
        "@id": table.full_name,
        "name": table.full_name,
        "description": f"{table.comment} One row: {table.grain}.",
        "key": [{"@id": f"{table.full_name}/{name}"} for name in table.key],
        "field": [field(table, column, file) for column in columns_of(table)],
    }


def field(table: Table, column: Column, file: Written) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.full_name}/{column.name}",
        "name": column.name,
        "description": column.full_comment(),
        "dataType": TYPES[column.kind],
        "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
    }
    if column.kind == "VARCHAR[]" and file.format == "parquet":
        described |= {"isArray": True, "arrayShape": "-1"}
    return described
