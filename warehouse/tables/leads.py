"""Who is first on each board, for how long, and since when."""

from __future__ import annotations

from warehouse.tables.fields import columns, field, share
from warehouse.tables.schema import Column, Macro, Table, refers

_SERIES = "board variant scope level"
_KEY = ("board", "variant", "scope", "level")

TABLES: tuple[Table | Macro, ...] = (
    Table(
        "main",
        "reigns",
        comment=(
            "Who was first on each board, from when to when. Changes that were undone between two publications are not "
            "seen: a count of reigns is never complete."
        ),
        columns=columns(
            _SERIES,
            Column("reign", "INTEGER", "1, 2, … in the order of time"),
            "holder holder_name",
            field("model_name", "The model that was first at first_seen, as printed"),
            Column("first_seen", "DATE", "First publication with this holder"),
            Column("last_seen", "DATE", "Last publication before another holder, or of all"),
            Column("publications", "INTEGER", "Publications of the reign"),
            Column("days_at_least", "INTEGER", "From first_seen to last_seen, both counted", unit="days"),
            Column(
                "days_at_most",
                "INTEGER",
                "From the day after the publication before to the day before the one after; at a censored end, no "
                "more than its own publications",
                unit="days",
            ),
            Column("start_censored", "BOOLEAN", "Nothing is held before: the reign may be older"),
            Column("end_censored", "BOOLEAN", "Nothing is held after: the reign may go on"),
            Column(
                "longest_unseen",
                "INTEGER",
                "Most days in a row without a publication between two of the reign",
                unit="days",
            ),
            Column(
                "margin_at_start",
                "DOUBLE",
                "At first_seen, its score less that of the best other holder, in the board's unit; 0: they are equal; "
                "null where there is no other, or one that is not listed could stand higher",
                nullable=True,
            ),
            Column("taken_from", "VARCHAR", "Holder of the reign before; null for the first", nullable=True),
            Column("first_snapshot_id", "VARCHAR", "The snapshot of first_seen"),
            Column("last_snapshot_id", "VARCHAR", "The snapshot of last_seen"),
        ),
        key=(*_KEY, "reign"),
        checks={
            "ordered": "first_seen <= last_seen AND days_at_least <= days_at_most",
            "begins_with_the_record": "start_censored = (reign = 1) AND (taken_from IS NULL) = start_censored",
            "changes_hands": "taken_from IS NULL OR taken_from <> holder",
            "margin_is_positive": "margin_at_start IS NULL OR margin_at_start >= 0",
        },
        references=(
            refers("first_snapshot_id", "core.snapshots", "snapshot_id"),
            refers("last_snapshot_id", "core.snapshots", "snapshot_id"),
        ),
        example=(
            "SELECT holder_name, model_name, first_seen, last_seen, days_at_least, days_at_most, taken_from\n"
            "FROM reigns\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND scope = 'CN' AND level = 'organization' "
            "ORDER BY reign DESC LIMIT 5"
        ),
    ),
    Table(
        "main",
        "days_led",
        comment="How many days each country, maker and model was first on each board; unknown days beside them.",
        columns=columns(
            _SERIES,
            "holder holder_name",
            Column("days", "INTEGER", "Days on which it was first", unit="days"),
            Column("known_days", "INTEGER", "Days of all holders but unknown", unit="days"),
            Column("unknown_days", "INTEGER", "Days of the holder unknown", unit="days"),
            share("share_of_known_days", "days / known_days; null for unknown", nullable=True),
            Column("reigns", "INTEGER", "Reigns of it that were seen", nullable=True),
            Column(
                "days_at_least", "INTEGER", "Sum over its reigns, see main.reigns", nullable=True, unit="days"
            ),
            Column(
                "days_at_most", "INTEGER", "Sum over its reigns, see main.reigns", nullable=True, unit="days"
            ),
            Column("first_day", "DATE", "First publication of the board that is counted"),
            Column("last_day", "DATE", "Last publication of the board that is counted"),
        ),
        key=(*_KEY, "holder"),
        checks={"all_days": "known_days + unknown_days = last_day - first_day + 1"},
        example=(
            "SELECT holder_name, days, known_days, unknown_days, share_of_known_days, days_at_least, days_at_most "
            "FROM days_led\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND scope = 'world' AND level = 'organization' "
            "ORDER BY days DESC"
        ),
    ),
    Table(
        "main",
        "days_led_by_month",
        comment="The days of days_led by calendar month, and who had most of each.",
        columns=columns(
            _SERIES,
            "month",
            "holder holder_name",
            Column("days", "INTEGER", "Days of the month on which it was first", unit="days"),
            Column("known_days", "INTEGER", "Days of the month of all holders but unknown", unit="days"),
            Column("led_most", "BOOLEAN", "No other holder was first on more days of the month"),
        ),
        key=(*_KEY, "month", "holder"),
        example=(
            "SELECT holder_name, count(*) AS months FROM days_led_by_month\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND scope = 'world' AND level = 'organization' "
            "AND led_most GROUP BY ALL ORDER BY months DESC"
        ),
    ),
    Macro(
        "main",
        "first_lead",
        arguments=("board", "variant", "country", "by_day"),
        comment=(
            "Was a model of the country (ISO 3166-1 alpha-2) first on the board by the day? yes with the "
            "publication that settles it; no only as none of the publications held; else open."
        ),
        example=(
            "SELECT answer, statement, publications, longest_hole, last_publication\n"
            "FROM first_lead('arena_text', 'style_control', 'CN', DATE '2026-10-31')"
        ),
    ),
    Table(
        "core",
        "publication_leaders",
        comment="Who is first in each publication of each board, with the rule for equal scores applied.",
        columns=columns(
            _SERIES,
            "published_on",
            "holder holder_name",
            field("model_name", "The model that is first, as printed"),
            field("model_id", "Identity of the model; null when unresolved", nullable=True),
            field("score", "Its score"),
            Column(
                "margin",
                "DOUBLE",
                "score less that of the best other holder, in the board's unit; 0: they are equal; null where there is "
                "no other, or one that is not listed could stand higher",
                nullable=True,
            ),
            Column(
                "stands_alone",
                "BOOLEAN",
                "No other holder has the same score, nor can one that is not listed",
            ),
            Column("reign", "INTEGER", "Number of the reign in main.reigns"),
            "snapshot_id",
        ),
        key=(*_KEY, "published_on"),
        filled_in="marts",
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT published_on, holder, model_name, score, margin, stands_alone FROM core.publication_leaders\n"
            "WHERE board = 'arena_text' AND variant = 'style_control' AND scope = 'world' AND level = 'organization' "
            "ORDER BY published_on DESC LIMIT 5"
        ),
    ),
)
