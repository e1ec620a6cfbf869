"""The list of models that ever led, and a page for each."""

from __future__ import annotations

from collections import Counter

from warehouse.site import board_words as words
from warehouse.site.page import Page
from warehouse.site.page_files import model_file
from warehouse.site.pages.board_pages import INDEX as BOARDS
from warehouse.site.queries import Results

INDEX = "models.html"


def pages(results: Results) -> list[Page]:
    reigns = results["board_reigns"].by("level", "holder")
    boards = {row["board"].value: row for row in results["board_list"]}
    context = {"words": words, "boards": boards}
    listed = Page(
        INDEX,
        "Models that led",
        "Every model that was ever first on a board, of all countries or of the US or China: who made it, and when.",
        "models.html.j2",
        section=BOARDS,
        context=context,
    )
    names = Counter(results["led_models"].column("printed_name"))
    found = [listed]
    for model in results["led_models"]:
        model_id, name = model["model_id"].value, model["printed_name"].value
        # two models may be printed alike, but no two pages have one title
        title = name if names[name] == 1 else f"{name} ({model_id})"
        found.append(
            Page(
                model_file(model_id),
                f"{title}: when it led",
                f"Where and when {name} was first of all models or of its country, who made it, and how we know.",
                "model.html.j2",
                section=BOARDS,
                context=context | {"model": model, "leads": reigns["model", model_id]},
            )
        )
    return found
