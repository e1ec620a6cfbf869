"""The front page and the pages about the figures: claims, sources, method."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

from warehouse.read import method
from warehouse.site.answer import answer
from warehouse.site.page import Page
from warehouse.site.queries import Results


def pages(results: Results) -> list[Page]:
    return [
        Page(
            "index.html",
            "How far apart are the best US and Chinese AI models?",
            f"{answer(results)} Month by month, with uncertainty, sources and data.",
            "index.html.j2",
            navigation="The gap",
            order=10,
        ),
        Page(
            "claims.html",
            "Claims",
            "What others have said about the gap between US and Chinese AI models, measured by the rule they state.",
            "claims.html.j2",
            navigation="Claims",
            order=50,
        ),
        Page(
            "sources.html",
            "Sources",
            "Whose figures these are, under what licence, how fresh they are, and what is left out as doubtful.",
            "sources.html.j2",
            navigation="Sources",
            order=60,
        ),
        Page(
            "changes.html",
            "Changes",
            "What this release changed from the one before, and why, as far as the two files show.",
            "changes.html.j2",
            order=65,
            section="sources.html",
        ),
        Page(
            "method.html",
            "Method",
            "How each measure is computed: its rule, its formula, what it tells, and where it is from.",
            "method.html.j2",
            navigation="Method",
            order=70,
            context={"method": Markup(MarkdownIt().enable("table").render(method.markdown()))},
        ),
    ]
