"""Which tables of a candidate have been made of the inputs it was begun with: a file beside the candidate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from warehouse.files import write_atomically


def tables_made(file: Path) -> frozenset[str]:
    """The tables that ``file`` names; none if there is no such file."""
    return frozenset(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else frozenset()


def note_made(file: Path, names: Iterable[str]) -> None:
    """Add ``names`` to ``file``; nothing where its folder is gone, which a later run has removed."""
    if file.parent.is_dir():
        write_atomically(file, json.dumps(sorted(tables_made(file) | set(names))) + "\n")
