"""`aigap resolve`: an operator mends what is withheld by the messages alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines import cli
from pipelines.cli.resolve_command import choose
from sources.errors import UsageError
from tests.fixtures import warehouses
from tests.fixtures.warehouses import CATALOG, OFFICIAL, Candidate, field_of, printed, row
from warehouse import switches
from warehouse.builder import steps
from warehouse.read import status
from warehouse.read.report import report
from warehouse.reference import FOLDER
from warehouse.reference.resolving import read_line
from warehouse.workspace import Workspace

FIELD = field_of(1300.0, 1260.0)
BOARDS = (
    printed(OFFICIAL, "2024-12-31", FIELD),
    printed(
        OFFICIAL,
        "2025-01-31",
        [
            *FIELD,
            row("omega-9", 1310.0, organization_name="Zeta Lab"),
            row("deep_seek_R1", 1305.0),
            *({**line, "category": "math"} for line in FIELD),
            row("omega-9", 1310.0, organization_name="Zeta Lab", category="math"),
        ],
    ),
    printed(CATALOG, "2025-02-28", FIELD),
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
    warehouses.write_history(tmp_path / "history", BOARDS)
    return Workspace.from_environment()


def build(workspace: Workspace, excluded: tuple[str, ...] = ()) -> Candidate:
    history = workspace.data.parent / "history"
    staged = steps.stage(workspace, history, excluded=excluded)
    steps.observe(staged, history)
    steps.core(staged, reference_folder=FOLDER)
    results = steps.check(staged, steps.WITH_CORE)
    steps.marts(staged)
    return Candidate(staged, [*results, *steps.check(staged, steps.WITH_MARTS)])


def publish(workspace: Workspace, excluded: tuple[str, ...] = ()) -> Candidate:
    candidate = build(workspace, excluded)
    candidate.con.close()
    steps.publish(candidate.staged)
    candidate.con = duckdb.connect(str(workspace.link.resolve()), read_only=True)
    return candidate


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.application(), ["resolve", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def withheld(workspace: Workspace) -> Iterator[Candidate]:
    candidate = publish(workspace)
    yield candidate
    candidate.con.close()


def test_message_alone_mends_a_withheld_board(workspace: Workspace, withheld: Candidate) -> None:
    assert withheld.gap("2025-01")["status"] == "withheld"
    assert withheld.gap("2025-02")["status"] == "observed"
    code, said = run()
    assert code == 0
    assert "left out: arena_text raw overall and 1 more category, 2025-01-31" in said
    assert "one line in organizations.csv, for its maker, is enough" in said
    assert "it is spelt like deepseek-r1" in said
    # What it tells to type, with the fact that only a person knows.
    lines = re.findall(r"^to add it: aigap resolve --line '(.*)'$", said, re.MULTILINE)
    filled = [
        line.replace("<country>", "CA").replace("<where a person can check>", "made up") for line in lines
    ]
    assert len(filled) == 2
    code, said = run(*(word for line in filled for word in ("--line", line)))
    assert (code, said.splitlines()[-1]) == (0, "next: aigap refresh")
    assert "run: aigap refresh" in run()[1]
    mended = publish(workspace)
    assert mended.rows("FROM meta.withheld") == []
    assert mended.gap("2025-01")["cn_model"] == "deep_seek_R1"
    assert run() == (0, "nothing is withheld\n")


def test_yes_adds_what_is_complete_and_says_what_is_not(workspace: Workspace, withheld: Candidate) -> None:
    code, said = run("--yes")
    assert code == 0
    assert "not added, fill in <country>, <where a person can check>: aigap resolve --line 'zeta-lab," in said
    assert not (workspace.reference / "organizations.csv").exists()
    assert "deep_seek_R1" in (workspace.reference / "models.csv").read_text(encoding="utf-8")
    code, said = run("--yes")
    assert (code, said.splitlines()[-1]) == (1, "aigap: nothing was added")


def test_evidence_is_given_once_for_all_lines(workspace: Workspace, withheld: Candidate) -> None:
    _, said = run("--yes", "--evidence", "https://zeta.example")
    assert (
        "fill in <country>: aigap resolve --line 'zeta-lab,Zeta Lab,<country>,,,,Zeta Lab,,https://zeta.example'"
        in said
    )


def test_strict_build_is_mended_from_the_candidate_that_was_stopped(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(switches.STRICT, "on")
    stopped = build(workspace)
    assert stopped.stopped_by() == ["unresolved_near_top"]
    stopped.con.close()
    assert "omega-9 (maker Zeta Lab)" in run()[1]


def test_questions_fill_in_a_line_and_a_new_maker_gets_its_own() -> None:
    proposed = [
        read_line("omega-9,omega-9,<organization_id>,,,,,,,,,,,omega-9,<where a person can check>"),
        read_line("other,other,<organization_id>,,,,,,,,,,,other,<where a person can check>"),
    ]
    answers = iter(["zeta-lab", "https://zeta.example", "Zeta Lab", "CA"])
    confirmed = iter([True, False])
    chosen = choose(proposed, {"google"}, lambda question: next(answers), lambda question: next(confirmed))
    assert [(line.table, line.text) for line in chosen] == [
        ("organizations", "zeta-lab,Zeta Lab,CA,,,,Zeta Lab,,https://zeta.example"),
        ("models", "omega-9,omega-9,zeta-lab,,,,,,,,,,,omega-9,https://zeta.example"),
    ]


def test_status_and_latest_json_list_all_of_it(workspace: Workspace, withheld: Candidate) -> None:
    text = "\n".join(status.lines_of(report(workspace)))
    for said in ("withheld:", "omega-9 (maker Zeta Lab)", "deep_seek_R1", "to mend it: aigap resolve"):
        assert said in text
    told = json.loads(workspace.latest_json.read_text(encoding="utf-8"))["withheld"]
    assert [entry["csv_file"] for entry in told] == ["models.csv", "organizations.csv"]
    assert all(entry["csv_line"] in entry["message"] for entry in told)
    assert json.loads(run("--format", "json")[1]) == told


def test_source_left_out_is_out_of_the_release_which_says_so(workspace: Workspace) -> None:
    without = publish(workspace, excluded=(OFFICIAL,))
    assert [
        line["month"].isoformat() for line in without.rows("FROM monthly_gap WHERE snapshot_id IS NOT NULL")
    ] == ["2025-02-01"]
    assert without.rows("SELECT left_out FROM meta.release") == [{"left_out": [OFFICIAL]}]
    assert f"without    {OFFICIAL}, left out on request" in status.lines_of(report(workspace))


def test_unknown_source_to_leave_out_is_answered_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(switches.EXCEPT, "livebenc")
    with pytest.raises(UsageError, match="livebench; did you mean"):
        switches.excluded()
