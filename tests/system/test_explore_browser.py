"""The explorer in a real browser, from the disk, with the network off.

Would catch a link that shows something else, a table or file that is not what the warehouse has, SQL that gives other
rows than the table, a choice that no key reaches, an empty chart that does not say why, two scales on one axis.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import duckdb
import pytest

from tests.system.test_site_browser import RELEASE, Visit, browser
from warehouse.db import read_only
from warehouse.site import queries, writer
from warehouse.site.explorer import figures

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.system
__all__ = ["browser"]

PAGE = "explore.html"
SVG = "{http://www.w3.org/2000/svg}"
#: Addresses, and what the warehouse says to each: month, figure and both models.
PLANTED = {
    "s=arena_text.raw.overall": (
        "SELECT month, gap_points, us_model, cn_model FROM monthly_gap WHERE board = 'arena_text' AND variant = 'raw' "
        "AND category = 'overall' AND gap_points IS NOT NULL"
    ),
    "s=arena_text.style_control.coding&from=2026-01&m=percent": (
        "SELECT month, gap_pct_of_cn, us_model, cn_model FROM monthly_gap WHERE board = 'arena_text' "
        "AND variant = 'style_control' AND category = 'coding' AND month >= '2026-01-01' AND gap_points IS NOT NULL"
    ),
    "s=arena_webdev&m=expected&to=2026-06": (
        "SELECT month, us_win_probability, us_model, cn_model FROM monthly_gap WHERE board = 'arena_webdev' "
        "AND category = 'overall' AND month <= '2026-06-01' AND gap_points IS NOT NULL"
    ),
    "s=eci&m=lag&r=last_matched": (
        "SELECT month, lag_months, us_model, cn_model FROM monthly_lag WHERE board = 'eci' "
        "AND reading = 'last_matched' AND vintage = (SELECT max(vintage) FROM monthly_lag WHERE board = 'eci')"
    ),
    "s=arena_text.raw.overall.US-FR&i=wide": (
        "SELECT month, gap_points, a_model, b_model FROM gap_pair('US', 'FR') WHERE board = 'arena_text' "
        "AND variant = 'raw' AND category = 'overall' AND gap_points IS NOT NULL"
    ),
    "s=arena_text.raw.overall.US-CN.open_us_minus_open_cn": (
        "SELECT month, open_us_minus_open_cn, us_open_model, cn_open_model FROM open_weights_gap "
        "WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND open_us_minus_open_cn IS NOT NULL"
    ),
    "s=arena_text.raw.overall.US-CN.all.public": (
        "SELECT month, gap_points, us_model, cn_model FROM gap_definitions WHERE board = 'arena_text' "
        "AND variant = 'raw' AND category = 'overall' AND month_rule = 'last' AND listing = 'public' "
        "AND country_rule = 'hq'"
    ),
}


@pytest.fixture(scope="module")
def site(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> writer.SiteFolder:
    with read_only(shipped) as con, pytest.MonkeyPatch.context() as patch:
        # the charts of other pages take most of the time
        patch.setattr(writer, "drawn_charts", lambda results, release: [])
        folder = tmp_path_factory.mktemp("explorer") / "pages"
        return writer.write(queries.run_all(con), RELEASE, folder, explorer=figures.read(con))


@pytest.fixture(scope="module")
def con(shipped: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with read_only(shipped) as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, site: writer.SiteFolder) -> Iterator[Any]:
    opened: list[Visit] = []

    def enter(state: str = "", **context: Any) -> Visit:
        seen = Visit(browser, site, PAGE, **context)
        opened.append(seen)
        drawn(seen.page)
        if state:
            go(seen.page, state)
        return seen

    yield enter
    for each in opened:
        each.context.close()


def drawn(page: Page, since: str | None = None) -> None:
    """Waits until the choice is drawn, and drawn anew since the turn ``since``."""
    page.wait_for_function("since => (document.documentElement.dataset.drawn ?? since) !== since", arg=since)


def turn(page: Page) -> str | None:
    return page.get_attribute("html", "data-drawn")


@pytest.fixture(scope="module")
def common(browser: Browser, site: writer.SiteFolder) -> Iterator[Visit]:
    """One page for all tests that only choose something: a link within it shows the same as one from outside."""
    seen = Visit(browser, site, PAGE)
    drawn(seen.page)
    yield seen
    seen.context.close()
    assert seen.asked == []
    assert seen.complaints == []


def go(page: Page, state: str) -> Page:
    page.evaluate("delete document.documentElement.dataset.drawn")
    page.evaluate(
        "state => { location.hash = state; dispatchEvent(new HashChangeEvent('hashchange')); }", state
    )
    page.wait_for_selector("html[data-drawn]")
    return page


def choose(page: Page, control: str, value: str) -> None:
    before = turn(page)
    page.select_option(f"#x-{control}", value)
    drawn(page, before)


def saved(page: Page, kind: str) -> bytes:
    with page.expect_download() as wait:
        page.click(f"#x-{kind}")
    return Path(wait.value.path()).read_bytes()


def as_rows(text: str) -> list[dict[str, str | None]]:
    return [{name: value or None for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))]


def compared(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows with numbers as numbers, whoever printed them."""
    return [tuple(_compared(value) for value in row.values()) for row in rows]


def _compared(value: Any) -> Any:
    text = str(value).lower() if isinstance(value, bool) else value
    try:
        return round(float(text), 12)
    except (TypeError, ValueError):
        return None if text is None else str(text)


@pytest.mark.parametrize("state", PLANTED)
def test_table_file_and_sql_are_what_the_warehouse_says(
    common: Visit, con: duckdb.DuckDBPyConnection, state: str
) -> None:
    page = go(common.page, state)
    file = as_rows(saved(page, "csv").decode())
    months, figure, us, cn = zip(
        *con.execute(PLANTED[state] + " ORDER BY month DESC").fetchall(), strict=True
    )
    assert [row["month"] for row in file] == [str(month) for month in months]
    column = next(
        name for name in file[0] if name in ("gap_points", "gap_pct", "expected_score", "lag_months")
    )
    assert [float(row[column] or "nan") for row in file] == pytest.approx(list(figure), abs=1e-12)
    assert [(row["a_model"], row["b_model"]) for row in file] == list(zip(us, cn, strict=True))
    # what the SQL beside it gives
    relation = con.sql(page.locator("#x-sql").text_content() or "")
    assert list(file[0]) == relation.columns
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    assert compared(file) == compared(rows)
    # and what the table shows: every figure of the file, and both models
    cells = page.locator("#x-table tbody data").evaluate_all("all => all.map(one => Number(one.value))")
    numbers = [float(value) for row in file for name, value in row.items() if value and _is_figure(name)]
    assert sorted(cells) == pytest.approx(sorted(numbers), abs=1e-12)
    assert page.locator("#x-table tbody tr").count() == len(file) > 2
    points = page.locator(".plot .points_marks > path").count()
    assert points == len(file)


def _is_figure(name: str) -> bool:
    return name in ("expected_score", "lag_months") or name.startswith("gap_") or name.endswith("_score")


def test_several_series_are_one_table_and_one_query(common: Visit, con: duckdb.DuckDBPyConnection) -> None:
    page = go(common.page, "s=arena_text.raw&s=arena_text.raw.coding&s=arena_text.raw.overall.CN-FR&s=eci")
    file = as_rows(saved(page, "csv").decode())
    relation = con.sql(page.locator("#x-sql").text_content() or "")
    assert compared(file) == compared(
        [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    )
    assert len({row["series"] for row in file}) == 4
    # one scale an axis: the index is not drawn on the arena's
    assert page.locator(".plot").count() == 2
    choose(page, "measure", "lag")
    assert page.locator(".plot").count() == 1


def test_the_sql_runs_on_the_command_line(common: Visit, published: Path) -> None:
    page = go(common.page, "s=arena_text.raw&s=arena_text.raw.overall.US-FR&from=2025-01")
    ran = subprocess.run(
        [
            Path(sys.executable).with_name("aigap"),
            "query",
            page.locator("#x-sql").text_content(),
            "--format",
            "csv",
        ],
        env={**os.environ, "AIGAP_DATA_DIR": str(published)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert compared(as_rows(ran.stdout)) == compared(as_rows(saved(page, "csv").decode()))


def test_a_link_shows_what_was_chosen(visit: Any) -> None:
    seen = visit()
    page = seen.page
    choose(page, "board", "arena_vision")
    choose(page, "variant", "raw")
    choose(page, "pair", "US-FR")
    before = turn(page)
    page.click("#x-add")
    drawn(page, before)
    choose(page, "board", "gpqa_diamond")
    choose(page, "interval", "wide")
    choose(page, "layout", "each")
    choose(page, "from", page.locator("#x-from option").nth(2).get_attribute("value") or "")

    def shown(page: Page) -> list[Any]:
        visible = "all => all.filter(one => one.offsetParent).map(one => one.value)"
        controls = page.eval_on_selector_all("#x-form select", visible)
        texts = [
            page.locator(f"#x-{part}").inner_text()
            for part in ("title", "result", "series", "table", "notes")
        ]
        return [controls, texts, page.locator("#x-sql").text_content()]

    page.locator("#x-series .pick").first.click()
    there = shown(page)
    other = visit(page.url.partition("#")[2]).page
    assert shown(other) == there
    other.reload()
    drawn(other)
    assert shown(other) == there
    assert seen.asked == []
    assert seen.complaints == []


def test_a_link_to_what_is_not_held_says_so(common: Visit) -> None:
    page = go(common.page, "s=arena_text.raw.telepathy&m=charm")
    words = page.locator("#x-problem").inner_text()
    assert "telepathy" in words
    assert "charm" in words
    assert "overall" in page.locator("#x-title").inner_text()


def test_the_questions_lead_to_their_answers(common: Visit) -> None:
    page = go(common.page, "s=arena_document")
    for at in range(page.locator(".questions a").count()):
        before = turn(page)
        page.locator(".questions a").nth(at).click()
        drawn(page, before)
        assert page.locator(".questions a").nth(at).get_attribute("aria-current") == "true"
        assert page.locator("#x-problem").is_hidden()
        assert page.locator(".empty").count() == 0
        assert page.locator("#x-table tbody tr").count() > 0


def test_an_empty_chart_says_why(common: Visit) -> None:
    page = common.page
    for state, words in {
        "s=self_bbh&to=2025-10": "One side only: no Chinese model is listed",
        "s=arena_text.raw.coding&from=2026-09": "Category only",
        "s=arena_text.raw.overall&from=2026-11": "Nothing held",
        "s=gpqa_diamond&m=expected": "Elo scales",
        "s=arena_text.raw.overall.US-FR.open_us_minus_open_cn": "US and China",
    }.items():
        go(page, state)
        assert words in page.locator(".empty").inner_text()
        assert page.locator("#x-result").inner_text().startswith("No figure")
        assert page.locator("#x-table tbody tr").count() == 0


def test_an_ambiguous_month_is_named(common: Visit, con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT board, variant, category, month FROM monthly_gap WHERE status = 'ambiguous' LIMIT 1"
    ((*series, month),) = con.execute(query).fetchall()
    page = go(common.page, f"s={'.'.join(series)}&from={month:%Y-%m}&to={month:%Y-%m}")
    assert "Ambiguous" in page.locator(".empty").inner_text()


def test_everything_is_reached_by_keyboard(visit: Any) -> None:
    seen = visit()
    page = seen.page
    reached: list[str] = []
    page.locator(".questions a").last.focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    choices = "board category variant pair weights listing add measure interval from to"
    expected = f"{choices} month csv png svg link copy".split()
    assert [name for name in reached if name.startswith("x-")] == [f"x-{name}" for name in expected]
    # a choice, a month and a further series without a pointer
    page.focus("#x-variant")
    before = turn(page)
    page.keyboard.press("ArrowUp")
    drawn(page, before)
    assert "raw votes" in page.locator("#x-title").inner_text()
    page.focus("#x-month")
    page.keyboard.press("ArrowLeft")
    read = page.get_attribute("#x-month", "aria-valuetext") or ""
    assert "the best US model led the best Chinese model by" in read
    shown = page.locator(".tip").inner_text()
    assert all(part in shown for part in ("September 2026", "mimo", "published"))
    page.keyboard.press("Escape")
    assert page.locator(".tip").is_hidden()
    page.focus("#x-add")
    before = turn(page)
    page.keyboard.press("Enter")
    drawn(page, before)
    assert page.locator("#x-series li").count() == 2
    assert page.evaluate("document.activeElement.id") == "x-board"


def test_a_tap_pins_the_month_and_its_facts_are_in_the_table(visit: Any) -> None:
    page = visit("s=arena_text.raw", has_touch=True, viewport={"width": 360, "height": 740}).page
    plot = page.locator(".plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    month, figure, us, cn, *_ = filter(None, page.locator(".tip").inner_text().splitlines())
    row = page.locator("#x-table tbody tr", has_text=month).inner_text()
    for part in [figure.split(" ")[0], *us.split(" ")[1:], *cn.split(" ")[1:]]:
        assert part in row
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.locator(".tip").is_hidden()


def test_the_chart_is_named_and_changes_are_announced(common: Visit) -> None:
    page = go(common.page, "s=arena_text")
    assert page.get_attribute(".plot", "role") == "img"
    first = page.get_attribute(".plot", "aria-label") or ""
    assert "arena points" in first
    assert page.get_attribute("#x-result", "role") == "status"
    choose(page, "measure", "expected")
    label = page.get_attribute(".plot", "aria-label") or ""
    assert label != first
    assert page.locator("#x-result").inner_text() in label
    assert page.get_attribute(".plot > :first-child", "aria-hidden") == "true"


def test_pictures_name_series_unit_and_source(common: Visit) -> None:
    page = go(common.page, "s=arena_text.raw&s=arena_vision")
    drawing = saved(page, "svg").decode()
    groups = {str(part.get("class")): part for part in ElementTree.fromstring(drawing).iter(f"{SVG}g")}
    rows = page.locator("#x-table tbody tr")
    for panel, name in enumerate(("Arena: text", "Arena: vision")):
        marks = next(part for words, part in groups.items() if f"points_of_{panel}_marks" in words)
        # a name of a layer that panels share would draw all rows in both
        assert len(marks.findall(f"{SVG}path")) == rows.filter(has_text=name).count() > 3
    for words in ("US lead over China", "Arena points", "Source: LMArena", RELEASE.name, "Arena: vision"):
        assert words in drawing.replace("</tspan><tspan", " ")
    assert saved(page, "png")[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wrong_at_any_size(visit: Any, width: int, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    seen = visit(
        "s=arena_text.raw&s=arena_text.raw.coding&s=self_bbh&s=eci",
        viewport={"width": width, "height": 800},
        color_scheme=theme,
    )
    page = seen.page
    page.locator("#x-choices").evaluate("element => { element.open = true; }")
    page.locator(".more details").last.evaluate("element => { element.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.asked == []
    assert seen.complaints == []
    found = axe.Axe().run(page)
    assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]] == []


def test_page_and_figures_are_small(site: writer.SiteFolder) -> None:
    files = [site.folder / PAGE, *(site.folder / "assets").glob("explore*")]
    assert 500_000 < sum(file.stat().st_size for file in files) < 3_000_000
    assert json.loads((site.folder / writer.MARK).read_text())["release"] == RELEASE.name
