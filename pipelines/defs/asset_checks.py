"""The warehouse's checks as asset checks, each on the table it is about and made in the step that fills it.

A blocking one that fails stops the release. The declared key and references of a table are one check; ``meta.checks``
has a row for each.
"""

from collections.abc import Collection, Iterator

import dagster as dg

from pipelines.defs.table_deps import table_key
from warehouse.builder import checks
from warehouse.text import printable

DECLARED = "keys_and_references"
#: Tables of ``meta`` that are no assets have one check for all, on this one.
BOOKKEEPING, BOOKKEEPING_ON = "keys_and_references_of_bookkeeping", "meta.source_status"
#: Types of cells that the web UI shows.
CELL_TYPES = (int, float, bool, type(None))


def check_specs(shown: Collection[str], unseen: Collection[str] = ()) -> list[dg.AssetCheckSpec]:
    """The checks of the assets ``shown``, and one about the tables ``unseen``, which are no assets."""
    written = [
        dg.AssetCheckSpec(
            check.name,
            asset=table_key(check.about),
            # One that withholds stops a release only under AIGAP_STRICT: by the severity of its result.
            blocking=check.severity in ("block", "withhold"),
            description=check.why,
        )
        for check in checks.checks_about(set(shown))
        if not check.is_declared
    ]
    declared = [
        dg.AssetCheckSpec(
            DECLARED,
            asset=table_key(name),
            blocking=True,
            description="The key of the table is unique, and all that its rows name exists.",
        )
        for name in sorted(shown)
    ]
    if unseen:
        declared.append(
            dg.AssetCheckSpec(
                BOOKKEEPING,
                asset=table_key(BOOKKEEPING_ON),
                blocking=True,
                description=f"{DECLARED} of the tables that are no assets: {', '.join(sorted(unseen))}.",
            )
        )
    return [*written, *declared]


def check_results(
    results: list[checks.Result], keys: Collection[dg.AssetCheckKey], unseen: Collection[str] = ()
) -> Iterator[dg.AssetCheckResult]:
    """``results`` as those of the checks ``keys``."""
    for key in sorted(keys):
        about = set(unseen) if key.name == BOOKKEEPING else {".".join(key.asset_key.path)}
        if key.name in (DECLARED, BOOKKEEPING):
            ours = [found for found in results if found.check.is_declared and found.check.about in about]
            yield _declared(key, ours)
        else:
            yield from (_written(key, found) for found in results if found.check.name == key.name)


def _written(key: dg.AssetCheckKey, result: checks.Result) -> dg.AssetCheckResult:
    blocks = checks.stops(result.check.severity)
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=result.passed,
        severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
        description=None if result.passed else result.line(),
        metadata={"failing_rows": result.failing_rows, **_evidence(result)},
    )


def _declared(key: dg.AssetCheckKey, results: list[checks.Result]) -> dg.AssetCheckResult:
    broken = [result for result in results if not result.passed]
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=not broken,
        description="; ".join(result.line() for result in broken) or None,
        metadata={
            "passed": len(results) - len(broken),
            **{
                f"{result.check.name}: {name}": shown
                for result in broken
                for name, shown in _evidence(result).items()
            },
        },
    )


def _evidence(result: checks.Result) -> dict[str, dg.MetadataValue]:
    """The first failing rows, if any, and the query, as metadata of the result, which the web UI shows."""
    rows = {} if result.passed else {"first_failing_rows": _rows(result)}
    return {**rows, "sql": dg.MetadataValue.md(f"```sql\n{result.check.query}\n```")}


def _rows(result: checks.Result) -> dg.TableMetadataValue:
    records = [
        dg.TableRecord(
            {
                name: value if isinstance(value, CELL_TYPES) else printable(str(value))
                for name, value in row.items()
            }
        )
        for row in result.sample
    ]
    return dg.MetadataValue.table(records)


def counts(results: list[checks.Result]) -> str:
    """How many checks were made, stop the release and warn, in words."""
    stopped = sum(result.stops_release for result in results)
    warned = sum(not result.passed for result in results) - stopped
    return f"{len(results)} checks, {stopped} stop the release, {warned} warn"
