"""Where every published column comes from: computed from the SQL and the declarations, for `warehouse.tables.lineage`.

    python -m warehouse.builder.derivation      writes warehouse/lineage.json

Needs sqlglot, which tests have and a refresh has not: nothing but a test imports this module. What counts as
deriving is said in `warehouse.builder.sql_columns`.

Staged relations are resolved through to published tables and inputs. What Python fills is declared: on the
columns of `warehouse.tables`, and in `staged` for what never is published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from sources.contract.receipt import Receipt
from sources.contract.source import Board, Origin, Source
from sources.ingestion.archive.fetch_failures import FetchFailure
from warehouse import reference
from warehouse.builder.core import INTERNAL_VIEWS
from warehouse.builder.inputs import KINDS, Input
from warehouse.builder.sql_columns import Reader, Relation
from warehouse.reference.parameters import PARAMETERS
from warehouse.tables import TABLES
from warehouse.tables.lineage import FILE, LineageError, split
from warehouse.tables.schema import EVERY_TABLE, Table
from warehouse.workspace import PACKAGE

#: Staged relations that a file of SQL makes or is, in the order in which they are made.
STAGING = ("staging/listings.sql", "staging/staged_scores.sql", "staging/agreements.sql", *INTERNAL_VIEWS)
QUERIES = ("staging/lag_inputs.sql", "staging/interval_inputs.sql")
#: Columns, or whole tables, that derive from no column, each with the reason.
NOT_DERIVED: Mapping[str, str] = {
    "core.country_leaders.listing": "constant: the two listings stand in the query",
    "core.month_snapshots.month_rule": "constant: the two rules stand in the query",
    "core.publications.candidates": "count of snapshots of a day",
    "core.snapshots.rows": "count of score rows",
    "main.chip_gap.measure": "constant: the measures stand in the query",
    "main.chip_gap.precision": "constant: as measure",
    "main.gap_definitions.month_rule": "constant: the rules stand in the query",
    "main.daily_lag.reading": "constant: the readings stand in warehouse.compute.lag_readings",
    "main.lag_summary.draws": "constant of warehouse.compute.lag_readings",
    "main.lag_summary.reading": "constant: the readings stand in warehouse.compute.lag_readings",
    "main.lag_summary.seed": "constant of warehouse.compute.lag_readings",
    "main.monthly_lag.reading": "constant: the readings stand in warehouse.compute.lag_readings",
    "main.notable_models_by_year.counting": "constant: the two ways of counting stand in the query",
    "main.notable_models_by_year.models": "count of models, or of their equal shares",
    "main.price_gap.candidates": "count of models",
    "main.price_gap.question": "constant: the questions stand in the query",
    "main.record_matches.match_rule": "constant: the rules stand in warehouse.compute.lag_readings",
    "main.record_matches.probability": "constant of warehouse.compute.lag_readings",
    "main.release_cadence.first_listed": "count of models",
    "main.threshold_lag.threshold": "constant: the thresholds stand in warehouse.compute.lag_tables",
    "meta.checks": "the outcome of queries, not their values",
    "meta.columns": "the declaration, not data",
    "meta.release.as_of": "the day asked for",
    "meta.release.input_hash": "hash of inputs, reference tables and code",
    "meta.release.inputs": "count of inputs",
    "meta.release.project_version": "constant of the project",
    "meta.release.run_id": "name of the run",
    "meta.release.schema_version": "constant of warehouse.tables",
    "meta.runs": "what was published when, by which run",
    "meta.source_status.inputs": "count of inputs",
}


def inputs() -> dict[str, Relation]:
    """What a release is made from: columns that derive from nothing here."""
    held = {
        "observations": [
            "input_id",
            *(name for schema in KINDS.values() for name in schema),
            *_fields(Input),
        ],
        "sources/*.py": _fields(Source, Origin, Board),
        "archive": _fields(Receipt, FetchFailure),
        **{f"reference/{name}.csv": list(columns) for name, columns in reference.COLUMNS.items()},
    }
    return {
        name: Relation(derived_from={column: set() for column in columns}) for name, columns in held.items()
    }


def staged() -> dict[str, Relation]:
    """The relations that `warehouse.builder.core` makes in Python and SQL then reads; they are not published."""
    day = ("printed_on", "known_at", "models", "source_id")
    compared = ("shared", "largest_difference", "mean_difference")
    dated = {
        *(f"listing.{column}" for column in day),
        *(f"agreement.{column}" for column in compared),
        "staged_source.stamp_can_lag",
        "meta.parameters.value",
    }
    declared: dict[str, dict[str, set[str]]] = {
        "internal.settings": {declared.name: {"meta.parameters.value"} for declared in PARAMETERS},
        "staged_source": {
            "source_id": {"sources/*.py.id"},
            **{
                column: {f"sources/*.py.{column}"}
                for column in ("coverage", "precision", "distance", "stamp_can_lag")
            },
            "cadence_seconds": {"sources/*.py.cadence"},
            "last_receipt": {"archive.fetched_at"},
            "last_error": {"archive.reason"},
        },
        "staged_anchor": _same("reference/anchors.csv", reference.COLUMNS["anchors"]),
        "staged_known_unresolved": _same(
            "reference/known_unresolved.csv", reference.COLUMNS["known_unresolved"]
        ),
        "dated": {
            "key": {"listing.key"},
            "published_on": dated,
            "date_basis": dated,
            "same_as": {"listing.key", *dated},
        },
        **{f"parsed_{kind}": _same("observations", ("input_id", *schema)) for kind, schema in KINDS.items()},
    }
    return {
        name: Relation({split(source)[0] for sources in columns.values() for source in sources}, columns)
        for name, columns in declared.items()
    }


def _fields(*declared: type) -> list[str]:
    return [entry.name for one in declared for entry in fields(one)]


def _same(relation: str, columns: tuple[str, ...]) -> dict[str, set[str]]:
    return {column: {f"{relation}.{column}"} for column in columns}


def sql_file(declared: Table) -> Path | None:
    """The file that fills ``declared``, as `warehouse.builder.core` finds it; None where Python does."""
    path = PACKAGE / declared.file
    return path if path.suffix == ".sql" and path.is_file() else None


def lineage() -> dict[str, Relation]:
    """Every published table, by full name, from published tables and inputs only.

    Raises `LineageError` for a declaration that names what does not exist or that SQL tells already, for a
    column that derives from nothing and gives no reason, and for SQL whose columns cannot be read.
    """
    known = {**inputs(), **staged()}
    for file in (*STAGING, *QUERIES):
        read = Reader(file, known)
        for name, relation in read.relations():
            known[name] = relation
    for declared in TABLES:
        file_ = sql_file(declared)
        known[declared.full_name] = (
            _of_declaration(declared, known)
            if file_ is None
            else _of_sql(declared, file_.relative_to(PACKAGE).as_posix(), known)
        )
    for name, relation in known.items():
        _must_exist(name, relation, known)
    published = {declared.full_name for declared in TABLES}
    ends = published | set(inputs())
    result = {name: _through(known[name], known, ends) for name in sorted(published)}
    _account_for(result)
    return result


def to_json(tables: Mapping[str, Relation]) -> str:
    """A line a column, sorted by table, in the table's own order of columns."""
    texts = []
    for name, relation in sorted(tables.items()):
        columns = ",\n".join(
            f"      {json.dumps(column)}: {json.dumps(sorted(sources))}"
            for column, sources in relation.derived_from.items()
        )
        texts.append(
            f"  {json.dumps(name)}: {{\n"
            f'    "filled_from": {json.dumps(sorted(relation.filled_from))},\n'
            f'    "derived_from": {{\n{columns}\n    }}\n  }}'
        )
    return "{\n" + ",\n".join(texts) + "\n}\n"


def _of_declaration(declared: Table, known: Mapping[str, Relation]) -> Relation:
    """A table that Python fills, as its declaration says."""
    if declared.filled_from == EVERY_TABLE:
        others = {other.full_name for other in TABLES} - {declared.full_name}
        return Relation(others, {column.name: set() for column in declared.columns})
    by_name = {other.full_name: {column.name for column in other.columns} for other in TABLES}
    by_name |= {name: set(relation.derived_from) for name, relation in known.items()}
    for name in declared.filled_from:
        if name not in by_name:
            raise LineageError(
                f"{declared.full_name} is declared as filled from {name}",
                "a published table, a staged relation or an input",
                "see inputs and staged in warehouse/builder/derivation.py",
            )
    columns = {
        column.name: set(column.derived_from)
        or {f"{name}.{column.name}" for name in declared.filled_from if column.name in by_name[name]}
        for column in declared.columns
    }
    named = {split(source)[0] for sources in columns.values() for source in sources}
    return Relation({*declared.filled_from, *named}, columns)


def _of_sql(declared: Table, file: str, known: Mapping[str, Relation]) -> Relation:
    if declared.filled_from or any(column.derived_from for column in declared.columns):
        raise LineageError(
            f"{declared.full_name} declares what it derives from",
            f"that {file} alone tells it",
            "remove filled_from and derived_from",
        )
    [(_, relation)] = Reader(file, known).relations()
    names = [column.name for column in declared.columns]
    if set(relation.derived_from) != set(names):
        differing = sorted(set(relation.derived_from) ^ set(names))
        raise LineageError(
            f"{file}: {', '.join(differing)}",
            f"the columns of {declared.full_name}",
            "declare or select them",
        )
    return Relation(relation.filled_from, {name: relation.derived_from[name] for name in names})


def _must_exist(name: str, relation: Relation, known: Mapping[str, Relation]) -> None:
    for column, sources in relation.derived_from.items():
        for source in sorted(sources):
            table, there = split(source)
            if table not in known or there not in known[table].derived_from:
                raise LineageError(
                    f"{name}.{column} derives from {source}, which does not exist",
                    "a column of a published table, a staged relation or an input",
                    "mend derived_from",
                )


def _through(relation: Relation, known: Mapping[str, Relation], ends: set[str]) -> Relation:
    """``relation`` with everything that is staged replaced by what that is made from."""
    tables: set[str] = set()
    for name in relation.filled_from:
        tables |= {name} if name in ends else _through(known[name], known, ends).filled_from
    columns: dict[str, set[str]] = {}
    for column, sources in relation.derived_from.items():
        columns[column] = {end for source in sources for end in _ends(source, known, ends)}
    return Relation(tables, columns)


def _ends(source: str, known: Mapping[str, Relation], ends: set[str]) -> set[str]:
    table, column = split(source)
    if table in ends:
        return {source}
    return {end for further in known[table].derived_from[column] for end in _ends(further, known, ends)}


def _account_for(tables: Mapping[str, Relation]) -> None:
    empty = {
        f"{name}.{column}"
        for name, relation in tables.items()
        for column, sources in relation.derived_from.items()
        if not sources
    }
    explained = {name for name in empty if name in NOT_DERIVED or split(name)[0] in NOT_DERIVED}
    if empty - explained:
        raise LineageError(
            f"{', '.join(sorted(empty - explained))}: derived from nothing",
            "what the values are computed from, or the reason in NOT_DERIVED",
            "see warehouse/builder/derivation.py",
        )
    stale = {name for name in NOT_DERIVED if name not in empty and name not in tables}
    if stale:
        raise LineageError(
            f"NOT_DERIVED names {', '.join(sorted(stale))}", "columns that derive from nothing", "remove them"
        )


if __name__ == "__main__":
    FILE.write_text(to_json(lineage()), encoding="utf-8")
