"""Aider's coding leaderboards: YAML files in its repository, one entry per run. Polyglot (six languages) replaced
editing (Python) in December 2024; refactoring is a third, older board. No organization.

A run has its own date, cost and edit format; the file has no date of publication.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Basis, Origin, Request, Snapshot, Source, conform
from sources.contract.plausible import last_day
from sources.errors import BadCell, ParseError, excerpt
from sources.parsing.dates import known_at_in_name, newest_day, parse_iso_date
from sources.parsing.entries import read_entries, refuse_cut, refuse_nested
from sources.parsing.github import Repository, commit_in_name
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_keys
from sources.parsing.yaml import read_yaml

REPOSITORY = Repository("Aider-AI/aider")
#: Request → board; the file is named after the request.
BOARDS = {"polyglot": "aider_polyglot", "edit": "aider_edit", "refactor": "aider_refactor"}
FILES = {
    name: tuple(
        f"{folder}{name}_leaderboard.yml"
        # Polyglot is younger than the two moves of the folder.
        for folder in ("aider/website/_data/", "website/_data/", "_data/")[: 1 if name == "polyglot" else 3]
    )
    for name in BOARDS
}
MEDIA_TYPES = ("text/plain", "text/yaml", "application/yaml", "application/octet-stream")
#: The share solved after the second try, which sees the failing tests; refactoring has one try only.
RATES = ("pass_rate_2", "pass_rate_1")
#: What else of a run goes to ``extra``: text or whole numbers, as printed.
EXTRA = ("edit_format", "reasoning_effort", "thinking_tokens", "editor_model", "test_cases", "command")
#: Between two models of which one plans and the other edits: a way to use them, no model of its own.
PAIR = " + "
_RUN_ON = re.compile(rb"^\s*(?:-\s+)?date:\s*['\"]?(\d{4}-\d{2}-\d{2})\b", re.MULTILINE)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model: the share of solved exercises, in percent.

    Of several runs of a model the newest counts. ``extra`` has the earlier ones, and the run's date, edit format and
    cost in US$ (upstream prints 0 where it is not known, which is left out).
    """
    where = snapshot.where()
    found = read_yaml(snapshot)
    if not isinstance(found, list):
        raise ParseError(f"{where}: {excerpt(found, 60)!r}", "a list of runs", "look at the bytes")
    refuse_cut(found, where)
    if found and found[0] in found[1:]:
        raise ParseError(f"{where}: the first run again", "each run once", "look at the bytes")
    board = BOARDS[snapshot.request]
    for run in found:
        refuse_nested(run, ("model", *RATES), where)
    latest = last_day(snapshot.receipt)
    runs = read_entries(
        snapshot,
        ((run.get("model", "") if isinstance(run, dict) else "", run) for run in found),
        lambda name, run: _run(name, run, latest),
        series=(board, "default", "overall"),
        score=lambda run: next(run[rate] for rate in RATES if run.get(rate) is not None),
    )
    models: dict[str, list[dict[str, Any]]] = {}
    for run in sorted(runs, key=lambda run: run["run_on"] or date.min, reverse=True):
        models.setdefault(run["model_name"], []).append(run)
    rows = [_row(run, same) for same in models.values() for run in same if run["run_on"] == same[0]["run_on"]]
    return conform(rows, board=board, variant="default", category="overall")


def request_of(path: PurePath) -> str | None:
    """The board at the beginning of the file's name."""
    return next((name for name in BOARDS if path.name.startswith(f"{name}_leaderboard")), None)


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name, else that of the newest run, before which the file cannot have existed."""
    return known_at_in_name(path, body) or newest_day(body, _RUN_ON)


def address_of(path: PurePath) -> str:
    """The page of the commit in the name of a local copy, whatever folder the file was in; empty when there is none."""
    commit = commit_in_name(path)
    return f"{REPOSITORY.address}/commit/{commit}" if commit else ""


def _run(name: object, entry: object, latest: date | None) -> dict[str, Any]:
    run = as_object(entry, "run")
    rate = next((rate for rate in RATES if run.get(rate) is not None), None)
    require_keys(run, ("model", rate or RATES[0]))
    released = run.get("released") or run.get("_released")
    run_on = parse_iso_date(run.get("date"), "date")
    # One to come would be the newest run for ever.
    if run_on and latest and run_on > latest:
        raise BadCell("date", str(run_on), f"a day to {latest}")
    return {
        "model_name": as_string(name, "model"),
        "score": as_float(run[rate or RATES[0]], rate or RATES[0]),
        "released_on": parse_iso_date(released, "released"),
        "run_on": run_on,
        "cost": as_float(run.get("total_cost"), "total_cost") or None,
        "extra": {key: run[key] for key in EXTRA if isinstance(run.get(key), str | int)},
    }


def _row(run: dict[str, Any], same: list[dict[str, Any]]) -> dict[str, Any]:
    """The observation of ``run``, one of the newest among the ``same`` model's runs."""
    extra = _extra(run)
    earlier = [
        {"score": other["score"], **_extra(other)} for other in same if other["run_on"] != run["run_on"]
    ]
    if earlier:
        extra["earlier_runs"] = earlier
    if PAIR in run["model_name"]:
        extra["basis"] = Basis.SCAFFOLD.value
    names = ("model_name", "score", "released_on")
    return {**{name: run[name] for name in names}, "extra": dump_extra(extra)}


def _extra(run: dict[str, Any]) -> dict[str, Any]:
    extra = {"run_on": run["run_on"] and run["run_on"].isoformat(), "total_cost_usd": run["cost"]}
    return {**run["extra"], **{key: value for key, value in extra.items() if value is not None}}


SOURCE = Source(
    id="aider",
    title="Aider coding leaderboards",
    origin=Origin(
        producer="Aider",
        title="Aider LLM leaderboards",
        address="https://aider.chat/docs/leaderboards/",
        citation=f"Aider, LLM leaderboards ({REPOSITORY.address}), Apache-2.0",
        licence="Apache-2.0",
        licence_address="https://www.apache.org/licenses/LICENSE-2.0",
        redistributable=True,
        redistribution_note="Part of Aider's repository, which is under Apache-2.0.",
    ),
    requests=tuple(
        # Refactoring began with five models and has never had more than twenty.
        Request(name, REPOSITORY.raw(path), MEDIA_TYPES, row_floor=5 if name == "refactor" else None)
        for name, (path, *_) in FILES.items()
    ),
    parse=parse,
    # The newest commit of the repository as it was read.
    every_change_until=date(2026, 5, 22),
    # Entries come with new models; the older boards no longer change.
    cadence=timedelta(days=180),
    row_floor=10,
    raw_patterns=tuple(f"aider/{name}_leaderboard*.yml" for name in BOARDS),
    request_of=request_of,
    known_at_of=known_at_of,
    address_of=address_of,
    revisions=REPOSITORY.revisions(FILES, MEDIA_TYPES),
)
