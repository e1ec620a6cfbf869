"""Table macros of ``main``: tables that take arguments, one SQL file each in ``warehouse/macros``."""

from __future__ import annotations

from warehouse.tables.schema import Macro

MACROS: tuple[Macro, ...] = (
    Macro(
        "main",
        "gap_as_of",
        ("known_on",),
        "a month of one board, variant and category as known on the day known_on",
        "The monthly gap as anyone could have computed it on that day.",
        topic="revisions",
        rule=(
            "The rule of monthly_gap over the snapshots whose bytes were known by the day: fetched, or "
            "committed by a mirror. A history fetched later counts from the day it was fetched, whatever "
            "days it speaks of. Without intervals. Columns mean what they mean in main.monthly_gap."
        ),
        example=(
            "SELECT month, us_model, cn_model, gap_points, source_id, known_at FROM gap_as_of(DATE '2025-02-20')\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND month >= '2024-12-01' "
            "ORDER BY month"
        ),
    ),
    Macro(
        "main",
        "gap_pair",
        ("a", "b"),
        "a month of one board, variant and category for the countries a and b",
        "The monthly gap of any two countries, by ISO 3166-1 alpha-2 code. Positive: a leads.",
        topic="gap",
        rule=(
            "The snapshots, listing and country rule of monthly_gap with the tops of the two countries. "
            "Intervals exist for the default pair only. Columns mean what they mean in main.monthly_gap, "
            "with a_ and b_ for us_ and cn_."
        ),
        example=(
            "SELECT month, a_model, b_model, gap_points FROM gap_pair('CN', 'FR')\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND gap_points IS NOT NULL\n"
            "ORDER BY month DESC LIMIT 4"
        ),
    ),
)
