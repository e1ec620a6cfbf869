"""A query's rows as an HTML table: every figure and day hooked, names as printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from warehouse.site.cited_values import day, month, number, word, year
from warehouse.site.queries import Result


@dataclass(frozen=True)
class Column:
    """``kind``: month, day, year, name, text, link, word, verdict, yes, or how many decimals a number has."""

    name: str
    heading: str
    kind: str | int = "text"

    @property
    def numeric(self) -> bool:
        return isinstance(self.kind, int)


WORDS = {
    "style_control": "style control",
    "leaders_only": "leaders only",
    "no_snapshot": "no snapshot",
    "first_party": "maker’s own",
    "free_by_maker": "free, says the maker",
    "first_reached": "first reached",
    "last_matched": "last matched",
    "fp16_tensor": "dense FP16",
    "not_measurable": "not measurable",
    "vintage_not_held": "vintage not held",
    "no_value_claimed": "no value claimed",
}


def cell(result: Result, row: int, column: Column) -> Markup:
    value = result.cell(row, column.name)
    if value is None:
        return Markup('<span class="none">–</span>')
    if isinstance(column.kind, int):
        return number(result, column.name, column.kind, row)
    if column.kind == "month":
        return month(result, column.name, row)
    if column.kind == "day" and isinstance(value, date | datetime):
        return day(result, column.name, row)
    if column.kind == "year":
        return year(result, column.name, row)
    if column.kind == "name":
        return word(result, column.name, row)
    if column.kind == "yes":
        return Markup("yes" if value else "no")
    if column.kind == "verdict":
        known = value if value in ("reproduced", "differs") else "other"
        return Markup('<span class="verdict {}">{}</span>').format(known, WORDS.get(value, value))
    if column.kind == "word":
        return Markup("{}").format(WORDS.get(value, value))
    if column.kind == "link":
        return (
            Markup('<a href="{0}">{0}</a>').format(value)
            if str(value).startswith("https://")
            else Markup("{}").format(value)
        )
    return Markup("{}").format(value)


def table(
    result: Result,
    columns: tuple[Column, ...],
    caption: str,
    rows: list[int] | None = None,
    *,
    stack: bool = False,
) -> Markup:
    """A table that scrolls by itself where the page is too narrow; ``stack`` sets its rows under one another there.

    The first column is then the heading of its row.
    """
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="number"') if column.numeric else "", column.heading
        )
        for column in columns
    )
    lines = []
    for row in range(len(result)) if rows is None else rows:
        cells = []
        for place, column in enumerate(columns):
            kind = "head" if stack and not place else "number" if column.numeric else ""
            cells.append(
                Markup("<td{}{}>{}</td>").format(
                    Markup(' class="{}"').format(kind) if kind else "",
                    Markup(' data-label="{}"').format(column.heading) if stack else "",
                    cell(result, row, column),
                )
            )
        lines.append(Markup("<tr>{}</tr>\n").format(Markup("").join(cells)))
    return Markup(
        '<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table{stack}>'
        "<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>"
    ).format(
        caption=caption,
        head=head,
        body=Markup("").join(lines),
        stack=Markup(' class="stack"') if stack else "",
    )


def records(result: Result, heading: str, columns: tuple[Column, ...]) -> Markup:
    """Each row as a section under its ``heading``: for rows of sentences, which no table holds on any screen."""
    sections = []
    for row in range(len(result)):
        pairs = [
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(column.heading, cell(result, row, column))
            for column in columns
            if result.cell(row, column.name) is not None
        ]
        sections.append(
            Markup('<section class="record"><h2>{}</h2><dl>{}</dl></section>\n').format(
                result.cell(row, heading), Markup("").join(pairs)
            )
        )
    return Markup("").join(sections)
