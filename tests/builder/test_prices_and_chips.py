"""Prices are the makers' own and of their day; chips are compared on the figures that are printed."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.fixtures.tables_in_memory import Row, mart, parameters, tiny
from warehouse import reference
from warehouse.builder import reference_frames
from warehouse.db import sql_text
from warehouse.reference.consistency import problems

ALWAYS = {"valid_from": date(1, 1, 1), "valid_to": date(9999, 12, 31)}
MAY = date(2025, 5, 1)


def listing(
    name: str, prices: tuple[float | None, float | None], provider: str = "maker", **more: Any
) -> Row:
    return {
        "source_id": "litellm_prices",
        "price_list_date": date(2025, 5, 31),
        "provider": provider,
        "listed_name": name,
        "input_usd_per_mtok": prices[0],
        "output_usd_per_mtok": prices[1],
        **more,
    }


def name(listed: str, model: str, provider: str = "maker", **more: Any) -> Row:
    row = {"source_id": "litellm_prices", "provider": provider, "listed_name": listed, "model_id": model}
    return {**row, **ALWAYS, **more}


def provider(named: str, is_first_party: bool = True, **more: Any) -> Row:
    return {"source_id": "litellm_prices", "provider": named, "is_first_party": is_first_party, **more}


def prices(
    listings: list[Row],
    names: list[Row],
    providers: list[Row] | None = None,
    months: tuple[date, ...] = (MAY,),
    models: dict[str, tuple[str, float]] | None = None,
    held: list[Row] | None = None,
    known: dict[str, date] | None = None,
) -> dict[tuple[Any, ...], Row]:
    """``price_gap`` of a small arena, by (question, level, country), and month if there are several.

    ``known`` is when an input was known, where the day matters.
    """
    models = models or {"us-top": ("US", 1450.0), "us-near": ("US", 1431.0), "cn-top": ("CN", 1410.0)}
    con = tiny(
        meta__parameters=parameters(),
        meta__held=held or [],
        meta__inputs=[
            {"input_id": one, "known_at": (known or {}).get(one, date(2025, 1, 1))}
            for one in {listed.get("input_id", "x") for listed in listings}
        ],
        main__monthly_gap=[
            {
                "board": "arena_text",
                "variant": "style_control",
                "category": "overall",
                "month": month,
                "status": "observed",
                "snapshot_id": "s",
                "published_on": month,
            }
            for month in months
        ],
        core__snapshots=[{"snapshot_id": "s", "coverage": "whole", "published_on": MAY}],
        core__publications=[
            {
                "board": "arena_text",
                "variant": "style_control",
                "category": "overall",
                "snapshot_id": "s",
                "published_on": MAY,
            }
        ],
        core__scores=[
            {
                "snapshot_id": "s",
                "category": "overall",
                "model_name": model,
                "model_id": model,
                "score": score,
            }
            for model, (_, score) in models.items()
        ],
        core__model_names=[{"source_id": "x", "model_name": model, "model_id": model} for model in models],
        core__model_countries=[
            {"model_id": model, "country_rule": "hq", "country": country, **ALWAYS}
            for model, (country, _) in models.items()
        ],
        core__snapshot_categories=[{"snapshot_id": "s", "category": "overall", "is_ambiguous": False}],
        core__first_listed=[
            {"board": "arena_text", "model_id": model, "first_listed_on": date(2025, 1, 1)}
            for model in models
        ],
        core__country_leaders=[],
        core__prices=listings,
        core__price_names=names,
        core__price_providers=providers or [provider("maker")],
    )
    con.execute(f"INSERT INTO core.country_leaders BY NAME {sql_text('core/country_leaders.sql')}")
    rows = mart(con, "price_gap")
    several = len(months) > 1
    return {
        (row["question"], row["level"], row["country"], *([row["month"]] if several else [])): row
        for row in rows
    }


TOP, NEAR = ("top_model", None), ("near_top", None)


def test_the_blend_is_three_parts_of_input_to_one_of_output() -> None:
    found = prices([listing("top", (2.0, 10.0))], [name("top", "us-top")])
    row = found[(*TOP, "US")]
    assert (row["blended_usd_per_mtok"], row["price_status"]) == (4.0, "first_party")


def test_a_model_without_a_price_keeps_its_row() -> None:
    found = prices([listing("top", (2.0, 10.0))], [name("top", "us-top")])
    row = found[(*TOP, "CN")]
    assert (row["model"], row["price_status"], row["blended_usd_per_mtok"]) == ("cn-top", "missing", None)
    row = found[(*NEAR, "CN")]
    assert (row["model"], row["price_status"]) == (None, "missing"), "which is cheapest is not known"
    assert found[("level", 1300.0, "CN")]["candidates"] == 1


def test_zero_is_missing_unless_the_maker_says_free() -> None:
    zero = [listing("top", (0.0, 0.0))]
    assert prices(zero, [name("top", "us-top")])[(*TOP, "US")]["price_status"] == "missing"
    free = prices(zero, [name("top", "us-top", free_by_maker=True)])[(*TOP, "US")]
    assert (free["price_status"], free["blended_usd_per_mtok"]) == ("free_by_maker", 0.0)
    half = prices([listing("top", (0.0, 3.0))], [name("top", "us-top")])[(*TOP, "US")]
    assert half["price_status"] == "missing", "half a price is none"


def test_a_reseller_is_never_the_price() -> None:
    found = prices(
        [listing("top", (1.0, 1.0), "reseller"), listing("top", (2.0, 2.0), "maker")],
        [name("top", "us-top", "reseller"), name("top", "us-top", "maker")],
        [provider("reseller", is_first_party=False), provider("maker")],
    )
    assert found[(*TOP, "US")]["blended_usd_per_mtok"] == 2.0


def test_an_alias_is_the_model_of_the_day_of_the_list() -> None:
    lists = [
        listing("alias", (1.0, 1.0), price_list_date=date(2025, 5, 31)),
        listing("alias", (2.0, 2.0), price_list_date=date(2025, 6, 30)),
    ]
    names = [
        name("alias", "us-near", valid_to=date(2025, 5, 31)),
        name("alias", "us-top", valid_from=date(2025, 6, 1)),
    ]
    june = date(2025, 6, 1)
    found = prices(lists, names, months=(MAY, june))
    assert found[(*TOP, "US", MAY)]["price_status"] == "missing"
    assert found[(*NEAR, "US", MAY)]["model"] == "us-near"
    assert found[(*TOP, "US", june)]["blended_usd_per_mtok"] == 2.0
    assert found[(*NEAR, "US", june)]["model"] == "us-top", (
        "the older model is not in the newest list by that name"
    )


def test_a_list_of_a_later_month_does_not_count() -> None:
    found = prices([listing("top", (2.0, 2.0), price_list_date=date(2025, 6, 1))], [name("top", "us-top")])
    assert found[(*TOP, "US")]["price_status"] == "missing"


def test_a_model_dropped_from_the_newest_list_has_no_price() -> None:
    lists = [
        listing("top", (2.0, 2.0), price_list_date=date(2025, 4, 30)),
        listing("other", (1.0, 1.0), price_list_date=date(2025, 5, 31)),
    ]
    assert prices(lists, [name("top", "us-top")])[(*TOP, "US")]["price_status"] == "missing"


def test_a_price_held_back_is_that_of_the_last_list_before() -> None:
    """Would catch a price missing, or another seller's taken, because one number of the newest list is doubtful."""
    before = listing("m", (1.0, 4.0), price_list_date=date(2025, 4, 30))
    other = listing("other", (2.0, 8.0), input_id="newest")
    held = {
        "input_id": "newest",
        "state": "held",
        "selector": '{"provider": "maker", "listed_name": "m"}',
        "source_id": "litellm_prices",
    }
    rows = prices([before, other], [name("m", "us-top"), name("other", "us-near")], held=[held])
    row = rows[*TOP, "US"]
    assert (row["input_usd_per_mtok"], row["price_list_date"]) == (1.0, date(2025, 4, 30))
    assert prices([before, other], [name("m", "us-top")])[*TOP, "US"]["price_status"] == "missing"


MODELS_DEV = {"source_id": "models_dev"}


def test_the_newest_list_of_a_maker_counts_whatever_its_source() -> None:
    """Would catch an older list that stands over a newer one because of where it is from."""
    newer = {**MODELS_DEV, "price_list_date": date(2025, 5, 31)}
    lists = [
        listing("top", (2.0, 2.0), price_list_date=date(2025, 5, 20)),
        listing("top", (9.0, 9.0), **newer),
    ]
    names = [name("top", "us-top"), name("top", "us-top", **MODELS_DEV)]
    providers = [
        provider("maker", organization_id="a"),
        provider("maker", organization_id="a", **MODELS_DEV),
        provider("another", organization_id="b"),
    ]
    row = prices(lists, names, providers)[*TOP, "US"]
    assert (row["source_id"], row["blended_usd_per_mtok"]) == ("models_dev", 9.0)


def test_a_maker_that_the_newest_list_lacks_is_priced_by_the_last_list_with_it() -> None:
    """Would catch a maker without prices because the month's last list has no outlet of its own."""
    lists = [
        listing("top", (2.0, 2.0)),
        listing("cn", (1.0, 1.0), "cn-maker", **MODELS_DEV, price_list_date=date(2025, 5, 20)),
    ]
    names = [name("top", "us-top"), name("cn", "cn-top", "cn-maker", **MODELS_DEV)]
    providers = [
        provider("maker", organization_id="a"),
        provider("cn-maker", organization_id="b", **MODELS_DEV),
        provider("maker", organization_id="a", **MODELS_DEV),
    ]
    found = prices(lists, names, providers)
    assert found[*TOP, "US"]["source_id"] == "litellm_prices"
    assert (found[*TOP, "CN"]["source_id"], found[*TOP, "CN"]["blended_usd_per_mtok"]) == ("models_dev", 1.0)


def test_a_model_that_its_makers_newest_list_lacks_is_withdrawn() -> None:
    """Would catch a model priced by an older list of the month although its maker sells it no more."""
    newer = {**MODELS_DEV, "price_list_date": date(2025, 5, 31)}
    lists = [
        listing("top", (2.0, 2.0), price_list_date=date(2025, 5, 20)),
        listing("near", (3.0, 3.0), **newer),
    ]
    names = [name("top", "us-top"), name("near", "us-near", **MODELS_DEV)]
    providers = [
        provider("maker", organization_id="a"),
        provider("maker", organization_id="a", **MODELS_DEV),
        provider("another", organization_id="b"),
    ]
    found = prices(lists, names, providers)
    assert found[*TOP, "US"]["price_status"] == "missing"
    assert found[*NEAR, "US"]["model"] == "us-near"


def test_on_one_day_a_makers_own_list_counts_before_one_of_many_makers() -> None:
    """Would catch an aggregator's price where the maker's own of that day is held."""
    lists = [listing("top", (2.0, 2.0)), listing("top", (9.0, 9.0), source_id="us_maker_page")]
    own = {"source_id": "us_maker_page"}
    names = [name("top", "us-top"), name("top", "us-top", **own)]
    providers = [
        provider("maker", organization_id="a"),
        provider("another", organization_id="b"),
        provider("maker", organization_id="a", **own),
    ]
    assert prices(lists, names, providers)[*TOP, "US"]["blended_usd_per_mtok"] == 9.0


def test_of_two_bodies_of_one_day_the_last_counts() -> None:
    """Would catch a price that was corrected within the day, or a model taken out of the list, by the older body."""
    lists = [
        listing("top", (2.0, 2.0), input_id="b"),
        listing("near", (1.0, 1.0), input_id="b"),
        listing("top", (3.0, 3.0), input_id="a"),
    ]
    names = [name("top", "us-top"), name("near", "us-near")]
    known = {"b": date(2025, 5, 30), "a": date(2025, 5, 31)}
    found = prices(lists, names, known=known)
    assert found[*TOP, "US"]["blended_usd_per_mtok"] == 3.0
    assert found[*NEAR, "US"]["model"] == "us-top"


def test_a_month_without_a_list_has_no_price() -> None:
    """Would catch May's price carried into months of which nobody has looked."""
    june = date(2025, 6, 1)
    found = prices([listing("top", (2.0, 2.0))], [name("top", "us-top")], months=(MAY, june))
    assert found[*TOP, "US", MAY]["blended_usd_per_mtok"] == 2.0
    assert found[*TOP, "US", june]["price_status"] == "missing"


def test_a_list_held_back_as_a_whole_keeps_the_last_list_before() -> None:
    """Would catch a month without prices, or a withdrawn model that comes back, while a list waits for a decision."""
    lists = [
        listing("near", (5.0, 5.0), price_list_date=date(2025, 3, 31)),
        listing("top", (2.0, 2.0), price_list_date=date(2025, 4, 30)),
    ]
    held = {
        "input_id": "newest",
        "state": "held",
        "selector": "{}",
        "source_id": "litellm_prices",
        "known_at": date(2025, 5, 31),
    }
    names = [name("top", "us-top"), name("near", "us-near")]
    row = prices(lists, names, held=[held])[*TOP, "US"]
    assert (row["blended_usd_per_mtok"], row["price_list_date"]) == (2.0, date(2025, 4, 30))
    assert prices(lists, names, held=[held])[*NEAR, "US"]["priced_candidates"] == 1
    assert prices(lists, names)[*TOP, "US"]["price_status"] == "missing"


def test_a_price_says_for_which_prompts_it_is() -> None:
    row = prices([listing("top", (1.2, 6.0), tier_up_to_tokens=32000)], [name("top", "us-top")])[*TOP, "US"]
    assert (row["blended_usd_per_mtok"], row["tier_up_to_tokens"]) == (pytest.approx(2.4), 32000)


@pytest.mark.parametrize(
    ("more_names", "findings"),
    [
        ([], 1),
        ([name("top", "us-top", **MODELS_DEV)], 0),
        ([name("old", "us-top", valid_to=date(2025, 6, 1), **MODELS_DEV)], 0),
    ],
    ids=["no line", "a line", "a line that has ended"],
)
def test_a_withdrawn_model_that_the_newest_list_prints_is_a_finding(
    more_names: list[Row], findings: int
) -> None:
    """Would catch a model that is still sold and drops out because the newest list is another source's."""
    newer = {**MODELS_DEV, "price_list_date": date(2025, 6, 30)}
    con = tiny(
        meta__parameters=parameters(),
        meta__held=[],
        meta__inputs=[{"input_id": "x"}],
        core__models=[{"model_id": model, "organization_id": "a"} for model in ("us-top", "other")],
        core__prices=[
            listing("maker/top", (1.0, 1.0)),
            listing("top", (1.0, 1.0), **newer),
            listing("o", (2.0, 2.0), **newer),
        ],
        core__price_names=[
            name("maker/top", "us-top"),
            name("o", "other", **MODELS_DEV),
            *more_names,
        ],
        core__price_providers=[
            provider("maker", organization_id="a"),
            provider("maker", organization_id="a", **MODELS_DEV),
        ],
    )
    found = con.sql(sql_text("checks/withdrawn_models_are_listed.sql")).fetchall()
    assert [model for _, _, model, _ in found] == ["us-top"] * findings


def parity(*rows: tuple[date, float, str, float | None, date | None]) -> list[Row]:
    """``price_parity`` of (month, level, country, price, day of its list)."""
    con = tiny(
        meta__parameters=parameters(),
        main__price_gap=[
            {
                "month": month,
                "question": "level",
                "level": level,
                "country": country,
                "model": country.lower(),
                "blended_usd_per_mtok": price,
                "price_list_date": listed_on,
                "snapshot_id": "s",
            }
            for month, level, country, price, listed_on in rows
        ],
    )
    return mart(con, "price_parity")


def test_parity_compares_lists_of_the_same_month_only() -> None:
    """Would catch a June price held against one of May because May's was held back, or a country left out."""
    june, listed, old = date(2025, 6, 1), date(2025, 6, 28), date(2025, 5, 31)
    found = parity(
        (MAY, 1400.0, "US", 1.0, old),
        (MAY, 1400.0, "CN", 2.0, old),
        (june, 1400.0, "US", 1.0, old),
        (june, 1400.0, "CN", 0.5, listed),
        (MAY, 1300.0, "US", 1.0, old),
        (MAY, 1300.0, "CN", None, None),
        (june, 1300.0, "US", 1.0, listed),
        (june, 1300.0, "CN", 0.0, listed),
        (june, 1300.0, "FR", 0.1, listed),
    )
    assert [(row["level"], row["month"], row["us_per_cn_price"], row["is_newest"]) for row in found] == [
        (1300.0, june, None, True),
        (1400.0, MAY, 0.5, True),
    ]


def test_near_the_top_is_within_twenty_points_and_the_cheapest_wins() -> None:
    lists = [listing("top", (8.0, 8.0)), listing("near", (2.0, 2.0)), listing("far", (1.0, 1.0))]
    names = [name("top", "us-top"), name("near", "us-near"), name("far", "us-far")]
    models = {
        "us-top": ("US", 1450.0),
        "us-near": ("US", 1430.0),
        "us-far": ("US", 1429.9),
        "cn": ("CN", 1300.0),
    }
    found = prices(lists, names, models=models)
    assert found[(*NEAR, "US")]["model"] == "us-near"
    assert found[("level", 1400.0, "US")]["model"] == "us-far"
    assert found[("level", 1400.0, "CN")]["candidates"] == 0


def chips(figures: list[Row], stages: list[Row], pairs: list[Row] | None = None) -> list[Row]:
    con = tiny(
        meta__parameters=parameters(),
        core__chips=[{"source_id": "list", "listed_on": date(2026, 1, 1), **row} for row in figures],
        core__chip_availability=stages,
        core__chip_pairs=pairs or [],
        core__chip_makers=[
            {"manufacturer_name": "matrix only", "plain_fp16_is_dense": True},
            {"manufacturer_name": "of GPUs", "plain_fp16_is_dense": False},
        ],
    )
    return mart(con, "chip_gap")


def stage(chip: str, country: str, since: int, availability: str = "shipped") -> Row:
    return {"chip_name": chip, "country": country, "since": date(since, 1, 1), "availability": availability}


def test_a_blank_chip_figure_stays_blank_and_is_said_so() -> None:
    rows = chips(
        [
            {"chip_name": "us", "fp16_tensor_flops": 10.0, "fp16_flops": 2.0, "memory_bytes": 80.0},
            {"chip_name": "cn", "fp16_flops": 4.0, "memory_bytes": 32.0},
        ],
        [stage("us", "US", 2025), stage("cn", "CN", 2026)],
        [{"pair": "cn_v_us", "us_chip": "us", "cn_chip": "cn"}],
    )
    found = {(row["pair"], row["measure"]): row for row in rows}
    tensor = found["cn_v_us", "fp16_tensor"]
    assert (tensor["us_value"], tensor["cn_value"], tensor["ratio"]) == (10.0, None, None), (
        "plain FP16 is another rate"
    )
    assert "no figure printed for cn" in tensor["note"]
    assert found["best_shipped", "fp16_tensor"]["cn_chip"] is None
    assert found["cn_v_us", "memory"]["ratio"] == 0.4


@pytest.mark.parametrize(
    ("maker", "ratio"), [("matrix only", 0.4), ("of GPUs", None), ("not in chip_makers.csv", None)]
)
def test_plain_fp16_is_the_dense_rate_of_chips_with_matrix_units_only(
    maker: str, ratio: float | None
) -> None:
    """Would catch an Ascend left without its rate, and a GPU given that of its vector units."""
    rows = chips(
        [
            {"chip_name": "us", "manufacturer_name": "of GPUs", "fp16_tensor_flops": 10.0, "fp16_flops": 2.0},
            {"chip_name": "cn", "manufacturer_name": maker, "fp16_flops": 4.0},
        ],
        [stage("us", "US", 2025), stage("cn", "CN", 2026)],
        [{"pair": "cn_v_us", "us_chip": "us", "cn_chip": "cn"}],
    )
    found = {(row["pair"], row["measure"]): row for row in rows}
    for pair in ("cn_v_us", "best_shipped"):
        tensor = found[pair, "fp16_tensor"]
        assert (tensor["us_value"], tensor["ratio"]) == (10.0, ratio)
        assert ("cn by its plain FP16 figure" in tensor["note"]) == (ratio is not None)
        assert found[pair, "bf16_tensor"]["ratio"] is None, "no list prints its BF16"


def test_a_printed_tensor_rate_goes_before_the_plain_one() -> None:
    figures = {"fp16_tensor_flops": 8.0, "fp16_flops": 4.0, "manufacturer_name": "matrix only"}
    rows = chips(
        [{"chip_name": "us", "fp16_tensor_flops": 10.0}, {"chip_name": "cn", **figures}],
        [stage("us", "US", 2026), stage("cn", "CN", 2026)],
    )
    assert [row["ratio"] for row in rows if row["measure"] == "fp16_tensor"] == [0.8]


def test_a_chip_only_announced_is_not_the_best_shipped() -> None:
    rows = chips(
        [
            {"chip_name": chip, "memory_bytes": memory}
            for chip, memory in (("us", 80.0), ("cn", 32.0), ("paper", 99.0))
        ],
        [stage("us", "US", 2025), stage("cn", "CN", 2025), stage("paper", "CN", 2025, "announced")],
    )
    best = {row["year"]: row["cn_chip"] for row in rows if row["measure"] == "memory"}
    assert best == {2025: "cn", 2026: "cn"}


# The shipped history


@pytest.mark.parametrize(
    ("month", "country", "model", "blended"),
    [
        (date(2025, 2, 1), "CN", "deepseek-r1", (3 * 0.55 + 2.19) / 4),
        (date(2025, 3, 1), "US", "gpt-4.5-preview-2025-02-27", (3 * 75 + 150) / 4),
        (date(2025, 5, 1), "US", "gemini-2.5-pro-preview-05-06", (3 * 1.25 + 10) / 4),
        (date(2026, 3, 1), "US", "claude-opus-4-6-high", (3 * 5 + 25) / 4),
    ],
)
def test_prices_of_named_leaders(
    warehouse: duckdb.DuckDBPyConnection, month: date, country: str, model: str, blended: float
) -> None:
    found = warehouse.execute(
        "SELECT model_id, blended_usd_per_mtok, price_status FROM main.price_gap "
        "WHERE question = 'top_model' AND month = ? AND country = ?",
        [month, country],
    ).fetchall()
    assert found == [(model, pytest.approx(blended), "first_party")]


def test_a_model_sold_in_tiers_counts_at_the_lowest(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Alibaba's price list: qwen3-max-preview costs 1.2 and 6 for prompts up to 32,000 tokens."""
    found = warehouse.sql(
        "SELECT DISTINCT input_usd_per_mtok, output_usd_per_mtok, tier_up_to_tokens, price_status "
        "FROM main.price_gap WHERE model_id = 'qwen3-max-preview' AND question = 'top_model'"
    ).fetchall()
    assert found == [(1.2, 6.0, 32000, "first_party")]


@pytest.mark.parametrize(
    ("month", "us", "cn", "ratio"),
    [
        (date(2026, 6, 1), "gemini-3-flash", "mimo-v2.5-pro", 2.1),
        (date(2026, 7, 1), "gemini-3-flash", "mimo-v2.5-pro", 2.1),
        # By the lowest tier of Doubao-Seed-2.0-pro; without it Kimi K2.5 cost 1.1 times as much as Gemini.
        (date(2026, 5, 1), "gemini-3-flash", "dola-seed-2.0-pro", 1.2),
    ],
)
def test_the_price_of_parity_at_the_highest_level(
    warehouse: duckdb.DuckDBPyConnection, month: date, us: str, cn: str, ratio: float
) -> None:
    found = warehouse.execute(
        "SELECT us_model, cn_model, round(us_per_cn_price, 1), is_newest FROM main.price_parity "
        "WHERE level = 1450 AND month = ?",
        [month],
    ).fetchall()
    assert found == [(us, cn, ratio, month == date(2026, 7, 1))]


def test_every_month_and_question_has_a_row_of_either_country(warehouse: duckdb.DuckDBPyConnection) -> None:
    months, questions, rows = warehouse.sql(
        "SELECT (SELECT count(DISTINCT month) FROM main.monthly_gap WHERE board = 'arena_text'), "
        "count(DISTINCT (question, coalesce(level, 0))), count(*) FROM main.price_gap"
    ).fetchall()[0]
    assert rows == 2 * questions * months


def test_deepseek_aliases_that_disagree_are_not_both_believed(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.sql(
        "SELECT count(*) FROM core.prices AS p JOIN core.price_names AS n USING (source_id, provider, listed_name) "
        "WHERE p.price_list_date BETWEEN n.valid_from AND n.valid_to AND provider = 'deepseek' "
        "AND price_list_date BETWEEN '2025-09-05' AND '2025-11-30'"
    ).fetchall()
    assert found == [(0,)], "from the price change until the lists agree again neither alias is a price"


def test_every_name_of_a_price_list_is_in_a_list(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.sql(
        "SELECT source_id, provider, listed_name FROM core.price_names EXCEPT "
        "SELECT source_id, provider, listed_name FROM core.prices"
    ).fetchall()
    assert found == []


def test_a_price_name_of_a_reseller_is_refused() -> None:
    known = reference.load()
    resold = known.price_names.with_columns(provider=pl.lit("openrouter"))
    found = problems(reference.ReferenceData(**{**vars(known), "price_names": resold}))
    assert len(found) == resold.height


@pytest.mark.parametrize(
    ("pair", "measure", "ratio"),
    [
        ("910C_v_H100", "fp16_tensor", 800 / 989.4),
        ("910C_v_H100", "memory", 128 / 80),
        ("910C_v_H100", "bandwidth", 3.2 / 3.35),
        ("910C_v_H20", "bf16_tensor", 800 / 148),
        ("910B_v_H100", "fp16_tensor", 376 / 989.4),
        ("910B_v_H100", "bf16_tensor", None),
        ("BR100_v_H100", "fp16_tensor", 1024 / 989.4),
    ],
)
def test_ratios_of_named_chips(
    warehouse: duckdb.DuckDBPyConnection, pair: str, measure: str, ratio: float | None
) -> None:
    found = warehouse.execute(
        "SELECT ratio FROM main.chip_gap WHERE pair = ? AND measure = ?", [pair, measure]
    )
    assert found.fetchall() == [(None if ratio is None else pytest.approx(ratio),)]


@pytest.mark.parametrize(
    ("year", "measure", "us_chip", "cn_chip", "ratio"),
    [
        (2019, "fp16_tensor", "NVIDIA Tesla V100 SXM2 32 GB", "Huawei Ascend 910A", 256 / 125),
        (2020, "fp16_tensor", "NVIDIA A100 SXM4 40 GB", "Huawei Ascend 910A", 256 / 312),
        (2022, "memory", "AMD Radeon Instinct MI250X", "Cambricon MLU370-X8", 48 / 128),
        (2024, "fp16_tensor", "NVIDIA GB200", "Huawei Ascend 910B", 376 / 2500),
    ],
)
def test_the_best_chips_shipped_by_a_year(
    warehouse: duckdb.DuckDBPyConnection, year: int, measure: str, us_chip: str, cn_chip: str, ratio: float
) -> None:
    found = warehouse.execute(
        "SELECT us_chip, cn_chip, ratio FROM main.chip_gap "
        "WHERE pair = 'best_shipped' AND year = ? AND measure = ?",
        [year, measure],
    )
    assert found.fetchall() == [(us_chip, cn_chip, pytest.approx(ratio))]


def test_a_first_delivery_known_to_a_day_is_refused() -> None:
    """Would catch launches and results days among the months of first deliveries."""
    known = reference.load()
    stages = known.chip_availability
    on_its_day = stages.with_columns(
        since=pl.when(pl.col("chip_name") == "NVIDIA H200 SXM")
        .then(pl.lit("2024-04-24"))
        .otherwise(pl.col("since"))
    )
    found = problems(reference.ReferenceData(**{**vars(known), "chip_availability": on_its_day}))
    (problem,) = found
    assert problem == (
        "chip_availability.csv: NVIDIA H200 SXM is shipped since 2024-04-24, expected the first day of the month "
        "of its first delivery"
    )


def test_a_price_under_another_spelling_is_the_same_models() -> None:
    """Would catch a maker's price that vanishes with a non-breaking hyphen in its name."""
    lines = reference.load().price_names
    line = lines.filter(pl.col("listed_name").str.contains("-") & (pl.col("source_id") == "models_dev")).row(
        0, named=True
    )
    spelled = line["listed_name"].replace("-", "\u2011").upper()
    con = duckdb.connect()
    con.execute(
        "CREATE SCHEMA meta; CREATE TABLE meta.inputs AS SELECT 'i' AS input_id, 'models_dev' AS source_id"
    )
    con.execute("CREATE TABLE parsed_price (input_id VARCHAR, provider VARCHAR, listed_name VARCHAR)")
    rows = [
        (line["provider"], spelled),
        (line["provider"], line["listed_name"]),
        ("another", spelled),
        (None, "x"),
    ]
    con.executemany("INSERT INTO parsed_price VALUES ('i', ?, ?)", rows)
    build = SimpleNamespace(con=con, reference=reference.load())
    found = reference_frames.price_names(build)  # type: ignore[arg-type]
    added = found.filter(pl.col("listed_name") == spelled)
    assert added["model_id"].to_list() == [line["model_id"]]
    assert found.height == lines.height + 1
