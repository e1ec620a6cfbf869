"""What Dagster loads, as it loads it: in a process of its own, with every warning shown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.fixtures.clone import REPOSITORY, Clone

#: Loads everything and tells what came with it that takes long, and each warning: its category with what that is made
#: of, where it comes from, what it says.
LOAD = """
import json, sys, warnings
with warnings.catch_warnings(record=True) as shown:
    warnings.simplefilter("always")
    from pipelines.definitions import defs
    slow = sorted({"altair", "bs4", "dask", "requests", "sqlalchemy", "vl_convert"} & sys.modules.keys())
    defs.get_repository_def().get_all_jobs()
print(json.dumps([slow, [
    [[kind.__name__ for kind in one.category.__mro__], one.filename, str(one.message)] for one in shown
]]))
"""
#: What Dagster says of features that may change or go.
UNSTEADY = {"BetaWarning", "PreviewWarning", "SupersessionWarning", "ExperimentalWarning"}


def test_definitions_use_nothing_that_is_to_go_and_nothing_unsteady(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:pipelines", "-c", LOAD],
        cwd=tmp_path,
        env=Clone(REPOSITORY).environment(tmp_path / "data"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    slow, shown = json.loads(done.stdout)
    # Up to half a second each, for everyone who loads them.
    assert slow == []
    ours = [one for one in shown if str(REPOSITORY) in one[1] and "site-packages" not in one[1]]
    assert [one for one in ours if "DeprecationWarning" in one[0]] == []
    assert [one for one in shown if UNSTEADY & set(one[0])] == []
    code = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "pipelines").rglob("*.py"))
    assert "filterwarnings(" not in code
    assert "simplefilter(" not in code
