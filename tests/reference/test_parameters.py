"""Parameters: what each may be, in parameters.csv and in `aigap recompute --set`. Would catch a value that gives an
empty or a wrong warehouse without a word, and a parameter that recompute takes but that changes nothing.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from sources.errors import UsageError
from tests.fixtures import warehouses
from warehouse import reference
from warehouse.builder.recompute import recompute
from warehouse.db import read_write
from warehouse.reference import FOLDER, ReferenceDataError
from warehouse.reference.parameters import PARAMETERS
from warehouse.workspace import PACKAGE

#: (parameter, a value it cannot have, what the message says)
WRONG = [
    ("country_b", "XX", "expected a country that has a model: .*CN.*US"),
    ("country_b", "cn", "expected a country that has a model: .*did you mean CN"),
    ("country_b", "US", "expected another country than country_a"),
    ("month_rule", "banana", "expected last or first"),
    ("listing", "all", "expected any or public or known_public"),
    ("country_rule", "hq_openchat", "expected a country rule: any, .*did you mean hq_openchat_not_cn"),
    ("spine_board", "arena_txt", "expected a board: .*did you mean arena_text"),
    ("spine_from", "2023-05-02", "expected the first day of a month, YYYY-MM-01"),
    ("spine_from", "20230501", "expected the first day of a month, YYYY-MM-01"),
    ("spine_from", "soon", "expected the first day of a month, YYYY-MM-01"),
    ("near_ceiling", "101", "expected a number from 0 to 100"),
    ("near_top_points", "-1", "expected a number of 0 or more"),
    ("near_top_points", "nan", "expected a number of 0 or more"),
    ("near_top_points", "1_000", "expected a number of 0 or more"),
    ("price_levels", "1300,1400", "expected different numbers with ; between them"),
    ("price_levels", "1300;1300.0", "expected different numbers with ; between them"),
    ("price_blend_input", "three", "expected a number of 0 or more"),
    ("lag_tolerance_index", "-0.5", "expected a number of 0 or more"),
    ("publication_lasts_days", "45.5", "expected a whole number from 0 to 3660"),
    ("publication_lasts_days", "4000", "expected a whole number from 0 to 3660"),
]
WRONG_IN_CORE = [
    ("same_within", "-0.5", "expected a number of 0 or more"),
    ("whole_share", "1.5", "expected a number from 0 to 1"),
    ("sources_agree_within", "two", "expected a number of 0 or more"),
]


@pytest.mark.parametrize(("name", "value", "expected"), WRONG)
def test_recompute_refuses_a_value_that_a_parameter_cannot_have(
    shipped: Path, tmp_path: Path, name: str, value: str, expected: str
) -> None:
    with pytest.raises(UsageError, match=f"^{name}={value}; {expected}") as raised:
        recompute(shipped, tmp_path / "no.duckdb", {name: value})
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "acts"),
    [
        ("same_within", "earlier, on core"),
        ("whole_share", "earlier, on core"),
        ("sources_agree_within", "earlier, on core"),
    ],
)
def test_recompute_refuses_a_parameter_that_would_change_nothing(
    shipped: Path, tmp_path: Path, name: str, acts: str
) -> None:
    with pytest.raises(UsageError, match=f"^{name} acts {acts}; .*all that recompute fills; .*aigap refresh"):
        recompute(shipped, tmp_path / "no.duckdb", {name: "0.5"})
    assert list(tmp_path.iterdir()) == []


def test_a_blend_of_nothing_is_refused(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^price_blend_output=0; expected one of .* above 0"):
        recompute(shipped, tmp_path / "no.duckdb", {"price_blend_input": "0", "price_blend_output": "0"})


def test_countries_are_those_of_the_rule_asked_for(shipped: Path, tmp_path: Path) -> None:
    # under cn_hk a maker of Hong Kong counts for CN
    with pytest.raises(UsageError, match=r"^country_b=HK; expected a country that has a model"):
        recompute(shipped, tmp_path / "no.duckdb", {"country_b": "HK", "country_rule": "cn_hk"})


def test_a_release_of_an_older_version_is_one_clear_line(shipped: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copyfile(shipped, old)
    with read_write(old) as con:
        con.execute("DROP VIEW internal.settings")
    with pytest.raises(
        UsageError, match=r"^old.duckdb cannot be recomputed: .*; run: aigap refresh$"
    ) as raised:
        recompute(old, tmp_path / "no.duckdb", {"month_rule": "first"})
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "no.duckdb").exists()


@pytest.mark.parametrize(("name", "value", "expected"), [*WRONG, *WRONG_IN_CORE])
def test_parameters_csv_is_held_to_the_same(tmp_path: Path, name: str, value: str, expected: str) -> None:
    with pytest.raises(ReferenceDataError, match=f"^parameters.csv: {name} is '{value}'; {expected}"):
        reference.load(with_parameter(tmp_path, name, value))


def test_a_line_of_no_parameter_is_refused(tmp_path: Path) -> None:
    folder = warehouses.reference_copy(tmp_path, parameters="near_topp_points,20,misspelt")
    with pytest.raises(ReferenceDataError, match=r"^parameters.csv: near_topp_points is not a parameter"):
        reference.load(folder)


def test_the_settings_are_the_parameters_in_their_types(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = warehouse.sql("FROM internal.settings")
    assert dict(zip(row.columns, map(str, row.types), strict=True)) == {
        declared.name: declared.kind for declared in PARAMETERS
    }
    values = dict(zip(row.columns, row.fetchall()[0], strict=True))
    assert values["price_levels"] == [1300, 1350, 1400, 1450]
    expected = ("CN", "2023-05-01", 0.6)
    assert (values["country_b"], str(values["spine_from"]), values["whole_share"]) == expected
    assert None not in values.values()


def test_a_parameter_says_the_first_stage_whose_sql_reads_it() -> None:
    """A parameter of core that called itself one of the marts would be taken by recompute and change nothing."""
    core = "\n".join(
        path.read_text() for path in (PACKAGE / "core").glob("*.sql") if path.stem != "snapshot_gaps"
    )
    core += (PACKAGE / "builder" / "core.py").read_text()
    core += (PACKAGE / "staging" / "contradicted.sql").read_text()
    named = {declared.name for declared in PARAMETERS if declared.name in core}
    of_core = {declared.name for declared in PARAMETERS if declared.stage == "core"}
    # words of columns too; what is withheld is of the pair that was compared when core was filled
    assert named - {"listing", "country_rule", "month_rule", "country_a", "country_b"} == of_core


def with_parameter(folder: Path, name: str, value: str) -> Path:
    """The reference tables with one parameter changed."""
    copy = warehouses.reference_copy(folder)
    lines = list(csv.reader((FOLDER / "parameters.csv").read_text(encoding="utf-8").splitlines()))
    with (copy / "parameters.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [*([line[0], value, line[2]] if line[0] == name else line for line in lines)]
        )
    return copy
