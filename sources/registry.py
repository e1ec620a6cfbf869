"""All sources: every module of the package `sources` with a constant ``SOURCE``. A new one needs no registration."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

import sources
from sources.contract.source import Source
from sources.errors import AigapError, UsageError, nearest


class RegistryError(AigapError):
    """A source module has a wrong declaration."""


@cache
def all_sources() -> tuple[Source, ...]:
    """Every source, sorted by id."""
    return discover(sources)


def get(source_id: str) -> Source:
    """The source named ``source_id``. Raises `UsageError` with similar names when there is none."""
    known = {source.id: source for source in all_sources()}
    if source_id in known:
        return known[source_id]
    near = nearest(source_id, known)
    raise UsageError(
        f"no source named {source_id!r}",
        "one of " + ", ".join(near or known),
        "did you mean the first?" if near else "",
    )


def discover(package: ModuleType) -> tuple[Source, ...]:
    """The sources among the modules of ``package``, sorted by id.

    Raises `RegistryError` when an id is not its module's name, or requests are missing or repeated.
    """
    found = []
    for entry in pkgutil.iter_modules(package.__path__):
        if entry.ispkg:
            continue
        module = importlib.import_module(f"{package.__name__}.{entry.name}")
        if hasattr(module, "SOURCE"):
            found.append(_check(module.SOURCE, entry.name))
    return tuple(sorted(found, key=lambda source: source.id))


def _check(source: object, module: str) -> Source:
    if not isinstance(source, Source):
        raise RegistryError(f"{module}.SOURCE is a {type(source).__name__}", "a Source", "fix the module")
    if source.id != module:
        raise RegistryError(f"source {source.id!r} lives in the module {module}", "one name for both")
    names = [request.name for request in source.requests]
    if len(set(names)) != len(names) or not names:
        raise RegistryError(f"{source.id}: requests {names}", "at least one, each named once")
    return source
