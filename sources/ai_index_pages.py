"""The Stanford AI Index's chapter pages: figures about the United States and China out of prose and tables.

Sentences have many shapes ("forty notable models, ahead of China's fifteen and Europe's three"; "by 9.26 percent in
January; by February this had narrowed to 1.70 percent"), so every figure keeps the sentence it was read from.
What cannot be tied to a country is left out: a figure missed is found by reading, a figure invented is not.
Written after descriptions of the pages; none was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import polars as pl

from sources.ai_index_data import CHINA, OTHER, US, table_figures
from sources.ai_index_figures import REPORT, known_at_of, origin
from sources.contract import FIGURE, Request, Snapshot, Source, conform
from sources.errors import EmptyTable, ParseError
from sources.parsing.columns import looks_like_markup, shown
from sources.parsing.html import tables

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

EDITIONS = (2025, 2026)
#: The report's own page with its takeaways, and the chapters that set the two countries beside each other.
CHAPTERS = ("", "research-and-development", "technical-performance", "economy")

# -- Words: parties, numbers, periods -----------------------------------------------------------------------

#: Side, label, and how a text names it. "us" is a pronoun, "US$" a currency.
PARTIES = (
    (US, "United States", r"U\.S\.(?:A\.)?|\bUSA?\b(?!\$)|\bUnited States(?: of America)?\b"),
    (US, "United States", r"(?<!South )(?<!North )(?<!Latin )\bAmericans?\b"),
    (CHINA, "China", r"\bChin(?:a|ese)\b"),
    (OTHER, "European Union", r"\bEuropean Union\b|\bEU\b"),
    (OTHER, "Europe", r"\bEurope(?:an)?\b(?! Union)"),
    (OTHER, "United Kingdom", r"\bUnited Kingdom\b|U\.K\.|\bUK\b|\bBritain\b|\bBritish\b"),
    (OTHER, "South Korea", r"\b(?:South )?Korean?\b"),
    (OTHER, "France", r"\bFrance\b|\bFrench\b"),
    (OTHER, "Germany", r"\bGermany?\b"),
    (OTHER, "Canada", r"\bCanad(?:a|ian)\b"),
    (OTHER, "Japan", r"\bJapan(?:ese)?\b"),
    (OTHER, "India", r"\bIndian?\b"),
    (OTHER, "Israel", r"\bIsraeli?\b"),
    (OTHER, "Singapore", r"\bSingapore\b"),
    (OTHER, "Saudi Arabia", r"\bSaudi(?: Arabian?)?\b"),
    (OTHER, "United Arab Emirates", r"\bUnited Arab Emirates\b|\bUAE\b"),
    (OTHER, "Hong Kong", r"\bHong Kong\b"),
    (OTHER, "Taiwan", r"\bTaiwan(?:ese)?\b"),
    (OTHER, "Switzerland", r"\bSwitzerland\b|\bSwiss\b"),
)
_PARTIES = tuple((side, label, re.compile(pattern)) for side, label, pattern in PARTIES)

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: value for value, word in enumerate(_ONES)}
WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
WORDS |= {f"{ten} {one}": WORDS[ten] + WORDS[one] for ten in _TENS for one in _ONES[1:10]}

COUNT, MONEY, PERCENT, PP, POINTS, RATIO = (
    "count", "US$ billion", "percent", "percentage points", "points", "ratio",
)  # fmt: skip
_UNITS = (
    (PP, r"percentage[ -]points?\b|pp\b"),
    (PERCENT, r"%|percent\b|per cent\b"),
    (POINTS, r"(?:Elo |Arena )?points?\b"),
    (RATIO, r"times\b|x\b|×|fold\b"),
    (MONEY, r"(?:trillion|billion|million|bn|B|M)\b"),
)
_SCALES = {"trillion": 1000.0, "billion": 1.0, "bn": 1.0, "B": 1.0, "million": 0.001, "M": 0.001}
# Not part of a name or a version ("o1-2024-12-17", "GPT-4"), nor an ordinal.
_DIGITS = (
    r"(?<![\w.,/-])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?![.,]?\d|(?!(?:x|pp|bn|B|M)\b)[A-Za-z]|-\d)"
)
_WORD = r"\b(?P<word>" + "|".join(sorted(WORDS, key=len, reverse=True)).replace(" ", "[ -]") + r")\b"
_NUMBER = re.compile(rf"(?P<money>(?:US)?\$ ?)?(?:{_DIGITS}|(?i:{_WORD}))")
_UNIT = re.compile("[ -]?(?:" + "|".join(f"(?P<u{n}>{unit})" for n, (_, unit) in enumerate(_UNITS)) + ")")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_PERIOD = re.compile(
    rf"(?i:\b(?P<month>{'|'.join(MONTHS)}),? |(?P<late>\bend of |\blate ))?\b(?P<year>(?:19|20)\d\d)\b"
)
#: Between the numbers of a list, which share the unit behind the last.
_LISTED = re.compile(r" ?(?:,|,? and|,? or|to|versus|vs\.?|against) ?", re.I)


@dataclass(frozen=True)
class Token:
    """A party, a number or a period in a sentence."""

    start: int
    end: int
    side: str = ""
    label: str = ""
    period: str = ""
    kind: str = ""
    value: float = 0.0
    #: Below ten in words: as often "one of", "two countries" as a figure.
    small_word: bool = False


def tokens(sentence: str) -> list[Token]:
    """Parties, numbers and periods in reading order."""
    found = [
        Token(*match.span(), side=side, label=label)
        for side, label, pattern in _PARTIES
        for match in pattern.finditer(sentence)
    ]
    found += [Token(*match.span(), period=_period(match)) for match in _PERIOD.finditer(sentence)]
    taken = {place for token in found for place in range(token.start, token.end)}
    found += [
        _number(match, sentence)
        for match in _NUMBER.finditer(sentence)
        if not taken & set(range(*match.span()))
    ]
    found.sort(key=lambda token: token.start)
    for place in range(len(found) - 2, -1, -1):
        here, after = found[place], found[place + 1]
        listed = here.kind == COUNT and after.kind in (PERCENT, PP, POINTS, MONEY)
        if listed and _LISTED.fullmatch(sentence[here.end : after.start]):
            found[place] = replace(here, kind=after.kind)
    return found


def _period(match: re.Match[str]) -> str:
    if match["month"]:
        return f"{match['year']}-{MONTHS.index(match['month'].casefold()) + 1:02}"
    return f"{match['year']}-12" if match["late"] else match["year"]


def _number(match: re.Match[str], sentence: str) -> Token:
    start, end = match.span()
    if match["word"]:
        value = float(WORDS[re.sub("[ -]", " ", match["word"].casefold())])
    else:
        value = float(match["digits"].replace(",", ""))
    kind, unit = COUNT, _UNIT.match(sentence, end)
    if unit:
        kind = next(name for place, (name, _) in enumerate(_UNITS) if unit[f"u{place}"])
        end = unit.end()
    if match["money"] and kind == COUNT:
        kind, value = MONEY, value / 1e9
    elif kind == MONEY and unit:
        billions = round(value * _SCALES[unit[0].strip(" -")], 9)
        # "Two million papers" is a count.
        money = match["money"] or "dollar" in sentence[end : end + 12]
        kind, value = (MONEY, billions) if money else (COUNT, round(billions * 1e9))
    return Token(start, end, kind=kind, value=value, small_word=bool(match["word"]) and value < 10)


# -- What a sentence is about -------------------------------------------------------------------------------

ARENA = "Arena top model"
#: Measures by what a sentence calls them, and what their numbers may be.
MEASURES = (
    (r"notable (?:AI |machine learning |ML )?(?:models?|systems?)", "notable models", (COUNT,)),
    (r"foundation models?", "foundation models", (COUNT,)),
    (r"private (?:AI )?investments?|invest\w+ .{0,40}\bAI\b", "private AI investment", (MONEY,)),
    (r"newly funded|AI start-?ups", "newly funded AI companies", (COUNT,)),
    (r"industrial robots?|robot installations?", "industrial robots installed", (COUNT, PERCENT)),
    (r"data cent(?:er|re)s?", "data centers", (COUNT,)),
    (r"patents?", "AI patents", (PERCENT, COUNT)),
    (r"publications?|papers?|citations?", "AI publications", (PERCENT, COUNT)),
    (r"LMSYS|LMArena|\bArena\b", ARENA, (COUNT,)),
)
#: The Arena is a name; an arena is not.
_MEASURES = tuple(
    (re.compile(pattern, re.NOFLAG if name == ARENA else re.I), name, kinds)
    for pattern, name, kinds in MEASURES
)
_BENCHMARKS = re.compile(
    r"\b(?:MMLU-Pro|MMLU|MMMU|MATH|HumanEval|GPQA|SWE-bench(?: Verified)?|AIME|HLE|BBH|MBPP|LMSYS|LMArena|Arena)\b"
)
_ARENA = ("LMSYS", "LMArena", "Arena")
#: Elo-like scores: what else stands in such a sentence is a rank, a count or a version.
ELO = (700, 2500)
#: How a text says that one is apart from the other; "ahead of" or "leading" alone says nothing of how far.
_GAP = re.compile(
    r"\b(?:gaps?|differen(?:ces?|tials?)|margins?|outperform\w*|surpass\w*|exceed\w*)\b"
    r"|\b(?:lead|advantage|edge)\b.{0,40}\b(?:of|to|was|is)\b"
    r"|\b(?:leads?|led|leading|ahead|trail\w*|behind|lag\w*)\b.{0,60}\bby\b"
    r"|\d ?(?:%|percent|points?|percentage points?) (?:ahead|behind|above|below)\b",
    re.I,
)
#: Taking up the gap of the sentence before.
_SAME_GAP = re.compile(
    r"\b(?:this|that|these|those|the) (?:\w+ )?(?:gaps?|differences?|margins?|lead)\b(?! between)", re.I
)
#: Another gap than the countries', unless the countries are named too.
_OTHER_GAP = re.compile(r"(?:open|closed)[- ](?:weight|source|model)|10th|tenth|second-ranked", re.I)
_AHEAD = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beats?|leads|led|(?:is|are|was|were|stood) ahead)\b", re.I
)
_BEHIND = re.compile(r"\b(?:trail\w*|lag\w*|behind)\b", re.I)

_FIGURE = re.compile(
    r"\(?\b(?:see )?fig(?:ure|s?\.|ures)?\.? ?(\d+(?:\.\d+){1,2})(?:(?: and |, |–|-)\d+(?:\.\d+)+)*\)?", re.I
)
# The stop of "U.S." ends a sentence only before a word that begins one.
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\bU\.S\.)(?<!\bU\.K\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\bFig\.)[\"”’)]*\s+(?=[\"“(]?[A-Z0-9$])"
    r"|(?<=\bU\.S\.)\s+(?=(?:In|By|The|This|These|However|Meanwhile|At|As)\b)"
)

#: What is longer is no prose but data or a menu.
LONGEST_SENTENCE = 1500

Row = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What earlier sentences of a paragraph leave open for the next."""

    measure: str = ""
    kinds: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()
    period: str | None = None
    about_both: bool = False


def figures_in(paragraph: str) -> list[Row]:
    """The figures of one paragraph, each with its sentence."""
    found: list[Row] = []
    context = Context()
    for sentence in _SENTENCE.split(paragraph):
        if len(sentence) <= LONGEST_SENTENCE:
            rows, context = _read_sentence(sentence.strip(), context)
            found += rows
    return found


def _read_sentence(sentence: str, context: Context) -> tuple[list[Row], Context]:
    figure = _FIGURE.search(sentence)
    # Blanked, not cut: places in the sentence stay what they are.
    plain = _FIGURE.sub(lambda match: " " * len(match[0]), sentence)
    found = tokens(plain)
    measure, kinds = _measure(plain)
    benchmarks = tuple(dict.fromkeys(_benchmark(name) for name in _BENCHMARKS.findall(plain)))
    sides = {token.side for token in found if token.side}
    both = {US, CHINA} <= sides
    now = Context(
        measure=measure or context.measure,
        kinds=kinds or context.kinds,
        benchmarks=benchmarks or context.benchmarks,
        period=next((token.period for token in found if token.period), context.period),
        about_both=both or (context.about_both and not sides and not _OTHER_GAP.search(plain)),
    )
    apart = _GAP.search(plain) and (benchmarks or measure in ("", ARENA))
    rows = _gaps(plain, found, now, context) if apart else []
    # A measure named earlier in the paragraph still holds, but then a number must stand right at its country.
    if measure or not rows:
        rows += _levels(plain, found, now, sure_only=not measure)
    common = {"sentence": sentence, "figure": figure[1] if figure else None}
    return [row | common for row in rows], now


def _measure(sentence: str) -> tuple[str, tuple[str, ...]]:
    return next(((name, kinds) for pattern, name, kinds in _MEASURES if pattern.search(sentence)), ("", ()))


# -- Levels: what each country has --------------------------------------------------------------------------

#: From a party to its number: "China's 15", "China (15)", "China with 30", "China at 1,464".
_TO_NUMBER = re.compile(
    r"(?:['’]s?)?(?: \(|:| with| at| had| has| ?[—–])? ?(?:(?:only|just|about|nearly|some|roughly|a mere) )?"
)
#: From a number to its party: "61 notable models from the US", "30 in China", "1,362 for the best Chinese model".
_TO_PARTY = re.compile(
    r"(?: [\w-]+){0,5}? (?:originat\w+ (?:from|in)|c[ao]me from|from|in|by|for|made in|produced by) "
    r"(?:the )?(?:[a-z]+ ){0,2}"
)
#: Looser: some words between, but no other party and no number.
_NEAR = re.compile(r"[^;:()]{0,90}")
SURE = ((True, _TO_NUMBER), (False, _TO_PARTY))
LOOSE = ((True, _NEAR), (False, _NEAR))


def _levels(sentence: str, found: list[Token], context: Context, sure_only: bool) -> list[Row]:
    measure, kinds = context.measure, context.kinds
    for kind in kinds or (COUNT, PERCENT, MONEY):
        there = [
            token for token in found if token.side or (token.kind == kind and _plausible(token, measure))
        ]
        pairs = _pairs(sentence, there, sure_only and bool(measure))
        sides = {party.side for party, _ in pairs}
        if not (sides & {US, CHINA} if measure else {US, CHINA} <= sides):
            continue
        name = measure or _noun_behind(sentence, pairs[0][1])
        if name:
            unit = "Elo" if measure == ARENA else kind
            return _laid_out(sentence, found, pairs, context, {"measure": name, "unit": unit})
    return []


def _plausible(number: Token, measure: str) -> bool:
    if number.kind != COUNT:
        return True
    if measure == ARENA:
        return ELO[0] <= number.value <= ELO[1]
    return number.value == int(number.value)


def _pairs(sentence: str, found: list[Token], sure_only: bool) -> list[tuple[Token, Token]]:
    """Each party with its number, where the text ties one to the other: the surest ties first."""
    paired: dict[Token, Token] = {}
    for party_first, tie in SURE if sure_only else SURE + LOOSE:
        free = [token for token in found if token not in paired and token not in paired.values()]
        for here, after in pairwise(free):
            party, number = (here, after) if party_first else (after, here)
            apart = any(here.start < token.start < after.start for token in found)
            used = party in paired or number in paired.values() or (tie is _NEAR and number.small_word)
            tied = party.side and number.kind and tie.fullmatch(sentence[here.end : after.start])
            if tied and not apart and not used:
                paired[party] = number
    first: dict[str, tuple[Token, Token]] = {}
    for party, number in sorted(paired.items(), key=lambda pair: pair[0].start):
        first.setdefault(party.label, (party, number))
    return list(first.values())


def _laid_out(
    sentence: str, found: list[Token], pairs: list[tuple[Token, Token]], context: Context, common: Row
) -> list[Row]:
    """One row with both countries and the first third party; one row for each further party."""
    period = _period_of(sentence, found, pairs[0][1], context)
    rows: list[Row] = [common | {"period": period}]
    for party, number in pairs:
        if party.side == OTHER and OTHER in rows[0]:
            rows.append(common | {"period": period, OTHER: number.value, "other_label": party.label})
        else:
            rows[0][party.side] = number.value
            if party.side == OTHER:
                rows[0]["other_label"] = party.label
    return rows


def _noun_behind(sentence: str, number: Token) -> str:
    """What a number counts: the words behind it, up to a preposition or a stop."""
    found = re.match(
        r" ((?:(?!in |from |by |of |and |to |for |or |than )[A-Za-z-]+ ?){1,4})", sentence[number.end :]
    )
    return found[1].strip() if found else ""


def _period_of(sentence: str, found: list[Token], number: Token, context: Context) -> str | None:
    """When a number was so: "… in 2024" behind it, else the nearest before it in its clause, else any."""
    periods = [token for token in found if token.period]
    for token in periods:
        if token.start >= number.end and re.fullmatch(
            r"[\w\s]{0,30}?\(?\b(?:in|by|at|as of|during|for)(?: the| early| mid)? ?",
            sentence[number.end : token.start],
        ):
            return token.period
    clause = sentence.rfind(";", 0, number.start) + 1
    before = [token for token in periods if clause <= token.start < number.start]
    after = [token for token in periods if token.start > number.end]
    nearest = before[-1:] or after[:1] or periods[:1]
    return nearest[0].period if nearest else context.period


# -- Gaps: how far apart the two are ------------------------------------------------------------------------


def _gaps(sentence: str, found: list[Token], now: Context, before: Context) -> list[Row]:
    sides = {token.side for token in found}
    both = {US, CHINA} <= sides
    if not both and not (before.about_both and now.about_both and _SAME_GAP.search(sentence)):
        return []
    numbers = [token for token in found if token.kind in (PERCENT, PP, POINTS)]
    names = now.benchmarks
    rows = []
    for place, number in enumerate(numbers):
        listed = names[place] if len(names) == len(numbers) else names[0] if len(names) == 1 else ""
        rows.append(
            {
                "measure": listed or "top model gap",
                "period": _period_of(sentence, found, number, before),
                "gap": _sign(sentence, found, number) * number.value,
                "gap_unit": number.kind,
            }
        )
    return rows


def _benchmark(name: str) -> str:
    return ARENA if name in _ARENA else f"{name} gap"


def _sign(sentence: str, found: list[Token], number: Token) -> int:
    """−1 where the text says that China leads: a Chinese subject ahead, or an American one behind."""
    for pattern, leader in ((_AHEAD, CHINA), (_BEHIND, US)):
        for verb in pattern.finditer(sentence, 0, number.end + len(" behind")):
            subjects = [
                token.side for token in found if token.side in (US, CHINA) and token.end <= verb.start()
            ]
            if subjects and subjects[-1] == leader:
                return -1
    return 1


# -- The page -----------------------------------------------------------------------------------------------

BLOCKS = ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figcaption", "dd"]
NOT_TEXT = ["script", "style", "noscript", "template", "svg", "nav", "footer", "sup", "form"]
_EDITION_IN_ADDRESS = re.compile(r"/(20\d\d)-ai-index-report\b")
_EDITION_IN_TITLE = re.compile(r"\b(20\d\d) AI Index|\bAI Index(?: Report)? (20\d\d)", re.I)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a figure of prose or of a table, with the edition the page says it is of."""
    from bs4 import BeautifulSoup

    where = snapshot.where()
    text = snapshot.text()
    if not text.strip():
        raise EmptyTable(f"{where}: an empty body", "a web page")
    if not looks_like_markup(snapshot.body):
        raise ParseError(f"{where}: {shown(text, 40)!r}", "a web page", "the address may have moved")
    page = BeautifulSoup(text, "lxml")
    edition = _edition(page, snapshot, where)
    captions = [_caption(tag.find_all("caption")) for tag in page.find_all("table")]
    rows = [row for paragraph in _paragraphs(page) for row in figures_in(paragraph)]
    for table, caption in zip(tables(text), captions, strict=True):
        figure = _FIGURE.search(caption)
        title = _FIGURE.sub("", caption).strip(" :.–-") or "table"
        cells = [[cell.text for cell in row] for row in table.rows]
        found = table_figures(table.header, cells, title)
        rows += [row | {"figure": figure[1] if figure else None} for row in found]
    common = {"edition": edition, "address": snapshot.receipt.address or None}
    frame = pl.DataFrame([row | common for row in rows], schema=dict(FIGURE), orient="row")
    # A page may print a sentence twice, for wide and for narrow screens.
    return conform(frame.unique(maintain_order=True), FIGURE)


def _edition(page: BeautifulSoup, snapshot: Snapshot, where: str) -> int:
    """What the page says of itself goes before where it was asked for: old addresses lead to new editions."""
    links = [str(tag.get("href") or tag.get("content") or "") for tag in page.find_all(["link", "meta"])
             if "canonical" in str(tag.get("rel")) or tag.get("property") == "og:url"]  # fmt: skip
    titles = [tag.get_text(" ") for tag in page.find_all(["title", "h1"])]
    for pattern, said in (
        (_EDITION_IN_ADDRESS, links),
        (_EDITION_IN_TITLE, titles),
        (_EDITION_IN_ADDRESS, [snapshot.receipt.address]),
        (re.compile(r"^(20\d\d)-"), [snapshot.request]),
    ):
        for text in said:
            found = pattern.search(text)
            if found:
                return int(next(group for group in found.groups() if group))
    raise ParseError(
        f"{where}: no edition in its address or title", "as in 2026-ai-index-report", "look at it"
    )


def request_of(path: PurePath) -> str | None:
    """The chapter and edition in a file's name, in either order."""
    year = re.search(r"(?<!\d)(20\d\d)(?![\d-]\d)", path.name) or re.search(
        r"(?<!\d)(20\d\d)(?!\d)", path.name
    )
    chapter = next((name for name in CHAPTERS[1:] if name in path.name.replace("_", "-")), "report")
    named = f"{year[1]}-{chapter}" if year else ""
    return named if named in {request.name for request in SOURCE.requests} else None


def _paragraphs(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all([*NOT_TEXT, "table"]):
        tag.decompose()
    for tag in page.find_all("br"):
        tag.replace_with(" ")
    for tag in page.find_all(BLOCKS):
        # The innermost blocks: an outer one would give their text again.
        if tag.find(BLOCKS) is None:
            text = " ".join(tag.get_text().split())
            if text:
                yield text


def _caption(tags: list[Any]) -> str:
    return " ".join(tags[0].get_text(" ").split()) if tags else ""


SOURCE = Source(
    id="ai_index_pages",
    title="Stanford AI Index, chapter pages",
    origin=origin(
        "AI Index Report, chapter pages",
        REPORT,
        False,
        "CC BY-ND allows no altered copies, and sentences are kept as evidence, so they are read but never shipped.",
    ),
    requests=tuple(
        Request(
            f"{edition}-{chapter or 'report'}",
            "/".join(filter(None, (REPORT, f"{edition}-ai-index-report", chapter))),
            ("text/html", "application/xhtml+xml"),
        )
        for edition in EDITIONS
        for chapter in CHAPTERS
    ),
    parse=parse,
    cadence=timedelta(days=365),
    # A chapter has few sentences about both countries, and is edited after it is out.
    row_floor=1,
    may_shrink=True,
    schema=FIGURE,
    raw_patterns=("ai_index/**/*.html",),
    request_of=request_of,
    known_at_of=known_at_of,
)
