"""What is proposed for a printed name that the reference tables do not hold."""

from __future__ import annotations

import csv

import pytest

from warehouse import reference
from warehouse.compute.name_resolution import PrintedName
from warehouse.compute.proposals import Proposal, Proposer, skeleton
from warehouse.reference import COLUMNS


@pytest.fixture(scope="module")
def proposer() -> Proposer:
    return Proposer(reference.load())


def proposed(proposer: Proposer, model: str, maker: str = "") -> Proposal:
    return proposer.propose(PrintedName("livebench", model, maker))


def cells(proposal: Proposal) -> dict[str, str]:
    assert proposal.csv_file
    [row] = csv.reader([proposal.csv_line or ""])
    return dict(zip(COLUMNS[proposal.csv_file.removesuffix(".csv")], row, strict=True))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("gpt_5_4_xhigh", "gpt-5.4-xhigh"),
        ("GPT 5.4 (xhigh)", "gpt-5.4-xhigh"),
        ("gpt\N{NON-BREAKING HYPHEN}5.4\N{NON-BREAKING HYPHEN}xhigh", "gpt-5.4-xhigh"),
        ("Deepseek R1", "deepseek-r1"),
        ("gpt-5.4-xhigh-effort", "gpt-5.4-xhigh"),
    ],
)
def test_name_that_differs_in_separators_and_case_is_proposed_as_a_name_of_the_model(
    proposer: Proposer, name: str, known: str
) -> None:
    proposal = proposed(proposer, name)
    assert f"it is spelt like {known}" in proposal.advice
    line = cells(proposal)
    assert line["model_id"] == known
    assert line["names"].split(" | ")[-1] == name


@pytest.mark.parametrize("name", ["gpt-54-xhigh", "gpt-5.4-xhig", "gpt-5.41-xhigh", "deepseek-r1x"])
def test_name_that_is_merely_similar_is_a_new_model(proposer: Proposer, name: str) -> None:
    assert "spelt like" not in proposed(proposer, name).advice


def test_version_numbers_that_differ_only_in_where_their_digits_part_stay_apart() -> None:
    assert len({skeleton(name) for name in ("m-5.4", "m-54", "m-5-40")}) == 3
    assert skeleton("M_5-4") == skeleton("m 5.4")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("grok-4.20-beta1SpaceXAI", "grok-4.20-beta1 + SpaceXAI"),
        ("omega-9AnthropicX", ""),
        ("omega-9Anthropic", "omega-9 + Anthropic"),
        ("omegaAnthropic · Proprietary", "omega + Anthropic"),
        ("Googlegemini-9-omega", "Google + gemini-9-omega"),
        ("OpenAIGPT-4o-2024-05-13", "OpenAI + GPT-4o-2024-05-13"),
        ("MetaMath-9", ""),
        ("CosmoNova", ""),
        ("omega by Anthropic", ""),
    ],
)
def test_name_with_its_maker_glued_on_is_a_matter_of_the_parser(
    proposer: Proposer, name: str, parts: str
) -> None:
    proposal = proposed(proposer, name)
    if parts:
        assert f"({parts})" in proposal.advice
        assert "sources/livebench.py" in proposal.advice
        assert proposal.csv_line is None
    else:
        assert "glued" not in proposal.advice


def test_one_line_for_an_unknown_maker_is_enough_and_says_so(proposer: Proposer) -> None:
    proposal = proposed(proposer, "omega-9", 'Zeta "Z" Lab, Inc.')
    assert proposal.advice == "one line in organizations.csv, for its maker, is enough"
    line = cells(proposal)
    assert (line["organization_id"], line["name"], line["hq_country"]) == (
        "zeta-z-lab-inc.", 'Zeta "Z" Lab, Inc.', "<country>",
    )  # fmt: skip
    assert line["names"] == line["name"]


def test_maker_in_another_spelling_is_proposed_as_a_name_of_the_known_one(proposer: Proposer) -> None:
    proposal = proposed(proposer, "omega-9", "deep-seek")
    assert "its maker is spelt like deepseek" in proposal.advice
    assert cells(proposal)["names"].endswith(" | deep-seek")


def test_maker_of_a_family_is_proposed_only_where_all_of_it_is_of_one_maker(proposer: Proposer) -> None:
    grok, new = proposed(proposer, "grok-99-omega"), proposed(proposer, "omega-9")
    assert cells(grok)["organization_id"] == "xai"
    assert "is by xai" in grok.advice
    assert cells(new)["organization_id"] == "<organization_id>"


@pytest.mark.parametrize(
    ("name", "base", "effort"),
    [
        ("deepseek-v3.1-thinking-max-effort", "deepseek-v3.1", "thinking-max"),
        ("DeepSeek V3.1 (xhigh)", "deepseek-v3.1", "xhigh"),
        ("omega-9-high", "", ""),
    ],
)
def test_known_model_at_another_effort_is_proposed_with_its_maker_and_base(
    proposer: Proposer, name: str, base: str, effort: str
) -> None:
    proposal = proposed(proposer, name)
    line = cells(proposal)
    assert (line["base_model"], line["effort"]) == (base, effort)
    assert line["organization_id"] == ("deepseek" if base else "<organization_id>")
    assert ("at another effort" in proposal.advice) == bool(base)
