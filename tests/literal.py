"""Each command of the README and the documents, run as written: ``python -m tests.literal`` (about five minutes).

In a clone with a small history, and from the wheel outside of one. A command has to end with 0. One that has a name to
be filled in is run with that of `FILLED`; one that cannot be run here is in `NOT_RUN` with the reason. A command that
is in neither and fails, and an entry of either that no document has any more, end the run with exit code 1.
``python -m tests.literal doctor`` runs those with that word in them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fixtures.clone import REPOSITORY, cut_history
from tests.fixtures.documents import documents
from tests.fixtures.wheel import Installed, build, environment

BLOCK = re.compile(r"^```(?:console|text)\n(.*?)^```", re.M | re.S)
INLINE = re.compile(r"`((?:aigap|make|python -m) [^`]+)`")
#: The rest of a line that only says something.
REMARK = re.compile(r"\s+# .*")

#: Written with a name to be filled in → as it is run.
FILLED = {
    "aigap query SQL": "aigap query 'SELECT 1'",
    "aigap site --to DIR": "aigap site --to pages",
    "aigap export --to DIR": "aigap export --to export --table monthly_gap",
    "aigap recompute --set country_b=FR --to FILE": "aigap recompute --set country_b=FR --to fr.duckdb",
    "aigap recompute --set country_b=FR": "aigap recompute --set country_b=FR --to fr2.duckdb",
    "aigap dictionary [TABLE]": "aigap dictionary && aigap dictionary monthly_gap",
    "aigap explain 2025-02 [--variant style_control]": "aigap explain 2026-02 --variant style_control",
    "aigap archive list\\|show\\|verify\\|prune": "aigap archive list && aigap archive verify",
    "aigap site": "aigap site --to pages",
    "aigap query": "aigap query 'SELECT 1'",
    "aigap query --format csv": "aigap query --format csv 'SELECT 1'",
    "aigap query \"…\"": "aigap query 'SELECT 1'",
    "aigap export --mix-licences": "aigap export --mix-licences --to mixed --table monthly_gap",
    "aigap site --url": "aigap site --url https://example.org/gap/ --to pages",
    "aigap doctor": "aigap doctor --offline",
    "aigap doctor [--offline]": "aigap doctor --offline",
    "aigap doctor --format json": "aigap doctor --offline --format json",
    "aigap refresh --except SOURCE": "aigap refresh --except aider",
    "aigap refresh --except": "aigap refresh --except aider",
}  # fmt: skip

NETWORK = "asks the network; tests/system/test_live_system.py and test_git_replay_system.py do, on loopback"
MACHINE = "changes the machine or another one: users, units, packages, files of both"
SERVICE = (
    "needs a cluster, an engine or a service, or goes on until it is ended; tests/system starts what it can"
)
ONE_BODY = "names a body, a release or a file that only the reader has; tests/cli gives each one"
LONG = "takes many minutes; .ci/run, or a person, runs it"
ADDED = "is about what docs/extending.md adds; tests/project/test_adding_a_leaderboard.py and test_adding_a_mart.py do"
GITHUB = "changes a repository on GitHub; python -m tests.fork_days runs what it starts"
#: Beginnings of commands that are not run → why not.
NOT_RUN = {
    "aigap refresh --live": NETWORK,
    "aigap backfill": NETWORK,
    "aigap doctor --source": NETWORK,
    "aigap ingest": ONE_BODY,
    "aigap rollback": ONE_BODY,
    "aigap changes --from": ONE_BODY,
    "aigap explain MONTH": ONE_BODY,
    "aigap archive release": ONE_BODY,
    "aigap archive reject": ONE_BODY,
    "aigap archive restore": ONE_BODY,
    "aigap archive retry": ONE_BODY,
    "aigap archive show": ONE_BODY,
    "aigap resolve --line": ONE_BODY,
    "aigap resolve --yes": ONE_BODY,
    "aigap history build": ONE_BODY,
    "aigap --install-completion": MACHINE,
    "aigap …": "is no command",
    'aigap query "SELECT month, us_model, cn_model, gap_points, status FROM': ADDED,
    'aigap query "SELECT month, us_model_before': ADDED,
    "aigap dictionary leader_changes": ADDED,
    "make": LONG,
    "python -m warehouse.builder.column_lineage": LONG,
    "python -m pipelines.runtime.dev": "runs until it is ended; tests/system/test_assets_system.py starts and ends it",
    "python -m tests.": LONG,
    "python docs/cookbook/to_sqlite.py": "needs an export of every table; tests/project/test_cookbook.py runs it",
    "datasette": SERVICE,
    ".venv/bin/python -m hatchling": "is what the wheel of this run is made by",
    "pipx": MACHINE,
    "uv tool": MACHINE,
    "gh ": GITHUB,
    "useradd": MACHINE,
    "git clone <this": MACHINE,
    "mkdir -p /srv": MACHINE,
    "install ": MACHINE,
    "sudo": MACHINE,
    "cp deploy/systemd": MACHINE,
    "cd /srv": MACHINE,
    "ls /srv": MACHINE,
    "fuser": MACHINE,
    "mv .dagster": MACHINE,
    "duckdb": ONE_BODY,
    "systemctl": MACHINE,
    "alias": MACHINE,
    "as-aigap": MACHINE,
    "rsync": MACHINE,
    "export DAGSTER_HOME": "sets a variable for the lines after it",
    "dask": SERVICE,
    "podman": SERVICE,
    "echo 'dagster-k8s": MACHINE,
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """What a document writes, and where."""

    text: str
    document: Path

    @property
    def runs(self) -> str:
        """What is run for it."""
        return FILLED.get(self.text, self.text)

    @property
    def reason(self) -> str | None:
        """Why it is not run."""
        if self.text in FILLED:
            return None
        return next((why for begins, why in NOT_RUN.items() if self.text.startswith(begins)), None)


def commands() -> list[Command]:
    """Each command once."""
    found = {
        text: Command(text, document) for document in reversed(documents()) for text in written(document)
    }
    return list(found.values())


def written(document: Path) -> Iterator[str]:
    """The commands of one document."""
    text = document.read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        lines = iter(block.splitlines())
        for line in lines:
            if line.startswith(("$ ", "# ")):
                command = REMARK.sub("", line[2:])
                # It goes on while a quotation mark is open, or after a backslash.
                while command.count('"') % 2 or command.endswith("\\"):
                    command += f"\n{next(lines)}"
                yield command.strip()
    for command in INLINE.findall(BLOCK.sub("", text)):
        yield " ".join(command.split())


def drifted() -> list[str]:
    """Entries of `FILLED` and `NOT_RUN` that no document has."""
    there = [command.text for command in commands()]
    return [
        *(entry for entry in FILLED if entry not in there),
        *(entry for entry in NOT_RUN if not any(text.startswith(entry) for text in there)),
    ]


def run_all(
    where: str, run: Callable[[str], subprocess.CompletedProcess[str]], only: tuple[str, ...]
) -> list[str]:
    """Run every command that begins with one of ``only``; returns a line for each that failed."""
    failed: list[str] = []
    seen: set[str] = set()
    for command in commands():
        wanted = command.text.startswith(only) and all(word in command.text for word in sys.argv[1:])
        if command.reason or not wanted or command.runs in seen:
            continue
        seen.add(command.runs)
        done = run(command.runs)
        said = f"{where}: {command.document.name}: {' '.join(command.runs.split())[:90]}: {done.returncode}"
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()
        if done.returncode:
            failed.append(f"{said}\n{done.stderr.strip()[-400:]}")
    return failed


def in_a_clone(folder: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """A clone of what is committed, with a small history and the packages of this environment."""
    tree = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(tree)], check=True)
    cut_history(tree / "warehouse" / "history")
    programs = tree / ".venv" / "bin"
    programs.mkdir(parents=True)
    here = Path(sys.executable).parent
    for name, line in {
        "python": f'"{sys.executable}"',
        "aigap": f'"{sys.executable}" -m aigap',
        "dg": f'"{here / "dg"}"',
    }.items():
        (programs / name).write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        (programs / name).chmod(0o755)

    def run(command: str) -> subprocess.CompletedProcess[str]:
        known = {
            "PATH": f"{programs}:/usr/bin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(tree),
        }
        return shell(command, tree, {**known, "DAGSTER_HOME": str(tree), "DAGSTER_DISABLE_TELEMETRY": "1"})

    return run


def from_the_wheel(folder: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """The wheel in an environment of its own, with a small history, used at the user's home."""
    made: Installed = environment(folder)
    made.install(build(folder))
    cut_history(made.packages / "warehouse" / "history")
    return lambda command: shell(command, made.home, made.variables)


def shell(command: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What ``command`` gives, without a terminal."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )


def main() -> None:
    failed = [f"in no document any more: {entry}" for entry in drifted()]
    with tempfile.TemporaryDirectory() as scratch:
        for name, make, only in (
            ("clone", in_a_clone, ("",)),
            # Everything else is about a clone.
            ("wheel", from_the_wheel, ("aigap",)),
        ):
            folder = Path(scratch) / name
            folder.mkdir()
            run = make(folder)
            first = run("aigap refresh")
            assert first.returncode == 0, first.stderr
            failed += run_all(name, run, only)
    reasons = [command for command in commands() if command.reason]
    for command in reasons:
        sys.stdout.write(
            f"not run: {command.document.name}: {' '.join(command.text.split())[:90]}: {command.reason}\n"
        )
    sys.stdout.write(
        "\n".join(failed) + f"\n{len(commands())} commands, {len(reasons)} not run, {len(failed)} failed\n"
    )
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
