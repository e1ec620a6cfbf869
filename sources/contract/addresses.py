"""Addresses that may be shown and stored: without anything that may be a secret."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

#: Names of query parameters that may contain a secret or a signature.
SECRET = re.compile(
    r"x-(amz|goog|ms|oss)-|sig|token|key|secret|pass|pwd|auth|credential|policy|session|expires|^s[a-z]$",
    re.I,
)


def public_address(address: str) -> str:
    """``address`` without user, password, fragment and the query parameters that may contain a secret.

    An address that cannot be parsed gives an empty string.
    """
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return ""
    kept = [(name, value) for name, value in query if not SECRET.search(name)]
    # An unchanged query stays exactly as it was written.
    text = parts.query if len(kept) == len(query) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, text, ""))
