"""Single values of JSON and YAML documents, checked, and how numbers are printed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from sources.errors import BadCell, excerpt

#: What upstreams print in place of a missing value, casefolded.
NOTHING = ("", "-", "–", "—", "n/a", "na", "nan", "none", "null", "unknown", "暂无数据")
#: ``17,570``: commas separate thousands only if there is one every three digits; ``1443,5`` is not a number.
#: Not ``\d``, which also finds digits of other scripts, that Polars reads as no number.
WITH_THOUSANDS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
NUMBER = rf"{WITH_THOUSANDS}|[0-9]+(?:\.[0-9]+)?"


def as_object(value: object, column: str) -> dict[str, Any]:
    """``value`` if it is a JSON object. Raises `BadCell`."""
    if not isinstance(value, dict):
        raise BadCell(column, excerpt(json.dumps(value, default=str), 60), "a JSON object")
    return value


def as_float(value: object, column: str) -> float | None:
    """A JSON number, or null; what no float can hold is null. Raises `BadCell` for anything else."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadCell(column, repr(excerpt(value, 60)), "a number")
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_whole(value: object, column: str) -> float | None:
    """A whole JSON number, or null, as `as_float`. Raises `BadCell` for anything else."""
    number = as_float(value, column)
    if number is not None and not number.is_integer():
        raise BadCell(column, repr(excerpt(value, 60)), "a whole number")
    return number


def as_string(value: object, column: str) -> str | None:
    """A JSON string without surrounding blanks; null when it is one of `NOTHING`. Raises `BadCell`."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadCell(column, excerpt(value, 60), "text")
    return None if value.strip().casefold() in NOTHING else value.strip()


def require_keys(found: Mapping[Any, object], names: Iterable[str], column: str = "keys") -> None:
    """Raises `BadCell` when ``found`` lacks one of the keys ``names``."""
    missing = [name for name in names if name not in found]
    if missing:
        raise BadCell(column, excerpt(", ".join(map(str, found)), 80) or "none", f"also {', '.join(missing)}")


def require_any(found: Mapping[Any, object], names: Iterable[str]) -> None:
    """Raises `BadCell` when ``found`` has none of the keys ``names``: it is another kind of object."""
    if not any(name in found for name in names):
        raise BadCell("keys", excerpt(", ".join(map(str, found)), 80) or "none", " or ".join(names))


def dump_extra(values: Mapping[str, object]) -> str | None:
    """``values`` as JSON for the column ``extra``; null when there are none."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else None
