"""The wheel, installed into an environment of its own outside a checkout, alone and beside others."""

from __future__ import annotations

import re
import shutil
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from tests.fixtures.clone import cut_history, one_line
from tests.fixtures.wheel import Installed, build, environment
from warehouse.builder.inputs import release_hash
from warehouse.workspace import Workspace

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    made = environment(tmp_path_factory.mktemp("installed"))
    made.install(wheel)
    return made


def foreign(folder: Path, package: str) -> Path:
    """A wheel of somebody else's distribution ``theirs`` with a package of the same name."""
    made = folder / "theirs-1.0-py3-none-any.whl"
    files = {
        f"{package}/__init__.py": "NAME = 'theirs'\n",
        "theirs-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n",
        "theirs-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256={urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}\n"
        for name, text in files.items()
    )
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in {
            **files,
            "theirs-1.0.dist-info/RECORD": f"{record}theirs-1.0.dist-info/RECORD,,\n",
        }.items():
            packed.writestr(name, text)
    return made


def test_data_and_records_are_in_the_users_folder_and_nothing_is_written_among_the_packages(
    installed: Installed,
) -> None:
    """Would catch data below site-packages, which the next upgrade of the wheel removes."""
    shipped = installed.run(
        "python -c 'from warehouse.builder.inputs import release_hash as h;"
        "from warehouse.workspace import Workspace as W; print(h(W.from_environment()))'"
    )
    nothing = Workspace(installed.home / "nothing")
    assert shipped.stdout.strip() == release_hash(nothing), "the wheel is not what the checkout is"
    cut_history(installed.packages / "warehouse" / "history")
    before = sorted(installed.packages.rglob("*"))

    done = installed.run("aigap refresh")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"in {installed.data}/aigap.duckdb" in done.stdout
    assert sorted(installed.packages.rglob("*")) == before
    assert {path.name for path in installed.home.iterdir()} == {".local"}
    runs = installed.run(
        "cd .local/share/aigap/dagster && DAGSTER_HOME=$PWD python -c 'import dagster;"
        "print([run.job_name for run in dagster.DagsterInstance.get().get_runs()])'"
    )
    assert runs.stdout == "['build']\n"
    rows = installed.run('aigap query "SELECT count(*) AS n FROM monthly_gap" --format csv').stdout
    assert int(rows.split()[1]) > 20
    assert "nothing new" in installed.run("aigap refresh").stdout


def test_lines_of_ones_own_are_read_from_a_folder_outside(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "models.csv").write_text("no,such,column\n1,2,3\n", encoding="utf-8")
    refused = installed.run("aigap refresh", AIGAP_REFERENCE_DIR=str(tmp_path))
    assert refused.returncode != 0
    assert "models.csv has columns no, such, column" in one_line(refused.stderr)


def test_streams_that_are_closed_change_nothing_but_what_is_seen(installed: Installed) -> None:
    """Would catch a scheduler without a console, where Python has no standard output at all."""
    whole = installed.run("aigap status").returncode
    for closed in (">&-", "2>&-", "<&-", ">&- 2>&- <&-"):
        done = installed.run("aigap status", closed)
        assert done.returncode == whole, closed


def test_wheel_brings_the_instance_and_the_documents_and_their_links_lead_somewhere(
    installed: Installed,
) -> None:
    where = installed.run("python -c 'from warehouse.workspace import DOCS; print(DOCS)'")
    docs = Path(where.stdout.strip())
    assert {"reading.md", "method.md", "operations.md"} <= {path.name for path in docs.iterdir()}
    broken = [
        f"{document.name}: {target}"
        for document in docs.rglob("*.md")
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("../") and not (document.parent / target).exists()
    ]
    assert broken == []


def test_beside_another_distribution_of_such_a_name_it_says_so(wheel: Path, tmp_path: Path) -> None:
    """Would catch a traceback out of somebody else's module."""
    both = environment(tmp_path)
    both.install(wheel)
    both.install(foreign(tmp_path, "warehouse"))
    refused = both.run("aigap status")
    assert refused.returncode == 2
    line = one_line(refused.stderr)
    assert "the package warehouse is of theirs here" in line
    assert "pipx install" in line

    both.install(wheel)
    assert both.run("aigap --help").returncode == 0
    (both.packages / "sources" / "theirs.py").write_text("import nothing_of_this_name\n", encoding="utf-8")
    broken = both.run("aigap ingest aider nothing")
    assert broken.returncode == 2
    assert "theirs installs files of the same names here" in one_line(broken.stderr)

    # A folder that PYTHONPATH puts before ours belongs to no distribution.
    shadow = tmp_path / "shadow" / "pipelines"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").touch()
    shutil.rmtree(both.packages / "theirs-1.0.dist-info")
    hidden = both.run("aigap status", PYTHONPATH=str(shadow.parent))
    assert hidden.returncode == 2
    assert str(shadow) in one_line(hidden.stderr)


def test_path_of_windows_and_a_missing_extra_are_said_in_one_line(installed: Installed) -> None:
    path = installed.run("aigap status", AIGAP_DATA_DIR=r"C:\Users\me\data")
    assert r"wslpath 'C:\Users\me\data'" in one_line(path.stderr)
    windows = "import sys, aigap; sys.platform = 'win32'; aigap.main()"
    assert "run it in WSL (wsl --install)" in one_line(installed.run(f'python -c "{windows}"').stderr)
    code = "try:\n  import pipelines.definitions\nexcept Exception as error: print(error)\n"
    (installed.home / "load.py").write_text(code, encoding="utf-8")
    extra = installed.run("python load.py", AIGAP_EXECUTOR="k8s")
    assert "pip install 'dagster-k8s>=0.29.27,<0.30'" in extra.stdout
    assert extra.stdout.count("\n") == 1
    # The environment of this test borrows packages and has none of their commands.
    ui = installed.run("python -m pipelines.runtime.dev")
    assert "pip install 'aigap[ui]'" in one_line(ui.stderr)
