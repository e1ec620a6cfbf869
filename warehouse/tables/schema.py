"""One declaration a table: DDL, comments, Polars schema, checks and dictionary all come from it."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

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

#: `Table.filled_from` of what is about all the others.
EVERY_TABLE = ("*",)
EXAMPLE_ROWS = 8
#: Where the SQL of a schema's tables lies, below ``warehouse``.
FOLDERS = {"main": "marts", "core": "core", "meta": "meta"}


@dataclass(frozen=True)
class Column:
    """``kind`` is a DuckDB type of `POLARS_TYPES`; ``check`` an SQL condition on this column.

    ``derived_from`` names what the values are computed from, where no SQL file tells it (see `Table.filled_from`).
    ``volatile``: differs between two builds of the same inputs; not exported.
    """

    name: str
    kind: str
    comment: str
    nullable: bool = False
    unit: str = ""
    check: str = ""
    derived_from: tuple[str, ...] = ()
    volatile: bool = False

    def ddl(self) -> str:
        parts = [f'"{self.name}"', self.kind]
        if not self.nullable:
            parts.append("NOT NULL")
        if self.check:
            parts.append(f"CHECK ({self.check})")
        return " ".join(parts)

    def full_comment(self) -> str:
        return f"{self.comment} [{self.unit}]" if self.unit else self.comment


@dataclass(frozen=True)
class Table:
    """A published table. ``grain`` says what one row is, ``key`` what names it."""

    schema: str
    name: str
    grain: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    #: A name of `warehouse.tables.topics.TOPICS`.
    topic: str = ""
    #: Conditions over several columns, by name.
    checks: dict[str, str] = field(default_factory=dict)
    #: (columns, "schema.table", columns there): held by the audit, see `warehouse.builder.checks`.
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    #: Large tables leave their key to the audit: an index over millions of text keys costs more
    #: than the whole load, and a published file is never written again.
    key_in_ddl: bool = True
    #: Of a table that no SQL file fills: the relations it is filled from, names as in `warehouse.builder.derivation`. A
    #: column that does not say what it derives from is that of the same name in them.
    filled_from: tuple[str, ...] = ()
    #: The whole table differs between two builds of the same inputs; not exported.
    volatile: bool = False
    #: How the values come about, in the words of an analyst.
    rule: str = ""
    #: The file below ``warehouse`` that computes them; by default the SQL file of the table's name.
    filled_by: str = ""
    #: A query that shows what the table is for. Its result is in the dictionary: at most `EXAMPLE_ROWS`
    #: rows, ordered.
    example: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def file(self) -> str:
        """The file that computes the table, below ``warehouse``."""
        return self.filled_by or f"{FOLDERS[self.schema]}/{self.name}.sql"

    def ddl(self) -> str:
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
        return {column.name: POLARS_TYPES[column.kind] for column in self.columns}


@dataclass(frozen=True)
class Macro:
    """A published table macro: a table with arguments. Its columns are those of its one SELECT."""

    schema: str
    name: str
    arguments: tuple[str, ...]
    grain: str
    comment: str
    rule: str
    example: str
    topic: str

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def file(self) -> str:
        return f"macros/{self.name}.sql"


def quoted(text: str) -> str:
    """``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
