"""Price lists: US$ per million tokens as printed, nothing where nothing is printed, and no price invented."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest

from sources.contract.rows import PRICE
from sources.contract.snapshot import Snapshot
from sources.contract.validation import read
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures import bodies

Row = dict[str, Any]


def litellm(**entries: Any) -> str:
    """A sample list in LiteLLM's shape, the entry that explains the fields among the others."""
    fake = {
        "input_cost_per_token": 0.0,
        "litellm_provider": "one of these",
        "max_tokens": "set to max_output_tokens",
        "mode": "one of: chat, embedding",
    }
    return json.dumps({"sample_spec": fake, **entries})


def chat(**fields: Any) -> Row:
    return {"litellm_provider": "northwind", "mode": "chat", **fields}


def rows(source: str, body: bytes | str) -> dict[str, Row]:
    return {row["listed_name"]: row for row in bodies.parsed(source, body).iter_rows(named=True)}


def test_prices_are_per_million_tokens_without_binary_dust() -> None:
    """Would catch prices a million times too small, or 1.2 turned into 1.1999999999999997."""
    body = litellm(
        sample=chat(
            input_cost_per_token=1.2e-06, output_cost_per_token=6e-06, cache_read_input_token_cost=7e-08
        )
    )
    sample = rows("litellm_prices", body)["sample"]
    assert sample["input_usd_per_mtok"] == 1.2
    assert sample["output_usd_per_mtok"] == 6.0
    assert sample["cached_input_usd_per_mtok"] == 0.07


def test_the_entry_that_explains_the_fields_is_no_model() -> None:
    """Would catch a fake model at price zero, which would be the cheapest of all."""
    assert set(rows("litellm_prices", litellm(sample=chat(input_cost_per_token=1e-06)))) == {"sample"}


def test_the_list_is_dated_by_its_own_stamp_only() -> None:
    """Would catch a stamp taken for a model, or a date made up where none is printed."""
    entry = {"sample": chat(input_cost_per_token=1e-06)}
    stamped = litellm(**entry, last_updated="2026-05-29T03:20:33.514136+00:00")
    assert rows("litellm_prices", stamped)["sample"]["listed_on"] == date(2026, 5, 29)
    assert rows("litellm_prices", litellm(**entry))["sample"]["listed_on"] is None
    with pytest.raises(ParseError, match="last_updated"):
        rows("litellm_prices", litellm(**entry, last_updated="yesterday"))


def prices_of(row: Row) -> tuple[float | None, float | None, int | None]:
    return row["input_usd_per_mtok"], row["output_usd_per_mtok"], row["tier_up_to_tokens"]


TIERS = [
    {"input_cost_per_token": 2.4e-06, "output_cost_per_token": 1.2e-05, "range": [32000.0, 128000.0]},
    {"input_cost_per_token": 1.2e-06, "output_cost_per_token": 6e-06, "range": [0, 32000.0]},
]


@pytest.mark.parametrize("plain", [{"input_cost_per_token": 0, "output_cost_per_token": 0}, {}])
def test_the_price_of_tiers_is_the_lowest_and_never_zero(plain: Row) -> None:
    """Would catch Qwen3-Max winning every price comparison because its plain price reads 0, or the first printed
    tier taken for the lowest.
    """
    body = litellm(tiered=chat(**plain, tiered_pricing=TIERS), sample=chat(input_cost_per_token=1e-06))
    tiered = rows("litellm_prices", body)["tiered"]
    assert tiered["has_tiered_prices"] is True
    assert prices_of(tiered) == (1.2, 6.0, 32000)
    assert json.loads(tiered["extra"])["tiered_pricing"] == TIERS


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        # No tier holds for short prompts.
        ({"tiered_pricing": TIERS[:1]}, (None, None, None)),
        # Sold by the number of results, not by tokens.
        (
            {"tiered_pricing": [{"input_cost_per_query": 0.005, "max_results_range": [0, 25]}]},
            (None, None, None),
        ),
        ({"tiered_pricing": []}, (None, None, None)),
        ({"tiered_pricing": [{**TIERS[1], "range": [0, None]}]}, (1.2, 6.0, None)),
        ({"input_cost_per_token": 3e-06, "tiered_pricing": TIERS[:1]}, (3.0, None, None)),
    ],
)
def test_tiers_that_do_not_begin_with_short_prompts_are_no_price(entry: Row, found: Row) -> None:
    """Would catch the price of long prompts, or of a search, taken for that of a token."""
    body = litellm(tiered=chat(**entry), sample=chat(input_cost_per_token=1e-06))
    assert prices_of(rows("litellm_prices", body)["tiered"]) == found


def test_a_tier_without_its_length_is_set_aside() -> None:
    """Would catch a change of upstream's shape that makes every tier the lowest."""
    tier = {"input_cost_per_token": 1e-06, "tokens": [0, 32000]}
    with pytest.raises(ParseError, match="range"):
        rows("litellm_prices", litellm(tiered=chat(tiered_pricing=[tier])))


def test_dearer_beyond_a_length_keeps_the_plain_price() -> None:
    """Would catch Gemini's prices lost because long prompts cost more."""
    above = {
        f"{kind}_cost_per_token_above_{length}k_tokens": 4e-06
        for kind, length in (("input", 200), ("output", 128))
    }
    body = litellm(sample=chat(input_cost_per_token=2e-06, output_cost_per_token=3e-06, **above))
    sample = rows("litellm_prices", body)["sample"]
    assert (prices_of(sample), sample["has_tiered_prices"]) == ((2.0, 3.0, 128000), True)
    assert json.loads(sample["extra"])["input_cost_per_token_above_200k_tokens"] == 4e-06


def test_a_price_that_is_the_same_beyond_a_length_has_no_tiers() -> None:
    """Would catch a free model called free up to a length only: upstream prints its zero twice."""
    entry = chat(input_cost_per_token=0, input_cost_per_token_above_128k_tokens=0)
    body = litellm(same=entry, sample=chat(input_cost_per_token=1e-06))
    assert prices_of(rows("litellm_prices", body)["same"]) == (0.0, None, None)
    same = {"cost": {"input": 1, "output": 2, "tiers": [{"tier": {"size": 200000}, "input": 1, "output": 2}]}}
    assert prices_of(rows("models_dev", models_dev(same=same))["same"]) == (1.0, 2.0, None)


def test_zero_stays_zero_and_blank_stays_blank() -> None:
    """Would catch "free or not known" mixed up with "not printed": later rules need both."""
    body = litellm(zero=chat(input_cost_per_token=0.0, output_cost_per_token=0), blank=chat(), other=chat(
        input_cost_per_token=1e-06))  # fmt: skip
    found = rows("litellm_prices", body)
    assert (found["zero"]["input_usd_per_mtok"], found["zero"]["provider"]) == (0.0, "northwind")
    assert found["zero"]["has_tiered_prices"] is False
    assert found["blank"]["input_usd_per_mtok"] is None


def test_resellers_stay_under_their_own_names() -> None:
    """Would catch a reseller's price taken for the maker's: the printed provider is what tells them apart."""
    body = litellm(
        sample=chat(input_cost_per_token=1e-06),
        **{"resold/sample": {"litellm_provider": "resold", "input_cost_per_token": 3e-06}},
    )
    found = rows("litellm_prices", body)
    assert {name: row["provider"] for name, row in found.items()} == {
        "sample": "northwind",
        "resold/sample": "resold",
    }
    assert found["resold/sample"]["mode"] is None


def test_one_name_printed_twice_with_two_prices_has_none() -> None:
    """Would catch a duplicate that refuses the whole list, as upstream has had for weeks, or one of two
    prices taken at random.
    """
    entry = '"litellm_provider": "northwind", "mode": "chat", "max_tokens": 1000'
    body = (
        f'{{"sample": {{{entry}, "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06}},'
        f' "same": {{{entry}, "input_cost_per_token": 2e-06}}, "same": {{{entry}, "input_cost_per_token": 2e-06}},'
        f' "sample": {{{entry}, "input_cost_per_token": 3e-06, "output_cost_per_token": 5e-06}}}}'
    )
    found = rows("litellm_prices", body)
    assert found["sample"]["input_usd_per_mtok"] is None
    assert found["sample"]["output_usd_per_mtok"] == 5.0
    assert len(json.loads(found["sample"]["extra"])["printed_twice"]) == 2
    assert (found["same"]["input_usd_per_mtok"], found["same"]["extra"]) == (2.0, None)


def test_a_price_below_zero_is_none() -> None:
    """Would catch a router, listed at −1, as the cheapest model of all."""
    body = litellm(router=chat(input_cost_per_token=-1e-06), sample=chat(input_cost_per_token=1e-06))
    assert rows("litellm_prices", body)["router"]["input_usd_per_mtok"] is None
    body = models_dev(
        router={"cost": {"input": -1, "output": -1}}, sample={"cost": {"input": 1, "output": 2}}
    )
    assert rows("models_dev", body)["router"]["output_usd_per_mtok"] is None


def test_context_is_a_number_of_tokens_or_nothing() -> None:
    """Would catch a length printed as text, 0, or a fraction breaking the list."""
    body = litellm(
        wide=chat(input_cost_per_token=1e-06, max_input_tokens=128000.0, max_tokens=4096),
        text=chat(max_input_tokens="see the docs", max_tokens=0),
    )
    found = rows("litellm_prices", body)
    assert (found["wide"]["context_tokens"], found["text"]["context_tokens"]) == (128000, None)


@pytest.mark.parametrize("source", ["litellm_prices", "models_dev"])
@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", EmptyTable),
        (b"  \n", EmptyTable),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", ParseError),
        (b"[]", ParseError),
        (b'{"sample": 1}', ParseError),
        (b'{"sample": {', ParseError),
        (b"\xff\xfe{}", ParseError),
        (b"{}", EmptyTable),
        (b"[" * 100_000, ParseError),
    ],
    ids=[
        "empty",
        "blank",
        "web page",
        "list",
        "a number for a model",
        "cut",
        "not UTF-8",
        "no models",
        "deep",
    ],
)
def test_a_body_that_is_no_price_list_is_refused(source: str, body: bytes, error: type[Exception]) -> None:
    """Would catch a login page or a cut download that empties the price list, or a traceback."""
    with pytest.raises(error) as caught:
        bodies.parsed(source, body)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("price", ['"cheap"', "true", "[1]"])
def test_a_price_that_is_no_number_is_refused(price: str) -> None:
    """Would catch prices that vanish because upstream prints them otherwise."""
    with pytest.raises(ParseError, match="input_cost_per_token"):
        bodies.parsed("litellm_prices", f'{{"sample": {{"input_cost_per_token": {price}}}}}')
    with pytest.raises(ParseError, match="input"):
        bodies.parsed("models_dev", f'{{"n": {{"models": {{"sample": {{"cost": {{"input": {price}}}}}}}}}}}')


def test_a_price_no_float_can_hold_and_a_byte_order_mark() -> None:
    """Would catch infinity in the warehouse, or a list refused for three bytes in front."""
    body = (
        b"\xef\xbb\xbf" + litellm(sample=chat(input_cost_per_token=1e-06, output_cost_per_token=1)).encode()
    )
    found = rows(
        "litellm_prices", body.replace(b'"output_cost_per_token": 1', b'"output_cost_per_token": 1e999')
    )
    assert (found["sample"]["input_usd_per_mtok"], found["sample"]["output_usd_per_mtok"]) == (1.0, None)


def test_a_list_without_any_price_counts_as_empty() -> None:
    """Would catch a list whose price fields were renamed, quietly pricing nothing."""
    with pytest.raises(EmptyTable, match="input_usd_per_mtok"):
        bodies.parsed("litellm_prices", litellm(sample=chat(inputCost=1e-06)))


def models_dev(**models: Row) -> str:
    """A sample list in the shape of models.dev: provider → models."""
    return json.dumps({"northwind": {"id": "northwind", "name": "Northwind", "models": models}})


def test_models_dev_prices_dates_and_weights() -> None:
    """Would catch prices multiplied twice, a release date lost, or blank read as open."""
    body = models_dev(
        sample={
            "id": "sample", "name": "Sample", "release_date": "2026-03-05", "open_weights": True,
            "cost": {"input": 2.5, "output": 15, "cache_read": 0.25}, "limit": {"context": 400000},
        },
        bare={"id": "bare", "name": "Bare"},
    )  # fmt: skip
    found = rows("models_dev", body)
    sample = found["sample"]
    assert [sample[name] for name in list(PRICE)[3:6]] == [2.5, 15.0, 0.25]
    assert sample["tier_up_to_tokens"] is None
    expected = ("northwind", date(2026, 3, 5), True)
    assert (sample["provider"], sample["released_on"], sample["open_weights"]) == expected
    assert (sample["context_tokens"], sample["has_tiered_prices"], sample["listed_on"]) == (
        400000,
        False,
        None,
    )
    assert found["bare"]["open_weights"] is None
    assert found["bare"]["input_usd_per_mtok"] is None


@pytest.mark.parametrize("context", [10**60, -(10**60)])
def test_a_context_that_no_number_type_holds_is_none(context: int) -> None:
    """Would catch an overflow where the rows become a table."""
    body = models_dev(sample={"cost": {"input": 1, "output": 2}, "limit": {"context": context}})
    assert rows("models_dev", body)["sample"]["context_tokens"] is None


@pytest.mark.parametrize("key", ["cache_read", "cached_input", "cache_input"])
def test_the_cached_price_has_had_three_names(key: str) -> None:
    """Would catch cached prices of makers whose files spell the field otherwise."""
    body = models_dev(sample={"cost": {"input": 1, "output": 2, key: 0.1}})
    assert rows("models_dev", body)["sample"]["cached_input_usd_per_mtok"] == 0.1


@pytest.mark.parametrize(
    "tiers",
    [
        {"tiers": [{"tier": {"size": 200000}, "input": 4, "output": 18}]},
        {"context_over_200k": {"input": 4, "output": 18}},
    ],
)
def test_models_dev_tiers_keep_the_plain_price(tiers: Row) -> None:
    """Would catch the long-prompt price taken for the price, in either shape of it."""
    sample = rows("models_dev", models_dev(sample={"cost": {"input": 2, "output": 12, **tiers}}))["sample"]
    assert (prices_of(sample), sample["has_tiered_prices"]) == ((2.0, 12.0, 200000), True)
    assert json.loads(sample["extra"]).items() >= tiers.items()


def test_a_release_month_is_no_day() -> None:
    """Would catch "2025-01" turned into the first of January, or refusing the list."""
    body = models_dev(sample={"release_date": "2025-01", "cost": {"input": 1, "output": 2}})
    sample = rows("models_dev", body)["sample"]
    assert sample["released_on"] is None
    assert json.loads(sample["extra"])["release_date"] == "2025-01"
    with pytest.raises(ParseError, match="release_date"):
        rows("models_dev", models_dev(sample={"release_date": "soon"}))


def test_known_at_comes_from_the_name_else_from_the_newest_entry() -> None:
    """Would catch an old list of prices known only since the day it was copied."""
    source = get("models_dev")
    body = models_dev(old={"last_updated": "2025-01-02"}, new={"last_updated": "2026-06-30"}, odd={
        "last_updated": "2027"}).encode()  # fmt: skip
    assert source.known_at_of(PurePath("models_dev_api.json"), body) == datetime(2026, 6, 30, tzinfo=UTC)
    assert source.known_at_of(PurePath("models_dev_2026-07-01.json"), body) == datetime(
        2026, 7, 1, tzinfo=UTC
    )
    assert source.known_at_of(PurePath("models_dev_api.json"), b"nonsense") is None
    lists = get("litellm_prices")
    path = PurePath("2026-05-29_4356933.json")
    assert lists.known_at_of(path, b"") == datetime(2026, 5, 29, tzinfo=UTC)
    assert lists.address_of(path).endswith("/blob/4356933/model_prices_and_context_window.json")


def test_every_real_litellm_list(upstream: Path) -> None:
    """Would catch listings dropped or priced wrongly, counted without the parser's code."""
    source = get("litellm_prices")
    files = sorted(upstream.glob(source.raw_patterns[0]))
    if not files:
        pytest.skip("no price lists")
    for path in files:
        plain = json.loads(path.read_text(encoding="utf-8"))
        entries = {
            name: entry for name, entry in plain.items() if isinstance(entry, dict) and name != "sample_spec"
        }
        frame = bodies.read_file(source, path)
        assert frame.height == len(entries) >= source.row_floor
        assert frame["listed_on"].unique().to_list() == [date.fromisoformat(path.name[:10])]
        for row in frame.iter_rows(named=True):
            entry = entries[row["listed_name"]]
            # In every real list the first tier is the one from 0.
            tiers = entry.get("tiered_pricing")
            printed = (tiers[0] if tiers else entry).get("input_cost_per_token")
            if printed is None:
                assert row["input_usd_per_mtok"] is None
            else:
                assert row["input_usd_per_mtok"] == pytest.approx(printed * 1e6, rel=1e-12)
            if tiers:
                assert row["tier_up_to_tokens"] == (tiers[0]["range"][1] if "range" in tiers[0] else None)
            assert row["provider"] == entry["litellm_provider"]
    assert frame.filter(frame["input_usd_per_mtok"] == 0).height == sum(
        entry.get("input_cost_per_token") == 0 for entry in entries.values()
    )


def test_the_real_models_dev_list(upstream: Path) -> None:
    """Would catch providers or models lost, counted without the parser's code."""
    path = upstream / "prices" / "models_dev_api.json"
    if not path.is_file():
        pytest.skip("no models.dev list")
    plain = json.loads(path.read_text(encoding="utf-8"))
    models = [model for provider in plain.values() for model in provider["models"].values()]
    frame = bodies.read_file(get("models_dev"), path)
    assert frame.height == len(models)
    assert frame["input_usd_per_mtok"].count() == sum("cost" in model for model in models)
    assert frame["open_weights"].sum() == sum(model.get("open_weights", False) for model in models)
    assert frame["released_on"].count() == sum(len(model.get("release_date", "")) == 10 for model in models)
    assert frame["has_tiered_prices"].sum() == sum("tiers" in model.get("cost", {}) for model in models)


def test_a_snapshot_is_read_the_same_twice() -> None:
    """Would catch a parser with a memory."""
    taken: Snapshot = bodies.snapshot("litellm_prices", litellm(sample=chat(input_cost_per_token=1e-06)))
    assert read(get("litellm_prices"), taken).frame.equals(read(get("litellm_prices"), taken).frame)
