"""The pages in a real browser, from the disk, with the network off.

Would catch a script or font asked for elsewhere, a chart that does not draw or draws too little, a theme that is
forgotten, text too pale to read, a page wider than a phone, a chart cut off on paper.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fixtures import warehouses
from warehouse.builder import steps
from warehouse.db import read_only
from warehouse.site import queries, sql_page, words, writer
from warehouse.site.charts import CHARTS
from warehouse.site.pages import declared
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.system

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
RELEASE = ShownRelease("aigap-20261122T120000Z-0123456789ab", date(2026, 11, 22))
FRONT = [chart for chart in CHARTS if chart.page == "index.html"]


@pytest.fixture(scope="module")
def results(shipped: Path) -> Results:
    with read_only(shipped) as con:
        return {**queries.run_all(con), **queries.dictionary_pages(con)}


@pytest.fixture(scope="module")
def site(results: Results, tmp_path_factory: pytest.TempPathFactory) -> writer.SiteFolder:
    return writer.write(results, RELEASE, tmp_path_factory.mktemp("site") / "pages")


@pytest.fixture(scope="module")
def files(results: Results) -> list[str]:
    """One page of each template: the others are alike. Of boards also a category, one side only and nothing held."""
    of_boards = ["arena_text", "arena_text--chinese", "self_bbh", "aa_index"]
    one_each = {page.template: page.file for page in reversed(declared(results))}
    return [
        *one_each.values(),
        *(f"boards/{name}.html" for name in of_boards),
        "dictionary/main.monthly_gap.html",
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


class Visit:
    """A page opened from the disk, offline; what it asked for elsewhere and complained about is kept."""

    def __init__(self, browser: Browser, site: writer.SiteFolder, file: str, **context: Any) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.site = site
        self.context = browser.new_context(
            offline=True, **{"viewport": {"width": 1280, "height": 900}} | context
        )
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("console", lambda message: self._complain(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.open(file)

    def open(self, file: str) -> None:
        self.page.goto((self.site.folder / file).as_uri())
        self.page.wait_for_selector("html[data-ready]", timeout=60_000)

    def _ask(self, url: str) -> None:
        if not url.startswith(("file://", "data:")):
            self.asked.append(url)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@pytest.fixture
def visit(browser: Browser, site: writer.SiteFolder) -> Iterator[Any]:
    opened: list[Visit] = []

    def enter(file: str = "index.html", **context: Any) -> Visit:
        opened.append(Visit(browser, site, file, **context))
        return opened[-1]

    yield enter
    for each in opened:
        each.context.close()


def test_a_page_asks_for_nothing_elsewhere_and_has_no_complaint(visit: Any, files: list[str]) -> None:
    seen = visit(files[0])
    for file in files[1:]:
        seen.open(file)
    assert seen.asked == []
    assert seen.complaints == []


def test_every_chart_has_as_many_marks_as_rows(visit: Any, results: Results) -> None:
    seen = visit()
    page = seen.page
    page_of = {chart.id: chart.page for chart in CHARTS}
    drawn = 0

    def marks(figure: str, panel: int, name: str) -> int:
        if not page.url.endswith(f"/{page_of[figure]}"):
            seen.open(page_of[figure])
        place = page.locator(f"#{figure} .live").nth(panel)
        return place.locator(f".{name}_marks > path, .{name}_marks > g > path").count()

    gaps = results["gap"].records()
    for panel, variant in enumerate(("style_control", "raw")):
        rows = [row for row in gaps if row["variant"] == variant]
        assert marks("gap", panel, "points") == sum(row["gap_points"] is not None for row in rows)
    lines = page.locator("#gap .intervals_marks line").count()
    assert lines == sum(row["gap_low"] is not None for row in gaps)
    seen.open("stories/export-controls.html")
    for side in ("US", "CN"):
        ticks = page.locator(f"#policy .events_{side.lower()}_marks > path").count()
        assert ticks == results["events"].column("side").count(side)
    for panel, variant in enumerate(("raw", "style_control")):
        rows = [row for row in results["variants"].records() if row["variant"] == variant]
        assert marks("variants", panel, "points") == sum(row["gap_points"] is not None for row in rows)
    assert marks("restated", 0, "points") == 2 * len(results["restated"])
    for panel, unit in enumerate(dict.fromkeys(results["boards"].column("unit"))):
        assert marks("boards", panel, "points") == results["boards"].column("unit").count(unit)
    assert marks("notable", 0, "bars") == len(results["notable"])
    prices = results["prices"].records()
    for panel, level in enumerate(dict.fromkeys(results["prices"].column("level"))):
        priced = [row for row in prices if row["level"] == level and row["blended_usd_per_mtok"] is not None]
        assert marks("prices", panel, "points") == len(priced)
    chips = [row for row in results["chips"].records() if row["share_pct"] is not None]
    assert marks("chips", 0, "points") == sum(row["pair"] == "best_shipped" for row in chips)
    assert marks("chips", 1, "points") == sum(row["pair"] != "best_shipped" for row in chips)
    for file in dict.fromkeys(page_of.values()):
        seen.open(file)
        drawn += page.locator(".live[data-drawn] svg").count()
    assert drawn == sum(len(chart.panels(results)) for chart in CHARTS)


def test_pointing_at_a_month_names_both_leaders(visit: Any, results: Results) -> None:
    page = visit().page
    rows = results["gap"].records()
    months = page.locator("#gap .month_months_marks path")  # of both panels, in the order of the rows
    measured = [place for place, row in enumerate(rows) if row["gap_points"] is not None]
    for row in (measured[0], measured[len(measured) // 2], measured[-1]):
        months.nth(row).hover()
        page.wait_for_selector("#tip:visible")
        shown = page.locator("#tip").inner_text()
        assert rows[row]["us_model"] in shown
        assert rows[row]["cn_model"] in shown
        assert f"{rows[row]['gap_points']:,.1f}".replace("-", "−") in shown


def test_a_screen_reader_hears_each_chart_and_every_fact_of_its_tooltips_in_words(visit: Any) -> None:
    """Would catch "Vega visualization" in place of a name: Vega writes roles and labels of its own when it draws.

    And a point that only a pointer reaches, and a code or an empty value shown as a fact.
    """
    seen = visit()
    tree = seen.context.new_cdp_session(seen.page)
    odd = {*words.CODES, "null", "NaN", "undefined", ""}
    for file in dict.fromkeys(chart.page for chart in CHARTS):
        seen.open(file)
        heard: dict[str, list[str]] = {"image": [], "slider": []}
        for node in tree.send("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            heard.setdefault(role, []).append(node.get("name", {}).get("value", ""))
        headings = [heading.inner_text() for heading in seen.page.locator(".figure:has(.live) > h2").all()]
        assert len(heard["image"]) == seen.page.locator(".live").count() > 0
        assert "graphics-document" not in heard
        assert all(any(heading in name for name in heard["image"]) for heading in headings)
        assert {f"Points of: {name}" for name in heard["image"]} == set(heard["slider"])
        said = seen.page.evaluate("""() => [...document.querySelectorAll(".points")].flatMap((slider) =>
            Array.from({ length: Number(slider.max) + 1 }, (_, place) => {
                slider.value = place;
                slider.dispatchEvent(new Event("input"));
                return slider.getAttribute("aria-valuetext");
            }))""")
        assert len(said) > 5, file
        facts = [fact.partition(": ") for text in said for fact in text.split("; ")]
        assert [fact for fact in facts if fact[1] and fact[2] in odd] == [], file


def test_arrow_keys_go_over_the_points_of_a_chart(visit: Any, results: Results) -> None:
    page = visit().page
    first = next(row for row in results["gap"].records() if row["gap_points"] is not None)
    slider = page.locator("#gap .points").first
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert first["us_model"] in page.locator("#tip").inner_text()
    assert first["us_model"] in (slider.get_attribute("aria-valuetext") or "")
    assert page.locator("#gap .ring").first.is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()


def test_a_tap_pins_the_tooltip_until_another_place_is_tapped(visit: Any) -> None:
    page = visit("boards.html", viewport={"width": 390, "height": 800}, has_touch=True).page
    point = page.locator("#boards .points_marks path").first
    point.tap()
    pinned = page.locator("#tip.pinned").inner_text()
    assert "Best US model" in pinned
    page.mouse.move(5, 5)
    assert page.locator("#tip.pinned").inner_text() == pinned
    page.locator("#boards h2").tap()
    assert page.locator("#tip").is_hidden()


def test_one_chart_stands_alone_in_a_frame_of_another_page(
    browser: Browser, site: writer.SiteFolder, tmp_path: Path
) -> None:
    """Would catch a frame without its rows, its script or the way back to the notes."""
    source = (site.folder / "charts" / "boards.html").as_uri()
    (tmp_path / "theirs.html").write_text(
        f'<iframe src="{source}" title="x" width="700" height="900"></iframe>'
    )
    context = browser.new_context(offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "theirs.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(timeout=60_000)
    assert frame.locator(".live[data-drawn] svg").count() == 3
    assert frame.locator("nav").count() == 0
    assert frame.locator(".source a").get_attribute("href") == "../boards.html#boards"
    assert complaints == []
    context.close()


def test_a_chart_fills_the_screen_and_says_how_to_cite_it(visit: Any) -> None:
    page = visit("boards.html").page
    page.click("#boards .full")
    page.wait_for_function("document.fullscreenElement?.id === 'boards'")
    page.evaluate("document.exitFullscreen()")
    page.locator("#boards .share summary").click()
    cited = page.inner_text("#boards-text")
    assert RELEASE.name in cited
    assert page.inner_text("#boards h2") in cited
    assert cited.endswith(" boards.html#boards")
    assert page.inner_text("#boards-bibtex").startswith("@misc{aigap-boards,")
    assert '<iframe src="charts/boards.html" ' in page.inner_text("#boards-iframe")


def test_the_theme_switch_works_and_is_remembered(visit: Any) -> None:
    seen = visit(color_scheme="light")
    page = seen.page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    light = page.locator("#gap .live svg").first.inner_html()
    page.click("#theme")
    page.wait_for_selector("html[data-ready=dark]")
    assert page.inner_text("#theme") == "Light theme", "it says what it does"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 27)"
    assert page.locator("#gap .live svg").first.inner_html() != light
    for file in ("index.html", "stories/lag.html"):
        seen.open(file)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 27)"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_of(visit: Any, files: list[str], theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    seen = visit(color_scheme=theme)
    wrong = []
    for file in files:
        seen.open(file)
        for details in seen.page.locator("details").all()[:6]:
            details.evaluate("element => element.open = true")
        found = axe.Axe().run(seen.page).response["violations"]
        wrong += [f"{file} {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]
    assert wrong == []


@pytest.mark.parametrize("width", [360, 768, 1440, 1600])
def test_no_page_is_wider_than_the_screen(visit: Any, files: list[str], width: int) -> None:
    seen = visit(viewport={"width": width, "height": 800})
    wide = []
    for file in files:
        seen.open(file)
        if (found := seen.page.evaluate("document.documentElement.scrollWidth")) > width:
            wide.append((file, found))
    assert wide == []


def test_the_keyboard_reaches_what_the_pointer_does(visit: Any) -> None:
    page = visit().page
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # the end of the page
        reached.append(
            page.evaluate("""() => {
                const at = document.activeElement;
                const ring = getComputedStyle(at).outlineStyle !== 'none';
                return [at.className || at.id || at.tagName, at.tagName, at.closest('nav')?.ariaLabel || '', ring];
            }""")
        )
    assert reached[0][0] == "skip"
    names = [entry[0] for entry in reached]
    tags = [entry[1] for entry in reached]
    assert "theme" in names
    assert "Pages" in [entry[2] for entry in reached]
    assert "SUMMARY" in tags
    assert all(ring for *_, ring in reached), "focus must be seen"
    page.keyboard.press("Shift+Tab")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.evaluate("element => element.open")


def test_print_shows_whole_drawings_on_white(visit: Any) -> None:
    page = visit(color_scheme="dark", viewport={"width": 700, "height": 1000}).page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 27, 27)"
    assert page.locator(".live:visible").count() == 0
    drawings = page.locator("img.static")
    assert drawings.count() == len(FRONT)
    for drawing in drawings.all():
        box = drawing.bounding_box()
        assert box is not None
        assert drawing.evaluate("element => element.complete && element.naturalWidth > 0")
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 700
        assert box["height"] > 100


def test_without_scripts_the_drawings_stand_in(browser: Browser, site: writer.SiteFolder) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((site.folder / "index.html").as_uri())
    assert page.locator("img.static:visible").count() == len(FRONT)
    assert page.locator(".live:visible").count() == 0
    assert page.locator("#theme:visible").count() == 0
    context.close()


def test_a_chart_is_drawn_anew_for_a_phone_turned_round(visit: Any) -> None:
    page = visit("boards.html", viewport={"width": 360, "height": 740}).page
    narrow = page.locator("#boards .live svg").last.bounding_box()
    page.set_viewport_size({"width": 900, "height": 360})
    page.wait_for_function("document.querySelector('#boards .live svg').getBoundingClientRect().width > 300")
    assert narrow is not None
    assert narrow["width"] <= 360


@pytest.fixture
def served(site: writer.SiteFolder) -> Iterator[tuple[str, Path]]:
    """The pages over HTTP on this machine, with the engine of $AIGAP_DUCKDB_WASM, a folder of two npm tarballs."""
    tarballs = os.environ.get("AIGAP_DUCKDB_WASM")
    if not tarballs:
        pytest.skip(f"AIGAP_DUCKDB_WASM names no folder; to fill one: {sql_page.how_to_get()}")
    assert sql_page.read_engine(Path(tarballs))
    handler = functools.partial(QuietHandler, directory=str(site.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", Path(tarballs)
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None: ...


def test_sql_runs_in_the_browser_on_the_release(
    browser: Browser,
    served: tuple[str, Path],
    site: writer.SiteFolder,
    results: Results,
    shipped: Path,
    tmp_path: Path,
) -> None:
    address, tarballs = served
    published = tmp_path / "data" / "aigap.duckdb"
    published.parent.mkdir()
    shutil.copyfile(shipped, published)
    extra = sql_page.sql_page(Workspace(published.parent), tarballs)
    writer.write(results, RELEASE, site.folder, extra=extra)
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/sql.html")
    page.wait_for_selector("html[data-sql=ready]", timeout=120_000)
    page.click("#run")
    page.wait_for_selector("#answer tbody tr")
    assert page.locator("#answer tbody tr").count() == len(results["variants"])
    page.fill("#query", "SELECT count(*) FROM gap_as_of(DATE '2025-02-20') -- a macro")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("document.querySelectorAll('#answer tbody tr').length === 1")
    page.fill("#query", "SELECT nothing FROM nowhere")
    page.click("#run")
    page.wait_for_selector("#state.wrong")
    assert "nowhere" in page.locator("#state").inner_text()
    assert complaints == []
    assert [url for url in asked if not url.startswith(address)] == []
    page.goto((site.folder / "sql.html").as_uri())
    assert "may not start the database" in page.locator("#state").inner_text()
    context.close()


def test_no_page_is_heavy(site: writer.SiteFolder) -> None:
    assert site.largest_page_size < 1_000_000
    assert site.script_size < 1_500_000


def test_two_runs_of_the_command_give_the_same_bytes(tmp_path: Path) -> None:
    small = warehouses.warehouse(
        tmp_path, warehouses.printed("lmarena_hf", "2026-07-30", warehouses.field_of(us=1500, cn=1490))
    )
    data = small.staged.workspace.data
    small.con.close()
    steps.publish(small.staged)

    def run(name: str, **environment: str) -> dict[str, bytes]:
        subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "site", "--to", str(tmp_path / name)],
            check=True,
            env=os.environ | {"AIGAP_DATA_DIR": str(data)} | environment,
            capture_output=True,
        )
        folder = tmp_path / name
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert run("a", PYTHONHASHSEED="1", TZ="Asia/Shanghai") == run(
        "b", PYTHONHASHSEED="2", TZ="America/New_York"
    )
