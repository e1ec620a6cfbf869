"""What a site installs: what can be checked without systemd, a container engine or a cluster."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from pipelines.runtime import executors
from tests.fixtures.clone import copy_program

ROOT = Path(__file__).resolve().parents[2]
SYSTEMD = ROOT / "deploy" / "systemd"

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
    """What a lock says of each distribution: its versions, and the hashes of their files."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: dict[str, str] = {}
    for block in blocks[1:]:
        distribution = re.split(r"[\[= ]", block)[0]
        # Without the marker: which Pythons and machines need it depends on what else the lock holds.
        found[distribution] = found.get(distribution, "") + re.sub(r" ;[^\\]*", " ", block)
    return found


def test_image_has_the_pins_that_are_tested_and_no_tools() -> None:
    image, base, tested = (
        pins(name) for name in ("deploy/requirements.lock", "requirements.lock", "requirements-dev.lock")
    )
    assert image.items() <= tested.items()
    assert base.keys() <= image.keys()
    assert {"distributed", "dagster-postgres", "psycopg2-binary"} <= image.keys()
    assert {"mypy", "pytest", "playwright"}.isdisjoint(image)
    assert all("--hash=sha256:" in block for block in image.values())
    # What a site with PostgreSQL installs over what `make env` has installed changes none of it.
    version = re.compile(r"==(\S+)")
    for name, block in base.items():
        assert version.findall(image[name]) == version.findall(block), name


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


def test_image_takes_in_no_data() -> None:
    """Bodies of upstream may not be passed on; what is not allowed here stays out, whatever is made later."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    ignored, *rest = [line for line in lines if line and not line.startswith("#")]
    allowed = {line.removeprefix("!") for line in rest if line.startswith("!")}
    assert ignored == "*"
    assert rest.index("warehouse/data") > rest.index("!warehouse")
    assert not (ROOT / ".containerignore").exists()  # podman would read it and not the other
    recipe = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", recipe, flags=re.MULTILINE)
    assert {word.rstrip("/") for words in copied for word in words.split()} == allowed


def test_wheel_takes_in_no_data_where_nothing_is_ignored(tmp_path: Path) -> None:
    tree = copy_program(tmp_path / "tree", "history")
    for file in ("aigap.py", "dagster.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, tree)
    (tree / "docs").mkdir()
    (tree / "docs" / "reading.md").touch()
    body = tree / "warehouse" / "data" / "archive" / "blobs" / "ab" / "abcd.gz"
    body.parent.mkdir(parents=True)
    body.write_bytes(b"upstream's")

    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=tree, check=True, capture_output=True)

    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    assert "warehouse/reference/models.csv" in names
    assert {"aigap.py", "pipelines/dagster.yaml", "pipelines/docs/reading.md"} <= set(names)
    assert [name for name in names if name.startswith("warehouse/data")] == []

    # A module in the environment itself would come before the checkout's.
    [editable] = WheelBuilder(str(tree)).build(directory=str(tmp_path / "editable"), versions=["editable"])
    with zipfile.ZipFile(editable) as packed:
        assert [name for name in packed.namelist() if name.endswith(".py")] == []


def unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (SYSTEMD / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def settings() -> dict[str, str]:
    lines = (SYSTEMD / "aigap.env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_services_read_settings_that_are_not_part_of_the_checkout_and_may_write_where_these_say() -> None:
    services = sorted(path.name for path in SYSTEMD.glob("*.service"))
    assert len(services) == 4
    for name in services:
        found = unit(name)
        assert found["EnvironmentFile"] == ["/etc/aigap/aigap.env"], name
        [writable] = found["ReadWritePaths"]
        wanted = settings()
        assert writable.split() == [f"{wanted['DAGSTER_HOME']}/.dagster", wanted["AIGAP_DATA_DIR"]], name
        [command] = found["ExecStart"]
        script = Path(command.split()[0])
        assert script.parent == Path(found["WorkingDirectory"][0], ".venv", "bin"), name
    # Each process of a run is asked to stop, not the code server alone.
    assert unit("aigap-code.service")["KillMode"] == ["control-group"]


def test_command_by_hand_runs_with_the_settings_as_they_stand(tmp_path: Path) -> None:
    given = {
        "AIGAP_DATA_DIR": "/srv/data of ours",
        "AIGAP_CRON_DAILY": "17 5 * * *",
        "AIGAP_POSTGRES_URL": "postgresql://a:b$c@h/d?x=1&y=2",
    }
    file = tmp_path / "aigap.env"
    # With blanks at the ends, as they creep in: systemd does not see them.
    lines = "\r\n".join(
        f" {name}={value} " if " " in value else f"{name}={value}" for name, value in given.items()
    )
    file.write_text("  # comment=1\n\n" + lines, encoding="utf-8", newline="")
    show = "import os, shutil; print(*map(os.environ.get, {}), os.getcwd(), shutil.which('python'), sep='|')"
    command = [ROOT / "deploy" / "as-service", "python", "-c", show.format(list(given))]

    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "AIGAP_SETTINGS": str(file)},
        check=True,
        capture_output=True,
        text=True,
    )

    expected = [*given.values(), str(ROOT), str(ROOT / ".venv" / "bin" / "python")]
    assert done.stdout.rstrip("\n").split("|") == expected
    missing = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "AIGAP_SETTINGS": "/nowhere"},
        capture_output=True,
        text=True,
    )
    assert missing.returncode != 0
    assert "/nowhere" in missing.stderr
    assert missing.stdout == ""
    for value in ('"quoted"', "back\\slash"):
        file.write_text(f"AIGAP_DATA_DIR={value}\n", encoding="utf-8")
        refused = subprocess.run(
            command,
            env={"PATH": os.environ["PATH"], "AIGAP_SETTINGS": str(file)},
            capture_output=True,
            text=True,
        )
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "AIGAP_DATA_DIR has a quote or a backslash" in refused.stderr


def test_values_of_the_helm_chart_are_known_to_chart_and_program(monkeypatch: pytest.MonkeyPatch) -> None:
    values = yaml.safe_load((ROOT / "deploy" / "k8s" / "values.yaml").read_text(encoding="utf-8"))
    claim = yaml.safe_load((ROOT / "deploy" / "k8s" / "data.yaml").read_text(encoding="utf-8"))
    instance = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert set(values) <= CHART
    [code] = values["dagster-user-deployments"]["deployments"]
    for name, value in code["env"].items():
        monkeypatch.setenv(name, value)
    assert executors.executor_name() == "k8s"
    [volume] = code["volumes"]
    [mount] = code["volumeMounts"]
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], code["env"]["AIGAP_DATA_DIR"])
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    # The code location's own resources would replace the launcher's, and its security context goes to no other pod.
    launcher = values["runLauncher"]["config"]["k8sRunLauncher"]
    assert "resources" not in launcher
    run = launcher["runK8sConfig"]
    assert set(run) <= {"containerConfig", "podSpecConfig"}
    assert run["containerConfig"]["resources"]["requests"].keys() == {"cpu", "memory"}
    assert run["podSpecConfig"]["securityContext"] == code["podSecurityContext"]
    # One build at a time, and one request at a time to a host, as on one machine.
    runs, pools = instance["concurrency"]["runs"], instance["concurrency"]["pools"]
    assert values["concurrency"]["runs"]["tagConcurrencyLimits"] == runs["tag_concurrency_limits"]
    assert values["concurrency"]["pools"]["defaultLimit"] == pools["default_limit"]
    assert values["concurrency"]["pools"]["granularity"] == pools["granularity"]
