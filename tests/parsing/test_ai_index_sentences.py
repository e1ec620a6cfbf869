"""Figures in sentences about the United States and China. All sentences are synthetic."""

from __future__ import annotations

from typing import Any

import pytest

from sources.parsing.ai_index.sentences import MAX_SENTENCE, figures_in
from sources.parsing.ai_index.tokens import tokens
from tests.fixtures.bodies import figure_values as values_of

MODELS = {"measure": "notable models", "period": "2024"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "In 2024 U.S. labs put out forty notable AI models, against China's 15 and Europe’s three.",
            MODELS | {"us": 40.0, "china": 15.0, "other": 3.0, "other_label": "Europe"},
        ),
        (
            "Of the notable models of 2024, 61 came from US-based labs, 21 from the European Union and 15 from China.",
            MODELS | {"us": 61.0, "china": 15.0, "other": 21.0, "other_label": "European Union"},
        ),
        (
            "The US led 2024 with fifty-nine notable models, then China with thirty-five, South Korea with eight.",
            MODELS | {"us": 59.0, "china": 35.0, "other": 8.0, "other_label": "South Korea"},
        ),
        (
            "Notable machine learning models of 2024: the United States (40), China (15), France (3).",
            MODELS | {"us": 40.0, "china": 15.0, "other": 3.0, "other_label": "France"},
        ),
        (
            "Private AI investment in the US came to $109.1 billion in 2024, some 12 times China's $9.3 billion.",
            {"measure": "private AI investment", "period": "2024", "us": 109.1, "china": 9.3},
        ),
        (
            "In 2024 China installed 295,000 industrial robots and the United States 34,200.",
            {"measure": "industrial robots installed", "period": "2024", "us": 34200.0, "china": 295000.0},
        ),
        (
            "China held 69.7% of AI patents in 2023, ahead of the United States with 14.2%.",
            {"measure": "AI patents", "period": "2023", "us": 14.2, "china": 69.7},
        ),
        (
            "In February 2025 the best U.S. model scored 1,385 on the Arena and the best Chinese model 1,362.",
            {"measure": "Arena top model", "period": "2025-02", "us": 1385.0, "china": 1362.0},
        ),
    ],
    ids=["words", "number first", "compound words", "brackets", "money", "thousands", "shares", "scores"],
)
def test_levels_out_of_prose(sentence: str, expected: dict[str, Any]) -> None:
    """Would catch a figure given to the wrong country, or one missed because it is written out."""
    (row,) = figures_in(sentence)
    assert values_of(row) == expected
    assert row["sentence"] == sentence


def test_a_second_third_party_has_a_row_of_its_own() -> None:
    """Would catch the last of three countries overwriting the one before."""
    rows = figures_in("In 2024 the US had 40 notable models, China 15, France 3 and Canada 2.")
    assert [values_of(row) for row in rows] == [
        MODELS | {"us": 40.0, "china": 15.0, "other": 3.0, "other_label": "France"},
        MODELS | {"other": 2.0, "other_label": "Canada"},
    ]


def test_gaps_keep_their_own_periods() -> None:
    """Would catch January's gap dated February, or the second one lost for want of a country in its sentence."""
    paragraph = (
        "In January 2024 the top American model on the LMSYS board was ahead of the top Chinese one by 9.26 "
        "percent. By February 2025 that gap had closed to 1.70%."
    )
    assert [values_of(row) for row in figures_in(paragraph)] == [
        {"measure": "Arena top model", "period": "2024-01", "gap": 9.26, "gap_unit": "percent"},
        {"measure": "Arena top model", "period": "2025-02", "gap": 1.7, "gap_unit": "percent"},
    ]
    one = "The gap between the US and China went from 9.26 percent in January 2024 to 1.70 percent in February 2025."
    assert [(row["period"], row["gap"]) for row in figures_in(one)] == [("2024-01", 9.26), ("2025-02", 1.7)]


def test_a_list_of_benchmarks_meets_its_list_of_numbers() -> None:
    """Would catch MMLU given MATH's gap, or the unit read for the last number only."""
    paragraph = (
        "At the end of 2023 the gaps between U.S. and Chinese models on MMLU, MMMU and MATH were 17.5, 13.5, and "
        "24.3 percentage points. By late 2024 these differences were down to 0.3, 8.1 and 1.6 percentage points."
    )
    rows = figures_in(paragraph)
    assert [(row["measure"], row["period"], row["gap"]) for row in rows] == [
        ("MMLU gap", "2023-12", 17.5), ("MMMU gap", "2023-12", 13.5), ("MATH gap", "2023-12", 24.3),
        ("MMLU gap", "2024-12", 0.3), ("MMMU gap", "2024-12", 8.1), ("MATH gap", "2024-12", 1.6),
    ]  # fmt: skip
    assert {row["gap_unit"] for row in rows} == {"percentage points"}


@pytest.mark.parametrize(
    ("sentence", "gap"),
    [
        ("In March 2026 the US leads China by 39 points.", 39.0),
        ("In March 2026 China's best model trails the best U.S. model by 39 points.", 39.0),
        ("In March 2026 the best Chinese model outperformed the best U.S. model by 39 points.", -39.0),
        ("In March 2026 U.S. models lag Chinese models by 39 points.", -39.0),
    ],
)
def test_who_leads_gives_the_sign(sentence: str, gap: float) -> None:
    """Would catch a Chinese lead printed as an American one."""
    assert [row["gap"] for row in figures_in(sentence)] == [gap]


@pytest.mark.parametrize(
    "sentence",
    [
        "The gap between the first and the tenth model fell from 11.9% to 5.4%.",
        "By February 2025 the lead of closed over open-weight models was 1.70 percent.",
        "China is one of the two countries that matter to us.",
        "The AI Index 2025 is its eighth edition.",
        "GPT-4 and o1-2024-12-17 are American; Qwen2.5-72B and DeepSeek-R1 are Chinese.",
        "South America and North America differ by 20 percent in trust.",
        "Americans are divided: 39 percent expect gains.",
        "Almost 90 percent of notable models came from industry in 2024.",
    ],
)
def test_what_is_not_about_the_two_is_left_alone(sentence: str) -> None:
    """Would catch figures invented out of other gaps, names, pronouns and editions."""
    assert figures_in(sentence) == []


def test_another_gap_in_between_is_not_the_countries() -> None:
    """Would catch "this gap" tied to the countries although the sentence before was about open weights."""
    paragraph = (
        "In January 2024 the US led China by 9.26 percent. The lead of closed over open-weight models was 8.04 "
        "percent. By February 2025 this gap had closed to 1.70 percent."
    )
    assert [row["gap"] for row in figures_in(paragraph)] == [9.26]


def test_numbers_are_read_as_they_are_meant() -> None:
    """Would catch a version, an ordinal or a year counted, or a scale forgotten."""
    found = tokens(
        "In 2024 the 3rd model, o1-2024-12-17, cost US$1.5 million, 12x GPT-4, or twenty-one dollars (4.6%)."
    )
    assert [(token.kind, token.value) for token in found if token.kind] == [
        ("US$ billion", 0.0015), ("ratio", 12.0), ("count", 21.0), ("percent", 4.6),
    ]  # fmt: skip
    assert not [token for token in found if token.side]


def test_a_hostile_paragraph_is_skipped_in_no_time() -> None:
    """Would catch a page that keeps the reader busy for hours."""
    assert figures_in("US 1 China 2 " * 100_000) == []
    slow = ("China 15 the US 40 notable models " * 60)[:MAX_SENTENCE]
    assert isinstance(figures_in(slow), list)
