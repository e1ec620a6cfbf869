"""The Stanford AI Index's public data: a ZIP of the chapters' CSVs that a person downloads, one file per figure.

``PUBLIC DATA_ 2026 AI INDEX REPORT/1. Research and Development/Data/fig_1.3.1.csv``: a column of countries under
one of several names, often a year and a label, and the measure. Only files with both the United States and China are
read. Nothing of it ships: its licence forbids altered copies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import PurePosixPath

import polars as pl

from sources.contract import FIGURE, Request, Snapshot, Source, conform
from sources.errors import EmptyTable, ParseError
from sources.parsing.ai_index.report import REPORT, known_at_of, origin
from sources.parsing.ai_index.tables import Row, table_figures
from sources.parsing.bodies import check_body
from sources.parsing.columns import PLACE
from sources.parsing.frames import read_csv

MEMBER = re.compile(r"fig_?(?P<figure>\d+(?:\.\d+)+)[^/]*\.csv", re.I)
EDITION = re.compile(r"(?<!\d)(20\d\d) AI INDEX", re.I)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per figure, year and label with the values of both countries; third parties have rows of their own."""
    where = snapshot.where()
    check_body(snapshot, "a ZIP file")
    files = {name: body for name, body in snapshot.files().items() if "__MACOSX" not in name}
    edition = _edition([*files, snapshot.file_name], where)
    rows: list[Row] = []
    for name, body in files.items():
        member = MEMBER.fullmatch(PurePosixPath(name).name)
        frame = _frame(snapshot.member(name, body)) if member else None
        if member and frame is not None:
            table = [[(cell or "").strip() for cell in row] for row in frame.iter_rows()]
            common = {"edition": edition, "figure": member["figure"]}
            rows += [row | common for row in table_figures(frame.columns, table, PurePosixPath(name).name)]
    if not rows:
        raise EmptyTable(
            f"{where}: {len(files)} files, none with both countries", "fig_<n.n.n>.csv", "look at it"
        )
    return conform(rows, FIGURE)


def _frame(member: Snapshot) -> pl.DataFrame | None:
    """One file's table; None when it is not CSV, as a few of several hundred hand-made spreadsheets are not."""
    try:
        # Hand-made: notes may follow the table.
        return read_csv(member, may_end_uneven=True).frame.drop(PLACE)
    except ParseError:
        return None


def _edition(names: Sequence[str], where: str) -> int:
    found = {int(match[1]) for name in names for match in EDITION.finditer(name.replace("_", " "))}
    if len(found) != 1:
        named = ", ".join(map(str, sorted(found))) or "no edition"
        raise ParseError(
            f"{where}: {named}", "one, as in PUBLIC DATA_ 2026 AI INDEX REPORT", "keep the folder's name"
        )
    return found.pop()


SOURCE = Source(
    id="ai_index_data",
    title="Stanford AI Index, public data",
    origin=origin(
        "AI Index Report, public data",
        REPORT,
        False,
        "CC BY-ND allows no altered copies of its tables, so they are read but never shipped.",
    ),
    requests=(Request("public_data"),),
    parse=parse,
    cadence=timedelta(days=365),
    row_floor=5,
    schema=FIGURE,
    raw_patterns=("ai_index/*.zip",),
    known_at_of=known_at_of,
)
