"""Keeps a command from loading what it does not need: a third of the time that `aigap status` takes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partialmethod
from importlib import import_module
from types import ModuleType
from typing import Any

from typer.core import TyperArgument, TyperOption


def spare_pydantic() -> None:
    """Let Typer load Pydantic only for values that are given and are no text."""
    for kind in (TyperArgument, TyperOption):
        # Typer has no place for this; one without the method converts everything by itself.
        if make := getattr(kind, "get_runtime_param", None):
            kind.get_runtime_param = partialmethod(_AsTyped, make)  # type: ignore[assignment]


class _AsTyped:
    """Passes on text as it was typed, and a choice that there is; what has another type is left to Typer."""

    def __init__(self, param: Any, make: Callable[[Any], Any]) -> None:
        self._param = param
        self._make = make

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        wanted = param.type_descriptor.annotation
        if isinstance(wanted, type) and issubclass(wanted, str) and isinstance(value, wanted):
            return value
        if isinstance(wanted, type) and issubclass(wanted, StrEnum) and value in [*wanted]:
            return wanted(value)
        return self._make(self._param).coerce(value, param=param, ctx=ctx)


def load_when_used(name: str) -> None:
    """Import the module ``name`` at the first use of one of its members; for commands of one thread."""
    if name not in sys.modules:
        sys.modules[name] = _Unloaded(name)


class _Unloaded(ModuleType):
    """Stands for a module until something is asked of it. (The standard library's loads at its second import.)"""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, name)
