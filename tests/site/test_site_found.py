"""How the pages are found and linked: feed, site map, addresses, and the pictures that go with a link.

Would catch a feed that readers refuse, a canonical address that nobody has set, a name of a model read as markup, a
superlative of one rating printed as one of both.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from sources.errors import UsageError
from tests.fixtures import warehouses
from warehouse.site import feed, picture, queries
from warehouse.site.addresses import SITE_URL, Addresses, addresses
from warehouse.site.charts.gap_chart import CHART as GAP
from warehouse.site.drawing.kept import Kept
from warehouse.site.drawing.rendering import drawing, svg
from warehouse.site.drawn_charts import drawn_charts
from warehouse.site.html_pages import render
from warehouse.site.page import Page
from warehouse.site.pages import declared
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease
from warehouse.workspace import Workspace

RELEASE = ShownRelease("aigap-20261122T120000Z-0123456789ab", date(2026, 11, 22), "- a & b <c>\n")
SERVED = Addresses("https://example.org/gap/", "../", "https://example.org/code")
ATOM = "{http://www.w3.org/2005/Atom}"
RATINGS = {"with style control": "style_control", "in raw votes": "raw"}

#: Months and gaps of each rating. In raw votes the US has always led, and least in February; with style control
#: China led in March, and the lead is smallest there.
PLANTED = {
    "raw": {"2026-01-31": 50, "2026-02-28": 20, "2026-03-31": 30, "2026-04-30": 40},
    "style_control": {"2026-02-28": 10, "2026-03-31": -6, "2026-04-30": 15},
}


@dataclass(frozen=True)
class Planted:
    con: duckdb.DuckDBPyConnection
    results: Results
    pages: dict[str, BeautifulSoup]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    cases = warehouses.Cases()
    for variant, gaps in PLANTED.items():
        for place, (day, gap) in enumerate(gaps.items()):
            field = warehouses.field_of(us=1400 + place + gap, cn=1400 + place)
            cases.add(variant, warehouses.printed(warehouses.OFFICIAL, day, field, stamp=day))
    made = warehouses.warehouse(tmp_path_factory.mktemp("planted"), *cases.boards)
    results = queries.run_all(made.con)
    pages = render(results, RELEASE, drawn_charts(results, RELEASE), addresses=SERVED)
    yield Planted(made.con, results, {name: BeautifulSoup(html, "lxml") for name, html in pages.items()})
    made.con.close()


def is_front(page: Page) -> bool:
    return page.file == "index.html"


def held(con: duckdb.DuckDBPyConnection, variant: str) -> dict[str, float]:
    """The gap of each month that has one, oldest first, by the month's name."""
    rows = con.sql(
        "SELECT month, gap_points FROM monthly_gap WHERE board = 'arena_text' AND category = 'overall' "
        f"AND variant = '{variant}' AND gap_points IS NOT NULL ORDER BY month"
    ).fetchall()
    return {f"{month:%B %Y}": gap for month, gap in rows}


def wrong_superlatives(con: duckdb.DuckDBPyConnection, front: BeautifulSoup) -> list[str]:
    """What the front page says of a smallest lead and of who has led since when, against every month of each rating."""
    said = " ".join(" ".join(part.get_text().split()) for part in front.select("#gap h2, .strip dd"))
    wrong = []
    for clause in re.split(r"[;.] ", said):
        smallest = re.search(r"([\d,−]+) at its smallest in (\w+ \d{4})", clause)
        since = re.search(r"(?i)(the US|China) has led in every month held", clause)
        if not (smallest or since):
            continue
        named = [words for words in RATINGS if words in clause.lower()]
        if not named:
            wrong.append(f"no rating is named: {clause}")
        for words in named:
            gaps = held(con, RATINGS[words])
            if smallest:
                month = min(gaps, key=lambda name: gaps[name])
                if (smallest[2], smallest[1]) != (month, f"{gaps[month]:.0f}".replace("-", "−")):
                    wrong.append(f"{month} is the smallest: {clause}")
            if since:
                first = re.search(rf"(\w+ \d{{4}}) {words}", clause) or re.search(r"(\w+ \d{4})", clause)
                assert first is not None
                sign = 1 if since[1].lower() == "the us" else -1
                run = list(gaps)[list(gaps).index(first[1]) :]
                before = list(gaps)[: -len(run)]
                led = all(sign * gaps[month] > 0 for month in run)
                if not led or (before and sign * gaps[before[-1]] > 0):
                    wrong.append(f"not so {words}: {clause}")
    return wrong


def test_superlatives_are_of_the_rating_they_name(planted: Planted) -> None:
    """Would catch the lead since January in raw votes said of both ratings, and one smallest month for two."""
    front = planted.pages["index.html"]
    text = " ".join(front.get_text().split())
    assert "in every month held since April 2026 with style control and January 2026 in raw votes." in text
    assert "−6 at its smallest in March 2026" in text
    assert wrong_superlatives(planted.con, front) == []


@pytest.mark.parametrize(
    "lie",
    [
        "The US has led in every month held since February 2026 with style control and January 2026 in raw votes.",
        "The US has led in every month held since January 2026.",
        "In raw votes the US has led in every month held since March 2026.",
        "The US lead in raw votes was 50 Arena points in January 2026, 30 at its smallest in March 2026.",
        "The US lead was 20 at its smallest in February 2026.",
    ],
)
def test_a_superlative_that_is_not_so_would_be_found(planted: Planted, lie: str) -> None:
    front = BeautifulSoup(f"<dl class=strip><dd>{lie}</dd></dl>", "lxml")
    assert wrong_superlatives(planted.con, front) != []


def test_superlatives_of_the_release_are_so(warehouse: duckdb.DuckDBPyConnection) -> None:
    results = queries.run_all(warehouse)
    html = render(results, RELEASE, drawn_charts(results, RELEASE, (GAP,)), wanted=is_front)["index.html"]
    assert wrong_superlatives(warehouse, BeautifulSoup(html, "lxml")) == []


def test_a_warehouse_of_one_small_leaderboard_has_pages_too(planted: Planted) -> None:
    said = planted.pages["index.html"].select_one("#now").get_text()
    assert said.startswith(
        "On 30 April 2026 the best US model led China’s best by 15 Arena points with style control"
    )
    assert "Nothing that could be drawn" in planted.pages["stories/chips.html"].get_text()
    for drawn in drawn_charts(planted.results, RELEASE):
        assert svg(drawing(drawn.chart.panels(planted.results), planted.results)).startswith("<svg")


def test_the_feed_is_atom_and_names_stay_text(planted: Planted) -> None:
    texts = feed.texts(planted.results, RELEASE, declared(planted.results), SERVED)
    root = etree.fromstring(texts["feed.xml"].encode())
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 1 + sum(map(len, PLANTED.values()))
    for part in (root, *entries):
        for name in ("id", "title", "updated"):
            assert part.findtext(f"{ATOM}{name}"), name
        datetime.fromisoformat(part.findtext(f"{ATOM}updated"))
        [link] = part.findall(f"{ATOM}link[@rel='alternate']")
        assert link.get("href", "").startswith("https://example.org/gap/")
    ids = [part.findtext(f"{ATOM}id") for part in (root, *entries)]
    assert len(set(ids)) == len(ids)
    assert entries[0].findtext(f"{ATOM}content").strip() == "<ul>\n<li>a &amp; b &lt;c&gt;</li>\n</ul>"
    titles = {entry.findtext(f"{ATOM}title") for entry in entries}
    assert any(
        title.startswith("31 March 2026: China leads by 6 Arena points with style control")
        for title in titles
    )
    # the same wherever the folder is served
    elsewhere = feed.texts(planted.results, RELEASE, declared(planted.results), Addresses())["feed.xml"]
    again = etree.fromstring(elsewhere.encode())
    assert [part.findtext(f"{ATOM}id") for part in (again, *again.findall(f"{ATOM}entry"))] == ids


def test_a_site_map_needs_an_address(planted: Planted) -> None:
    pages = declared(planted.results)
    without = feed.texts(planted.results, RELEASE, pages, Addresses())
    assert "sitemap.xml" not in without
    assert "Sitemap" not in without["robots.txt"]
    served = feed.texts(planted.results, RELEASE, pages, SERVED)
    listed = [loc.text for loc in etree.fromstring(served["sitemap.xml"].encode()).iter("{*}loc")]
    assert listed == [f"https://example.org/gap/{page.address}" for page in pages]
    assert "Sitemap: https://example.org/gap/sitemap.xml" in served["robots.txt"]


def test_pages_have_a_canonical_address_and_a_picture_only_where_one_is_set(planted: Planted) -> None:
    story = planted.pages["stories/lag.html"]
    assert story.select_one("link[rel=canonical]")["href"] == "https://example.org/gap/stories/lag.html"
    assert (
        story.select_one("meta[property='og:image']")["content"] == "https://example.org/gap/charts/card.png"
    )
    assert story.select_one("a[href='../../aigap.duckdb']") is not None
    bare = BeautifulSoup(render(planted.results, RELEASE, [], wanted=is_front)["index.html"], "lxml")
    assert bare.select("link[rel=canonical], meta[property='og:image'], meta[property='og:url']") == []
    assert bare.select("a[href$='aigap.duckdb']") == []
    title = bare.select_one("meta[property='og:title']")["content"]
    assert bare.title.get_text() == f"{title} · aigap"


def test_the_picture_of_a_shared_link_has_its_size(planted: Planted) -> None:
    [gap] = drawn_charts(planted.results, RELEASE, (GAP,))
    body = picture.card(planted.results, gap, Kept())
    assert struct.unpack(">II", body[16:24]) == (1200, 630)


def test_the_address_is_set_by_an_option_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "data")
    monkeypatch.delenv(SITE_URL, raising=False)
    assert addresses(workspace, tmp_path / "data" / "site").site is None
    assert addresses(workspace, tmp_path / "data" / "site").files == "../"
    assert addresses(workspace, tmp_path / "public").files is None
    monkeypatch.setenv(SITE_URL, "https://example.org/gap")
    assert addresses(workspace, tmp_path / "public").site == "https://example.org/gap/"
    assert (
        addresses(workspace, tmp_path / "public", "http://localhost:8000/").site == "http://localhost:8000/"
    )
    for wrong in ("example.org", "ftp://example.org/", "https://example.org/?page=1"):
        with pytest.raises(UsageError, match="is no address of a folder"):
            addresses(workspace, tmp_path, wrong)
