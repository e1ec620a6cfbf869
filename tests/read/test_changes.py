"""What changed between two releases: the right months, and for the right reason."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.errors import UsageError
from tests.fixtures import warehouses
from tests.fixtures.warehouses import CN, OFFICIAL, US, Candidate, Leaderboard, field_of, printed, rows
from warehouse.read.changes.diff import FIGURES, Changes, MonthChange, compare
from warehouse.read.changes.formats import as_csv, as_json, as_markdown, as_text

JANUARY = printed(OFFICIAL, "2025-01-31", field_of(1300.0, 1260.0, standard_error=5.0))
EARLY = printed(OFFICIAL, "2025-02-05", field_of(1305.0, 1270.0, standard_error=5.0))
LATE = printed(OFFICIAL, "2025-02-26", field_of(1320.0, 1282.0, standard_error=5.0))
SERIES = ("arena_text", "raw", "overall")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(tmp_path_factory.mktemp("before"), JANUARY, EARLY)


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """One snapshot later than ``before``."""
    return warehouses.warehouse(tmp_path_factory.mktemp("after"), JANUARY, EARLY, LATE)


def against(before: Candidate, folder: Path, *boards: Leaderboard, **more: Any) -> Changes:
    after = warehouses.warehouse(folder, *boards, **more)
    return compare(before.staged.candidate, after.staged.candidate)


def month(found: Changes, text: str) -> MonthChange:
    [one] = [
        entry
        for entry in found.months
        if (entry.board, entry.variant, entry.category) == SERIES and entry.month == date.fromisoformat(text)
    ]
    return one


def observed(found: Changes) -> list[str]:
    """Months of the series that changed and have a gap in either release."""
    return [
        f"{entry.month:%Y-%m}"
        for entry in found.months
        if (entry.board, entry.variant, entry.category) == SERIES
        and any(side and side["gap_points"] is not None for side in (entry.before, entry.after))
    ]


def edited(folder: Path, table: str, old: str, new: str) -> Path:
    """A copy of the reference tables with ``old`` replaced in one of them."""
    reference = warehouses.reference_copy(folder)
    path = reference / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {table}.csv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return reference


def test_the_same_figures_of_another_run_are_no_change(before: Candidate, tmp_path: Path) -> None:
    again = before.copy(tmp_path, "UPDATE meta.release SET run_id = 'another', input_hash = repeat('b', 64)")
    found = compare(before.staged.candidate, again)
    assert found.months == []
    assert found.names == found.models == found.inputs == found.parameters == found.claims == []
    assert found.not_compared == []
    assert "nothing changed" in as_markdown(found)


def test_a_new_snapshot_changes_its_month_and_no_other(before: Candidate, after: Candidate) -> None:
    found = compare(before.staged.candidate, after.staged.candidate)
    assert observed(found) == ["2025-02"]
    february = month(found, "2025-02-01")
    assert february.reasons == ("new_snapshot",)
    assert february.detail == "new_snapshot: lmarena_hf of 2025-02-26"
    assert february.before is not None
    assert february.after is not None
    assert february.before["gap_points"] == 35.0
    assert february.after["gap_points"] == 38.0
    assert february.change == 3.0
    [source] = found.inputs
    expected = (OFFICIAL, 1, 0, 15)
    assert (source["source_id"], source["added"], source["removed"], source["rows_added"]) == expected
    words = as_markdown(found)
    assert "2025-02 arena_text raw overall: 35.00" in words
    assert "lmarena_hf: 1 new, 15 rows, known 2025-02-26 to 2025-02-26" in words


def test_a_model_nobody_listed_before_is_named(before: Candidate, tmp_path: Path) -> None:
    newcomer = "gemini-2.5-pro-exp-03-25"
    late = printed(OFFICIAL, "2025-02-26", [*field_of(1320.0, 1282.0), *rows({newcomer: 1380.0})])
    found = against(before, tmp_path, JANUARY, EARLY, late)
    february = month(found, "2025-02-01")
    if february.after is None or february.after["us_model"] != newcomer:
        pytest.fail("the newcomer should lead")
    assert february.reasons == ("new_snapshot", "new_model")
    assert newcomer in february.detail


def test_a_snapshot_taken_away_is_said_to_be_gone(before: Candidate, after: Candidate) -> None:
    found = compare(after.staged.candidate, before.staged.candidate)
    assert observed(found) == ["2025-02"]
    february = month(found, "2025-02-01")
    assert february.reasons == ("snapshot_gone",)
    assert february.change == -3.0
    assert [row["removed"] for row in found.inputs] == [1]


def test_a_month_that_comes_or_goes_has_one_side_only(before: Candidate, tmp_path: Path) -> None:
    without = before.copy(tmp_path, "DELETE FROM monthly_gap WHERE month = '2025-02-01'")
    gone = month(compare(before.staged.candidate, without), "2025-02-01")
    assert gone.reasons == ("month_gone",)
    assert gone.before is not None
    assert (gone.before["gap_points"], gone.after, gone.change) == (35.0, None, None)
    come = month(compare(without, before.staged.candidate), "2025-02-01")
    assert come.reasons[0] == "new_month"
    assert come.after is not None
    assert (come.before, come.after["gap_points"]) == (None, 35.0)


def test_another_maker_in_the_reference_tables_is_a_mapping_change(before: Candidate, tmp_path: Path) -> None:
    # The best US model is now said to be made by a company of Hangzhou.
    line = "\ngpt-4o-2024-05-13,GPT-4o-2024-05-13,openai,"
    reference = edited(tmp_path, "models", line, line.replace("openai", "deepseek"))
    found = against(before, tmp_path, JANUARY, EARLY, reference_folder=reference)
    assert observed(found) == ["2025-01", "2025-02"]
    for text in ("2025-01-01", "2025-02-01"):
        assert month(found, text).reasons == ("mapping",)
        assert US[0] in month(found, text).detail
    assert [(row["model_id"], row["before"], row["after"]) for row in found.countries] == [
        (US[0], "US", "CN")
    ]
    assert f"{US[0]}: US → CN" in as_markdown(found)


def test_another_parameter_is_the_reason(after: Candidate, tmp_path: Path) -> None:
    reference = edited(tmp_path, "parameters", "month_rule,last,", "month_rule,first,")
    found = against(after, tmp_path / "first", JANUARY, EARLY, LATE, reference_folder=reference)
    february = month(found, "2025-02-01")
    assert february.reasons == ("other_snapshot", "parameters")
    assert "month_rule: last → first" in february.detail
    assert found.parameters == [{"name": "month_rule", "before": "last", "after": "first"}]
    assert month(found, "2025-02-01").change == -3.0
    assert observed(found) == ["2025-02"]


def test_what_no_data_explains_is_the_program(before: Candidate, tmp_path: Path) -> None:
    moved = before.copy(
        tmp_path,
        "UPDATE monthly_gap SET us_score = us_score + 1, gap_points = gap_points + 1 "
        "WHERE month = '2025-01-01' AND gap_low IS NOT NULL",
    )
    found = compare(before.staged.candidate, moved)
    assert [(entry.month.month, entry.reasons) for entry in found.months] == [(1, ("code",))]
    assert "the program changed" in as_markdown(found)


def test_another_rule_of_the_interval_is_no_other_mapping(before: Candidate, tmp_path: Path) -> None:
    """Would catch 1,400 months under mapping when a release with another interval changes one maker too."""
    moved = before.copy(
        tmp_path,
        "UPDATE core.models SET public_from = '2020-01-01'",
        "UPDATE monthly_gap SET gap_low = gap_low - 1 WHERE month = '2025-01-01' AND gap_low IS NOT NULL",
    )
    [entry] = compare(before.staged.candidate, moved).months
    assert entry.reasons == ("interval",)
    assert entry.detail.startswith("interval: ")
    assert " → " in entry.detail


def test_another_name_and_another_zero_have_their_own_words(before: Candidate, tmp_path: Path) -> None:
    moved = before.copy(
        tmp_path,
        "UPDATE monthly_gap SET us_model = 'GPT-4o (May)' WHERE month = '2025-01-01' AND us_model IS NOT NULL",
        "UPDATE monthly_gap SET anchor = 'another', gap_pct_of_cn = 0, us_score = us_score + 100, "
        "cn_score = cn_score + 100 WHERE month = '2025-02-01' AND us_model IS NOT NULL",
    )
    found = compare(before.staged.candidate, moved)
    assert month(found, "2025-01-01").reasons == ("rename",)
    assert month(found, "2025-02-01").reasons == ("rescaling",)


def test_names_claims_and_columns_that_changed_are_listed(before: Candidate, tmp_path: Path) -> None:
    moved = before.copy(
        tmp_path,
        "UPDATE claim_checks SET verdict = if(verdict = 'not_measurable', 'vintage_not_held', 'not_measurable') "
        "WHERE claim_id = 'schmidt-2024'",
        "INSERT INTO meta.unresolved_models SELECT 'lmarena_hf', 'new-thing', '', 'unresolved', '2025-01-31', "
        "'2025-01-31', 1, 4, 1200.0, 'there', NULL, false, NULL, 'line'",
        "ALTER TABLE monthly_gap ADD COLUMN gap_rank INTEGER",
        "INSERT INTO meta.columns SELECT * REPLACE ('gap_rank' AS column_name, 99 AS position, 'INTEGER' AS data_type) "
        "FROM meta.columns WHERE table_name = 'main.monthly_gap' AND column_name = 'status'",
        "DELETE FROM meta.columns WHERE table_name = 'main.chip_gap'",
    )
    found = compare(before.staged.candidate, moved)
    words = as_text(found)
    [claim] = found.claims
    assert claim["claim_id"] == "schmidt-2024"
    assert f"schmidt-2024: {claim['before']} → {claim['after']}" in words
    assert "new-thing (lmarena_hf), best there" in words
    assert "main.monthly_gap.gap_rank: column added (INTEGER)" in words
    assert "main.chip_gap: table removed" in words
    assert found.months == []


def test_a_release_without_the_columns_is_said_not_to_be_compared(before: Candidate, tmp_path: Path) -> None:
    older = before.copy(tmp_path, "ALTER TABLE claim_checks RENAME COLUMN verdict TO outcome")
    found = compare(older, before.staged.candidate)
    assert found.not_compared == ["claims"]
    assert "## Not compared" in as_markdown(found)


def test_a_release_whose_tables_have_more_columns_is_compared(
    before: Candidate, after: Candidate, tmp_path: Path
) -> None:
    """Would catch `aigap changes` failing after the first release of the next minor version of the schema."""
    newer = after.copy(
        tmp_path,
        *(
            f"ALTER TABLE {table} ADD COLUMN new_column INTEGER DEFAULT 3"
            for table in (
                "core.models",
                "core.model_countries",
                "core.scores",
                "meta.inputs",
                "main.monthly_gap",
            )
        ),
    )
    found = compare(before.staged.candidate, newer)
    assert found.not_compared == []
    assert month(found, "2025-02-01").reasons == ("new_snapshot",)
    assert observed(found) == ["2025-02"]


def test_the_first_release_says_so(before: Candidate) -> None:
    found = compare(None, before.staged.candidate)
    assert "It is the first release here" in as_markdown(found)
    assert as_csv(found).count("\r\n") == 1
    assert json.loads(as_json(found))["before"] is None


def test_a_release_is_not_compared_with_itself(before: Candidate) -> None:
    with pytest.raises(UsageError, match="both are the same release"):
        compare(before.staged.candidate, before.staged.candidate)


def test_every_format_has_every_month_and_is_the_same_each_time(before: Candidate, after: Candidate) -> None:
    found = compare(before.staged.candidate, after.staged.candidate)
    again = compare(before.staged.candidate, after.staged.candidate)
    for render in (as_markdown, as_text, as_json, as_csv):
        assert render(found) == render(again)
    lines = list(csv.DictReader(as_csv(found).splitlines()))
    assert len(lines) == len(found.months)
    words = json.loads(as_json(found))["months"]
    assert [entry["month"] for entry in words] == [line["month"] for line in lines]
    [line] = [line for line in lines if line["month"] == "2025-02-01" and line["variant"] == "raw"]
    assert json.loads(line["reasons"]) == ["new_snapshot"]
    assert float(line["gap_points_after"]) == 38.0
    assert {f"{name}_before" for name in FIGURES} <= set(line)


def test_long_lists_are_counted_and_the_largest_shown() -> None:
    figures = dict.fromkeys(FIGURES)
    months = [
        MonthChange(
            "arena_text",
            "raw",
            f"category-{number:02}",
            date(2025, 1, 1),
            ("code",),
            "",
            {**figures, "gap_points": 0.0, "status": "observed", "us_model": US[0], "cn_model": CN[0]},
            {
                **figures,
                "gap_points": float(number),
                "status": "observed",
                "us_model": US[0],
                "cn_model": CN[0],
            },
        )
        for number in range(1, 41)
    ]
    release = {"input_hash": "a" * 64, "schema_version": "1.0", "project_version": "0", "known_to": None}
    words = as_markdown(Changes(release, {**release, "input_hash": "b" * 64}, months))
    shown = [line for line in words.splitlines() if "category-" in line]
    assert len(shown) == 10
    assert "category-40: 0.00" in shown[0]
    assert "category-31: 0.00" in shown[-1]
    assert "## Months that changed: 40" in words
    assert "- arena_text, raw: 40" in words
