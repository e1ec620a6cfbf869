"""Layout of `--help`: commands under headings, examples below, and the option that every command has."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

#: Headings and the commands below them, in order of use.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Every day": ("refresh", "plot", "query", "explain", "status", "doctor"),
    "Releases": ("releases", "changes", "rollback", "check", "export", "site"),
    "Inputs": ("resolve", "ingest", "backfill", "archive", "history"),
    "Details": ("dictionary", "recompute"),
}


class Commands(TyperGroup):
    """Lists commands under the headings of `SECTIONS` and gives each of them the shared options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        shared = [param for param in self.params if param.name == "no_color"]
        for command in _all_commands(self):
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


def _all_commands(group: TyperGroup) -> list[Any]:
    found: list[Any] = []
    for command in group.commands.values():
        found += [command, *(_all_commands(command) if isinstance(command, TyperGroup) else ())]
    return found


def _disable_colour(is_set: bool) -> None:
    if is_set:
        os.environ["NO_COLOR"] = "1"


def shared(
    ctx: typer.Context,
    no_color: Annotated[
        bool,
        typer.Option(
            "--no-color",
            callback=_disable_colour,
            is_eager=True,
            expose_value=False,
            help="No colour on a terminal either, as with NO_COLOR.",
        ),
    ] = False,
) -> None:
    """Options that may come before or after the name of a command. Without a command: the answer."""
    if ctx.invoked_subcommand is None:
        from pipelines.cli.answer import show

        show()


def examples(*commands: str) -> str:
    """The end of a help text: ``commands``, each on a line as it is typed."""
    return "\b\n" + "\n".join(("Examples:", *(f"  {command}" for command in commands)))
