"""models.dev: what models cost, by provider, in US$ per million tokens, with release dates and open weights.

A community's list, built from small files: one object, provider → models. It has no date of its own: the newest "last
updated" of its entries is the earliest day that anyone can have had it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import PRICE, Origin, Request, Snapshot, Source, conform
from sources.errors import BadCell, excerpt
from sources.parsing.dates import known_at_in_name, newest_day, parse_iso_date
from sources.parsing.entries import read_entries, refuse_nested
from sources.parsing.json import read_json
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_any

ADDRESS = "https://models.dev/api.json"
REPOSITORY = "https://github.com/sst/models.dev"
#: Keys of the price of a cached prompt.
CACHED = ("cache_read", "cached_input", "cache_input")
#: Prices beyond a length of prompt; the plain price is the one up to it. The second says the length in its name.
TIERS = ("tiers", "context_over_200k")
OVER = 200_000
#: What else of a model goes to ``extra``.
EXTRA = ("name", "family", "base_model", "last_updated", "modalities", "reasoning", "status")
#: What a model has, at least one of them.
KEYS = ("id", "name", "cost", "limit", "release_date", "modalities")
#: What only a model has.
MARKS = ("release_date", "modalities", "limit")
_LAST_UPDATED = re.compile(rb'"last_updated"\s*:\s*"(\d{4}-\d{2}-\d{2})"')


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model of a provider. A release date without its day is in ``extra`` only."""
    entries = []
    for provider, printed in read_json(snapshot).items():
        there = excerpt(provider, 40)
        refuse_nested(printed, ("models",), f"{snapshot.where()}: {there}")
        refuse_nested({**as_object(printed, there), "models": None}, KEYS, f"{snapshot.where()}: {there}")
        models = as_object(as_object(printed, there).get("models"), f"{there}: models")
        for name, model in models.items():
            refuse_nested(model, MARKS, f"{snapshot.where()}: {there}")
            entries.append((f"{provider}/{name}", (provider, name, model)))
    return conform(read_entries(snapshot, entries, lambda _, entry: _row(*entry)), PRICE)


def _row(provider: str, name: str, printed: object) -> dict[str, Any]:
    model = as_object(printed, "model")
    require_any(model, KEYS)
    cost = as_object(model.get("cost") or {}, "cost")
    limit = as_object(model.get("limit") or {}, "limit")
    cached = next((key for key in CACHED if cost.get(key) is not None), CACHED[0])
    release = as_string(model.get("release_date"), "release_date")
    released_on = _day(release)
    context = as_float(limit.get("context"), "context")
    extra: dict[str, Any] = {key: model[key] for key in EXTRA if model.get(key) is not None}
    extra |= {key: cost[key] for key in TIERS if cost.get(key)}
    if release and released_on is None:
        extra["release_date"] = release
    return {
        "listed_name": name.strip(),
        "provider": provider.strip(),
        "input_usd_per_mtok": _price(cost, "input"),
        "output_usd_per_mtok": _price(cost, "output"),
        "cached_input_usd_per_mtok": _price(cost, cached),
        "has_tiered_prices": any(cost.get(key) for key in TIERS),
        "tier_up_to_tokens": min(_lengths(cost), default=None),
        "released_on": released_on,
        "open_weights": _flag(model.get("open_weights"), "open_weights"),
        # Image models print a limit of 0, which is none.
        "context_tokens": int(context) if context and abs(context) < 2**53 else None,
        "extra": dump_extra(extra),
    }


def _price(cost: dict[str, Any], key: str) -> float | None:
    """A price below zero is none: routers, which charge the price of the model they choose, are listed that way."""
    price = as_float(cost.get(key), key)
    return price if price is None or price >= 0 else None


def _lengths(cost: dict[str, Any]) -> list[int]:
    """The lengths of prompt beyond which another price holds."""
    named, over = (cost.get(key) for key in TIERS)
    tiers = [as_object(tier, TIERS[0]) for tier in (named if isinstance(named, list) else ())]
    tiers += [{**as_object(over, TIERS[1]), "tier": {"size": OVER}}] if over else []
    found = []
    for tier in tiers:
        length = as_object(tier.get("tier") or {}, "tier")
        size = as_float(length.get("size"), "size")
        is_other = any(tier.get(key) != cost.get(key) for key in ("input", "output"))
        if size and 0 < size < 2**53 and length.get("type") in (None, "context") and is_other:
            found.append(int(size))
    return found


def _day(printed: str | None) -> date | None:
    """A whole date; null for a month or a year alone."""
    if printed is None or re.fullmatch(r"\d{4}(-\d{2})?", printed):
        return None
    return parse_iso_date(printed, "release_date")


def _flag(value: object, column: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadCell(column, repr(excerpt(value, 40)), "true or false")


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name, else the newest "last updated" in it."""
    return known_at_in_name(path, body) or newest_day(body, _LAST_UPDATED)


SOURCE = Source(
    id="models_dev",
    title="models.dev price list",
    origin=Origin(
        producer="models.dev",
        title="models.dev API",
        address="https://models.dev/",
        citation=f"models.dev ({ADDRESS}), MIT",
        licence="MIT",
        licence_address=f"{REPOSITORY}/blob/dev/LICENSE",
        redistributable=True,
        redistribution_note="Published by the models.dev project under the MIT licence.",
    ),
    requests=(Request("api", ADDRESS, ("application/json", "text/plain")),),
    parse=parse,
    cadence=timedelta(days=7),
    row_floor=300,
    schema=PRICE,
    raw_patterns=("prices/models_dev*.json",),
    known_at_of=known_at_of,
)
