"""The core, four marts and checks of the shipped history by aigap, dbt, a DuckDB script and a Polars script.

``python bench/beside/run.py`` prints one table. dbt is installed into an environment of its own. It builds the same
tables by aigap's own queries (`own_queries`), and plain models that leave much out, which the scripts build too. For
these they are handed what aigap works out first: parsed Parquet, models by name and their countries under one rule.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from bench.beside import own_queries  # noqa: E402 (run as a script)
from bench.beside.checks import queries  # noqa: E402
from bench.run import Measured, remove, run  # noqa: E402
from warehouse.builder.inputs import HISTORY  # noqa: E402

DBT = ("dbt-core==1.10.23", "dbt-duckdb==1.11.1", "duckdb==2.0.1")
ROUNDS = 3

OWN_PROJECT = """
name: beside
profile: beside
model-paths: [models]
test-paths: [tests]
flags: {send_anonymous_usage_stats: false}
"""
PROJECT = (
    f"{OWN_PROJECT}models: {{beside: {{+materialized: table, observations: {{+materialized: view}}}}}}\n"
)
PROFILE = "beside: {target: dev, outputs: {dev: {type: duckdb, path: beside.duckdb, threads: 2}}}\n"

#: What the others are handed.
HANDED = {
    "inputs": "SELECT input_id, source_id, known_at FROM meta.inputs",
    "names": "SELECT source_id, model_name, organization_name, valid_from, valid_to, model_id FROM core.model_names",
    "countries": "SELECT model_id, country, valid_from, valid_to FROM core.model_countries WHERE country_rule = 'hq'",
}


def observations() -> list[str]:
    """The files of the history with scores."""
    manifest = json.loads((HISTORY / "manifest.json").read_text())
    return [str(HISTORY / entry["file"]) for entry in manifest["files"] if entry["kind"] == "observation"]


def install_dbt(environment: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    subprocess.run([str(environment / "bin" / "pip"), "install", "--quiet", *DBT], check=True)


def write_project(folder: Path, project: str = PROJECT) -> None:
    folder.mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(project)
    (folder / "profiles.yml").write_text(PROFILE)


def plain_project(folder: Path) -> None:
    """Write the plain models and their checks as a project of dbt."""
    write_project(folder)
    for part in ("models", "tests"):
        (folder / part).mkdir()
    for model in (HERE / "models").glob("*.sql"):
        (folder / "models" / model.name).write_text(model.read_text())
    for name, query in queries():
        (folder / "tests" / f"{name}.sql").write_text(query)


def table(measured: dict[str, list[Measured]]) -> str:
    lines = [f"{'':<32}{'CPU s':>8}{'wall s':>8}{'MB':>7}"]
    for what, runs in measured.items():
        cpu, wall = (statistics.median(getattr(each, name) for each in runs) for name in ("cpu", "wall"))
        lines.append(f"{what:<32}{cpu:8.2f}{wall:8.2f}{max(each.peak_mb for each in runs):7.0f}")
    return "\n".join(lines)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="aigap-beside-") as name:
        scratch = Path(name)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        data, project, own = scratch / "data", scratch / "dbt", scratch / "own"
        here = [sys.executable]

        def aigap() -> Measured:
            remove(data)
            return run([*here, str(HERE / "aigap_part.py"), str(data)], environment, ROOT)

        aigap()
        [candidate] = data.glob("staging/*/candidate.duckdb")
        with duckdb.connect(str(candidate), read_only=True) as con:
            for table_name, query in HANDED.items():
                con.execute(f"COPY ({query}) TO '{scratch / table_name}.parquet'")
        install_dbt(scratch / "venv")
        plain_project(project)
        write_project(own, OWN_PROJECT)
        checked = own_queries.write_project(own)
        # By a process of its own: what this one has held counts as memory of those that it starts.
        handing = ["-m", "bench.beside.own_queries", str(scratch / "handed"), str(scratch / "handed.duckdb")]
        run([*here, *handing], environment, ROOT)
        files = observations()
        variables = json.dumps({"inputs": str(scratch), "observations": str(files)})
        build = [str(scratch / "venv" / "bin" / "dbt"), "build", "--profiles-dir", "."]

        def dbt() -> Measured:
            (project / "beside.duckdb").unlink(missing_ok=True)
            return run([*build, "--vars", variables], dict(os.environ), project)

        def dbt_own() -> Measured:
            shutil.copyfile(scratch / "handed.duckdb", own / "beside.duckdb")
            return run(build, dict(os.environ), own)

        def duckdb_script() -> Measured:
            file = scratch / "script.duckdb"
            file.unlink(missing_ok=True)
            script = [str(HERE / "script_duckdb.py"), str(file), str(scratch), str(files)]
            return run([*here, *script], environment, ROOT)

        def polars_script() -> Measured:
            (scratch / "polars").mkdir(exist_ok=True)
            script = [str(HERE / "script_polars.py"), str(scratch / "polars"), str(scratch), *files]
            return run([*here, *script], environment, ROOT)

        ways: dict[str, Callable[[], Measured]] = {
            "aigap": aigap,
            "dbt build, the same queries": dbt_own,
            "dbt build, plain models": dbt,
            "DuckDB script, plain models": duckdb_script,
            "Polars script, plain models": polars_script,
        }
        measured: dict[str, list[Measured]] = {what: [] for what in ways}
        # Round by round, so that other work on the machine weighs on all alike; the first is not counted.
        for number in range(ROUNDS + 1):
            for what, once in ways.items():
                each = once()
                if number:
                    measured[what].append(each)
        if found := own_queries.differing(
            own / "beside.duckdb", next(data.glob("staging/*/candidate.duckdb"))
        ):
            sys.exit(f"bench: dbt's rows are not aigap's: {', '.join(found)}")
        counts = []
        for file, name in ((candidate, "core.scores"), (scratch / "script.duckdb", "scores")):
            with duckdb.connect(str(file), read_only=True) as con:
                counts += con.execute(f"SELECT count(*) FROM {name}").fetchone() or ()
        print(
            f"core, four marts and {checked} checks of {counts[0]:,} scores; plain models: "
            f"{len(list(queries()))} checks of {counts[1]:,}; medians of {ROUNDS} rounds"
        )
        print(table(measured))


if __name__ == "__main__":
    main()
