"""github.com/IAPS-AI/Open-Source-Gap, `data.json`: Epoch AI's index and exams as a public tracker passes them on, with
METR's time horizons, from 2025-12-24, about daily.

Each board has the whole list of its models (`trend_models`) with release dates and standard deviations, and beside it
the few that set a record (`models`), which are not read; until 2026-01-22 the file is the list of the index alone. The
time printed is that of the tracker's run, not of Epoch's publication, so a vintage is dated by its commit. Scores are
unrounded at first, later to two decimals; percentages are from 0 to 100. MATH level 5 is not read before 2026-02-04:
until then the tracker took the share that one of Epoch's scorers, sympy_equiv, counts as right, not Epoch's score (o1
has 80.3 by the one and 94.7 by the other). Whether a model is Chinese is printed wrong
for some and is not read; whether its weights are open is kept in `extra`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from sources.contract import Request, Snapshot, Source, conform
from sources.errors import BadCell, ParseError, excerpt
from sources.parsing.dates import known_at_in_name, parse_iso_date
from sources.parsing.entries import read_entries, refuse_cut, refuse_nested
from sources.parsing.epoch import METR, TRACKED, origin
from sources.parsing.github import Repository
from sources.parsing.json import read_json
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_keys

REPOSITORY = Repository("IAPS-AI/Open-Source-Gap")
FILE = "data.json"
MEDIA_TYPES = ("text/plain", "application/json")
INDEX = "eci"
BOARDS: Mapping[str, str] = {INDEX: INDEX, **TRACKED}
#: Board → the time (UTC) before which the tracker printed another measure under its name.
OTHER_MEASURE_BEFORE = {"math_level_5": datetime(2026, 2, 4, 9, 33, tzinfo=UTC)}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per board and model. Of boards that are none here nothing is read.

    ``standard_error`` is the printed deviation; METR's horizons have bounds of 95 % instead.
    """
    where = snapshot.where()
    page = read_json(snapshot)
    listed = as_object(page["benchmarks"], "benchmarks") if "benchmarks" in page else {INDEX: page}
    if not BOARDS.keys() & listed.keys():
        raise ParseError(
            f"{where}: benchmarks {excerpt(', '.join(listed)) or 'none'}",
            "one or more of " + ", ".join(BOARDS),
            "upstream changed its format: fix the parser",
        )
    known_at = snapshot.receipt.known_at
    rows = [
        row
        for name, found in listed.items()
        if name in BOARDS and not (name in OTHER_MEASURE_BEFORE and known_at < OTHER_MEASURE_BEFORE[name])
        for row in _board(snapshot, name, found)
    ]
    return conform(rows, variant="default", category="overall")


def _board(snapshot: Snapshot, name: str, found: object) -> list[dict[str, Any]]:
    models = as_object(found, name).get("trend_models")
    if not isinstance(models, list):
        raise BadCell(name, excerpt(models, 60), "a list under trend_models")
    figure = INDEX if name == INDEX else "score"
    for model in models:
        refuse_nested(model, ("model", figure), snapshot.where())
    refuse_cut(models, snapshot.where())
    return read_entries(
        snapshot,
        ((model.get("model", "") if isinstance(model, dict) else "", model) for model in models),
        lambda model, entry: _row(BOARDS[name], model, entry, figure),
        series=(BOARDS[name], "default", "overall"),
        score=lambda entry: entry[figure],
    )


def _row(board: str, name: object, entry: object, figure: str) -> dict[str, Any]:
    model = as_object(entry, "model")
    require_keys(model, ("model", figure, "date", "organization"))
    if not isinstance(name, str):
        raise BadCell("model", excerpt(name, 60), "text")
    is_open = model.get("is_open")
    extra = {
        "display_name": as_string(model.get("display_name"), "display_name"),
        "is_open": is_open if isinstance(is_open, bool) else None,
    }
    bounds = {"score_low": "p50_ci_low", "score_high": "p50_ci_high"} if board == METR else {}
    return {
        "board": board,
        "model_name": name.strip(),
        "organization_name": as_string(model["organization"], "organization"),
        "score": as_float(model[figure], figure),
        "standard_error": as_float(model.get(f"{figure}_std"), f"{figure}_std"),
        **{ours: as_float(model.get(theirs), theirs) for ours, theirs in bounds.items()},
        "released_on": parse_iso_date(model["date"], "date"),
        "extra": dump_extra({key: value for key, value in extra.items() if value is not None}),
    }


SOURCE = Source(
    id="epoch_tracker",
    title="Epoch's index and exams in the IAPS open-source gap tracker",
    origin=replace(
        origin("Capabilities Index and benchmarking hub", REPOSITORY.address),
        mirror="github.com/IAPS-AI/Open-Source-Gap",
    ),
    requests=(Request("data", REPOSITORY.raw(FILE), MEDIA_TYPES),),
    parse=parse,
    cadence=timedelta(days=7),
    row_floor=100,
    distance=1,
    # METR's figures, of unstated licence.
    withheld_boards=frozenset({METR}),
    # Also as the folder was called when the source bore the name of the tracker.
    raw_patterns=("epoch_tracker/data__*.json", "iaps_tracker/data__*.json"),
    known_at_of=known_at_in_name,
    address_of=lambda path: REPOSITORY.address_of(path, FILE),
    revisions=REPOSITORY.revisions({"data": (FILE,)}, MEDIA_TYPES),
)
