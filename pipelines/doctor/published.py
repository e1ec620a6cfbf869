"""The published file: the link, its seal, and the description beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipelines.doctor.finding import Finding
from sources.errors import AigapError
from warehouse.release import current
from warehouse.release.seal import broken_seal
from warehouse.workspace import Workspace


def look(workspace: Workspace) -> Iterator[Finding]:
    """Whether the link leads to a release that is as it was published."""
    try:
        release = current(workspace)
    except AigapError as error:
        yield Finding("published", "fail", error.found, error.remedy, "docs/runbook.md#changed-release")
        return
    if release is None:
        if workspace.link.is_symlink():
            found = f"{workspace.link} leads to no release"
            yield Finding(
                "published", "fail", found, "run: aigap rollback", "docs/runbook.md#changed-release"
            )
        else:
            found = f"nothing is published in {workspace.data}"
            yield Finding(
                "published", "warn", found, "run: aigap refresh", "docs/runbook.md#nothing-published"
            )
        return
    if broken := broken_seal(workspace, release):
        remedy = "remove it, then: aigap rollback, or aigap refresh --force"
        yield Finding("published", "fail", broken, remedy, "docs/runbook.md#changed-release")
        return
    try:
        described = json.loads(workspace.latest_json.read_text(encoding="utf-8")).get("name")
    except (OSError, ValueError, AttributeError):
        described = None
    if described != release.name:
        found = (
            f"{workspace.latest_json.name} describes {described or 'nothing'}, the link shows {release.name}"
        )
        yield Finding(
            "published",
            "warn",
            found,
            "the next refresh that publishes mends it",
            "docs/runbook.md#changed-release",
        )
        return
    yield Finding("published", "ok", f"{release.name}, as it was published")
