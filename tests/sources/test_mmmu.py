"""MMMU: two boards in one file, who measured each score, and the entries that are no models.

The bodies are synthetic; the last test reads the real files where there are any.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

import polars as pl
import pytest

from sources.contract import Basis
from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import only, parsed, read_file

SOURCE = get("mmmu")


def entry(name: str, kind: str = "proprietary", source: str | None = None, **parts: object) -> dict[str, Any]:
    """An entry with an overall score for each of ``parts``."""
    info = {"name": name, "size": "-", "date": "2025-03-01", "type": kind, "link": "https://example.org"}
    by = {"source": source} if source else {}
    scores = {part: {"overall": score, "artDesign": "50.0", **by} for part, score in parts.items()}
    return {"info": info, **scores}


def page(*entries: dict[str, Any]) -> str:
    return json.dumps({"leaderboardData": list(entries)})


def basis(frame: pl.DataFrame) -> dict[str, str | None]:
    return {row["model_name"]: json.loads(row["extra"])["basis"] for row in frame.iter_rows(named=True)}


def test_validation_and_pro_are_two_boards() -> None:
    """Would catch a model's two scores on one board, or the test set read as either."""
    frame = parsed("mmmu", page(entry("a", validation="68.3", test="60.1", pro="51.5"), entry("b", pro="40")))
    found = {(row["board"], row["model_name"]): row["score"] for row in frame.iter_rows(named=True)}
    assert found == {("mmmu", "a"): 68.3, ("mmmu_pro", "a"): 51.5, ("mmmu_pro", "b"): 40.0}
    row = only(frame.filter(pl.col("board") == "mmmu"), "a")
    assert (row["released_on"], row["published_on"], row["organization_name"]) == (
        date(2025, 3, 1), None, None,
    )  # fmt: skip


def test_who_measured_a_score_is_kept() -> None:
    """Would catch a maker's own figure taken for the board's, or a method around a model for a model."""
    frame = parsed(
        "mmmu",
        page(
            entry("measured", validation="60"),
            entry("reported", source="author", validation="61"),
            entry("DreamPRM-1.5 (GPT-5-mini w/ thinking)", source="author", validation="62"),
        ),
    )
    assert basis(frame) == {
        "measured": None,
        "reported": "author_reported",
        "DreamPRM-1.5 (GPT-5-mini w/ thinking)": "scaffold",
    }
    assert SOURCE.basis is Basis.ONE_PARTY


def test_people_and_guesses_are_no_models() -> None:
    """Would catch the experts leading the board."""
    people = entry("Human Expert (High)", "human_expert", validation="88.6")
    chance = entry("Random Choice", "random_frequent", validation="22.1")
    assert parsed("mmmu", page(people, entry("a", validation="60"), chance))["model_name"].to_list() == ["a"]


def test_an_entry_without_a_score_is_left_out() -> None:
    """Would catch a model that was only tried on the test set, ranked as one that scored nothing."""
    listed = page(entry("a", validation="60"), entry("b", test="40"), entry("c", validation="-", pro=None))
    assert parsed("mmmu", listed)["model_name"].to_list() == ["a"]


def test_a_day_without_a_leading_zero_is_a_day() -> None:
    """Would catch a release day lost: some are written 2025-4-28."""
    listed = entry("a", validation="60")
    listed["info"]["date"] = "2025-4-28"
    assert parsed("mmmu", page(listed))["released_on"].to_list() == [date(2025, 4, 28)]


def test_a_file_is_known_by_its_name() -> None:
    """Would catch a vintage without its day."""
    path = PurePath("leaderboard_data__2024-12-29_f078a5f93.json")
    assert SOURCE.known_at_of(path, b"") == datetime(2024, 12, 29, tzinfo=UTC)
    assert SOURCE.address_of(path).endswith("/blob/f078a5f93/leaderboard_data.json")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "empty body"),
        ("{}", "leaderboardData"),
        (json.dumps({"leaderboardData": {}}), "leaderboardData"),
        (page(), "no rows"),
        (page(entry("a", test="40")), "no rows"),
        (json.dumps({"leaderboardData": [{"name": "a"}]}), "with info, name and type"),
        (page({"info": {"name": ["a"], "type": "proprietary"}}), "with info, name and type"),
        (page(entry("a", validation="high")), "'high'"),
        (page(entry("a", validation="168.3")), "0 to 100"),
        (page(*(entry(f"m{n}", validation=f"0.{n}") for n in range(10, 40))), "not shares"),
    ],
)
def test_another_shape_is_named(body: str, says: str) -> None:
    """Would catch a renamed field or another unit read as a vintage."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("mmmu", body)
    assert "\n" not in caught.value.line()


def test_every_real_file_is_read_whole(upstream: Path) -> None:
    """Would catch models lost from a vintage, or a score's asterisk."""
    paths = sorted((upstream / "mmmu").glob("*.json"))
    assert len(paths) >= 8
    for path in paths:
        frame = read_file(SOURCE, path)
        entries = json.loads(path.read_bytes())["leaderboardData"]
        expected = sorted(
            (board, entry["info"]["name"], float(entry[part]["overall"]), said_by(entry, part))
            for entry in entries
            for part, board in (("validation", "mmmu"), ("pro", "mmmu_pro"))
            if entry["info"]["type"] in ("open_source", "proprietary") and entry.get(part, {}).get("overall")
        )
        found = sorted(
            (row["board"], row["model_name"], row["score"], str(json.loads(row["extra"])["basis"]))
            for row in frame.iter_rows(named=True)
        )
        assert found == expected, path
        assert frame["released_on"].null_count() == 0


def said_by(entry: dict[str, Any], part: str) -> str:
    if entry["info"]["name"].startswith(("DreamPRM", "Chance")):
        return "scaffold"
    return "author_reported" if entry[part].get("source") == "author" else "None"
