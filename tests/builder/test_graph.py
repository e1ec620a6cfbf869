"""The order of a build. Would catch a table filled before what it reads, one that nobody fills, Python that reads more
than its declaration says, and a mart that is published empty because of any of these.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import OFFICIAL, OLD_MIRROR, field_of, printed
from warehouse.builder import checks, core, fillers, graph, marts
from warehouse.builder.fill import fill
from warehouse.builder.graph import GraphError
from warehouse.compute.claims.checks import CLAIM_TABLES
from warehouse.tables import TABLES
from warehouse.workspace import PACKAGE

NAMES = [declared.full_name for declared in TABLES]


def test_relations_of_a_query() -> None:
    query = (
        "WITH a AS (SELECT 1 FROM core.x) SELECT (SELECT max(v) FROM meta.p) FROM a JOIN listing USING (k) "
        "WHERE v IN (FROM main.y) UNION ALL BY NAME SELECT * FROM (VALUES (1)) AS t(v)"
    )
    assert graph.relations_named(query) == {"core.x", "meta.p", "listing", "main.y"}
    with pytest.raises(GraphError, match="expected one SELECT"):
        graph.relations_named("CREATE TABLE x AS SELECT 1")


def test_each_table_comes_after_what_it_reads() -> None:
    for names in (set(graph.tables_of("core")) - fillers.AFTER_THE_BUILD, set(graph.tables_of("marts"))):
        order = graph.order(names)
        assert names <= set(order)
        place = {name: number for number, name in enumerate(order)}
        for name in order:
            assert all(place[other] < place[name] for other in graph.reads()[name] if other in place), name


def test_the_core_reads_no_mart() -> None:
    for name in set(graph.tables_of("core")) - fillers.AFTER_THE_BUILD:
        assert not set(graph.upstream(name)) & set(graph.tables_of("marts")), name


def test_every_file_of_sql_fills_a_relation() -> None:
    folders = ("staging", "core", "marts", "meta")
    files = {f"{folder}/{path.name}" for folder in folders for path in (PACKAGE / folder).glob("*.sql")}
    assert files == set(graph.sql_files().values())


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("main.gap_revisions", "core.first_listed main.monthly_gap main.restated_gap"),
        ("core.month_snapshots", "core.publications"),
        (
            "core.scores",
            (
                "core.attributions core.fixed_scores core.model_countries core.model_names core.models core.snapshots "
                "core.suspensions meta.inputs meta.parameters observations sources/*.py"
            ),
        ),
        ("main.claims", "reference/claims.csv"),
    ],
)
def test_table_is_filled_from(name: str, tables: str) -> None:
    assert graph.upstream(name) == tuple(tables.split())


def test_a_circle_is_one_clear_error() -> None:
    with pytest.raises(GraphError, match=r"^main.a reads main.b reads main.a: a cycle"):
        graph.sort({"main.b": ["main.a"], "main.a": ["main.b"], "main.c": []})


def test_a_table_that_reads_what_nothing_fills_is_one_clear_error() -> None:
    with pytest.raises(GraphError, match=r"^main.a reads main.missing, which nothing fills"):
        graph.require_filled({"main.a": {"reference/models.csv", "main.missing"}})


def test_a_table_that_nothing_fills_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "sql_files", dict)
    with pytest.raises(GraphError, match=r"^nothing fills parsed_price; expected an SQL file"):
        fill(duckdb.connect(), ["core.prices"], {})


# As it is built


class Recorder:
    """A connection that notes what is read before each relation is filled."""

    def __init__(self, con: duckdb.DuckDBPyConnection, filled: list[tuple[str, set[str]]]) -> None:
        self._con = con
        self._filled = filled
        self._read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def execute(self, query: str, parameters: Any = None) -> Any:
        self._note(query)
        return self._con.execute(query, parameters)

    def sql(self, query: str, **more: Any) -> Any:
        self._note(query)
        return self._con.sql(query, **more)

    def table(self, name: str) -> Any:
        self._read.add(name)
        return self._con.table(name)

    def _note(self, query: str) -> None:
        query = re.sub(r"\A(?:--.*\n)+", "", query)
        filled = re.match(r"(?:INSERT INTO|CREATE(?: OR REPLACE)? TEMP \w+) (\S+)(?: BY NAME| AS) ", query)
        if filled is None and not query.startswith(("SELECT", "WITH", "FROM")):
            return
        self._read |= graph.through_views(graph.relations_named(query[filled.end() :] if filled else query))
        if filled:
            self._filled.append((filled[1], self._read - {"incoming"}))
            self._read = set()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, set[str]]]:
    """What a small build fills, in its order, each with what was read for it."""
    noted: list[tuple[str, set[str]]] = []
    opened = core.read_write

    @contextmanager
    def recorded(path: Path, **settings: bool) -> Iterator[Any]:
        with opened(path, **settings) as con:
            yield Recorder(con, noted)

    with pytest.MonkeyPatch.context() as patch:
        for module in (core, marts):
            patch.setattr(module, "read_write", recorded)
        warehouses.warehouse(
            tmp_path_factory.mktemp("graph"),
            printed(OLD_MIRROR, "2025-01-31", field_of(1300.0, 1260.0, standard_error=5.0)),
            printed(OFFICIAL, "2025-03-31", field_of(1310.0, 1280.0, standard_error=5.0)),
        )
    return noted


def test_every_table_is_filled_once(filled: list[tuple[str, set[str]]]) -> None:
    tables = [name for name, _ in filled if "." in name]
    assert sorted(tables) == sorted(set(NAMES) - fillers.AFTER_THE_BUILD)


def test_nothing_reads_what_the_graph_does_not_know(filled: list[tuple[str, set[str]]]) -> None:
    for name, read in filled:
        assert read <= graph.reads()[name], name
    by_python = {name: read for name, read in filled if name in fillers.FILLERS or name in CLAIM_TABLES}
    # the recorder is worth something
    assert by_python["core.models"] == {"core.model_names", "core.model_weights"}
    assert len(by_python["main.claim_checks"]) > 1


def test_the_claims_declare_every_table_their_code_names() -> None:
    folder = PACKAGE / "compute"
    files = [*(folder / "claims").glob("*.sql"), PACKAGE / "staging" / "claimed_publication.sql"]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    code = code.replace("internal.settings", "meta.parameters")
    assert set(re.findall(r"\b(?:FROM|JOIN) ((?:core|main|meta)\.\w+)", code)) == set(
        graph.upstream("main.claim_checks")
    )


# A table without a row


def test_an_empty_mart_whose_tables_have_rows_is_found(tmp_path: Path, shipped: Path) -> None:
    """A mart that was filled before what it reads used to be published empty, without a word."""
    [found] = checks.run(shipped, [checks.filled_check()])
    assert found.passed
    copy = Path(shutil.copyfile(shipped, tmp_path / "copy.duckdb"))
    with marts.read_write(copy) as con:
        con.execute("DELETE FROM main.frontier")
    [found] = checks.run(copy, [checks.filled_check()])
    assert [row["table_name"] for row in found.sample] == ["main.frontier"]
    assert "main.frontier has no rows, though core." in found.line()
