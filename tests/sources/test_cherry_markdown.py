"""The Markdown mirror: seven headers, several values in one cell, logos in names, and two variants under one title."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.cherry_markdown import LICENCES, LOGOS, ORGANIZATIONS, plain, split_cell
from sources.contract.source import Precision
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import (
    CHERRY_GLUED,
    CHERRY_NEW,
    CHERRY_OLD,
    STAMP,
    cherry_glued,
    markdown,
    parsed,
    read_file,
)

SOURCE = get("cherry_markdown")
LINK = "[Sample-Pro (06/20)](https://example.org/a_(b)?c=d)"
OLD_ROW = [1, 2, LINK, 1478, "+6/-7", "7,343", "Google", "Proprietary", "nan"]
NEW_ROW = [1, "1◄─►4", "Anthropicsample-1", "1495Preliminary", "±9", "5,471", "Anthropic", "Proprietary"]
GLUED_ROW = [1, "13", "Metasample-2Meta · Llama 4 Community", "1498±9Preliminary", "1,234", "$5/$25", "1M"]


def one(header: tuple[str, ...], row: list[object]) -> dict[str, object]:
    return parsed("cherry_markdown", markdown(header, [row])).row(0, named=True)


def test_the_old_table_is_without_style_control() -> None:
    """Would catch raw scores of 2025 filed as style-controlled, 40 points apart."""
    row = one(CHERRY_OLD, OLD_ROW)
    assert (row["board"], row["variant"], row["category"]) == ("arena_text", "raw", "overall")
    expected = ("Sample-Pro (06/20)", "Google", "Proprietary")
    assert (row["model_name"], row["organization_name"], row["license_name"]) == expected
    assert (row["score"], row["score_low"], row["score_high"]) == (1478.0, 1471.0, 1484.0)
    assert (row["votes"], row["rank"], row["published_on"]) == (7343, 1, None)
    assert json.loads(str(row["extra"])) == {"rank_style_control": 2}


def test_the_new_table_is_with_style_control() -> None:
    """Would catch the switch of October 2025 missed, or a score and its note run together."""
    row = one(CHERRY_NEW, NEW_ROW)
    assert (row["variant"], row["model_name"]) == ("style_control", "sample-1")
    assert (row["score"], row["score_low"], row["score_high"]) == (1495.0, 1486.0, 1504.0)
    assert json.loads(str(row["extra"])) == {"preliminary": True, "rank_spread": "1◄─►4"}


def test_cells_with_several_values_are_split() -> None:
    """Would catch every model of 2026 named after logo, maker and licence at once; 13 is a spread, not a rank."""
    row = one(CHERRY_GLUED, GLUED_ROW)
    expected = ("sample-2", "Meta", "Llama 4 Community")
    assert (row["model_name"], row["organization_name"], row["license_name"]) == expected
    assert (row["score"], row["score_low"], row["score_high"], row["rank"]) == (1498.0, 1489.0, 1507.0, 1)
    assert json.loads(str(row["extra"])) == {"preliminary": True, "rank_spread": "13"}


HEADERS = [
    CHERRY_OLD,
    (*CHERRY_OLD[:4], "置信区间(95%)", *CHERRY_OLD[5:], "链接"),
    ("排名 (UB)", "模型", "分数", "95% 置信区间 (±)", "票数", "组织/公司", "许可证"),
    ("Rank", "Rank Spread(Upper-Lower)", *CHERRY_NEW[2:]),
    CHERRY_NEW,
    ("Rank", "Rank Spread", "模型", "分数", "票数"),
    CHERRY_GLUED,
    CHERRY_GLUED[::-1],
]


@pytest.mark.parametrize("header", HEADERS, ids=["|".join(header) for header in HEADERS])
def test_every_header_is_read_by_name(header: tuple[str, ...]) -> None:
    """Would catch a header variant whose months are lost."""
    split = "组织/公司" in header or "服务商" in header
    cells: dict[str, object] = {
        "分数": "1400" if split else "1400±3",
        "票数": "10",
        "模型": "sample",
        "模型名": "sample",
    }
    cells |= {"Rank": 1, "排名(UB)": 1, "排名 (UB)": 1, "排名(StyleCtrl)": 1, "Rank Spread": "12"}
    cells |= {"组织/公司": "Google", "服务商": "Google", "许可证": "MIT", "许可协议": "MIT"}
    cells |= {"95% 置信区间 (±)": "±3", "置信区间": "+3/-3", "置信区间(95%)": "+3/-3"}
    row = one(header, [cells.get(name, "") for name in header])
    assert (row["model_name"], row["score"], row["rank"], row["votes"]) == ("sample", 1400.0, 1, 10)
    assert (row["score_low"], row["score_high"]) == (1397.0, 1403.0)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("sample", "sample"),
        ("[sample (x)](https://example.org/a)", "sample (x)"),
        ("[FLUX [pro]](https://example.org/a)", "FLUX [pro]"),
        ("gemini-2.5-pro [<sup>1</sup>](https://example.org/new_chat?model=a)", "gemini-2.5-pro"),
        ("sample <b>bold</b>", "sample bold"),
        (r"sample\_1 &amp; \*2\*", "sample_1 & *2*"),
        ("sample <thinking 32k", "sample <thinking 32k"),
    ],
)
def test_cells_lose_links_marks_and_tags_only(cell: str, name: str) -> None:
    """Would catch a footnote in a name, and a name cut at a character that is part of it."""
    assert plain(cell) == name


@pytest.mark.parametrize(
    ("cell", "organization", "licence", "expected"),
    [
        # the maker after the name, with and without a logo before it
        (
            "Anthropicclaude-sample-6Anthropic · Proprietary",
            None,
            None,
            ("claude-sample-6", "Anthropic", "Proprietary"),
        ),
        ("glm-sampleZ.ai · MIT", None, None, ("glm-sample", "Z.ai", "MIT")),
        (
            "tulu-sampleAllenAI/UW · AI2 ImpACT Low-risk",
            None,
            None,
            ("tulu-sample", "AllenAI/UW", "AI2 ImpACT Low-risk"),
        ),
        ("mai-sampleMicrosoft AI · Proprietary", None, None, ("mai-sample", "Microsoft AI", "Proprietary")),
        ("Azurephi-sampleMicrosoft · MIT", None, None, ("phi-sample", "Microsoft", "MIT")),
        ("01.AIyi-sample01 AI · Yi License", None, None, ("yi-sample", "01 AI", "Yi License")),
        ("RWKVRWKV-4-SampleRWKV · Apache 2.0", None, None, ("RWKV-4-Sample", "RWKV", "Apache 2.0")),
        ("grok-sampleSpaceXAI · Proprietary", None, None, ("grok-sample", "SpaceXAI", "Proprietary")),
        (
            "Thinking MachinessampleThinky · Apache 2.0",
            None,
            None,
            ("sample", "Thinky", "Apache 2.0"),
        ),
        # names that begin with their maker
        ("RWKV-4-SampleRWKV · Apache 2.0", None, None, ("RWKV-4-Sample", "RWKV", "Apache 2.0")),
        ("Meta-Llama-Sample", "Meta", "Llama", ("Meta-Llama-Sample", "Meta", "Llama")),
        ("MetaMeta-Llama-Sample", "Meta", "Llama", ("Meta-Llama-Sample", "Meta", "Llama")),
        ("nvidia-sampleNvidia · Nvidia Open", None, None, ("nvidia-sample", "Nvidia", "Nvidia Open")),
        # a logo of somebody else is part of the name
        ("Metasample", "Northwind", "MIT", ("Metasample", "Northwind", "MIT")),
        # an unknown maker: the whole print stays, for somebody to see
        ("sample-1Northwind Labs · MIT", None, None, ("sample-1Northwind Labs · MIT", None, None)),
        ("Google · Proprietary", None, None, ("Google · Proprietary", None, None)),
        ("sample-1", None, None, ("sample-1", None, None)),
        # the maker is lost, the licence stays
        ("alpaca-sampleNon-commercial", None, None, ("alpaca-sample", None, "Non-commercial")),
        ("smollm-sampleApache 2.0", None, None, ("smollm-sample", None, "Apache 2.0")),
        ("code-Llama", None, None, ("code-Llama", None, None)),
        ("MIT", None, None, ("MIT", None, None)),
    ],
)
def test_cells_with_a_name_and_its_maker(
    cell: str, organization: str | None, licence: str | None, expected: tuple[str, str | None, str | None]
) -> None:
    """Would catch a model guessed apart at the wrong letter; what is not known must stay visible."""
    assert split_cell(cell, organization, licence, logos=True) == expected


def test_tables_without_logos_keep_names_that_look_like_them() -> None:
    """Would catch `InternLM2.5` of the old table losing its first half."""
    assert split_cell("InternLM2.5-Sample", "InternLM", "Other", logos=False)[0] == "InternLM2.5-Sample"
    assert one(CHERRY_OLD, [1, 1, "InternLM2.5-Sample", 1400, "+1/-1", 5, "InternLM", "Other", ""])[
        "model_name"
    ] == ("InternLM2.5-Sample")


def test_the_vocabulary_is_consistent() -> None:
    """Would catch a logo whose maker no name could ever end with, and a maker listed twice."""
    assert set(LOGOS.values()) <= set(ORGANIZATIONS)
    assert len(set(ORGANIZATIONS)) == len(ORGANIZATIONS)


def test_the_stamp_is_when_it_was_known() -> None:
    """Would catch the Beijing time read as UTC, eight hours into the next day."""
    name = PurePath("2025-11-17_lmarena.md")
    assert SOURCE.known_at_of(name, STAMP.encode()) == datetime(2025, 11, 16, 8, 8, 57, tzinfo=UTC)
    plain_stamp = "> 数据更新时间: 2025-06-05 12:19:25 UTC".encode()
    assert SOURCE.known_at_of(name, plain_stamp) == datetime(2025, 6, 5, 12, 19, 25, tzinfo=UTC)
    assert SOURCE.known_at_of(name, b"no stamp") == datetime(2025, 11, 17, tzinfo=UTC)
    assert SOURCE.known_at_of(PurePath("lmarena.md"), b"no stamp") is None


TWO_TABLES = markdown(CHERRY_NEW, [NEW_ROW]) + markdown(CHERRY_NEW, [NEW_ROW])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# 排行榜\n\nno table\n", "0 blocks of lines"),
        (TWO_TABLES, "2 blocks of lines"),
        (markdown(("Rank", "模型", "票数"), [[1, "a", 2]]), r"columns Rank, 模型, 票数; expected also 分数"),
        (markdown(("Rank", "模型", "分数", "分数"), [[1, "a", 2, 3]]), "expected each once"),
        (markdown(CHERRY_NEW, [NEW_ROW[:-1]]), "7 cells in the last row; expected 8"),
        (markdown(CHERRY_NEW, [[*NEW_ROW[:3], "about 1495", *NEW_ROW[4:]]]), "score 'about 1495'"),
        (markdown(CHERRY_NEW, [[*NEW_ROW[:2], "", *NEW_ROW[3:]]]), "model_name ''"),
    ],
    ids=["none", "two", "no score", "twice", "short row", "score", "no name"],
)
def test_another_shape_is_named(text: str, says: str) -> None:
    """Would catch a page cut in the middle or rearranged, read as a shorter board."""
    with pytest.raises(ParseError, match=says):
        parsed("cherry_markdown", text)
    with pytest.raises(EmptyTable):
        parsed("cherry_markdown", markdown(CHERRY_NEW, []))


def test_a_pipe_in_a_cell_does_not_split_it() -> None:
    """Would catch columns shifted by an escaped pipe in a name."""
    assert one(CHERRY_NEW, [1, "12", r"sample \| one", *NEW_ROW[3:]])["model_name"] == "sample | one"


def test_a_whole_made_page() -> None:
    """Would catch rows lost between header and end of the table."""
    assert parsed("cherry_markdown", cherry_glued(61)).height == 61
    assert SOURCE.precision is Precision.ROUNDED


def test_every_real_file(upstream: Path) -> None:
    """Would catch a name joined to its maker on any day, and a day filed under the wrong variant."""
    paths = sorted((upstream / "cherry_markdown").glob("*.md"))
    assert paths
    names: set[str] = set()
    late = 0
    for path in paths:
        body = path.read_bytes()
        frame = read_file(SOURCE, path)
        lines = re.findall(r"^\|\s*\d+\s*\|.*$", body.decode(), re.M)
        assert frame.height == len(lines) >= 150, path
        day = re.findall(r"\d{4}-\d\d-\d\d", path.name)[0]
        assert set(frame["variant"]) == {"raw" if day < "2025-10-15" else "style_control"}
        # From 2026-07-09 some fifty rows have lost the maker.
        bare = sum(" · " not in line for line in lines) if " · " in body.decode() else 0
        assert frame["organization_name"].null_count() == bare
        assert frame["score"].is_between(700, 1700).all()
        assert frame.filter(pl.col("score_low") > pl.col("score_high")).is_empty()
        known = SOURCE.known_at_of(path, body)
        assert known is not None
        # Two tables were committed up to two days after their stamp.
        assert timedelta(0) <= date.fromisoformat(day) - known.date() <= timedelta(days=2)
        late += known.date() != date.fromisoformat(day)
        names |= set(frame["model_name"])
    assert late == 2
    assert [name for name in names if "·" in name or "<" in name or "](" in name] == []
    # after the logos came, no name may begin with a maker's and go on in lower case
    begun = re.compile("|".join(re.escape(logo) + "(?=[a-z])" for logo in LOGOS))
    assert [name for name in names if begun.match(name)] == []
    assert [name for name in names if name.endswith((*ORGANIZATIONS, *LICENCES))] == []


@pytest.mark.parametrize(
    ("between", "says"),
    [
        ("\n", "2 blocks of lines"),
        ("\n| a | b |\n|---|---|\n", "2 blocks of lines"),
        ("\ntext\n\n", "2 blocks of lines"),
    ],
    ids=["a blank line", "another table", "text"],
)
def test_a_table_in_two_pieces_is_refused(between: str, says: str) -> None:
    """Would catch 98 of 258 models lost behind a blank line."""
    lines = cherry_glued().splitlines(keepends=True)
    middle = len(lines) // 2
    with pytest.raises(ParseError, match=says):
        parsed("cherry_markdown", "".join([*lines[:middle], between, *lines[middle:]]))


def test_a_page_that_ends_with_a_row_is_cut() -> None:
    """Would catch a page cut at the end of a line, read as a shorter board."""
    page = cherry_glued()
    with pytest.raises(ParseError, match="ends inside its table"):
        parsed("cherry_markdown", page[: page.rindex("|") + 1])


def test_a_row_of_another_width_costs_itself() -> None:
    """Would catch a page refused for one pipe too many far down, or its row read with shifted cells."""
    page = cherry_glued()
    assert parsed("cherry_markdown", page.replace("| 1442±8 |", "| 1442±8 | x |")).height == 59
