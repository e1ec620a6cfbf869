"""The wheel with the versions at an end of its ranges: ``python -m tests.versions lowest highest newest`` (needs uv).

``lowest`` takes the oldest version that pyproject.toml allows of each distribution it names, ``highest`` the newest
one, ``newest`` goes beyond the upper ends. Each gets an environment of its own, in which the shipped history is built,
checked, queried and exported; all must give the same gaps. Figures are compared to nine digits: a sum may be added up
in another order.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "pyproject.toml"
ENDS = {"lowest": ["--resolution", "lowest-direct"], "highest": [], "newest": []}
SHOWN = ("dagster", "duckdb", "polars", "pyarrow", "numpy", "altair")
GAPS = "SELECT * EXCLUDE (snapshot_id) FROM monthly_gap ORDER BY ALL"


def gaps_at(end: str, wheel: Path, folder: Path) -> list[list[str]]:
    """``monthly_gap`` as the versions at ``end`` give it. Raises CalledProcessError when a command fails."""
    environment = folder / end
    python = environment / "bin" / "python"
    run(["uv", "venv", "--quiet", "--python", sys.executable, str(environment)])
    options = list(ENDS[end])
    if end == "newest":
        overrides = folder / "overrides.txt"
        overrides.write_text("\n".join(re.sub(r",<.*", "", asked) for asked in wanted()), encoding="utf-8")
        options += ["--override", str(overrides)]
    pins = str(folder / f"{end}.txt")
    run(
        [
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--python",
            str(python),
            *options,
            str(PROJECT),
            "--output-file",
            pins,
        ]
    )
    install = ["uv", "pip", "install", "--quiet", "--python", str(python)]
    run([*install, "--requirements", pins])
    run([*install, "--no-deps", str(wheel)])
    versions = run(
        [str(python), "-c", f"from importlib.metadata import version as v\nfor n in {SHOWN}: print(n, v(n))"]
    )
    say(f"{end}: Python {sys.version.split()[0]}, {', '.join(versions.splitlines())}")

    def aigap(*words: str) -> str:
        return run([str(environment / "bin" / "aigap"), *words], home=folder / f"{end}-home")

    aigap("refresh")
    aigap("check")
    aigap("export", "--to", str(folder / f"{end}-export"), "--table", "monthly_gap")
    run([str(python), "-c", "import pipelines.definitions"], home=folder / f"{end}-home")
    return list(csv.reader(io.StringIO(aigap("query", "--format", "csv", GAPS))))


def wanted() -> list[str]:
    """What pyproject.toml asks for."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return [asked for asked in project["dependencies"] if ">=" in asked]


def run(command: list[str], home: Path | None = None) -> str:
    """What ``command`` prints, outside of the checkout."""
    known = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIGAP_", "DAGSTER_", "PYTHON"))
    }
    if home is not None:
        home.mkdir(exist_ok=True)
        known |= {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    done = subprocess.run(command, cwd=home or "/", env=known, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def rounded(rows: list[list[str]]) -> list[list[str]]:
    """``rows`` with figures cut to nine digits."""
    return [[f"{float(cell):.9g}" if is_figure(cell) else cell for cell in row] for row in rows]


def is_figure(cell: str) -> bool:
    """Whether ``cell`` is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def say(line: str) -> None:
    """A line for the log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    ends = sys.argv[1:]
    if not ends or set(ends) - set(ENDS):
        raise SystemExit(f"expected one or more of {', '.join(ENDS)}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        run(["uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT)])
        [wheel] = folder.glob("*.whl")
        found = {end: rounded(gaps_at(end, wheel, folder)) for end in ends}
    first, *others = found.values()
    if len(first) < 1000 or any(other != first for other in others):
        raise SystemExit(
            f"the gaps differ: {', '.join(f'{end} {len(rows)} rows' for end, rows in found.items())}"
        )
    say(f"{len(first) - 1} rows of monthly_gap at each end, all the same")


if __name__ == "__main__":
    main()
