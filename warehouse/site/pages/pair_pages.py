"""The list of country pairs, and a page for each that has enough months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from warehouse.site import board_words as words
from warehouse.site.country_words import adjective, country, the_country
from warehouse.site.drawing.templates import gap_drawing
from warehouse.site.page import Page
from warehouse.site.page_files import pair_file
from warehouse.site.pages.board_pages import INDEX as BOARDS
from warehouse.site.pages.board_pages import Drawing, records
from warehouse.site.queries import ResultRow, Results
from warehouse.site.words import VARIANT_TITLES

INDEX = "pairs.html"
COLUMNS = (
    *("month", "day", "status", "gap_points", "gap_low", "gap_high", "gap_at_least", "a_model", "a_score"),
    *("b_model", "b_score", "run", "published_on"),
)
#: From how many months on a series is drawn and not only listed.
DRAWN_FROM = 4


def pages(results: Results) -> list[Page]:
    pairs = results["country_pairs"].by("a_country", "b_country")
    boards = {row["board"].value: row for row in results["board_list"]}
    series = {pair: _series(rows) for pair, rows in pairs.items()}
    found = [
        Page(
            INDEX,
            "Other countries",
            "The gap between the best models of any two countries that have enough months on one board.",
            "pairs.html.j2",
            section=BOARDS,
            context={"words": words, "boards": boards, "pairs": series},
        )
    ]
    for (first, second), of_pair in series.items():
        a, b = the_country(first), the_country(second)
        found.append(
            Page(
                pair_file(first, second),
                f"{country(first)} and {country(second)}: whose best model leads",
                f"How far apart the best models of {a} and of {b} are, month by month, on every board that has both.",
                "pair.html.j2",
                section=BOARDS,
                context={
                    "words": words,
                    "boards": boards,
                    "pair": (first, second),
                    "series": of_pair,
                    "drawings": dict(_drawings(first, second, of_pair, boards)),
                },
            )
        )
    return found


Series = dict[tuple[str, str], list[ResultRow]]


def _series(rows: Sequence[ResultRow]) -> Series:
    """By board and variant, that with most months first."""
    found: Series = {}
    for row in rows:
        found.setdefault((row["board"].value, row["variant"].value), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _drawings(
    first: str, second: str, series: Series, boards: dict[str, ResultRow]
) -> Iterator[tuple[tuple[str, str], Drawing]]:
    for (board, variant), rows in series.items():
        if len(rows) < DRAWN_FROM:
            continue
        facts = boards[board]
        unit = words.UNIT_POINTS.get(facts["unit"].value, facts["unit"].value)
        name = ", ".join(filter(None, [facts["name"].value, VARIANT_TITLES.get(variant, "").lower()]))
        drawn = gap_drawing(
            records(rows, COLUMNS),
            f"Lead of {the_country(first)}, {unit}",
            ("a", "b"),
            (f"Best {adjective(first)} model", f"Best {adjective(second)} model"),
        )
        label = f"The lead of {the_country(first)} over {the_country(second)} on {name}, month by month."
        yield (board, variant), Drawing(f"gap-{board}-{variant}", name, label, drawn)
