"""The dictionary: its index, and a page for each table. The text is that of `warehouse.read.dictionary`."""

from __future__ import annotations

from warehouse.site.page import Page
from warehouse.site.page_files import table_file
from warehouse.site.queries import Results

INDEX = "dictionary/index.html"


def pages(results: Results) -> list[Page]:
    # a site may be drawn without it
    return [_page(*row) for row in results["dictionary"].rows] if "dictionary" in results else []


def _page(file: str, text: str) -> Page:
    name = file.removesuffix(".md")
    if name == "README":
        return Page(
            INDEX,
            "Dictionary",
            "Every published table by topic: what one row is, and which question it answers.",
            "dictionary.html.j2",
            navigation="Dictionary",
            order=80,
            context={"text": text, "table": None},
        )
    return Page(
        table_file(name),
        f"{name}: table",
        f"Columns, grain, lineage, licence and an example of the table {name}.",
        "dictionary.html.j2",
        section=INDEX,
        context={"text": text, "table": name},
    )
