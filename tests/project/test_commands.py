"""Every command the documents name is one of the command line's, with options it has."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from pipelines.cli import application
from tests.fixtures.documents import ROOT, documents

#: A command on a line of a block, or between backticks. What follows a pipe or a `>` is the shell's.
COMMAND = re.compile(r"(?:^\$ |`)(?:[A-Z_]+=\S+ )*((?:aigap|make) (?:\"[^\"]*\"|[^`\n|>&])*)", re.M)
#: Placeholders, and options that act while they are read.
NOT_LITERAL = re.compile(r"[…\[\\]|--(?:install|show)-completion")
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def commands() -> dict[str, Path]:
    """Each command as it is written, and a document that has it."""
    return {
        command.strip(): document
        for document in documents()
        for command in COMMAND.findall(document.read_text(encoding="utf-8"))
        if not NOT_LITERAL.search(command)
    }


def parse(words: list[str]) -> None:
    """Read ``words`` as `aigap` would, without doing anything. Raises `TyperException` or `KeyError`."""
    command, words = typer.main.get_command(application(words)), [*words]
    while isinstance(command, TyperGroup) and words:
        command = command.commands[words.pop(0)]
    if not isinstance(command, TyperGroup):
        command.make_context("aigap", words).close()


def test_every_command_named_exists_with_its_options() -> None:
    found = commands()
    assert len(found) > 60
    wrong = []
    for command, document in found.items():
        program, *words = shlex.split(command, comments=True)
        try:
            if program == "make":
                assert set(words[:1]) <= TARGETS, "no such target"
            else:
                parse(words)
        except (AssertionError, KeyError, TyperException) as error:
            # A sentence may name a command without what it needs.
            if type(error).__name__ not in ("MissingParameter", "BadOptionUsage"):
                wrong.append(f"{document.relative_to(ROOT)}: {command}: {error}")
    assert wrong == []


@pytest.mark.parametrize("words", [["refresh", "--no-such-option"], ["no-such-command"]])
def test_a_command_that_is_no_longer_there_is_found(words: list[str]) -> None:
    with pytest.raises((TyperException, KeyError)):
        parse(words)
