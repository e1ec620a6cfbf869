"""The recipes for more than one machine: what can be told of them without an engine or a cluster."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from pipelines import executors

ROOT = Path(__file__).resolve().parents[1]

#: Of the schema in the chart's repository, the keys in use here.
CHART = {
    "dagster-user-deployments",
    "runLauncher",
    "dagsterDaemon",
    "concurrency",
    "additionalInstanceConfig",
    "postgresql",
    "generatePostgresqlPasswordSecret",
    "global",
    "telemetry",
}


def pins(name: str) -> dict[str, str]:
    """What a lock says of each distribution: its version, and the hashes of its files."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.split(r"[\[= ]", block)[0]: block for block in blocks[1:]}


def test_image_has_the_pins_that_are_tested_and_no_tools() -> None:
    image, base, tested = (
        pins(name) for name in ("deploy/requirements.lock", "requirements.lock", "requirements-dev.lock")
    )
    assert image.items() <= tested.items()
    assert base.keys() <= image.keys()
    assert {"dagster-dask", "distributed", "dagster-postgres", "psycopg2-binary"} <= image.keys()
    assert {"mypy", "pytest", "playwright"}.isdisjoint(image)
    assert all("--hash=sha256:" in block for block in image.values())


def test_image_is_made_of_files_that_are_there_by_a_user_without_rights() -> None:
    recipe = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    stages = recipe.split("\nFROM ")
    assert [stage.split()[0] for stage in stages[1:]] == ["python:3.11-slim", "python:3.11-slim"]
    for words in re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", recipe, flags=re.MULTILINE):
        for word in words.split():
            assert (ROOT / word).exists(), word
    assert re.search(r"^USER aigap$", stages[-1], flags=re.MULTILINE)
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert 'CMD ["aigap", "refresh"]' in recipe
    assert "aigap" in scripts


def test_chart_is_given_what_it_knows_and_the_program_understands(monkeypatch: pytest.MonkeyPatch) -> None:
    values = yaml.safe_load((ROOT / "deploy" / "k8s" / "values.yaml").read_text(encoding="utf-8"))
    claim = yaml.safe_load((ROOT / "deploy" / "k8s" / "data.yaml").read_text(encoding="utf-8"))
    instance = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert set(values) <= CHART
    [code] = values["dagster-user-deployments"]["deployments"]
    for name, value in code["env"].items():
        monkeypatch.setenv(name, value)
    assert (executors.chosen(), executors.parts()) == ("k8s", 4)
    [volume] = code["volumes"]
    [mount] = code["volumeMounts"]
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], code["env"]["AIGAP_DATA_DIR"])
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    # One build at a time, and one request at a time to a host, as on one machine.
    runs, pools = instance["concurrency"]["runs"], instance["concurrency"]["pools"]
    assert values["concurrency"]["runs"]["tagConcurrencyLimits"] == runs["tag_concurrency_limits"]
    assert values["concurrency"]["pools"]["defaultLimit"] == pools["default_limit"]
    assert values["concurrency"]["pools"]["granularity"] == pools["granularity"]
