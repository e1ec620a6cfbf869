"""Whether upstream answers at every address, and whether this machine's clock agrees with its servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from statistics import median
from urllib.parse import urlsplit

from pipelines.doctor.finding import Finding
from sources.contract.addresses import public_address
from sources.errors import FetchError, GoneError, UsageError, meant
from sources.ingestion.address_check import Checked, LiveAddress, check, live_addresses
from sources.ingestion.address_overrides import read_overrides
from sources.ingestion.web.session import NotTried, Session
from sources.registry import all_sources

#: Seconds: a check is no fetch, and a server that is well answers HEAD at once.
READ_TIMEOUT, TOTAL_TIMEOUT = 10.0, 30.0
#: Seconds that clocks may differ: known days and limits of freshness are days.
CLOCKS_DIFFER = 300.0


def look(names: Collection[str] = ()) -> Iterator[Finding]:
    """Findings on the addresses of all sources, or of those called ``names``, and on the clock.

    Raises `UsageError` for an unknown name.
    """
    known = {source.id: source for source in all_sources()}
    for name in names:
        if name not in known:
            raise UsageError(
                f"no source {name!r}", "one of sources/", meant(name, known, "see: aigap status")
            )
    sources = [source for source in known.values() if not names or source.id in names]
    try:
        overrides = read_overrides()
    except UsageError as error:
        yield Finding("addresses", "fail", error.line(), see="docs/runbook.md#settings")
        return
    with Session(read_timeout=READ_TIMEOUT, total_timeout=TOTAL_TIMEOUT, retries=0) as session:
        checked = list(check(live_addresses(sources, overrides), session))
    yield from findings(checked)


def findings(checked: list[Checked]) -> Iterator[Finding]:
    """What ``checked`` tells: a line for each address that is wrong, then the count, then the clock."""
    answered = [(one, one.probe) for one in checked if one.probe is not None]
    failed = [(one, one.error) for one in checked if one.error is not None]
    if failed and not answered:
        yield Finding(
            "addresses",
            "fail",
            f"none of {len(failed)} answers, the first: {failed[0][1].found}",
            "look at the network, a proxy (HTTPS_PROXY) or the firewall",
            "docs/runbook.md#no-network",
        )
        return
    not_tried = Counter(_host(one.asked) for one, error in failed if isinstance(error, NotTried))
    for one, error in failed:
        if not isinstance(error, NotTried):
            yield _failed(one.asked, error, not_tried.pop(_host(one.asked), 0))
    for one, probe in answered:
        if probe.has_moved:
            yield Finding(
                "address",
                "warn",
                f"{one.asked.name}: {public_address(one.asked.address)} has moved to {probe.address}",
                f"change it in sources/{one.asked.source_id}.py, or in AIGAP_ADDRESS_OVERRIDES",
                "docs/runbook.md#address-changed",
            )
    ranged = sum(probe.method != "HEAD" for _, probe in answered)
    how = f", {ranged} only to a GET of one byte" if ranged else ""
    yield Finding("addresses", "ok", f"{len(answered)} of {len(checked)} answer{how}")
    yield _clock([one.seconds_ahead for one, _ in answered if one.seconds_ahead is not None])


def _host(asked: LiveAddress) -> str:
    return urlsplit(asked.address).netloc


def _failed(asked: LiveAddress, error: FetchError, not_tried: int) -> Finding:
    more = f" (so {not_tried} more there were not tried)" if not_tried else ""
    found = f"{asked.name}: {error.found}{more}"
    if asked.has_ended:
        remedy = "its source has ended: nothing is lost, what is held stays in use"
        return Finding("address", "warn", found, remedy, "docs/runbook.md#address-changed")
    gone = isinstance(error, GoneError)
    remedy = "find the new address" if gone else f"try: aigap refresh --live --source {asked.source_id}"
    section = "docs/runbook.md#address-changed" if gone else "docs/runbook.md#failing-source"
    return Finding("address", "fail", found, remedy, section)


def _clock(ahead: list[float]) -> Finding:
    if not ahead:
        return Finding("clock", "ok", "not compared: no server said its time")
    # Of many servers one may be wrong.
    seconds = median(ahead)
    told = f"{abs(seconds):.0f} s {'behind' if seconds > 0 else 'ahead of'} {len(ahead)} answers"
    if abs(seconds) <= CLOCKS_DIFFER:
        return Finding("clock", "ok", told)
    return Finding("clock", "fail", told, "set it: timedatectl set-ntp true", "docs/runbook.md#wrong-clock")
