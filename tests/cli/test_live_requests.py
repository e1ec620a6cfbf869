"""`aigap refresh --live` names what there is when asked for what there is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli.console import console
from pipelines.cli.refresh import collect, refresh
from sources.artificial_analysis import KEY
from sources.errors import UsageError


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((False, [], ["text"]), "--request without --live"),
        ((False, ["lmarena_hf"], []), "--source without --live"),
        ((True, [], ["txt"]), "no live request 'txt'.*text"),
        ((True, ["aider"], ["text_full"]), "no live request 'text_full'.*polyglot"),
        ((True, ["lmarena_hff"], []), "no source named 'lmarena_hff'"),
        ((True, ["arena_html"], []), "nothing live to fetch"),
    ],
)
def test_asking_for_what_is_not_there_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[bool, list[str], list[str]], says: str
) -> None:
    """Would catch a mistyped name that fetches nothing, or everything, and ends well."""
    monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path))
    live, sources, requests = arguments
    with pytest.raises(UsageError, match=says):
        refresh(live, sources, False, console(), requests)


def test_a_source_without_its_key_is_skipped_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Would catch a failed refresh for everyone who has no key, or a source that is left out unsaid."""
    monkeypatch.delenv(KEY.variable, raising=False)
    assert collect({"artificial_analysis": []}, console()) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if "artificial_analysis" in line]
    assert "skipped" in line
    assert KEY.variable in line
