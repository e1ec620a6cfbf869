"""What each chart shows, in a sentence written from the rows, so that it stays true after every refresh.

Nothing here explains: a chart and its sentence say what was measured, never why it came about.
"""

from __future__ import annotations

from markupsafe import Markup

from warehouse.site.cited_values import day, month, number, word, year
from warehouse.site.queries import Result, Results

VARIANTS = {"raw": "in raw votes", "style_control": "with style control"}
#: A gap smaller than this is level: the last place shown.
LEVEL = 0.05


def _join(parts: list[Markup]) -> Markup:
    if len(parts) < 2:
        return parts[0] if parts else Markup("")
    return Markup(", ").join(parts[:-1]) + Markup(" and ") + parts[-1]


def side(gap: float) -> str:
    """Who leads, for the middle of a sentence."""
    if abs(gap) < LEVEL:
        return "level"
    return "US" if gap > 0 else "China"


def plural(result: Result, column: str, one: str, many: str, row: int = 0) -> Markup:
    """As in 1 month, 12 months."""
    value = result.cell(row, column)
    return Markup("{} {}").format(number(result, column, 0, row), one if value == 1 else many)


def now(results: Results) -> Markup:
    """The gap now, in one sentence: both variants, leaders, day, interval, spread of definitions."""
    rows = results["now"]
    if not len(rows):
        return Markup("No month of the text arena has a gap yet.")
    same_month = len(set(rows.column("month"))) == 1
    parts = []
    for n, variant in enumerate(rows.column("variant")):
        gap = rows.cell(n, "gap_points")
        text = Markup("{} {} ({} against {}{})").format(
            Markup("{} points").format(number(rows, "gap_points", 1, n, size=True))
            if side(gap) != "level"
            else Markup("{} points, level,").format(number(rows, "gap_points", 1, n)),
            VARIANTS.get(variant, variant),
            word(rows, "us_model", n),
            word(rows, "cn_model", n),
            Markup("") if same_month else Markup(", {}").format(month(rows, "month", n)),
        )
        if len({side(g) for g in rows.column("gap_points")}) > 1 and side(gap) != "level":
            text += Markup(", the {} side ahead").format("US" if gap > 0 else "Chinese")
        parts.append(text)
    sides = {side(g) for g in rows.column("gap_points")}
    if sides == {"US"}:
        opening = Markup("the best US model leads the best Chinese one by ")
    elif sides == {"China"}:
        opening = Markup("the best Chinese model leads the best US one by ")
    else:
        opening = Markup("the best US and the best Chinese model are apart by ")
    if same_month:
        when = Markup("In {}, as published on {}, ").format(month(rows, "month"), day(rows, "published_on"))
    else:
        when = Markup("In the newest month of each, ")
    return when + opening + _join(parts) + Markup("; ") + _certainty(rows) + Markup(".")


def _certainty(rows: Result) -> Markup:
    """How sure: the 95 % intervals, or that there are none; and how far the definitions are apart."""
    known = [n for n in range(len(rows)) if rows.cell(n, "gap_low") is not None]
    if known:
        interval = Markup("95 % intervals: ") + _join(
            [
                Markup("{} to {} {}").format(
                    number(rows, "gap_low", 1, n), number(rows, "gap_high", 1, n), _variant(rows, n)
                )
                for n in known
            ]
        )
        if len(known) < len(rows):
            interval += Markup(", none published for the other")
    else:
        return Markup("no interval is published") + _last_certain(rows)
    spread = [n for n in range(len(rows)) if rows.cell(n, "definition_spread") is not None]
    if not spread:
        return interval
    sizes = _join(
        [
            Markup("{} points {}").format(number(rows, "definition_spread", 1, n), _variant(rows, n))
            for n in spread
        ]
    )
    return interval + Markup(", and the definitions of a month’s gap are {} apart").format(sizes)


def _last_certain(rows: Result) -> Markup:
    """The newest months with an interval, for a month that has none: leaders alone have no interval, and a month
    of one snapshot no definitions to differ.
    """
    known = [n for n in range(len(rows)) if rows.cell(n, "interval_month") is not None]
    if not known:
        return Markup("")
    only = set(rows.column("status")) == {"leaders_only"}
    return Markup("{}; the newest with one, {}").format(
        " with this month’s leaders alone" if only else "",
        _join(
            [
                Markup("{} {}, was {} (95 % interval {} to {}; definitions {} apart)").format(
                    month(rows, "interval_month", n),
                    _variant(rows, n),
                    number(rows, "interval_gap", 1, n),
                    number(rows, "interval_low", 1, n),
                    number(rows, "interval_high", 1, n),
                    number(rows, "interval_spread", 1, n),
                )
                for n in known
            ]
        ),
    )


def _variant(rows: Result, row: int) -> str:
    variant: str = rows.cell(row, "variant")
    return VARIANTS.get(variant, variant)


def gap(results: Results) -> Markup:
    facts = results["gap_facts"]
    if facts.cell(0, "last_gap") is None:
        return Markup("No month of the raw text arena has a gap yet.")
    smallest, last = facts.cell(0, "smallest_gap"), facts.cell(0, "last_gap")
    subject = "The US lead" if smallest >= LEVEL else "The US lead over China"
    text = Markup("{} was {} points in {}").format(
        subject, number(facts, "first_gap"), month(facts, "first_month")
    )
    if facts.cell(0, "smallest_month") not in (facts.cell(0, "first_month"), facts.cell(0, "last_month")):
        text += Markup(", {} at its smallest in {}").format(
            number(facts, "smallest_gap"), month(facts, "smallest_month")
        )
    text += Markup(" and {} in {}").format(number(facts, "last_gap"), month(facts, "last_month"))
    if facts.cell(0, "smallest_month") == facts.cell(0, "last_month"):
        text += Markup(", its smallest")
    if side(last) == "China":
        text += Markup(": China leads")
    return text + Markup(".")


def variants(results: Results) -> Markup:
    facts = results["variants_facts"]
    if not facts.cell(0, "months"):
        return Markup("No month has a gap in both variants yet.")
    text = Markup("{} has {} points raw and {} with style control").format(
        month(facts, "last_month"), number(facts, "raw_gap"), number(facts, "style_gap")
    )
    if not facts.cell(0, "months_leaders_differ"):
        return text + Markup("; the leaders are the same in every month that has both.")
    return text + Markup("; the leaders differ in {} of the {} months that have both.").format(
        number(facts, "months_leaders_differ", 0), number(facts, "months", 0)
    )


def restated(results: Results) -> Markup:
    facts = results["restated_facts"]
    if not facts.cell(0, "months"):
        return Markup("No later ratings are held to restate a month with.")
    text = Markup("In the ratings of {}, {} of {} months move by more than {} points").format(
        day(facts, "vintage"),
        number(facts, "months_moved", 0),
        number(facts, "months", 0),
        number(facts, "moved_by_more_than", 0),
    )
    turned = facts.cell(0, "months_changing_hands")
    if not turned:
        return text + Markup("; in none does the lead change sides.")
    which = (
        Markup("{} changes sides").format(month(facts, "turned_month"))
        if turned == 1
        else Markup("{} change sides, the newest {}").format(
            number(facts, "months_changing_hands", 0), month(facts, "turned_month")
        )
    )
    return text + Markup("; {}, from {} then to {} now.").format(
        which,
        number(facts, "turned_then", 1, signed=True),
        number(facts, "turned_now", 1, signed=True),
    )


def lag(results: Results) -> Markup:
    """The newest lag of the first board listed, over its readings."""
    facts = results["lag_facts"]
    rows = [
        n
        for n in range(len(facts))
        if facts.cell(n, "board") == facts.cell(0, "board") and facts.cell(n, "lag_months") is not None
    ]
    if not rows:
        return Markup("No lag can be read from the newest vintages.")
    rows.sort(key=lambda n: facts.cell(n, "lag_months"))
    low, high = rows[0], rows[-1]
    least, most = (round(facts.cell(n, "lag_months"), 1) for n in (low, high))
    size = {n: number(facts, "lag_months", 1, n, size=True) for n in (low, high)}
    if least < 0 < most:
        text = Markup("China is between {} months ahead and {} behind").format(size[low], size[high])
    else:
        ends = (high, low) if most <= 0 else (low, high)
        span = size[low] if least == most else Markup("{} to {}").format(*(size[n] for n in ends))
        text = Markup("China is {} months {}").format(span, "ahead" if least < 0 else "behind")
    return text + Markup(" on the {} of {}, depending on how one reads “behind”.").format(
        word(facts, "board_name", low), day(facts, "vintage", low)
    )


def boards(results: Results) -> Markup:
    facts = results["boards_facts"]
    if not facts.cell(0, "boards"):
        return Markup("No board has a gap yet.")
    parts = [
        Markup("{} leads on {}").format(name, number(facts, column, 0))
        for name, column in (("the US", "us_leads"), ("China", "cn_leads"))
        if facts.cell(0, column)
    ]
    if not facts.cell(0, "cn_leads"):
        parts.append(Markup("China on none"))
    elif not facts.cell(0, "us_leads"):
        parts.append(Markup("the US on none"))
    if facts.cell(0, "level"):
        parts.append(
            Markup("{} is level" if facts.cell(0, "level") == 1 else "{} are level").format(
                number(facts, "level", 0)
            )
        )
    text = Markup("In the newest figure of each of {} boards, of {} to {}, {}").format(
        number(facts, "boards", 0), month(facts, "oldest_month"), month(facts, "newest_month"), _join(parts)
    )
    if facts.cell(0, "open"):
        text += Markup("; on {} of them the 95 % interval leaves it open who leads").format(
            number(facts, "open", 0)
        )
    return text + Markup(".")


def categories(results: Results) -> Markup:
    facts = results["categories_facts"]
    if not facts.cell(0, "categories"):
        return Markup("No category has an interval yet.")
    return Markup(
        "In {} of {} kinds of question the interval of {} leaves it open who leads; "
        "the gap runs from {} points to {}."
    ).format(
        number(facts, "open", 0),
        number(facts, "categories", 0),
        month(facts, "month"),
        number(facts, "smallest_gap"),
        number(facts, "largest_gap"),
    )


def prices(results: Results) -> Markup:
    facts = results["prices_facts"]
    if not len(facts):
        return Markup("No level has a price on both sides yet.")
    us, cn = facts.cell(0, "us_price"), facts.cell(0, "cn_price")
    subject = Markup("In the price lists of {} the cheapest model rated {} arena points or more ").format(
        month(facts, "month"), number(facts, "level", 0)
    )
    if not (us and cn):
        return subject + Markup("{} from a US maker and {} from a Chinese one.").format(
            _costs(facts, "us_price"), _costs(facts, "cn_price")
        )
    start = subject + Markup("{} from a US maker, {} from a Chinese one").format(
        _costs(facts, "us_price"), number(facts, "cn_price", 2)
    )
    if us == cn:
        return start + Markup(".")
    return start + Markup(": the {} one costs {} times as much.").format(
        "US" if us > cn else "Chinese", number(facts, "times", 1)
    )


def _costs(facts: Result, column: str) -> Markup:
    if not facts.cell(0, column):
        return Markup("is free")
    return Markup("costs US$ {} per million tokens").format(number(facts, column, 2))


def chips(results: Results) -> Markup:
    facts = results["chips_facts"]
    if not len(facts):
        return Markup("No Chinese chip has a published figure to compare.")
    known = [
        Markup("{} % of {}").format(number(facts, column, 0), name)
        for column, name in (
            ("fp16_pct", "the dense FP16 rate"),
            ("memory_pct", "the memory"),
            ("bandwidth_pct", "the memory bandwidth"),
        )
        if facts.cell(0, column) is not None
    ]
    return Markup(
        "On paper, measure by measure, the best Chinese chip shipped by {} has {} of the best US one."
    ).format(year(facts, "year"), _join(known))


def notable(results: Results) -> Markup:
    facts = results["notable_facts"]
    if not len(facts):
        return Markup("The list has no whole year yet.")
    return Markup("Epoch AI lists {} notable US models of {} and {} Chinese ones.").format(
        number(facts, "us", 0), year(facts, "year"), number(facts, "cn", 0)
    )


def claims(results: Results) -> Markup:
    facts = results["claims_facts"]
    return Markup("Of {} public claims {} can be measured from what is held: {} and {}.").format(
        number(facts, "claims", 0),
        number(facts, "measured", 0),
        plural(facts, "reproduced", "is reproduced", "are reproduced"),
        plural(facts, "differ", "differs", "differ"),
    )


def sources(results: Results) -> Markup:
    facts = results["sources_facts"]
    return Markup("{} files from {} of {} sources, the newest ratings of {}.").format(
        number(facts, "inputs", 0),
        number(facts, "held", 0),
        number(facts, "sources", 0),
        day(facts, "newest"),
    )
