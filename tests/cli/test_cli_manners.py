"""The command line's help, suggestions, output on a terminal and in a pipe, and completion.

What needs no terminal and no process of its own runs in this one. No test changes the release they share.
"""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from pipelines.cli import application, completion
from pipelines.cli.app import MODULES
from pipelines.cli.help import SECTIONS
from sources.errors import UsageError, meant, nearest
from sources.ingestion.archive import Archive
from sources.registry import all_sources
from tests.fixtures import bodies, command_line
from tests.fixtures.clone import DONE, STOPPED, WRONG_USE, Refreshed, one_line
from warehouse import lineage, release
from warehouse.read import query
from warehouse.tables import TABLES
from warehouse.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
#: The sequences that colour letters or make them bold, and those that move the cursor.
COLOUR, CURSOR = re.compile(r"\x1b\[[0-9;]*m"), re.compile(r"\x1b\[[0-9;?]*[A-Ka-ln-z]")
DAY = "aigap-as-of-2025-06-30-000000000000"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def data(first: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a release, one of a past day, and a body in the archive."""
    return with_past_day_and_body(first.copy(tmp_path_factory.mktemp("manners") / "data"))


@pytest.fixture(scope="module")
def full(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with the whole shipped history in the release."""
    data = tmp_path_factory.mktemp("full") / "data"
    return with_past_day_and_body(Path(shutil.copytree(published, data, symlinks=True)))


def with_past_day_and_body(data: Path) -> Path:
    workspace = Workspace(data)
    now = release.current(workspace)
    assert now is not None
    workspace.as_of.mkdir()
    shutil.copy(now.path(workspace), workspace.as_of / f"{DAY}.duckdb")
    record = {**json.loads(now.path(workspace).with_suffix(".json").read_text()), "name": DAY}
    (workspace.as_of / f"{DAY}.json").write_text(json.dumps({**record, "as_of": "2025-06-30"}))
    (data / "latest.parquet").write_bytes(bodies.hf())
    aigap(data, "ingest", "lmarena_hf", "--request", "text", str(data / "latest.parquet"))
    return data


@pytest.fixture(scope="module")
def name(data: Path) -> str:
    now = release.current(Workspace(data))
    assert now is not None
    return now.name


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(ROOT), "AIGAP_DATA_DIR": str(data), "PYTHONUTF8": "1", **more}


def aigap(data: Path, *words: str, code: int = DONE, cwd: Path | None = None, **more: str) -> Any:
    done = command_line.aigap(*words, data=data, cwd=cwd, **more)
    assert done.returncode == code, done
    return done


def on_a_terminal(data: Path, *words: str, piped: bool = False, **more: str) -> tuple[str, str]:
    """What the terminal shows, and with ``piped`` what went into the pipe that standard output then is."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *words],
        env=environment(data, **{"TERM": "xterm-256color", "COLUMNS": "100", **more}),
        stdin=theirs,
        stdout=subprocess.PIPE if piped else theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        # A terminal whose last writer is gone answers with an error.
        while chunk := _read(ours):
            shown += chunk
        said = process.stdout.read() if process.stdout else b""
    os.close(ours)
    return shown.decode(), said.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


# Help


def commands(group: Any = None, before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    group = group or get_command(application())
    found = [(before, group)]
    for word, command in group.commands.items():
        deeper = (*before, word)
        found += commands(command, deeper) if hasattr(command, "commands") else [(deeper, command)]
    return found


COMMANDS = commands()


def shown_examples(command: Any) -> list[str]:
    return [line.strip() for line in (command.epilog or "").splitlines() if line.strip().startswith("aigap ")]


EXAMPLES = sorted({example for _, command in COMMANDS for example in shown_examples(command)})
#: Needs the network, or a refresh of a minute, which other tests run.
ELSEWHERE = ("aigap refresh", "aigap backfill", "aigap doctor")
#: Needs a second release, or a body with that hash; without it says so.
ALONE = {
    "aigap changes --from": "both are the same release",
    "aigap rollback": "no earlier release",
    **dict.fromkeys(
        (f"aigap archive {command} " for command in ("release", "reject", "restore", "retry")),
        "no body '3f2a9c1b'",
    ),
}


def test_every_command_has_a_place_in_the_list_and_a_purpose_that_fits_its_line(data: Path) -> None:
    listed = aigap(data, "--help", COLUMNS="80").stdout
    assert "..." not in listed.replace("[ARGS]...", "")
    named = [name for names in SECTIONS.values() for name in names]
    assert sorted(named) == sorted(get_command(application()).commands)  # type: ignore[attr-defined]
    assert re.findall(r"^  (\w+)  ", listed.partition("Every day:")[2], re.MULTILINE)[: len(named)] == named


@pytest.mark.parametrize(
    ("words", "command"), COMMANDS, ids=lambda it: " ".join(it) if isinstance(it, tuple) else ""
)
def test_help_has_a_purpose_and_examples_on_lines_of_their_own(words: tuple[str, ...], command: Any) -> None:
    text = command.get_help(
        typer.Context(command, info_name=" ".join(("aigap", *words)), max_content_width=80)
    )
    assert command.help
    assert command.help.partition("\n")[0].endswith((".", "?"))
    lines = [line.strip() for line in text.partition("Examples:\n")[2].splitlines()]
    assert lines == shown_examples(command)
    assert lines
    assert "--no-color" in text


@pytest.mark.system
@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.startswith(ELSEWHERE)])
def test_examples_run_as_they_stand(example: str, full: Path, tmp_path: Path) -> None:
    """Would catch an option renamed, a table gone, a file name that no longer fits its source."""
    writes = example.startswith(("aigap rollback", "aigap ingest", "aigap archive prune"))
    own = Path(shutil.copytree(full, tmp_path / "data", symlinks=True)) if writes else full
    now = release.current(Workspace(full))
    assert now is not None
    (tmp_path / "latest.parquet").write_bytes(bodies.hf())
    example = re.sub(r"aigap-2026\w+-\w+", now.name, example)
    if alone := next(
        (message for begin, message in ALONE.items() if example.startswith(begin) and "--to" not in example),
        "",
    ):
        assert alone in one_line(aigap(own, *shlex.split(example)[1:], code=WRONG_USE).stderr)
        return
    if "aider" in example or "--raw" in example:
        pytest.skip("takes files of upstream")
    aigap(own, *shlex.split(example)[1:], cwd=tmp_path)


# Names


def test_nearest_names_come_first_and_nothing_is_guessed_from_afar() -> None:
    assert nearest("monthly_gaps", ["chip_gap", "monthly_gap"])[0] == "monthly_gap"
    assert nearest("MONTHLY_GAP", ["monthly_gap"]) == ["monthly_gap"]
    assert meant("zzz", ["monthly_gap"], "see: aigap dictionary") == "see: aigap dictionary"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["query", "FROM monthly_gaps"], "did you mean monthly_gap?"),
        (["query", "FROM core.score"], "did you mean core.scores?"),
        (["query", "SELECT gap_point FROM monthly_gap"], "did you mean gap_points,"),
        (["query", "SELECT m.gap_point FROM monthly_gap AS m"], "did you mean gap_points?"),
        (["query", "FROM gap_asof('2025-01-01')"], "did you mean gap_as_of"),
        (["query", "SELECT 1", "--release", "aigap-2025"], "expected one of aigap-"),
        (["query", "SELECT 1", "--release", __file__], "cannot be opened"),
        (["explain", "2025-02", "--board", "arena_txt"], "did you mean arena_text"),
        (["explain", "2025-02", "--variant", "style_contrl"], "did you mean style_control"),
        (["explain", "2025-02", "--category", "overal"], "did you mean overall"),
        (["explain", "1999-02"], "expected a month from "),
        (["export", "--to", "x", "--table", "montly_gap"], "did you mean main.monthly_gap"),
        (["dictionary", "montly_gap"], "did you mean monthly_gap"),
        (["recompute", "--to", "x", "--set", "countryb=FR"], "did you mean country_b"),
        (["ingest", "lmarena_hff", "x"], "expected one of lmarena_hf"),
        (["ingest", "lmarena_hf", "--request", "txt", __file__], "did you mean text"),
        (["backfill", "livebench", "--list", "--request", "everythin"], "no request named 'everythin'"),
        (["archive", "show", "lmarena_h"], "did you mean lmarena_hf"),
        (["changes", "--format", "markdwn"], "did you mean markdown"),
        (["releases", "--format", "jsn"], "did you mean json"),
        (["refresh", "--live", "--request", "txt"], "expected one of text"),
    ],
    ids=lambda it: " ".join(it)[:50] if isinstance(it, list) else "",
)
def test_misspelt_name_is_reported_in_one_line_with_a_suggestion(
    data: Path, tmp_path: Path, words: list[str], message: str
) -> None:
    code = STOPPED if "cannot be opened" in message else WRONG_USE
    refused = aigap(data, *words, code=code, cwd=tmp_path)
    assert message in one_line(refused.stderr)
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("FROM scores", "did you mean core.scores?"),
        ("FROM score", "did you mean core.scores?"),
        ("FROM main.scores", "did you mean core.scores?"),
        ("FROM cores.scores", "did you mean core.scores?"),
        ("FROM main.monthly_gaps", "did you mean monthly_gap?"),
        ("FROM aigap.main.monthly_gaps", "did you mean monthly_gap?"),
        ("FROM core.monthly_gap", "did you mean monthly_gap,"),
        ("FROM source", "did you mean meta.sources?"),
        # No table of that name, and none of a name so near that it may be a slip.
        ("FROM gap_pair", "see: aigap dictionary"),
        ("FROM model_prices", "see: aigap dictionary"),
        # What is there, but not where it is looked for.
        ("SELECT monthly_gap.month FROM monthly_gap AS g", "an alias of the FROM clause; which has g"),
        ("SELECT core.scor.score FROM core.scores", "an alias of the FROM clause; which has scores"),
        ("SELECT q.month", "see: aigap dictionary"),
        # What was typed is no suggestion.
        ('SELECT "scor" FROM core.scores', "did you mean score"),
        ("SELECT gap_points FROM core.scores", "see: aigap dictionary"),
        ("SELECT gap_points", "see: aigap dictionary"),
        ("FROM length('a')", "see: aigap dictionary"),
        ("SELECT lenth('a')", "did you mean length,"),
    ],
)
def test_suggestion_for_a_query_is_valid_where_the_name_stood(data: Path, sql: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        query.run(Workspace(data), sql, "csv", None, io.StringIO())
    assert message in refused.value.line()


def test_nearest_release_name_is_suggested(data: Path, name: str) -> None:
    for words in (["rollback", "--to"], ["changes", "--to"], ["query", "SELECT 1", "--release"]):
        refused = aigap(data, *words, name[:-1] + "x", code=WRONG_USE)
        assert f"did you mean {name}" in one_line(refused.stderr)


# Other releases


def test_query_and_explain_read_a_kept_release_a_past_day_and_a_file(
    data: Path, name: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.duckdb"
    counted = "SELECT count(*) AS n FROM monthly_gap"
    aigap(data, "recompute", "--set", "country_b=FR", "--to", str(other))
    here = aigap(data, "query", counted, "-f", "json").stdout
    for asked in (name, DAY, "aigap-as-of-2025", f"{name}.duckdb", str(data / "aigap.duckdb")):
        assert aigap(data, "query", counted, "-f", "json", "--release", asked).stdout == here
    french = "SELECT value FROM meta.parameters WHERE name = 'country_b'"
    assert json.loads(aigap(data, "query", french, "-f", "json", "--release", str(other)).stdout) == [
        {"value": "FR"}
    ]
    plain = aigap(data, "explain", "2025-02").stdout
    assert aigap(data, "explain", "2025-02", "--release", DAY).stdout == plain
    assert aigap(data, "explain", "2025-02", "--release", str(other)).stdout != plain


# Terminal and pipe


def test_bars_are_drawn_on_a_terminal_and_leave_the_pipe_clean(data: Path, tmp_path: Path) -> None:
    words = ("export", "--format", "csv", "--table", "monthly_gap", "--table", "frontier", "--to")
    plain = aigap(data, *words, str(tmp_path / "a"))
    assert plain.stderr == ""
    shown, said = on_a_terminal(data, *words, str(tmp_path / "a"), piped=True)
    assert CURSOR.search(shown)
    assert "files" in shown
    assert said == plain.stdout
    for more in (["--quiet"], ["--json"]):
        shown, _ = on_a_terminal(data, *words, str(tmp_path / "a"), *more, piped=True)
        assert shown == ""
    shown, _ = on_a_terminal(data, *words, str(tmp_path / "a"), piped=True, TERM="dumb")
    assert shown == ""


def test_lines_said_while_a_bar_is_drawn_stay_whole(data: Path, tmp_path: Path) -> None:
    """Would catch a bar that eats the line it stood on, or a cursor that stays hidden."""
    own = Path(shutil.copytree(data, tmp_path / "data", symlinks=True))
    files = [tmp_path / f"{number}.parquet" for number in range(3)]
    for path in files:
        path.write_bytes(bodies.hf())
    files[1].write_text("<html>sample</html>")
    words = ("ingest", "lmarena_hf", "--request", "text", *map(str, files))
    shown, _ = on_a_terminal(own, *words)
    assert shown.count("lmarena_hf/text: ") == 3
    assert shown.rstrip().endswith("2 of 3 accepted; next: aigap refresh")
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l")
    piped = aigap(own, *words, code=STOPPED)
    assert "\x1b" not in piped.stdout + piped.stderr


@pytest.mark.parametrize(
    ("words", "more"),
    [
        (["query", "FROM monthly_gaps"], {"NO_COLOR": "1"}),
        (["status"], {"TERM": "dumb"}),
        (["query", "SELECT 1 AS n"], {"NO_COLOR": "1"}),
    ],
)
def test_colour_is_used_on_terminals_only_and_can_be_turned_off(
    data: Path, words: list[str], more: dict[str, str]
) -> None:
    assert COLOUR.search(on_a_terminal(data, *words)[0])
    assert "\x1b" not in on_a_terminal(data, *words, **more)[0]
    for place in (["--no-color", *words], [*words, "--no-color"]):
        assert "\x1b" not in on_a_terminal(data, *place)[0]
    code = WRONG_USE if "FROM" in words[-1] else DONE
    piped = aigap(data, *words, code=code, FORCE_COLOR="1")
    assert "\x1b" not in piped.stdout + piped.stderr


# JSON and quiet


def test_json_results_agree_with_the_release(data: Path, name: str, tmp_path: Path) -> None:
    def printed(*words: str) -> Any:
        done = aigap(data, *words, cwd=tmp_path)
        assert (done.stderr, done.stdout.count("\n")) == ("", 1)
        return json.loads(done.stdout)

    (listed,) = printed("releases", "--format", "json")
    assert (listed["name"], listed["is_published"]) == (name, True)
    (held,) = printed("archive", "list", "--format", "json")
    assert (held["source_id"], held["request"], held["receipts"]) == ("lmarena_hf", "text", 1)
    checked = printed("check", "--format", "json")
    assert len(checked["checks"]) == checked["passed"] + checked["warned"]
    assert checked["failed"] == 0
    exported = printed("export", "--to", "out", "--table", "monthly_gap", "--json")
    assert exported["tables"] == 1
    assert Path(exported["folder"]) == tmp_path / "out"
    drawn = printed("site", "--picture", "gap.svg", "--json")
    assert drawn["picture"]["size"] == (tmp_path / "gap.svg").stat().st_size


def test_quiet_prints_nothing_on_success(data: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(data, tmp_path / "data", symlinks=True))
    for words in (
        ("export", "--to", "out", "--table", "frontier"),
        ("ingest", "lmarena_hf", "--request", "text", str(data / "latest.parquet")),
        ("history", "build", "--to", "history"),
    ):
        done = aigap(own, *words, "--quiet", cwd=tmp_path)
        assert (done.stdout, done.stderr) == ("", "")
    assert len(Archive(own / "archive").history("lmarena_hf")) >= 1


# Completion


def offered(data: Path, *words: str, shell: str = "bash") -> list[str]:
    """What the shell is offered for the last of ``words``, by the protocol of its completion script."""
    asked = {
        "bash": {"COMP_WORDS": " ".join(("aigap", *words)), "COMP_CWORD": str(len(words))},
        "zsh": {"_TYPER_COMPLETE_ARGS": " ".join(("aigap", *words))},
    }[shell]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipelines.cli"],
        env=environment(data, _AIGAP_COMPLETE=f"complete_{shell}", **asked),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"dagster", "altair"}
    if "--request" not in words:
        # Where names and files are enough, nothing heavy is loaded.
        assert not loaded & {"polars", "pyarrow"}
    return done.stdout.split()


@pytest.mark.system
@pytest.mark.parametrize(
    ("words", "among"),
    [
        (["re"], ["refresh", "releases", "recompute"]),
        (["ingest", "lmarena_"], ["lmarena_hf", "lmarena_site"]),
        (["ingest", "lmarena_hf", "--request", "tex"], ["text", "text_style_control"]),
        (["refresh", "--source", "lmarena_hf", "--request", "vis"], ["vision"]),
        (["dictionary", "monthly"], ["monthly_gap", "monthly_lag"]),
        (["export", "--table", "core.s"], ["core.scores", "core.snapshots"]),
        (["explain", "2025-0"], ["2025-02", "2025-09"]),
        (["explain", "2025-02", "--board", "arena_t"], ["arena_text"]),
        (["explain", "2025-02", "--category", "overa"], ["overall"]),
        (["query", "--release", "aigap-as"], [DAY]),
        (["recompute", "--set", "country"], ["country_a=", "country_b="]),
        (["status", "--format", "j"], ["json"]),
    ],
    ids=lambda it: " ".join(it),
)
def test_shell_is_offered_the_names_there_are(data: Path, words: list[str], among: list[str]) -> None:
    found = offered(data, *words)
    assert set(among) <= set(found)
    assert all(one.startswith(words[-1]) for one in found)


def test_releases_are_offered_by_both_shells(data: Path, name: str) -> None:
    assert offered(data, "rollback", "--to", "aigap") == [name]
    assert offered(data, "changes", "--from", "aigap") == [name]
    assert f'"{name}"' in " ".join(offered(data, "rollback", "--to", "aigap", shell="zsh"))


def test_nothing_is_offered_and_nothing_fails_before_the_first_release(tmp_path: Path) -> None:
    for words in (["explain", "20"], ["rollback", "--to", "a"], ["recompute", "--set", "c"]):
        assert offered(tmp_path / "none", *words) == []


def test_completion_offers_the_sources_and_tables_that_exist() -> None:
    assert completion.sources("") == [source.id for source in all_sources()]
    assert set(lineage.tables()) == {table.full_name for table in TABLES}


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_script_is_shown(data: Path, shell: str) -> None:
    done = aigap(data, "--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "_AIGAP_COMPLETE=complete_" + shell in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["query", "--help"],
        ["query", "SELECT 1"],
        ["query", "SELECT 1", "--format", "markdown"],
        ["status"],
        ["releases"],
        ["archive", "list"],
        ["dictionary", "monthly_gap"],
    ],
)
def test_nothing_heavy_is_loaded_to_read(data: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipelines.cli", *words],
        env=environment(data),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    heavy = {"dagster", "altair", "vl_convert", "requests", "filelock", "polars", "pyarrow", "numpy"}
    assert "typer" in loaded
    # Typer would load Pydantic to learn that a text is a text.
    assert not loaded & {*heavy, "pydantic"}
    if words[0] in ("status", "--help", "releases"):
        assert "duckdb" not in loaded


def test_each_command_is_in_the_module_that_is_loaded_for_it() -> None:
    """Would catch a command that only `--help` knows, and others that are put together with it."""
    for module, names in MODULES.items():
        for name in names:
            assert list(get_command(application([name])).commands) == [name], module  # type: ignore[attr-defined]
    assert sorted(get_command(application(["statsu"])).commands) == sorted(sum(MODULES.values(), ()))  # type: ignore[attr-defined]


def test_duckdb_is_told_how_to_keep_memory_before_it_is_loaded() -> None:
    """Would catch an import of it at the start, after which its allocator asks for nothing any more."""
    program = "import sys, pipelines.cli.app; print('duckdb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("thread", ["", "threading.Timer(0.2, print, ['done']).start()"])
def test_end_waits_for_threads_and_puts_away_what_is_open(thread: str) -> None:
    """Would catch output, temporary files or measured lines lost to the quick exit."""
    program = f"""
import atexit, sys, threading
from pipelines.cli.app import leave
atexit.register(print, "put away")
print("result")
{thread}
leave(3)
"""
    # Where every word is written at once, none is left to lose.
    held_back = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=held_back, capture_output=True, text=True
    )
    said = ["result", "done", "put away"] if thread else ["result", "put away"]
    assert (done.returncode, done.stdout.split("\n"), done.stderr) == (3, [*said, ""], "")
