"""The sources this package holds: every module beside this one with a constant ``SOURCE``.

A new leaderboard is one new file; nothing has to be told of it.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from types import ModuleType

import sources
from sources.contract.source import Source
from sources.errors import AigapError, UsageError


class RegistryError(AigapError):
    """A source module declares itself wrongly."""


@cache
def all_sources() -> tuple[Source, ...]:
    """Every source, sorted by id."""
    return discover(sources)


def get(source_id: str) -> Source:
    """The source named ``source_id``. Raises `UsageError` naming the nearest ones."""
    known = {source.id: source for source in all_sources()}
    if source_id in known:
        return known[source_id]
    near = difflib.get_close_matches(source_id, known, n=3, cutoff=0.5)
    raise UsageError(
        f"no source named {source_id!r}",
        "one of " + ", ".join(near or known),
        "did you mean the first?" if near else "",
    )


def discover(package: ModuleType) -> tuple[Source, ...]:
    """The sources among the modules of ``package``, sorted by id.

    Raises `RegistryError` when an id is not its module's name (so ids are unique) or a request is
    declared twice.
    """
    found = []
    for entry in pkgutil.iter_modules(package.__path__):
        if entry.ispkg:
            continue
        module = importlib.import_module(f"{package.__name__}.{entry.name}")
        if hasattr(module, "SOURCE"):
            found.append(_checked(module.SOURCE, entry.name))
    return tuple(sorted(found, key=lambda source: source.id))


def _checked(source: object, module: str) -> Source:
    if not isinstance(source, Source):
        raise RegistryError(f"{module}.SOURCE is a {type(source).__name__}", "a Source", "fix the module")
    if source.id != module:
        raise RegistryError(f"source {source.id!r} lives in the module {module}", "one name for both")
    names = [request.name for request in source.requests]
    if len(set(names)) != len(names) or not names:
        raise RegistryError(f"{source.id}: requests {names}", "at least one, each named once")
    return source
