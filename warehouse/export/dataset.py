"""The release as a whole, as all descriptions of an export present it. Nothing here reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.db import dicts, sql_text
from warehouse.export.data_files import DataFile

TITLE = "The monthly gap between the best US and the best Chinese AI models"
DESCRIPTION = (
    "Public AI leaderboards, the identity and country of every model on them, and the gap between the best US and the "
    "best Chinese model, month by month, with its uncertainty, its rule, its vintage and the source of every number."
)
PUBLISHER = "aigap maintainers"
KEYWORDS = (
    "artificial intelligence",
    "large language models",
    "leaderboard",
    "benchmark",
    "United States",
    "China",
)
LICENCE = "MIT"


@dataclass(frozen=True)
class DatasetSource:
    """A source with figures in this release. ``known_to``: when its newest bytes were known (UTC)."""

    source_id: str
    title: str
    producer: str
    mirror: str | None
    address: str
    citation: str
    licence: str
    licence_address: str | None
    redistributable: bool
    share_alike: bool
    inputs: int
    known_to: datetime

    @property
    def has_licence(self) -> bool:
        """Is a licence stated, by the name SPDX gives it?"""
        return " " not in self.licence


@dataclass(frozen=True)
class Dataset:
    """What was exported. ``created``: when the newest bytes of any source were known (UTC)."""

    input_hash: str
    schema_version: str
    created: datetime
    sources: tuple[DatasetSource, ...]

    @property
    def version(self) -> str:
        """A semantic version: major and minor of the schema, the day of the figures, and behind + the input hash."""
        return f"{self.schema_version}.{self.created:%Y%m%d}+{self.input_hash[:12]}"

    @property
    def created_text(self) -> str:
        """``created`` in ISO 8601."""
        return f"{self.created:%Y-%m-%dT%H:%M:%SZ}"

    def licences(self, of: DataFile | None = None) -> dict[str, list[str]]:
        """Each stated licence and the producers whose figures are under it, this project's own first.

        Of one file: those of its rows. What this project adds to share-alike rows is under their licence.
        """
        added = of.share_alike if of and of.share_alike else LICENCE
        whose: dict[str, list[str]] = {added: ["this compilation"]}
        for source in sorted(self.sources, key=lambda entry: (entry.licence, entry.producer)):
            if source.has_licence and (of is None or source.source_id in of.sources):
                producers = whose.setdefault(source.licence, [])
                if source.producer not in producers:
                    producers.append(source.producer)
        return whose

    def cite_as(self) -> str:
        """How to cite the export and the producers of its figures."""
        upstream = sorted({source.citation for source in self.sources})
        return (
            f"{PUBLISHER}, aigap: {TITLE}, version {self.version}. Cite the producers of the figures used as well: "
            + "; ".join(upstream)
        )


def licence_address(licence: str) -> str:
    """The address of a licence with an SPDX name."""
    return f"https://spdx.org/licenses/{licence}.html"


def read_dataset(con: duckdb.DuckDBPyConnection) -> Dataset:
    """The dataset in the DuckDB file of a release."""
    [(input_hash, schema_version)] = con.sql("SELECT input_hash, schema_version FROM meta.release").fetchall()
    rows = dicts(con.sql(sql_text("export/sources.sql")))
    sources = tuple(DatasetSource(**row) for row in rows)
    return Dataset(input_hash, schema_version, max(source.known_to for source in sources), sources)
