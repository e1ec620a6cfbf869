"""The staged relation ``dated``: the day each listing was published, by `warehouse.compute.publication_dates`."""

from __future__ import annotations

import polars as pl

from warehouse.builder.context import BuildContext
from warehouse.compute.publication_dates import Agreement, Listing, date_listings

SCHEMA = {"key": pl.Int64(), "published_on": pl.Date(), "date_basis": pl.String(), "same_as": pl.Int64()}


def kept_pair(build: BuildContext) -> None:
    """Create ``kept_pair``, rows of ``compared_listing`` from another build, without any."""
    build.con.execute(
        "CREATE TEMP TABLE kept_pair(copy BIGINT, original BIGINT, shared BIGINT, agreeing BIGINT, "
        "mean_difference DOUBLE, facts_differ BOOLEAN)"
    )


#: Null if the one cannot be a copy of the other.
_FACTS_DIFFER = """
SELECT bool_or(coalesce(u.maker <> d.maker OR u.licence <> d.licence OR u.released_on <> d.released_on, FALSE))
FROM compared_score AS u
JOIN compared_score AS d ON d.place = u.place AND d.key <> u.key AND d.known_from <= u.known_as
WHERE u.key = ? AND d.key = ?
"""


def dated(build: BuildContext) -> pl.DataFrame:
    """One row for each listing, with the columns `SCHEMA`; listings of one board and variant are dated together."""
    share = float(build.reference.parameter("same_share"))
    # Of two listings of other sources that do not agree nothing more is asked.
    agreements = {
        (copy, original): Agreement(*figures)
        for copy, original, *figures in build.con.execute(
            "SELECT a.* FROM agreement AS a JOIN listing AS c ON c.key = a.copy "
            "JOIN listing AS o ON o.key = a.original WHERE a.agreeing >= ? * a.shared OR c.source_id = o.source_id",
            [share],
        ).fetchall()
    }

    def facts_differ(copy: int, original: int) -> bool | None:
        [(differ,)] = build.con.execute(_FACTS_DIFFER, [copy, original]).fetchall()
        return None if differ is None else bool(differ)

    listings: dict[tuple[str, str], list[Listing]] = {}
    rows = build.con.sql(
        "SELECT l.board, l.variant, l.key, l.source_id, l.stamped_on, l.known_at, d.not_after, l.models, "
        "s.stamp_can_lag FROM listing AS l JOIN staged_source AS s USING (source_id) "
        "JOIN latest_day AS d USING (key) ORDER BY l.key"
    ).fetchall()
    for board, variant, *fields in rows:
        listings.setdefault((board, variant), []).append(Listing(*fields))
    days = [
        (key, day.published_on, day.date_basis, day.same_as)
        for group in listings.values()
        for key, day in date_listings(group, agreements, share, facts_differ).items()
    ]
    return pl.DataFrame(days, schema=SCHEMA, orient="row")
