"""The requests that a source answers over the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fingerprint:
    """A small resource of upstream that says which bytes it has: a listing of files with their hashes."""

    address: str
    #: The answer → SHA-256 of the body it describes; None when it does not say.
    sha256_in: Callable[[bytes], str | None]


@dataclass(frozen=True)
class ApiKey:
    """A key of the user's own, without which a request is not made.

    It is sent in a header and to the host of the request alone, and never stored or printed.
    """

    header: str
    #: The environment variable with the key.
    variable: str


@dataclass(frozen=True)
class Request:
    """One table or file of a source. ``address`` is empty when it cannot be fetched live."""

    name: str
    address: str = ""
    #: Accepted content types; empty: any.
    media_types: tuple[str, ...] = ()
    #: When the address answers with an index: the addresses to fetch next. What the parser reads is the body of
    #: the only one, or the bodies of several in one ZIP, each under the last segment of its address.
    follow: Callable[[bytes], tuple[str, ...]] | None = None
    #: Fetched first when bytes are archived already: equal ones are not downloaded again.
    fingerprint: Fingerprint | None = None
    #: Addresses whose bodies belong with this one's: the parser reads all of them in one ZIP.
    companions: tuple[str, ...] = ()
    #: A body with fewer rows than this is not accepted; None: `Source.row_floor`.
    row_floor: int | None = None
    #: The key that upstream asks for; requests with one have no companions and follow no index.
    key: ApiKey | None = None
