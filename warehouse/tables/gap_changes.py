"""What moved the gap from month to month, and how far it may move in the next ones."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.tables import domains
from warehouse.tables.fields import columns, field, share
from warehouse.tables.schema import Column, Macro, Table, refers


def points(name: str, meaning: str, *, nullable: bool = False) -> Column:
    """A column of points on the board's scale."""
    return Column(name, "DOUBLE", meaning, nullable, unit="points")


def _parts_of(side: str, adjective: str) -> Iterator[Column]:
    """The parts of the change of one country's score; null where both snapshots share none of its models."""
    meanings = {
        "new": f"Best {adjective} score after less the best of the shared models",
        "dropped": f"Best of the shared {adjective} models before less the best score of all before",
        "rerated": "Best of the shared models after less their best before",
        "leader_rerated": "What the best of the shared models before gained",
        "overtaken": "By how much another shared model is ahead of it after",
        "rerated_own": f"{side}_rerated − scale_shift",
    }
    for part, meaning in meanings.items():
        yield points(f"{side}_{part}", meaning, nullable=True)


def _models_of(side: str, adjective: str) -> Iterator[Column]:
    yield Column(f"{side}_old_leader", "VARCHAR", f"Best {adjective} model before, as printed")
    yield Column(f"{side}_new_leader", "VARCHAR", f"Best {adjective} model after, as printed")
    yield Column(
        f"{side}_dropped_leader", "VARCHAR", f"{side}_old_leader, if it is no longer listed", nullable=True
    )
    yield Column(
        f"{side}_new_model", "VARCHAR", f"{side}_new_leader, if it was not listed before", nullable=True
    )
    yield Column(
        f"{side}_is_return",
        "BOOLEAN",
        f"{side}_new_model was listed on the board by from_published_on (any source, any variant): it is not new",
        nullable=True,
    )


def _band(percent: int) -> Iterator[Column]:
    yield points(f"low_{percent}", f"Lower end of the {percent} % band")
    yield points(f"high_{percent}", f"Upper end of the {percent} % band")


def _record(prefix: str, of: str) -> Iterator[Column]:
    """How the forecasts ``of`` some horizons would have done."""
    yield Column(f"{prefix}forecasts", "INTEGER", f"Forecasts {of} that can be held against what came")
    for percent in (50, 80, 95):
        yield share(
            f"{prefix}coverage_{percent}", f"Share of them in whose {percent} % band it came", nullable=True
        )
    yield points(f"{prefix}mean_absolute_error", "How far off their point was on average", nullable=True)


TABLES: tuple[Table | Macro, ...] = (
    Table(
        "main",
        "gap_changes",
        comment=(
            "What moved the gap since the month before: new models, models no longer listed, and the re-rating of "
            "models that were there. Each part of the change is the US one less the Chinese one, and they add up."
        ),
        columns=columns(
            "board variant category month",
            Column("from_month", "DATE", "The month it is compared with"),
            Column("months_between", "INTEGER", "1 unless months without a gap lie between", unit="months"),
            Column(
                "status",
                "VARCHAR",
                "Whether the change has parts, and why not",
                values=domains.CHANGE_STATUSES,
            ),
            points("from_gap_points", "Gap in from_month"),
            "gap_points",
            points("change_points", "gap_points − from_gap_points"),
            points(
                "change_12m",
                "gap_points less that of the same month a year before; null without one",
                nullable=True,
            ),
            points(
                "change_12m_error",
                "Standard error of change_12m; null where a leader has no published error",
                nullable=True,
            ),
            points("change_from_new", "us_new − cn_new", nullable=True),
            points("change_from_dropped", "us_dropped − cn_dropped", nullable=True),
            points("change_from_rerated", "us_rerated − cn_rerated", nullable=True),
            points("change_from_leader_rerated", "us_leader_rerated − cn_leader_rerated", nullable=True),
            points("change_from_overtaken", "us_overtaken − cn_overtaken", nullable=True),
            _parts_of("us", "US"),
            _parts_of("cn", "Chinese"),
            points(
                "scale_shift",
                "Median move of all models in both snapshots, of any country; cancels in the gap",
                nullable=True,
            ),
            _models_of("us", "US"),
            _models_of("cn", "Chinese"),
            Column(
                "is_partial",
                "BOOLEAN",
                "One of the snapshots is cut or leaders only: new may mean unlisted then, dropped unlisted now",
            ),
            Column("us_shared_models", "INTEGER", "US models in both snapshots"),
            Column("cn_shared_models", "INTEGER", "Chinese models in both snapshots"),
            Column("shared_models", "INTEGER", "Models of any country in both snapshots"),
            Column("from_snapshot_id", "VARCHAR", "The snapshot that stands for from_month"),
            Column("from_published_on", "DATE", "Publication day of that snapshot"),
            field("snapshot_id", "The snapshot that stands for the month"),
            "published_on",
        ),
        key=("board", "variant", "category", "month"),
        checks={
            "parts_add_up": "abs(change_points - (change_from_new + change_from_dropped + change_from_rerated)) < 1e-9",
            "rerated_adds_up": "abs(us_rerated - (us_leader_rerated + us_overtaken)) < 1e-9 "
            "AND abs(cn_rerated - (cn_leader_rerated + cn_overtaken)) < 1e-9",
            "signs": "us_new >= 0 AND cn_new >= 0 AND us_dropped <= 0 AND cn_dropped <= 0 "
            "AND us_overtaken >= 0 AND cn_overtaken >= 0",
            "in_order": "from_month < month AND from_published_on < published_on",
        },
        references=(
            refers("board variant category month", "main.monthly_gap"),
            refers("board variant category from_month", "main.monthly_gap", "board variant category month"),
            refers("snapshot_id", "core.snapshots"),
            refers("from_snapshot_id", "core.snapshots", "snapshot_id"),
        ),
        may_be_empty=True,
        example=(
            "SELECT month, change_points, change_from_new, change_from_rerated, us_new_model, cn_new_model\n"
            "FROM gap_changes WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw'\n"
            "ORDER BY month DESC LIMIT 6"
        ),
    ),
    Table(
        "main",
        "gap_outlook",
        comment=(
            "How far the gap may be from today's in the next six months if it moves as it did in the last twelve "
            "changes, and how such a forecast would have done. It says nothing of who will lead."
        ),
        columns=columns(
            "board variant category",
            field("horizon", check="horizon BETWEEN 1 AND 6"),
            field("month", "The month ahead"),
            field("origin_month", "The last month with a gap, which may not be over"),
            "point",
            points("sd", "Standard deviation: monthly_sd · √horizon"),
            _band(50),
            _band(80),
            _band(95),
            points("monthly_sd", "Root mean square of the last changes from month to month"),
            Column("changes", "INTEGER", "Changes behind it", check="changes BETWEEN 6 AND 12"),
            Column(
                "parity_not_excluded_from",
                "DATE",
                "First month ahead whose 95 % band holds 0; null if none of the six does",
                nullable=True,
            ),
            _record("", "to this horizon"),
            _record("all_", "to all horizons from 1 to 12"),
        ),
        key=("board", "variant", "category", "horizon"),
        checks={
            "ordered": "low_95 <= low_80 AND low_80 <= low_50 AND low_50 <= point "
            "AND point <= high_50 AND high_50 <= high_80 AND high_80 <= high_95",
        },
        references=(
            refers("board variant category origin_month", "main.monthly_gap", "board variant category month"),
        ),
        may_be_empty=True,
        example=(
            "SELECT month, point, low_50, high_50, low_95, high_95, parity_not_excluded_from, forecasts, coverage_95\n"
            "FROM gap_outlook WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' ORDER BY month"
        ),
    ),
    Table(
        "main",
        "gap_outlook_record",
        comment="Every forecast that the rule of gap_outlook would have given, and what came.",
        columns=columns(
            "board variant category",
            "origin_month",
            field("horizon", check="horizon BETWEEN 1 AND 12"),
            field("month", "The month it is for"),
            "point",
            points("sd", "Standard deviation of the forecast"),
            field("gap_points", "The gap that came"),
            points("error", "gap_points − point"),
            Column("is_within_50", "BOOLEAN", "It came in the 50 % band"),
            Column("is_within_80", "BOOLEAN", "It came in the 80 % band"),
            Column("is_within_95", "BOOLEAN", "It came in the 95 % band"),
        ),
        key=("board", "variant", "category", "origin_month", "horizon"),
        references=(
            refers("board variant category month", "main.monthly_gap"),
            refers("board variant category origin_month", "main.monthly_gap", "board variant category month"),
        ),
        may_be_empty=True,
        example=(
            "SELECT horizon, count(*) AS forecasts, round(avg(abs(error)), 1) AS mean_absolute_error,\n"
            "round(100 * avg(is_within_50::INTEGER)) AS in_50, round(100 * avg(is_within_80::INTEGER)) AS in_80,\n"
            "round(100 * avg(is_within_95::INTEGER)) AS in_95\n"
            "FROM gap_outlook_record WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw'\n"
            "GROUP BY horizon ORDER BY horizon LIMIT 6"
        ),
    ),
)
