"""JSON bodies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sources.contract import Snapshot
from sources.errors import excerpt
from sources.parsing.bodies import check_limit, read_text, unreadable
from sources.parsing.values import as_object

#: Values, keys and brackets of a document; the largest real one, a price list, has 316,000.
MAX_PARTS = 5_000_000
#: Bytes of a page of an API; a hundred commits have half a million.
MAX_PAGE = 16_000_000

Pairs = list[tuple[str, Any]]


def refuse_repeated_keys(pairs: Pairs) -> dict[str, Any]:
    """``pairs`` as an object. Raises `ValueError` for a key given twice: one of its values would vanish."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"key {excerpt(key, 60)!r} given twice")
        found[key] = value
    return found


def read_json(
    snapshot: Snapshot, make_object: Callable[[Pairs], dict[str, Any]] = refuse_repeated_keys
) -> dict[str, Any]:
    """A JSON body that is an object; ``make_object`` builds every object in it. Raises `ParseError`."""
    text = read_text(snapshot, "JSON")
    check_limit(
        snapshot.where(), sum(text.count(mark) for mark in ",:[{"), MAX_PARTS, "values, keys and brackets"
    )
    try:
        found = json.loads(text, object_pairs_hook=make_object)
    except RecursionError:
        raise unreadable(snapshot, "JSON", ValueError("nested too deeply")) from None
    except ValueError as error:
        raise unreadable(snapshot, "JSON", error) from None
    return as_object(found, snapshot.where())


def read_page(page: bytes) -> Any:
    """The JSON of a page of an API. Raises `ValueError` when it is none, or far larger or deeper than any."""
    if len(page) > MAX_PAGE:
        raise ValueError(f"{len(page)} bytes")
    try:
        return json.loads(page)
    except RecursionError:
        raise ValueError("nested too deeply") from None
