"""One bomb in a process of its own.

``python -m tests.fuzz.bomb make NAME FILE`` writes it. ``… offer NAME FILE apart`` takes it the way of every body, and
``… offer NAME FILE alone`` to its reader without the process that limits it; both print in one line what became of it.
Whoever starts these must be small: the system counts a parent's memory as its child's first.
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePath

from sources.contract.validation import read
from sources.errors import AigapError
from sources.ingestion.acceptance import accept
from sources.ingestion.archive import Archive
from sources.ingestion.baseline import NOTHING_SHIPS
from sources.ingestion.parser_process import known_at_apart
from sources.registry import get
from tests.fuzz.bases import Base
from tests.fuzz.bombs import bombs


def main() -> None:
    """Do what the command line asks for."""
    (bomb,) = (bomb for bomb in bombs() if bomb.name == sys.argv[2])
    path = Path(sys.argv[3])
    if sys.argv[1] == "make":
        path.write_bytes(bomb.make())
        return
    base = Base(bomb.source_id, bomb.request, bomb.file_name, path.read_bytes())
    source = get(bomb.source_id)
    outcome = "accepted"
    try:
        if sys.argv[4] == "alone":
            read(source, base.snapshot(base.body))
        else:
            known_at_apart(source, PurePath(base.file_name), base.body)
            accept(source, base.snapshot(base.body), Archive(path.with_suffix(".archive")), NOTHING_SHIPS)
    except AigapError as error:
        outcome = error.line()
    print(outcome)


if __name__ == "__main__":
    main()
