"""Whether every address that sources are fetched from still answers, without fetching anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from sources.contract.source import Source
from sources.errors import FetchError
from sources.ingestion.address_overrides import Overrides, override_request
from sources.ingestion.web.session import Probe, Session

#: Hosts that are asked at the same time; each of them is asked one thing after the other.
HOSTS = 8
#: What a server says to a request without its key: the address is right.
KEY_WANTED = (401, 403)


@dataclass(frozen=True)
class LiveAddress:
    """An address and the request that it is for. ``has_ended``: its source brings nothing new any more."""

    source_id: str
    request: str
    address: str
    needs_key: bool = False
    has_ended: bool = False

    @property
    def name(self) -> str:
        """How people name the request."""
        return f"{self.source_id}/{self.request}"


@dataclass(frozen=True)
class Checked:
    """What came of asking: an answer, or the ``error``. ``seconds_ahead`` of the server's clock, if it said so."""

    asked: LiveAddress
    probe: Probe | None = None
    error: FetchError | None = None
    seconds_ahead: float | None = None


def live_addresses(sources: Iterable[Source], overrides: Overrides) -> list[LiveAddress]:
    """Every address of ``sources``: of requests, whole histories too, of fingerprints and companions; each once."""
    found: dict[str, LiveAddress] = {}
    for source in sources:
        for declared in source.requests:
            request = override_request(source.id, declared, overrides)
            fingerprint = request.fingerprint
            for address in (request.address, fingerprint and fingerprint.address, *request.companions):
                if address:
                    one = LiveAddress(
                        source.id,
                        request.name,
                        address,
                        needs_key=request.key is not None,
                        has_ended=source.cadence is None,
                    )
                    found.setdefault(address, one)
    return list(found.values())


def check(addresses: Iterable[LiveAddress], session: Session) -> Iterator[Checked]:
    """Ask each of ``addresses``, hosts side by side, and a host that cannot be reached once only."""
    by_host: dict[str, list[LiveAddress]] = {}
    for one in addresses:
        by_host.setdefault(urlsplit(one.address).netloc, []).append(one)
    with ThreadPoolExecutor(HOSTS) as pool:
        for results in pool.map(lambda host: [_check_one(one, session) for one in host], by_host.values()):
            yield from results


def _check_one(one: LiveAddress, session: Session) -> Checked:
    try:
        probe = session.probe(one.address, KEY_WANTED if one.needs_key else ())
    except FetchError as error:
        return Checked(one, error=error)
    return Checked(one, probe, seconds_ahead=_seconds_ahead(probe.date))


def _seconds_ahead(date: str) -> float | None:
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds() if date else None
    except (ValueError, TypeError):
        return None
