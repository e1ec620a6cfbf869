"""The stories: one page a subject, with the charts that name it as their page."""

from __future__ import annotations

from warehouse.site.page import Page
from warehouse.site.queries import Results

INDEX = "stories/index.html"


def story(name: str, title: str, description: str, order: int) -> Page:
    """The page ``stories/<name>.html``: ``description`` stands above its charts too."""
    return Page(f"stories/{name}.html", title, description, "story.html.j2", order=order, section=INDEX)


def pages(results: Results) -> list[Page]:
    return [
        Page(
            INDEX,
            "Stories",
            "What the figures say on one subject each: two ratings of one month, the lag in months, prices, chips.",
            "stories.html.j2",
            navigation="Stories",
            order=40,
        ),
        story(
            "which-gap",
            "Why do they say another number?",
            "One month has many gaps: two ratings, several publications, models that are public or not, later ratings.",
            order=401,
        ),
        story(
            "where-china-leads",
            "Where China leads",
            "The boards on which a Chinese model is first or has been, and on how many days.",
            order=402,
        ),
        story(
            "open-weights",
            "Open weights",
            "The best US and Chinese models that anyone can download, and how far they are behind closed ones.",
            order=403,
        ),
        story(
            "what-moved-the-gap",
            "What moved the gap",
            "Each monthly change of the gap by what changed it: new models, models no longer listed, new ratings.",
            order=404,
        ),
        story(
            "reigns",
            "Who was first, and how long",
            "The makers that have been first in the text arena, of all and of the Chinese, reign by reign.",
            order=405,
        ),
        story(
            "exams",
            "The exams of the AI Index, then and now",
            "The gaps on exams that the AI Index printed, beside what the scores held here give, and since.",
            order=406,
        ),
        story(
            "outlook",
            "Where the gap may go",
            "The range in which the gap may lie in one to six months, and how such forecasts have fared.",
            order=407,
        ),
        story(
            "two-ratings",
            "Raw votes or style control",
            "The arena rates each model twice, in raw votes and with the effect of style taken out: two gaps a month.",
            order=410,
        ),
        story(
            "then-and-now",
            "The gap then and now",
            "Ratings are estimated again at every publication: each month as published then and as it looks now.",
            order=420,
        ),
        story(
            "export-controls",
            "Export controls and the gap",
            "Export-control milestones of the US and of China on their days, above the gap. No cause is claimed.",
            order=425,
        ),
        story(
            "lag",
            "The lag in months",
            "How many months the best Chinese models are behind the best US ones, by three readings.",
            order=430,
        ),
        story(
            "prices",
            "What it costs",
            "The cheapest US and the cheapest Chinese model of the same rating, by the makers’ own prices.",
            order=440,
        ),
        story(
            "chips",
            "The chips",
            "Chinese AI chips beside those of the US: computing speed, memory and bandwidth.",
            order=450,
        ),
        story(
            "notable-models",
            "Notable models",
            "How many models of note each country publishes a year, counted in two ways.",
            order=460,
        ),
    ]
