"""github.com/BerriAI/litellm: what models cost at their makers and at resellers, in one JSON object.

Costs are in US$ per token. One entry is a fake that explains the fields. Some models are sold in tiers by length of
prompt: the price is that of the lowest tier, and their plain prices, missing or 0, are none. Other zeros stay: they may
mean "free" or "not known". For weeks upstream printed one name twice with different prices; such a price counts as not
known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from sources.contract import PRICE, Origin, Request, Snapshot, Source, conform
from sources.errors import BadCell, excerpt
from sources.parsing.dates import known_at_in_name, parse_iso_date
from sources.parsing.entries import read_entries, refuse_nested
from sources.parsing.github import Repository
from sources.parsing.json import read_json
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_any

REPOSITORY = Repository("BerriAI/litellm")
MEDIA_TYPES = ("text/plain", "application/json")
FILE = "model_prices_and_context_window.json"
#: The entry that explains the fields.
FAKE = "sample_spec"
#: The list's own date, which some copies have.
STAMP = "last_updated"
PER_TOKEN = {
    "input_usd_per_mtok": ("input_cost_per_token",),
    "output_usd_per_mtok": ("output_cost_per_token",),
    "cached_input_usd_per_mtok": ("cache_read_input_token_cost", "input_cost_per_token_cache_hit"),
}
CONTEXT = ("max_input_tokens", "max_tokens")
#: What only an entry has.
MARKS = ("litellm_provider", "mode", "max_input_tokens")
TIERS = "tiered_pricing"
#: Of a tier: the lengths of prompt it is for, as [from, to].
RANGE = "range"
#: ``input_cost_per_token_above_200k_tokens``: the price beyond a length of prompt, next to the plain price.
_ABOVE = re.compile(r"((?:input|output)_cost_per_token)_above_(\d{1,6})k_tokens")
#: What else of an entry goes to ``extra``.
EXTRA = (TIERS, "deprecation_date", "source")


class Repeated(tuple[Any, ...]):
    """The different values printed under one key."""


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per entry but the fake one; ``extra`` has tiers and prices beyond a length of prompt."""
    where = snapshot.where()
    entries = read_json(snapshot, _keep_repeated)
    listed_on = parse_iso_date(entries.pop(STAMP, None), STAMP)
    entries.pop(FAKE, None)
    for entry in entries.values():
        refuse_nested(entry, MARKS, where)
    rows = read_entries(snapshot, entries.items(), lambda name, entry: _row(name, entry, listed_on))
    return conform(rows, PRICE)


def _keep_repeated(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON in which a key given twice with different values keeps both."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key not in found:
            found[key] = value
        else:
            before = found[key] if isinstance(found[key], Repeated) else Repeated((found[key],))
            found[key] = found[key] if value in before else Repeated((*before, value))
    return found


def _row(name: str, entry: Any, listed_on: date | None) -> dict[str, Any]:
    variants = [as_object(value, "entry") for value in (entry if isinstance(entry, Repeated) else (entry,))]
    first = variants[0]
    require_any(first, (*MARKS, "max_tokens", *PER_TOKEN["input_usd_per_mtok"]))
    prices: dict[str, float | int | None] = {}
    disputed = []
    of_variants = [_prices(variant) for variant in variants]
    for ours in of_variants[0]:
        found = {of_variant[ours] for of_variant in of_variants}
        prices[ours] = found.pop() if len(found) == 1 else None
        disputed += [ours] if prices[ours] is None and found else []
    above = {key: value for key, value in first.items() if _ABOVE.fullmatch(key)}
    extra = {key: first[key] for key in EXTRA if first.get(key) is not None} | above
    if disputed:
        extra["printed_twice"] = variants
    return {
        **prices,
        "listed_name": name.strip(),
        "provider": _text(first.get("litellm_provider"), "litellm_provider"),
        "mode": _text(first.get("mode"), "mode"),
        "has_tiered_prices": TIERS in first or bool(above),
        "listed_on": listed_on,
        "context_tokens": _tokens(first),
        "extra": dump_extra(extra),
    }


def _prices(entry: dict[str, Any]) -> dict[str, float | int | None]:
    """The prices of ``entry``, US$ per million tokens, and the longest prompt they are for, in tokens."""
    prices: dict[str, float | int | None] = {
        ours: _per_million(entry, theirs) for ours, theirs in PER_TOKEN.items()
    }
    above = filter(None, map(_ABOVE.fullmatch, entry))
    longest = [1000 * int(found[2]) for found in above if entry[found[0]] != entry.get(found[1])]
    if TIERS in entry:
        tier, longest = _lowest_tier(entry[TIERS])
        prices = {
            ours: _per_million(tier, PER_TOKEN[ours]) or price or None for ours, price in prices.items()
        }
    return {**prices, "tier_up_to_tokens": min(longest, default=None)}


def _lowest_tier(tiers: Any) -> tuple[dict[str, Any], list[int]]:
    """The tier of the shortest prompts and the length up to which it holds; empty if none begins with the first token.

    Other services than text have tiers too, by number of results.
    """
    for tier in tiers if isinstance(tiers, list) else ():
        printed = as_object(tier, TIERS)
        if not any(printed.get(key) is not None for keys in PER_TOKEN.values() for key in keys):
            continue
        ends = printed.get(RANGE)
        if not isinstance(ends, list) or len(ends) != 2:
            raise BadCell(RANGE, excerpt(ends, 60), "two lengths of prompt")
        lowest, highest = (as_float(end, RANGE) for end in ends)
        if lowest is not None and lowest <= 1:
            return printed, [int(highest)] if highest and 0 < highest < 2**53 else []
    return {}, []


def _text(value: Any, column: str) -> str | None:
    return None if isinstance(value, Repeated) else as_string(value, column)


def _per_million(entry: dict[str, Any], keys: tuple[str, ...]) -> float | None:
    """The first price of ``entry`` under one of ``keys``, in decimal arithmetic: US$ per million tokens.

    A price below zero is none: routers, which charge the price of the model they choose, are listed that way.
    """
    for key in keys:
        value = entry.get(key)
        if isinstance(value, Repeated):
            return None
        per_token = as_float(value, key)
        if per_token is not None:
            return float(Decimal(repr(per_token)).scaleb(6)) if per_token >= 0 else None
    return None


def _tokens(entry: dict[str, Any]) -> int | None:
    for key in CONTEXT:
        value = entry.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 2**53:
            return int(value)
    return None


SOURCE = Source(
    id="litellm_prices",
    title="LiteLLM price list",
    origin=Origin(
        producer="BerriAI (LiteLLM)",
        title="Model prices and context window",
        address=REPOSITORY.address,
        citation=f"BerriAI, LiteLLM, {FILE} ({REPOSITORY.address}), MIT",
        licence="MIT",
        licence_address=f"{REPOSITORY.address}/blob/main/LICENSE",
        redistributable=True,
        redistribution_note="Published by BerriAI under the MIT licence.",
    ),
    requests=(Request("prices", REPOSITORY.raw(FILE, "main"), MEDIA_TYPES),),
    parse=parse,
    # Changes daily; a month without a change would be news.
    cadence=timedelta(days=7),
    row_floor=500,
    schema=PRICE,
    # Resellers of whose models some are printed up to 100,000 times too dear.
    unchecked_providers=frozenset({"azure_ai", "wandb", "watsonx"}),
    raw_patterns=("prices/litellm/*.json",),
    known_at_of=known_at_in_name,
    address_of=lambda path: REPOSITORY.address_of(path, FILE),
    revisions=REPOSITORY.revisions({"prices": (FILE,)}, MEDIA_TYPES),
)
