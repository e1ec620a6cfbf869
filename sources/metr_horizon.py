"""METR's time horizons: how long a person needs for the tasks that a model completes half of the time. One YAML file
of task suite 1.1, rewritten when a model is added; METR names models by keys (`claude_3_opus_inspect`).

Written after METR's published generator, without a capture of the file. No organization and no date of publication.
Models measured only on an earlier suite are among the results; `extra` has each model's suite.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from sources.contract import Origin, Request, Snapshot, Source, conform
from sources.parsing.dates import known_at_in_name, parse_iso_date
from sources.parsing.entries import read_entries, refuse_cut, refuse_nested
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_keys
from sources.parsing.yaml import read_yaml

ADDRESS = "https://metr.org/assets/benchmark_results_1_1.yaml"
FIGURES = {"score": "estimate", "score_low": "ci_low", "score_high": "ci_high"}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model: the 50 % horizon in minutes, with bounds of 95 %.

    ``extra`` has the suite, whether the model was the best when released, and the 80 % horizon.
    """
    where = snapshot.where()
    page = as_object(read_yaml(snapshot), "the file")
    require_keys(page, ["results"])
    results = as_object(page["results"], "results")
    refuse_cut(results.values(), where)
    for result in results.values():
        refuse_nested(result, ("metrics", "release_date"), where)
    suite = as_string(page.get("benchmark_name"), "benchmark_name")
    rows = read_entries(
        snapshot,
        results.items(),
        lambda name, result: _row(name, result, suite),
        series=("metr_time_horizon", "default", "overall"),
        score=lambda result: result["metrics"]["p50_horizon_length"]["estimate"],
    )
    return conform(rows, board="metr_time_horizon", variant="default", category="overall")


def _row(name: object, result: object, suite: str | None) -> dict[str, Any]:
    entry = as_object(result, "result")
    metrics = as_object(entry.get("metrics"), "metrics")
    horizon = as_object(metrics.get("p50_horizon_length"), "p50_horizon_length")
    require_keys(horizon, ["estimate"])
    longer = as_object(metrics.get("p80_horizon_length") or {}, "p80_horizon_length")
    extra = {
        "suite": as_string(entry.get("benchmark_name"), "benchmark_name") or suite,
        "is_sota": metrics.get("is_sota") is True or None,
        "p80_minutes": as_float(longer.get("estimate"), "p80_horizon_length"),
    }
    scores = {ours: as_float(horizon.get(theirs), theirs) for ours, theirs in FIGURES.items()}
    return {
        **scores,
        "model_name": str(name).strip(),
        "released_on": parse_iso_date(entry.get("release_date"), "release_date"),
        "extra": dump_extra({key: value for key, value in extra.items() if value is not None}),
    }


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
    known_at_of=known_at_in_name,
)  # fmt: skip
