"""What a reader must know beside a chart: marks, definitions, what the figures do not say."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from warehouse.site.cited_values import day, number
from warehouse.site.queries import Results


def gap(results: Results) -> Markup:
    facts = results["gap_facts"]
    text = Markup(
        "Each dot is the last publication of a month, drawn on its day. ● whole listing, ○ leaders only, "
        "copied by hand, without interval ({} of {} months). │ and shading: 95 % interval, where errors "
        "are published ({}). "
    ).format(
        number(facts, "months_leaders_only", 0),
        number(facts, "months", 0),
        number(facts, "months_with_interval", 0),
    )
    if facts.cell(0, "months_truncated"):
        text += Markup("△ truncated listing: the gap is at least this ({} months). ").format(
            number(facts, "months_truncated", 0)
        )
    if facts.cell(0, "months_without"):
        text += Markup("{} months have no snapshot and are left open. ").format(
            number(facts, "months_without", 0)
        )
    if facts.cell(0, "months_other_zero"):
        text += Markup(
            "Shaded months ({}) stand on an older zero of the scale: points compare, percentages do not. "
        ).format(number(facts, "months_other_zero", 0))
    return text + Markup(
        "Ticks above are export-control milestones of both sides, on their days; named is the first about "
        "each chip. No cause is claimed."
    )


def restated(results: Results) -> Markup:
    return Markup(
        "Ratings are estimated anew at every publication, so a month has as many gaps as vintages. Both "
        "lines are raw votes. Hollow: a model that led then is no longer in the newest ratings ({} "
        "months), and another stands in its place."
    ).format(number(results["restated_facts"], "months_leader_missing", 0))


def lag(results: Results) -> Markup:
    facts = results["lag_facts"]
    arena = facts.find(board="arena_text")
    text = Markup(
        "Within one vintage, from release dates (first listings on the arena). First reached: how long "
        "ago the US first stood where China stands. Last matched: the age of the newest US record China "
        "has matched. Passed: how long ago the US went beyond China’s best. A saw-tooth falls when a "
        "Chinese model sets a record."
    )
    if arena is None:
        return text
    return text + Markup(" Arena: style control, ratings of {}.").format(day(facts, "vintage", arena))


def fixed(text: str) -> Callable[[Results], Markup]:
    return lambda results: Markup(text)


variants = fixed(
    "Two ratings of the same votes: raw, and with the effect of length and formatting taken out, "
    "which the arena shows by default since 16 May 2025. They are different scales: the axes are of "
    "equal length, but nothing may be subtracted across. Months without a number are left open."
)

boards = fixed(
    "The newest figure of each board, in its own unit. Units differ: which side leads can be "
    "compared, the size across panels cannot. ○ the better model is near the ceiling of the board. │ "
    "95 % interval, where errors are published."
)


def prices(results: Results) -> Markup:
    facts = results["prices_facts"]
    text = Markup(
        "The makers’ own list prices, three parts input to one output; resellers are left out and a zero "
        "is no price unless the maker says free. A price is drawn in the month of its list: where the "
        "cheapest is of an older one, the month is left open. "
    )
    if not len(facts):
        return text
    return text + Markup(
        "Levels are points of the text arena with style control, all in its ratings of {}, so that “rated "
        "the same” means the same throughout."
    ).format(day(facts, "vintage"))


chips = fixed(
    "Single chips on paper: dense rates, memory and bandwidth as their makers state them; what a "
    "system of them can do is another question. Blank figures stay blank. Hollow: announced, not "
    "shipped."
)

notable = fixed(
    "A model of several countries counts once for each. The list grows backwards: counts of earlier "
    "years rise with every vintage. Pale: the year was not over when the list was taken."
)

categories = fixed(
    "Categories of the text arena with style control. │ 95 % interval of the gap between the two "
    "tops. ○ the interval holds zero. ▽ China leads."
)
