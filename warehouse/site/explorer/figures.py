"""All figures of the explorer, column by column, as the script file beside its page has them.

A month of a board, variant and category has a number: its place among the rows of ``months.sql``. Everything else
refers to it. Figures are in full precision, as the warehouse has them; nothing is computed from them here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.site.category_words import category_name
from warehouse.site.explorer import look
from warehouse.site.queries import QueryResult

FOLDER = Path(__file__).parent / "sql"
#: The script file has its figures under this name.
NAME = "EXPLORE"
KEY = ("board", "variant", "category", "month")
#: The first of the days that are counted, and the first of the months.
FIRST_DAY = date(2020, 1, 1)

Figures = dict[str, Any]


def script(figures: Figures | None) -> str:
    """The figures as a script, which a page opened from the disk may load. ``None`` leaves the explorer empty."""
    text = json.dumps(figures, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"const {NAME} = {text};\n"


def read(con: duckdb.DuckDBPyConnection) -> Figures:
    """The figures of the published file ``con``."""
    found = {path.stem: _run(con, path) for path in sorted(FOLDER.glob("*.sql"))}
    months = found["months"]
    places = {key: place for place, key in enumerate(_keys(months))}
    series, models = _series(months), _Names()
    countries = dict(found["countries"].rows)
    leaders = _grouped(found["leaders"], "country", places, models, {"model": "model", "score": "score"})
    return {
        "boards": _boards(found["boards"]),
        "series": series,
        "months": _months(months),
        "sources": {source: [producer, licence] for source, producer, licence in found["sources"].rows},
        "countries": {code: look.country_words(code, countries.get(code, code)) for code in leaders},
        "leaders": leaders,
        "pairs": {"US-CN": _us_and_china(months)} | _pairs(found["pairs"], places, models),
        "categories": {code: category_name(code) for code in sorted(set(months.column("category")))},
        "listings": _grouped(found["listings"], "listing", places, models, LISTING_COLUMNS),
        "weights": _grouped(found["weights"], "name", places, models, WEIGHTS_COLUMNS),
        "lags": _lags(found["lags"], series, models),
        # last, when all are known
        "models": list(models),
    }


def _run(con: duckdb.DuckDBPyConnection, file: Path) -> QueryResult:
    sql = file.read_text(encoding="utf-8")
    relation = con.sql(sql)
    return QueryResult(file.stem, sql, tuple(relation.columns), tuple(relation.fetchall()))


class _Names(dict[str, int]):
    """Numbers names as they come."""

    def number(self, name: str | None) -> int | None:
        return None if name is None else self.setdefault(name, len(self))


LISTING_COLUMNS = {
    "status": "status",
    "a_model": "us_model",
    "a_score": "us_score",
    "b_model": "cn_model",
    "b_score": "cn_score",
    "gap": "gap_points",
    "pct": "gap_pct_of_cn",
    "win": "us_win_probability",
}
WEIGHTS_COLUMNS = {
    "status": "status",
    "a_model": "a_model",
    "a_score": "a_score",
    "b_model": "b_model",
    "b_score": "b_score",
    "gap": "gap_points",
    "low": "gap_low",
    "high": "gap_high",
}
LAG_COLUMNS = {
    "series": "",
    "month": "month",
    "vintage": "vintage",
    "measured_on": "measured_on",
    "lag": "lag_months",
    "censored": "is_censored",
    "since_model": "since_model",
    "since_on": "since_on",
    "a_model": "us_model",
    "a_score": "us_score",
    "b_model": "cn_model",
    "b_score": "cn_score",
    "source": "source_id",
}


def _keys(result: QueryResult) -> Iterable[tuple[Any, ...]]:
    return zip(*(result.column(name) for name in KEY), strict=True)


def _boards(boards: QueryResult) -> list[dict[str, Any]]:
    return [dict(zip(boards.names, row, strict=True)) for row in boards.rows]


def _series(months: QueryResult) -> dict[str, list[Any]]:
    """Each series with the number of its first row, its first month, and how many months it has."""
    series: dict[tuple[str, str, str], list[int]] = {}
    for place, (board, variant, category, month) in enumerate(_keys(months)):
        series.setdefault((board, variant, category), [place, _month(month), 0])[2] += 1
    rows = [(*key, *values) for key, values in series.items()]
    names = ("board", "variant", "category", "row", "month", "length")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _months(months: QueryResult) -> dict[str, Any]:
    """What is known of every row, whatever is compared in it."""
    return {
        "status": months.column("status"),
        "reason": months.column("reason"),
        "day": [_day(value) for value in months.column("published_on")],
        "source": months.column("source_id"),
        "open": [place for place, is_open in enumerate(months.column("month_is_open")) if is_open],
    } | {"at_least": _sparse(months.column("gap_at_least"))}


def _us_and_china(months: QueryResult) -> dict[str, Any]:
    rows = [place for place, gap in enumerate(months.column("gap_points")) if gap is not None]
    columns = {
        "gap": "gap_points",
        "pct": "gap_pct_of_cn",
        "win": "us_win_probability",
        "low": "gap_low",
        "high": "gap_high",
        "low_wide": "gap_low_wide",
        "high_wide": "gap_high_wide",
    }
    values = {name: months.column(column) for name, column in columns.items()}
    return {"row": rows} | {name: [column[row] for row in rows] for name, column in values.items()}


def _pairs(
    pairs: QueryResult, places: Mapping[tuple[Any, ...], int], models: _Names
) -> dict[str, dict[str, Any]]:
    columns = {
        "status": "status",
        "gap": "gap_points",
        "pct": "gap_pct_of_b",
        "win": "a_win_probability",
        "low": "gap_low",
        "high": "gap_high",
    }
    named = [f"{a}-{b}" for a, b in zip(pairs.column("a"), pairs.column("b"), strict=True)]
    return _by_group(named, pairs, places, models, columns)


def _grouped(
    result: QueryResult,
    by: str,
    places: Mapping[tuple[Any, ...], int],
    models: _Names,
    columns: Mapping[str, str],
) -> dict[str, dict[str, Any]]:
    return _by_group(result.column(by), result, places, models, columns)


def _by_group(
    groups: Sequence[str],
    result: QueryResult,
    places: Mapping[tuple[Any, ...], int],
    models: _Names,
    columns: Mapping[str, str],
) -> dict[str, dict[str, Any]]:
    """The rows of each group: their numbers as ``row``, and ``columns`` under their short names."""
    values = {name: result.column(column) for name, column in columns.items()}
    found: dict[str, dict[str, list[Any]]] = {}
    for place, (group, key) in enumerate(zip(groups, _keys(result), strict=True)):
        rows = found.setdefault(group, {name: [] for name in ("row", *columns)})
        rows["row"].append(places[key])
        for name, column in values.items():
            value = column[place]
            rows[name].append(models.number(value) if name.endswith("model") else value)
    return {group: _without_empty(rows) for group, rows in found.items()}


def _lags(lags: QueryResult, series: Mapping[str, list[Any]], models: _Names) -> dict[str, dict[str, Any]]:
    """The lags by reading. They have months of their own: a vintage looks back further than its board."""
    numbers = {
        key: number for number, key in enumerate(zip(*(series[name] for name in KEY[:3]), strict=True))
    }
    found: dict[str, dict[str, list[Any]]] = {}
    for row in (dict(zip(lags.names, values, strict=True)) for values in lags.rows):
        into = found.setdefault(row["reading"], {name: [] for name in LAG_COLUMNS})
        into["series"].append(numbers[row["board"], row["variant"], row["category"]])
        for name, column in list(LAG_COLUMNS.items())[1:]:
            into[name].append(_short(name, row[column], models))
    return dict(found)


def _short(name: str, value: Any, models: _Names) -> Any:
    if name == "month":
        return _month(value)
    if isinstance(value, date):
        return _day(value)
    return models.number(value) if name.endswith("model") else value


def _without_empty(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: values for name, values in rows.items() if any(value is not None for value in values)}


def _sparse(values: Sequence[Any]) -> dict[int, Any]:
    return {place: value for place, value in enumerate(values) if value is not None}


def _day(value: date | None) -> int | None:
    """Days since `FIRST_DAY`."""
    return None if value is None else (value - FIRST_DAY).days


def _month(value: date) -> int:
    """Months since that of `FIRST_DAY`."""
    return 12 * (value.year - FIRST_DAY.year) + value.month - FIRST_DAY.month
