"""The pages: every figure on them is the warehouse's, and no folder of others is touched.

Would catch a number typed in or rounded wrongly, a chart of other rows than its query's, a line drawn across a
missing month, a foreign folder overwritten.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import json
import math
import posixpath
import re
import tarfile
import zlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bs4 import BeautifulSoup, Tag

from sources.errors import AigapError, UsageError
from tests.fixtures import warehouses
from tests.fixtures.documents import publish_copy
from warehouse.builder import steps
from warehouse.db import read_only
from warehouse.site import picture, queries, sql_page, writer
from warehouse.site.addresses import Addresses
from warehouse.site.chart_metadata import metadata
from warehouse.site.charts import CHARTS
from warehouse.site.drawing import palette
from warehouse.site.drawing.kept import Kept
from warehouse.site.drawing.rendering import drawing, specification, svg
from warehouse.site.drawn_charts import drawn_charts
from warehouse.site.html_pages import render
from warehouse.site.page import ExtraPage, Page
from warehouse.site.pages import declared
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease, read
from warehouse.site.renewal import renew
from warehouse.tables import table
from warehouse.workspace import Workspace

RELEASE = ShownRelease("aigap-20261122T120000Z-0123456789ab", date(2026, 11, 22))
CHART_OF = {chart.id: chart for chart in CHARTS}


@pytest.fixture(scope="module")
def results(shipped: Path) -> Results:
    with read_only(shipped) as con:
        return {**queries.run_all(con), **queries.dictionary_pages(con)}


#: Of every subject that has hundreds of pages, besides a sample: the largest, a category, one without a gap.
READ = (
    "boards/arena_text.html",
    "boards/arena_text--chinese.html",
    "boards/aa_index.html",
    "boards/self_bbh.html",
)


def is_read(page: Page) -> bool:
    """Whether a page is read here: each that stands alone, and about one of 15 of boards, models, pairs and tables."""
    folder, _, _ = page.file.rpartition("/")
    return folder in ("", "stories") or page.file in READ or zlib.crc32(page.file.encode()) % 15 == 0


@pytest.fixture(scope="module")
def pages(results: Results) -> dict[str, BeautifulSoup]:
    rendered = render(results, RELEASE, drawn_charts(results, RELEASE), wanted=is_read)
    return {name: BeautifulSoup(html, "lxml") for name, html in rendered.items()}


def cited(pages: dict[str, BeautifulSoup]) -> list[Tag]:
    return [value for page in pages.values() for value in page.find_all("data")]


def as_read(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


# --- figures -------------------------------------------------------------------------------------------------


def test_every_cited_value_equals_the_warehouse(pages: dict[str, BeautifulSoup], shipped: Path) -> None:
    found = cited(pages)
    assert len(found) > 1000
    with read_only(shipped) as con:
        # the SQL as it stands in the file, run again: not what the pages were made from
        again = {query: queries.run(con, query) for query in {str(tag["data-query"]) for tag in found}}
    wrong = []
    for tag in found:
        value = again[str(tag["data-query"])].cell(int(str(tag["data-row"])), str(tag["data-column"]))
        exact = value.isoformat() if isinstance(value, date | datetime) else repr(value)
        if tag["value"] != exact:
            wrong.append((tag, exact))
    assert wrong == []


def test_every_shown_figure_is_its_value_rounded(pages: dict[str, BeautifulSoup]) -> None:
    wrong = []
    for tag in cited(pages):
        exact, text = str(tag["value"]), tag.get_text()
        if re.match(r"\d{4}-\d{2}-\d{2}", exact):
            day = datetime.fromisoformat(exact)
            good = text in (f"{day.day} {day:%B %Y}", f"{day:%B %Y}")
        else:
            decimals = len(text.partition(".")[2])
            # words beside it may carry the sign: "China leads by 4.2"
            off = abs(abs(as_read(text)) - abs(float(exact)))
            good = off <= 0.5 * 10**-decimals + 1e-9 and (as_read(text) >= 0 or float(exact) < 0)
        if not good:
            wrong.append(str(tag))
    assert wrong == []


def test_no_number_of_a_sentence_is_uncited(pages: dict[str, BeautifulSoup]) -> None:
    bare = []
    parts = ".lede, .answer, .strip dd, section.figure > h2, .card dd, .card .big, .stories li"
    for part in (part for page in pages.values() for part in page.select(parts)):
        for known in part.select("data, .name, .age"):
            known.extract()
        text = re.sub(r"95 %|FP16|of 100 points", "", part.get_text())
        if re.search(r"\d", text):
            bare.append(text)
    assert bare == []


def test_no_number_of_a_table_is_uncited(pages: dict[str, BeautifulSoup]) -> None:
    cells = [cell for page in pages.values() for cell in page.select("td.number")]
    assert len(cells) > 1000
    assert [cell for cell in cells if not cell.select("data, .none")] == []


def test_tables_hold_every_row_of_their_query(pages: dict[str, BeautifulSoup], results: Results) -> None:
    for chart in CHARTS:
        body = pages[chart.page].select_one(f"#{chart.id} .more details:first-of-type tbody")
        assert body is not None
        assert len(body.find_all("tr")) == len(results[chart.id]) > 0


def test_a_chart_is_its_query_and_its_declaration(results: Results) -> None:
    """Would catch a list of charts kept by hand: what stands around a chart follows from these two."""
    chart = replace(
        CHART_OF["notable"],
        id="new",
        title="A new chart",
        headline="{{ number(facts.us, 0) }} models in {{ results.new|length }} rows.",
        page="boards.html",
    )
    with_new = {**results, "new": replace(results["notable"], id="new", sql="FROM notable_models_by_year")}
    page = BeautifulSoup(
        render(with_new, RELEASE, drawn_charts(with_new, RELEASE, (chart,)), wanted=is_read)["boards.html"],
        "lxml",
    )
    section = page.select_one("#new")
    assert section is not None
    assert (
        section.h2.get_text()
        == f"{with_new['notable_facts'].cell(0, 'us'):.0f} models in {len(with_new['new'])} rows."
    )
    assert section.select_one(".subtitle").get_text().startswith("Models of Epoch AI’s list")
    assert len(section.select("details tbody tr")) == len(with_new["new"])
    assert section.select_one("#new-sql-new").get_text() == "FROM notable_models_by_year"
    expected = {"data/new.csv", "data/new.json", "charts/new.png", "charts/new.svg"}
    assert {link["href"] for link in section.select(".files a[download]")} == expected
    assert "Computed by aigap" in section.select_one(".source").get_text()


def test_every_chart_leads_to_the_dictionary(pages: dict[str, BeautifulSoup], results: Results) -> None:
    """Would catch a chart whose columns nobody can look up."""
    for chart in CHARTS:
        links = pages[chart.page].select(f"#{chart.id} .files a[href*=dictionary]")
        names = [link.get_text() for link in links]
        assert names == [name.removeprefix("main.") for name in results[chart.id].tables] != []


def test_every_chart_names_whose_figures_it_shows(results: Results) -> None:
    """Would catch a chart whose query has lost its sources."""
    for drawn in drawn_charts(results, RELEASE):
        line = drawn.citation.line
        assert re.match(r"Source: [A-Z].* \(.+\); figures to \d{4}-\d\d-\d\d\. Computed by", line)
        assert len(line) < 170, "the whole list of producers is in the text to cite"
        assert set(drawn.citation.producers) == {
            name for name in drawn.citation.producers if name in drawn.citation.text
        }
    newest = max(day for day in results["prices"].column("price_list_date") if day)
    [prices] = drawn_charts(results, RELEASE, (CHART_OF["prices"],))
    assert f"; figures to {newest}. " in prices.citation.line


def test_a_bound_of_the_lag_is_drawn_as_a_bound_and_in_no_line(shipped: Path, results: Results) -> None:
    """Would catch a day on which China had matched nothing drawn as a lag."""
    with read_only(shipped) as con:
        [bounds] = con.sql(
            "SELECT count(*) FROM monthly_lag WHERE is_censored AND category = 'overall' AND "
            "(board, variant, vintage) IN (SELECT (board, variant, max(vintage)) FROM monthly_lag "
            "WHERE board = 'eci' OR board = 'arena_text' AND variant = 'style_control' GROUP BY board, variant)"
        ).fetchall()
    rows = results["lag"].records()
    shown = [row for row in rows if row["at_least_months"] is not None]
    assert len(shown) == bounds[0] > 0
    assert all(row["lag_months"] is None and row["reading"] == "last_matched" for row in shown)
    for panel in CHART_OF["lag"].panels(results):
        assert '"name": "bounds"' in json.dumps(specification(panel))


def test_a_claim_of_several_readings_shows_their_range_and_one_of_a_stated_reading_that_value(
    results: Results,
) -> None:
    """Would catch the reading that fits worst shown as the one value that was measured."""
    shown = {row["claim_id"]: row for row in results["claims"].records()}
    mean = shown["epoch-lag-mean"]
    assert mean["measured_low"] < 7 < mean["measured_high"]
    stated = shown["caisi-deepseek-v4-pro"]
    assert (stated["measured_low"], stated["measured_high"]) == (stated["measured_value"], None)


def test_a_leader_that_was_not_public_has_the_gap_without_it_on_its_card(
    pages: dict[str, BeautifulSoup], results: Results, shipped: Path
) -> None:
    """Would catch a lead of a model nobody could use, without a word of it on the front page."""
    with read_only(shipped) as con:
        not_public = con.sql(
            "SELECT DISTINCT g.variant FROM monthly_gap AS g JOIN core.scores AS s USING (snapshot_id, category) "
            "WHERE g.board = 'arena_text' AND g.category = 'overall' AND g.gap_points IS NOT NULL "
            "AND s.model_name IN (g.us_model, g.cn_model) AND NOT s.is_public "
            "AND g.month = (SELECT max(month) FROM monthly_gap AS m WHERE m.board = g.board "
            "AND m.variant = g.variant AND m.category = g.category AND m.gap_points IS NOT NULL)"
        ).fetchall()
    cards = zip(results["now"].column("variant"), pages["index.html"].select(".card"), strict=True)
    shown = {(variant,) for variant, card in cards if "Public models only" in card.get_text()}
    assert shown == set(not_public)


def test_a_board_without_a_point_or_of_an_old_figure_is_counted_in_no_headline(results: Results) -> None:
    """Would catch "level" said of a board on which every model has nothing, or a lead of two years ago as today's."""
    rows = results["boards"].records()
    empty = {row["board"] for row in rows if row["is_without_points"]}
    newest = max(row["month"] for row in results["gap"].records() if row["gap_points"] is not None)
    since = date.fromisoformat(newest).replace(day=1)
    old = {row["board"] for row in rows if (since - date.fromisoformat(row["month"])).days > 70}
    assert "frontiermath_tier_4_public" in empty
    assert "aider_edit" in old == {row["board"] for row in rows if row["is_old"]}
    facts = results["boards_facts"].first
    assert facts is not None
    assert facts["boards"].value == len(rows) - len(empty | old)
    led = [row for row in results["boards_led"].records() if row["leads_now"]]
    assert facts["cn_leads"].value == len(led)
    assert not {row["board"] for row in led} & (empty | old)


def test_no_sentence_gives_a_cause(results: Results) -> None:
    text = " ".join(f"{drawn.headline} {drawn.note}" for drawn in drawn_charts(results, RELEASE))
    assert not re.search(r"\b(because|due to|caused|led to|thanks to|result of|despite|after the)\b", text)


# --- charts --------------------------------------------------------------------------------------------------


def test_a_chart_draws_the_rows_of_the_sql_beside_it(
    pages: dict[str, BeautifulSoup], results: Results
) -> None:
    stored = [script for page in pages.values() for script in page.select("section.figure > script")]
    assert len(stored) == len(CHARTS)
    for script in stored:
        datasets = json.loads(script.get_text())
        section = script.find_parent("section", class_="figure")
        assert isinstance(section, Tag)
        sql = {code["id"]: code.get_text() for code in section.select(".sql pre code")}
        assert datasets
        for name, stored_rows in datasets.items():
            rows = [dict(zip(stored_rows["names"], row, strict=True)) for row in stored_rows["rows"]]
            assert rows == results[name].records()
            assert sql[f"{section['id']}-sql-{name}"] == queries.text(name).rstrip()
        for panel in section.select(".panel script"):
            spec = json.loads(panel.get_text())
            # what Altair wrote out itself holds no measurement: a zero line, a row to hang a label on
            for written in spec.get("datasets", {}).values():
                assert written in ([{}], [{"level": 0}], [{"parity": 100}])
            assert spec["description"] == panel.find_previous_sibling(class_="live")["aria-label"]


@pytest.mark.parametrize("query", ["gap", "variants"])
def test_no_line_is_drawn_across_a_missing_month_or_another_zero(results: Results, query: str) -> None:
    by_run: dict[tuple[Any, int], list[dict[str, Any]]] = {}
    for row in results[query].records():
        if row["gap_points"] is not None:
            by_run.setdefault((row.get("variant"), row["run"]), []).append(row)
    assert len(by_run) > 1
    for rows in by_run.values():
        months = [12 * int(row["month"][:4]) + int(row["month"][5:7]) for row in rows]
        assert months == list(range(months[0], months[0] + len(months)))
        assert len({row["anchor_is_standard"] for row in rows}) == 1


@pytest.mark.parametrize("query", ["restated", "prices"])
def test_no_line_of_two_series_is_drawn_across_a_month_that_one_has_not(results: Results, query: str) -> None:
    """Would catch a line from April to June that says something of May."""
    chart = CHART_OF[query]
    whole = results[query]
    middle = whole.cell(len(whole) // 4, "month")
    holed = replace(whole, rows=tuple(row for row in whole.rows if row[whole.names.index("month")] != middle))

    def lines(of: Results) -> int:
        return svg(drawing(chart.panels(of)[:1], of)).count('class="mark-line')

    assert lines({**results, query: holed}) == lines(results) + 2


def test_a_price_is_drawn_in_the_month_of_its_list(results: Results) -> None:
    """Would catch a price shown for months of which no list is held."""
    listed = [row for row in results["prices"].records() if row["price_list_date"]]
    assert listed
    assert all(row["price_list_date"][:7] == row["month"][:7] for row in listed)
    facts = {row["level"]: row["month"] for row in results["prices_facts"].records()}
    for level in {row["level"] for row in listed}:
        us, cn = (
            {row["month"] for row in listed if (row["level"], row["country"]) == (level, country)}
            for country in ("US", "CN")
        )
        assert facts[level] == max(us & cn)


def test_a_model_named_like_a_colour_keeps_its_name() -> None:
    rows = {"gap": [{"us_model": "@cf/model"}, {"us_model": "@us"}]}
    painted = palette.paint({"datasets": rows, "mark": {"color": "@us"}}, palette.LIGHT)
    assert painted == {"datasets": rows, "mark": {"color": palette.LIGHT["us"]}}


def test_a_month_without_a_snapshot_is_a_hole_not_a_zero(results: Results) -> None:
    holes = [row for row in results["variants"].records() if row["status"] == "no_snapshot"]
    assert holes
    assert all(row["gap_points"] is None and row["us_model"] is None for row in holes)


def test_both_variants_are_drawn_apart(results: Results) -> None:
    panels = CHART_OF["variants"].panels(results)
    assert [panel.key for panel in panels] == ["raw", "style_control"]
    for panel in panels:
        text = json.dumps(specification(panel)["layer"])
        other = {"raw": "style_control", "style_control": "raw"}[panel.key]
        assert f"datum.variant == '{panel.key}'" in text
        assert f"datum.variant == '{other}'" not in text


def test_colours_are_names_until_a_theme_is_chosen(results: Results) -> None:
    for chart in CHARTS:
        for panel in chart.panels(results):
            spec = {**specification(panel), "datasets": {}}
            assert not re.search(r'"#[0-9a-fA-F]{3,8}"', json.dumps(spec))
            for theme in palette.PALETTES.values():
                assert '"@' not in json.dumps(palette.paint(spec, theme))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", palette.PALETTES)
@pytest.mark.parametrize("name", ["ink", "muted", "us", "cn", "link", "agrees", "differs"])
def test_text_and_marks_stand_out_from_the_paper(theme: str, name: str) -> None:
    colours = palette.PALETTES[theme]
    low, high = sorted((luminance(colours[name]), luminance(colours["paper"])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


# --- the folder ----------------------------------------------------------------------------------------------


@pytest.fixture
def one_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings are slow and alike: one chart stands for all where the folder is the subject."""
    one = (CHART_OF["restated"],)
    monkeypatch.setattr(writer, "drawn_charts", lambda *of: drawn_charts(*of, one))
    monkeypatch.setattr(writer, "render", functools.partial(render, wanted=is_read))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("one_drawing")
def test_same_release_same_bytes_and_the_folder_is_replaced_whole(shipped: Path, tmp_path: Path) -> None:
    def write(name: str) -> dict[str, bytes]:
        with read_only(shipped) as con:
            written = writer.write(queries.run_all(con), RELEASE, tmp_path / name)
        assert written.largest_page_size < 1_000_000
        return content(tmp_path / name)

    first = write("site")
    mark = tmp_path / "site" / writer.MARK
    listed = json.loads(mark.read_text(encoding="utf-8"))
    mark.write_text(json.dumps({**listed, "files": [*listed["files"], "left-behind.html"]}), encoding="utf-8")
    (tmp_path / "site" / "left-behind.html").write_text("from an older release")
    assert write("site") == first
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert {"index.html", "assets/vega.js", "charts/restated.png", "data/gap.csv", "sql/gap.sql"} <= set(
        first
    )


@pytest.mark.usefixtures("one_drawing")
def test_pages_that_are_there_already_stay_and_any_others_are_written(
    published: Path, tmp_path: Path
) -> None:
    """Would catch pages of another release, of other links or changed by hand that are taken for the right ones."""
    workspace, to = Workspace(published), tmp_path / "site"
    written = renew(workspace, to)
    pages, made = content(to), (to / "index.html").stat().st_ino
    assert renew(workspace, to) == dataclasses.replace(
        written, release=dataclasses.replace(written.release, changes="")
    )
    assert (to / "index.html").stat().st_ino == made
    (to / "index.html").write_text("by hand", encoding="utf-8")
    renew(workspace, to)
    assert content(to) == pages
    renew(workspace, to, addresses=Addresses("https://example.org/gap/"))
    assert b"https://example.org/gap/" in content(to)["index.html"]


@pytest.mark.usefixtures("one_drawing")
def test_kept_drawings_are_those_that_drawing_anew_gives(results: Results, tmp_path: Path) -> None:
    """Would catch the name of another release, or the figures of one, in a drawing, and one that is cut off."""
    kept, later = tmp_path / "kept", ShownRelease("aigap-20261123T130000Z-abcdef012345", date(2026, 11, 23))
    moved = {
        **results,
        "restated": dataclasses.replace(results["restated"], rows=results["restated"].rows[:-3]),
    }

    def written(results: Results, release: ShownRelease, folder: Path | None) -> dict[str, bytes]:
        writer.write(results, release, tmp_path / "site", kept=Kept(folder))
        return content(tmp_path / "site")

    def files() -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in kept.iterdir()}

    assert written(results, RELEASE, kept) == written(results, RELEASE, None)
    made = files()
    assert written(results, later, kept) == written(results, later, None)
    assert files() == made, "another name is no reason to draw again"
    assert written(moved, later, kept) == written(moved, later, None)
    assert len(made.items() & files().items()) == 1, (
        "the libraries alone; what is not drawn any more is removed"
    )
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:-10])
    assert written(moved, later, kept) == written(moved, later, None)


def test_every_drawing_is_of_the_schema_of_vega_lite(results: Results) -> None:
    """Altair checks it here; when the pages are written, it does not."""
    for chart in CHARTS:
        for panel in chart.panels(results):
            assert panel.layers.to_dict() == panel.spec


def test_the_metadata_of_a_chart_describes_every_column_of_its_csv(results: Results) -> None:
    """Would catch a column that nobody can tell the meaning of, or words and figures of another chart or release."""
    for drawn in drawn_charts(results, RELEASE):
        said = json.loads(json.dumps(metadata(drawn, results)))
        header, *_ = writer.csv(results[drawn.chart.id]).splitlines()
        assert [column["name"] for column in said["columns"]] == header.split(",")
        assert [column["name"] for column in said["columns"] if not column["meaning"]] == [], drawn.chart.id
        assert (said["title"], said["rows"]) == (drawn.headline.striptags(), len(results[drawn.chart.id]))
        assert all(said[key] for key in ("subtitle", "unit", "sources", "licences", "newest_figure"))
        assert (said["release"], said["published_on"]) == (RELEASE.name, "2026-11-22")
        assert said["cite"].startswith(
            f"aigap (2026). {said['title']} Release {RELEASE.name} of 22 November 2026."
        )
    gap = next(column for column in said_of(results, "gap")["columns"] if column["name"] == "gap_points")
    assert gap["meaning"] == next(
        c.comment for c in table("main.monthly_gap").columns if c.name == "gap_points"
    )


def said_of(results: Results, chart: str) -> dict[str, Any]:
    [drawn] = drawn_charts(results, RELEASE, (CHART_OF[chart],))
    return metadata(drawn, results)


def test_csv_gives_the_figures_in_full(results: Results, tmp_path: Path) -> None:
    (tmp_path / "gap.csv").write_text(writer.csv(results["gap"]), encoding="utf-8")
    rows = duckdb.sql(f"SELECT gap_points FROM read_csv('{tmp_path}/gap.csv')").fetchall()
    for (written,), kept in zip(rows, results["gap"].column("gap_points"), strict=True):
        assert (written is kept is None) or math.isclose(written, kept, rel_tol=1e-15)


def test_a_foreign_folder_is_refused_and_left_alone(results: Results, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("ten years of work")
    with pytest.raises(
        UsageError, match=r"contains other files .*; expected an empty folder or one that aigap"
    ):
        writer.write(results, RELEASE, theirs)
    assert content(theirs) == {"thesis.txt": b"ten years of work"}


@pytest.mark.usefixtures("one_drawing")
def test_a_file_that_a_person_put_among_the_pages_is_kept(results: Results, tmp_path: Path) -> None:
    """Also in a folder of an earlier version, whose mark lists no files."""
    to = tmp_path / "site"
    writer.write(results, RELEASE, to)
    for mark in (None, '{"written_by": "aigap site"}'):
        if mark:
            (to / writer.MARK).write_text(mark)
            # an earlier version had no pages in folders and no feed
            for newer in [*to.glob("*/**/*.html"), *to.glob("*.xml"), *to.glob("*.txt")]:
                newer.unlink()
        writer.check(to)
        (to / "CNAME").write_text("example.org")
        with pytest.raises(UsageError, match=r"contains CNAME, which no site wrote; .*move it away"):
            writer.write(results, RELEASE, to)
        assert (to / "CNAME").read_text() == "example.org"
        (to / "CNAME").unlink()


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name, words in (("file", "is no folder"), ("link", "is no folder"), ("no/where", "no folder")):
        with pytest.raises(UsageError, match=words):
            writer.check(tmp_path / name)
    (tmp_path / "empty").mkdir()
    writer.check(tmp_path / "empty")
    writer.check(tmp_path / "new")


@pytest.mark.usefixtures("one_drawing")
def test_a_broken_write_leaves_the_last_folder(results: Results, tmp_path: Path) -> None:
    writer.write(results, RELEASE, tmp_path / "site")
    before = content(tmp_path / "site")

    def breaks(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(AigapError, match=r"No space.*what was there before is untouched"):
        writer.write(
            results,
            RELEASE,
            tmp_path / "site",
            extra=ExtraPage(Page("sql.html", "SQL", "SQL.", "claims.html.j2"), breaks),
        )
    assert content(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_pages_load_nothing_from_elsewhere(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        loaded = [
            tag.get("src") or tag.get("href")
            for tag in page.select("script[src], link[href], img, iframe, object")
        ]
        root = "../" * name.count("/")
        own = re.compile(rf"{re.escape(root)}(assets/|charts/|feed)[\w.-]+$")
        assert all(own.match(str(address)) for address in loaded), name


def test_every_link_within_the_pages_leads_somewhere(
    pages: dict[str, BeautifulSoup], results: Results
) -> None:
    anchors = {name: {str(tag["id"]) for tag in page.find_all(id=True)} for name, page in pages.items()}
    known = {page.file for page in declared(results)}
    broken = []
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            address, _, anchor = str(link["href"]).partition("#")
            if address.startswith(("https://", "http://")):
                continue
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), address)) if address else name
            if file.startswith(("data/", "charts/", "sql/")) or file == "feed.xml":
                continue
            if file == "explore.html" and anchor.startswith("s="):
                anchor = "x-explorer"  # a state of the explorer
            if file not in known or (anchor and file in anchors and anchor not in anchors[file]):
                broken.append((name, link["href"]))
    assert broken == []


def test_pages_have_titles_of_their_own_and_one_heading(pages: dict[str, BeautifulSoup]) -> None:
    """Would catch a page that search results and a screen reader cannot tell from another."""
    titles = [page.title.get_text() for page in pages.values() if page.title]
    assert len(set(titles)) == len(pages)
    for name, page in pages.items():
        assert len(page.find_all("h1")) == 1, name
        assert page.select_one("meta[name=description][content]:not([content=''])"), name


def test_every_page_is_in_the_navigation_or_in_a_section_that_is(results: Results) -> None:
    """Would catch a page that nobody finds, and a chart for a page that is not there."""
    found = declared(results)
    files = [page.file for page in found]
    assert len(set(files)) == len(files)
    shown = {page.file for page in found if page.navigation}
    assert {page.section for page in found if not page.navigation} <= shown
    assert {chart.page for chart in CHARTS} <= set(files)


def test_a_release_of_another_pair_has_no_pages(shipped: Path, tmp_path: Path) -> None:
    """Would catch pages that call the gap of US and FR a gap to China."""
    workspace = Workspace(publish_copy(shipped, tmp_path / "data"))
    file = workspace.link.resolve()
    file.chmod(0o600)
    with duckdb.connect(str(file)) as con:
        con.execute("UPDATE meta.parameters SET value = 'FR' WHERE name = 'country_b'")
    with pytest.raises(UsageError, match="the release compares US and FR; expected US and CN"):
        read(workspace)


def test_picture_is_light_and_of_the_release(results: Results, tmp_path: Path) -> None:
    for name in ("gap.svg", "gap.png"):
        assert picture.write(results, RELEASE, tmp_path / name) < 300_000
    drawn = (tmp_path / "gap.svg").read_text(encoding="utf-8")
    assert RELEASE.name in drawn
    assert palette.LIGHT["paper"] in drawn
    with pytest.raises(UsageError, match="is no picture"):
        picture.write(results, RELEASE, tmp_path / "gap.jpg")


def test_pages_name_the_release_that_is_published(shipped: Path, tmp_path: Path) -> None:
    small = warehouses.warehouse(
        tmp_path, warehouses.printed("lmarena_hf", "2026-07-30", warehouses.field_of(us=1500, cn=1490))
    )
    workspace: Workspace = small.staged.workspace
    small.con.close()
    release = steps.publish(small.staged)
    _, shown = read(workspace)
    assert shown.name in str(release)
    with pytest.raises(UsageError, match="nothing is published"):
        read(Workspace(tmp_path / "elsewhere"))


def test_the_engine_of_the_sql_page_is_taken_by_its_sha256_only(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no duckdb-duckdb-wasm-.*npm pack @duckdb/duckdb-wasm@"):
        sql_page.read_engine(tmp_path)
    for package in sql_page.PACKAGES:
        with tarfile.open(tmp_path / package.tarball, "w:gz") as tar:
            for name in package.files:
                member = tarfile.TarInfo(f"package/{name}")
                member.size = 9
                tar.addfile(member, io.BytesIO(b"not these"))
    with pytest.raises(UsageError, match="another sha256"):
        sql_page.read_engine(tmp_path)
    (tmp_path / sql_page.PACKAGES[0].tarball).write_bytes(b"no tarball")
    with pytest.raises(UsageError, match="cannot be read"):
        sql_page.read_engine(tmp_path)
