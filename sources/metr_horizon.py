"""METR's time horizons: how long, for a person, the tasks are that a model finishes half of the time. One YAML
file, task suite 1.1, rewritten when a model is added; METR's name of a model is a key (`claude_3_opus_inspect`).

No capture of the file was at hand: the shape is that of METR's published generator. No organization, and no day
of publication. Models measured on an earlier suite only are among the results and say so.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Origin, Request, Snapshot, Source, conform
from sources.errors import EmptyTable, ParseError
from sources.parsing.arena import day_in_name
from sources.parsing.columns import json_number, json_table, json_text, looks_like_markup, midnight, shown

ADDRESS = "https://metr.org/assets/benchmark_results_1_1.yaml"
FIGURES = {"score": "estimate", "score_low": "ci_low", "score_high": "ci_high"}
#: Reading YAML is slow; the real files have 50 kB.
LARGEST_YAML = 512 * 1024


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model: the 50 % horizon in minutes, with bounds of 95 %. Suite, best-so-far mark and the 80 %
    horizon are in ``extra``.
    """
    where = snapshot.where()
    page = json_table(yaml_document(snapshot), where)
    if "results" not in page:
        found = shown(", ".join(map(str, page)))
        raise ParseError(f"{where}: keys {found}", "results", "upstream changed its shape: fix the parser")
    results = json_table(page["results"], f"{where}: results")
    suite = json_text(page.get("benchmark_name"), f"{where}: benchmark_name")
    rows = [_row(name, result, suite, where) for name, result in results.items()]
    kinds = {"model_name": pl.String(), **dict.fromkeys(FIGURES, pl.Float64())}
    frame = pl.DataFrame(rows, schema={**kinds, "released_on": pl.Date(), "extra": pl.String()}, orient="row")
    return conform(
        frame.with_columns(
            pl.lit("metr_time_horizon").alias("board"),
            pl.lit("default").alias("variant"),
            pl.lit("overall").alias("category"),
        )
    )


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name, if there is one."""
    day = day_in_name(path)
    return midnight(day) if day else None


def yaml_document(snapshot: Snapshot) -> Any:
    """A YAML body as plain values. Raises `ParseError` for what is no YAML, for a tag that would make objects,
    for a key given twice (one value would vanish), for aliases and for more than `LARGEST_YAML` bytes.
    """
    # Listing the sources imports this module; only reading a file needs the library.
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("an alias, which lets a small file stand for an enormous one")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=True)
                if key in seen:
                    raise yaml.YAMLError(f"key {shown(key, 60)!r} given twice")
                seen.add(key)
            return super().construct_mapping(node, deep)

    where = snapshot.where()
    if looks_like_markup(snapshot.body):
        raise ParseError(f"{where}: a web page", "YAML", "the address may have moved; look at the bytes")
    if len(snapshot.body) > LARGEST_YAML:
        raise ParseError(
            f"{where}: {len(snapshot.body)} bytes", f"at most {LARGEST_YAML}", "look at the bytes"
        )
    text = snapshot.text()
    if not text.strip():
        raise EmptyTable(f"{where}: an empty body", "YAML")
    try:
        return yaml.load(text, Loader)
    # ValueError: a date that is none. TypeError: a key that cannot be one.
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        line = shown(" ".join(str(error).split()) or type(error).__name__)
        raise ParseError(f"{where}: {line}", "YAML", "the last good bytes stay in use") from None


def yaml_day(value: object, where: str) -> date | None:
    """A YAML date, time or ``2026-01-02`` text as a date; null stays null."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ParseError(f"{where}: {shown(value, 40)!r}", "a date", "fix the parser") from None


def _row(name: object, result: object, suite: str | None, where: str) -> list[Any]:
    there = f"{where}: {shown(name, 60)}"
    entry = json_table(result, there)
    metrics = json_table(entry.get("metrics"), f"{there}: metrics")
    horizon = json_table(metrics.get("p50_horizon_length"), f"{there}: p50_horizon_length")
    if "estimate" not in horizon:
        raise ParseError(f"{there}: keys {shown(', '.join(map(str, horizon)))}", "estimate", "fix the parser")
    longer = metrics.get("p80_horizon_length") or {}
    beside = {
        "suite": json_text(entry.get("benchmark_name"), f"{there}: benchmark_name") or suite,
        "is_sota": metrics.get("is_sota") is True or None,
        "p80_minutes": json_number(
            json_table(longer, f"{there}: p80_horizon_length").get("estimate"), f"{there}: p80"
        ),
    }
    return [
        str(name).strip(),
        *(json_number(horizon.get(theirs), f"{there}: {theirs}") for theirs in FIGURES.values()),
        yaml_day(entry.get("release_date"), f"{there}: release_date"),
        json.dumps({key: value for key, value in beside.items() if value is not None}, sort_keys=True),
    ]


SOURCE = Source(
    id="metr_horizon",
    title="METR time horizons",
    origin=Origin(
        producer="METR",
        title="Time horizons, task suite 1.1",
        address="https://metr.org/time-horizons/",
        citation=f"METR, Task-completion time horizons of frontier AI models ({ADDRESS})",
        licence="not stated",
        licence_address="",
        redistributable=False,
        redistribution_note="METR states no licence for these figures, so they are fetched or ingested, not shipped.",
    ),
    requests=(
        Request(
            "benchmark_results",
            ADDRESS,
            ("text/yaml", "text/x-yaml", "application/yaml", "application/x-yaml", "text/plain",
             "application/octet-stream"),
        ),
    ),
    parse=parse,
    cadence=timedelta(days=45),
    row_floor=10,
    raw_patterns=("metr/benchmark_results_1_1*.yaml",),
    request_of=lambda path: "benchmark_results",
    known_at_of=known_at_of,
)  # fmt: skip
