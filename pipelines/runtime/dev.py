"""`make dev`: the web UI with Dagster's services, on the records that `aigap` writes for the same data folder."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pipelines.runtime.extras import missing
from pipelines.runtime.instance import home


def main() -> None:
    """Become ``dg dev``, with the arguments given."""
    dg = Path(sys.executable).parent / "dg"
    if not dg.is_file():
        raise SystemExit(f"aigap: {missing('dg', 'ui').line()}")
    folder = home()
    # dagster.yaml there turns telemetry off; the variable keeps `logs` folders, which the upload thread makes all the
    # same, out of the tree.
    os.environ |= {"DAGSTER_HOME": str(folder), "DAGSTER_DISABLE_TELEMETRY": "1"}
    # Paths in dagster.yaml are relative to the working directory.
    os.chdir(folder)
    # A shell that starts it in the background lets it ignore interrupts: Dagster would then ignore SIGTERM as well.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(dg, [str(dg), "dev", "-m", "pipelines.definitions", *sys.argv[1:]])


if __name__ == "__main__":
    main()
