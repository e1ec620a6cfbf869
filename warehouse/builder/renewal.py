"""Filling a candidate that started as a copy of a release: only what differs from it is computed and written.

A table is computed anew if anything it reads has changed, and written if it differs. Of tables in which each snapshot
stands for itself only the snapshots affected are computed: by the same SQL, in a database whose relations hold no
others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl

from sources.registry import get
from warehouse.builder import carried, graph
from warehouse.builder.changes import BY_SNAPSHOT, MOST_SERIES, PARTED_BY, SERIES, TOLD_BY, Changes, OneSeries
from warehouse.builder.fill import typed
from warehouse.builder.inputs import KINDS, kind_of
from warehouse.builder.kept_pairs import STILL_HOLD, KeptPairs
from warehouse.builder.restricted import database_of, restricted
from warehouse.builder.series import columns_of, of_parts, tells_series
from warehouse.db import insert, sql_text, stage, stage_texts, work_alone

#: Always filled: it holds the identity of the build.
ALWAYS = frozenset({"meta.release"})
#: Never filled again: they depend on the code only.
OF_THE_CODE = frozenset({"meta.columns", "meta.definitions"})
#: Relations that hold only the wanted snapshots while a relation of `BY_SNAPSHOT` is computed. Of the first also the
#: copies that errors are taken from.
WITH_COPIES = frozenset({"core.snapshots", "core.scores"})
RESTRICTED = WITH_COPIES | {
    "core.snapshot_categories",
    "core.publications",
    "core.month_snapshots",
    "core.country_leaders",
    "main.frontier",
    "main.restated_gap",
}

#: Of more snapshots than this the restricted relations are not copied.
FEW = 20

Fillers = Mapping[str, Callable[[], pl.DataFrame | None]]


class Renewal:
    """A candidate open on ``con``; ``changes`` says what differs so far, and is told what is found to.

    ``read`` stages ``parsed_observation`` without the rows of the inputs it is given.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        changes: Changes,
        fillers: Fillers,
        pairs: KeptPairs | None = None,
        read: Callable[[Collection[str]], None] | None = None,
    ) -> None:
        work_alone(con)
        self.con = con
        self.pairs = pairs
        self.changes = changes
        self.fillers = fillers
        self.files = graph.sql_files()
        self.staged: set[str] = set()
        self.read = read
        #: The inputs of `warehouse.builder.carried`.
        self.carried: frozenset[str] = frozenset()
        #: Relations of rows of a kind of which nothing has come or gone.
        self.unread: frozenset[str] = frozenset()

    def fill(self, names: Collection[str]) -> None:
        """Bring the tables ``names`` up to date, each after those it reads."""
        order = graph.order(names)
        # What else depends on says which inputs have changed.
        first = [name for name in ("meta.inputs", "meta.held") if name in names]
        tables = [*first, *(name for name in order if "." in name and name not in first)]
        for number, name in enumerate(tables):
            if number == len(first) and self.read and "core.snapshots" in names:
                self.unread = self._unread_kinds()
                self.carried = carried.begin(self.con, self.changes)
            if name not in OF_THE_CODE and (name in ALWAYS or self._is_touched(name)):
                self._renew(name)
            if name == "core.model_names" and self._means_another(self.carried):
                self._read_all()
            needed = frozenset().union(*(graph.staged_below(other) for other in tables[number + 1 :]))
            for relation in sorted(self.staged - needed):
                self._drop(relation)

    def provide(self, relation: str) -> None:
        """Create the staged ``relation`` and those it reads, if it is one and is not there."""
        if "." in relation or graph.is_input(relation) or relation in self.staged:
            return
        for other in sorted(graph.reads()[relation]):
            self.provide(other)
        if relation in self.staged or (relation == "new_listing" and self._keep_pairs()):
            pass
        elif relation == "parsed_observation" and self.carried and self.read:
            self.read(self.carried)
        elif relation in self.fillers:
            frame = self.fillers[relation]()
            if frame is not None:
                stage(self.con, relation, frame)
        elif relation == "staged_score":
            self._view_scores(with_carried=False)
        else:
            kind = graph.staged_as(relation)
            asks_for_scores = self.carried and relation in carried.OF_SCORES
            if asks_for_scores:
                self._view_scores(with_carried=True)
            self.con.execute(f"CREATE TEMP {kind} {relation} AS {sql_text(self.files[relation])}")
            if asks_for_scores:
                self._view_scores(with_carried=False)
            if self.carried and relation in carried.ROWS:
                self.con.execute(f"INSERT INTO {relation} {carried.ROWS[relation]}")
        self.staged.add(relation)

    def _view_scores(self, with_carried: bool) -> None:
        """Create or replace ``staged_score``, with the scores that are carried over or without."""
        query = sql_text(self.files["staged_score"])
        if with_carried:
            query += f" UNION ALL BY NAME {carried.SCORES.format(database_of(self.con))}"
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW staged_score AS {query}")

    def _read_all(self) -> None:
        """Carry nothing over any more: whatever is staged next is made of rows that are read."""
        if not self.carried:
            return
        for relation in sorted(self.staged):
            if relation == "parsed_observation":
                self.con.execute("DROP TABLE parsed_observation")
            elif "parsed_observation" in graph.staged_below(relation):
                self.con.execute(f"DROP {graph.staged_as(relation)} {relation}")
            else:
                continue
            self.staged.remove(relation)
        self.carried = frozenset()

    def _means_another(self, inputs: frozenset[str]) -> bool:
        """Whether a name in one of ``inputs`` may mean another model than in the release."""
        told = self.changes.values.get("core.model_names", frozenset())
        return told is None or bool(told & inputs)

    def _carry_any_of(self, snapshots: frozenset[str]) -> bool:
        if not self.carried:
            return False
        self._stage_wanted("wanted", snapshots)
        [(is_any,)] = self.con.execute(
            "SELECT EXISTS (FROM carried SEMI JOIN wanted USING (snapshot_id))"
        ).fetchall()
        return bool(is_any)

    def _keep_pairs(self) -> bool:
        """Fill ``new_listing`` and ``kept_pair``; False if not all that is new can be told, or no pairs are kept."""
        told = [
            self.changes.values[name]
            for name, column in TOLD_BY.items()
            if column == "input_id" and name in self.changes.values
        ]
        if self.pairs is None or None in told or not self.pairs.stage(self.con):
            return False
        stage_texts(self.con, "new_input", "input_id", frozenset().union(*filter(None, told)))
        self.con.execute(
            "CREATE TEMP TABLE new_listing AS SELECT key FROM listing WHERE input_id IN (FROM new_input); "
            f"CREATE TEMP TABLE kept_pair AS {STILL_HOLD}; DROP TABLE named_pair"
        )
        self.staged |= {"new_listing", "kept_pair"}
        return True

    @contextmanager
    def only(self, snapshots: frozenset[str], relation: str) -> Iterator[None]:
        """Within it, names in SQL mean relations that hold nothing but ``snapshots``, as ``relation`` is computed from.

        Staged relations that it reads are there.
        """
        reads_rows = "snapshot_score" in graph.staged_below(relation)
        if reads_rows and self._carry_any_of(snapshots):
            self._read_all()
        chain = [
            one
            for one in graph.order([relation])
            if one in BY_SNAPSHOT and one != relation and "." not in one
        ]
        read = set().union(*(graph.reads_below(one) for one in (*chain, relation))) - set(chain)
        for other in sorted(read):
            self.provide(other)
        queries = [sql_text(self.files[one]) for one in (*chain, relation)]
        named = set().union(*map(graph.relations_named, queries))
        self._stage_wanted("wanted", snapshots)
        self._stage_wanted("with_copies", snapshots)
        if "core.snapshot_categories" in read:
            self.con.execute(
                "INSERT INTO with_copies SELECT DISTINCT errors_from FROM core.snapshot_categories "
                "WHERE snapshot_id IN (FROM wanted) AND errors_from NOT IN (FROM with_copies)"
            )
        which = {
            one: f"WHERE snapshot_id IN (FROM {'with_copies' if one in WITH_COPIES else 'wanted'})"
            for one in RESTRICTED & read
        }
        with restricted(self.con, read, named, which, is_copied=len(snapshots) <= FEW):
            try:
                for one in chain:
                    kind = graph.staged_as(one)
                    self.con.execute(f"CREATE TEMP {kind} {one} AS {sql_text(self.files[one])}")
                yield
            finally:
                for one in chain:
                    self.con.execute(f"DROP {graph.staged_as(one)} IF EXISTS {one}")

    @contextmanager
    def _parts(self, parts: frozenset[OneSeries], name: str) -> Iterator[None]:
        """Within it, names in SQL mean relations that hold nothing but ``parts`` of what the table ``name`` reads."""
        read, query = graph.reads()[name], sql_text(self.files[name])
        which = {
            other: f"WHERE {of_parts(other, parts, database_of(self.con))}"
            for other in read
            if tells_series(other)
        }
        with restricted(self.con, read, graph.relations_named(query), which):
            yield

    def replace(self, name: str, snapshots: frozenset[str] | None, frame: pl.DataFrame) -> None:
        """Replace the rows of ``snapshots`` (None: all) in the table ``name`` by ``frame``."""
        self._stage_wanted("wanted", snapshots or frozenset())
        self._empty_copy(name)
        insert(self.con, "renewed", typed(name, frame))
        self._write(name, "TRUE" if snapshots is None else "snapshot_id IN (FROM wanted)")

    def _is_touched(self, name: str) -> bool:
        read = graph.reads()[name]
        if read & self.unread:
            # It asks ``meta.inputs`` only for the inputs of those rows.
            read = read - self.unread - {"meta.inputs"}
        return any(self.changes.touch(other) for other in read)

    def _unread_kinds(self) -> frozenset[str]:
        """The staged relations of kinds of rows that no input which has changed is parsed into."""
        told = self.changes.values.get("meta.inputs", frozenset())
        if told is None or "meta.held" in self.changes.values:
            return frozenset()
        stage_texts(self.con, "told", "input_id", told)
        found = self.con.execute(
            "SELECT source_id FROM told LEFT JOIN meta.inputs USING (input_id)"
        ).fetchall()
        if (None,) in found:
            # It has gone.
            return frozenset()
        kinds = {kind_of(get(source)) for (source,) in set(found)}
        # Bodies of all kinds lose rows.
        return frozenset(f"parsed_{kind}" for kind in KINDS.keys() - kinds - {"observation", "set_aside"})

    def _renew(self, name: str) -> None:
        snapshots = self.changes.snapshots(self.con, name) if name in BY_SNAPSHOT else None
        parts = self.changes.parts(self.con, name) if name in PARTED_BY else None
        if parts is not None:
            if parts:
                self._empty_copy(name)
                with self._parts(parts, name):
                    self.con.execute(f"INSERT INTO renewed BY NAME {sql_text(self.files[name])}")
                self._write(name, of_parts(name, parts, database_of(self.con)))
        elif snapshots is None:
            if "snapshot_score" in graph.staged_below(name):
                self._read_all()
            for other in sorted(graph.reads()[name]):
                self.provide(other)
            self._empty_copy(name)
            if name in self.fillers:
                frame = self.fillers[name]()
                assert frame is not None
                insert(self.con, "renewed", typed(name, frame))
            else:
                self.con.execute(f"INSERT INTO renewed BY NAME {sql_text(self.files[name])}")
            self._write(name, "TRUE")
        elif snapshots:
            self._empty_copy(name)
            with self.only(snapshots, name):
                self.con.execute(f"INSERT INTO renewed BY NAME {sql_text(self.files[name])}")
            self.con.execute("DELETE FROM renewed WHERE snapshot_id NOT IN (FROM wanted)")
            self._write(name, "snapshot_id IN (FROM wanted)")

    def _empty_copy(self, name: str) -> None:
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE renewed AS FROM {name} LIMIT 0")

    def _stage_wanted(self, name: str, snapshots: frozenset[str]) -> None:
        stage_texts(self.con, name, "snapshot_id", snapshots)

    def _write(self, name: str, where: str) -> None:
        """Replace the rows of ``name`` that ``where`` chooses by ``renewed``, if they differ, and note what does."""
        sums = "SELECT (count(*), sum(hash(t)::HUGEINT)) FROM"
        [(is_same,)] = self.con.execute(
            f"SELECT ({sums} renewed AS t) IS NOT DISTINCT FROM ({sums} {name} AS t WHERE {where})"
        ).fetchall()
        if is_same:
            return
        found, series = self._differing(name, where)
        rules = self._leading_rules(name)
        self.con.execute(f"DELETE FROM {name} WHERE {where}; INSERT INTO {name} BY NAME FROM renewed")
        # A rule under which nobody led before has a gap in every snapshot.
        if self._leading_rules(name) != rules:
            found = series = None
        self.changes.add(name, found, series)

    def _differing(self, name: str, where: str) -> tuple[frozenset[str] | None, frozenset[OneSeries] | None]:
        """What the rows of ``name`` that differ from ``renewed`` say in its column of `TOLD_BY`, and their series.

        None of what they do not tell.
        """
        if not TOLD_BY.get(name) and not tells_series(name):
            return None, None
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE differing AS "
            f"FROM renewed AS t WHERE hash(t) NOT IN (SELECT hash(o) FROM {name} AS o WHERE {where}) UNION ALL "
            f"FROM {name} AS t WHERE {where} AND hash(t) NOT IN (SELECT hash(o) FROM renewed AS o)"
        )
        if not self.con.execute("FROM differing LIMIT 1").fetchall():
            # One of equal rows is there more often.
            return None, None
        return self._values(name), self._series(name)

    def _leading_rules(self, name: str) -> list[tuple[str, str]]:
        if name != "core.country_leaders":
            return []
        return self.con.execute("FROM internal.leading_rules ORDER BY ALL").fetchall()

    def _values(self, name: str) -> frozenset[str] | None:
        column = TOLD_BY.get(name)
        if column is None:
            return None
        differing = "FROM differing"
        if name == "core.model_names":
            differing = (
                "SELECT l.input_id FROM printed_name AS o JOIN listing AS l USING (key) "
                "JOIN differing AS d ON d.source_id = l.source_id AND d.model_name = o.model_name "
                "AND d.organization_name = coalesce(o.organization_name, '')"
            )
        found = self.con.execute(
            f"SELECT DISTINCT {column} AS told FROM ({differing}) WHERE told IS NOT NULL"
        )
        return frozenset(value for (value,) in found.fetchall())

    def _series(self, name: str) -> frozenset[OneSeries] | None:
        """As far as these are not many."""
        if not tells_series(name):
            return None
        columns = columns_of(name)
        asked = ", ".join(f"t.{one}" if one in columns else "NULL" for one in SERIES)
        query = f"SELECT DISTINCT {asked} FROM differing AS t"
        if "board" not in columns:
            query = (
                f"SELECT DISTINCT s.board, s.variant, {asked.rpartition(', ')[2]} "
                "FROM differing AS t LEFT JOIN core.snapshots AS s USING (snapshot_id)"
            )
        rows = self.con.execute(f"{query} LIMIT {MOST_SERIES + 1}").fetchall()
        if len(rows) > MOST_SERIES:
            return None
        found = frozenset(row for row in rows if row[0] is not None)
        if len(found) < len(rows):
            # Of a snapshot that is not there any more: one of those that core.snapshots had.
            gone = self.changes.series.get("core.snapshots")
            return None if gone is None else found | gone
        return found

    def _drop(self, relation: str) -> None:
        if relation in self.files:
            self.con.execute(f"DROP {graph.staged_as(relation)} {relation}")
            self.staged.remove(relation)
