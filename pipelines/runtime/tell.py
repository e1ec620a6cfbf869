"""Telling people: a cause of failure once, its end, and the news of a release.

Imports no Dagster: `aigap refresh` with nothing to do must not load it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from pipelines.runtime import notify
from pipelines.runtime.causes import THE_RUN, Causes
from sources.errors import AigapError
from warehouse import release
from warehouse.read.release_news import release_news
from warehouse.workspace import Workspace


def failure(job: str, run_id: str, found: Iterable[tuple[str, str]]) -> None:
    """Send a notice of those of the causes ``found`` that nobody was told of."""
    workspace = Workspace.from_environment()
    causes = list(found) or [(THE_RUN, "no reason was given")]
    if new := Causes(workspace).add(job, causes):
        notify.send(notify.Notice(job, run_id, tuple(new), published(workspace)))


def recovery(job: str, run_id: str, steps: Iterable[str] | None = None) -> None:
    """Send a notice of the causes that ``job``, or ``steps`` of it, no longer fail by."""
    workspace = Workspace.from_environment()
    if gone := Causes(workspace).close(job, None if steps is None else list(steps)):
        lines = tuple(cause.told() for cause in gone)
        notify.send(notify.Notice(job, run_id, lines, published(workspace), kind=notify.RECOVERY))


def news(run_id: str) -> None:
    """Send what the release that the run published says and the one before did not."""
    workspace = Workspace.from_environment()
    now = release.current(workspace)
    before = release.previous(workspace, now) if now and now.run_id == run_id else None
    if now is None or before is None:
        return
    if lines := release_news(workspace, now, before):
        notify.send(notify.Notice("build", run_id, tuple(lines), now.name, kind=notify.RELEASE))


def published(workspace: Workspace) -> str | None:
    """The name of the published release; None if there is none that can be read."""
    with suppress(AigapError):  # An unreadable release may be the reason of a failure.
        now = release.current(workspace)
        return now.name if now else None
    return None
