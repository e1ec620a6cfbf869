"""The record of one fetch or ingest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


def sha256_of(body: bytes) -> str:
    """The SHA-256 of ``body``, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """The record of one fetch or ingest, stored as JSON in the archive. Times are UTC.

    ``known_at`` is since when anybody outside upstream could have had the bytes: the time of the fetch, or
    for a mirror the date of the commit.
    """

    source_id: str
    request: str
    sha256: str
    size: int
    address: str
    known_at: datetime
    fetched_at: datetime
    file_name: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    origin: Mapping[str, Any] = field(default_factory=dict)
    #: The requested address, before redirects; empty for a local file.
    asked: str = ""
    #: The key of the `Revision` that was requested; empty for what was live at the time of the fetch.
    key: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is of a local file: no server answered with it."""
        return bool(self.file_name) and not self.status

    def to_json(self) -> str:
        """Indented JSON with sorted keys and ISO times."""
        row = asdict(self)
        row["known_at"] = self.known_at.isoformat()
        row["fetched_at"] = self.fetched_at.isoformat()
        return json.dumps(row, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        """The receipt that `to_json` wrote, in this version or an earlier one."""
        row = json.loads(text)
        row.pop("unchanged_by", None)  # written by earlier versions, never read
        row["known_at"] = datetime.fromisoformat(row["known_at"])
        row["fetched_at"] = datetime.fromisoformat(row["fetched_at"])
        return cls(**row)
