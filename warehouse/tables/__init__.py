"""Every published table, declared once, in the module of its topic (see `warehouse.tables.topics`).

The columns of a table are declared here; its values are computed in ``core/*.sql``, ``marts/*.sql`` and
``meta/*.sql``, or in the Python file that the declaration names. Terms are those of docs/method.md: board, variant,
snapshot, vintage, identity.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from warehouse.tables.schema import Macro, Table
from warehouse.tables.topics import TOPICS

#: MAJOR.MINOR, see docs/contract.md. MAJOR is raised when something promised goes away or changes its type,
#: key, unit, nullability or meaning (checked by `warehouse.builder.compatibility`); MINOR when something is added.
SCHEMA_VERSION = "2.0"


def _declared() -> list[Table | Macro]:
    return [
        replace(entry, topic=topic)
        for topic in TOPICS
        for entry in import_module(f"{__name__}.{topic}").TABLES
    ]


#: Tables and table macros by topic, in the order of the dictionary.
DECLARED: tuple[Table | Macro, ...] = tuple(_declared())
TABLES: tuple[Table, ...] = tuple(entry for entry in DECLARED if isinstance(entry, Table))
MACROS: tuple[Macro, ...] = tuple(entry for entry in DECLARED if isinstance(entry, Macro))


def table(full_name: str) -> Table:
    """The declaration of a table, by its name with schema. Raises `KeyError` if there is none."""
    for declared in TABLES:
        if declared.full_name == full_name:
            return declared
    raise KeyError(full_name)
