"""Single values of JSON and YAML documents, checked, and how numbers are printed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from sources.errors import ParseError, excerpt

#: What upstreams print in place of a missing value, casefolded.
NOTHING = ("", "-", "–", "—", "n/a", "na", "nan", "none", "null", "unknown", "暂无数据")
#: ``17,570``: commas separate thousands only if there is one every three digits; ``1443,5`` is not a number.
WITH_THOUSANDS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?"
NUMBER = rf"{WITH_THOUSANDS}|\d+(?:\.\d+)?"


def as_object(value: object, where: str) -> dict[str, Any]:
    """``value`` if it is a JSON object. Raises `ParseError`."""
    if not isinstance(value, dict):
        raise ParseError(
            f"{where}: {excerpt(json.dumps(value, default=str), 60)}", "a JSON object", "look at the bytes"
        )
    return value


def as_float(value: object, where: str) -> float | None:
    """A JSON number, or null; what no float can hold is null. Raises `ParseError` for anything else."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParseError(f"{where}: {excerpt(value, 60)!r}", "a number", "look at the bytes")
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_string(value: object, where: str) -> str | None:
    """A JSON string without surrounding blanks; null when it is one of `NOTHING`.

    Raises `ParseError` for anything else.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise ParseError(f"{where}: {excerpt(value, 60)}", "text", "look at the bytes")
    return None if value.strip().casefold() in NOTHING else value.strip()


def require_keys(found: Mapping[Any, object], names: Iterable[str], where: str) -> None:
    """Raises `ParseError` when ``found`` lacks one of the keys ``names``."""
    missing = [name for name in names if name not in found]
    if missing:
        raise ParseError(
            f"{where}: keys {excerpt(', '.join(map(str, found))) or 'none'}",
            f"also {', '.join(missing)}",
            "upstream changed its format: fix the parser",
        )


def dump_extra(values: Mapping[str, object]) -> str | None:
    """``values`` as JSON for the column ``extra``; null when there are none."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else None
