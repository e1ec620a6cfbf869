"""The warehouse's checks as asset checks; a blocking one that fails stops the release.

The declared keys and references are one asset check for each step, because forty more events in every run take longer
than the checks themselves. ``meta.checks`` has a row for each.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.defs.resources import DataFolder
from pipelines.defs.table_deps import table_key
from pipelines.runtime.progress import report_step
from warehouse.builder import checks, steps
from warehouse.text import printable

DECLARED = "keys_and_references"
CORE_TABLE, MART_TABLE = "core.scores", "main.monthly_gap"
#: Types of cells that the web UI shows.
CELL_TYPES = (int, float, bool, type(None))


def _specs(names: frozenset[str], declared_on: str) -> list[dg.AssetCheckSpec]:
    written = [check for check in checks.checks_about(set(names)) if not check.is_declared]
    specs = [
        dg.AssetCheckSpec(
            check.name,
            asset=table_key(check.about),
            # One that withholds stops a release only under AIGAP_STRICT: by the severity of its result.
            blocking=check.severity in ("block", "withhold"),
            description=check.why,
        )
        for check in written
    ]
    why = "every declared key must be unique and every declared reference must exist"
    return [
        *specs,
        dg.AssetCheckSpec(DECLARED, asset=table_key(declared_on), blocking=True, description=why),
    ]


def _results(results: list[checks.Result], declared_on: str) -> Iterator[dg.AssetCheckResult]:
    for result in results:
        if result.check.is_declared:
            continue
        blocks = checks.stops(result.check.severity)
        yield dg.AssetCheckResult(
            asset_key=table_key(result.check.about),
            check_name=result.check.name,
            passed=result.passed,
            severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
            description=None if result.passed else result.line(),
            metadata={"failing_rows": result.failing_rows, **_evidence(result)},
        )
    declared = [result for result in results if result.check.is_declared]
    broken = [result for result in declared if not result.passed]
    yield dg.AssetCheckResult(
        asset_key=table_key(declared_on),
        check_name=DECLARED,
        passed=not broken,
        description="; ".join(result.line() for result in broken) or None,
        metadata={
            "passed": len(declared) - len(broken),
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


def _counts(results: list[checks.Result]) -> str:
    stopped = sum(result.stops_release for result in results)
    warned = sum(not result.passed for result in results) - stopped
    return f"{len(results)} checks, {stopped} stop the release, {warned} warn"


@dg.multi_asset_check(name="core_checks", specs=_specs(steps.WITH_CORE, CORE_TABLE))
def core_checks(context: dg.AssetCheckExecutionContext, data: DataFolder) -> Iterator[dg.AssetCheckResult]:
    """Run the checks about the tables of the core."""
    with report_step(context, "core checks") as summary:
        results = steps.check(data.staged(context), steps.WITH_CORE)
        summary.append(_counts(results))
    yield from _results(results, CORE_TABLE)


@dg.multi_asset_check(name="mart_checks", specs=_specs(steps.WITH_MARTS, MART_TABLE))
def mart_checks(context: dg.AssetCheckExecutionContext, data: DataFolder) -> Iterator[dg.AssetCheckResult]:
    """Run the checks about the marts."""
    with report_step(context, "mart checks") as summary:
        results = steps.check(data.staged(context), steps.WITH_MARTS)
        summary.append(_counts(results))
    yield from _results(results, MART_TABLE)


def guarded() -> set[dg.AssetKey]:
    """The tables with a blocking check: only assets downstream of them wait for its result."""
    specs = [*core_checks.check_specs, *mart_checks.check_specs]
    return {spec.asset_key for spec in specs if spec.blocking}
