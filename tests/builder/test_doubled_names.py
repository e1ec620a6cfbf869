"""Rows that differ under one name set the name aside, and its category only if one of them could change a leader."""

from __future__ import annotations

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import CN, OFFICIAL, OTHER, US, Candidate, Cases, field_of, printed, row

CASES = Cases()
FIELD = field_of(1300.0, 1260.0)


def doubled(variant: str, model: str, *scores: float, lines: list[dict[str, object]] = FIELD) -> str:
    others = [line for line in lines if line["model_name"] != model]
    return CASES.add(
        variant, printed(OFFICIAL, "2025-01-31", [*others, *(row(model, score) for score in scores)])
    )


LAST = doubled("last", CN[4], 1100.0, 1101.0)
BELOW = doubled("just below its country's top", CN[1], 1259.9, 1200.0)
REACHES = doubled("one reading reaches the top", CN[1], 1260.0, 1200.0)
US_BELOW = doubled("above the other country's top only", US[1], 1299.0, 1290.0)
LEADER = doubled("the leader", US[0], 1300.0, 1301.0)
LEADER_FAR = doubled("the leader, far down", US[0], 1100.0, 1101.0)
ONLY_ONE = doubled(
    "the only Chinese model",
    CN[0],
    1100.0,
    1101.0,
    lines=[line for line in FIELD if line["model_name"] not in CN],
)
UNKNOWN_BELOW = doubled("unknown, below both", "new-1", 1259.0, 1200.0)
UNKNOWN = doubled("unknown, between the tops", "new-2", 1261.0, 1200.0)
ELSEWHERE = doubled("of a third country", OTHER[4], 1100.0, 1101.0)
ONE_CATEGORY = CASES.add(
    "one category",
    printed(
        OFFICIAL,
        "2025-01-31",
        [
            *FIELD,
            *({**line, "category": "math"} for line in FIELD),
            row(US[0], 1310.0, category="math"),
        ],
    ),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(tmp_path_factory.mktemp("doubled"), *CASES.boards)


@pytest.mark.parametrize("variant", [LAST, BELOW, US_BELOW, LEADER_FAR, UNKNOWN_BELOW, ELSEWHERE])
def test_doubled_name_that_cannot_lead_is_set_aside_alone(built: Candidate, variant: str) -> None:
    line = built.gap("2025-01", variant)
    assert line["status"] == "observed"
    assert line["cn_score"] == 1260.0
    assert line["us_score"] == (1289.0 if variant == LEADER_FAR else 1300.0)
    rows = built.rows(
        "SELECT r.score AS reading, s.score FROM core.ambiguous_rows AS r JOIN core.snapshots USING (snapshot_id) "
        "JOIN core.scores AS s USING (snapshot_id, category, model_name) WHERE variant = ?",
        [variant],
    )
    assert len(rows) == 2
    assert {row["score"] for row in rows} == {None}


@pytest.mark.parametrize("variant", [REACHES, LEADER, ONLY_ONE, UNKNOWN])
def test_doubled_name_that_could_change_a_leader_leaves_its_category_without_a_gap(
    built: Candidate, variant: str
) -> None:
    line = built.gap("2025-01", variant)
    assert (line["status"], line["gap_points"]) == ("ambiguous", None)


def test_only_the_category_in_which_the_name_is_doubled_is_ambiguous(built: Candidate) -> None:
    assert built.gap("2025-01", ONE_CATEGORY)["gap_points"] == 40.0
    assert built.gap("2025-01", ONE_CATEGORY, "math")["status"] == "ambiguous"
    result = built.result("ambiguous_categories")
    assert result.check.severity == "warn"
    assert result.failing_rows == len(CASES.boards)
