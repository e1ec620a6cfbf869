"""What a build leaves out: rows held back, bodies rejected or not readable; and what vanished from bodies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sources.contract.receipt import Receipt
from sources.ingestion.archive.decisions import Decisions
from warehouse.db import literal

#: What `HeldRows.state` may be.
HELD, RELEASED, REJECTED, UNREADABLE = "held", "released", "rejected", "unreadable"


@dataclass(frozen=True)
class HeldRows:
    """Rows of one body that are or were left out: a row of ``meta.held``, times as ISO text.

    ``series`` names the rows, ``selector`` (column → value, empty for all) finds them. ``input_id`` is null for a body
    that is not among the inputs.
    """

    source_id: str
    request: str
    sha256: str
    file_name: str
    known_at: str
    series: str
    state: str
    reason: str
    selector: Mapping[str, str | None]
    input_id: str | None = None
    held_at: str | None = None
    decided_at: str | None = None
    decision_reason: str | None = None

    def to_row(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def left_out(
    decisions: Iterable[Decisions], inputs: Mapping[tuple[str, str, str], str], as_of: date | None
) -> Iterator[HeldRows]:
    """What ``decisions`` leave out, or once left out, of bodies known by the end of the day ``as_of``.

    ``inputs`` are the ids of the inputs by source, request and sha256.
    """
    for body in decisions:
        if as_of is not None and body.known_at.astimezone(UTC).date() > as_of:
            continue
        common: dict[str, Any] = {
            "source_id": body.source_id,
            "request": body.request,
            "sha256": body.sha256,
            "file_name": body.file_name,
            "known_at": body.known_at.astimezone(UTC).isoformat(),
            "input_id": inputs.get((body.source_id, body.request, body.sha256)),
        }
        if body.rejected_at is not None:
            yield HeldRows(
                **common,
                series="everything",
                state=REJECTED,
                reason=body.reject_reason,
                selector={},
                decided_at=_text(body.rejected_at),
                decision_reason=body.reject_reason,
            )
            continue
        for oddity in body.oddities:
            yield HeldRows(
                **common, series=oddity.name, state=str(oddity.kind), reason=oddity.line(), selector={}
            )
        for hold in body.holds:
            yield HeldRows(
                **common,
                series=hold.name,
                state=HELD if hold.is_active else RELEASED,
                reason=hold.reason,
                selector=hold.series,
                held_at=_text(hold.held_at),
                decided_at=_text(hold.released_at),
                decision_reason=hold.release_reason or None,
            )


def unreadable(receipt: Receipt, reason: str) -> HeldRows:
    """An archived body that its parser does not read any more: left out until it does."""
    return HeldRows(
        receipt.source_id,
        receipt.request,
        receipt.sha256,
        receipt.file_name,
        receipt.known_at.astimezone(UTC).isoformat(),
        "everything",
        UNREADABLE,
        reason,
        {},
    )


def without_held_sql(relation: str, held: Iterable[HeldRows]) -> str:
    """SQL for the rows of ``relation`` (with ``input_id``) that none of ``held`` holds back."""
    groups: dict[tuple[str, ...], list[HeldRows]] = {}
    for rows in held:
        if rows.state == HELD and rows.input_id is not None:
            groups.setdefault(tuple(rows.selector), []).append(rows)
    sql = f"FROM {relation} AS p"
    for number, (columns, entries) in enumerate(groups.items()):
        names = ", ".join(("input_id", *columns))
        values = ", ".join(
            "(" + ", ".join(_value(value) for value in (entry.input_id, *entry.selector.values())) + ")"
            for entry in entries
        )
        on = " AND ".join(
            [
                f"p.input_id = h{number}.input_id",
                *(f"p.{name}::VARCHAR IS NOT DISTINCT FROM h{number}.{name}" for name in columns),
            ]
        )
        sql += f" ANTI JOIN (VALUES {values}) AS h{number}({names}) ON {on}"
    return f"SELECT p.* {sql}"


def as_rows(held: Iterable[HeldRows]) -> list[dict[str, Any]]:
    """Rows of ``meta.held``."""
    return [
        {
            **rows.to_row(),
            "file_name": rows.file_name or None,
            "selector": json.dumps(dict(rows.selector), ensure_ascii=False),
            **{name: _naive(getattr(rows, name)) for name in ("known_at", "held_at", "decided_at")},
        }
        for rows in held
    ]


def _value(value: str | None) -> str:
    return "NULL::VARCHAR" if value is None else literal(value)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _naive(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=None)
