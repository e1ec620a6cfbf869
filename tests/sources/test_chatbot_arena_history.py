"""The history mirror: 105 dates in one file, named by the arena's keys."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import pytest

from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import ALLTIME, alltime, parsed, read_file, table

SOURCE = get("chatbot_arena_history")


def test_a_row_is_read_as_printed() -> None:
    """Would catch the display name taken for the key, or digits lost."""
    row = parsed("chatbot_arena_history", alltime()).row(1, named=True)
    assert (row["board"], row["variant"], row["category"]) == ("arena_text", "raw", "overall")
    assert (row["model_name"], json.loads(row["extra"])) == ("sample-1", {"display_name": "Sample 1"})
    assert row["score"] == 1299.123456
    assert (row["organization_name"], row["license_name"]) == ("Contoso", "MIT")
    assert row["published_on"] == date(2024, 1, 1)
    assert [row[name] for name in ("score_low", "score_high", "standard_error", "votes", "rank")] == [
        None
    ] * 5


def test_each_date_is_a_vintage_and_repeated_rows_stay() -> None:
    """Would catch two publications merged, or the mirror's repetitions hidden from whoever counts them."""
    text = alltime(("20230508", "20250326"), 3)
    frame = parsed("chatbot_arena_history", text + text.splitlines()[1] + "\n")
    assert frame.height == 7
    assert set(frame["published_on"]) == {date(2023, 5, 8), date(2025, 3, 26)}


def test_quoted_cells_and_foreign_letters() -> None:
    """Would catch a name cut at its comma."""
    text = table(ALLTIME, [["sample", '"Sample, ""Größe"" 智"', 1300, "MIT", "智谱", "20240101"]])
    row = parsed("chatbot_arena_history", text).row(0, named=True)
    assert json.loads(row["extra"])["display_name"] == 'Sample, "Größe" 智'
    assert row["organization_name"] == "智谱"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("key,", "id,", "expected also key"),
        ("1300.123456", "high", "score 'high'"),
        ("20240101", "2024-01-01", "expected a date as %Y%m%d"),
        ("sample-0,", ",", "model_name is missing"),
        (",20240201\n", ",20240201,surplus\n", "7 cells in the last row"),
    ],
)
def test_another_shape_is_named(old: str, new: str, says: str) -> None:
    """Would catch a changed file read as something it is not."""
    with pytest.raises(ParseError, match=says):
        parsed("chatbot_arena_history", alltime().replace(old, new))
    with pytest.raises(EmptyTable):
        parsed("chatbot_arena_history", ",".join(ALLTIME) + "\n")


def test_known_when_its_newest_date_was() -> None:
    """Would catch the whole history taken as known in 2023, or only today."""
    body = alltime(("20240101", "20250326", "20240201")).encode()
    assert SOURCE.known_at_of(PurePath("alltime.csv"), body) == datetime(2025, 3, 26, tzinfo=UTC)
    assert SOURCE.known_at_of(PurePath("alltime.csv"), b"a,b\n1,2\n") is None


def test_the_real_file(upstream: Path) -> None:
    """Would catch rows lost from the only history of retired models."""
    path = upstream / "chatbot_arena_history" / "alltime.csv"
    frame = read_file(SOURCE, path)
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert frame.height == len(rows)
    assert frame["published_on"].n_unique() == len({row["date"] for row in rows}) == 105
    assert sum(frame["score"]) == pytest.approx(sum(float(row["rating"]) for row in rows))
    assert frame["score"].is_between(500, 1600).all()
    assert (frame["published_on"].min(), frame["published_on"].max()) == (date(2023, 5, 8), date(2025, 3, 26))
    # 96 repetitions, kept for whoever decides that they are one row
    assert frame.height - frame.unique().height == 96
