"""Keys of the user's own, from the environment: read when a request is made, and kept nowhere."""

from __future__ import annotations

import os
import re

from sources.contract.request import Request
from sources.errors import UsageError


def missing_key(request: Request) -> str:
    """The environment variable that ``request`` needs and that is not set; empty when there is none."""
    return (
        request.key.variable if request.key and not os.environ.get(request.key.variable, "").strip() else ""
    )


def key_headers(request: Request) -> dict[str, str]:
    """The header with the key of ``request``; none when it needs none.

    Raises `UsageError`, which does not quote the key, when it cannot be a header's value: the library that sends it
    would quote it.
    """
    if request.key is None or missing_key(request):
        return {}
    key = os.environ[request.key.variable].strip()
    if not re.fullmatch(r"[!-~]+", key):
        raise UsageError(request.key.variable, "a key of letters, digits and signs, without blanks")
    return {request.key.header: key}
