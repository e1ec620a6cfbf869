"""Acceptable bodies of every source, small, for the fuzzer to mutate: made ones, and real ones cut down."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from sources.contract.receipt import Receipt, sha256_of
from sources.contract.snapshot import Snapshot
from sources.ingestion.local_files import body_of, raw_files
from sources.registry import get
from tests.fixtures import bodies
from tests.fixtures.csv_files import written
from tests.fixtures.every_source import BODIES
from tests.sources import (
    test_ai_index_data as ai_index_data,
)
from tests.sources import (
    test_ai_index_pages as ai_index_pages,
)
from tests.sources import (
    test_aider as aider,
)
from tests.sources import (
    test_epoch_benchmarks as benchmarks,
)
from tests.sources import (
    test_epoch_eci as eci,
)
from tests.sources import (
    test_epoch_hardware as hardware,
)
from tests.sources import (
    test_epoch_notable_models as notable,
)
from tests.sources import (
    test_epoch_tracker as tracker,
)
from tests.sources import (
    test_evalplus as evalplus,
)
from tests.sources import (
    test_livebench as livebench,
)
from tests.sources import (
    test_lmarena_site as site,
)
from tests.sources import (
    test_mmmu as mmmu,
)
from tests.sources import (
    test_prices as prices,
)
from warehouse.workspace import ROOT

#: Since when every body is known: after all days printed in them.
KNOWN_AT = datetime(2026, 11, 20, tzinfo=UTC)
#: Real bodies larger than this are cut, or left out where that is not simple.
MAX_BYTES = 120_000
#: Real files taken of each source and request.
REAL_FILES = 2


@dataclass(frozen=True)
class Base:
    """A body that its source accepts."""

    source_id: str
    request: str
    file_name: str
    body: bytes

    def snapshot(self, body: bytes) -> Snapshot:
        """``body`` as received in place of this one."""
        receipt = Receipt(
            self.source_id, self.request, sha256_of(body), len(body), "", KNOWN_AT, KNOWN_AT, self.file_name
        )
        return Snapshot(body, receipt)


def _benchmarks() -> Iterator[tuple[str, str, bytes]]:
    names = [f"sample-{place}" for place in range(60)]
    hub = [benchmarks.hub(name, f"0.{900 - place}") for place, name in enumerate(names)]
    files = {"gpqa_diamond.csv": written(hub), "math_level_5.csv": written(hub)}
    yield get("epoch_benchmarks").requests[0].name, "benchmark_data_2026-10-01.zip", benchmarks.zipped(files)
    runs = [benchmarks.run(f"m{place}", f"0.{900 - place}") for place in range(120)]
    yield "runs", "benchmarks_runs_2025-12.csv", benchmarks.pair(runs, [benchmarks.release("m1")])
    scored = [
        benchmarks.scored("gpqa_diamond", f"m{place}", score=f"{90 - place / 2}") for place in range(120)
    ]
    yield "scores", "benchmark_scores_2026-08-22.csv", written(scored).encode()


def _horizon() -> str:
    entry = (
        "  sample_{0}:\n    benchmark_name: METR-Horizon-v1.1\n    metrics:\n      p50_horizon_length:\n"
        "        ci_high: {1}\n        ci_low: 1.5\n        estimate: {0}.5\n    release_date: 2024-06-20\n"
    )
    entries = (entry.format(place, 2 * place + 5) for place in range(3, 20))
    return "benchmark_name: METR-Horizon-v1.1\nresults:\n" + "".join(entries)


def _counts() -> str:
    rows = (f"{year},United States,{year - 1980}\n{year},China,{year - 2000}\n" for year in range(2018, 2026))
    return ai_index_data.COUNTS.splitlines()[0] + "\n" + "".join(rows)


def _models_dev() -> str:
    tiers = {"tiers": [{"tier": {"size": 200000}, "input": 5, "output": 30}]}
    return prices.models_dev(
        **{
            f"sample-{place}": {
                "id": f"sample-{place}",
                "name": f"Sample {place}",
                "release_date": "2026-03-05",
                "open_weights": True,
                "cost": {"input": 2.5, "output": 15, "cache_read": 0.25, **tiers},
                "limit": {"context": 400000},
            }
            for place in range(320)
        }
    )


def made() -> list[Base]:
    """A made body for every source and shape."""
    found = [Base(source, *rest) for source, rest in bodies.BODIES.items()]
    found += [Base(source, *BODIES[source]) for source in ("artificial_analysis", "llm2014", "llm_stats")]
    found += [Base("epoch_benchmarks", *rest) for rest in _benchmarks()]
    page = ai_index_pages.page(ai_index_pages.PROSE)
    counts = ai_index_data.archive({f"{ai_index_data.CHAPTER}/fig_1.3.1.csv": _counts()})
    listed = {
        f"northwind/sample-{place}": prices.chat(input_cost_per_token=1e-06, output_cost_per_token=5e-06)
        for place in range(500)
    } | {f"northwind/tiered-{place}": prices.chat(tiered_pricing=prices.TIERS) for place in range(20)}
    ratings = [(f"sample-{place}", 80 - place / 2, 60, 30, 50, 40) for place in range(60)]
    shapes: list[tuple[str, str, str, str | bytes]] = [
        ("lmarena_site", "text", "", site.page()),
        (
            "epoch_eci",
            "eci_scores",
            "eci_scores_2026-10-01.csv",
            written(
                [
                    eci.fitted(
                        f"Sample {place}", eci=140 - place, eci_ci_low=138 - place, eci_ci_high=143 - place
                    )
                    for place in range(60)
                ]
            ),
        ),
        (
            "epoch_eci",
            "eci_scores",
            "epoch_capabilities_index_2026-10-01.csv",
            written([eci.version(f"Sample {place}") for place in range(60)]),
        ),
        (
            "epoch_notable_models",
            "notable_ai_models",
            "notable_ai_models_2026-01-26.csv",
            notable.models(*({"Model": f"Sample {place}"} for place in range(510))),
        ),
        (
            "epoch_hardware",
            "ml_hardware",
            "ml_hardware_2026-04-22.csv",
            hardware.chips(*({"Hardware name": f"Sample {place}"} for place in range(110))),
        ),
        (
            "aider",
            "polyglot",
            "polyglot_leaderboard.yml",
            "".join(aider.run(f"sample-{place}") for place in range(12)),
        ),
        ("evalplus", "results", "humaneval__2023-12-30_aaaaaaa.csv", evalplus.both()),
        ("evalplus", "plus", "humanevalplus__2023-09-01_aaaaaaa.csv", evalplus.alone()),
        (
            "epoch_tracker",
            "data",
            "data__2026-10-01_aaaaaaa.json",
            tracker.page(
                eci=[tracker.indexed(f"Sample {place}", eci=150.5 - place) for place in range(60)],
                gpqa_diamond=[tracker.scored(f"sample-{place}", score=90.5 - place) for place in range(60)],
            ),
        ),
        (
            "mmmu",
            "leaderboard",
            "leaderboard_data__2026-10-01_aaaaaaa.json",
            mmmu.page(
                *(
                    mmmu.entry(f"Sample {place}", validation=f"{90 - place}", pro=f"{80 - place}")
                    for place in range(60)
                )
            ),
        ),
        ("litellm_prices", "prices", "2026-06-29_aaaaaaa.json", prices.litellm(**listed)),
        ("models_dev", "api", "models_dev_api_2026-07-01.json", _models_dev()),
        (
            "ai_index_figures",
            "cited",
            "published_figures.csv",
            (ROOT / "warehouse" / "reference" / "ai_index_figures.csv").read_bytes(),
        ),
        ("ai_index_pages", "2026-technical-performance", "", page),
        ("ai_index_data", "public_data", "public_data.zip", counts),
        ("livebench", "release", "table_2026_01_08.zip", livebench.sample_release(ratings)),
        ("metr_horizon", get("metr_horizon").requests[0].name, "benchmark_results_1_1.yaml", _horizon()),
    ]
    found += [
        Base(source, request, name, body.encode() if isinstance(body, str) else body)
        for source, request, name, body in shapes
    ]
    return found


def real(folder: Path) -> list[Base]:
    """The newest real files of each source below ``folder``, cut in memory where they are large."""
    if not folder.is_dir():
        return []
    found: dict[tuple[str, str], list[Base]] = {}
    for source, path in raw_files(folder):
        request = source.request_for(path)
        body = cut(body_of(source, path), path.suffix, source.row_floor)
        if request and body is not None:
            found.setdefault((source.id, request), []).append(Base(source.id, request, path.name, body))
    return [base for group in found.values() for base in group[-REAL_FILES:]]


def cut(body: bytes, suffix: str, row_floor: int) -> bytes | None:
    """``body``, or its first rows when it is large; None when it cannot be cut simply."""
    if len(body) <= MAX_BYTES:
        return body
    keep = 2 * row_floor + 20
    if suffix == ".parquet":
        target = io.BytesIO()
        pl.read_parquet(io.BytesIO(body)).filter(pl.col("category") == "overall").head(keep).write_parquet(
            target
        )
        return target.getvalue()
    if suffix == ".json":
        page = json.loads(body)
        if isinstance(page, dict) and len(page) > keep:
            return json.dumps(dict(list(page.items())[:keep])).encode()
    return None
