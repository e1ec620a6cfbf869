"""Why a month changed, found by comparing what it was computed from: snapshots, inputs, names, parameters."""

from __future__ import annotations

from typing import Any

REASONS = {
    "new_month": "the month was not there before",
    "month_gone": "the month is not there any more",
    "new_snapshot": "a snapshot from new bytes stands for the month",
    "redated": "bytes known before are read as another snapshot: another day, or another board",
    "other_snapshot": "another snapshot, known to both releases, stands for the month",
    "snapshot_gone": "the snapshot that stood for the month no longer exists",
    "new_model": "a model that the board had not listed before leads",
    "rename": "the same model leads under another name",
    "mapping": "the reference tables name another maker of a model, or another model for a name",
    "rescaling": "the zero of the scale changed",
    "interval": "leaders and scores are the same: an error changed, or the rule that makes the interval of them",
    "parameters": "a parameter changed",
    "code": "nothing in the data explains it: the program changed",
}
#: What a month says apart from its interval.
FIGURES = ("status", "us_model_id", "us_score", "cn_model_id", "cn_score", "gap_points", "snapshot_id")
#: Names shown for a reason; the rest is counted.
NAMES_SHOWN = 3


def reasons_of(row: dict[str, Any], parameters: list[str]) -> tuple[tuple[str, ...], str]:
    """Why a month changed, in the order of `REASONS`, and the details found, in words.

    ``row`` is one of ``sql/months.sql``; ``parameters`` are the changed ones, in words.
    """
    found: dict[str, str] = {}
    if row["after"] is None:
        found["month_gone"] = ""
    if row["before"] is None:
        found["new_month"] = ""
    found |= _snapshot_reasons(row)
    if _only_interval(row):
        found["interval"] = " → ".join(_interval(row[side]) for side in ("before", "after"))
    remapped = [] if "interval" in found else _remapped(row)
    if remapped:
        more = f" and {len(remapped) - NAMES_SHOWN} more" if len(remapped) > NAMES_SHOWN else ""
        found["mapping"] = ", ".join(remapped[:NAMES_SHOWN]) + more
    if row["before"] is not None and row["after"] is not None:
        found |= _leader_reasons(row, bool(remapped))
    if parameters and (row["has_other_rules"] or not found.keys() - {"other_snapshot"}):
        found["parameters"] = "; ".join(parameters)
    if not found or found.keys() == {"other_snapshot"}:
        found["code"] = ""
    ordered = [reason for reason in REASONS if reason in found]
    return tuple(ordered), "; ".join(f"{name}: {found[name]}" for name in ordered if found[name])


def _only_interval(row: dict[str, Any]) -> bool:
    before, after = row["before"], row["after"]
    return bool(
        before and after and all(before[name] == after[name] for name in (*FIGURES, "us_model", "cn_model"))
    )


def _interval(month: dict[str, Any]) -> str:
    if month["gap_low"] is None:
        return "none"
    return f"{month['gap_low']:.1f} to {month['gap_high']:.1f}"


def _snapshot_reasons(row: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    old, new = row["old_snapshot_id"], row["new_snapshot_id"]
    if new == old:
        return found
    if new is not None:
        if not row["bytes_were_held"]:
            found["new_snapshot"] = f"{row['source_id']} of {row['published_on']}"
        elif not row["snapshot_was_held"]:
            found["redated"] = f"{old or 'none'} → {new}"
        elif old is not None and row["old_snapshot_is_held"]:
            found["other_snapshot"] = f"{old} → {new}"
    if old is not None and not row["old_snapshot_is_held"] and "redated" not in found:
        found["snapshot_gone"] = old
    return found


def _remapped(row: dict[str, Any]) -> list[str]:
    """Names that stand for another model or one described differently; only the leaders if any are among them."""
    if row["new_snapshot_id"] != row["old_snapshot_id"]:
        return row["remapped_leaders"] or []
    leaders = {side[f"{who}_model"] for side in (row["before"], row["after"]) if side for who in ("us", "cn")}
    names: list[str] = row["remapped_names"] or []
    return [name for name in names if name in leaders] or names


def _leader_reasons(row: dict[str, Any], is_remapped: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    before, after = row["before"], row["after"]
    newcomers = [
        after[f"{who}_model"]
        for who in ("us", "cn")
        if after[f"{who}_model_id"] and row[f"{who}_is_new"] and not is_remapped
    ]
    if newcomers:
        found["new_model"] = ", ".join(newcomers)
    for who in ("us", "cn"):
        model, name = f"{who}_model_id", f"{who}_model"
        if before[model] == after[model] is not None and before[name] != after[name]:
            found["rename"] = f"{before[name]} → {after[name]}"
    if before["snapshot_id"] and after["snapshot_id"] and row["old_anchor"] != row["new_anchor"]:
        found["rescaling"] = f"{row['old_anchor']} → {row['new_anchor']}"
    return found
