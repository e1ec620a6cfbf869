"""The arena team's catalog: nested JSON, other names for categories, no dates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest

from sources.errors import EmptyTable, ParseError
from sources.parsing.arena import CATEGORIES
from sources.registry import get
from tests.fixtures.bodies import catalog, parsed, read_file

SOURCE = get("arena_catalog")


def test_a_row_is_read_as_printed() -> None:
    """Would catch the bounds swapped: upstream writes the upper one first."""
    row = parsed("arena_catalog", json.dumps(catalog())).row(1, named=True)
    assert (row["board"], row["variant"], row["category"]) == ("arena_text", "raw", "overall")
    expected = ("sample-1", 1399.5, 1396.5, 1403.5)
    assert (row["model_name"], row["score"], row["score_low"], row["score_high"]) == expected
    nothing = ("published_on", "organization_name", "votes", "rank", "standard_error")
    assert [row[name] for name in nothing] == [None] * 5


def test_categories_get_their_official_names() -> None:
    """Would catch `full` and `overall` counted as two categories, so that the gap of 2025 is missing."""
    theirs = [
        "full",
        "hard_6",
        "hard_english_6",
        "if",
        "long_user",
        "multiturn",
        "no_tie",
        "coding",
        "no_short",
    ]
    ours = [
        "overall", "hard_prompts", "hard_prompts_english", "instruction_following", "longer_query", "multi_turn",
        "exclude_ties", "coding", "no_short",
    ]  # fmt: skip
    frame = parsed("arena_catalog", json.dumps(catalog(theirs, 1)))
    assert frame["category"].to_list() == ours


def test_the_variant_follows_from_the_request() -> None:
    """Would catch style control read as raw."""
    assert set(parsed("arena_catalog", json.dumps(catalog()), "text_style_control")["variant"]) == {
        "style_control"
    }
    name = "arena_catalog/leaderboard-text{}__2025-03-07_b3b0fef89.json"
    assert SOURCE.request_of(PurePath(name.format("-style-control"))) == "text_style_control"
    assert SOURCE.request_of(PurePath(name.format(""))) == "text"
    assert SOURCE.request_of(PurePath("leaderboard-text.json")) == "text"
    assert SOURCE.request_of(PurePath("leaderboard-vision__2025-03-07_b3b0fef89.json")) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, 10**400])
def test_a_figure_that_is_none_is_null(value: object) -> None:
    """Would catch NaN as the best score of its month."""
    sample = catalog()
    sample["full"]["sample-0"]["rating"] = value
    text = json.dumps(sample).replace("Infinity", "1e999")
    assert parsed("arena_catalog", text)["score"].to_list()[:2] == [None, 1399.5]


def change(path: tuple[str, ...], value: object) -> dict[str, Any]:
    sample: dict[str, Any] = catalog()
    inner = sample
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return sample


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("full",), [1, 2], r"full \[1, 2\]; expected a JSON object"),
        (("full", "sample-0"), 1400.5, "figures 1400.5 \\(expected a JSON object"),
        (
            ("full", "sample-0"),
            {"elo": 1},
            "keys elo \\(expected also rating, rating_q025, rating_q975",
        ),
        (("full", "sample-0", "rating"), "high", "row 1 \\(sample-0\\): rating 'high' \\(expected a number"),
        (("full", "sample-0", "rating"), True, "expected a number"),
        (("full", " "), {"rating": 1500, "rating_q025": 1490, "rating_q975": 1510}, "model_name ''"),
    ],
)
def test_another_shape_is_named(path: tuple[str, ...], value: object, says: str) -> None:
    """Would catch a figure read from a file of another form."""
    with pytest.raises(ParseError, match=says):
        parsed("arena_catalog", json.dumps(change(path, value)))


def test_no_models_is_no_leaderboard() -> None:
    """Would catch an empty catalog accepted as a month without models."""
    for empty in ("{}", '{"full": {}}'):
        with pytest.raises(EmptyTable):
            parsed("arena_catalog", empty)


def test_day_and_commit_are_read_from_a_name() -> None:
    """Would catch a snapshot dated by its download."""
    path = PurePath("leaderboard-text-style-control__2025-12-11_ea8297b54.json")
    assert SOURCE.known_at_of(path, b"") == datetime(2025, 12, 11, tzinfo=UTC)
    assert SOURCE.address_of(path).endswith("/blob/ea8297b54/data/leaderboard-text-style-control.json")
    assert SOURCE.known_at_of(PurePath("leaderboard-text.json"), b"") is None
    # Named after the second of a rebase: the author's day counts.
    for commit in ("857735a", "857735a2f"):
        path = PurePath(f"leaderboard-text-style-control__2025-05-27_{commit}.json")
        assert SOURCE.known_at_of(path, b"") == datetime(2025, 5, 13, tzinfo=UTC)


def test_every_real_file(upstream: Path) -> None:
    """Would catch a category or model lost between the file and the rows."""
    paths = sorted((upstream / "arena_catalog").glob("*.json"))
    assert paths
    for path in paths:
        frame = read_file(SOURCE, path)
        raw = json.loads(path.read_text(encoding="utf-8"))
        assert frame.height == sum(map(len, raw.values())), path
        assert frame["category"].n_unique() == len(raw)
        assert not set(frame["category"]) & set(CATEGORIES)
        overall = frame.filter(frame["category"] == "overall")
        assert set(overall["model_name"]) == set(raw["full"])
        assert overall["score"].max() == max(entry["rating"] for entry in raw["full"].values())
        assert frame["score"].is_between(300, 2000).all()
        assert (frame["score_low"] <= frame["score"]).all()
        assert (frame["score"] <= frame["score_high"]).all()
        assert ("style-control" in path.name) == (frame["variant"][0] == "style_control")
