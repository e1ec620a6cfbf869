"""The boards of pictures and video: the figures that are known, and every month again from the raw files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.fixtures.warehouses import Candidate

BOARDS = ("text_to_image", "image_edit", "text_to_video", "image_to_video", "video_edit")
#: Printed organization → country, of those that are near a top.
COUNTRIES = {
    **dict.fromkeys(
        ("google", "openai", "xai", "spacexai", "meta", "microsoft-ai", "microsoft ai", "reve", "runway", "luma-ai",
         "luma ai", "nvidia", "pika", "krea", "genmo", "genmo ai"),
        "US",
    ),
    **dict.fromkeys(
        ("bytedance", "alibaba", "alibaba-ath", "wan", "kling", "klingai", "minimax", "tencent", "shengshu", "zai",
         "z.ai", "stepfun", "hidream", "pixverse"),
        "CN",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("board", "day", "us_model", "us", "cn_model", "cn"),
    [
        ("image_to_video", "2026-06-23", "gemini-omni-flash", 1469.3, "dreamina-seedance-2.0-720p", 1473.7),
        ("image_to_video", "2026-08-17", "gemini-omni-flash", 1462.2, "minimax-h3", 1489.4),
        ("video_edit", "2026-04-21", "grok-imagine-video", 1259, "dreamina-seedance-2.0-720p", 1362),
        ("video_edit", "2026-08-17", "gemini-omni-flash", 1357.9, "dreamina-seedance-2.5-720p", 1410.8),
        ("text_to_video", "2026-04-16", "veo-3.1-audio-1080p", 1375, "dreamina-seedance-2.0-720p", 1460),
        ("text_to_video", "2026-05-29", "veo-3.1-audio-1080p", 1370, "dreamina-seedance-2.0-720p", 1463),
        (
            "text_to_image",
            "2026-06-25",
            "gpt-image-2 (medium)",
            1386.2,
            "qwen-image-2.0-pro-2026-06-22",
            1192.9,
        ),
    ],
)
def test_the_known_tops_of_a_day(
    shipped_build: Candidate, board: str, day: str, us_model: str, us: float, cn_model: str, cn: float
) -> None:
    """Would catch a board read wrongly, a maker of the wrong country, a day that is not the publication's."""
    found = shipped_build.rows(
        "SELECT g.us_model, round(g.us_score, 1) AS us, g.cn_model, round(g.cn_score, 1) AS cn "
        "FROM core.publications AS p JOIN core.snapshot_gaps AS g USING (snapshot_id, category) "
        "JOIN internal.settings AS s ON s.country_rule = g.country_rule "
        f"WHERE p.board = 'arena_{board}' AND category = 'overall' AND p.published_on = '{day}' "
        "AND g.listing = 'any' AND p.is_last_of_day"
    )
    assert found == [{"us_model": us_model, "us": us, "cn_model": cn_model, "cn": cn}]


def test_no_name_that_could_lead_a_board_of_the_arena_is_unknown(shipped_build: Candidate) -> None:
    """Would catch a board whose months are left out, since nobody said who made a model near its top."""
    withheld = shipped_build.rows(
        "SELECT board, model_name FROM meta.withheld WHERE board LIKE 'arena%' "
        "AND reason IN ('unknown_name', 'maker_without_country')"
    )
    assert withheld == []


def test_every_name_among_the_ten_best_of_any_list_is_known(shipped_build: Candidate) -> None:
    """Would catch a new name of any board, category and day that nobody looked up."""
    near = shipped_build.rows(
        "SELECT source_id, model_name, best_rank FROM meta.unresolved_models "
        "WHERE best_rank <= 10 AND resolution = 'unresolved'"
    )
    assert near == []


def test_a_list_that_the_site_cut_is_no_whole_one(shipped_build: Candidate) -> None:
    """Would catch the fifty best of 130 vision models counted as all there were, since no longer list came before."""
    rows = shipped_build.rows(
        "SELECT models >= 100 AS is_long, coverage, count(*) AS n FROM core.snapshots "
        "WHERE source_id = 'arena_site_mirror' AND board IN ('arena_vision', 'arena_text') GROUP BY ALL"
    )
    assert {(row["is_long"], row["coverage"]) for row in rows} == {(False, "truncated"), (True, "whole")}
    # The web board was cut for two months; the list of 66 lacks models in the middle, which its neighbours tell.
    web = shipped_build.rows(
        "SELECT models, known_at::DATE AS known_on FROM core.snapshots WHERE source_id = 'arena_site_mirror' "
        "AND board = 'arena_webdev' AND coverage = 'whole' AND known_at::DATE BETWEEN '2026-05-15' AND '2026-07-15'"
    )
    assert web == [{"models": 66, "known_on": date(2026, 6, 6)}]


@pytest.mark.parametrize(
    ("board", "months"),
    [
        ("arena_webdev", "3 4 5 6 7 8"),
        ("arena_text_to_image", "3 4 5 6 7 8"),
        ("arena_image_to_video", "3 4 5 6 7 8"),
        # Published without change from 2026-06-29 to 2026-08-12.
        ("arena_video_edit", "3 4 5 6 8"),
    ],
)
def test_every_month_in_which_a_board_published_is_observed(
    shipped_build: Candidate, board: str, months: str
) -> None:
    """Would catch the web board of the time when it was called code lost, or a month of pictures or video."""
    found = shipped_build.rows(
        "SELECT month(month) AS m FROM monthly_gap WHERE board = ? AND category = 'overall' AND status = 'observed' "
        "AND variant = 'default' AND year(month) = 2026 ORDER BY m",
        [board],
    )
    assert " ".join(str(row["m"]) for row in found) == months


@dataclass
class Publication:
    """Model → score and country, and the printed day."""

    day: date | None
    models: dict[str, tuple[float, str]] = field(default_factory=dict)

    def best(self, country: str) -> tuple[float, str]:
        score, model = min((-score, model) for model, (score, home) in self.models.items() if home == country)
        return -score, model


def publications(upstream: Path, board: str) -> Iterator[tuple[str, Publication]]:
    """The raw files of ``board`` by their SHA-256."""
    for path in sorted((upstream / "lmarena_hf" / board).glob("*.parquet")):
        rows = pl.read_parquet(path).filter(pl.col("category") == "overall")
        found = Publication(date.fromisoformat(path.stem))
        for name, maker, score in rows.select("model_name", "organization", "rating").iter_rows():
            found.models[name] = (score, COUNTRIES.get(maker.casefold(), ""))
        yield hashlib.sha256(path.read_bytes()).hexdigest(), found
    for path in sorted((upstream / "arena_site_boards").glob(f"{board.replace('_', '-')}__*.json")):
        page = json.loads(path.read_bytes())
        printed = page["meta"]["last_updated"]
        found = Publication(datetime.strptime(f"{printed} +0000", "%b %d, %Y %z").date() if printed else None)
        for row in page["models"]:
            found.models[row["model"]] = (row["score"], COUNTRIES.get((row["vendor"] or "").casefold(), ""))
        yield hashlib.sha256(path.read_bytes()).hexdigest(), found


@pytest.mark.parametrize("board", BOARDS)
def test_the_tops_of_every_raw_file_are_what_it_gives(
    upstream: Path, shipped_build: Candidate, board: str
) -> None:
    """Would catch a maker of the wrong country, a lost file, a month that stands on another publication than its last.

    More days ship than there are raw files.
    """
    found = dict(publications(upstream, board))
    rows = shipped_build.rows(
        "SELECT i.sha256, s.printed_on, g.us_model, g.us_score, g.cn_model, g.cn_score FROM core.snapshot_gaps AS g "
        "JOIN core.snapshots AS s USING (snapshot_id) JOIN meta.inputs AS i USING (input_id) "
        "JOIN internal.settings AS c ON c.country_rule = g.country_rule "
        f"WHERE s.board = 'arena_{board}' AND g.category = 'overall' AND g.listing = 'any'"
    )
    published = {row["sha256"]: row for row in rows}
    assert len(found) >= 5
    for sha256, one in found.items():
        row = published[sha256]
        assert one.day == row["printed_on"]
        assert one.best("US") == (row["us_score"], row["us_model"])
        assert one.best("CN") == (row["cn_score"], row["cn_model"])
    months = shipped_build.rows(
        f"SELECT month, published_on FROM monthly_gap WHERE board = 'arena_{board}' AND category = 'overall' "
        "AND variant = 'default' AND status = 'observed'"
    )
    stands = {row["month"]: row["published_on"] for row in months}
    assert all(stands[one.day.replace(day=1)] >= one.day for one in found.values() if one.day)
