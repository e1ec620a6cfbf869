"""A table that is read in pieces gives what it gives as one: rows, what is set aside, and the words of a refusal."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.contract.set_aside import Parsed, ParsedFile
from sources.contract.validation import read, read_in_pieces
from sources.errors import AigapError
from sources.registry import get
from tests.fixtures import bodies

SOURCE = get("lmarena_hf")
#: Rows of a table, and of a piece: the third piece is short.
ROWS, AT_ONCE = 1000, 400
FAR_DOWN = {"rank": 990.0, "rating": 800.0}


def rows(changes: dict[int, dict[str, Any]] | None = None, **all_rows: Any) -> list[dict[str, Any]]:
    # What changes comes last: bounds are made of a rating, and there may be none.
    return [
        {
            **bodies.hf_row(place),
            **all_rows,
            **bounds(all_rows),
            **(changed := (changes or {}).get(place, {})),
            **bounds(changed),
        }
        for place in range(ROWS)
    ]


def bounds(changed: dict[str, Any]) -> dict[str, Any]:
    """Bounds for a rating that has none given."""
    rating = changed.get("rating", 0.0)
    if "rating" not in changed or "rating_lower" in changed:
        return {}
    around = (None, None) if rating is None else (rating - 5.0, rating + 5.0)
    return dict(zip(("rating_lower", "rating_upper"), around, strict=True))


def in_pieces(body: bytes, folder: Path, at_once: int = AT_ONCE) -> Parsed | ParsedFile | str:
    folder.mkdir(exist_ok=True)
    try:
        return read_in_pieces(SOURCE, bodies.snapshot("lmarena_hf", body), folder, at_once)
    except AigapError as error:
        return error.line()


def as_one(body: bytes) -> Parsed | str:
    try:
        return read(SOURCE, bodies.snapshot("lmarena_hf", body))
    except AigapError as error:
        return error.line()


def apart(width: float, places: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Bounds in these rows that are ``width`` standard errors of 2 points from one another."""
    return {
        place: {
            "rating": 1500.0 - place,
            "rating_lower": 1500.0 - place - width,
            "rating_upper": 1500.0 - place + width,
            "variance": 4.0,
        }
        for place in places
    }


TABLES: dict[str, list[dict[str, Any]]] = {
    "good": rows(),
    "no figure is a number": rows(
        {
            3: {"rating": math.nan},
            404: {"rating": math.inf},
            500: {"rating": None},
            801: {"variance": math.nan},
        }
    ),
    "a bad row in the second piece": rows({450: {"rank": 990.5, "rating": 800.0}}),
    "bad rows on both sides of an edge": rows(
        {399: {"variance": -1.0, **FAR_DOWN}, 400: {"variance": -1.0, **FAR_DOWN}}
    ),
    "rows that cannot be, in two pieces": rows(
        {
            397: {"model_name": "x" * 300, **FAR_DOWN},
            700: {"rating": 1e7, "rank": 990.0},
            701: {"rank": 990.5, "rating": 800.0},
            999: {"vote_count": -1.0, **FAR_DOWN},
        }
    ),
    "wrong errors in two pieces": rows(apart(100.0, (5, 420, 421, 999))),
    "wrong errors in most of all": rows(apart(100.0, range(600))),
    "wrong errors in most of the last piece": rows(apart(100.0, range(750, 1000))),
    "doubtful errors in most": rows(apart(2.5, range(390, 1000))),
    "names with what is not seen": rows({2: {"category": "Überall\u200b"}, 600: {"model_name": "a\u200bb"}}),
    "a row twice, in two pieces": rows({401: bodies.hf_row(3)}),
    "a bad row near the top of its board": rows({450: {"rank": 1.5, "rating": 3000.0}}),
    "a bad row of which only the score tells": rows({450: {"rank": None, "variance": -1.0, "rating": 800.0}}),
    "too many bad rows": rows({place: {"rank": 990.5, **FAR_DOWN} for place in range(380, 391)}, rank=990.5),
    "too many bad rows over all pieces": rows({place: {"variance": -1.0} for place in range(0, 1000, 90)}),
    "too many in one piece, not in all": rows(
        {place: {"variance": -1.0, **FAR_DOWN} for place in range(980, 988)}
    ),
    "too many of two kinds": rows(
        {place: {"variance": -1.0, **FAR_DOWN} for place in range(300, 306)}
        | {place: {"vote_count": -1.0, **FAR_DOWN} for place in range(700, 706)}
    ),
    "no figures": rows(rating=None),
    "figures in the last piece alone": rows({place: {"rating": None} for place in range(999)}),
    "no date in the last row": rows({999: {"leaderboard_publish_date": "soon", **FAR_DOWN}}),
    "no category": [{name: value for name, value in row.items() if name != "category"} for row in rows()],
}


@pytest.mark.parametrize("at_once", [AT_ONCE, 333])
@pytest.mark.parametrize("name", TABLES)
def test_pieces_give_what_one_gives(name: str, at_once: int, tmp_path: Path) -> None:
    """Would catch rows counted from the start of their piece, limits taken of a piece, and other words."""
    frame = pl.DataFrame(TABLES[name], infer_schema_length=None)
    body = bodies.parquet(frame)
    whole, pieces = as_one(body), in_pieces(body, tmp_path, at_once)
    if isinstance(whole, str) or isinstance(pieces, str):
        assert pieces == whole
    else:
        assert pieces.frame.equals(whole.frame)
        assert pieces.set_aside == whole.set_aside
        assert pieces.losses() == whole.losses()


def test_what_is_accepted_is_read_by_its_pieces(tmp_path: Path) -> None:
    """Would catch a table that is read whole after all for a few bad rows: its memory is what pieces are for."""
    accepted = [
        name
        for name, table in TABLES.items()
        if isinstance(as_one(bodies.parquet(pl.DataFrame(table, infer_schema_length=None))), Parsed)
    ]
    assert len(accepted) > 10
    for place, name in enumerate(accepted):
        body = bodies.parquet(pl.DataFrame(TABLES[name], infer_schema_length=None))
        read_so = in_pieces(body, tmp_path / str(place))
        assert isinstance(read_so, ParsedFile), name
        assert len(list(read_so.folder.glob("*.parquet"))) == 3


def test_a_damaged_file_is_refused_in_the_same_words(tmp_path: Path) -> None:
    """Would catch pieces of a file that is cut, taken for all of it."""
    body = bodies.parquet(pl.DataFrame(rows()))
    for cut in (body[:-100], body[: len(body) // 2], body[:4], body[:50] + bytes(200) + body[250:]):
        assert in_pieces(cut, tmp_path) == as_one(cut)


def test_parts_are_whole_series_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a series that is compared in two halves, or one that is not compared."""
    from sources.contract import set_aside

    monkeypatch.setattr(set_aside, "ROWS_AT_ONCE", 250)
    table = pl.DataFrame([bodies.hf_row(place, category=f"c{place % 7}") for place in range(ROWS)])
    parsed = in_pieces(bodies.parquet(table), tmp_path)
    assert isinstance(parsed, ParsedFile)
    parts = list(parsed.parts())
    assert len(parts) > 2
    listed = [category for part in parts for category in sorted(part["category"].unique())]
    assert listed == [f"c{k}" for k in range(7)]
    placed = pl.concat(parts).sort(set_aside.PLACE)
    assert placed.drop(set_aside.PLACE).equals(parsed.frame)
