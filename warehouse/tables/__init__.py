"""Every published table, declared once. Terms of docs/method.md: board, variant, snapshot, vintage, identity.

The shape of a row is declared here and nowhere else; how its values come about is in ``core/*.sql``,
``marts/*.sql`` and the modules that fill them.
"""

from __future__ import annotations

from warehouse.tables.comparisons import COMPARED_FACTS, COMPARISONS
from warehouse.tables.gap import MAIN
from warehouse.tables.lag import LAG
from warehouse.tables.macros import MACROS
from warehouse.tables.meta import META
from warehouse.tables.prices_and_chips import BESIDE
from warehouse.tables.schema import Table
from warehouse.tables.scores import CORE

#: MAJOR.MINOR, see docs/contract.md. MAJOR is raised when something promised goes away or changes its type,
#: key, unit, nullability or meaning; MINOR when something is added. A check holds the first, see
#: `warehouse.builder.compatibility`.
SCHEMA_VERSION = "1.0"

__all__ = [
    "BESIDE",
    "COMPARED_FACTS",
    "COMPARISONS",
    "CORE",
    "LAG",
    "MACROS",
    "MAIN",
    "META",
    "SCHEMA_VERSION",
    "TABLES",
    "table",
]

TABLES: tuple[Table, ...] = (*META, *CORE, *BESIDE, *COMPARED_FACTS, *MAIN, *LAG, *COMPARISONS)


def table(full_name: str) -> Table:
    for declared in TABLES:
        if declared.full_name == full_name:
            return declared
    raise KeyError(full_name)
