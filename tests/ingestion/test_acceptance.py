"""Bodies that are not what they were, or nothing at all: what is refused, and what only looks odd."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.contract.request import Request
from sources.contract.source import Source
from sources.contract.validation import read
from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.quarantine import quarantined_bodies
from sources.ingestion.fetch import fetch
from sources.ingestion.intake import IntakeResult
from sources.ingestion.local_files import body_of
from sources.ingestion.web.session import Session
from sources.registry import all_sources, get
from tests.fixtures import bodies
from tests.fixtures.fetching import CSV, HF, PAGE, ask, at, held, refused
from tests.fixtures.web import Web, answer


def table(*rows: tuple[Any, ...], header: tuple[str, ...] = bodies.ALLTIME) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


def row(place: int, rating: object = None, name: str = "Sample") -> tuple[Any, ...]:
    score = 1300.5 - place if rating is None else rating
    return (f"sample-{place}", f"{name} {place}", score, "MIT", "Contoso", "20240101")


ROWS = [row(place) for place in range(120)]
RENAMED = tuple("elo" if name == "rating" else name for name in bodies.ALLTIME)
TABLES: dict[str, tuple[bytes, str]] = {
    "a renamed column": (table(*ROWS, header=RENAMED), "also rating"),
    "a header row only": (table(), "no rows"),
    "cut to a tenth": (table(*ROWS[:12]), "12 rows"),
    "not UTF-8": (table(*ROWS).replace(b"Sample", b"Mad\xe9"), "not UTF-8"),
    "only NaN": (table(*(row(place, "NaN") for place in range(120))), "no row has a score"),
    "only 1e999": (table(*(row(place, "1e999") for place in range(120))), "no row has a score"),
    "words for numbers": (table(*ROWS, row(121, "n.d.")), "'n.d.'"),
    "an empty list": (b"[]", "columns"),
    "an error as JSON": (b'{"error": "rate limited"}', "columns"),
    "a page": (PAGE, "a web page"),
    "zeros": (bytes(4000), "a NUL character"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_is_not_what_it_was_is_put_aside(site: Web, archive: Archive, name: str) -> None:
    """Would catch a column that moved, a scale that changed or an error message published as a leaderboard."""
    body, says = TABLES[name]
    request = at(site.says("/a.csv", answer(table(*ROWS), media_type="text/csv")), CSV)
    with Session(pace=0) as session:
        assert ask(request, archive, session, source=CSV).result is IntakeResult.NEW
        site.says("/a.csv", answer(body, media_type="text/csv"))
        outcome = ask(request, archive, session, 1, CSV)
    refused(outcome, says)
    assert outcome.result is IntakeResult.QUARANTINED
    assert held(archive, CSV) == table(*ROWS)
    (entry,) = quarantined_bodies(archive)
    assert entry.body.read_bytes() == body


HELD: dict[str, tuple[bytes, str]] = {
    "another scale": (
        table(*(row(place, 2100.5 - place) for place in range(120))),
        "the top is 2100.5, after 1300.5",
    ),
    "another scale on the newest day": (
        table(*ROWS, *((*cells[:2], cells[2] - 600, *cells[3:5], "20240201") for cells in ROWS)),
        "the top is 700.5, after 1300.5, on 2024-01-01",
    ),
    "a hundred times as long": (
        table(*(row(place, 1300.5 - place / 20) for place in range(12_000))),
        "12000 rows, after 120",
    ),
    "a sixth of the rows gone": (table(*ROWS[:100]), ""),
}


@pytest.mark.parametrize("name", HELD)
def test_a_table_that_does_not_fit_is_archived_and_held(site: Web, archive: Archive, name: str) -> None:
    """Would catch another scale or half a table published, or a body lost because it looks wrong."""
    body, says = HELD[name]
    first = table(*ROWS)
    request = at(site.says("/a.csv", *(answer(one, media_type="text/csv") for one in (first, body))), CSV)
    with Session(pace=0) as session:
        assert ask(request, archive, session, source=CSV).result is IntakeResult.NEW
        outcome = ask(request, archive, session, 1, CSV)
    if not says:
        assert (outcome.result, outcome.held) == (IntakeResult.NEW, ())
        return
    (line,) = outcome.held or [outcome.reason]
    assert says in line
    assert "aigap archive release" in line
    assert held(archive, CSV) == body, "archived"
    assert quarantined_bodies(archive) == []
    # A day of a table alone may be wrong, and the others count.
    assert outcome.failed == ("newest day" not in name)


def test_what_only_looks_odd_is_accepted(site: Web, archive: Archive) -> None:
    """Would catch a byte-order mark, another order of columns or one senseless figure refused or misread."""
    backwards = table(*(cells[::-1] for cells in ROWS), header=bodies.ALLTIME[::-1])
    odd = table(*ROWS[:118], row(118, "NaN"), row(119, "1e999"))
    with Session(pace=0) as session:
        for day, body in enumerate((b"\xef\xbb\xbf" + table(*ROWS), backwards, odd)):
            request = at(site.says("/a.csv", answer(body, media_type="text/csv")), CSV)
            outcome = ask(request, archive, session, day, CSV)
            assert (outcome.result, outcome.rows) == (IntakeResult.NEW, 120), outcome.line()
            assert outcome.receipt is not None
            scores = read(CSV, archive.load(outcome.receipt)).frame["score"]
            assert scores[:118].to_list() == [1300.5 - place for place in range(118)]
            assert not scores.is_nan().any()
            assert not scores.is_infinite().any()
    assert scores[118:].to_list() == [None, None]


def live() -> list[tuple[Source, Request]]:
    """The first live request of every source."""
    found = [(source, request) for source in all_sources() for request in source.requests if request.address]
    return list({source.id: (source, request) for source, request in reversed(found)}.values())


LIES = {
    "login page": PAGE,
    "error": b'{"error": {"code": 429, "message": "slow down"}}',
    "empty list": b"[]",
    "empty object": b"{}",
    "nothing": b"",
    "blanks": b" \n\n",
    "null": b"null",
    "numbers": b"NaN 1e999 -Infinity",
    "zeros": bytes(10_000),
    "noise": zlib.compress(bytes(range(256)) * 40),
    "no text": b"\xff\xfe\xfa" * 400,
    "deep": b"[" * 30_000,
    "a cut ZIP": b"PK\x03\x04" + bytes(60),
    "a cut Parquet": b"PAR1" + bytes(60),
    "a header row": b"model,score,date\n",
}


@pytest.mark.parametrize(("source", "request_"), live(), ids=[source.id for source, _ in live()])
def test_no_source_takes_anything_for_its_table(
    site: Web, session: Session, archive: Archive, source: Source, request_: Request
) -> None:
    """Would catch a parser that crashes on, or finds a table in, what a server sends instead of one."""
    ending = Path(request_.address).suffix
    for name, body in LIES.items():
        site.says(f"/a{ending}", answer(body, media_type=request_.media_types[0]))
        request = replace(request_, address=site.address(f"/a{ending}"), fingerprint=None)
        outcome = fetch(source, request, archive, session, now=bodies.MOMENT)
        assert outcome.failed, f"{name}: {outcome.line()}"
        assert "\n" not in outcome.line()
    assert archive.history(source.id) == []


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, body in files.items():
            pack.writestr(name.replace("__", "/"), body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (zipped(**{"..__..__evil.csv": b"a,b\n1,2\n"}), "'../../evil.csv'"),
        (zipped(**{"__etc__evil.csv": b"a,b\n1,2\n"}), "'/etc/evil.csv'"),
        (zipped(**{"a.csv": bytes(300 * 1024 * 1024)}), "bytes unpacked"),
        (zipped(**{f"{n}.csv": b"" for n in range(1001)}), "1001 files"),
        (zipped(), ""),
    ],
    ids=["leads out", "absolute", "bomb", "many files", "empty"],
)  # fmt: skip
def test_a_hostile_zip_is_put_aside(
    site: Web, archive: Archive, tmp_path: Path, body: bytes, says: str
) -> None:
    """Would catch a file written outside the archive, or memory filled by a small download."""
    source = get("epoch_benchmarks")
    with Session(pace=0) as session:
        request = at(site.says("/a.zip", answer(body, media_type="application/zip")), source)
        outcome = ask(request, archive, session, source=source)
    refused(outcome, says)
    assert outcome.result is IntakeResult.QUARANTINED
    assert list(tmp_path.rglob("evil.csv")) == []


def test_a_parquet_of_a_few_bytes_and_endless_rows_is_put_aside(
    site: Web, session: Session, archive: Archive
) -> None:
    """Would catch a column of one repeated value that unpacks to more than memory."""
    body = bodies.parquet(pl.DataFrame({"rating": pl.repeat(1, 20_000_001, dtype=pl.Int8, eager=True)}))
    assert len(body) < 400_000
    refused(ask(at(site.says("/a", answer(body))), archive, session), "20000001 rows")


def test_a_parser_that_fails_in_a_way_nobody_foresaw_is_a_refusal(
    site: Web, session: Session, archive: Archive
) -> None:
    """Would catch one source's mistake ending the run of all."""

    def parse(snapshot: object) -> pl.DataFrame:
        raise ZeroDivisionError("by\nzero")

    source = replace(HF, parse=parse)
    outcome = ask(at(site.says("/a", answer(bodies.hf()))), archive, session, source=source)
    refused(outcome, "ZeroDivisionError: by zero")
    assert outcome.result is IntakeResult.QUARANTINED
    assert archive.latest(HF.id, "text") is None, "nothing of it is in use"


MEASURED = """
import json, resource, sys
from pathlib import Path
from sources.ingestion.collect import collect
from sources.registry import get
(outcome,) = collect(get("lmarena_hf"), Path(sys.argv[1]), ["text_full"])
print(json.dumps([outcome.line(), outcome.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def test_a_million_rows_arrive_in_bounded_memory(site: Web, tmp_path: Path) -> None:
    """Would catch a whole history, at upstream's real size, that a small machine cannot take in."""
    days, models = 247, 4730
    frame = (
        pl.DataFrame({"place": range(models)})
        .join(pl.DataFrame({"day": range(days)}), how="cross")
        .with_columns(noise=(pl.int_range(pl.len()).hash(7) % 1_000_003) / 1_000_003)
    )
    rating = 1500 - pl.col("place") / 20 + pl.col("noise")
    body = bodies.parquet(
        frame.select(
            pl.format("sample-{}", pl.col("place")).alias("model_name"),
            pl.format("maker-{}", pl.col("place") % 60).alias("organization"),
            pl.lit("MIT").alias("license"),
            rating.alias("rating"),
            (rating - 5 - pl.col("noise")).alias("rating_lower"),
            (rating + 5 + pl.col("noise")).alias("rating_upper"),
            (6 + pl.col("noise")).alias("variance"),
            (4000.0 + pl.col("place")).alias("vote_count"),
            (pl.col("place") + 1.0).alias("rank"),
            pl.lit("overall").alias("category"),
            (pl.lit(date(2023, 5, 8)) + pl.duration(days=pl.col("day") * 5)).dt.to_string().alias(
                "leaderboard_publish_date"
            ),
        )
    )  # fmt: skip
    assert frame.height > 1_168_000
    changed = tmp_path / "addresses.json"
    changed.write_text(json.dumps({"lmarena_hf/text_full": site.says("/full.parquet", answer(body))}))
    child = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path / "archive")],
        env={**os.environ, "AIGAP_ADDRESS_OVERRIDES": str(changed)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    line, rows, kilobytes = json.loads(child.stdout)
    assert rows == frame.height, line
    assert kilobytes < 1.5e6, f"{kilobytes / 1e6:.2f} GB, {len(body)} bytes"


def test_a_file_larger_than_any_body_is_not_read_to_its_end(tmp_path: Path) -> None:
    """Would catch a disk image, named by mistake, that fills the memory."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(300 << 20)
    with pytest.raises(UsageError, match="more than 268435456 bytes"):
        body_of(CSV, path)
