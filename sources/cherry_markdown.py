"""github.com/CherryHQ/cherry-studio-docs: the arena's text table as Markdown, with HTML in its cells and Chinese
headers, from 2025-06, in whole points.

Without style control up to the table of 2025-08-06, which is repeated under new stamps until 2025-10-01; with
style control from 2025-10-15. From 2025-11-16 the alternative text of the maker's logo precedes the name without a
blank; from 2026-02-10 organization and licence follow the name in the same way, and the interval the score. Lists of
thirty have replaced the page, so there is nothing live: its files are ingested, or fetched at a commit.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from pathlib import PurePath

import polars as pl

from sources.contract import Precision, Request, Snapshot, Source
from sources.errors import ParseError, excerpt
from sources.parsing.arena import origin, split_intervals
from sources.parsing.bodies import check_limit, read_text
from sources.parsing.columns import Rows, rows_of
from sources.parsing.dates import known_at_in_name
from sources.parsing.github import Repository
from sources.parsing.values import dump_extra

REPOSITORY = Repository("CherryHQ/cherry-studio-docs")
COLUMNS = {
    "rank": ("排名(UB)", "Rank"),
    "rank_style_control": ("排名(StyleCtrl)",),
    "rank_spread": ("Rank Spread", "Rank Spread(Upper-Lower)"),
    "cell": ("模型名", "模型"),
    "score": ("分数",),
    "interval": ("置信区间", "置信区间(95%)", "95% 置信区间 (±)"),
    "votes": ("票数",),
    "organization_name": ("服务商", "组织/公司"),
    "license_name": ("许可协议", "许可证"),
}
#: What goes to ``extra``.
EXTRA = ("rank_style_control", "rank_spread", "preliminary")
OPTIONAL = ("rank_style_control", "rank_spread", "interval", "organization_name", "license_name")
#: The organizations that the table named while it had a column for them: they are recognized behind a name.
ORGANIZATIONS = (
    "01 AI", "AI21 Labs", "Ai2", "Alibaba", "Allen AI", "AllenAI/UW", "Amazon", "Ant Group", "Anthropic",
    "Baidu", "Cognitive Computations", "Cohere", "Databricks", "DeepSeek", "DeepSeek AI", "Google",
    "HuggingFace", "IBM", "Inception AI", "InternLM", "LMSYS", "Meituan", "Meta", "Microsoft", "Microsoft AI",
    "MiniMax", "Mistral", "Moonshot", "MosaicML", "NexusFlow", "Nexusflow", "Nomic AI", "NousResearch",
    "Nvidia", "OpenAI", "OpenAssistant", "OpenChat", "Perplexity AI", "Prime Intellect", "Princeton", "RWKV",
    "Reka AI", "Snowflake", "Stability AI", "Stanford", "StepFun", "TII", "Tencent", "Together AI",
    "Tsinghua", "UC Berkeley", "UW", "Upstage AI", "Xiaomi", "Z.ai", "Zhipu", "Zhipu AI", "xAI",
    # Named since the column was dropped, and certain: `trinity-large` is Arcee AI's, `molmo-2-8b` occurs with
    # and without its maker, Bytedance is printed on both sides of its model.
    "Arcee AI", "AI2", "Bytedance",
    # From 2026-07: xAI under its new name, and Thinking Machines.
    "SpaceXAI", "Thinky",
)  # fmt: skip
#: The alternative text of a logo → the organization.
LOGOS = {
    "01.AI": "01 AI",
    "Anthropic": "Anthropic",
    "Azure": "Microsoft",
    "Bytedance": "Bytedance",
    "Cohere": "Cohere",
    "HuggingFace": "HuggingFace",
    "InternLM": "InternLM",
    "Meta": "Meta",
    "Minimax": "MiniMax",
    "MoonshotAI": "Moonshot",
    "Nvidia": "Nvidia",
    "OpenChat": "OpenChat",
    "RWKV": "RWKV",
    "Snowflake": "Snowflake",
    "Stability": "Stability AI",
    "Stepfun": "StepFun",
    "Tencent": "Tencent",
    "Thinking Machines": "Thinky",
}
#: Licences that the table prints behind a name from 2026-07-09 on where it has lost the maker. Those that are also
#: the name of a maker or of models (Llama, Qwen, DeepSeek, …) are not among them: a name may end in one.
LICENCES = (
    "AI2 ImpACT Low-risk", "Apache 2.0", "Apache-2.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "DBRX LICENSE",
    "DeepSeek License", "Falcon-180B TII License", "Gemma license", "Jamba Open", "Kimi K3 license",
    "Llama 2 Community", "Llama 3 Community", "Llama 3.1 Community", "MIT", "MiniMax Community License",
    "Mistral Research", "Modified MIT", "NVIDIA Open Model", "NexusFlow", "Non-commercial", "OpenMDW-1.1",
    "Other", "Proprietary", "Qianwen LICENSE", "Yi License", "tencent-hunyuan-community",
)  # fmt: skip
#: The largest real page has 84 kB and lines of 600 characters; the time to read a cell grows with its square.
MAX_CHARACTERS = 1_000_000
MAX_LINE = 2_000
_SEPARATOR = re.compile(r":?-+:?")
_PIPE = re.compile(r"(?<!\\)\|")
_FOOTNOTE = re.compile(r"(?<!\s)\s*\[<sup>[^<]*</sup>\]\([^|]*\)\s*$")
_LINK = re.compile(r"^\[(.+?)\]\(.*\)$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_STAMP = re.compile(r"数据更新时间\**\s*+[:：]\s*+\**\s*+(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) UTC")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model. A name followed by an unknown maker stays as printed, without organization."""
    rows = _table(snapshot).select(COLUMNS, OPTIONAL)
    rows.parse_strings("organization_name", "license_name")
    rows.parse_ints("votes", "rank_style_control", "rank")
    split_intervals(rows)
    # The old site ranked with and without style control and scored without; the new one has one rank and scores
    # with style control.
    variant = "raw" if "rank_style_control" in rows.columns else "style_control"
    logos = "rank_spread" in rows.columns
    names, extras = [], []
    for row in rows.frame.iter_rows(named=True):
        names.append(
            split_cell(row["cell"] or "", row.get("organization_name"), row.get("license_name"), logos)
        )
        extras.append(
            dump_extra({name: row[name] for name in EXTRA if row.get(name) not in (None, False, "")})
        )
    kinds = dict.fromkeys(("model_name", "organization_name", "license_name"), pl.String())
    split = pl.DataFrame(names, schema=kinds, orient="row")
    rows.frame = rows.frame.with_columns(*split.get_columns(), pl.Series("extra", extras, pl.String()))
    return rows.conform(board="arena_text", variant=variant, category="overall")


def split_cell(
    cell: str, organization: str | None, licence: str | None, logos: bool
) -> tuple[str, str | None, str | None]:
    """Model, organization and licence from a cell and its neighbours (null where the table has no such column).

    Without an organization column the cell reads ``<name><organization> · <licence>``, or ``<name><licence>``; with
    ``logos`` the text of a logo may precede the name. An unknown organization or licence cannot be split off: the
    whole text becomes the name, which no reference table has, so a check reports it.
    """
    text = plain(cell)
    if organization is None and " · " in text:
        head, _, tail = text.rpartition(" · ")
        ends = [known for known in ORGANIZATIONS if head.endswith(known) and head != known]
        if not ends:
            return text, None, None
        organization, licence = max(ends, key=len), tail.strip() or None
        text = head.removesuffix(organization).rstrip()
    elif organization is None and licence is None:
        ends = [known for known in LICENCES if text.endswith(known) and text != known]
        if ends:
            licence = max(ends, key=len)
            text = text.removesuffix(licence).rstrip()
    if logos:
        for logo, owner in LOGOS.items():
            rest = text.removeprefix(logo)
            # The names "Meta-Llama…" and "RWKV-4…" themselves begin with the maker's.
            if owner == organization and rest != text and rest[:1].isalnum():
                return rest, organization, licence
    return text, organization, licence


def plain(cell: str) -> str:
    """The text of a Markdown cell, without link, footnote marks, tags and escapes."""
    text = _FOOTNOTE.sub("", cell.strip())
    link = _LINK.match(text)
    text = _TAG.sub("", link[1] if link else text)
    return " ".join(html.unescape(re.sub(r"\\([\\`*_{}\[\]()#+.!|<>-])", r"\1", text)).split())


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The stamp in the text, else the day in the file's name."""
    found = _STAMP.search(body.decode("utf-8", errors="replace"))
    if found:
        try:
            return datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            return None
    return known_at_in_name(path, body)


def _table(snapshot: Snapshot) -> Rows:
    """The only Markdown table of the page, which has a column of models, as text."""
    where = snapshot.where()
    text = read_text(snapshot, "Markdown").rstrip()
    check_limit(where, len(text), MAX_CHARACTERS, "characters")
    check_limit(where, max(map(len, text.splitlines()), default=0), MAX_LINE, "characters in one line")
    if _PIPE.search(text[text.rfind("\n") + 1 :]):
        raise ParseError(
            f"{where}: ends inside its table", "the notes behind it", "the file may be cut; look at the bytes"
        )
    blocks = _blocks(text)
    if len(blocks) != 1 or not _is_table_of_models(blocks[0]):
        sizes = ", ".join(str(len(lines)) for lines in blocks)
        raise ParseError(
            f"{where}: {len(blocks)} blocks of lines with | ({excerpt(sizes, 60) or 'none'})",
            "one, a table with 模型名 or 模型",
            "a line may be missing or in the wrong place; look at the bytes",
        )
    header, _, *lines = blocks[0]
    names = _cells(header)
    if len(set(names)) != len(names):
        raise ParseError(f"{where}: columns {excerpt(', '.join(names))}", "each once", "fix the parser")
    return rows_of(names, [_cells(line) for line in lines], snapshot)


def _blocks(text: str) -> list[list[str]]:
    """The runs of lines that contain a pipe."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if _PIPE.search(line):
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [lines for lines in blocks if lines]


def _is_table_of_models(lines: list[str]) -> bool:
    return (
        len(lines) > 1
        and bool({"模型名", "模型"} & set(_cells(lines[0])))
        and all(_SEPARATOR.fullmatch(cell) for cell in _cells(lines[1]))
    )


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = _PIPE.split(inner)
    return [cell.strip() for cell in (cells[:-1] if not cells[-1].strip() else cells)]


SOURCE = Source(
    id="cherry_markdown",
    title="Cherry Studio documentation (mirror)",
    origin=origin("Arena text leaderboard", REPOSITORY.address, "github.com/CherryHQ/cherry-studio-docs"),
    requests=(Request("text"),),
    parse=parse,
    row_floor=50,
    precision=Precision.ROUNDED,
    distance=5,
    raw_patterns=("cherry_markdown/*.md",),
    known_at_of=known_at_of,
    revisions=REPOSITORY.revisions(
        {"text": ("other/model_rank/lmarena.md",)}, ("text/plain", "text/markdown")
    ),
)
