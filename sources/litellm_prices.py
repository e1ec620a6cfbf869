"""github.com/BerriAI/litellm: what models cost at their makers and at resellers, one JSON object for all.

Costs are printed in US$ per token. Among the entries is a fake one that explains the fields. Some models are
sold in tiers by length of prompt only; their plain prices are missing or read 0, which is no price. Other zeros
stay: whether they mean "free" or "not known" is not for this module to say. Upstream has printed one name
twice with different prices, for weeks; such a price is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import PRICE, Origin, Request, Snapshot, Source, conform
from sources.errors import EmptyTable, ParseError
from sources.parsing import github
from sources.parsing.arena import day_in_name
from sources.parsing.columns import json_number, json_table, json_text, looks_like_markup, midnight, shown

REPOSITORY = "https://github.com/BerriAI/litellm"
FILE = "model_prices_and_context_window.json"
#: Explains the fields, under a name like any other.
FAKE = "sample_spec"
#: The list's own stamp, where a copy has one.
STAMP = "last_updated"
PER_TOKEN = {
    "input_usd_per_mtok": ("input_cost_per_token",),
    "output_usd_per_mtok": ("output_cost_per_token",),
    "cached_input_usd_per_mtok": ("cache_read_input_token_cost", "input_cost_per_token_cache_hit"),
}
CONTEXT = ("max_input_tokens", "max_tokens")
TIERS = "tiered_pricing"
#: ``input_cost_per_token_above_200k_tokens``: dearer beyond a length, with a plain price below it.
_ABOVE = re.compile(r"(input|output)_cost_per_token_above_\d+k_tokens")
#: What else of an entry may be wanted later.
BESIDE = (TIERS, "deprecation_date", "source")
_COMMIT = re.compile(r"_([0-9a-f]{7,40})\.json$")


class Repeated(tuple[Any, ...]):
    """The different values printed under one key."""


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a listing, the fake one left out; tiers, and prices beyond a length, are in ``extra``."""
    where = snapshot.where()
    entries = _entries(snapshot)
    listed_on = _stamp(entries.pop(STAMP, None), where)
    entries.pop(FAKE, None)
    rows = [_row(name, entry, listed_on, where) for name, entry in entries.items()]
    return conform(pl.DataFrame(rows, schema=dict(PRICE), orient="row"), PRICE)


def _entries(snapshot: Snapshot) -> dict[str, Any]:
    if looks_like_markup(snapshot.body):
        raise ParseError(f"{snapshot.where()}: a web page", "JSON", "the address may have moved")
    text = snapshot.text()
    if not text.strip():
        raise EmptyTable(f"{snapshot.where()}: an empty body", "JSON")
    try:
        found = json.loads(text, object_pairs_hook=_collected)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            f"{snapshot.where()}: {shown(error)}", "JSON", "the last good bytes stay in use"
        ) from None
    return json_table(found, snapshot.where())


def _collected(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a key given twice with two values keeps both."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key not in found:
            found[key] = value
        else:
            before = found[key] if isinstance(found[key], Repeated) else Repeated((found[key],))
            found[key] = found[key] if value in before else Repeated((*before, value))
    return found


def _row(name: str, entry: Any, listed_on: date | None, where: str) -> dict[str, Any]:
    there = f"{where}: {shown(name, 60)}"
    variants = [json_table(value, there) for value in (entry if isinstance(entry, Repeated) else (entry,))]
    first = variants[0]
    prices: dict[str, float | None] = {}
    disputed = []
    for ours, theirs in PER_TOKEN.items():
        found = {_per_million(variant, theirs, there) for variant in variants}
        prices[ours] = found.pop() if len(found) == 1 else None
        disputed += [ours] if prices[ours] is None and found else []
    above = {key: value for key, value in first.items() if _ABOVE.fullmatch(key)}
    if TIERS in first:
        prices = {ours: price or None for ours, price in prices.items()}
    beside = {key: first[key] for key in BESIDE if first.get(key) is not None} | above
    if disputed:
        beside["printed_twice"] = variants
    return {
        **prices,
        "listed_name": name.strip(),
        "provider": _text(first.get("litellm_provider"), f"{there}: litellm_provider"),
        "mode": _text(first.get("mode"), f"{there}: mode"),
        "has_tiered_prices": TIERS in first or bool(above),
        "listed_on": listed_on,
        "context_tokens": _tokens(first),
        "extra": json.dumps(beside, ensure_ascii=False, sort_keys=True) if beside else None,
    }


def _text(value: Any, where: str) -> str | None:
    return None if isinstance(value, Repeated) else json_text(value, where)


def _per_million(entry: dict[str, Any], keys: tuple[str, ...], where: str) -> float | None:
    """The first price of ``entry`` under one of ``keys``, per million tokens and without binary dust.

    Below zero there is no price: routers are listed that way, which cost what they choose.
    """
    for key in keys:
        value = entry.get(key)
        if isinstance(value, Repeated):
            return None
        per_token = json_number(value, f"{where}: {key}")
        if per_token is not None:
            return float(Decimal(repr(per_token)).scaleb(6)) if per_token >= 0 else None
    return None


def _tokens(entry: dict[str, Any]) -> int | None:
    for key in CONTEXT:
        value = entry.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 2**53:
            return int(value)
    return None


def _stamp(printed: object, where: str) -> date | None:
    if printed is None:
        return None
    try:
        return datetime.fromisoformat(str(printed)).date()
    except ValueError:
        raise ParseError(f"{where}: {STAMP} {shown(printed, 40)!r}", "an ISO time", "look at it") from None


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The commit's day, from the file's name."""
    day = day_in_name(path)
    return midnight(day) if day else None


def address_of(path: PurePath) -> str:
    """The file at the commit its name tells."""
    found = _COMMIT.search(path.name)
    return f"{REPOSITORY}/blob/{found[1]}/{FILE}" if found else ""


SOURCE = Source(
    id="litellm_prices",
    title="LiteLLM price list",
    origin=Origin(
        producer="BerriAI (LiteLLM)",
        title="Model prices and context window",
        address=REPOSITORY,
        citation=f"BerriAI, LiteLLM, {FILE} ({REPOSITORY}), MIT",
        licence="MIT",
        licence_address=f"{REPOSITORY}/blob/main/LICENSE",
        redistributable=True,
        redistribution_note="Published by BerriAI under the MIT licence.",
    ),
    requests=(
        Request(
            "prices",
            f"https://raw.githubusercontent.com/BerriAI/litellm/main/{FILE}",
            ("text/plain", "application/json"),
        ),
    ),
    parse=parse,
    # Changes daily; a month without a change would be news.
    cadence=timedelta(days=7),
    row_floor=500,
    schema=PRICE,
    raw_patterns=("prices/litellm/*.json",),
    request_of=lambda path: "prices",
    known_at_of=known_at_of,
    address_of=address_of,
    revisions=github.by_commit(REPOSITORY, {"prices": (FILE,)}, ("text/plain", "application/json")),
)
