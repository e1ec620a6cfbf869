"""One value of a query as text: for people, for CSV and for JSON."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from warehouse.text import json_printable

#: Decimals that people are shown, and digits of what is nearer to zero than `SMALL`, of which they would leave few.
DECIMALS, DIGITS, SMALL = 4, 3, 0.01
#: Nearer to a whole number than this share of it, a sum of floats is that number.
NOISE = 1e-12


def shown(cell: Any) -> str:
    """``cell`` for people: floats of at most four decimals where these are enough, nothing for null."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return _short(cell)
    if isinstance(cell, list | dict):
        return json_text(cell)
    return str(cell)


def csv_text(cell: Any) -> str | None:
    """``cell`` as CSV has it, before quoting; None for null.

    Days in ISO 8601, times in UTC, the shortest digits that give the same float, lists and structs as JSON.
    """
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, list | tuple | dict):
        return json_text(cell, separators=(",", ":"))
    return str(cell)


def jsonable(value: Any) -> Any:
    """``value`` as JSON has it: no NaN and no infinity, and only text names a member."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, dict):
        return {str(jsonable(name)): jsonable(item) for name, item in value.items()}
    return str(value)


def json_text(value: Any, **options: Any) -> str:
    """``value`` as JSON; ``options`` are those of `json.dumps`."""
    return json_printable(json.dumps(jsonable(value), ensure_ascii=False, allow_nan=False, **options))


def _short(number: float) -> str:
    """At most four decimals, unless they would hide that a number is not zero or not whole."""
    if not math.isfinite(number) or abs(number) >= 1e15:
        return str(number)
    if number and abs(number) < SMALL:
        return f"{number:.{DIGITS}g}"
    whole = round(number)
    is_whole = abs(number - whole) <= NOISE * abs(number)
    for decimals in range(DECIMALS, 17):
        text = f"{number:.{decimals}f}"
        if is_whole or float(text) != whole:
            break
    return text.rstrip("0").rstrip(".")
