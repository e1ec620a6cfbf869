"""The AI Index's figures copied by hand, in the project's own table and in a copy."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.ai_index_figures import split_values
from sources.errors import ParseError
from sources.registry import get
from tests.fixtures import bodies

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "warehouse" / "reference" / "ai_index_figures.csv"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("61", [(61.0, None)]),
        ("1405 (o1-2024-12-17)", [(1405.0, "o1-2024-12-17")]),
        ("Sample One 1503; Sample Two 1,495", [(1503.0, "Sample One"), (1495.0, "Sample Two")]),
        ("Europe 3 (France 3)", [(3.0, "Europe"), (3.0, "France")]),
        ("closed 1503 vs open GLM-5 1454", [(1503.0, "closed"), (1454.0, "open GLM-5")]),
        (None, []),
    ],
)
def test_numbers_and_whose_they_are(cell: str | None, expected: list[tuple[float, str | None]]) -> None:
    """Would catch a model's version read as its score."""
    assert split_values(cell, "here") == expected


def test_a_cell_without_a_number_is_refused() -> None:
    """Would catch a figure that vanishes because it was written out."""
    header = "edition,figure,measure,period,us,china,other,unit,gap,gap_unit,note\n"
    with pytest.raises(ParseError, match="sixty-one"):
        bodies.parsed("ai_index_figures", header + "2024,1,notable models,2023,sixty-one,15,,count,,,\n")
    with pytest.raises(ParseError, match="edition"):
        bodies.parsed(
            "ai_index_figures", header.replace("edition,", "year,") + "2024,1,m,2023,1,2,,count,,,\n"
        )


def test_the_projects_own_table_reads_back() -> None:
    """Would catch a figure in our table without evidence, edition or number."""
    frame = bodies.parsed("ai_index_figures", OWN.read_bytes())
    with OWN.open(encoding="utf-8", newline="") as file:
        plain = list(csv.DictReader(file))
    assert frame.height == len(plain)
    assert frame["sentence"].to_list() == [row["citation"] for row in plain]
    for name in ("us", "china", "other", "gap"):
        assert frame[name].to_list() == [float(row[name]) if row[name] else None for row in plain]
    key = [
        "edition",
        "figure",
        "measure",
        "period",
        "us_label",
        "china_label",
        "other_label",
        "gap_unit",
        "sentence",
    ]
    assert not frame.select(key).is_duplicated().any()


def test_both_editions_of_february_2025_are_there() -> None:
    """Would catch one edition's figure overwriting the other's: both are right as published."""
    frame = bodies.parsed("ai_index_figures", OWN.read_bytes())
    february = frame.filter((pl.col("period") == "2025-02") & (pl.col("gap_unit") == "percent"))
    assert sorted(february.select("edition", "gap").rows()) == [(2025, 1.7), (2026, 0.4)]


def test_our_table_has_every_transcribed_figure(upstream: Path) -> None:
    """Would catch a figure lost or changed while it was rewritten as ours."""
    files = sorted(upstream.glob("ai_index/published_figures*.csv"))
    if not files:
        pytest.skip("no transcription")
    ours = bodies.parsed("ai_index_figures", OWN.read_bytes())
    for path in files:
        theirs = bodies.parsed("ai_index_figures", path.read_bytes())
        for side in ("us", "china", "other", "gap"):

            def told_of(frame: pl.DataFrame, side: str = side) -> set[tuple[object, ...]]:
                return set(frame.drop_nulls(side).select("edition", "period", side).rows())

            assert told_of(theirs) <= told_of(ours), side


def test_claims_and_events_are_whole_and_cited(upstream: Path) -> None:
    """Would catch a claim lost or its figures changed, or an event without date, side or citation."""
    reference = ROOT / "warehouse" / "reference"

    def table(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    claims, events = table(reference / "claims.csv"), table(reference / "policy_events.csv")
    given = upstream.parent / "reference"
    if not (given / "claims.csv").is_file():
        pytest.skip("no claims to compare with")
    # Ours to word, and which country a count of models is of.
    ours_alone = {"statement", "source", "country"}
    for ours, theirs in zip(claims, table(given / "claims.csv"), strict=True):
        assert [name for name in ours if name != "country"] == list(theirs)
        assert {k: v for k, v in ours.items() if k not in ours_alone} == {
            k: v for k, v in theirs.items() if k not in ours_alone
        }
    assert {row["date"] for row in table(given / "policy_events.csv")} <= {row["date"] for row in events}
    assert [row["date"] for row in events] == sorted(row["date"] for row in events)
    for row in events:
        datetime.fromisoformat(row["date"])
        assert row["side"] in ("US", "CN")
        assert all(row.values())
    assert {row["side"] for row in events} == {"US", "CN"}


def test_a_copy_is_known_since_the_newest_edition_it_cites() -> None:
    """Would catch figures of 2026 known since 2024, or only since the copy was made."""
    source = get("ai_index_figures")
    body = b"edition,figure\n2024,1.1\n2026,1.2\n"
    assert source.known_at_of(PurePath("figures.csv"), body) == datetime(2026, 4, 13, tzinfo=UTC)
    assert source.known_at_of(PurePath("figures_2026-05-01.csv"), body) == datetime(2026, 5, 1, tzinfo=UTC)
    assert source.known_at_of(PurePath("figures.csv"), b"edition,figure\n") is None
