"""Our countries of makers against ATOM's list of regions (Interconnects-AI/tracked-models), where its file is there."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from warehouse.reference import FOLDER

REPOSITORY = Path(__file__).resolve().parents[2]
#: Names on Hugging Face that are none of ours, and the makers they belong to.
MAKERS = {
    "AIDC-AI": "alibaba", "ATH-MaaS": "alibaba", "Alibaba-NLP": "alibaba", "CohereLabs": "cohere",
    "FacebookAI": "meta", "HuggingFaceFW": "huggingface", "HuggingFaceM4": "huggingface",
    "HuggingFaceTB": "huggingface",
    "LGAI-EXAONE": "lg", "LLM360": "mbzuai-ifm", "MiniMaxAI": "minimax", "PaddlePaddle": "baidu",
    "ServiceNow-AI": "servicenow", "THUDM": "zai", "Tongyi-MAI": "alibaba", "Wan-AI": "alibaba", "Yi": "01-ai",
    "baichuan-inc": "baichuan", "huawei-noah": "huawei", "ibm-granite": "ibm", "ibm-research": "ibm",
    "llava-hf": "llava", "meituan-longcat": "meituan", "mistral-community": "mistral",
    "sarvamai": "sarvam", "sensenova": "sensetime", "skt": "sk-telecom", "xai-org": "xai", "zai-org": "zai",
}  # fmt: skip
EUROPE = ("DE", "FR", "GB", "CH", "ES", "IT", "NL", "SE", "FI", "AT", "BE", "CZ", "PL", "LV")
#: Where ours differs, each explained in the note of organizations.csv.
DECIDED = ("ai21", "bigcode", "eleutherai", "sensetime")


def region(country: str) -> str:
    if country in EUROPE:
        return "eu"
    return {"US": "us", "CN": "china"}.get(country, "other" if country else "unknown")


def key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_every_maker_has_the_region_that_atom_gives_it_or_a_reason() -> None:
    """Would catch a maker under the wrong country, or a difference nobody has decided."""
    folder = Path(os.environ.get("AIGAP_UPSTREAM", REPOSITORY.parent / "shared" / "upstream"))
    path = folder / "atom" / "organization_regions.csv"
    if not path.is_file():
        pytest.skip(f"no {path}")
    with (FOLDER / "organizations.csv").open(newline="", encoding="utf-8") as file:
        ours = [row for row in csv.DictReader(file) if not row["valid_to"]]
    by_name = {
        key(name): row for row in ours for name in (row["organization_id"], *row["names"].split(" | "))
    }
    by_id = {row["organization_id"]: row for row in ours}
    found: dict[str, dict[str, str]] = {}
    different = {}
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = row["hf_org"]
            maker = by_id[MAKERS[name]] if name in MAKERS else by_name.get(key(name))
            if maker:
                found[name] = maker
                if region(maker["hq_country"]) != row["region"]:
                    different[maker["organization_id"]] = maker["note"]
    assert len(found) >= 70
    assert sorted(different) == sorted(DECIDED)
    assert all("ATOM" in note for note in different.values())
