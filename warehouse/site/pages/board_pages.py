"""The list of boards, a page for each, and one for each of its categories that has enough months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.site import board_words as words
from warehouse.site.category_words import category_title
from warehouse.site.drawing.templates import FilledDrawing, gap_drawing, reigns_drawing, tops_drawing
from warehouse.site.page import Page
from warehouse.site.page_files import board_file
from warehouse.site.queries import ResultRow, Results
from warehouse.site.words import VARIANT_TITLES

INDEX = "boards.html"
#: What a drawing needs of its rows.
GAP_COLUMNS = (
    *("month", "day", "status", "gap_points", "gap_low", "gap_high", "gap_at_least", "us_model", "us_score"),
    *("cn_model", "cn_score", "run", "published_on"),
)
TOP_COLUMNS = ("place", "model_name", "maker", "country", "weights", "score", "score_low", "score_high")
REIGN_COLUMNS = (
    *(
        "holder",
        "country",
        "model_name",
        "first_seen",
        "last_seen",
        "seen_until",
        "days_at_least",
        "days_at_most",
    ),
)
Rows = Sequence[ResultRow]


@dataclass(frozen=True)
class Drawing:
    """A drawing on one page: ``title`` above it, and what a screen reader says of it."""

    id: str
    title: str
    label: str
    drawn: FilledDrawing


@dataclass(frozen=True)
class Variant:
    """One variant of a board or of a category, with its rows: ``newest`` is the newest month that has a gap."""

    id: str
    title: str
    words: str
    months: Rows
    newest: ResultRow | None
    tops: Rows
    years: Sequence[tuple[int, Sequence[ResultRow | None]]]


def pages(results: Results) -> list[Page]:
    found = _Rows(results)
    return [
        Page(
            INDEX,
            "Boards",
            "Every leaderboard and benchmark that is read: who leads, how old the figure is, and why some have none.",
            "boards.html.j2",
            navigation="Boards",
            order=30,
            context={
                "newest": {row["board"].value: row for row in results["boards"]},
                "found": found,
                "words": words,
            },
        ),
        *(page for board in results["board_list"] for page in _pages(board, found)),
    ]


class _Rows:
    """The rows of all queries by board, or by board and category."""

    def __init__(self, results: Results) -> None:
        self.series = results["board_series"].by("board", "category")
        self.tops = results["board_tops"].by("board", "category")
        self.reigns = results["board_reigns"].by("board")
        self.days = results["board_days"].by("board")
        self.categories = results["board_categories"].by("board")
        self.sources = results["board_sources"].by("board")
        self.paged: dict[str, list[str]] = {}
        for board, category in self.series:
            if category != "overall":
                self.paged.setdefault(board, []).append(category)


def _pages(board: ResultRow, found: _Rows) -> Iterator[Page]:
    board_id, name = board["board"].value, board["name"].value
    yield _page(board, "overall", name, found)
    for category in found.paged.get(board_id, ()):
        yield _page(board, category, f"{name}, {category_title(category)}", found)


def _page(board: ResultRow, category: str, title: str, found: _Rows) -> Page:
    board_id, is_overall = board["board"].value, category == "overall"
    variants = _variants(board_id, category, found)
    reigns = _reigns(found.reigns.get(board_id, [])) if is_overall else {}
    return Page(
        board_file(board_id, category),
        f"{title}: US against China",
        f"How far apart the best US and the best Chinese model are on {title}, month by month, and who stands on top.",
        "board.html.j2",
        section=INDEX,
        context={
            "words": words,
            "board": board,
            "category": category,
            "heading": title,
            "variants": variants,
            "gaps": list(_gap_drawings(variants, board["unit"].value, title)),
            "tops": dict(_tops_drawings(variants, title)),
            "reigns": reigns,
            "reign_drawings": list(_reign_drawings(reigns, title)),
            "days": found.days.get(board_id, []) if is_overall else [],
            "categories": found.categories.get(board_id, []),
            "paged": found.paged.get(board_id, []),
            "sources": found.sources.get(board_id, []),
        },
    )


def _variants(board_id: str, category: str, found: _Rows) -> list[Variant]:
    months, tops = found.series.get((board_id, category), []), found.tops.get((board_id, category), [])
    ids = dict.fromkeys(row["variant"].value for row in (*months, *tops))
    return [
        Variant(
            variant,
            VARIANT_TITLES.get(variant, ""),
            words.VARIANTS.get(variant, ""),
            own := [row for row in months if row["variant"].value == variant],
            next((row for row in reversed(own) if row["gap_points"].value is not None), None),
            [row for row in tops if row["variant"].value == variant],
            _years(own),
        )
        for variant in ids
    ]


def _years(months: Rows) -> list[tuple[int, list[ResultRow | None]]]:
    """Twelve places for each year, of the months that are held or could be."""
    of_day: dict[date, ResultRow] = {row["month"].value: row for row in months}
    years = range(min(of_day).year, max(of_day).year + 1) if of_day else ()
    return [(year, [of_day.get(date(year, month, 1)) for month in range(1, 13)]) for year in reversed(years)]


def _gap_drawings(variants: Sequence[Variant], unit: str, title: str) -> Iterator[Drawing]:
    lead = f"US lead, {words.UNIT_POINTS.get(unit, unit)}"
    for variant in variants:
        with_gap = [row for row in variant.months if row["gap_points"].value is not None]
        if len(with_gap) > 1:
            yield Drawing(
                f"gap-{variant.id}",
                variant.title or "Month by month",
                f"The US lead over China on {title}, month by month{_of(variant)}.",
                gap_drawing(
                    records(variant.months, GAP_COLUMNS),
                    lead,
                    ("us", "cn"),
                    ("Best US model", "Best Chinese model"),
                ),
            )


def _tops_drawings(variants: Sequence[Variant], title: str) -> Iterator[tuple[str, Drawing]]:
    for variant in variants:
        if len(variant.tops) > 2:
            label = f"The scores of the highest models on {title}{_of(variant)}."
            drawn = tops_drawing(records(variant.tops, TOP_COLUMNS), "Score")
            yield variant.id, Drawing(f"top-{variant.id}", "", label, drawn)


def _reigns(rows: Rows) -> dict[str, dict[str, Rows]]:
    """By variant and scope, of makers."""
    found: dict[str, dict[str, list[ResultRow]]] = {}
    for row in rows:
        if row["level"].value == "organization":
            found.setdefault(row["variant"].value, {}).setdefault(row["scope"].value, []).append(row)
    return found  # type: ignore[return-value]


def _reign_drawings(reigns: Mapping[str, Mapping[str, Rows]], title: str) -> Iterator[Drawing]:
    for variant, scopes in reigns.items():
        for scope in ("world", "CN"):
            rows = scopes.get(scope, ())
            if len(rows) > 1:
                named = VARIANT_TITLES.get(variant)
                yield Drawing(
                    f"reigns-{variant}-{scope}",
                    f"{words.SCOPES[scope].capitalize()}{', ' + named.lower() if named else ''}",
                    f"Which maker was first on {title}, of {words.SCOPES[scope]}.",
                    reigns_drawing(
                        [
                            {"name": row["holder_name"].value or row["holder"].value} | record
                            for row, record in zip(rows, records(rows, REIGN_COLUMNS), strict=True)
                        ]
                    ),
                )


def _of(variant: Variant) -> str:
    return f", {variant.title.lower()}" if variant.title else ""


def records(rows: Rows, columns: Sequence[str]) -> list[dict[str, Any]]:
    records = (row.record() for row in rows)
    return [{name: record[name] for name in columns} for record in records]
