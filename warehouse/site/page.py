"""What a page of the folder is: its file, its words, its template, and its place in the navigation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Page:
    """One page, declared in a file of ``pages/``.

    ``file``: its path from the root of the folder, as in ``boards/arena_text.html``.
    ``title``: names it in the browser, in search results and in shared links; no two pages have the same.
    ``description``: one or two sentences on what it shows, for search results and shared links.
    ``template``: a file of ``templates/``, which gets ``page``, ``charts`` and all of ``context``.
    ``navigation``: its name in the navigation, at the place ``order``; with None only other pages link to it.
    ``section``: the file of the page in the navigation to which it belongs; None for those that are there.
    """

    file: str
    title: str
    description: str
    template: str
    navigation: str | None = None
    order: int = 1000
    section: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Its one address from the root of the folder: that of the front page is the folder's."""
        return "" if self.file == "index.html" else self.file

    @property
    def root(self) -> str:
        """What leads from it to the root of the folder, put before every address: the empty text or ``../``."""
        return "../" * self.file.count("/")


@dataclass(frozen=True)
class ExtraPage:
    """A page that a folder has on request; ``add`` puts the files it needs into the folder."""

    page: Page
    add: Callable[[Path], None]
