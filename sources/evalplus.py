"""EvalPlus: models that write Python functions, held against the tests of HumanEval and against many more of its own,
from 2023-07 to 2024-12.

All models were run by one party. In per cent of functions right at the first try; three shapes: until 2023-11 a table
for each board, until 2024-03 one for both, then JSON, which has two boards of MBPP too, not read here. No maker, no
release day and no day of the table is printed: a vintage is dated by its commit.
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Origin, Request, Snapshot, Source
from sources.errors import ParseError, excerpt
from sources.parsing.columns import CHANGED, PLACE, Rows, rows_of
from sources.parsing.dates import known_at_in_name
from sources.parsing.frames import read_csv
from sources.parsing.github import Repository
from sources.parsing.json import read_json

REPOSITORY = Repository("evalplus/evalplus.github.io")
MEDIA_TYPES = ("text/plain", "application/json", "text/csv")
#: Request → the present path of its file and the earlier ones. `humanevalplus.csv` ended in 2023-11.
FILES = {"results": ("results.json", "humaneval.csv"), "plus": ("humanevalplus.csv",)}
#: Board → its figure in the tables of both, then in the two shapes of JSON.
BOARDS = {
    "humaneval": ("pass@1_base", ("pass@1", "humaneval"), ("pass@1_base", "humaneval")),
    "humaneval_plus": ("pass@1_plus", ("pass@1", "humaneval+"), ("pass@1_plus", "humaneval")),
}
COLUMNS = {
    "model_name": ("Model",),
    "size": ("Size",),
    # In tables of one board: of the likeliest answer, and until 2023-10 also of many drawn ones, not read then.
    "greedy": ("pass@1*",),
    "alone": ("pass@1",),
    **{board: (column,) for board, (column, *_) in BOARDS.items()},
    "prompted": ("prompted",),
    "link": ("link",),
}
OPTIONAL = tuple(name for name in COLUMNS if name != "model_name")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per board and model that it ran. ``extra`` has the link, and whether the model was asked in a chat.

    A size in a column of its own becomes part of the name, as upstream has it later: ``CodeGen-16B``.
    """
    is_json = snapshot.body.lstrip().startswith(b"{")
    rows = (_entries(snapshot) if is_json else read_csv(snapshot)).select(COLUMNS, OPTIONAL)
    rows.parse_names("model_name", "size")
    if "size" in rows.columns:
        rows.frame = rows.frame.with_columns(_with_size())
    alone = next((name for name in ("greedy", "alone") if name in rows.columns), None)
    if alone:
        board = "humaneval_plus" if snapshot.request == "plus" else "humaneval"
        rows.frame = rows.frame.rename({alone: board})
    boards = [board for board in BOARDS if board in rows.columns]
    if not boards:
        found = f"columns {excerpt(', '.join(rows.columns))}"
        raise ParseError(f"{snapshot.where()}: {found}", "also pass@1, pass@1_base or pass@1_plus", CHANGED)
    rows.parse_floats(*boards)
    rows.with_extra(["prompted", "link"])
    kept = [name for name in (PLACE, "model_name", "extra") if name in rows.frame.columns]
    rows.frame = rows.frame.unpivot(boards, index=kept, variable_name="board", value_name="score")
    rows.keep(pl.col("score").is_not_null())
    return rows.conform(variant="default", category="overall")


def request_of(path: PurePath) -> str:
    """The request that a local file answers."""
    return "plus" if path.name.startswith("humanevalplus") else "results"


def _with_size() -> pl.Expr:
    is_in_name = pl.col("model_name").str.contains(pl.col("size"), literal=True)
    return (
        pl.when(pl.col("size").is_in(["", "N/A"]) | is_in_name | pl.col("size").is_null())
        .then("model_name")
        .otherwise(pl.format("{}-{}", "model_name", "size"))
        .alias("model_name")
    )


def _entries(snapshot: Snapshot) -> Rows:
    """The models of a JSON body under the columns of the table of both boards."""
    header = ["Model", *(column for column, *_ in BOARDS.values()), "prompted", "link"]
    lines = []
    for name, entry in read_json(snapshot).items():
        figures = (
            [_figure(entry, places) for _, *places in BOARDS.values()] if isinstance(entry, dict) else []
        )
        if not any(is_there for is_there, _ in figures):
            raise ParseError(
                f"{snapshot.where()}: {excerpt(name, 40)}: {excerpt(entry, 60)}",
                "a model with pass@1",
                CHANGED,
            )
        cells = [name, *(figure for _, figure in figures), entry.get("prompted"), entry.get("link")]
        lines.append(["" if cell is None else str(cell) for cell in cells])
    return rows_of(header, lines, snapshot)


def _figure(entry: dict[str, Any], places: list[tuple[str, str]]) -> tuple[bool, object]:
    """Whether ``entry`` has the figure at one of its ``places``, and the figure."""
    for outer, inner in places:
        found = entry.get(outer)
        if isinstance(found, dict) and inner in found:
            return True, found[inner]
    return False, None


SOURCE = Source(
    id="evalplus",
    title="EvalPlus",
    origin=Origin(
        producer="EvalPlus",
        title="EvalPlus leaderboard",
        address="https://evalplus.github.io/leaderboard.html",
        citation=f"Liu et al., EvalPlus leaderboard ({REPOSITORY.address}), Apache-2.0",
        licence="Apache-2.0",
        licence_address="https://www.apache.org/licenses/LICENSE-2.0",
        redistributable=True,
        redistribution_note="Part of EvalPlus's repository, which is under Apache-2.0.",
    ),
    requests=(Request("results", REPOSITORY.raw(FILES["results"][0]), MEDIA_TYPES), Request("plus")),
    parse=parse,
    # The newest commit of the repository as it was read.
    every_change_until=date(2024, 12, 26),
    row_floor=15,
    raw_patterns=("evalplus/results__*.json", "evalplus/humaneval__*.csv", "evalplus/humanevalplus__*.csv"),
    request_of=request_of,
    known_at_of=known_at_in_name,
    address_of=lambda path: REPOSITORY.address_of(path, f"{path.name.partition('__')[0]}{path.suffix}"),
    revisions=REPOSITORY.revisions(FILES, MEDIA_TYPES),
)
