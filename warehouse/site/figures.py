"""The charts of the pages: which rows, which sentence, which drawing, and what a reader must know beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from warehouse.site import reader_notes, sentences
from warehouse.site.charts import board_charts as board_charts
from warehouse.site.charts import gap_charts, lag_charts
from warehouse.site.charts import price_charts as beside
from warehouse.site.charts.parts import Panel
from warehouse.site.html_tables import Column
from warehouse.site.queries import Results


@dataclass(frozen=True)
class Figure:
    """``queries``: the first is the one whose rows are tabled and cited; the charts may draw on the others."""

    id: str
    kicker: str
    headline: Callable[[Results], Markup]
    note: Callable[[Results], Markup]
    panels: Callable[[Results], list[Panel]]
    columns: tuple[Column, ...]
    queries: tuple[str, ...]
    #: Figures beside the chart that have a table of their own: query, columns and caption.
    beside: tuple[tuple[str, tuple[Column, ...], str], ...] = ()

    @property
    def main(self) -> str:
        return self.queries[0]


LEADERS = (
    Column("us_model", "Best US model", "name"),
    Column("us_score", "its score", 1),
    Column("cn_model", "Best Chinese model", "name"),
    Column("cn_score", "its score", 1),
)
GAP = (
    Column("gap_points", "US lead, points", 1),
    Column("gap_low", "95 % from", 1),
    Column("gap_high", "to", 1),
)
MONTH = Column("month", "Month", "month")


FRONT: tuple[Figure, ...] = (
    Figure(
        id="gap",
        kicker="The monthly gap",
        headline=sentences.gap,
        note=reader_notes.gap,
        panels=gap_charts.gap,
        columns=(
            MONTH,
            Column("status", "Status", "word"),
            *GAP,
            *LEADERS,
            Column("day", "Published", "day"),
        ),
        queries=("gap", "gap_facts", "events"),
        beside=(
            (
                "events",
                (
                    Column("date", "Day", "day"),
                    Column("side", "Side"),
                    Column("actor", "Who"),
                    Column("event", "What"),
                    Column("effect_on", "Concerns"),
                    Column("citation", "Citation"),
                ),
                "Policy events drawn above the gap",
            ),
        ),
    ),
    Figure(
        id="variants",
        kicker="Raw against style control",
        headline=sentences.variants,
        note=reader_notes.variants,
        panels=gap_charts.variants,
        columns=(
            MONTH,
            Column("variant", "Variant", "word"),
            Column("status", "Status", "word"),
            *GAP,
            *LEADERS,
        ),
        queries=("variants", "variants_facts"),
    ),
    Figure(
        id="restated",
        kicker="As published then, as restated now",
        headline=sentences.restated,
        note=reader_notes.restated,
        panels=gap_charts.restated,
        columns=(
            MONTH,
            Column("gap_points_then", "Then", 1),
            Column("gap_points", "Restated", 1),
            Column("change_points", "Change", 1),
            Column("us_model_then", "Best US model then", "name"),
            Column("us_model", "now", "name"),
            Column("cn_model_then", "Best Chinese model then", "name"),
            Column("cn_model", "now", "name"),
            Column("reasons", "Why they differ"),
        ),
        queries=("restated", "restated_facts"),
    ),
    Figure(
        id="lag",
        kicker="The lag in months",
        headline=sentences.lag,
        note=reader_notes.lag,
        panels=lag_charts.lag,
        columns=(
            Column("board", "Board"),
            MONTH,
            Column("reading", "Reading", "word"),
            Column("lag_months", "Months", 1),
            Column("since_model", "Counted from", "name"),
            Column("since_on", "of", "day"),
        ),
        queries=("lag", "lag_facts"),
        beside=(
            (
                "lag_facts",
                (
                    Column("board_name", "Board"),
                    Column("reading", "Reading", "word"),
                    Column("lag_months", "Newest", 1),
                    Column("mean_months", "Mean of all days", 1),
                    Column("mean_low", "95 % from", 1),
                    Column("mean_high", "to", 1),
                    Column("max_months", "Longest", 1),
                    Column("vintage", "Vintage", "day"),
                ),
                "Lag by reading, months",
            ),
        ),
    ),
    Figure(
        id="boards",
        kicker="Board by board",
        headline=sentences.boards,
        note=reader_notes.boards,
        panels=board_charts.boards,
        columns=(
            Column("name", "Board"),
            Column("kind", "Kind"),
            Column("unit", "Unit"),
            MONTH,
            Column("gap_points", "US lead, in the unit", 1),
            *GAP[1:],
            *LEADERS,
        ),
        queries=("boards", "boards_facts"),
    ),
    Figure(
        id="prices",
        kicker="What it costs",
        headline=sentences.prices,
        note=reader_notes.prices,
        panels=beside.prices,
        columns=(
            MONTH,
            Column("level", "Rated at least", 0),
            Column("country", "Country"),
            Column("model", "Cheapest model", "name"),
            Column("blended_usd_per_mtok", "US$ per million tokens", 2),
            Column("price_status", "Price", "word"),
            Column("price_list_date", "List of", "day"),
        ),
        queries=("prices", "prices_facts"),
    ),
    Figure(
        id="chips",
        kicker="The chips",
        headline=sentences.chips,
        note=reader_notes.chips,
        panels=beside.chips,
        columns=(
            Column("pair", "Pair"),
            Column("year", "Year", "year"),
            Column("measure", "Measure", "word"),
            Column("us_chip", "US chip", "name"),
            Column("cn_chip", "Chinese chip", "name"),
            Column("share_pct", "Chinese, % of US", 0),
            Column("availability", "The Chinese chip is"),
        ),
        queries=("chips", "chips_facts"),
    ),
    Figure(
        id="notable",
        kicker="Notable models",
        headline=sentences.notable,
        note=reader_notes.notable,
        panels=beside.notable,
        columns=(
            Column("year", "Year", "year"),
            Column("country", "Country"),
            Column("models", "Models", 0),
            Column("vintage", "List of", "day"),
        ),
        queries=("notable", "notable_facts"),
    ),
)

CATEGORIES = Figure(
    id="categories",
    kicker="By kind of question",
    headline=sentences.categories,
    note=reader_notes.categories,
    panels=board_charts.categories,
    columns=(Column("category", "Category"), *GAP, *LEADERS),
    queries=("categories", "categories_facts"),
)

FIGURES: tuple[Figure, ...] = (*FRONT, CATEGORIES)


def drawn(results: Results, among: tuple[Figure, ...] = FIGURES) -> dict[str, list[Panel]]:
    """The panels of each figure that has something to draw: a warehouse of one leaderboard has no chips."""
    return {figure.id: figure.panels(results) for figure in among if len(results[figure.main])}
