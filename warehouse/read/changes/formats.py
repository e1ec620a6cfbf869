"""Changes as JSON, CSV, Markdown and text. JSON and CSV are complete; the others shorten long lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from warehouse.read.cells import json_text
from warehouse.read.changes.diff import FIGURES, MONTH_KEY, Changes, MonthChange, Row
from warehouse.read.changes.reasons import REASONS
from warehouse.read.csv_lines import line
from warehouse.text import markdown

#: Lines of a list in Markdown and text; the rest is counted.
SHOWN = 20
LARGEST = 10


def as_json(changes: Changes) -> str:
    """Everything, for programs. Times are UTC, gaps in points."""
    content = asdict(changes)
    for month, entry in zip(content["months"], changes.months, strict=True):
        month["change_points"] = entry.change
    return json_text(content, indent=1) + "\n"


def as_csv(changes: Changes) -> str:
    """Every changed month, a line each: key, reasons as a JSON list, figures before and after."""
    pairs = [f"{name}_{when}" for name in FIGURES for when in ("before", "after")]
    lines = [line([*MONTH_KEY, "reasons", "detail", "change_points", *pairs])]
    for month in changes.months:
        figures = [(side or {}).get(name) for name in FIGURES for side in (month.before, month.after)]
        key = [getattr(month, name) for name in MONTH_KEY]
        lines.append(line([*key, month.reasons, month.detail, month.change, *figures]))
    return "".join(lines)


def as_markdown(changes: Changes) -> str:
    """The changes as a Markdown document, long lists shortened."""
    lines = ["# Changes", "", _opening(changes)]
    for title, entries in _sections(changes):
        lines += ["", f"## {title}", "", *(f"- {markdown(entry, starts_line=True)}" for entry in entries)]
    return "\n".join(lines) + "\n"


def as_text(changes: Changes) -> str:
    """The changes as plain text, long lists shortened."""
    lines = [_opening(changes)]
    for title, entries in _sections(changes):
        lines += [title, *(f"  {entry}" for entry in entries)]
    return "\n".join(lines) + "\n"


def _opening(changes: Changes) -> str:
    now = _release(changes.after)
    if changes.before is None:
        return f"This is {now}. It is the first release here: there is none to compare it with."
    if not _sections(changes):
        return f"From {_release(changes.before)} to {now} nothing changed."
    return f"From {_release(changes.before)} to {now}."


def _release(row: Row) -> str:
    known = f", figures known to {row['known_to']:%Y-%m-%d}" if row["known_to"] else ""
    return f"release {row['input_hash'][:12]} (schema {row['schema_version']}{known})"


def _sections(changes: Changes) -> list[tuple[str, list[str]]]:
    """Titles and lines, without the sections that have no lines."""
    largest = sorted(changes.months, key=lambda month: -abs(month.change) if month.change else 0.0)
    sections: list[tuple[str, Iterable[str]]] = [
        (f"Months that changed: {len(changes.months)}", _count_lines(changes.months)),
        ("Why", _reason_lines(changes.months)),
        (
            f"The {LARGEST} largest changes" if len(largest) > LARGEST else "Each of them",
            map(_month_line, largest[:LARGEST]),
        ),
        ("Inputs by source", _shortened(map(_input_line, changes.inputs))),
        ("Parameters", (f"{row['name']}: {_before_after(row)}" for row in changes.parameters)),
        (
            "Names read as another model",
            _shortened(f"{_name(row)}: {_before_after(row)}" for row in changes.names),
        ),
        (
            "Models of another country",
            _shortened(f"{row['model_id']}: {_before_after(row)}" for row in changes.countries),
        ),
        ("Models", _model_lines(changes.models)),
        (
            "Claims with another verdict",
            (f"{row['claim_id']}: {_before_after(row)}" for row in changes.claims),
        ),
        (
            "Names newly unresolved",
            _shortened(f"{_name(row)}, best {row['best_where']}" for row in changes.unresolved),
        ),
        ("Tables and columns", _shortened(_table_lines(changes.tables))),
        ("Not compared", (f"{part}: one of the releases lacks the columns" for part in changes.not_compared)),
    ]
    with_lines = ((title, list(lines)) for title, lines in sections)
    return [(title, lines) for title, lines in with_lines if lines]


def _count_lines(months: list[MonthChange]) -> Iterator[str]:
    counts = Counter((month.board, month.variant) for month in months)
    for (board, variant), count in sorted(counts.items()):
        yield f"{board}, {variant}: {count}"


def _reason_lines(months: list[MonthChange]) -> Iterator[str]:
    counts = Counter(reason for month in months for reason in month.reasons)
    for reason, words in REASONS.items():
        if reason in counts:
            yield f"{reason} ({words}): {counts[reason]}"


def _month_line(month: MonthChange) -> str:
    where = f"{month.month:%Y-%m} {month.board} {month.variant} {month.category}"
    detail = f" ({month.detail})" if month.detail else ""
    return f"{where}: {_gap(month.before)} → {_gap(month.after)}; {', '.join(month.reasons)}{detail}"


def _gap(figures: Row | None) -> str:
    if figures is None:
        return "no row"
    if figures["gap_points"] is None:
        return str(figures["status"])
    status = "" if figures["status"] == "observed" else f", {figures['status']}"
    return f"{figures['gap_points']:.2f} ({figures['us_model']} to {figures['cn_model']}{status})"


def _input_line(row: Row) -> str:
    words = []
    if row["added"]:
        period = f"{row['known_from']:%Y-%m-%d} to {row['known_to']:%Y-%m-%d}"
        words.append(f"{row['added']} new, {row['rows_added']:,} rows, known {period}")
    if row["removed"]:
        words.append(f"{row['removed']} no longer used")
    return f"{row['source_id']}: {'; '.join(words)}"


def _model_lines(models: list[Row]) -> Iterator[str]:
    for change in ("added", "removed"):
        names = [row["model_id"] for row in models if row["change"] == change]
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            yield f"{len(names)} {change}: {', '.join(names[:SHOWN])}{more}"


def _table_lines(rows: list[Row]) -> Iterator[str]:
    whole = [row for row in rows if row["table_is_new"] or row["table_is_gone"]]
    for name, change in sorted({(row["table_name"], row["change"]) for row in whole}):
        yield f"{name}: table {change}"
    for row in rows:
        if row not in whole:
            types = " → ".join(filter(None, (row["before"], row["after"])))
            yield f"{row['table_name']}.{row['column_name']}: column {row['change']} ({types})"


def _name(row: Row) -> str:
    return f"{row['model_name']} ({row['source_id']})"


def _before_after(row: Row) -> str:
    return f"{row['before'] or 'none'} → {row['after'] or 'none'}"


def _shortened(lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    return lines if len(lines) <= SHOWN else [*lines[:SHOWN], f"and {len(lines) - SHOWN} more"]
