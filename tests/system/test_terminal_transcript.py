"""The first commands of someone new, at 80 columns: read the transcript that this test leaves in its folder."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import REPOSITORY

COLUMNS = 80
#: Each with what its answer must show, however it is laid out.
FIRST = {
    "": r"the US leads by \d+\.\d points \(\d+\.\d to \d+\.\d\), \d+ days ago(?s:.*)aigap plot",
    "--help": r"Every day:",
    "plot": r"US lead over China on arena_text, raw(?s:.*)┤(?s:.*)2023 .*2024 .*2025(?s:.*)95 % interval",
    "query 'FROM monthly_gap'": r"board .*month(?s:.*)… [\d,]+ more of [\d,]+ rows(?s:.*)columns do not fit",
    "query 'FROM monthly_gap LIMIT 1'": r"row 1\nboard  (?s:.*)country_rule",
    "query 'SELECT month, us_model, cn_model, gap_points FROM monthly_gap LIMIT 5'": r"gap_points\n(?s:.*)5 rows",
    "query 'FROM monthly_gaps'": r"did you mean monthly_gap\?",
    "explain 2025-02": r"\+40\.80 points(?s:.*)deepseek-r1",
    "status": r"^to do today\n  1\. (?s:.*)\npublished  aigap-",
    "releases": r"^\* aigap-",
    "changes": r"^(This is|From) release",
    "dictionary monthly_gap": r"One row: a month",
}
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def at_a_terminal(data: Path, command: str, **more: str) -> str:
    """What ``aigap COMMAND`` shows on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    hidden = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *shlex.split(command)],
        cwd=REPOSITORY,
        env={**kept, "TERM": "xterm-256color", "PYTHONUTF8": "1", "AIGAP_DATA_DIR": str(data), **more},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # Its last writer is gone.
        return b""


@pytest.mark.system
def test_first_commands_read_well_at_80_columns(published: Path, tmp_path: Path) -> None:
    """Would catch an empty grid, a line that breaks inside a word, a traceback, a sequence that is no style."""
    transcript = ""
    for command, expected in FIRST.items():
        shown = at_a_terminal(published, command)
        plain = STYLE.sub("", shown)
        transcript += f"$ aigap {command}\n{plain}\n"
        (tmp_path / "transcript.txt").write_text(transcript, encoding="utf-8")
        assert re.search(expected, plain), transcript[-3000:]
        assert not [line for line in plain.splitlines() if cell_len(line) > COLUMNS], command
        assert "Traceback" not in plain
        assert plain.replace("\n", "").isprintable(), command
        assert len(plain.splitlines()) < 400, command


@pytest.mark.system
def test_a_plot_has_no_colour_without_a_terminal_or_with_no_color(published: Path) -> None:
    assert STYLE.search(at_a_terminal(published, "plot"))
    assert not STYLE.search(at_a_terminal(published, "plot", NO_COLOR="1"))
    piped = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "plot"],
        cwd=REPOSITORY,
        env={**os.environ, "AIGAP_DATA_DIR": str(published), "FORCE_COLOR": "1"},
        capture_output=True,
        check=True,
    )
    assert b"\x1b" not in piped.stdout
