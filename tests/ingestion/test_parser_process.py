"""What kills a parser costs one body: the process that parses ends, is replaced, and never outlives its owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.contract.validation import read
from sources.errors import ParseError, UsageError
from sources.ingestion import parser_process
from sources.ingestion.parser_process import Limits, ParserProcess, Task, known_at_apart, read_apart
from sources.registry import get
from tests.fixtures import bodies
from warehouse.workspace import ROOT

ENOUGH = Limits(cpu_seconds=30, wall_seconds=60, memory=2_000_000_000)
GOOD = bodies.snapshot("chatbot_arena_history", bodies.alltime())
#: What the slow reader of YAML takes seconds for.
SLOW = bodies.snapshot("aider", b"[" + b"a," * 125_000 + b"a]")


def task(snapshot: object = GOOD, source_id: str = "chatbot_arena_history", **limits: float) -> Task:
    return Task(source_id, "read", (snapshot,), "the body", replace(ENOUGH, **limits))


def refusal(process: ParserProcess, chosen: Task) -> str:
    with pytest.raises(ParseError) as caught:
        process.run(chosen, 0)
    # The next body is read all the same.
    assert process.run(task(), 0).frame.height == 120
    return caught.value.line()


@pytest.fixture
def process() -> Iterator[ParserProcess]:
    found = ParserProcess()
    yield found
    found.end()


def test_rows_and_refusals_are_those_of_a_parser_in_this_process() -> None:
    """Would catch rows lost or changed on the way, and an error that loses its parts."""
    assert read_apart(get("chatbot_arena_history"), GOOD).frame.equals(
        read(get("chatbot_arena_history"), GOOD).frame
    )
    bad = bodies.snapshot("chatbot_arena_history", "a,b\n1,2\n")
    with pytest.raises(ParseError) as here:
        read(get("chatbot_arena_history"), bad)
    with pytest.raises(ParseError) as apart:
        read_apart(get("chatbot_arena_history"), bad)
    assert vars(apart.value) == vars(here.value)
    assert known_at_apart(get("chatbot_arena_history"), PurePath("a.csv"), GOOD.body) is not None
    assert known_at_apart(get("chatbot_arena_history"), PurePath("a.csv"), b"PAR1\xff") is None


def test_a_parser_that_takes_too_long_is_stopped(process: ParserProcess) -> None:
    """Would catch a body that holds up every other."""
    assert "stopped, it took too long" in refusal(process, task(SLOW, "aider", cpu_seconds=0.01))
    assert "stopped, it took too long" in refusal(process, task(SLOW, "aider", wall_seconds=0.3))


def test_a_parser_that_needs_too_much_memory_is_stopped(process: ParserProcess) -> None:
    """Would catch a body that takes the machine's memory."""
    large = bodies.snapshot("chatbot_arena_history", bodies.alltime(models=200_000))
    line = refusal(process, task(large, memory=200_000_000))
    assert "out of memory" in line or "died" in line
    assert "look at the bytes, or raise AIGAP_PARSE_" in line


def test_a_parser_that_dies_costs_its_body_alone(process: ParserProcess) -> None:
    """Would catch a crash in a library that takes the whole refresh with it."""
    process.run(task(), 0)
    child = process._child
    assert child is not None
    killer = threading.Timer(0.5, os.kill, (child.pid, signal.SIGSEGV))
    killer.start()
    assert "the body: its parser died (SIGSEGV)" in refusal(process, task(SLOW, "aider"))
    # One that died while nobody asked is simply replaced.
    child = process._child
    assert child is not None
    child.kill()
    child.wait()
    assert process.run(task(), 0).frame.height == 120


def test_many_threads_share_one_process(process: ParserProcess) -> None:
    """Would catch an answer that reaches the wrong body."""
    sizes = [60 + place for place in range(12)]

    def height(models: int) -> int:
        snapshot = bodies.snapshot("chatbot_arena_history", bodies.alltime(["20240101"], models))
        parsed: int = process.run(task(snapshot), 0).frame.height
        return parsed

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(height, sizes)) == sizes


def test_a_source_made_elsewhere_is_read_here() -> None:
    """Would catch a source that another process would read by another parser of that name."""

    def fail(snapshot: object) -> pl.DataFrame:
        raise LookupError("mine")

    with pytest.raises(ParseError, match="LookupError: mine; expected a body its parser reads"):
        read_apart(replace(get("chatbot_arena_history"), parse=fail), GOOD)


@pytest.mark.parametrize("text", ["0", "-1", "inf", "nan", "soon"])
def test_limits_of_the_environment_are_numbers(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Would catch a typo that lifts the limits."""
    monkeypatch.setenv("AIGAP_PARSE_GB", text)
    with pytest.raises(UsageError, match="AIGAP_PARSE_GB is"):
        parser_process.limits_of(1)


#: A program without a main guard, as a notebook is: parse, say which process does, parse what takes long.
PROGRAM = """
import sys
from sources.ingestion import parser_process
from sources.registry import get
from tests.fixtures import bodies
from tests.ingestion.test_parser_process import GOOD, SLOW
assert parser_process.read_apart(get("chatbot_arena_history"), GOOD).frame.height == 120
print(parser_process._process._child.pid, flush=True)
"""
FORK = """
import os
child = os.fork()
if child:
    sys.exit(os.waitpid(child, 0)[1])
assert parser_process._process._child is None
parser_process.read_apart(get("chatbot_arena_history"), GOOD)
parser_process._process.end()
os._exit(0)
"""
LONG = "parser_process.read_apart(get('aider'), SLOW)"


def gone(pid: int) -> bool:
    """Whether the process ends within some seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z"):
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(("then", "by"), [("", 0), (FORK, 0), (LONG, signal.SIGKILL), (LONG, signal.SIGINT)])
def test_no_parser_outlives_the_program_that_started_it(then: str, by: int, tmp_path: Path) -> None:
    """Would catch a busy process left behind by Ctrl-C or a kill, and a fork that talks to its parent's parser."""
    script = tmp_path / "script.py"
    script.write_text(PROGRAM + then)
    child = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    parser = int(child.stdout.readline())
    if by:
        time.sleep(0.5)
        child.send_signal(by)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == -by, errors
    assert gone(parser)
