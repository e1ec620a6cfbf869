"""The keys of the assets of sources, for those that depend on them and need not make them."""

from __future__ import annotations

import dagster as dg

from sources.contract.source import Source


def source_key(source: Source) -> dg.AssetKey:
    """The key of the asset of ``source``."""
    return dg.AssetKey(["sources", source.id])


def backfill_key(source: Source) -> dg.AssetKey:
    """The key of the asset of past publications of ``source``."""
    return dg.AssetKey(["dated", source.id])
