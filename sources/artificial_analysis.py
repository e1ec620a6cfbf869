"""Artificial Analysis: an index and a dozen exams, all models measured by one party.

Live through its interface with a key of the user's own (AIGAP_ARTIFICIAL_ANALYSIS_KEY), or by ingest; nothing of it
ships. Two shapes: the answer of the interface, and what its page holds (gzipped), which names some exams differently.
Exams are shares, indices are points. The index was rescaled between 2026-06-10 and 2026-06-25, those of coding and
agents with it: two anchors. No day of publication is printed: a vintage has the day of its file's name or of its fetch.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl

from sources.contract import ApiKey, Board, Origin, Request, Snapshot, Source, conform
from sources.contract.source import Kind
from sources.errors import BadCell, ParseError, excerpt
from sources.parsing.bodies import MAX_TEXT_BYTES, check_limit, unreadable
from sources.parsing.dates import known_at_in_name, parse_iso_date
from sources.parsing.entries import read_entries, refuse_nested
from sources.parsing.json import read_json
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_keys

ADDRESS = "https://artificialanalysis.ai/api/v2/data/llms/models"
KEY = ApiKey(header="x-api-key", variable="AIGAP_ARTIFICIAL_ANALYSIS_KEY")
#: Board → its name, its kind and upstream's names for it. Indices are in points, the others shares.
BOARDS: Mapping[str, tuple[str, Kind, tuple[str, ...]]] = {
    "aa_index": ("Intelligence Index", "index", ("artificial_analysis_intelligence_index",)),
    "aa_coding_index": ("Coding Index", "index", ("artificial_analysis_coding_index",)),
    "aa_agentic_index": ("Agentic Index", "index", ("artificial_analysis_agentic_index",)),
    "aa_aime": ("AIME", "exam", ("aime",)),
    "aa_aime_25": ("AIME 2025", "exam", ("aime_25",)),
    "aa_critpt": ("CritPt", "exam", ("critpt",)),
    "aa_gpqa": ("GPQA Diamond", "exam", ("gpqa",)),
    "aa_hle": ("Humanity's Last Exam", "exam", ("hle",)),
    "aa_ifbench": ("IFBench", "exam", ("ifbench",)),
    "aa_lcr": ("AA-LCR", "exam", ("lcr", "aa_lcr")),
    "aa_livecodebench": ("LiveCodeBench", "coding", ("livecodebench",)),
    "aa_math_500": ("MATH-500", "exam", ("math_500",)),
    "aa_mmlu_pro": ("MMLU-Pro", "exam", ("mmlu_pro",)),
    "aa_mmmu_pro": ("MMMU-Pro", "exam", ("mmmu_pro",)),
    "aa_scicode": ("SciCode", "coding", ("scicode",)),
    "aa_tau2": ("tau2-bench", "agentic", ("tau2", "tau2_bench")),
    "aa_terminalbench_hard": (
        "Terminal-Bench Hard",
        "agentic",
        ("terminalbench_hard", "terminal_bench_hard"),
    ),
}
INDICES = tuple(board for board, (_, kind, _) in BOARDS.items() if kind == "index")
ESTIMATED = "artificial_analysis_intelligence_index_is_estimated"


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per board and model with a figure on it. ``extra`` has upstream's short name and an estimate's mark."""
    where = snapshot.where()
    found = read_json(_unpacked(snapshot))
    models = found.get("models", found.get("data"))
    if not isinstance(models, list) or not models:
        raise ParseError(
            f"{where}: {excerpt(', '.join(found), 60)}",
            "a list models or data",
            "upstream changed its format: fix the parser",
        )
    for model in models:
        refuse_nested(model, ("evaluations",), where)
    known = [name for _, _, names in BOARDS.values() for name in names]
    if not any(isinstance(model, dict) and known_in(model, known) for model in models):
        raise ParseError(
            f"{where}: no evaluations", "one or more of " + ", ".join(known[:3]), "fix the parser"
        )
    rows: list[dict[str, Any]] = []
    for board in BOARDS:
        rows += _board(snapshot, board, models)
    return conform(rows, variant="default", category="overall")


def known_in(model: dict[str, Any], names: list[str]) -> bool:
    """Whether ``model`` has one of the evaluations ``names``."""
    evaluations = model.get("evaluations")
    return isinstance(evaluations, dict) and any(name in evaluations for name in names)


def _board(snapshot: Snapshot, board: str, models: list[Any]) -> list[dict[str, Any]]:
    names = BOARDS[board][2]
    listed = [
        (model.get("name", ""), model)
        for model in models
        if not isinstance(model, dict) or _figure(model, names) is not None
    ]
    return read_entries(
        snapshot,
        listed,
        lambda name, model: _row(board, name, model),
        series=(board, "default", "overall"),
        score=lambda model: _figure(model, names) * (1 if board in INDICES else 100),
    )


def _figure(model: dict[str, Any], names: tuple[str, ...]) -> Any:
    evaluations = model.get("evaluations")
    if not isinstance(evaluations, dict):
        return None
    return next((evaluations[name] for name in names if evaluations.get(name) is not None), None)


def _row(board: str, name: object, entry: object) -> dict[str, Any]:
    model = as_object(entry, "model")
    require_keys(model, ("name", "slug"))
    figure = as_float(_figure(model, BOARDS[board][2]), board)
    is_share = board not in INDICES
    if is_share and figure is not None and not 0 <= figure <= 1:
        raise BadCell(board, str(figure), "a share from 0 to 1")
    creator = model.get("creator") or model.get("model_creator") or {"name": model.get("creator_name")}
    extra: dict[str, Any] = {"slug": as_string(model["slug"], "slug")}
    if board == INDICES[0] and model["evaluations"].get(ESTIMATED) is True:
        extra["is_estimated"] = True
    return {
        "board": board,
        "model_name": as_string(name, "name"),
        "organization_name": as_string(as_object(creator, "creator").get("name"), "creator"),
        "score": figure if figure is None or not is_share else round(100 * figure, 10),
        "released_on": parse_iso_date(model.get("release_date") or None, "release_date"),
        "extra": dump_extra({key: value for key, value in extra.items() if value}),
    }


def _unpacked(snapshot: Snapshot) -> Snapshot:
    """The body without gzip, which copies of the page have."""
    if not snapshot.body.startswith(b"\x1f\x8b"):
        return snapshot
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(snapshot.body, MAX_TEXT_BYTES + 1)
        check_limit(snapshot.where(), len(body), MAX_TEXT_BYTES, "bytes unpacked")
        if not unpacker.eof:
            raise ValueError("the file is cut")
    except (zlib.error, ValueError) as error:
        raise unreadable(snapshot, "gzip", error) from None
    return replace(snapshot, body=body)


SOURCE = Source(
    id="artificial_analysis",
    title="Artificial Analysis",
    origin=Origin(
        producer="Artificial Analysis",
        title="Artificial Analysis, language models",
        address="https://artificialanalysis.ai/leaderboards/models",
        citation="Artificial Analysis (https://artificialanalysis.ai)",
        licence="terms of Artificial Analysis: attribution, no redistribution",
        licence_address="https://artificialanalysis.ai/documentation",
        redistributable=False,
        redistribution_note="Its terms give each user a key and allow no redistribution.",
    ),
    requests=(Request("llms", ADDRESS, ("application/json",), key=KEY),),
    boards=tuple(
        Board(
            board,
            f"{name} (Artificial Analysis)",
            unit="index" if kind == "index" else "percent",
            kind=kind,
            ceiling=None if kind == "index" else 100.0,
        )
        for board, (name, kind, _) in BOARDS.items()
    ),
    parse=parse,
    cadence=timedelta(days=30),
    row_floor=300,
    raw_patterns=("artificial_analysis/api_llms__*.json", "artificial_analysis/page_llms__*.json.gz"),
    known_at_of=known_at_in_name,
)
