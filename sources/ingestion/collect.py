"""Fetch what a source serves now, each request on its own: one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sources.contract.request import Request
from sources.contract.source import Source
from sources.ingestion.address_overrides import Overrides, override_request, read_overrides
from sources.ingestion.api_keys import missing_key
from sources.ingestion.archive import Archive
from sources.ingestion.baseline import NOTHING_SHIPS, Baseline
from sources.ingestion.intake import KeepRows, Outcome, discard

if TYPE_CHECKING:
    from sources.ingestion.web.session import Session


def live_requests(source: Source, names: Iterable[str] = ()) -> tuple[Request, ...]:
    """The requests of ``source`` that have an address, or those of them called one of ``names``.

    Without names, whole histories (``…_full``) are left out.
    """
    names = tuple(names)
    return tuple(
        request
        for request in source.requests
        if request.address and (request.name in names if names else not request.name.endswith("_full"))
    )


def skipped(source: Source, names: Iterable[str] = ()) -> str:
    """Why none of the live requests of ``source`` can be made, as one line; empty when one can."""
    variables = [missing_key(request) for request in live_requests(source, names)]
    if not variables or not all(variables):
        return ""
    return f"{source.id}: skipped, it needs a key of your own in {variables[0]}, which is not set"


def collect(
    source: Source,
    archive: Path,
    names: Iterable[str] = (),
    *,
    session: Session | None = None,
    overrides: Overrides | None = None,
    keep_rows: KeepRows = discard,
    baseline: Baseline = NOTHING_SHIPS,
) -> list[Outcome]:
    """Fetch the live requests of ``source`` (or those called ``names``) into the archive below ``archive``.

    Uses the session of this process and the overrides of the environment unless others are given. The rows of
    each new body go to ``keep_rows``. A request that needs a key which is not set is left out: no failure.
    """
    # Loaded only to fetch: a build names sources too, and needs no requests.
    from sources.ingestion.fetch import fetch
    from sources.ingestion.web.session import shared_session

    if overrides is None:
        overrides = read_overrides()
    return [
        fetch(
            source,
            override_request(source.id, request, overrides),
            Archive(archive),
            session or shared_session(),
            keep_rows=keep_rows,
            baseline=baseline,
        )
        for request in live_requests(source, names)
        if not missing_key(request)
    ]
