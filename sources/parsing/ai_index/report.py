"""What the Stanford AI Index's files and pages share: their origin, when editions came out, whose figures they have."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import PurePath

from sources.contract import Origin
from sources.parsing.dates import known_at_in_name, midnight

REPORT = "https://hai.stanford.edu/ai-index"
#: The columns of a figure's values: the two countries, and third parties.
US, CHINA, OTHER = "us", "china", "other"
#: When each edition was published; its figures cannot have been known earlier.
PUBLISHED = {2024: date(2024, 4, 15), 2025: date(2025, 4, 7), 2026: date(2026, 4, 13)}


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name, else the day on which the newest edition cited in a CSV came out."""
    cited = {int(year) for year in re.findall(rb"^(20\d\d),", body, flags=re.MULTILINE)}
    published = PUBLISHED.get(max(cited, default=0))
    return known_at_in_name(path, body) or (midnight(published) if published else None)


def origin(title: str, address: str, redistributable: bool, note: str) -> Origin:
    """The AI Index's figures, as found at ``address``."""
    return Origin(
        producer="Stanford Institute for Human-Centered AI (HAI)",
        title=title,
        address=address,
        citation=f"Stanford HAI, {title} ({address}), CC BY-ND 4.0",
        licence="CC-BY-ND-4.0",
        licence_address="https://creativecommons.org/licenses/by-nd/4.0/",
        redistributable=redistributable,
        redistribution_note=note,
    )
