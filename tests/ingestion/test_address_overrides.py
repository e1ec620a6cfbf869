"""Other addresses to ask, from the file of AIGAP_ADDRESS_OVERRIDES."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.errors import UsageError
from sources.ingestion.address_overrides import override_request, read_overrides
from sources.ingestion.collect import collect
from sources.ingestion.web.session import Session
from sources.registry import get
from tests.fixtures.fetching import HF
from tests.fixtures.web import Web, answer


def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object) -> None:
    path = tmp_path / "addresses.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    monkeypatch.setenv("AIGAP_ADDRESS_OVERRIDES", str(path))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "a JSON file"),
        ([], "not a JSON object"),
        ({"lmarena_hf/txt": "http://a.example"}, "did you mean lmarena_hf/text"),
        ({"lmarena_hf/text": "file:///etc/hostname"}, "http or https"),
        ({"lmarena_hf/text": 7}, "http or https"),
    ],
)
def test_a_mistake_in_the_addresses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object, says: str
) -> None:
    """Would catch a mistyped name that quietly fetches from the public site instead of the mirror."""
    changed(tmp_path, monkeypatch, content)
    with pytest.raises(UsageError, match=says):
        read_overrides()


def test_a_mirror_stands_in_for_upstream(site: Web, session: Session, tmp_path: Path) -> None:
    """Would catch the second file of a source, or its listing, still asked of a site that cannot be reached."""
    text, livebench = HF.request("text"), get("livebench").requests[0]
    other = {"lmarena_hf/text": site.address("/text"), "https://huggingface.co/": site.address("/hf/")}
    moved = override_request("lmarena_hf", text, other)
    assert moved.address == site.address("/text")
    assert moved.fingerprint is not None
    assert moved.fingerprint.address.startswith(site.address("/hf/api/datasets/"))
    assert override_request("lmarena_hf", text, {"lmarena_hf/text": "http://a.example"}).fingerprint is None
    assert override_request("lmarena_hf", text, {}) == text
    names = ["table_2025_04_02.csv", "categories_2025_04_02.json"]
    site.says("/index", answer(json.dumps([{"name": name, "type": "file"} for name in names]).encode(),
                               media_type="application/json"))  # fmt: skip
    other = {"livebench/release": site.address("/index"), "https://livebench.ai/": site.address("/lb/")}
    collect(get("livebench"), tmp_path, session=session, overrides=other)
    assert livebench.follow is not None
    assert [path for path, _ in site.asked] == ["/index", f"/lb/{names[0]}"]
