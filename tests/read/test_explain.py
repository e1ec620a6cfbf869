"""`aigap explain`: every fact of a month's gap, in the words of the release it reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from sources.errors import UsageError
from warehouse.db import read_only, read_write
from warehouse.read.explain import explain

SERIES = ("2025-04", "arena_text", "raw", "overall")


def test_explain_names_the_rule_the_snapshot_both_leaders_and_the_bytes(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    lines = explain(warehouse, *SERIES)
    assert lines[0].startswith("arena_text raw overall, April 2025: ")
    assert "% of the Chinese score, US wins" in lines[0]
    starts = [line.split("  ")[0] for line in lines if not line.startswith(" ")][1:]
    assert starts[:5] == ["interval", "rule", "snapshot", "US", "CN"]
    assert any(line.startswith("bytes     sha256 ") for line in lines)
    assert sum(line.startswith("          evidence: ") for line in lines) == 2


def test_explain_names_the_pair_of_the_release(shipped: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    shutil.copy(shipped, other)
    with read_write(other) as con:
        con.execute("UPDATE meta.parameters SET value = 'KR' WHERE name = 'country_a'")
        con.execute("UPDATE meta.parameters SET value = 'FR' WHERE name = 'country_b'")
    with read_only(other) as con:
        words = "\n".join(explain(con, *SERIES))
    assert "% of the FR score, KR wins" in words
    assert "P(KR leads)" in words
    assert "\nKR        " in words
    assert "\nFR        " in words
    assert "Chinese" not in words
    assert "US wins" not in words


def test_a_variant_of_another_board_is_refused_with_those_of_this_one(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(UsageError, match="no variant raw; expected one of default"):
        explain(warehouse, "2025-04", "eci", "raw", "overall")
