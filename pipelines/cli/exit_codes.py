"""Exit codes, and how the end of a command becomes one."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from pipelines.cli.console import warn
from sources.errors import AigapError, UsageError

DONE, STOPPED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
INTERRUPTED_MESSAGE = "aigap: interrupted; the last release is untouched"


def guarded(command: Callable[[], Any]) -> int:
    """Run ``command`` and return its exit code; expected failures become one line, never a traceback."""
    try:
        command()
    except SystemExit as end:
        # Typer's own: help, wrong options (which it has printed), an exit code of a command, Ctrl-C.
        code = end.code if isinstance(end.code, int) else DONE
        if code == INTERRUPTED:
            warn(INTERRUPTED_MESSAGE)
        return code
    except UsageError as error:
        warn(f"aigap: {error.line()}")
        return WRONG_USE
    except AigapError as error:
        warn(f"aigap: {error.line()}")
        return STOPPED
    except UnicodeEncodeError:
        warn("aigap: a name has letters that this locale or UTF-8 does not; expected UTF-8; set PYTHONUTF8=1")
        return WRONG_USE
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        see = " (docs/runbook.md#full-disk)" if error.errno == errno.ENOSPC else ""
        said = AigapError(f"{error.strerror or error}{where}", remedy=f"the last release is untouched{see}")
        warn(f"aigap: {said.line()}")
        return STOPPED
    except Exception as error:
        # Loaded only by the commands that read.
        if type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        said = AigapError(
            str(error).splitlines()[0], "a release that this version reads", "see: aigap releases"
        )
        warn(f"aigap: {said.line()}")
        return STOPPED
    return DONE
