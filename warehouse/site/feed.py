"""What readers and search engines are told about the folder: an Atom feed, a site map, rules for robots."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from warehouse.site.addresses import Addresses
from warehouse.site.page import Page
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease
from warehouse.site.templating import environment

#: Publications in the feed besides the release itself.
PUBLICATIONS = 20


def texts(results: Results, release: ShownRelease, pages: list[Page], addresses: Addresses) -> dict[str, str]:
    """File name to text. There is no site map without an address: its links must be whole."""
    shared = {"release": release, "pages": pages, "addresses": addresses}
    publications = [row for row in results["gap"] if row["gap_points"].value is not None]
    publications.sort(
        key=lambda row: (row["published_on"].value or date.min, row["variant"].value), reverse=True
    )
    feed = environment().get_template("feed.xml.j2")
    made = {
        "feed.xml": feed.render(shared, publications=publications[:PUBLICATIONS], urn=urn),
        "robots.txt": "User-agent: *\nAllow: /\n",
    }
    if addresses.site:
        made["sitemap.xml"] = environment().get_template("sitemap.xml.j2").render(shared)
        made["robots.txt"] += f"Sitemap: {addresses.site}sitemap.xml\n"
    return made


def urn(*names: str) -> str:
    """An identifier that is the same wherever the folder is served."""
    return uuid5(NAMESPACE_URL, "/".join(("aigap", *names))).urn
