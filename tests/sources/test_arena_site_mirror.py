"""The daily scrape of today's site: stamps that move, dates that do not, listings cut short."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest

from sources.contract.source import Precision
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import parsed, read_file, site

SOURCE = get("arena_site_mirror")


def dumped(page: dict[str, Any]) -> str:
    return json.dumps(page)


@pytest.mark.parametrize("both_sides", [False, True])
def test_a_row_is_read_as_printed(both_sides: bool) -> None:
    """Would catch distances published as bounds, before or after the mirror changed how it writes them."""
    row = parsed("arena_site_mirror", dumped(site(both_sides=both_sides))).row(1, named=True)
    assert (row["board"], row["variant"], row["category"]) == ("arena_text", "style_control", "overall")
    assert (row["model_name"], row["score"], row["votes"], row["rank"]) == ("sample-1", 1499.0, 901, 2)
    assert (row["score_low"], row["score_high"]) == (1493.0, 1506.0 if both_sides else 1505.0)
    assert (row["organization_name"], row["license_name"]) == ("Contoso", "mit")
    assert row["published_on"] == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Mar 18, 2026", date(2026, 3, 18)),
        ("Jul 1, 2026", date(2026, 7, 1)),
        ("September 3, 2026", date(2026, 9, 3)),
        (None, None),
        ("", None),
    ],
)
def test_the_publish_date_is_the_sites_not_the_scrapes(printed: str | None, day: date | None) -> None:
    """Would catch every day's scrape counted as a new publication."""
    frame = parsed("arena_site_mirror", dumped(site(last_updated=printed)))
    assert frame["published_on"].unique().to_list() == [day]


@pytest.mark.parametrize("printed", ["yesterday", "Mar 41, 2026", "Foo 1, 2026", "2026-03-18"])
def test_another_print_of_the_date_stops_the_source(printed: str) -> None:
    """Would catch dated snapshots that silently become undated."""
    with pytest.raises(ParseError, match="as in Mar 18, 2026"):
        parsed("arena_site_mirror", dumped(site(last_updated=printed)))


def test_known_when_it_was_scraped() -> None:
    """Would catch the file's name believed: the mirror repeats an old scrape under new names."""
    path = PurePath("text-2026-07-31.json")
    body = dumped(site(fetched_at="2026-07-29T23:38:03.309122+00:00")).encode()
    assert SOURCE.known_at_of(path, body) == datetime(2026, 7, 29, 23, 38, 3, 309122, tzinfo=UTC)
    assert SOURCE.known_at_of(path, b"{}") is None
    assert SOURCE.known_at_of(path, b"[" * 100_000) is None


def test_blanks_are_null_and_extra_has_the_rest() -> None:
    """Would catch a missing vendor published as one, and flags or prices lost."""
    page = site()
    page["models"][0] |= {
        "vendor": None, "license": "", "preliminary": True, "rank_spread": [1, 4], "price_prompt": 5.0,
        "context_length": None,
    }  # fmt: skip
    row = parsed("arena_site_mirror", dumped(page)).row(0, named=True)
    assert (row["organization_name"], row["license_name"]) == (None, None)
    assert json.loads(row["extra"]) == {"preliminary": True, "rank_spread": [1, 4], "price_prompt": 5.0}


def changed(**row: object) -> dict[str, Any]:
    page = site()
    page["models"][0] |= row
    return page


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (site(leaderboard="vision"), "leaderboard 'vision'; expected 'text'"),
        ({"models": []}, "meta"),
        ({"meta": {"leaderboard": "text"}, "rows": []}, "expected a list under models"),
        (changed(score="1502"), "score '1502' \\(expected a number"),
        (changed(model=["a"]), "expected text"),
        (changed(model=" "), "model_name is missing"),
        (
            {"meta": {"leaderboard": "text"}, "models": [{"name": "a"}]},
            "keys name \\(expected also model, score",
        ),
        ({"meta": {"leaderboard": "text"}, "models": ["a"]}, "expected a JSON object"),
    ],
)
def test_another_shape_is_named(page: dict[str, Any], says: str) -> None:
    """Would catch another board, or a renamed field, read as the text board."""
    with pytest.raises(ParseError, match=says):
        parsed("arena_site_mirror", dumped(page))


def test_no_models_is_no_leaderboard() -> None:
    """Would catch a scrape of an empty page accepted."""
    with pytest.raises(EmptyTable):
        parsed("arena_site_mirror", dumped(site(0)))


def test_it_is_declared_as_what_it_is() -> None:
    """Would catch whole points treated as exact, or a cut listing as damage."""
    assert SOURCE.precision is Precision.ROUNDED
    assert SOURCE.may_shrink
    assert SOURCE.row_floor <= 10


def test_every_real_file(upstream: Path) -> None:
    """Would catch a day's shape the sample ones lack."""
    paths = sorted((upstream / "arena_site").glob("text-*.json"))
    assert paths
    undated = 0
    for path in paths:
        body = path.read_bytes()
        frame = read_file(SOURCE, path)
        raw = json.loads(body)
        assert frame.height == len(raw["models"]) == raw["meta"]["model_count"], path
        assert frame["model_name"].to_list() == [row["model"] for row in raw["models"]]
        assert frame["score"].drop_nulls().is_between(900, 1700).all()
        unscored = sum(row["score"] is None for row in raw["models"])
        for column in ("score", "score_low", "score_high"):
            assert frame[column].null_count() == unscored <= 2
        undated += frame["published_on"][0] is None
        known = SOURCE.known_at_of(path, body)
        assert known is not None
        assert known.date() <= date.fromisoformat(path.stem.removeprefix("text-"))
        assert frame["published_on"][0] is None or frame["published_on"][0] <= known.date()
    assert undated == 60
