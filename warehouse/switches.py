"""Settings of the environment that are on or off."""

from __future__ import annotations

import os

#: Nothing is withheld: what would be stops the release instead.
STRICT = "AIGAP_STRICT"


def is_on(switch: str) -> bool:
    """Whether the environment variable ``switch`` is set to on, 1, true or yes."""
    return os.environ.get(switch, "").casefold() in ("on", "1", "true", "yes")
