"""What moved the gap since the month before, in the words of `aigap explain`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from warehouse.db import dicts, sql_text
from warehouse.read.country_pair import CountryPair

Row = dict[str, Any]

#: The 97.5 % point of the standard normal.
NORMAL_95 = 1.959964


def change_lines(con: duckdb.DuckDBPyConnection, keys: Row, pair: CountryPair) -> Iterator[str]:
    """The change of the gap in the month that ``keys`` name, the parts of each country, and what weakens them.

    No line for the first month of a series, one without a gap, and releases made before there was ``gap_changes``.
    """
    if not con.sql("FROM duckdb_tables() WHERE table_name = 'gap_changes'").fetchall():
        return
    for row in dicts(con.sql(sql_text("read/sql/change_since_the_month_before.sql"), params=keys)):
        shift = ""
        if row["scale_shift"] is not None:
            shift = f"; models in both lists moved by {row['scale_shift']:+.2f} (median)"
        yield (
            f"change    {row['change_points']:+.2f} points since {row['from_month']:%B %Y} "
            f"(published {row['from_published_on']}){shift}"
        )
        for side, country in (("us", pair.first), ("cn", pair.second)):
            yield f"          {country} {_parts(row, side)}"
        if row["is_partial"]:
            yield (
                "          one of the lists is not whole: "
                "a new model may only be newly listed, a dropped one only unlisted"
            )
        if row["change_12m"] is not None:
            error = row["change_12m_error"]
            within = "; no error is known" if error is None else f" ± {NORMAL_95 * error:.2f} (95 %)"
            yield f"          over 12 months {row['change_12m']:+.2f} points{within}"


def _parts(row: Row, side: str) -> str:
    def part(name: str) -> float:
        return float(row[f"{side}_{name}"])

    if row[f"{side}_rerated"] is None:
        return "has no parts: both lists share none of its models"
    parts = []
    if part("new"):
        again = ", listed earlier" if row[f"{side}_is_return"] else ""
        parts.append(f"new {part('new'):+.2f} ({row[f'{side}_new_model']}{again})")
    if part("dropped"):
        parts.append(f"dropped {part('dropped'):+.2f} ({row[f'{side}_dropped_leader']})")
    rerated = f"re-rated {part('rerated'):+.2f}"
    if part("overtaken"):
        rerated += f" (the leader then {part('leader_rerated'):+.2f}, overtaken by {part('overtaken'):.2f})"
    total = part("new") + part("dropped") + part("rerated")
    return f"{total:+.2f}: {', '.join([*parts, rerated])}"
