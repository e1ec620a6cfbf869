"""Parties, numbers and periods in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sources.parsing.ai_index.report import CHINA, OTHER, US
from sources.parsing.dates import MONTHS, month_number
from sources.parsing.values import NUMBER

#: Column, label and names in text. "us" is a pronoun and "US$" a currency.
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
# Neither an ordinal nor part of a name or version ("o1-2024-12-17", "GPT-4").
_DIGITS = (
    rf"(?<![\w.,/-])(?P<digits>{NUMBER})"
    r"(?![.,]?\d|(?!(?:x|pp|bn|B|M)\b)[A-Za-z]|-\d)"
)
_WORD = r"\b(?P<word>" + "|".join(sorted(WORDS, key=len, reverse=True)).replace(" ", "[ -]") + r")\b"
_NUMBER = re.compile(rf"(?P<money>(?:US)?\$ ?)?(?:{_DIGITS}|(?i:{_WORD}))")
_UNIT = re.compile("[ -]?(?:" + "|".join(f"(?P<u{n}>{unit})" for n, (_, unit) in enumerate(_UNITS)) + ")")
_PERIOD = re.compile(
    rf"(?i:\b(?P<month>{'|'.join(MONTHS)}),? |(?P<late>\bend of |\blate ))?\b(?P<year>(?:19|20)\d\d)\b"
)
#: Between the numbers of a list, which share the unit after the last.
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
    #: A number below ten in words, which may also be no figure: "one of", "two countries".
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
        return f"{match['year']}-{month_number(match['month']):02}"
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
