"""What is left out of a release because it is doubtful, alone, and how the message mends it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    CATALOG,
    CN,
    MIRROR,
    OFFICIAL,
    US,
    Candidate,
    Cases,
    field_of,
    printed,
    row,
)
from warehouse.builder import steps
from warehouse.builder.checks import AuditFailed
from warehouse.db import read_only
from warehouse.read.explain import explain
from warehouse.reference import COLUMNS
from warehouse.release import withheld
from warehouse.switches import STRICT

CASES = Cases()
FIELD = field_of(1300.0, 1260.0)


def times(lines: list[dict[str, object]], **more: object) -> list[dict[str, object]]:
    return [{**line, **more} for line in lines]


# Unknown names

TOP = CASES.add("the very top", printed(OFFICIAL, "2025-01-31", [*FIELD, row("new-1", 1310.0)]))
BETWEEN = CASES.add("between", printed(OFFICIAL, "2025-01-31", [*FIELD, row("new-2", 1270.0)]))
LEVEL = CASES.add("exactly level", printed(OFFICIAL, "2025-01-31", [*FIELD, row("new-3", 1260.0)]))
ONE_CATEGORY = CASES.add(
    "one category",
    printed(
        OFFICIAL,
        "2025-01-31",
        [
            *FIELD,
            row("new-4", 1100.0),
            *times(FIELD, category="math"),
            row("new-4", 1300.0, category="math"),
        ],
    ),
)
NO_CHINESE = CASES.add(
    "no Chinese model",
    printed(
        OFFICIAL,
        "2025-01-31",
        [line for line in FIELD if line["model_name"] not in CN] + [row("new-5", 900.0)],
    ),
)
EARLIER = CASES.add(
    "the month has an earlier publication",
    printed(OFFICIAL, "2024-12-20", FIELD),
    printed(OFFICIAL, "2025-01-15", field_of(1305.0, 1255.0)),
    printed(OFFICIAL, "2025-01-31", [*FIELD, row("new-6", 1300.0)]),
)
OTHER_SOURCE = CASES.add(
    "another source of the day",
    printed(OFFICIAL, "2025-01-31", [*FIELD, row("new-7", 1310.0)]),
    printed(CATALOG, "2025-01-31", FIELD),
)
BELOW = CASES.add("below", printed(OFFICIAL, "2025-01-31", [*FIELD, row("new-8", 1259.0)]))

# Makers without a country, and scores from a misread column

WITHOUT_COUNTRY = CASES.add(
    "without country",
    printed(OFFICIAL, "2025-01-31", [*FIELD, row("m-1", 1280.0, organization_name="Nowhere Lab")]),
)
MISREAD = CASES.add(
    "misread column",
    printed(OFFICIAL, "2025-01-15", FIELD),
    printed(
        OFFICIAL, "2025-01-31", [*FIELD, row(US[0], 14.0, category="math"), *times(FIELD, category="code")]
    ),
)

# Sources of one day

DAY = printed(OFFICIAL, "2025-01-31", FIELD)
AGREE = CASES.add("agree", DAY, printed(CATALOG, "2025-01-31", field_of(1302.0, 1258.0)))
DISAGREE = {
    CASES.add("US top", DAY, printed(CATALOG, "2025-01-31", field_of(1302.1, 1260.0))),
    CASES.add("Chinese top", DAY, printed(CATALOG, "2025-01-31", field_of(1300.0, 1257.9))),
    CASES.add(
        "another leader",
        DAY,
        printed(CATALOG, "2025-01-31", [*FIELD[1:], row("gemini-2.5-pro", 1310.0)]),
    ),
}
NOT_LISTED = CASES.add("leader not listed", DAY, printed(CATALOG, "2025-01-31", FIELD[1:]))
ANOTHER_DAY = CASES.add("another day", DAY, printed(CATALOG, "2025-01-30", field_of(1320.0, 1260.0)))
OUTVOTED = CASES.add(
    "two against the best",
    printed(OFFICIAL, "2025-01-31", field_of(1700.0, 1260.0)),
    printed(CATALOG, "2025-01-31", FIELD),
    printed(MIRROR, "2025-01-31", FIELD),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    folder = tmp_path_factory.mktemp("withheld")
    known = warehouses.reference_copy(folder, organizations="nowhere,Nowhere Lab,,,,,Nowhere Lab,,x")
    return warehouses.warehouse(folder, *CASES.boards, reference_folder=known)


def status(built: Candidate, variant: str, category: str = "overall") -> str:
    found: str = built.gap("2025-01", variant, category)["status"]
    return found


def test_unknown_name_that_could_lead_withholds_what_it_could_lead_and_nothing_else(built: Candidate) -> None:
    for variant in (TOP, BETWEEN, LEVEL, NO_CHINESE):
        line = built.gap("2025-01", variant)
        assert (line["status"], line["gap_points"], line["snapshot_id"]) == ("withheld", None, None), variant
    assert (status(built, ONE_CATEGORY), status(built, ONE_CATEGORY, "math")) == ("observed", "withheld")
    assert status(built, BELOW) == "observed"
    assert built.stopped_by() == []


def test_the_last_good_publication_of_the_month_stands_for_it(built: Candidate) -> None:
    line = built.gap("2025-01", EARLIER)
    assert (line["status"], str(line["published_on"]), line["gap_points"]) == ("observed", "2025-01-15", 50.0)
    assert built.gap("2025-01", OTHER_SOURCE)["source_id"] == CATALOG
    days = built.rows("SELECT published_on FROM core.publications WHERE variant = ?", [EARLIER])
    assert [str(line["published_on"]) for line in days] == ["2024-12-20", "2025-01-15"]
    [then] = built.rows(
        "SELECT published_on FROM gap_as_of('2025-02-01') WHERE variant = ? AND month = '2025-01-01'",
        [EARLIER],
    )
    assert str(then["published_on"]) == "2025-01-15"
    # What the snapshot itself says is not shown as a gap anywhere.
    gaps = built.rows(
        "SELECT DISTINCT status, us_model, gap_points FROM core.snapshot_gaps "
        "WHERE variant = ? AND published_on = '2025-01-31'",
        [EARLIER],
    )
    assert gaps == [{"status": "withheld", "us_model": None, "gap_points": None}]


def test_month_that_is_withheld_has_a_row_even_as_the_first_of_its_series(built: Candidate) -> None:
    assert len(built.rows("SELECT * FROM monthly_gap WHERE variant = ?", [TOP])) == 1


def test_maker_without_a_country_withholds_what_its_model_could_lead(built: Candidate) -> None:
    assert status(built, WITHOUT_COUNTRY) == "withheld"
    [line] = built.rows("SELECT * FROM meta.withheld WHERE variant = ?", [WITHOUT_COUNTRY])
    assert line["reason"] == "maker_without_country"
    assert "give nowhere a country in organizations.csv" in line["message"]
    assert line["csv_line"] == "nowhere,Nowhere Lab,<country>,,,,Nowhere Lab,,x"


def test_score_outside_the_scale_leaves_out_its_snapshot_with_source_and_file_named(built: Candidate) -> None:
    assert str(built.gap("2025-01", MISREAD)["published_on"]) == "2025-01-15"
    lines = built.rows("SELECT * FROM meta.withheld WHERE variant = ? ORDER BY category", [MISREAD])
    assert [line["category"] for line in lines] == ["code", "math", "overall"]
    assert all(f"{US[0]} scores 14.0 in math" in line["message"] for line in lines)
    assert all("sample, text, lmarena_hf/text/2025-01-31/" in line["message"] for line in lines)
    assert all("aigap archive reject " in line["message"] for line in lines)


def test_two_sources_of_one_day_that_contradict_each_other_are_both_left_out(built: Candidate) -> None:
    for variant in DISAGREE:
        assert status(built, variant) == "withheld", variant
        assert len(built.rows("SELECT * FROM meta.withheld WHERE variant = ?", [variant])) == 2
    for variant in (AGREE, NOT_LISTED, ANOTHER_DAY):
        assert status(built, variant) == "observed", variant


def test_source_that_two_others_contradict_is_left_out_alone(built: Candidate) -> None:
    line = built.gap("2025-01", OUTVOTED)
    assert (line["status"], line["gap_points"]) == ("observed", 40.0)
    left_out = built.rows("SELECT source_id FROM meta.withheld WHERE variant = ?", [OUTVOTED])
    assert left_out == [{"source_id": OFFICIAL}]


def test_series_runs_to_its_own_newest_month_if_that_is_later(tmp_path: Path) -> None:
    """Would catch a board that has no row at all because no arena board is as new."""
    exam = [{**line, "board": "livebench", "variant": "default"} for line in FIELD]
    exam = [{**line, "score": line["score"] / 20} for line in exam]
    boards = (printed(OFFICIAL, "2025-01-31", FIELD), printed("livebench", "2025-03-05", exam))
    found = warehouses.warehouse(tmp_path, *boards)
    months = found.rows(
        "SELECT board, variant, max(month) AS last FROM monthly_gap GROUP BY ALL ORDER BY ALL"
    )
    assert {(line["board"], str(line["last"])) for line in months} == {
        ("arena_text", "2025-01-01"),
        ("livebench", "2025-03-01"),
    }
    assert found.result("spine_is_complete").passed


def test_explain_says_what_was_left_out_of_the_month_and_why(built: Candidate) -> None:
    first, *left_out = explain(built.con, "2025-01", "arena_text", TOP, "overall")
    assert "withheld; every snapshot of that month is doubtful" in first
    assert len(left_out) == 1
    assert "unknown model new-1" in left_out[0]
    lines = explain(built.con, "2025-01", "arena_text", EARLIER, "overall")
    assert sum(line.startswith("withheld  ") and "unknown model new-6" in line for line in lines) == 1


def test_strict_stops_the_release_instead(built: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STRICT, "on")
    assert built.stopped_by() == [
        "no_country_near_top", "scores_are_plausible", "sources_agree", "unresolved_near_top",
    ]  # fmt: skip
    with pytest.raises(AuditFailed) as stopped:
        steps.publish(built.staged)
    message = str(stopped.value)
    assert "\n" not in message
    assert "unknown model new-" in message
    assert "add to models.csv" in message
    assert not built.staged.workspace.link.exists()
    assert built.staged.candidate.is_file(), "the candidate stays to be looked at"


def test_the_lines_of_the_messages_filled_in_publish_what_was_withheld(
    built: Candidate, tmp_path: Path
) -> None:
    rows = built.rows(
        "SELECT DISTINCT csv_line FROM meta.withheld WHERE reason = 'unknown_name' ORDER BY ALL"
    )
    added = "\n".join(line["csv_line"].replace("<organization_id>", "alibaba") for line in rows)
    for line in added.splitlines():
        [cells] = csv.reader([line])
        assert len(cells) == len(COLUMNS["models"])
    folder = warehouses.reference_copy(tmp_path, models=added)
    boards = [board for board in CASES.boards if board.rows[0]["variant"] in (TOP, EARLIER)]
    mended = warehouses.warehouse(tmp_path, *boards, reference_folder=folder)
    assert mended.rows("SELECT * FROM meta.withheld") == []
    line = mended.gap("2025-01", TOP)
    assert (line["cn_model"], line["cn_organization_id"], line["gap_points"]) == ("new-1", "alibaba", -10.0)
    assert str(mended.gap("2025-01", EARLIER)["published_on"]) == "2025-01-31"


def test_of_the_models_of_one_maker_the_message_names_the_best(tmp_path: Path) -> None:
    """Fails when it names the first by name, which may be a lesser one than what leads."""
    new = [row(name, score, organization_name="New Lab") for name, score in (("a", 1310.0), ("b", 1320.0))]
    made = warehouses.warehouse(tmp_path, printed(OFFICIAL, "2025-01-31", [*FIELD, *new]))
    with read_only(made.staged.candidate) as con:
        [entry] = withheld.read(con)
    assert entry.models == ("a", "b")
    assert entry.message.startswith("unknown model b (maker New Lab) scores 1320.0")


def test_shipped_history_asks_nothing_of_a_person(shipped_build: Candidate) -> None:
    """Fails when a refresh warns of past days which other publications stand for."""
    with read_only(shipped_build.staged.candidate) as con:
        found = [entry.to_row() for entry in withheld.read(con)]
    assert {entry["reason"] for entry in found} == {"suspect", "sources_disagree"}
    assert [entry["message"] for entry in found if not withheld.is_old_news(entry)] == []
    uncovered = {**found[0], "reason": "sources_disagree", "is_covered": False}
    assert not withheld.is_old_news(uncovered)
