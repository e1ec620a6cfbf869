"""Causes of failures that people were told of and that have not gone away: one alert a cause, not one a run.

A cause is a job, a step of it and what it said. It is kept in ``.alerts.json`` of the data folder until the step, or
the job, succeeds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse.files import write_atomically
from warehouse.workspace import Workspace

#: What nothing has failed by for so long is forgotten: a partition that failed may never be tried again.
FORGOTTEN_AFTER = timedelta(days=30)
#: The step of what failed between steps.
THE_RUN = ""


@dataclass(frozen=True)
class Cause:
    """Why a step failed, since when, when last and how often. Times are UTC in ISO 8601."""

    job: str
    step: str
    line: str
    since: str
    last: str
    times: int = 1

    def told(self) -> str:
        """The cause with its age, in one line."""
        often = f", {self.times} times" if self.times > 1 else ""
        return f"{self.line} (since {self.since[:16].replace('T', ' ')}{often})"


class Causes:
    """The open causes of a data folder."""

    def __init__(self, workspace: Workspace) -> None:
        self._file: Path = workspace.data / ".alerts.json"

    def open(self) -> list[Cause]:
        """The oldest first; none if the file is damaged."""
        try:
            found = [Cause(**entry) for entry in json.loads(self._file.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            return []
        return sorted(found, key=lambda cause: cause.since)

    def add(self, job: str, found: Collection[tuple[str, str]], now: datetime | None = None) -> list[str]:
        """Record that ``job`` failed by ``found``, each a step and a line; returns the lines nobody was told of."""
        moment = now or datetime.now(UTC)
        text = moment.isoformat(timespec="seconds")
        known = {_key(cause.job, cause.step, cause.line): cause for cause in self.open()}
        known = {
            key: cause
            for key, cause in known.items()
            if moment - datetime.fromisoformat(cause.last) < FORGOTTEN_AFTER
        }
        new = []
        for step, line in found:
            key = _key(job, step, line)
            if cause := known.get(key):
                known[key] = Cause(**{**asdict(cause), "last": text, "times": cause.times + 1})
            else:
                known[key] = Cause(job, step, line, text, text)
                new.append(line)
        self._write(known.values())
        return new

    def close(self, job: str, steps: Collection[str] | None = None) -> list[Cause]:
        """Forget the causes of ``job``, or of those ``steps`` of it; returns them."""
        every = self.open()
        gone = [cause for cause in every if cause.job == job and (steps is None or cause.step in steps)]
        if gone:
            self._write([cause for cause in every if cause not in gone])
        return gone

    def _write(self, causes: Collection[Cause]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._file, json.dumps([asdict(cause) for cause in causes], indent=1) + "\n")


def _key(job: str, step: str, line: str) -> tuple[str, str, str]:
    """What tells causes apart: numbers, hashes and times in a line change with each run."""
    return job, step, re.sub(r"\b[0-9a-f]{8,}\b|\d+", "#", line)
