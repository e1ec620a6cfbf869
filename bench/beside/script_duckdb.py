"""The models and their checks as one DuckDB script: ``script_duckdb.py FILE INPUTS OBSERVATIONS``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from bench.beside.checks import queries  # noqa: E402 (run as a script)

ORDER = (
    *("observations", "names", "countries", "scores", "snapshots", "publications", "country_leaders"),
    *("month_snapshots", "monthly_gap", "monthly_gap_filled", "frontier", "release_cadence"),
)


def plain(sql: str, inputs: str, observations: str) -> str:
    """The text of a dbt model as SQL."""
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", sql)
    return sql.replace("{{ var('observations') }}", observations).replace('{{ var("inputs") }}', inputs)


def main(file: str, inputs: str, observations: str) -> None:
    with duckdb.connect(file) as con:
        for model in ORDER:
            # What is only read again is not stored.
            kind = "VIEW" if model in ("observations", "names", "countries") else "TABLE"
            query = plain((HERE / "models" / f"{model}.sql").read_text(), inputs, observations)
            con.execute(f"CREATE {kind} {model} AS {query}")
        for name, query in queries():
            found = con.execute(plain(query, inputs, observations)).fetchall()
            assert not found, name


if __name__ == "__main__":
    main(*sys.argv[1:])
