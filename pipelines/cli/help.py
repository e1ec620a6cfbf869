"""How `--help` reads: commands under headings, examples below, and what every command understands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

#: The commands in the order in which they are met.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Every day": ("refresh", "query", "explain", "status"),
    "Releases": ("releases", "changes", "rollback", "check", "export", "site"),
    "Taking in": ("ingest", "backfill", "archive", "history"),
    "Looking closer": ("dictionary", "recompute"),
}


class Commands(TyperGroup):
    """The commands under the headings of `SECTIONS`; every one understands the options of the whole."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        shared = [param for param in self.params if param.name == "no_color"]
        for command in _below(self):
            command.params += shared

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        named = {name for names in SECTIONS.values() for name in names}
        others = tuple(name for name in self.commands if name not in named)
        width = formatter.width - 6 - max(map(len, self.commands))
        for heading, names in {**SECTIONS, "More": others}.items():
            rows = [(name, self.commands[name].get_short_help_str(width)) for name in names]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows, col_max=30)


def _below(group: TyperGroup) -> list[Any]:
    found: list[Any] = []
    for command in group.commands.values():
        found += [command, *(_below(command) if isinstance(command, TyperGroup) else ())]
    return found


def _plain(asked: bool) -> None:
    if asked:
        os.environ["NO_COLOR"] = "1"


def shared(
    no_color: Annotated[
        bool,
        typer.Option(
            "--no-color",
            callback=_plain,
            is_eager=True,
            expose_value=False,
            help="No colour on a terminal either, as with NO_COLOR.",
        ),
    ] = False,
) -> None:
    """What is understood before and after the name of every command."""


def examples(*commands: str) -> str:
    """``commands`` as the last part of a help text, each on its line as it is typed."""
    return "\b\n" + "\n".join(("Examples:", *(f"  {command}" for command in commands)))
