"""Names as they are seen and as people compare them."""

from __future__ import annotations

import polars as pl
import pytest

from sources.contract.names import comparable, visible, with_visible_text
from tests.fixtures import bodies

HYPHENS = ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\ufe63", "\uff0d"]
UNSEEN = [
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u00ad",
    "\x07",
    "\ufe0f",
    "\u3164",
    "\U000e0041",
]


@pytest.mark.parametrize("hyphen", HYPHENS)
@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000", "\t", "  ", "\u2028"])
def test_one_kind_of_hyphen_and_blank(hyphen: str, blank: str) -> None:
    """Would catch a model with a non-breaking hyphen counted as another one."""
    assert comparable(f"Claude{hyphen}Opus{blank}5 ") == "claude-opus 5"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_sees_is_left_out(unseen: str) -> None:
    """Would catch two names that look alike, or text that runs backwards."""
    assert visible(f"gpt{unseen}-5") == "gpt-5"
    assert comparable(f"{unseen}GPT-5") == "gpt-5"


def test_what_is_seen_stays_as_printed() -> None:
    """Would catch names changed in core: only their comparison is folded."""
    for name in ("智谱 GLM-4.5", "Größe\u2011X", "Ｑwen", "a\u0301"):
        assert visible(name) == name
    assert comparable("Ｑwen²") == "qwen2"


def test_columns_of_text_and_of_lists_are_cleaned() -> None:
    """Would catch a maker or a country with a mark of direction in it."""
    frame = pl.DataFrame({"a": ["x\u200b", None, " y"], "l": [["z\u202e", "b"], None, []], "n": [1, 2, 3]})
    clean = with_visible_text(frame)
    assert clean.to_dict(as_series=False) == {
        "a": ["x", None, " y"],
        "l": [["z", "b"], None, []],
        "n": [1, 2, 3],
    }


def test_a_category_in_another_case_is_the_same() -> None:
    """Would catch a board that loses its category overall to Overall."""
    frame = bodies.parsed("lmarena_hf", bodies.hf(20, category="Ｏver\u200ball "))
    assert frame["category"].unique().to_list() == ["overall"]


def test_a_maker_is_read_without_what_nobody_sees() -> None:
    """Would catch a maker whose name runs backwards on a page."""
    frame = bodies.parsed("lmarena_hf", bodies.hf(20, organization="north\u202ewind\u200b"))
    assert frame["organization_name"].unique().to_list() == ["northwind"]
