"""What messages say of docs/runbook.md is there."""

from __future__ import annotations

import re

from warehouse.workspace import ROOT

RUNBOOK = ROOT / "docs" / "runbook.md"


def sections() -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    titles = re.findall(r"^## (.+)$", RUNBOOK.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def named() -> set[str]:
    """The sections that messages name."""
    code = [
        path for package in ("sources", "warehouse", "pipelines") for path in (ROOT / package).rglob("*.py")
    ]
    return {
        found
        for path in code
        for found in re.findall(r"runbook\.md#([\w-]+)", path.read_text(encoding="utf-8"))
    }


def test_every_section_that_a_message_names_is_there() -> None:
    """Would catch a person sent to a heading that was renamed."""
    assert len(named()) > 15
    assert named() <= sections()


def test_no_message_names_the_runbook_in_another_way() -> None:
    """Would catch an address that is put together, which the test above does not see."""
    for package in ("sources", "warehouse", "pipelines"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert len(re.findall(r"runbook\.md", text)) == len(
                re.findall(r"docs/runbook\.md#[a-z]", text)
            ), path
