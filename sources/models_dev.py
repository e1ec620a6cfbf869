"""models.dev: what models cost, by provider, in US$ per million tokens, with release dates and open weights.

A community's list, rebuilt from small files; one object, provider → models. No date of its own: the newest
"last updated" of its entries is the earliest day that anyone can have had it.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import PRICE, Origin, Request, Snapshot, Source, conform
from sources.errors import ParseError
from sources.parsing.arena import day_in_name
from sources.parsing.columns import json_number, json_object, json_table, json_text, midnight, shown

ADDRESS = "https://models.dev/api.json"
REPOSITORY = "https://github.com/sst/models.dev"
#: Under which keys the price of a cached prompt has been printed.
CACHED = ("cache_read", "cached_input", "cache_input")
#: Dearer beyond a length of prompt; the plain price is the one below it.
TIERS = ("tiers", "context_over_200k")
#: What else of a model may be wanted later.
BESIDE = ("name", "family", "base_model", "last_updated", "modalities", "reasoning", "status")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model of a provider. A release printed without its day is in ``extra`` only."""
    where = snapshot.where()
    rows = []
    for provider, printed in json_object(snapshot).items():
        there = f"{where}: {shown(provider, 40)}"
        models = json_table(json_table(printed, there).get("models"), f"{there}: models")
        rows += [_row(provider, name, model, there) for name, model in models.items()]
    return conform(pl.DataFrame(rows, schema=dict(PRICE), orient="row"), PRICE)


def _row(provider: str, name: str, printed: object, where: str) -> dict[str, Any]:
    there = f"{where}: {shown(name, 60)}"
    model = json_table(printed, there)
    cost = json_table(model.get("cost") or {}, f"{there}: cost")
    limit = json_table(model.get("limit") or {}, f"{there}: limit")
    cached = next((key for key in CACHED if cost.get(key) is not None), CACHED[0])
    release = json_text(model.get("release_date"), f"{there}: release_date")
    released_on = _day(release, there)
    context = json_number(limit.get("context"), f"{there}: context")
    beside: dict[str, Any] = {key: model[key] for key in BESIDE if model.get(key) is not None}
    beside |= {key: cost[key] for key in TIERS if cost.get(key)}
    if release and released_on is None:
        beside["release_date"] = release
    return {
        "listed_name": name.strip(),
        "provider": provider.strip(),
        "input_usd_per_mtok": _price(cost, "input", there),
        "output_usd_per_mtok": _price(cost, "output", there),
        "cached_input_usd_per_mtok": _price(cost, cached, there),
        "has_tiered_prices": any(cost.get(key) for key in TIERS),
        "released_on": released_on,
        "open_weights": _flag(model.get("open_weights"), f"{there}: open_weights"),
        # Image models print a limit of 0, which is none.
        "context_tokens": int(context) if context and context < 2**53 else None,
        "extra": json.dumps(beside, ensure_ascii=False, sort_keys=True) if beside else None,
    }


def _price(cost: dict[str, Any], key: str, where: str) -> float | None:
    """Below zero there is no price: routers are listed that way, which cost what they choose."""
    price = json_number(cost.get(key), f"{where}: {key}")
    return price if price is None or price >= 0 else None


def _day(printed: str | None, where: str) -> date | None:
    """A whole date; null for a month or a year alone."""
    if printed is None or re.fullmatch(r"\d{4}(-\d{2})?", printed):
        return None
    try:
        return date.fromisoformat(printed)
    except ValueError:
        raise ParseError(f"{where}: release_date {printed[:40]!r}", "YYYY-MM-DD", "fix the parser") from None


def _flag(value: object, where: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ParseError(f"{where}: {shown(value, 40)!r}", "true or false", "look at the bytes")


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name, else the newest "last updated" in it."""
    day = day_in_name(path)
    if day is None:
        try:
            newest = max(
                str(model.get("last_updated", ""))
                for provider in json.loads(body).values()
                for model in provider["models"].values()
                if _DAY.fullmatch(str(model.get("last_updated", "")))
            )
            day = date.fromisoformat(newest)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
    return midnight(day)


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
    request_of=lambda path: "api",
    known_at_of=known_at_of,
)
