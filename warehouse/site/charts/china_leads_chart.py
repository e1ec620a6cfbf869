"""Where Chinese models have been first: a row a board, a bar a reign, in the colour of the country that was first."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import Chart, PageColumn, Panel
from warehouse.site.drawing.marks import data
from warehouse.site.drawing.strips import strips
from warehouse.site.queries import Results


def panels(results: Results) -> list[Panel]:
    """The one panel of the chart, boards on which China leads now at the top."""
    boards = dict.fromkeys(results["china_leads"].column("series"))
    rows = alt.Chart(data("china_leads")).transform_window(place="row_number()")
    days = "datum.cn_days + ' of ' + datum.known_days + ' days'"
    marks = "(datum.is_old ? ' (old)' : '') + (datum.by_makers ? '*' : '')"
    label = f"datum.series + {marks} + '|China ' + {days}"
    tooltip = [
        alt.Tooltip("series:N", title="Board"),
        alt.Tooltip("side:N", title="First"),
        alt.Tooltip("model_name:N", title="Model at the start"),
        alt.Tooltip("since:N", title="First seen"),
        alt.Tooltip("until:N", title="Last seen"),
        alt.Tooltip("days_at_least:Q", title="Days, at least"),
        alt.Tooltip("days_at_most:Q", title="Days, at most"),
        alt.Tooltip("margin_at_start:Q", title="Ahead at the start by", format=",.1f"),
    ]
    return [Panel("boards", "Who was first", strips(rows, label, "place", len(boards), tooltip))]


CHART = Chart(
    id="china_leads",
    order=22,
    page="stories/where-china-leads.html",
    title="First, board by board",
    headline="""
        {% set boards = results.china_leads_boards %}
        {% set now = boards|selectattr("leads_now.value")|rejectattr("is_old.value")|list %}
        {% if now %}
        Chinese models are first on {{ number(facts.led_now, 0) }} of the {{ number(facts.new_boards, 0) }} boards with
        a publication in the newest three months: {% for board in now %}{{ name(board.name) }}{{ comma(loop) }}{%
        endfor %}.
        {% elif boards %}
        Chinese models are first on none of the {{ number(facts.new_boards, 0) }} boards with a publication in the
        newest
        three months.
        {% else %}No Chinese model has been first on any board that is held.
        {% endif %}
        {% if facts.led_before.value %}They have been first on {{ number(facts.led_before, 0) }} others
        {%- if not facts.has_led_text.value %}, never on the text arena{% endif %}.{% endif %}
    """,
    subtitle="""
        Country of the model with the highest score of all, publication by publication, on every board on which it has
        been China. Blue: the US, orange: China.
    """,
    unit="days",
    note="""
        A bar runs from the first to the last publication with that country first; the thin line after it, to the next
        one, in which the lead passed at a day that is not known. First is who was shown first: scores have errors.
        “Old”: nothing of the newest three months is held, so the board counts in no headline. On the
        {{ number(facts.never_led, 0) }} other boards no Chinese model has been first. Left out: boards on which only
        makers report, and boards on which no model has a point.
        {%- if results.china_leads|selectattr("by_makers.value")|list %} *: China’s lead there is by the makers’
        own figures.{% endif %}
    """,
    panels=panels,
    columns=(
        PageColumn("series", "Board"),
        PageColumn("country", "First"),
        PageColumn("model_name", "Model at the start", "name"),
        PageColumn("first_seen", "First seen", "day"),
        PageColumn("last_seen", "Last seen", "day"),
        PageColumn("days_at_least", "Days, at least", 0),
        PageColumn("days_at_most", "at most", 0),
        PageColumn("margin_at_start", "Ahead at the start by", 1),
        PageColumn("publications", "Publications", 0),
    ),
    facts="china_leads_facts",
    more_queries=("china_leads_boards",),
)
