"""One bad row costs itself, unless there are too many or it may be near the top of a board."""

from __future__ import annotations

import polars as pl
import pytest

from sources.contract.rows import OBSERVATION, conform
from sources.contract.set_aside import Parsed, SetAsideRow, check_set_aside
from sources.errors import ParseError


def board(rows: int) -> pl.DataFrame:
    """Scores from ``rows`` down to 1."""
    scores = [{"model_name": f"m{place}", "score": float(rows - place)} for place in range(rows)]
    return conform(scores, OBSERVATION, board="b", variant="v", category="overall")


def lost(place: int, **shown: float) -> SetAsideRow:
    return SetAsideRow(place, f"bad {place}", "score", "'x'", "a number", **shown)


@pytest.mark.parametrize(("count", "fits"), [(5, True), (6, False)])
def test_a_short_list_may_lose_five_rows(count: int, fits: bool) -> None:
    parsed = Parsed(board(100), tuple(lost(place, rank=90) for place in range(count)))
    if fits:
        check_set_aside(parsed, 0.2, "here")
    else:
        with pytest.raises(ParseError, match=r"6 of 106 rows cannot be read, the first is row 0 \(bad 0\)"):
            check_set_aside(parsed, 0.2, "here")


def test_a_long_list_may_lose_one_row_in_a_hundred() -> None:
    rows = tuple(lost(place) for place in range(20))
    check_set_aside(Parsed(board(1980), rows), 0, "here")
    with pytest.raises(ParseError, match="at most 19"):
        check_set_aside(Parsed(board(1970), rows), 0, "here")


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        ({"rank": 21.0}, True),
        ({"rank": 20.0}, False),
        ({"score": 70.0}, True),
        ({"score": 95.0}, False),
        ({}, False),
    ],
)
def test_of_a_board_only_a_row_shown_to_be_below_the_top_fifth_may_be_lost(
    shown: dict[str, float], fits: bool
) -> None:
    parsed = Parsed(board(99), (lost(1, **shown),))
    if fits:
        check_set_aside(parsed, 0.2, "here")
    else:
        with pytest.raises(ParseError, match="top 20%"):
            check_set_aside(parsed, 0.2, "here")
