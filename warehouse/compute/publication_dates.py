"""The publication day of each listing, and which listings are copies of others.

Upstream prints a day; otherwise the day of the fetch or commit is an upper bound. A listing without a printed day that
repeats the figures and facts of another, and lists no model that nobody had seen by that one's day, is a copy of it: a
truncated, rounded or re-dated copy is not a new snapshot (docs/method.md: snapshot).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Listing:
    """A board and variant in one body, as it was published.

    ``printed_on`` is a printed day of publication; the label of a table that is filled for months is none.
    ``not_after`` is the latest day on which its figures can have been published.
    """

    key: int
    source_id: str
    printed_on: date | None
    known_at: datetime
    not_after: date
    models: int
    stamp_can_lag: bool = False


@dataclass(frozen=True)
class Agreement:
    """How a listing compares with another of its board and variant, of which it may be a copy.

    ``shared`` and ``agreeing`` count models by category: those of both, and those of the same score but for the
    rounding of the copy. ``newest_seen`` is the latest day on which a model of the copy was first seen on the board.
    ``facts_differ``: one source prints another maker, licence or release day for a model of both.
    """

    shared: int
    agreeing: int
    mean_difference: float
    newest_seen: date
    facts_differ: bool = False


@dataclass(frozen=True)
class PublicationDay:
    """The day of a listing, how it is known, and the listing it repeats (None if it is no copy)."""

    published_on: date
    date_basis: str
    same_as: int | None = None


#: Copy and original → their agreement, as far as one can be a copy of the other.
Agreements = Mapping[tuple[int, int], Agreement]

#: Fewer shared models than this prove nothing.
ENOUGH_SHARED = 10


def has_same_figures(one: Listing, other: Listing, agreement: Agreement | None, share: float) -> bool:
    """Whether enough models are shared and at least ``share`` of them (0 to 1) agree."""
    if agreement is None:
        return False
    enough = min(ENOUGH_SHARED, one.models, other.models)
    return agreement.shared >= enough and agreement.agreeing >= share * agreement.shared


def date_listings(
    listings: list[Listing],
    agreements: Agreements,
    share: float,
    facts_differ: Callable[[int, int], bool | None] = lambda copy, original: None,
) -> dict[int, PublicationDay]:
    """Listing key → publication day, for all listings of one board and variant.

    ``agreements`` may lack pairs that do not agree. Of such a pair of one source ``facts_differ`` says whether another
    maker, licence or release day is printed for a model of both; None if the one cannot be a copy of the other.

    Undated listings are taken in the order they became known, so that a repeat inherits the day of the first. One
    that repeats the figures of another but corrects facts that its own source printed with them is a publication of
    the day it was known.
    """
    ordered = sorted(listings, key=lambda listing: (listing.known_at, listing.key))
    dated: list[Listing] = []
    undated: list[Listing] = []
    for listing in ordered:
        if listing.printed_on is None or _stamp_lags(listing, dated, agreements, share):
            undated.append(listing)
        else:
            dated.append(listing)

    result = {listing.key: PublicationDay(_printed(listing), "printed") for listing in dated}
    #: Original and source → the last listing of the source that shows the original's figures.
    newest = {(listing.key, listing.source_id): listing.key for listing in dated}

    def repeats(listing: Listing, other: Listing, root: int) -> bool:
        agreement = agreements[listing.key, other.key]
        if not has_same_figures(listing, other, agreement, share):
            return False
        own = (listing.key, newest.get((root, listing.source_id), other.key))
        differ = agreements[own].facts_differ if own in agreements else facts_differ(*own)
        corrects = agreement.facts_differ if differ is None else differ
        return not corrects and agreement.newest_seen <= result[other.key].published_on

    for position, listing in enumerate(undated):
        known_on = listing.not_after
        # Nearly all pairs are known not to agree.
        originals = [
            other
            for other in dated
            if (listing.key, other.key) in agreements
            and _printed(other) <= known_on
            and repeats(listing, other, other.key)
        ]
        if originals:
            # Of several that agree, the one it shares most with, then the closest, then the newest.
            original = max(
                originals,
                key=lambda other: _closeness(agreements[listing.key, other.key], _printed(other)),
            )
            day = PublicationDay(_printed(original), "matched", original.key)
        else:
            day = PublicationDay(known_on, "not_after")
            for other in undated[:position]:
                if (listing.key, other.key) not in agreements:
                    continue
                first = result[other.key]
                root = first.same_as or other.key
                if repeats(listing, other, root):
                    day = PublicationDay(first.published_on, first.date_basis, root)
                    break
        result[listing.key] = day
        newest[day.same_as or listing.key, listing.source_id] = listing.key
    return result


def _printed(listing: Listing) -> date:
    assert listing.printed_on is not None
    return listing.printed_on


def _stamp_lags(listing: Listing, dated: list[Listing], agreements: Agreements, share: float) -> bool:
    """Whether the source has already printed this listing's day on other figures."""
    if not listing.stamp_can_lag:
        return False
    return any(
        other.source_id == listing.source_id
        and other.printed_on == listing.printed_on
        and not has_same_figures(listing, other, agreements.get((listing.key, other.key)), share)
        for other in dated
    )


def _closeness(agreement: Agreement, day: date) -> tuple[int, float, date]:
    return agreement.shared, -agreement.mean_difference, day
