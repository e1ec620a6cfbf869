"""Find an archived body by the beginning of its hash, as people write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sources.contract.receipt import Receipt
from sources.errors import UsageError, meant
from sources.ingestion.archive.decisions import Decisions, all_decisions, decisions_about
from sources.ingestion.archive.store import Archive

#: How many hashes a message lists.
SHOWN = 5


def find_sha256(start: str, known: Mapping[str, str], where: str) -> str:
    """The only hash of ``known`` (hash → what it is) that begins with ``start``.

    Raises `UsageError` when there is none or several; ``where`` says where they are.
    """
    wanted = start.strip().lower()
    found = [sha256 for sha256 in known if wanted and sha256.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} bodies begin with {start!r}", _listed(found, known), "write more of it"
        )
    near = meant(wanted[:12], (sha256[:12] for sha256 in known))
    hint = near or f"see: {where}"
    expected = f"the beginning of a sha256: {_listed(known, known)}" if known else "a body"
    raise UsageError(f"no body {start!r}", expected, hint if known else f"there is none; see: {where}")


def find_body(archive: Archive, start: str) -> Receipt:
    """The newest receipt of the archived body whose sha256 begins with ``start``; rejected ones too.

    Raises `UsageError` when there is none or several.
    """
    receipts = sorted(archive.receipts(), key=lambda receipt: receipt.known_at)
    newest = {receipt.sha256: receipt for receipt in receipts}
    decided = {one.sha256 for one in all_decisions(archive.root)}
    # What has decisions first: it is likelier to be meant.
    order = sorted(newest, key=lambda sha256: (sha256 not in decided, -newest[sha256].known_at.timestamp()))
    known = {sha256: f"{newest[sha256].source_id}/{newest[sha256].request}" for sha256 in order}
    return newest[find_sha256(start, known, "aigap archive list --bodies")]


def decisions_of(archive: Archive, receipt: Receipt) -> Decisions:
    """The decisions about the body of ``receipt``; none yet if there is no record."""
    return decisions_about(archive.root, receipt) or Decisions.of(receipt)


def _listed(some: Iterable[str], known: Mapping[str, str]) -> str:
    chosen = list(some)
    more = f" and {len(chosen) - SHOWN} more" if len(chosen) > SHOWN else ""
    return ", ".join(f"{sha256[:12]} ({known[sha256]})" for sha256 in chosen[:SHOWN]) + more
