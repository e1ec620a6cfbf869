"""The pages of the folder.

To add some, write ``warehouse/site/pages/<subject>_pages.py`` with ``def pages(results: Results) -> list[Page]`` and
the template it names. One function may declare many pages of one template, each with a ``context`` of its own. The
navigation, the lists of a section and the site map follow from the declarations. A chart is on the page that its
``Chart.page`` names.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from warehouse.site.page import Page
from warehouse.site.queries import Results


def declared(results: Results) -> list[Page]:
    """All pages of a release, by ``order`` and file."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = [page for module in modules for page in module.pages(results)]
    return sorted(found, key=lambda page: (page.order, page.file))
