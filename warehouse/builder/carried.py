"""Listings that a build carries over from the release it starts from: their rows stand in ``core.scores`` as parsed.

So nobody reads their files again to find names, days and copies. Read again are inputs of which rows were collapsed or
set aside, and those of which ``extra`` is asked. If an input has gone, or is held in another way, all are read.
"""

from __future__ import annotations

import duckdb

from warehouse.builder.changes import Changes

#: Creates the table of the listings that are carried over, all of an input or none. An index says in ``extra`` whose
#: weights are open. Of more than 64 categories ``printed_name`` cannot tell whether a name is repeated.
_LISTINGS = """
CREATE OR REPLACE TEMP TABLE carried AS
SELECT snapshot_id, source_id, input_id, board, variant, printed_on, models, categories
FROM core.snapshots AS s
JOIN meta.inputs AS i USING (input_id, source_id)
JOIN core.boards USING (board)
WINDOW of_input AS (PARTITION BY input_id)
QUALIFY sum(s.rows) OVER of_input = i.rows AND NOT bool_or(kind = 'index' OR categories > 64) OVER of_input
"""

#: Joins ``carried`` to ``listing``, which numbers listings anew in each build.
_ON = """
ON l.input_id = c.input_id AND l.board = c.board AND l.variant = c.variant
AND l.printed_on IS NOT DISTINCT FROM c.printed_on
"""

#: Staged relation → its rows of the listings that are carried over. No name of theirs is repeated.
ROWS = {
    "printed_listing": "SELECT input_id, board, variant, printed_on, models, categories FROM carried",
    "printed_category": "SELECT DISTINCT category FROM core.snapshot_categories SEMI JOIN carried USING (snapshot_id) "
    "WHERE category NOT IN (FROM printed_category)",
    "printed_name": "SELECT l.key, s.model_name, s.organization_name, s.license_name, s.released_on, count(*) AS rows, "
    "NULL AS categories, s.model_id, TRUE AS is_carried "
    f"FROM core.scores AS s JOIN carried AS c USING (snapshot_id) JOIN listing AS l {_ON} GROUP BY ALL",
}

#: The readers of ``staged_score`` that need what is carried over. Others are asked only for listings that are read, or
#: ask for ``extra``.
OF_SCORES = frozenset({"compared_score"})

#: The query for the scores that are carried over, as ``staged_score`` has them, without what only `snapshot_score` asks
#: for; of the listings that `OF_SCORES` needs, which are chosen here before their columns are joined. ``{0}`` is the
#: database.
SCORES = f"""
SELECT
    l.key, s.category, s.model_name, s.model_id, s.organization_name, s.license_name, s.score, s.released_on,
    1 AS occurrence, 1 AS occurrences
FROM {{0}}.core.scores AS s
JOIN carried AS c USING (snapshot_id)
JOIN listing AS l {_ON}
SEMI JOIN weighed_listing AS w ON w.key = l.key
"""


def begin(con: duckdb.DuckDBPyConnection, changes: Changes) -> frozenset[str]:
    """Find what can be carried over; returns its inputs. ``core.snapshots`` must be as the release has it."""
    told = changes.values.get("meta.inputs", frozenset())
    if told is None or "meta.held" in changes.values:
        return frozenset()
    known = {name for (name,) in con.execute("SELECT DISTINCT input_id FROM core.snapshots").fetchall()}
    if told & known:
        return frozenset()
    con.execute(_LISTINGS)
    return frozenset(name for (name,) in con.execute("SELECT DISTINCT input_id FROM carried").fetchall())
