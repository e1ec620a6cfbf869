"""Fetch what a source serves live, each request alone: one that fails does not stop the others."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from sources.contract.request import Request
from sources.contract.source import Source
from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.fetch import fetch
from sources.ingestion.intake import KeepRows, Outcome, discard
from sources.ingestion.session import Session, shared_session
from sources.registry import all_sources

#: Names a JSON file with other addresses: ``{"lmarena_hf/text": "https://mirror.example/text.parquet",
#: "https://huggingface.co/": "https://mirror.example/hf/"}``. A request's own entry wins over a prefix.
OVERRIDES = "AIGAP_ADDRESS_OVERRIDES"
FINGERPRINT = "/fingerprint"


def live_requests(source: Source) -> tuple[Request, ...]:
    """The requests with an address. Whole histories (``…_full``) are asked for by name only."""
    return tuple(
        request for request in source.requests if request.address and not request.name.endswith("_full")
    )


def wanted(source: Source, names: Iterable[str] = ()) -> tuple[Request, ...]:
    """The live requests of ``source``, or those with an address that are called one of ``names``."""
    names = tuple(names)
    if not names:
        return live_requests(source)
    return tuple(request for request in source.requests if request.address and request.name in names)


def collect(
    source: Source,
    archive: Path,
    names: Iterable[str] = (),
    *,
    session: Session | None = None,
    overrides: Mapping[str, str] | None = None,
    keep_rows: KeepRows = discard,
) -> list[Outcome]:
    """Fetch the live requests of ``source`` (or those called ``names``) into the archive below ``archive``.

    Uses the session of this process and the addresses of the environment unless others are given. The rows of
    each new body go to ``keep_rows``.
    """
    changed = read_overrides() if overrides is None else overrides
    return [
        fetch(
            source,
            redirected(source.id, request, changed),
            Archive(archive),
            session or shared_session(),
            keep_rows=keep_rows,
        )
        for request in wanted(source, names)
    ]


def read_overrides() -> dict[str, str]:
    """The addresses of the file that ``AIGAP_ADDRESS_OVERRIDES`` names; empty when it names none.

    Raises `UsageError` when the file cannot be read, or names a request that does not exist.
    """
    chosen = os.environ.get(OVERRIDES)
    if not chosen:
        return {}
    try:
        found = json.loads(Path(chosen).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{OVERRIDES}: {chosen}: {error}", "a JSON file with addresses") from None
    if not isinstance(found, dict):
        raise UsageError(f"{OVERRIDES}: {chosen}: no JSON object", '{"SOURCE/REQUEST": "https://…"}')
    known = {
        f"{source.id}/{request.name}{ending}"
        for source in all_sources()
        for request in source.requests
        for ending in ("", FINGERPRINT)
    }
    for name, address in found.items():
        if not isinstance(address, str) or not _is_web(address):
            raise UsageError(f"{OVERRIDES}: {name}: {address!r}", "an address of http or https")
        if name not in known and not _is_web(name):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.3)
            raise UsageError(
                f"{OVERRIDES}: no request {name!r}",
                "SOURCE/REQUEST or the beginning of an address",
                f"did you mean {near[0]}?" if near else "",
            )
    return found


def redirected(source_id: str, request: Request, overrides: Mapping[str, str]) -> Request:
    """``request`` with the addresses that ``overrides`` gives instead.

    With an address of its own but none for its fingerprint it has none: another host's listing tells nothing
    about a mirror.
    """
    name = f"{source_id}/{request.name}"
    found = elsewhere(request, overrides)
    fingerprint = found.fingerprint
    if fingerprint is not None and name + FINGERPRINT in overrides:
        fingerprint = replace(fingerprint, address=overrides[name + FINGERPRINT])
    elif name in overrides and fingerprint == request.fingerprint:
        fingerprint = None
    return replace(found, address=overrides.get(name) or found.address, fingerprint=fingerprint)


def elsewhere(request: Request, overrides: Mapping[str, str]) -> Request:
    """``request`` with the beginnings of its addresses that ``overrides`` names replaced."""
    fingerprint = request.fingerprint
    if fingerprint is not None:
        fingerprint = replace(fingerprint, address=mirrored(fingerprint.address, overrides))
    return replace(
        request,
        address=mirrored(request.address, overrides),
        companions=tuple(mirrored(address, overrides) for address in request.companions),
        fingerprint=fingerprint,
        follow=None if request.follow is None else _leading(request.follow, overrides),
    )


def _leading(
    follow: Callable[[bytes], tuple[str, ...]], overrides: Mapping[str, str]
) -> Callable[[bytes], tuple[str, ...]]:
    return lambda index: tuple(mirrored(address, overrides) for address in follow(index))


def mirrored(address: str, overrides: Mapping[str, str]) -> str:
    """``address`` with its longest beginning that ``overrides`` names replaced."""
    for beginning in sorted(filter(_is_web, overrides), key=len, reverse=True):
        if address.startswith(beginning):
            return overrides[beginning] + address.removeprefix(beginning)
    return address


def _is_web(text: str) -> bool:
    return text.startswith(("http://", "https://"))
