"""What Epoch AI's tables share: their origin, the tracker's names of boards, and the day in a file's name."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime
from pathlib import PurePath

from sources.contract import Origin
from sources.parsing.dates import known_at_in_name, midnight

METR = "metr_time_horizon"
#: The tracker's name (github.com/IAPS-AI/Open-Source-Gap) → board. Its `frontiermath_public` is the *private* set: of
#: its 56 models among the private runs of 2025-12, 55 have the same score there, but only 2 of 50 the score of the
#: public set of ten questions.
TRACKED = {
    "chess_puzzles": "chess_puzzles",
    "frontiermath_public": "frontiermath",
    "gpqa_diamond": "gpqa_diamond",
    "math_level_5": "math_level_5",
    METR: METR,
    "otis_mock_aime": "otis_mock_aime",
    "simpleqa_verified": "simpleqa_verified",
    "swe_bench_verified": "swe_bench_verified",
}
CSV_TYPES = ("text/csv", "text/plain", "application/csv", "application/octet-stream")
_MONTH = re.compile(r"(?<!\d)(\d{4})-(0[1-9]|1[0-2])(?![\d-])")


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name; for a month without a day, its last."""
    month = _MONTH.search(path.name)
    known_at = known_at_in_name(path, body)
    if known_at or not month:
        return known_at
    year, number = int(month[1]), int(month[2])
    return midnight(date(year, number, calendar.monthrange(year, number)[1]))


def origin(title: str, address: str) -> Origin:
    """Epoch AI's figures as found at ``address``."""
    return Origin(
        producer="Epoch AI",
        title=title,
        address=address,
        citation=f"Epoch AI, {title} ({address}), CC-BY-4.0",
        licence="CC-BY-4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        redistributable=True,
        redistribution_note="Published by Epoch AI under CC-BY-4.0, also where a public tracker passes it on.",
    )
