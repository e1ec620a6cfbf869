"""Factors between figures, and what they may mean."""

from __future__ import annotations

import math
from collections.abc import Mapping

#: Factors between units that are easily mistaken.
UNITS: Mapping[float, str] = {
    60: "minutes for hours, or seconds for minutes", 100: "a share for per cent, or cents for dollars",
    1000: "thousands", 60_000: "milliseconds for minutes", 1e6: "millions",
}  # fmt: skip
#: A factor this near to one of `UNITS` is meant by it, as a difference of logarithms.
NEAR = 0.1


def times(ratio: float) -> str:
    """``ratio`` in words, with the units that may have been mistaken."""
    words = f"{ratio:.4g} times" if ratio >= 1 or ratio <= 0 else f"1/{1 / ratio:.4g} of"
    if ratio <= 0:
        return words
    size = abs(math.log(ratio))
    near = min(UNITS, key=lambda factor: abs(size - math.log(factor)))
    return f"{words} ({UNITS[near]}?)" if abs(size - math.log(near)) < NEAR else words
