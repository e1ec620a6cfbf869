"""The daily scrape of today's site: stamps that move, dates that do not, listings cut short."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

import polars as pl
import pytest

from sources.contract.revisions import Revision
from sources.contract.source import Precision
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import parsed, read_file, site

SOURCE = get("arena_site_mirror")


def revision(day: str) -> Revision:
    return Revision(day, datetime.fromisoformat(f"{day}T00:00:00+00:00"))


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
        (site(leaderboard="agent"), "leaderboard 'agent'; expected a board of scores; six signals"),
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


@pytest.mark.parametrize(
    ("request_name", "printed", "series"),
    [
        ("vision", "vision", ("arena_vision", "style_control", "overall")),
        ("search", "search", ("arena_search", "raw", "overall")),
        ("document", "document", ("arena_document", "raw", "overall")),
        ("code-webdev", "code-webdev", ("arena_webdev", "default", "overall")),
        ("code-webdev", "code", ("arena_webdev", "default", "overall")),
        ("code-image-to-webdev", "code-image-to-webdev", ("arena_webdev", "default", "image_to_webdev")),
        ("image-to-video", "image-to-video", ("arena_image_to_video", "default", "overall")),
    ],
)
def test_every_board_has_its_variant_and_category(
    request_name: str, printed: str, series: tuple[str, str, str]
) -> None:
    """Would catch a board's figures filed under another variant, or under a category that is part of a board."""
    frame = parsed("arena_site_mirror", dumped(site(leaderboard=printed)), request_name)
    assert frame.select("board", "variant", "category").unique().row(0) == series


def test_local_files_tell_their_board() -> None:
    """Would catch text-to-image read as text, the board of signals filed as another, or early webdev lost."""
    boards = {
        "text-2026-03-19.json": "text",
        "text-to-image__2026-03-31.json": "text-to-image",
        "code__2026-03-31.json": "code-webdev",
        "code-image-to-webdev__2026-08-22.json": "code-image-to-webdev",
        "video-edit.json": "video-edit",
        "agent__2026-06-30.json": None,
        "latest.json": None,
    }
    assert {name: SOURCE.request_of(PurePath(name)) for name in boards} == boards


def test_a_day_s_files_have_their_name_of_the_time() -> None:
    """Would catch the web board before 2026-07-16, when it was called code, asked for under its later name."""
    assert SOURCE.revisions is not None
    for day, name in (("2026-07-15", "code"), ("2026-07-16", "code-webdev")):
        found = {one.name: one.address for one in SOURCE.revisions.requests_of(revision(day))}
        assert set(found) == {one.name for one in SOURCE.requests}
        assert found["code-webdev"].endswith(f"/HEAD/data/{day}/{name}.json")
        assert found["text"].endswith(f"/HEAD/data/{day}/text.json")


def test_a_local_file_has_the_address_of_its_day() -> None:
    """Would catch shipped figures whose bytes nobody finds again, or the web board looked for under a later name."""
    folder = "https://github.com/aabao325/arena-ai-leaderboards/blob/HEAD/data"
    files = {
        "text-2026-03-19.json": f"{folder}/2026-03-19/text.json",
        "code__2026-04-30.json": f"{folder}/2026-04-30/code.json",
        "video-edit__2026-08-22.json": f"{folder}/2026-08-22/video-edit.json",
        "video-edit.json": "",
    }
    assert {name: SOURCE.address_of(PurePath(name)) for name in files} == files


def test_what_is_not_read_is_said_with_the_reason() -> None:
    """Would catch a board that silently has no figures here."""
    assert "no score" in SOURCE.not_read["agent"]
    assert not any(pattern.startswith("arena_site_boards/agent") for pattern in SOURCE.raw_patterns)


def test_a_board_of_four_models_is_whole_and_a_text_board_of_four_is_not() -> None:
    """Would catch video editing refused for ever, or a scrape of an empty page accepted."""
    assert (SOURCE.least_rows("video-edit"), SOURCE.least_rows("text")) == (4, 10)


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


def test_every_real_file_of_the_other_boards(upstream: Path) -> None:
    """Would catch a board's shape that text does not have: intervals of one side, lists of four."""
    paths = [
        path
        for path in sorted((upstream / "arena_site_boards").glob("*.json"))
        if SOURCE.request_of(PurePath(path.name))
    ]
    assert len(paths) > 40
    for path in paths:
        raw = json.loads(path.read_bytes())
        frame = read_file(SOURCE, path)
        assert frame["model_name"].to_list() == [row["model"] for row in raw["models"]], path
        assert frame["score"].to_list() == [row["score"] for row in raw["models"]], path
        assert frame["score_low"].null_count() == frame["score_high"].null_count() == 0
        assert frame.height >= SOURCE.least_rows(SOURCE.request_of(PurePath(path.name)) or "")


@pytest.mark.parametrize("board", ["vision", "search", "document", "text-to-image", "image-edit", "text-to-video",
                                   "image-to-video", "video-edit"])  # fmt: skip
def test_the_site_shows_the_variant_that_it_is_filed_under(upstream: Path, board: str) -> None:
    """Would catch a variant guessed: the official subset of the same day must print the same whole points, and the
    subset of the other variant must not.
    """
    subset = board.replace("-", "_")
    mine = {"raw": subset, "default": subset, "style_control": f"{subset}_style_control"}
    official = {
        folder: [ratings(path) for path in sorted((upstream / "lmarena_hf" / folder).glob("*.parquet"))]
        for folder in (subset, f"{subset}_style_control")
    }
    equal = set()
    for path in sorted((upstream / "arena_site_boards").glob(f"{board}__*.json")):
        shown = {row["model"]: row["score"] for row in json.loads(path.read_bytes())["models"]}
        equal |= {folder for folder, days in official.items() if any(prints(day, shown) for day in days)}
    variant = parsed("arena_site_mirror", dumped(site(leaderboard=board)), board)["variant"][0]
    assert equal == {mine[variant]}


def ratings(path: Path) -> dict[str, list[float]]:
    """Model → ratings in `overall` of an official file; search has several of a model."""
    frame = pl.read_parquet(path).filter(pl.col("category") == "overall")
    return dict(frame.group_by("model_name").agg("rating").iter_rows())


def prints(official: dict[str, list[float]], shown: dict[str, int]) -> bool:
    """Whether all models are in both and each is shown with one of its ratings, in whole points."""
    return set(shown) == set(official) and all(
        any(abs(score - rating) <= 0.51 for rating in official[model]) for model, score in shown.items()
    )
