"""The publication day of each listing, and which listings are copies of others.

Upstream prints a day; otherwise the day of the fetch or commit is an upper bound. A listing without a printed day that
agrees with another on all shared models is a copy of it: a truncated, rounded or re-dated copy is not a new snapshot
(docs/method.md: snapshot).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Listing:
    """A board and variant in one body, as it was published."""

    key: int
    source_id: str
    printed_on: date | None
    known_at: datetime
    models: int
    stamp_can_lag: bool = False


@dataclass(frozen=True)
class Agreement:
    """How two listings of one board and variant compare on the models and categories they share."""

    shared: int
    largest_difference: float
    mean_difference: float


@dataclass(frozen=True)
class PublicationDay:
    """The day of a listing, how it is known, and the listing it repeats (None if it is no copy)."""

    published_on: date
    date_basis: str
    same_as: int | None = None


#: Fewer shared models than this prove nothing.
ENOUGH_SHARED = 10
#: For binary fractions: 1446.5 and a printed 1446 differ by exactly the half point allowed.
ROUNDING = 1e-6


def is_same(one: Listing, other: Listing, agreement: Agreement | None, within: float) -> bool:
    """Whether all shared models agree within ``within`` points, and enough models are shared."""
    if agreement is None:
        return False
    enough = min(ENOUGH_SHARED, one.models, other.models)
    return agreement.shared >= enough and agreement.largest_difference <= within + ROUNDING


def date_listings(
    listings: list[Listing], agreements: Mapping[tuple[int, int], Agreement], within: float
) -> dict[int, PublicationDay]:
    """Listing key → publication day, for all listings of one board and variant.

    ``agreements`` is keyed by (smaller key, larger key). Undated listings are taken in the order they
    became known, so that a repeat inherits the day of the first.
    """

    def agreement(one: Listing, other: Listing) -> Agreement | None:
        return agreements.get((min(one.key, other.key), max(one.key, other.key)))

    def same(one: Listing, other: Listing) -> bool:
        return is_same(one, other, agreement(one, other), within)

    ordered = sorted(listings, key=lambda listing: (listing.known_at, listing.key))
    dated: list[Listing] = []
    undated: list[Listing] = []
    for listing in ordered:
        if listing.printed_on is None or _stamp_lags(listing, dated, same):
            undated.append(listing)
        else:
            dated.append(listing)

    result = {listing.key: PublicationDay(_printed(listing), "printed") for listing in dated}
    for position, listing in enumerate(undated):
        known_on = listing.known_at.date()
        originals = [other for other in dated if _printed(other) <= known_on and same(listing, other)]
        if originals:
            # Of several that agree, the one it shares most with, then the closest, then the newest.
            original = max(
                originals, key=lambda other: _closeness(agreement(listing, other), _printed(other))
            )
            result[listing.key] = PublicationDay(_printed(original), "matched", original.key)
            continue
        earlier = next((other for other in undated[:position] if same(listing, other)), None)
        if earlier is not None:
            first = result[earlier.key]
            result[listing.key] = PublicationDay(
                first.published_on, first.date_basis, first.same_as or earlier.key
            )
        else:
            result[listing.key] = PublicationDay(known_on, "not_after")
    return result


def _printed(listing: Listing) -> date:
    assert listing.printed_on is not None
    return listing.printed_on


def _stamp_lags(listing: Listing, dated: list[Listing], same: Callable[[Listing, Listing], bool]) -> bool:
    """Whether the source has already printed this listing's day on other figures."""
    if not listing.stamp_can_lag:
        return False
    return any(
        other.source_id == listing.source_id
        and other.printed_on == listing.printed_on
        and not same(listing, other)
        for other in dated
    )


def _closeness(agreement: Agreement | None, day: date) -> tuple[int, float, date]:
    assert agreement is not None
    return agreement.shared, -agreement.mean_difference, day
