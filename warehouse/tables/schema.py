"""Declarations of tables, from which DDL, comments, Polars schemas, checks and the dictionary are generated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile

import polars as pl

from warehouse.workspace import PACKAGE

POLARS_TYPES: dict[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "DOUBLE": pl.Float64(),
    "BIGINT": pl.Int64(),
    "INTEGER": pl.Int32(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
    "VARCHAR[]": pl.List(pl.String()),
}

#: `Table.filled_from` of a table that reads all others.
EVERY_TABLE = ("*",)
EXAMPLE_ROWS = 8
#: The folder below ``warehouse`` with the SQL files of each schema.
FOLDERS = {"main": "marts", "core": "core", "meta": "meta"}


@dataclass(frozen=True)
class Column:
    """``kind`` is a DuckDB type of `POLARS_TYPES`, ``meaning`` the words of its comment.

    ``values`` are the allowed values, with or without their meanings. ``check`` is a further SQL condition on the
    column. A ``volatile`` column differs between two builds of the same inputs and is not exported.
    """

    name: str
    kind: str
    meaning: str
    nullable: bool = False
    unit: str = ""
    values: tuple[str, ...] | Mapping[str, str] = ()
    check: str = ""
    volatile: bool = False

    @property
    def comment(self) -> str:
        """The meaning of the column, and its allowed values."""
        if not self.values:
            return self.meaning
        if isinstance(self.values, Mapping):
            listed = "; ".join(f"{value}: {meaning}" for value, meaning in self.values.items())
            return f"{self.meaning}. {listed}"
        *others, last = self.values
        return f"{self.meaning}: {', '.join(others)}{' or ' if others else ''}{last}"

    def full_comment(self) -> str:
        """The comment with the unit."""
        return f"{self.comment} [{self.unit}]" if self.unit else self.comment

    def conditions(self) -> list[str]:
        """The SQL conditions on every value."""
        found = [self.check] if self.check else []
        if self.values:
            listed = ", ".join(quoted(value) for value in self.values)
            is_list = self.kind.endswith("[]")
            found.append(
                f"list_has_all([{listed}], {self.name})" if is_list else f"{self.name} IN ({listed})"
            )
        return found

    def ddl(self) -> str:
        """The column in a CREATE TABLE statement."""
        parts = [f'"{self.name}"', self.kind]
        if not self.nullable:
            parts.append("NOT NULL")
        parts += [f"CHECK ({condition})" for condition in self.conditions()]
        return " ".join(parts)


@cache
def header(file: str) -> tuple[str, str]:
    """The grain and the rule that the SQL ``file`` below ``warehouse`` states in the comment it begins with.

    The comment is ``-- One row: <grain>.`` and then the rule in prose. Both are empty if there is no such file.
    """
    path = PACKAGE / file
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    comment = takewhile(lambda line: line.startswith("--"), lines)
    text = "\n".join(line.removeprefix("--").strip() for line in comment)
    found = re.match(r"One row: (.*?)\.(?:\n(.*))?$", text, re.DOTALL)
    return (" ".join(found[1].split()), " ".join((found[2] or "").split())) if found else ("", "")


#: Columns, ``schema.table``, columns there.
Reference = tuple[tuple[str, ...], str, tuple[str, ...]]


def refers(columns: str, table: str, there: str = "") -> Reference:
    """``columns`` name a row of ``table``, by the columns of the same names or those called ``there``."""
    return tuple(columns.split()), table, tuple((there or columns).split())


@dataclass(frozen=True)
class Table:
    """A published table. ``grain`` says what one row is, ``key`` identifies it, ``rule`` says how it is computed.

    Grain and rule of a table that an SQL file fills are read from the `header` of the file.
    """

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    grain: str = ""
    rule: str = ""
    #: Conditions over several columns, by name.
    checks: dict[str, str] = field(default_factory=dict)
    #: Checked after the build, see `warehouse.builder.checks`.
    references: tuple[Reference, ...] = ()
    #: False for large tables, whose key is checked after the build: an index over millions of text keys costs more
    #: than the whole load, and a published file is never written again.
    key_in_ddl: bool = True
    #: For a table filled by Python: the relations and inputs it reads, named as in `warehouse.builder.graph`.
    filled_from: tuple[str, ...] = ()
    #: The step of a build that fills it: core, or marts, which `aigap recompute` does again under other parameters.
    #: By default marts for the schema main, core for the others.
    filled_in: str = ""
    #: True for a list of exceptions, which may have none.
    may_be_empty: bool = False
    #: The whole table differs between two builds of the same inputs; not exported.
    volatile: bool = False
    #: The Python file below ``warehouse`` that fills it; empty if the SQL file of its name does.
    filled_by: str = ""
    #: A query that shows what the table is for. Its result is in the dictionary: at most `EXAMPLE_ROWS`
    #: rows, ordered.
    example: str = ""
    #: The module of this package that declares it, see `warehouse.tables.topics`.
    topic: str = ""

    def __post_init__(self) -> None:
        if not self.filled_by:
            grain, rule = header(self.file)
            object.__setattr__(self, "grain", self.grain or grain)
            object.__setattr__(self, "rule", self.rule or rule)

    @property
    def full_name(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}"

    @property
    def title(self) -> str:
        """The heading in the dictionary."""
        return self.full_name

    @property
    def step(self) -> str:
        """The step of a build that fills it: core or marts."""
        return self.filled_in or ("marts" if self.schema == "main" else "core")

    @property
    def file(self) -> str:
        """The file that computes the table, below ``warehouse``."""
        return self.filled_by or f"{FOLDERS[self.schema]}/{self.name}.sql"

    def ddl(self) -> str:
        """The CREATE TABLE statement."""
        lines = [column.ddl() for column in self.columns]
        if self.key_in_ddl:
            lines.append(f"PRIMARY KEY ({', '.join(self.key)})")
        lines += [f"CHECK ({condition})" for condition in self.checks.values()]
        body = ",\n  ".join(lines)
        return f"CREATE TABLE {self.full_name} (\n  {body}\n)"

    def comments(self) -> list[str]:
        """``COMMENT ON`` statements for the table and every column."""
        text = f"{self.comment} One row: {self.grain}. Key: {', '.join(self.key)}."
        statements = [f"COMMENT ON TABLE {self.full_name} IS {quoted(text)}"]
        statements += [
            f'COMMENT ON COLUMN {self.full_name}."{column.name}" IS {quoted(column.full_comment())}'
            for column in self.columns
        ]
        return statements

    def polars_schema(self) -> dict[str, pl.DataType]:
        """Column name → Polars type, in order."""
        return {column.name: POLARS_TYPES[column.kind] for column in self.columns}


@dataclass(frozen=True)
class Macro:
    """A published table macro: a table with arguments. Its columns are those of its one SELECT."""

    schema: str
    name: str
    arguments: tuple[str, ...]
    comment: str
    example: str
    topic: str = ""

    @property
    def grain(self) -> str:
        """What one row is, from the header of the file."""
        return header(self.file)[0]

    @property
    def rule(self) -> str:
        """How it is computed, from the header of the file."""
        return header(self.file)[1]

    @property
    def full_name(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}"

    @property
    def title(self) -> str:
        """The name with the arguments."""
        return f"{self.full_name}({', '.join(self.arguments)})"

    @property
    def file(self) -> str:
        """The file that defines it, below ``warehouse``."""
        return f"macros/{self.name}.sql"


def quoted(text: str) -> str:
    """``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
