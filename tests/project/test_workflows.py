"""What GitHub runs: actions with a version, scripts that are there, no more rights than a step needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import literal, versions

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_steps_are_pinned_and_their_scripts_are_there(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
    for step in steps(workflow):
        assert re.search(r"@v\d+$", step.get("uses", "@v1")), step
        for script in re.findall(r"(?:deploy|\.ci)/[\w./]+", step.get("run", "")):
            assert (ROOT / script).is_file(), script
        for module in re.findall(r"python -m (tests\.\w+)", step.get("run", "")):
            assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module
    # Rights are given job by job, and writing is not the default.
    assert "write" not in str(workflow["permissions"])
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_refresh_is_run_only_where_it_was_turned_on() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "refresh.yml").read_text(encoding="utf-8"))
    assert "vars.AIGAP_REFRESH == 'on'" in workflow["jobs"]["refresh"]["if"]
    assert workflow["jobs"]["pages"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_what_a_fork_leaves_out_is_what_its_document_says() -> None:
    """Would catch a new source without a licence whose figures forks would publish unnoticed."""
    said = (ROOT / "docs" / "fork.md").read_text(encoding="utf-8")
    [listed] = re.findall(r"what a public copy publishes: (.+) today\.", said)
    program = [sys.executable, str(ROOT / "deploy" / "github" / "not_to_pass_on.py")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    left_out = subprocess.run(
        program, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert re.findall(r"`(\w+)`", listed) == left_out


def test_ends_of_the_ranges_are_those_that_are_tried() -> None:
    ci = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    tried = {"highest", *ci["jobs"]["ranges"]["strategy"]["matrix"]["end"]}
    assert tried == set(versions.ENDS)


def test_every_command_that_is_not_run_literally_is_still_in_a_document() -> None:
    assert literal.drifted() == []
