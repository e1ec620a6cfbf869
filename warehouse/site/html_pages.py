"""Every page as HTML, from results and templates. Nothing here writes to the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from warehouse.site.addresses import Addresses
from warehouse.site.chart import Panel
from warehouse.site.drawing.rendering import rows_of, specification
from warehouse.site.drawn_charts import DrawnChart
from warehouse.site.freshness import board_state, state, with_state
from warehouse.site.links import model_pages
from warehouse.site.page import ExtraPage, Page
from warehouse.site.pages import declared
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease
from warehouse.site.templating import environment, macros


def all_pages(results: Results, extra: ExtraPage | None = None) -> list[Page]:
    """The declared pages and the ``extra`` one."""
    return declared(results) if extra is None else [*declared(results), extra.page]


def render(
    results: Results,
    release: ShownRelease,
    charts: list[DrawnChart],
    extra: ExtraPage | None = None,
    addresses: Addresses = Addresses(),  # noqa: B008 - it is frozen
    wanted: Callable[[Page], bool] = lambda page: True,
) -> dict[str, str]:
    """The file of each page that is ``wanted`` to its HTML. ``charts`` go to the page that each is declared for."""
    pages = all_pages(results, extra)
    shared = {
        "pages": pages,
        "navigation": [page for page in pages if page.navigation],
        "all_charts": charts,
        "release": release,
        "addresses": addresses,
        "dictionary_of": _dictionary(pages),
        "results": {
            **results,
            "sources": with_state(results["sources"], release.published_on, state),
            "board_rhythm": with_state(results["board_rhythm"], release.published_on, board_state),
        },
        "specification": specification,
        "stored_rows": stored_rows,
    }
    models = model_pages(results)
    macros_of = {root: macros(root, models) for root in {page.root for page in pages}}
    return {
        page.file: environment()
        .get_template(page.template)
        .render(
            shared | macros_of[page.root],
            page=page,
            root=page.root,
            charts=[drawn for drawn in charts if drawn.chart.page == page.file],
            **page.context,
        )
        for page in pages
        if wanted(page)
    }


def _dictionary(pages: list[Page]) -> Callable[[str], str]:
    """From the name of a table to the address of its entry, from the root of the folder."""
    files = {page.file for page in pages}

    def address(table: str) -> str:
        page = f"dictionary/{table}.html"
        return page if page in files else f"dictionary.html#{table}"

    return address


def embedded(drawn: DrawnChart, results: Results) -> str:
    """The page ``charts/<id>.html``: one chart alone, for a frame of another page."""
    template = environment().get_template("embed.html.j2")
    return template.render(
        drawn=drawn, results=results, root="../", specification=specification, stored_rows=stored_rows
    )


def stored_rows(panels: Sequence[Panel], results: Results) -> dict[str, Any]:
    """The rows that ``panels`` draw, as a page stores them."""
    return {name: result.columns() for name, result in rows_of(panels, results).items()}
