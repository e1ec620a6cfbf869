"""The makers' prices, calculated a second time from the raw price lists.

Nothing here imports the pipeline: lists are read with json, the lines of price_names.csv and price_providers.csv with
csv, and the rules of the method page (each maker's newest list of the month; lowest tier; a zero only where the maker
says free) are written down again in plain Python. Scores and countries, which other tests calculate again, are the
warehouse's.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

REFERENCE = Path(__file__).parents[2] / "warehouse" / "reference"
#: Input and output in US$ per million tokens, and the longest prompt of the tier.
Price = tuple[float, float, int | None]
Listed = dict[tuple[str, str], Price]


def reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def litellm(path: Path) -> Iterator[tuple[tuple[str, str], Price]]:
    for name, entry in json.loads(path.read_text(encoding="utf-8")).items():
        if not isinstance(entry, dict) or name == "sample_spec":
            continue
        longest = [
            int(key.split("_above_")[1].removesuffix("k_tokens")) * 1000
            for key in entry
            if key.split("_above_")[0] in ("input_cost_per_token", "output_cost_per_token")
            and key.endswith("k_tokens")
            and entry[key] != entry.get(key.split("_above_")[0])
        ]
        if tiers := [tier for tier in entry.get("tiered_pricing", []) if "range" in tier]:
            entry = {**entry, **min(tiers, key=lambda tier: tier["range"])}
            longest = [int(entry["range"][1])]
        prices = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
        if None not in prices:
            yield (
                (entry["litellm_provider"], name.strip()),
                (prices[0] * 1e6, prices[1] * 1e6, min(longest, default=None)),
            )


def models_dev(path: Path) -> Iterator[tuple[tuple[str, str], Price]]:
    for provider, entry in json.loads(path.read_text(encoding="utf-8")).items():
        for name, model in entry["models"].items():
            cost = model.get("cost", {})
            longer = [
                tier["tier"]["size"]
                for tier in cost.get("tiers", [])
                if (tier["input"], tier["output"]) != (cost["input"], cost["output"])
            ]
            if "input" in cost:
                yield (provider, name), (cost["input"], cost["output"], min(longer, default=None))


def read_lists(folder: Path) -> dict[tuple[str, date], Listed]:
    found = {
        ("litellm_prices", date.fromisoformat(path.name[:10])): dict(litellm(path))
        for path in sorted((folder / "prices" / "litellm").glob("*.json"))
    }
    # The first of models.dev's lists has no day in its name, but that of its newest entry.
    for name, day in (("models_dev_api", "2026-06-30"), ("models_dev_api_2026-07-01", "2026-07-01")):
        found["models_dev", date.fromisoformat(day)] = dict(models_dev(folder / "prices" / f"{name}.json"))
    return found


def makers_prices(lists: dict[tuple[str, date], Listed]) -> dict[tuple[date, str], tuple[float, Any, date]]:
    """(month, model) → blended price, tier and day of the list."""
    outlets = {
        (row["source_id"], row["provider"]): (row["organization_id"], int(row["preference"]))
        for row in reference("price_providers")
        if row["is_first_party"] == "yes"
    }
    newest: dict[tuple[date, str], date] = {}
    for (source, day), listed in lists.items():
        for provider, _ in listed:
            if outlet := outlets.get((source, provider)):
                key = day.replace(day=1), outlet[0]
                newest[key] = max(day, newest.get(key, day))
    offers: dict[tuple[date, str], list[tuple[Any, ...]]] = {}
    for line in reference("price_names"):
        source, provider, name = line["source_id"], line["provider"], line["listed_name"]
        organization, preference = outlets[source, provider]
        for (listed_by, day), listed in lists.items():
            price = listed.get((provider, name))
            month = day.replace(day=1)
            if (
                price is None
                or listed_by != source
                or day != newest[month, organization]
                or not (line["valid_from"] or "0") <= day.isoformat() <= (line["valid_to"] or "9")
            ):
                continue
            if min(price[:2]) > 0 or (line["free_by_maker"] == "yes" and max(price[:2]) == 0):
                offer = (source, preference, name, (3 * price[0] + price[1]) / 4, price[2], day)
                offers.setdefault((month, line["model_id"]), []).append(offer)
    return {key: min(found, key=lambda offer: offer[:3])[3:] for key, found in offers.items()}


@pytest.fixture(scope="module")
def recomputed(upstream: Path) -> dict[tuple[date, str], tuple[float, Any, date]]:
    if not (upstream / "prices" / "models_dev_api_2026-07-01.json").is_file():
        pytest.skip("no price lists")
    return makers_prices(read_lists(upstream))


def test_every_makers_price(
    warehouse: duckdb.DuckDBPyConnection, recomputed: dict[tuple[date, str], tuple[float, Any, date]]
) -> None:
    """Would catch a price of another list, seller, tier or month, one too many and one missing."""
    found = {
        (month, model): (pytest.approx(blended), tier, listed_on)
        for month, model, blended, tier, listed_on in warehouse.execute(
            "SELECT month, model_id, blended, tier_up_to_tokens, price_list_date FROM internal.maker_prices"
        ).fetchall()
    }
    assert len(found) > 500
    assert found.keys() == recomputed.keys()
    assert found == recomputed


def test_the_price_of_every_level(
    warehouse: duckdb.DuckDBPyConnection, recomputed: dict[tuple[date, str], tuple[float, Any, date]]
) -> None:
    """Would catch a dearer model named as the cheapest, or months compared of which one side has no list."""
    scored = warehouse.execute(
        "SELECT c.country, s.model_id, s.score, f.first_listed_on FROM core.scores AS s "
        "JOIN core.model_countries AS c ON c.model_id = s.model_id AND c.country_rule = 'hq' "
        "JOIN core.first_listed AS f ON f.model_id = s.model_id AND f.board = 'arena_text' "
        "WHERE s.category = 'overall' AND s.snapshot_id = (SELECT any_value(snapshot_id) FROM main.price_parity)"
    ).fetchall()
    cheapest: dict[tuple[float, date], dict[str, float]] = {}
    for (month, model), (price, _, _) in recomputed.items():
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        for country, listed, score, first_listed_on in scored:
            if listed == model and first_listed_on < after:
                for level in (1300.0, 1350.0, 1400.0, 1450.0):
                    if score >= level:
                        of_level = cheapest.setdefault((level, month), {})
                        of_level[country] = min(price, of_level.get(country, price))
    expected = {
        key: (pytest.approx(found["US"]), pytest.approx(found["CN"]))
        for key, found in cheapest.items()
        if {"US", "CN"} <= found.keys()
    }
    rows = warehouse.execute(
        "SELECT level, month, us_usd_per_mtok, cn_usd_per_mtok FROM main.price_parity"
    ).fetchall()
    assert {(level, month): (us, cn) for level, month, us, cn in rows} == expected
