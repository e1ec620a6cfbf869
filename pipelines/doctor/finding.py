"""One thing that was looked at, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """``about`` is what was looked at, ``found`` what is there, ``remedy`` what to do, if anything.

    ``see`` is the section of the runbook about it.
    """

    about: str
    state: State
    found: str
    remedy: str = ""
    see: str = ""

    def line(self) -> str:
        """The finding in one line."""
        told = "; ".join(part for part in (self.found, self.remedy) if part)
        see = f" ({self.see})" if self.see else ""
        return f"{self.state:<4}  {self.about:<9}  {told}{see}"

    def to_row(self) -> dict[str, str]:
        """The fields for JSON."""
        return asdict(self)
