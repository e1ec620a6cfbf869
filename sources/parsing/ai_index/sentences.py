"""Figures in prose about the United States and China: what each country has, and how far apart they are.

Sentences have many forms ("forty notable models, ahead of China's fifteen and Europe's three"; "by 9.26 percent in
January; by February this had narrowed to 1.70 percent"), so every figure keeps its sentence. A number that cannot be
tied to a country is left out: a missed figure is found by reading, an invented one is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sources.parsing.ai_index.report import CHINA, OTHER, US
from sources.parsing.ai_index.tokens import COUNT, MONEY, PERCENT, POINTS, PP, Token, tokens

ARENA = "Arena top model"
#: What a sentence calls a measure, its name, and the kinds of numbers it has.
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
#: The Arena, a name, is matched with its case; "an arena" is not meant.
_MEASURES = tuple(
    (re.compile(pattern, re.NOFLAG if name == ARENA else re.I), name, kinds)
    for pattern, name, kinds in MEASURES
)
_BENCHMARKS = re.compile(
    r"\b(?:MMLU-Pro|MMLU|MMMU|MATH|HumanEval|GPQA|SWE-bench(?: Verified)?|AIME|HLE|BBH|MBPP|LMSYS|LMArena|Arena)\b"
)
_ARENA = ("LMSYS", "LMArena", "Arena")
#: The range of Elo-like scores: other numbers in such a sentence are ranks, counts or versions.
ELO = (700, 2500)
#: How a text states a gap; "ahead of" or "leading" alone does not say how large it is.
_GAP = re.compile(
    r"\b(?:gaps?|differen(?:ces?|tials?)|margins?|outperform\w*|surpass\w*|exceed\w*)\b"
    r"|\b(?:lead|advantage|edge)\b.{0,40}\b(?:of|to|was|is)\b"
    r"|\b(?:leads?|led|leading|ahead|trail\w*|behind|lag\w*)\b.{0,60}\bby\b"
    r"|\d ?(?:%|percent|points?|percentage points?) (?:ahead|behind|above|below)\b",
    re.I,
)
#: Refers to the gap in the sentence before.
_SAME_GAP = re.compile(
    r"\b(?:this|that|these|those|the) (?:\w+ )?(?:gaps?|differences?|margins?|lead)\b(?! between)", re.I
)
#: A gap that is not between the countries, unless they are named.
_OTHER_GAP = re.compile(r"(?:open|closed)[- ](?:weight|source|model)|10th|tenth|second-ranked", re.I)
_AHEAD = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beats?|leads|led|(?:is|are|was|were|stood) ahead)\b", re.I
)
_BEHIND = re.compile(r"\b(?:trail\w*|lag\w*|behind)\b", re.I)

FIGURE_REFERENCE = re.compile(
    r"\(?\b(?:see )?fig(?:ure|s?\.|ures)?\.? ?(\d+(?:\.\d+){1,2})(?:(?: and |, |–|-)\d+(?:\.\d+)+)*\)?", re.I
)
# The full stop of "U.S." ends a sentence only before a word that begins one.
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\bU\.S\.)(?<!\bU\.K\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\bFig\.)[\"”’)]*\s+(?=[\"“(]?[A-Z0-9$])"
    r"|(?<=\bU\.S\.)\s+(?=(?:In|By|The|This|These|However|Meanwhile|At|As)\b)"
)

#: Longer "sentences" are data or menus.
MAX_SENTENCE = 1500

Row = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What a sentence takes from those before it in the paragraph."""

    measure: str = ""
    kinds: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()
    period: str | None = None
    about_both: bool = False


def figures_in(paragraph: str) -> list[Row]:
    """The figures of one paragraph as values of the columns of `FIGURE`, each with its sentence."""
    found: list[Row] = []
    context = Context()
    for sentence in _SENTENCE.split(paragraph):
        if len(sentence) <= MAX_SENTENCE:
            rows, context = _read_sentence(sentence.strip(), context)
            found += rows
    return found


def _read_sentence(sentence: str, context: Context) -> tuple[list[Row], Context]:
    figure = FIGURE_REFERENCE.search(sentence)
    # Blanked, so that positions in the sentence stay the same.
    plain = FIGURE_REFERENCE.sub(lambda match: " " * len(match[0]), sentence)
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
    # A measure named earlier in the paragraph counts too, but then a number must be right next to its country.
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
#: Some words between, but no other party and no number.
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
        name = measure or _noun_after(sentence, pairs[0][1])
        if name:
            unit = "Elo" if measure == ARENA else kind
            return _rows(sentence, found, pairs, context, {"measure": name, "unit": unit})
    return []


def _plausible(number: Token, measure: str) -> bool:
    if number.kind != COUNT:
        return True
    if measure == ARENA:
        return ELO[0] <= number.value <= ELO[1]
    return number.value == int(number.value)


def _pairs(sentence: str, found: list[Token], sure_only: bool) -> list[tuple[Token, Token]]:
    """Each party with the number that the text ties to it, the surest ties first."""
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


def _rows(
    sentence: str, found: list[Token], pairs: list[tuple[Token, Token]], context: Context, common: Row
) -> list[Row]:
    """One row with both countries and the first third party, and a row for each further party."""
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


def _noun_after(sentence: str, number: Token) -> str:
    """What a number counts: the words after it, up to a preposition or a full stop."""
    found = re.match(
        r" ((?:(?!in |from |by |of |and |to |for |or |than )[A-Za-z-]+ ?){1,4})", sentence[number.end :]
    )
    return found[1].strip() if found else ""


def _period_of(sentence: str, found: list[Token], number: Token, context: Context) -> str | None:
    """The period of a number: "… in 2024" after it, else the nearest before it in its clause, else any."""
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
    """−1 where China leads according to the text: a Chinese subject ahead or an American one behind; else 1."""
    for pattern, leader in ((_AHEAD, CHINA), (_BEHIND, US)):
        for verb in pattern.finditer(sentence, 0, number.end + len(" behind")):
            subjects = [
                token.side for token in found if token.side in (US, CHINA) and token.end <= verb.start()
            ]
            if subjects and subjects[-1] == leader:
                return -1
    return 1
