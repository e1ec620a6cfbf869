"""What a release withholds (``meta.withheld``), put together by what a person has to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from warehouse.db import dicts

#: One row: what one line of a reference table mends, or else one snapshot. A name has one line wherever it stands.
_GROUPS = """
WITH places AS (
    SELECT
        *,
        CASE WHEN csv_line IS NULL THEN snapshot_id ELSE csv_file || csv_line END AS mended_by,
        CASE WHEN board = '' THEN source_id ELSE concat_ws(' ', board, nullif(variant, 'default')) END AS place,
        board <> '' AND EXISTS (
            SELECT 1 FROM core.publications AS p
            WHERE p.board = w.board AND p.variant = w.variant AND p.category = w.category
                AND p.published_on = w.published_on
        ) AS is_covered
    FROM meta.withheld AS w
),
series AS (
    SELECT
        reason, mended_by, place,
        -- Of several models of one maker the one that scores most.
        arg_max(message, (published_on, category = 'overall', category, coalesce(score, 0), message)) AS newest_message,
        max(csv_file) AS csv_file,
        max(csv_line) AS csv_line,
        bool_and(is_covered) AS is_covered,
        list_sort(list(DISTINCT nullif(model_name, ''))) AS models,
        list_sort(list(DISTINCT organization_name)) AS organizations,
        list_sort(list(DISTINCT nullif(category, ''))) AS categories,
        list_sort(list(DISTINCT published_on)) AS days
    FROM places
    GROUP BY reason, mended_by, place
)
SELECT
    reason,
    arg_max(newest_message, days[-1]) AS message,
    any_value(csv_file) AS csv_file,
    any_value(csv_line) AS csv_line,
    bool_and(is_covered) AS is_covered,
    list_distinct(flatten(list(models))) AS models,
    list_distinct(flatten(list(organizations))) AS organizations,
    list({place: place, categories: categories, days: days} ORDER BY place) AS places
FROM series
GROUP BY reason, mended_by
ORDER BY max(days[-1]) DESC, reason, mended_by
"""


@dataclass(frozen=True)
class Withheld:
    """What one line of a reference table mends, or one snapshot that no line does.

    ``places`` says in words what is left out, by board and variant: its categories and its days.
    ``is_covered``: another publication stands for each of those days.
    """

    reason: str
    message: str
    csv_file: str | None
    csv_line: str | None
    is_covered: bool
    models: tuple[str, ...]
    organizations: tuple[str, ...]
    places: tuple[str, ...]

    def to_row(self) -> dict[str, Any]:
        """The fields for JSON."""
        return asdict(self)


def read(con: duckdb.DuckDBPyConnection) -> list[Withheld]:
    """What the open warehouse withholds, the newest first; nothing for a release that knows no such table."""
    if not is_recorded(con):
        return []
    return [
        Withheld(
            row["reason"],
            row["message"],
            row["csv_file"],
            row["csv_line"],
            row["is_covered"],
            tuple(sorted(row["models"])),
            tuple(sorted(row["organizations"])),
            tuple(_words(**place) for place in row["places"]),
        )
        for row in dicts(con.sql(_GROUPS))
    ]


def is_recorded(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the open warehouse says what it withholds; those before the schema version 1.2 do not."""
    found = con.sql("FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'withheld'").fetchall()
    return bool(found)


def lines(found: Sequence[Mapping[str, Any]], most: int | None = None) -> list[str]:
    """What is withheld, as lines for people, from the entries ``withheld`` of a release's summary.

    Each thing that is wrong is said once, of more than ``most`` only how many others there are.
    """
    # Snapshots that contradict one another are withheld with one message, and of one board and day.
    told = list(dict.fromkeys((entry["message"], tuple(entry["places"])) for entry in found))
    said = []
    for message, places in told[:most]:
        said.append(message)
        said += [f"  left out: {place}" for place in places]
    if most is not None and len(told) > most:
        said.append(f"{len(told) - most:,} more are withheld; aigap status shows all")
    return [*said, "to mend it: aigap resolve"] if any(entry["csv_line"] for entry in found) else said


def is_old_news(entry: Mapping[str, Any]) -> bool:
    """Whether there is nothing to do about ``entry``: other publications have shown that it was wrong."""
    contradicted = entry["reason"] == "sources_disagree" and entry["is_covered"]
    return bool(entry["reason"] == "suspect" or contradicted)


def _words(place: str, categories: list[str], days: list[Any]) -> str:
    named = ["overall"] if "overall" in categories else categories[:1]
    more = len(categories) - len(named)
    what = [place, *named] + (
        [f"and {more} more categories" if more > 1 else "and 1 more category"] if more else []
    )
    when = f"{days[0]}" if len(days) == 1 else f"{len(days)} publications from {days[0]} to {days[-1]}"
    return f"{' '.join(what)}, {when}"
