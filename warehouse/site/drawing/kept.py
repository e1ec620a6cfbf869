"""Drawings that were made before, kept in a folder: the next release draws most charts from the same rows.

A drawing is found by a hash of all it is made from, so it is the one that drawing anew would give.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from warehouse.files import replacing
from warehouse.workspace import Workspace

#: The name of the folder in the staging folder.
FOLDER = "drawings"


class Kept:
    """Texts by what they are made from; without a ``folder`` each is made anew."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._used: set[str] = set()

    @classmethod
    def of(cls, workspace: Workspace) -> Kept:
        """Those of ``workspace``."""
        return cls(workspace.staging / FOLDER)

    def text(self, made_from: object, make: Callable[[], str]) -> str:
        """What ``make`` returns, which must follow from ``made_from``, plain data, and the library that draws."""
        if self.folder is None:
            return make()
        key = json.dumps([version("vl-convert-python"), made_from], sort_keys=True, default=str)
        file = self.folder / hashlib.sha256(key.encode()).hexdigest()
        self._used.add(file.name)
        with suppress(OSError, UnicodeDecodeError):
            digest, _, text = file.read_bytes().decode().partition("\n")
            # A file that is cut off or changed is made anew.
            if digest == _sha256(text):
                return text
        text = make()
        # Who may not write draws all each time.
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(file) as temporary:
                temporary.write_bytes(f"{_sha256(text)}\n{text}".encode())
        return text

    def sweep(self) -> None:
        """Remove what was not asked for."""
        with suppress(OSError):
            for file in self.folder.iterdir() if self.folder else ():
                if file.name not in self._used:
                    file.unlink(missing_ok=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
