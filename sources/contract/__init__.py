"""What a source file needs in order to declare a source and to return its rows.

A source is one module of `sources` with a constant ``SOURCE``. Its ``parse`` takes a `Snapshot` (bytes and their
receipt) and returns one frame in the declared schema, `OBSERVATION` for every leaderboard. Parsers are pure: no
clock, no network, no file system. Country names, model identities and choices between sources belong in `warehouse`.
"""

from sources.contract.request import ApiKey, Fingerprint, Request
from sources.contract.revisions import Revision, RevisionIndex, RevisionListing
from sources.contract.rows import CHIP, FIGURE, NOTABLE_MODEL, OBSERVATION, PRICE, conform
from sources.contract.snapshot import Snapshot
from sources.contract.source import Basis, Board, Coverage, Origin, Precision, Source

__all__ = [
    "CHIP",
    "FIGURE",
    "NOTABLE_MODEL",
    "OBSERVATION",
    "PRICE",
    "ApiKey",
    "Basis",
    "Board",
    "Coverage",
    "Fingerprint",
    "Origin",
    "Precision",
    "Request",
    "Revision",
    "RevisionIndex",
    "RevisionListing",
    "Snapshot",
    "Source",
    "conform",
]
