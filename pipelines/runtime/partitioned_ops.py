"""Heavy work of one asset as several steps: plan, n portions side by side, gather.

The number of portions is fixed when the definitions load (`executors.parts`): not every engine knows steps that
appear while a run goes on. In one process there is one portion.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

from pipelines.defs.resources import DataFolder
from pipelines.runtime import executors
from pipelines.runtime.progress import report_step
from warehouse.builder.steps import Staged
from warehouse.files import write_atomically

#: Does portion ``name`` of the staged build; returns what to say of it.
Work = Callable[[Staged, str], str]


def note(staged: Staged, kind: str, portions: Sequence[str]) -> None:
    """Leave the plan where every step finds it."""
    write_atomically(staged.folder / f"{kind}.json", json.dumps(list(portions)))


def _portion(staged: Staged, kind: str, number: int) -> str | None:
    portions = json.loads((staged.folder / f"{kind}.json").read_text(encoding="utf-8"))
    return portions[number] if number < len(portions) else None


def workers(kind: str, work: Work) -> list[dg.OpDefinition]:
    """The ops ``kind_1`` … ``kind_n``, each for its portion of what was planned under ``kind``."""
    return [_worker(kind, number, work) for number in range(executors.parts())]


def _worker(kind: str, number: int, work: Work) -> dg.OpDefinition:
    @dg.op(name=f"{kind}_{number + 1}", ins={"planned": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
    def portion(context: dg.OpExecutionContext, data: DataFolder) -> None:
        staged = data.staged(context)
        name = _portion(staged, kind, number)
        if name is not None:
            with report_step(context, f"{kind} {number + 1}") as summary:
                summary.append(work(staged, name))

    return portion


def gathered(ops: Sequence[dg.OpDefinition], planned: Any) -> list[Any]:
    """Every worker after ``planned``; their ends, for the op that gathers."""
    return [op(planned) for op in ops]
