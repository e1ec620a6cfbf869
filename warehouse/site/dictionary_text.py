"""The Markdown of `warehouse.read.dictionary` as HTML for a page."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markupsafe import Markup

from warehouse.site.page_files import table_file


def html(text: str) -> Markup:
    """A page of the dictionary as HTML: links lead to the other pages, wide tables scroll by themselves."""
    text = re.sub(r"\[([^\]]+)\]\(\.\./\.\./[^)]*\)", r"`\1`", text)
    text = re.sub(
        r"\(((?:core|main|meta)\.\w+)\.md\)",
        lambda link: f"({PurePosixPath(table_file(link[1])).name})",
        text,
    )
    parts = re.split(
        r"<h2>(.*?)</h2>", MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    )
    found = parts[0]
    for heading, part in zip(parts[1::2], parts[2::2], strict=True):
        anchor = re.sub(r"\W+", "-", heading.lower())
        opened = f'<div class="scroll" role="region" aria-label="{heading}" tabindex="0"><table>'
        part = part.replace("<table>", opened).replace("</table>", "</table></div>")
        part = part.replace("<pre>", f'<pre tabindex="0" role="region" aria-label="SQL, {heading}">')
        found += f'<h2 id="{anchor}">{heading}</h2>{part}'
    return Markup(found)
