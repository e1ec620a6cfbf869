"""What is said of a release as a whole, in every description of it. Nothing of it comes from the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

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
class Source:
    """An upstream that gave figures to this release. ``known_to``: its newest bytes (UTC)."""

    source_id: str
    title: str
    producer: str
    mirror: str | None
    address: str
    citation: str
    licence: str
    licence_address: str | None
    redistributable: bool
    inputs: int
    known_to: datetime

    @property
    def has_licence(self) -> bool:
        """Is a licence stated, by the name SPDX gives it?"""
        return " " not in self.licence


@dataclass(frozen=True)
class Edition:
    """``created`` is when the newest bytes were known (UTC): the day the figures are of."""

    input_hash: str
    schema_version: str
    created: datetime
    sources: tuple[Source, ...]

    @property
    def version(self) -> str:
        """Semantic: the schema's major and minor, the day of the figures, and behind + the release's inputs."""
        return f"{self.schema_version}.{self.created:%Y%m%d}+{self.input_hash[:12]}"

    @property
    def moment(self) -> str:
        return f"{self.created:%Y-%m-%dT%H:%M:%SZ}"

    def licences(self) -> dict[str, list[str]]:
        """Whose figures are under each licence that is stated, this project's own first."""
        whose: dict[str, list[str]] = {LICENCE: ["this compilation"]}
        for source in sorted(self.sources, key=lambda entry: (entry.licence, entry.producer)):
            if source.has_licence:
                producers = whose.setdefault(source.licence, [])
                if source.producer not in producers:
                    producers.append(source.producer)
        return whose

    def cite_as(self) -> str:
        upstream = sorted({source.citation for source in self.sources})
        return (
            f"{PUBLISHER}, aigap: {TITLE}, version {self.version}. Cite the producers of the figures used as well: "
            + "; ".join(upstream)
        )


def licence_address(licence: str) -> str:
    return f"https://spdx.org/licenses/{licence}.html"


def read(file: Path) -> Edition:
    """The edition in the DuckDB file of a release."""
    with duckdb.connect(str(file), read_only=True) as con:
        [(input_hash, schema_version)] = con.sql(
            "SELECT input_hash, schema_version FROM meta.release"
        ).fetchall()
        rows = con.sql(
            "SELECT source_id, s.title, s.producer, s.mirror, s.address, s.citation, s.licence, s.licence_address, "
            "s.redistributable, count(*)::INTEGER, max(i.known_at) FROM meta.inputs AS i "
            "JOIN meta.sources AS s USING (source_id) GROUP BY ALL ORDER BY source_id"
        ).fetchall()
    sources = tuple(Source(*row) for row in rows)
    return Edition(input_hash, schema_version, max(source.known_to for source in sources), sources)
