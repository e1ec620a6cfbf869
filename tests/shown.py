"""What the documents show: queries, programs and commands with their output, to be run again.

A document shows, each followed by what it gave:

* a `console` block `$ aigap query "…" --format markdown`, or an `sql` block, and a table;
* a `python` block and a `text` block: what it printed;
* a `console` block of one other `$ aigap …` command, with its output in the block. A line `…` stands for
  any lines left out.

An `sql` block without a table has to run and to find rows. Programs find ``warehouse/data/aigap.duckdb``, commands
the same file as published. `python -m tests.shown` builds the shipped history and writes figures and dictionary anew.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import duckdb

from warehouse import dictionary, release, steps
from warehouse.query import as_string, opened
from warehouse.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
DICTIONARY = ROOT / "docs" / "dictionary"
COOKBOOK = ROOT / "docs" / "cookbook.md"
LEFT_OUT = "…"

PIECE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```\n|^\|(?P<table>.*?\|\n)(?!\|)", re.M | re.S)
QUERY = re.compile(r'\$ aigap query "(?P<sql>[^"]+)" --format markdown\n')


@dataclass(frozen=True)
class Shown:
    """``text`` is a query, a program or a command; ``output`` what stands below it, at ``span`` of the document."""

    document: Path
    kind: str
    text: str
    output: str | None
    span: tuple[int, int] = field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return f"{self.document.stem}: {' '.join(self.text.split())[:60]}"


def documents() -> list[Path]:
    """The documents that show something, but for the dictionary, which is written whole."""
    docs = ROOT / "docs"
    return [ROOT / "README.md", *sorted(docs.glob("*.md")), *sorted((docs / "cookbook").glob("*.md"))]


def shown(document: Path) -> Iterator[Shown]:
    """Everything ``document`` shows, in its order."""
    text = document.read_text(encoding="utf-8")
    pieces = list(PIECE.finditer(text))
    for piece, after in zip_longest(pieces, pieces[1:]):
        follows = after is not None and not text[piece.end() : after.start()].strip()
        language, body = piece["language"], piece["body"] or ""
        if (query := QUERY.fullmatch(body)) or language == "sql":
            sql = query["sql"] if query else body
            if after is not None and follows and after["table"]:
                yield Shown(document, "sql", sql, after.group(), after.span())
            elif not query:
                yield Shown(document, "sql", sql, None)
        elif language == "python" and after is not None and follows and after["language"] == "text":
            yield Shown(document, "python", body, after["body"], after.span("body"))
        elif language == "console" and body.startswith("$ aigap "):
            command, _, output = body.partition("\n")
            if output:
                start = piece.start("body") + len(command) + 1
                yield Shown(document, "command", command[2:], output, (start, piece.end("body")))


def output_of(one: Shown, con: duckdb.DuckDBPyConnection, data: Path) -> str:
    """What ``one`` gives now: ``con`` is the warehouse, ``data`` a data folder in which it is published."""
    if one.kind == "sql":
        relation = con.sql(one.text)
        return as_string(relation.columns, relation.fetchall(), "markdown")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "warehouse").mkdir()
        (Path(folder) / "warehouse" / "data").symlink_to(data)
        words = (
            ["-c", one.text] if one.kind == "python" else ["-m", "pipelines.cli", *shlex.split(one.text)[1:]]
        )
        done = subprocess.run(
            [sys.executable, *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "AIGAP_DATA_DIR": str(data), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
        )
    if done.returncode:
        raise RuntimeError(f"{one}\n{done.stderr}")
    return done.stdout


def matches(printed: str, expected: str) -> bool:
    """Is ``printed`` what ``expected`` shows, but for lines it leaves out?"""
    kept = (re.escape(part) for part in re.split(rf"(?m)^{LEFT_OUT}\n", expected))
    return re.fullmatch("(?:.*\n)*".join(kept), printed) is not None


def publish_copy(candidate: Path, data: Path) -> Path:
    """``candidate`` as the one release of the data folder ``data``."""
    workspace = Workspace(data)
    copy = workspace.staging / "candidate.duckdb"
    copy.parent.mkdir(parents=True)
    shutil.copy(candidate, copy)
    release.publish(workspace, copy, release.new(workspace, "0" * 64, steps.summarize(candidate)))
    return data


def write(candidate: Path, data: Path) -> None:
    """Write the dictionary and every output shown anew. What is left out of an output stays so by hand."""
    with opened(candidate) as con:
        dictionary.write(DICTIONARY, con)
        for document in documents():
            text = document.read_text(encoding="utf-8")
            for one in reversed(list(shown(document))):
                if one.output is None:
                    continue
                printed = output_of(one, con, data)
                if not matches(printed, one.output):
                    print(f"{one}", file=sys.stderr)
                    text = text[: one.span[0]] + printed + text[one.span[1] :]
            document.write_text(text, encoding="utf-8")


def main() -> None:
    from tests import made

    with tempfile.TemporaryDirectory() as folder:
        candidate = made.shipped(Path(folder)).staged.candidate
        write(candidate, publish_copy(candidate, Path(folder) / "data"))


if __name__ == "__main__":
    main()
