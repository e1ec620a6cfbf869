"""Settings of the environment that decide what a build takes and what stops it."""

from __future__ import annotations

import os

#: Nothing is withheld: what would be stops the release instead.
STRICT = "AIGAP_STRICT"
#: Every table is built anew, whatever the last release has.
WHOLE_BUILD = "AIGAP_WHOLE"
#: Sources whose inputs a build leaves out, with blanks between them.
EXCEPT = "AIGAP_EXCEPT"


def is_on(switch: str) -> bool:
    """Whether the environment variable ``switch`` is set to on, 1, true or yes."""
    return os.environ.get(switch, "").casefold() in ("on", "1", "true", "yes")


def excluded() -> tuple[str, ...]:
    """The sources that ``AIGAP_EXCEPT`` leaves out of a build, by name. Raises `UsageError` for an unknown one."""
    # Imports every source: not for a command that only asks for help.
    from sources.registry import get

    return tuple(sorted({get(name).id for name in os.environ.get(EXCEPT, "").split()}))
