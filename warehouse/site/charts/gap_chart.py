"""The monthly gap of the text arena by both ratings: line, intervals and statuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt

from warehouse.site.chart import GAP, LEADERS, MONTH, Chart, PageColumn, Panel
from warehouse.site.cited_values import in_words
from warehouse.site.drawing.gap_series import gap_series, hover_month, point_labels, scale_break
from warehouse.site.drawing.marks import data, layered, zero_line
from warehouse.site.queries import Results
from warehouse.site.words import VARIANT_PHRASES

#: Height of each plot, in pixels, here and on a phone, where it stands on the first screen too.
HEIGHT, NARROW_HEIGHT = 250, 160
#: What the axis calls the ratings.
SHORT = {"style_control": "style control", "raw": "raw votes"}


def panels(results: Results) -> list[Panel]:
    """A panel a rating, for each is a scale of its own."""
    return [_panel(results, facts) for facts in results["gap_facts"].records()]


def _panel(results: Results, facts: dict[str, Any]) -> Panel:
    variant = facts["variant"]
    first, last, least = facts["first_month"], facts["last_month"], facts["smallest_month"]
    gaps = [row["gap_points"] for row in results["gap"].records() if row["variant"] == variant]
    # not on the line, which rises from the first point or falls
    rises = len(gaps) > 1 and gaps[1] is not None and gaps[1] > gaps[0]
    only = f"datum.variant == '{variant}'"
    title = f"Arena points, {SHORT[variant]}"
    layers = [
        *(scale_break("gap_facts", only) if facts["months_other_zero"] else []),
        hover_month(alt.Chart(data("gap")).transform_filter(only)),
        zero_line(),
        *gap_series(results["gap"], title, variant),
        point_labels("gap", [first], only, below=rises),
        point_labels("gap", [last] if last != first else [], only),
        point_labels("gap", [least] if least not in (first, last) else [], only, above=True),
    ]
    span = f"US lead {VARIANT_PHRASES[variant]}, since {in_words(date.fromisoformat(first), day=False)}"
    return Panel(variant, span, layered(layers, HEIGHT, top=4, right=34, narrow_height=NARROW_HEIGHT))


CHART = Chart(
    id="gap",
    order=10,
    title="The gap month by month",
    headline="""
        {% set rows = results.gap_facts %}
        {% if not rows %}No month of the text arena has a gap yet.{% endif %}
        {% for row in rows %}
        {% if loop.first %}The US lead {{ VARIANT_PHRASES[row.variant.value] }} was
        {% else %}{{ VARIANT_PHRASES[row.variant.value] }} it was {% endif %}
        {{ number(row.first_gap, 0) }} Arena points in {{ month(row.first_month) }}
        {%- if row.smallest_month.value not in (row.first_month.value, row.last_month.value) %},
        {{ number(row.smallest_gap, 0) }} at its smallest in {{ month(row.smallest_month) }}{% endif %}
        {%- if row.last_month.value != row.first_month.value %}
        and {{ number(row.last_gap, 0) }}{% if row.last_is_open.value %} so far{% endif %}
        in {{ month(row.last_month) }}
        {%- if row.smallest_month.value == row.last_month.value %}, its smallest{% endif %}{% endif %}
        {%- if row.last_gap.value|leading_side == "China" %}: China leads{% endif %}{{ "." if loop.last else ";" }}
        {% endfor %}
    """,
    subtitle="""
        Text arena: rating of the best US model less that of the best Chinese one, in points of each rating; the last
        publication of each month.
    """,
    unit="points of the text arena",
    note="""
        Each dot is the last publication of a month, drawn on its day. ● whole listing, ○ leaders only, copied by
        hand. │ and shading: 95 % interval of how far apart the two leaders truly are, where the errors of both are
        published and no model that is not listed could lead.
        {% for row in results.gap_facts %}
        {{ VARIANT_PHRASES[row.variant.value]|capitalize }}: {{ plural(row.months_with_gap, "month", "months") }} with
        a gap, {{ number(row.months_with_interval, 0) }} with an interval, {{ number(row.months_leaders_only, 0) }} of
        leaders only
        {%- if row.months_truncated.value %}, {{ number(row.months_truncated, 0) }} of a truncated listing (△: the gap
        is at least this){% endif %}
        {%- if row.months_without.value %}, {{ number(row.months_without, 0) }} without a number, left open{% endif %}
        {%- if row.months_other_zero.value %}, {{ number(row.months_other_zero, 0) }} with an older zero of the scale
        (shaded: points can be compared, percentages cannot){% endif %}.
        {% endfor %}
        The two ratings are scales of their own: no number may be subtracted across them.
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("variant", "Rating", "code"),
        PageColumn("status", "Status", "code"),
        *GAP,
        *LEADERS,
        PageColumn("day", "Published", "day"),
    ),
    more_queries=("gap_facts",),
)
