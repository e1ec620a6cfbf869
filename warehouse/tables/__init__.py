"""Every published table, declared once, in the module of its topic (see `warehouse.tables.topics`).

The shape of a row is declared here and nowhere else; how its values come about is in ``core/*.sql``, ``marts/*.sql``
and ``meta/*.sql``, or in the Python file that a declaration names. Terms are those of docs/method.md: board, variant,
snapshot, vintage, identity.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from warehouse.tables.derived_by_hand import DERIVED_FROM
from warehouse.tables.schema import Macro, Table
from warehouse.tables.topics import TOPICS

#: MAJOR.MINOR, see docs/contract.md. MAJOR is raised when something promised goes away or changes its type,
#: key, unit, nullability or meaning; MINOR when something is added. A check holds the first, see
#: `warehouse.builder.compatibility`.
SCHEMA_VERSION = "1.1"


def _declared() -> list[Table | Macro]:
    return [
        replace(entry, topic=topic)
        for topic in TOPICS
        for entry in import_module(f"{__name__}.{topic}").TABLES
    ]


def _with_origins(declared: Table) -> Table:
    columns = tuple(
        replace(column, derived_from=DERIVED_FROM.get(f"{declared.full_name}.{column.name}", ()))
        for column in declared.columns
    )
    return replace(declared, columns=columns)


#: Tables and table macros by topic, in the order of the dictionary.
DECLARED: tuple[Table | Macro, ...] = tuple(_declared())
TABLES: tuple[Table, ...] = tuple(_with_origins(entry) for entry in DECLARED if isinstance(entry, Table))
MACROS: tuple[Macro, ...] = tuple(entry for entry in DECLARED if isinstance(entry, Macro))


def table(full_name: str) -> Table:
    """The declaration of a table, by its name with schema. Raises `KeyError` if there is none."""
    for declared in TABLES:
        if declared.full_name == full_name:
            return declared
    raise KeyError(full_name)


def _named(names: str) -> tuple[Table, ...]:
    return tuple(table(name) for name in names.split())


# The order of the build, until it follows from what each table reads.
META = _named(
    "meta.sources meta.inputs meta.source_status meta.unresolved_models meta.identity_coverage "
    "meta.parameters meta.checks meta.release meta.runs meta.columns meta.errata"
)
CORE = _named(
    "core.boards core.organizations core.models core.model_names core.model_countries "
    "core.attributions core.snapshots core.scores core.ambiguous_rows core.snapshot_categories "
    "core.first_listed core.publications core.month_snapshots core.country_leaders "
    "core.gap_intervals"
)
BESIDE = _named(
    "core.prices core.chips core.notable_models core.published_figures main.claims main.policy_events"
)
COMPARED_FACTS = _named(
    "core.country_names core.price_providers core.price_names core.chip_pairs core.chip_availability"
)
MAIN = _named(
    "core.snapshot_gaps main.monthly_gap main.gap_definitions main.gap_sensitivity main.monthly_gap_filled "
    "main.frontier main.restated_gap main.gap_revisions"
)
LAG = _named("main.monthly_lag main.daily_lag main.lag_summary main.record_matches main.threshold_lag")
COMPARISONS = _named(
    "main.notable_models_by_year main.release_cadence main.price_gap main.chip_gap "
    "main.gap_triangulation main.claim_checks"
)
