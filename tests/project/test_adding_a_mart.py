"""The worked example of docs/extending.md: one SQL file and one declaration bring a mart into the release.

Would catch a list that has to be kept by hand: of tables in the order they are filled, of what each reads, of groups
of assets, of pages of the dictionary.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.clone import copy_program, run_python

#: Runs a clone of its own, many processes.
pytestmark = pytest.mark.system

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import json
from pathlib import Path

from pipelines.definitions import defs
from tests.fixtures.warehouses import OFFICIAL, OLD_MIRROR, field_of, printed, rows, warehouse
from warehouse.read import dictionary

sample = warehouse(
    Path("sample"),
    printed(OLD_MIRROR, "2025-01-31", field_of(1300.0, 1260.0)),
    printed(OFFICIAL, "2025-03-31", [*field_of(1310.0, 1280.0), *rows({"chatgpt-4o-latest-20250326": 1350.0})]),
)
[asset] = [
    spec for spec in defs.resolve_asset_graph().asset_nodes if spec.key.path == ["main", "leader_changes"]
]
print(json.dumps({
    "rows": sample.rows("SELECT month::VARCHAR AS month, us_model_before, us_model FROM leader_changes"),
    "columns": sample.rows("SELECT column_name, comment, derived_from FROM meta.columns "
                         "WHERE table_name = 'main.leader_changes' ORDER BY position"),
    "comment": sample.rows("SELECT comment FROM duckdb_tables() WHERE table_name = 'leader_changes'"),
    "checks": [result.check.name for result in sample.results],
    "stopped_by": sample.stopped_by(),
    "group": asset.group_name,
    "after": sorted(key.to_user_string() for key in asset.parent_keys),
    "page": dictionary.page(dictionary.find("leader_changes"), sample.con),
    "index": dictionary.index(),
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a build of a copy of the program shows of the example's mart."""
    copy = copy_program(tmp_path_factory.mktemp("tree"), "history")
    shutil.copytree(ROOT / "tests" / "fixtures", copy / "tests" / "fixtures")
    (copy / "tests" / "__init__.py").touch()
    guide = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    query = re.search(r"```sql\n(-- One row: .*?)```", guide, flags=re.DOTALL)
    declaration = re.search(
        r'```python\n(Table\(\n +"main",\n +"leader_changes",\n.*?)```', guide, flags=re.DOTALL
    )
    assert query, "docs/extending.md no longer shows the query of the mart leader_changes"
    assert declaration, "docs/extending.md no longer shows the declaration of the mart leader_changes"
    (copy / "warehouse" / "marts" / "leader_changes.sql").write_text(query[1], encoding="utf-8")
    # First of its topic: where a mart is declared must not decide when it is filled.
    module = copy / "warehouse" / "tables" / "gap.py"
    text = module.read_text(encoding="utf-8")
    opening = re.search(r"^TABLES: .* = \(\n", text, flags=re.MULTILINE)
    assert opening
    module.write_text(text[: opening.end()] + declaration[1] + "," + text[opening.end() :], encoding="utf-8")
    run(copy, "-m", "warehouse.builder.column_lineage")
    found: dict[str, Any] = json.loads(run(copy, "-c", BUILD).splitlines()[-1])
    return found


def run(tree: Path, *words: str) -> str:
    done = run_python(tree, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_mart_is_filled_from_the_months_that_are_filled_before_it(seen: dict[str, Any]) -> None:
    assert seen["rows"] == [
        {
            "month": "2025-03-01",
            "us_model_before": "gpt-4o-2024-05-13",
            "us_model": "chatgpt-4o-latest-20250326",
        }
    ]


def test_its_columns_have_words_and_lineage(seen: dict[str, Any]) -> None:
    columns = {line["column_name"]: line for line in seen["columns"]}
    assert list(columns) == ["board", "variant", "category", "month", "us_model", "us_model_before"]
    assert columns["us_model"]["comment"] == "Best US model, as printed"
    assert columns["us_model"]["derived_from"] == ["main.monthly_gap.us_model"]
    assert "main.monthly_gap.us_model" in columns["us_model_before"]["derived_from"]
    [line] = seen["comment"]
    assert "One row: a month in which another US model leads" in line["comment"]


def test_its_key_is_checked_and_nothing_stops_the_release(seen: dict[str, Any]) -> None:
    assert "key_main_leader_changes" in seen["checks"]
    assert seen["stopped_by"] == []


def test_it_is_an_asset_in_the_group_of_its_topic_after_what_it_reads(seen: dict[str, Any]) -> None:
    assert seen["group"] == "monthly_gap"
    assert seen["after"] == ["main/monthly_gap"]


def test_the_dictionary_has_a_page_of_it_with_the_result_of_its_example(seen: dict[str, Any]) -> None:
    assert "[main.leader_changes](main.leader_changes.md)" in seen["index"]
    page = seen["page"]
    assert "Months without a gap are passed over" in page
    assert "From: [main.monthly_gap](main.monthly_gap.md)." in page
    assert "| 2025-03-01 | gpt-4o-2024-05-13 | chatgpt-4o-latest-20250326 |" in page
