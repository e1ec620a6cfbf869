"""The staged relation ``dated``: the day each listing was published, by `warehouse.compute.publication_dates`."""

from __future__ import annotations

import polars as pl

from warehouse.builder.context import BuildContext
from warehouse.compute.publication_dates import Agreement, Listing, date_listings

SCHEMA = {"key": pl.Int64(), "published_on": pl.Date(), "date_basis": pl.String(), "same_as": pl.Int64()}


def dated(build: BuildContext) -> pl.DataFrame:
    """One row for each listing, with the columns `SCHEMA`; listings of one board and variant are dated together."""
    agreements = {
        (one, other): Agreement(shared, largest, mean)
        for one, other, shared, largest, mean in build.con.sql("SELECT * FROM agreement").fetchall()
    }
    listings: dict[tuple[str, str], list[Listing]] = {}
    rows = build.con.sql(
        "SELECT l.board, l.variant, l.key, l.source_id, l.printed_on, l.known_at, l.models, s.stamp_can_lag "
        "FROM listing AS l JOIN staged_source AS s USING (source_id) ORDER BY l.key"
    ).fetchall()
    for board, variant, *fields in rows:
        listings.setdefault((board, variant), []).append(Listing(*fields))
    within = float(build.reference.parameter("same_within"))
    days = [
        (key, day.published_on, day.date_basis, day.same_as)
        for group in listings.values()
        for key, day in date_listings(group, agreements, within).items()
    ]
    return pl.DataFrame(days, schema=SCHEMA, orient="row")
