"""How listings compare in pairs, kept from one build to the next: it takes longest, and nothing new changes it.

The file is named by its sha256, which the release that it is of holds: another file is never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.db import parquet_literal
from warehouse.files import replacing, sha256_of
from warehouse.workspace import Workspace

#: What names a listing in any build, in one text: as `key` does in one build.
_NAME = "concat_ws(chr(31), {0}.input_id, {0}.board, {0}.variant, {0}.printed_on)"

_KEEP = f"""
SELECT
    {_NAME.format("c")} AS copy, {_NAME.format("o")} AS original,
    a.shared, a.agreeing, a.mean_difference, a.facts_differ
FROM agreement AS a
JOIN listing AS c ON c.key = a.copy
JOIN listing AS o ON o.key = a.original
ORDER BY a.copy, a.original
"""

#: ``kept_pair``: the kept pairs whose listings are both there and none is new.
STILL_HOLD = f"""
WITH old AS (SELECT l.key, {_NAME.format("l")} AS name FROM listing AS l ANTI JOIN new_listing USING (key))
SELECT c.key AS copy, o.key AS original, p.shared, p.agreeing, p.mean_difference, p.facts_differ
FROM named_pair AS p
JOIN old AS c ON c.name = p.copy
JOIN old AS o ON o.name = p.original
"""


@dataclass
class KeptPairs:
    """The pairs of the release that a build starts from, with the file's ``sha256``; empty if there are none."""

    workspace: Workspace
    sha256: str = ""

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self.workspace.staging / KEPT

    def stage(self, con: duckdb.DuckDBPyConnection) -> bool:
        """Stage them by name as ``named_pair``; False if the file is missing or is not the one that was kept."""
        file = self.folder / f"{self.sha256}.parquet"
        try:
            if not self.sha256 or sha256_of(file) != self.sha256:
                return False
            # By DuckDB: the names of listings are long, and cost ten times as much by way of a frame.
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE named_pair AS FROM read_parquet({parquet_literal(file)})"
            )
        except (OSError, duckdb.Error):
            return False
        return True

    def keep(self, con: duckdb.DuckDBPyConnection) -> None:
        """Keep those of ``agreement``, for the next build. Those of the release before stay until then."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / "new.parquet"
        with replacing(new) as temporary:
            con.sql(_KEEP).pl().write_parquet(temporary)
        sha256 = sha256_of(new)
        for file in self.folder.iterdir():
            if file.name not in (new.name, f"{self.sha256}.parquet"):
                file.unlink()
        self.sha256 = sha256
        new.replace(self.folder / f"{sha256}.parquet")


#: The name of the folder in the staging folder.
KEPT = "kept"
