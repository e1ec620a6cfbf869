"""What a release withholds, told to people."""

from __future__ import annotations

from typing import Any

from warehouse.release.withheld import Withheld, lines


def entry(day: int, csv_line: str | None = None) -> dict[str, Any]:
    place = f"arena_text raw overall, 2026-10-{day:02}"
    message = f"US: a leads on day {day}, but not in b"
    return Withheld("sources_disagree", message, None, csv_line, False, (), (), (place,)).to_row()


def test_two_snapshots_that_contradict_each_other_are_told_once() -> None:
    """A refresh printed each of a hundred contradictions twice."""
    assert lines([entry(1), entry(1)]) == lines([entry(1)])
    assert len(lines([entry(1), entry(1), entry(2)])) == 4


def test_of_many_only_the_first_are_told() -> None:
    """Two hundred lines hid what had been published."""
    found = [entry(day, csv_line="a,b") for day in range(1, 13)]
    told = lines(found, most=10)
    assert told[:2] == lines(found)[:2]
    assert told[20:] == ["2 more are withheld; aigap status shows all", "to mend it: aigap resolve"]
    assert lines(found, most=12) == lines(found)
