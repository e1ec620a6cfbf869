"""Replacing addresses, by a JSON file: mirrors of whole hosts, and files of single requests.

``{"https://huggingface.co/": "https://mirror.example/hf/", "lmarena_hf/text": "https://mirror.example/text.parquet"}``:
what an address begins with, or SOURCE/REQUEST for the live address of one request, which takes precedence.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sources.contract.request import Request
from sources.errors import UsageError
from sources.registry import all_sources

#: The environment variable with the path of the file.
OVERRIDES = "AIGAP_ADDRESS_OVERRIDES"
#: SOURCE/REQUEST/fingerprint is the address of the request's fingerprint.
FINGERPRINT = "/fingerprint"

#: An address, or what it begins with, or the name of a request → another address.
Overrides = Mapping[str, str]


def read_overrides() -> dict[str, str]:
    """The overrides of the file that ``AIGAP_ADDRESS_OVERRIDES`` names; empty when it is not set.

    Raises `UsageError` when the file cannot be read, or names a request that does not exist.
    """
    chosen = os.environ.get(OVERRIDES)
    if not chosen:
        return {}
    try:
        overrides = json.loads(Path(chosen).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{OVERRIDES}: {chosen}: {error}", "a JSON file with addresses") from None
    if not isinstance(overrides, dict):
        raise UsageError(f"{OVERRIDES}: {chosen}: not a JSON object", '{"SOURCE/REQUEST": "https://…"}')
    known = {
        f"{source.id}/{request.name}{ending}"
        for source in all_sources()
        for request in source.requests
        for ending in ("", FINGERPRINT)
    }
    for name, address in overrides.items():
        if not isinstance(address, str) or not _is_web(address):
            raise UsageError(f"{OVERRIDES}: {name}: {address!r}", "an address of http or https")
        if name not in known and not _is_web(name):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.3)
            raise UsageError(
                f"{OVERRIDES}: no request {name!r}",
                "SOURCE/REQUEST or the beginning of an address",
                f"did you mean {near[0]}?" if near else "",
            )
    return overrides


def override_request(source_id: str, request: Request, overrides: Overrides) -> Request:
    """``request`` with every address that ``overrides`` replaces, by its name or by what it begins with.

    When its own address is replaced but not that of its fingerprint, it has none: another host's listing says
    nothing about a mirror.
    """
    name = f"{source_id}/{request.name}"
    changed = override_prefixes(request, overrides)
    fingerprint = changed.fingerprint
    if fingerprint is not None and name + FINGERPRINT in overrides:
        fingerprint = replace(fingerprint, address=overrides[name + FINGERPRINT])
    elif name in overrides and fingerprint == request.fingerprint:
        fingerprint = None
    return replace(changed, address=overrides.get(name) or changed.address, fingerprint=fingerprint)


def override_prefixes(request: Request, overrides: Overrides) -> Request:
    """``request`` with every address that ``overrides`` replaces by what it begins with."""
    fingerprint = request.fingerprint
    if fingerprint is not None:
        fingerprint = replace(fingerprint, address=override_prefix(fingerprint.address, overrides))
    return replace(
        request,
        address=override_prefix(request.address, overrides),
        companions=tuple(override_prefix(address, overrides) for address in request.companions),
        fingerprint=fingerprint,
        follow=None if request.follow is None else _override_follow(request.follow, overrides),
    )


def override_prefix(address: str, overrides: Overrides) -> str:
    """``address`` with the longest beginning that ``overrides`` names replaced."""
    for prefix in sorted(filter(_is_web, overrides), key=len, reverse=True):
        if address.startswith(prefix):
            return overrides[prefix] + address.removeprefix(prefix)
    return address


def _override_follow(
    follow: Callable[[bytes], tuple[str, ...]], overrides: Overrides
) -> Callable[[bytes], tuple[str, ...]]:
    return lambda index: tuple(override_prefix(address, overrides) for address in follow(index))


def _is_web(text: str) -> bool:
    return text.startswith(("http://", "https://"))
