"""llm-stats: scores that makers report of their own models, collected from announcements and papers by a community.

One JSON file a model in the repository JonathanChavezTamales/llm-leaderboard, 2025-08 to 2025-10, when it ended. Each
maker measured in its own way (prompts, tries, tools), so these are boards of their own, `self_…`, never beside measured
ones. Of 2,224 scores 18 are not the maker's: most have no source but a placeholder, and none is read. A vintage is
dated by its commit; the days printed are those of the entries. Scores are shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath, PurePosixPath
from typing import Any

import polars as pl

from sources.contract import Basis, Origin, Request, Revision, Snapshot, Source, conform
from sources.errors import BadCell, ParseError, excerpt
from sources.parsing.dates import known_at_in_name, parse_iso_date
from sources.parsing.entries import read_entries
from sources.parsing.github import Repository
from sources.parsing.json import read_page
from sources.parsing.tar import read_tar
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_keys

REPOSITORY = Repository("JonathanChavezTamales/llm-leaderboard")
FOLDER = "data/organizations"
MEDIA_TYPES = ("application/x-gzip", "application/gzip", "application/octet-stream")
#: Upstream's benchmark → board. Of 339 benchmarks those with at least twenty models of both sides.
BOARDS: Mapping[str, str] = {
    "aider-polyglot": "self_aider_polyglot",
    "aime-2024": "self_aime_2024",
    "aime-2025": "self_aime_2025",
    "arc-c": "self_arc_c",
    "big-bench-hard": "self_bbh",
    "drop": "self_drop",
    "gpqa": "self_gpqa",
    "gsm8k": "self_gsm8k",
    "humaneval": "self_humaneval",
    "humanity's-last-exam": "self_hle",
    "ifeval": "self_ifeval",
    "livecodebench": "self_livecodebench",
    "math": "self_math",
    "math-500": "self_math_500",
    "mathvista": "self_mathvista",
    "mbpp": "self_mbpp",
    "mgsm": "self_mgsm",
    "mmlu": "self_mmlu",
    "mmlu-pro": "self_mmlu_pro",
    "mmmu": "self_mmmu",
    "simpleqa": "self_simpleqa",
    "swe-bench-verified": "self_swe_bench_verified",
    "tau-bench-airline": "self_tau_bench_airline",
    "tau-bench-retail": "self_tau_bench_retail",
}
#: What else of a score goes to ``extra``: how it was measured, and where the maker says so.
EXTRA = {"method": "analysis_method", "link": "self_reported_source_link"}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per board, model and score that its maker reports. A model may have two on one board, by two methods."""
    models: dict[str, dict[str, Any]] = {}
    reported: dict[str, list[Any]] = {}
    makers: dict[str, dict[str, Any]] = {}
    for name, body in read_tar(snapshot, ".json").items():
        path = PurePosixPath(name)
        folder = str(path.parent)
        if path.name == "organization.json":
            makers[folder] = as_object(_document(snapshot, name, body), name)
        elif path.name == "model.json":
            models[folder] = as_object(_document(snapshot, name, body), name)
        elif path.name == "benchmarks.json":
            listed = _document(snapshot, name, body)
            if not isinstance(listed, list):
                raise ParseError(f"{snapshot.where()}: {name}: {excerpt(listed, 60)}", "a list of scores")
            reported[folder] = listed
    if not reported or not reported.keys() <= models.keys():
        missing = next(iter(reported.keys() - models.keys()), f"…/{FOLDER}")
        raise ParseError(
            f"{snapshot.where()}: no model.json in {excerpt(missing, 80)}",
            "benchmarks.json and model.json of each model",
            "upstream changed its format: fix the parser",
        )
    by_board: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for folder, scores in reported.items():
        maker = makers.get(str(PurePosixPath(folder).parents[1]), {}).get("name")
        for score in scores:
            entry = as_object(score, folder)
            require_keys(entry, ("benchmark_id", "score", "is_self_reported"))
            if entry["is_self_reported"] is True and (board := BOARDS.get(str(entry["benchmark_id"]))):
                model = {**models[folder], "maker": maker}
                by_board[board].append((str(model.get("model_id", "")), (model, entry)))
    rows = [row for board, entries in sorted(by_board.items()) for row in _board(snapshot, board, entries)]
    return conform(rows, variant="default", category="overall")


def _board(snapshot: Snapshot, board: str, entries: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    return read_entries(
        snapshot,
        entries,
        lambda name, pair: _row(board, name, *pair),
        series=(board, "default", "overall"),
        score=lambda pair: 100 * pair[1]["score"],
    )


def _document(snapshot: Snapshot, name: str, body: bytes) -> Any:
    try:
        return read_page(body)
    except ValueError as error:
        raise ParseError(
            f"{snapshot.where()}: {excerpt(name, 80)}: {excerpt(error, 60)}", "JSON", "look at the bytes"
        ) from None


def _row(board: str, name: str, model: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    share = as_float(entry["score"], "score")
    if share is not None and not 0 <= share <= 1:
        raise BadCell("score", str(share), "a share from 0 to 1")
    extra = {ours: as_string(entry.get(theirs), theirs) for ours, theirs in EXTRA.items()}
    return {
        "board": board,
        "model_name": name.strip(),
        "organization_name": as_string(model["maker"], "name"),
        # As text a share has at most four decimals: without rounding 0.57 becomes 56.99999999999999.
        "score": share if share is None else round(100 * share, 10),
        "released_on": parse_iso_date(model.get("release_date"), "release_date"),
        "extra": dump_extra(
            {key: value for key, value in {**extra, "name": model.get("name")}.items() if value}
        ),
    }


def _archive(commit: str) -> str:
    return f"https://codeload.github.com/{REPOSITORY.name}/tar.gz/{commit}"


def _requests_of(revision: Revision) -> tuple[Request, ...]:
    return (Request("scores", _archive(revision.key), MEDIA_TYPES),)


def _address_of(path: PurePath) -> str:
    return REPOSITORY.address_of(PurePath(path.name.replace(".tar.gz", ".tgz")), FOLDER).replace(
        "/blob/", "/tree/"
    )


SOURCE = Source(
    id="llm_stats",
    title="llm-stats, scores reported by makers",
    origin=Origin(
        producer="llm-stats",
        title="LLM Stats benchmark data",
        address=REPOSITORY.address,
        citation=f"LLM Stats, scores reported by the makers of models ({REPOSITORY.address}), CC-BY-4.0",
        licence="CC-BY-4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        redistributable=True,
        redistribution_note="CC-BY-4.0 allows it with attribution; every score is marked as the maker's own.",
    ),
    requests=(Request("scores", _archive("HEAD"), MEDIA_TYPES),),
    parse=parse,
    basis=Basis.AUTHOR_REPORTED,
    row_floor=500,
    raw_patterns=("llm_stats/data_organizations__*.tar.gz",),
    known_at_of=known_at_in_name,
    address_of=_address_of,
    revisions=replace(REPOSITORY.revisions({"scores": (FOLDER,)}, MEDIA_TYPES), requests_of=_requests_of),
)
