"""An empty recorded Dagster run: eight assets that do nothing, one after another, in this process.

``python bench/empty.py HOME`` keeps its records as ``HOME/dagster.yaml`` says. It is what a recorded run of as many
assets costs before any of them does something.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import dagster as dg

ASSETS = 8


def assets() -> Sequence[dg.AssetsDefinition]:
    made: list[dg.AssetsDefinition] = []
    for number in range(ASSETS):

        @dg.asset(name=f"asset_{number}", deps=made[-1:])
        def empty() -> None: ...

        made.append(empty)
    return made


def main(home: str) -> None:
    os.environ["DAGSTER_HOME"] = home
    os.chdir(home)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.get() as instance:
        assert dg.materialize(assets(), instance=instance, run_config=quiet).success
        assert instance.get_runs_count() == 1


if __name__ == "__main__":
    main(sys.argv[1])
