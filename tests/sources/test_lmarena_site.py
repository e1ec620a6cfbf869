"""Today's arena page. The fixture is made after a description of the page, not captured: no capture was at hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import PurePath

import polars as pl
import pytest

from sources.contract.rows import OBSERVATION
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures import bodies

HEADER = ("Rank", "Rank Spread", "Model", "Score", "Votes", "Price $/M")


def model(name: str, maker: str = "Northwind · Proprietary", cut: int = 99) -> str:
    """A cell of the sample page: the whole name in a title, what fits in sight, maker and licence below."""
    seen = name if len(name) <= cut else name[:cut] + "…"
    return (
        f'<div><svg><path></path></svg><a href="/m"><span class="t" title="{name}">{seen}</span></a>'
        f"<span>{maker}</span></div>"
    )


def row(place: int, **cells: str) -> list[str]:
    usual = {
        "Rank": f"<span>{place + 1}</span>", "Rank Spread": "<span>1</span><span>–</span><span>3</span>",
        "Model": model(f"sample-{place:02}"), "Score": f"{1505 - place} ±8", "Votes": "17,570", "Price $/M": "$1 / $2",
    }  # fmt: skip
    return [{**usual, **cells}[name] for name in HEADER]


def page(
    rows: Sequence[Sequence[str]] | None = None,
    *,
    header: Sequence[str] = HEADER,
    updated: str = "Last updated: <b>Oct 2, 2026</b>",
    head: str = "",
    tables: str = "",
) -> str:
    """A sample page of the site."""
    rows = [row(place) for place in range(12)] if rows is None else rows
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for cells in rows)
    names = "".join(f"<th><button>{name}</button></th>" for name in header)
    return (
        f"<!DOCTYPE html><html><head><title>Leaderboard (sample)</title>{head}</head><body><nav>Menu</nav>"
        f"<div>{updated}</div>{tables}<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
        "<script>var updated = 'Last updated Jan 1, 2020';</script></body></html>"
    )


def parsed(body: str | bytes, request: str = "text") -> pl.DataFrame:
    return bodies.parsed("lmarena_site", body, request)


def first(**cells: str) -> dict[str, object]:
    return parsed(page([row(0, **cells), row(1)])).row(0, named=True)


def test_a_whole_row() -> None:
    """Would catch any cell read into another column."""
    frame = parsed(page())
    assert dict(frame.schema) == dict(OBSERVATION)
    assert frame.height == 12
    read = frame.row(0, named=True)
    assert (read["board"], read["variant"], read["category"]) == ("arena_text", "style_control", "overall")
    expected = ("sample-00", "Northwind", "Proprietary")
    assert (read["model_name"], read["organization_name"], read["license_name"]) == expected
    assert (read["rank"], read["score"], read["score_low"], read["score_high"]) == (1, 1505.0, 1497.0, 1513.0)
    assert (read["votes"], read["published_on"]) == (17570, date(2026, 10, 2))
    assert read["extra"] == '{"rank_spread":"1 – 3","preliminary":false}'


@pytest.mark.parametrize(
    ("cell", "score", "low", "high", "preliminary"),
    [
        ("1505 ±8", 1505, 1497, 1513, False),
        ("<span>1561</span><span>+14/-14</span>", 1561, 1547, 1575, False),
        ("<span>1,561</span> <span>+12/−9</span>", 1561, 1552, 1573, False),
        ("<div>1498</div><div>±9</div><div>Preliminary</div>", 1498, 1489, 1507, True),
        ("1498±9Preliminary", 1498, 1489, 1507, True),
        ("1505", 1505, None, None, False),
    ],
)
def test_scores_and_intervals(
    cell: str, score: float, low: float | None, high: float | None, preliminary: bool
) -> None:
    """Would catch an interval joined to the score ("15058"), or one of its sides lost."""
    read = first(Score=cell)
    assert (read["score"], read["score_low"], read["score_high"]) == (score, low, high)
    assert f'"preliminary":{str(preliminary).lower()}' in str(read["extra"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (model("sample-with-a-long-name", cut=9), ("sample-with-a-long-name", "Northwind", "Proprietary")),
        ('<a href="/m" title="sample-old">sample-old</a><span>Contoso · MIT</span>', ("sample-old", "Contoso", "MIT")),
        ('<span title="Contoso"></span>' + model("sample-logo", "Contoso · MIT"), ("sample-logo", "Contoso", "MIT")),
        ("<svg><title>Contoso</title></svg>" + model("sample-svg", "Contoso · MIT"), ("sample-svg", "Contoso", "MIT")),
        ('<span title="sample-apart">sample-apart</span><i>Contoso</i><i>·</i><i>Apache 2.0</i>',
         ("sample-apart", "Contoso", "Apache 2.0")),
        ('<img title="Contoso"><span title="sample-logo">sample-logo</span><i>Contoso</i><i>·</i><i>MIT</i>',
         ("sample-logo", "Contoso", "MIT")),
        ('<span title="sample-none">sample-none</span><span>· MIT</span>', ("sample-none", None, "MIT")),
        ('<span title="sample-bare">sample-bare</span>', ("sample-bare", None, None)),
        ("<b>sample-plain</b><span>Contoso · MIT</span>", ("sample-plain", "Contoso", "MIT")),
    ],
    ids=["cut", "older", "a logo title", "a drawing's title", "apart", "a logo apart", "no maker", "bare", "untitled"],
)  # fmt: skip
def test_names_makers_and_licences(cell: str, expected: tuple[str | None, ...]) -> None:
    """Would catch a cut name, a maker joined to it, or a logo's title taken for the model."""
    read = first(Model=cell)
    assert (read["model_name"], read["organization_name"], read["license_name"]) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Last updated: <b>Oct 2, 2026</b>", date(2026, 10, 2)),
        ("Last Updated September 30, 2026", date(2026, 9, 30)),
        ("last updated 2026-10-02", date(2026, 10, 2)),
        ("<div>Last updated</div><div>Oct 2, 2026</div>", date(2026, 10, 2)),
        ("<h1>Text</h1><p>As of Oct 2, 2026</p>", date(2026, 10, 2)),
        ("Last updated 2 days ago", None),
        ("", None),
        # As the page prints it now: the day alone, near the heading.
        ("<h1>Text</h1><span>May 18, 2026</span><span>5,123,456 votes</span>", date(2026, 5, 18)),
        ("<span>May 18, 2026</span><h1>Text</h1>", date(2026, 5, 18)),
        ("<h1>Text</h1><time>May <!-- -->18<!-- -->, 2026</time>", date(2026, 5, 18)),
        ("<h1>Text</h1><div><b>Updated</b> <i>May 18, 2026</i></div>", date(2026, 5, 18)),
        ("<h1>Text</h1><p>2026-05-18</p>", date(2026, 5, 18)),
        # What is near the table comes before what is above the heading.
        ("<p>May 2, 2026</p><h1>Text</h1><p>May 18, 2026</p>", date(2026, 5, 18)),
        ("<h1>Text</h1><p>May 18, 2026</p><p>May 18, 2026</p>", date(2026, 5, 18)),
        # Which of two it is, nobody can tell.
        ("<h1>Text</h1><p>May 18, 2026</p><p>May 2, 2026</p>", None),
        ("<h1>Text</h1><p>New models came on May 18, 2026</p>", None),
        ("<h1>Text</h1><p>Votes since <b>May 18, 2026</b> count twice.</p>", None),
        ("<h1>Text</h1><p>Season 2, 2026</p>", None),
        ("<h1>Text</h1><a href='/blog'>May 18, 2026</a><nav><i>May 1, 2026</i></nav>", None),
        ("<h1>Text</h1><table><tr><td>May 18, 2026</td></tr></table>", None),
        ("<h1>Text</h1><script>May 18, 2026</script><!--May 18, 2026-->", None),
    ],
)
def test_the_publish_date_is_the_pages_own(printed: str, expected: date | None) -> None:
    """Would catch a date made up where none is printed, or taken from a script, a sentence or another article."""
    assert parsed(page(updated=printed))["published_on"].unique().to_list() == [expected]


def test_a_date_that_is_none_is_refused() -> None:
    """Would catch a changed print of the date read as no date."""
    with pytest.raises(ParseError, match="Last updated Okt 2, 2026"):
        parsed(page(updated="Last updated Okt 2, 2026"))


@pytest.mark.parametrize(
    ("request_name", "board", "variant"),
    [
        ("text", "arena_text", "style_control"),
        ("vision", "arena_vision", "style_control"),
        ("webdev", "arena_webdev", "default"),
        ("search", "arena_search", "raw"),
        ("document", "arena_document", "raw"),
        ("text-to-image", "arena_text_to_image", "default"),
        ("image-edit", "arena_image_edit", "default"),
        ("text-to-video", "arena_text_to_video", "default"),
        ("image-to-video", "arena_image_to_video", "default"),
        ("video-edit", "arena_video_edit", "default"),
    ],
)
def test_each_address_is_its_board(request_name: str, board: str, variant: str) -> None:
    """Would catch raw scores and style control mixed, or one board filed under another."""
    frame = parsed(page(), request_name)
    assert frame.select("board", "variant").unique().rows() == [(board, variant)]
    address = get("lmarena_site").request(request_name).address
    path = "code/webdev" if request_name == "webdev" else request_name
    assert address == f"https://arena.ai/leaderboard/{path}"
    page_of_it = page(head=f'<link rel="canonical" href="https://arena.ai/leaderboard/{path}">')
    assert parsed(page_of_it, request_name).height == 12


def test_a_day_below_the_table_is_not_the_board_s() -> None:
    """Would catch the day of a news item below the table taken for the day of the figures."""
    news = page(updated="<h1>Text</h1>").replace("</table>", "</table><div>May 18, 2026</div>")
    assert parsed(news)["published_on"].unique().to_list() == [None]


def test_the_board_of_webdev_is_at_two_addresses() -> None:
    """Would catch today's page of webdev refused as a board called code, or a code page filed as text."""
    for path in ("code/webdev", "webdev", "code/webdev/overall"):
        head = f'<link rel="canonical" href="https://arena.ai/leaderboard/{path}">'
        assert parsed(page(head=head), "webdev").height == 12
        with pytest.raises(ParseError, match="says it is webdev"):
            parsed(page(head=head), "text")


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://arena.ai/leaderboard/vision">',
        '<link href="https://arena.ai/leaderboard/vision" rel="canonical">',
        '<meta property="og:url" content="https://arena.ai/leaderboard/vision/overall">',
    ],
)
def test_a_page_that_says_it_is_another_board_is_refused(head: str) -> None:
    """Would catch a redirect that fills the text board with models of pictures."""
    with pytest.raises(ParseError, match="says it is vision"):
        parsed(page(head=head))
    assert parsed(page(head=head), "vision").height == 12


def test_tables_are_known_by_their_headers() -> None:
    """Would catch a table of prices, or a sizing dummy, read as the leaderboard."""
    other = "<table><tr><th>Model</th><th>Price</th></tr><tr><td>sample</td><td>1</td></tr></table>"
    head = "".join(f"<th>{name}</th>" for name in HEADER)
    dummy = f"<table><tr>{head}</tr><tr>{'<td>99,999</td>' * len(HEADER)}</tr></table>"
    assert parsed(page(tables=other + dummy)).height == 12
    two = (
        "<table><tr><th>Rank</th><th>Model</th><th>Score</th></tr>"
        + "<tr><td>1</td><td>a</td><td>1</td></tr>" * 2
    )
    with pytest.raises(ParseError, match="2 tables of models"):
        parsed(page(tables=two + "</table>"))


def test_columns_may_move_or_be_missing() -> None:
    """Would catch votes read as scores after a column was added."""
    header = ("Votes", "Model", "Rank", "Score")
    cells = dict(zip(HEADER, row(0), strict=True))
    frame = parsed(
        page([[cells[name] for name in header], ["9", model("sample-b"), "2", "1400 ±5"]], header=header)
    )
    assert frame.select("model_name", "rank", "score", "votes").rows() == [
        ("sample-00", 1, 1505.0, 17570),
        ("sample-b", 2, 1400.0, 9),
    ]


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"", ParseError, "0 tables"),
        (b'{"error": "rate limited"}', ParseError, "0 tables"),
        (b"\xff\xfe<html>", ParseError, "not UTF-8"),
        ("<html><body><h1>Just a moment…</h1></body></html>", ParseError, "0 tables of models among 0"),
        (page([]), EmptyTable, "no rows"),
        (page(header=("Rank", "Spread", "Model", "Elo", "Votes", "Price")), ParseError, "with Rank, Model and Score"),
        (page([row(0, Score="about 1500"), row(1)]), ParseError, "score 'about 1500'"),
        (page([row(0, Votes="many"), row(1)]), ParseError, "votes 'many'"),
        (page([row(0, Rank="first"), row(1)]), ParseError, "rank 'first'"),
        (page([row(0, Model=""), row(1)]), ParseError, "model_name ''"),
        (page([row(0, Score=""), row(1, Score="-")]), EmptyTable, "no row has a score"),
    ],
    ids=["empty", "json", "not UTF-8", "challenge", "header only", "renamed", "score", "votes", "rank", "name",
         "no scores"],
)  # fmt: skip
def test_what_is_no_leaderboard_is_refused(body: str | bytes, error: type[Exception], says: str) -> None:
    """Would catch a challenge page, or a changed print, that empties or bends the board."""
    with pytest.raises(error, match=says) as caught:
        parsed(body)
    assert "\n" not in str(caught.value)


def test_a_table_too_large_is_refused() -> None:
    """Would catch spans that ask for millions of cells."""
    wide = "<table><tr>" + "<td colspan='1000'>1</td>" * 2000 + "</tr></table>"
    with pytest.raises(ParseError, match="cells"):
        parsed(page(tables=wide))


def test_byte_order_mark_and_a_score_no_float_can_hold() -> None:
    """Would catch a page refused for three bytes in front, or infinity on the board."""
    assert parsed(b"\xef\xbb\xbf" + page().encode()).height == 12
    with pytest.raises(ParseError, match="1e999"):
        first(Score="1e999")


def test_local_files_tell_board_and_day() -> None:
    """Would catch a saved page of one board archived as another, or dated when it was copied."""
    source = get("lmarena_site")
    assert source.request_of(PurePath("vision-2026-10-02.html")) == "vision"
    assert source.request_of(PurePath("lmarena_site/webdev/2026-10-02.html")) == "webdev"
    assert source.request_of(PurePath("code-webdev-2026-10-02.html")) == "webdev"
    assert source.request_of(PurePath("text-to-image-2026-10-02.html")) == "text-to-image"
    assert source.request_of(PurePath("text-2026-10-02.html")) == "text"
    assert source.request_of(PurePath("2026-10-02.html")) is None
    assert source.known_at_of(PurePath("text-2026-10-02.html"), b"") == datetime(2026, 10, 2, tzinfo=UTC)
    assert source.known_at_of(PurePath("text.html"), b"") is None
