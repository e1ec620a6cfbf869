"""The explorer, and the questions that it opens with."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from warehouse.site.page import Page
from warehouse.site.queries import Results

FILE = "explore.html"


@dataclass(frozen=True)
class Question:
    """A question and the state of the explorer that answers it, as its address has it."""

    title: str
    state: str


def pages(results: Results) -> list[Page]:
    return [
        Page(
            FILE,
            "Explorer",
            "Choose a leaderboard, a category, two countries, open weights and a measure: see the gap month by month, "
            "with its table, its SQL, and a link to what you see.",
            "explore.html.j2",
            navigation="Explorer",
            order=20,
            context={"questions": questions(results)},
        )
    ]


def questions(results: Results) -> list[Question]:
    """A few to start from. Where China leads now is read from the release."""
    led = [row["board"].value for row in results["boards_led"] if row["leads_now"].value]
    found = [
        _question("Both ratings", ["arena_text.style_control", "arena_text.raw"], {"from": "2025-01"}),
        _question("Coding in 2026", ["arena_text.style_control.coding", "arena_webdev"], {"from": "2026-01"}),
        _question(
            "Prompts in Chinese",
            ["arena_text.style_control.chinese", "arena_text.style_control.english"],
            {"from": "2026-01"},
        ),
        _question("Open weights only", ["arena_text.raw.overall.US-CN.open_us_minus_open_cn"]),
        _question("Open behind closed", ["arena_text.raw.overall.US-CN.world_closed_minus_open"]),
        _question("Where China leads", led[:6]),
        _question("Who would win?", ["arena_text.raw"], {"m": "expected"}),
        _question("How many months behind?", ["eci", "arena_text.style_control"], {"m": "lag"}),
        _question("US against France", ["arena_text.raw.overall.US-FR"]),
        _question("China against France", ["arena_text.raw.overall.CN-FR"]),
    ]
    return [question for question in found if question is not None]


def _question(title: str, series: list[str], more: dict[str, str] | None = None) -> Question | None:
    """None without a series."""
    if not series:
        return None
    return Question(title, urlencode([*(("s", one) for one in series), *(more or {}).items()]))
