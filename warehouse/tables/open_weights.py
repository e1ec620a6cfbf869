"""Whose weights are open, and how far open models are behind closed ones."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.tables import domains
from warehouse.tables.fields import columns, country, field, nullable
from warehouse.tables.schema import Column, Table, refers

#: The classes of models that are compared: name → what is in it.
CLASSES = {
    "us_open": "US models with open weights",
    "cn_open": "Chinese models with open weights",
    "us_closed": "US models with closed weights",
    "cn": "all Chinese models",
    "world_open": "models of any country with open weights",
    "world_closed": "models of any country with closed weights",
}
#: The differences between the best of two classes.
DIFFERENCES = {
    "open_us_minus_open_cn": "us_open_score − cn_open_score",
    "closed_us_minus_cn": "us_closed_score − cn_score",
    "closed_us_minus_open_cn": "us_closed_score − cn_open_score",
    "world_closed_minus_open": "world_closed_score − world_open_score",
}


def _leaders() -> Iterator[Column]:
    for name, models in CLASSES.items():
        yield Column(f"{name}_model", "VARCHAR", f"Best of {models}, as printed", nullable=True)
        yield Column(f"{name}_score", "DOUBLE", f"Score of {name}_model", nullable=True)
        if name.startswith("world"):
            words = f"Country of {name}_model; null for a joint model"
            yield country(f"{name}_country", words, nullable=True)


def _differences() -> Iterator[Column]:
    for name, formula in DIFFERENCES.items():
        error = (
            f"Standard error of {name}: √(sum of both leaders' squared errors), +1/12 each for whole numbers"
        )
        yield Column(name, "DOUBLE", formula, nullable=True, unit="points")
        yield Column(f"{name}_error", "DOUBLE", error, nullable=True, unit="points")
        yield Column(f"{name}_low", "DOUBLE", f"{name} − 1.96 standard errors", nullable=True, unit="points")
        yield Column(f"{name}_high", "DOUBLE", f"{name} + 1.96 standard errors", nullable=True, unit="points")
    words = "The most it can be where an unlisted row could lead: us_open_at_most − cn_open_score"
    yield Column("open_us_minus_open_cn_at_most", "DOUBLE", words, nullable=True, unit="points")


def _bounds() -> Iterator[Column]:
    for name in CLASSES:
        words = f"Highest score that the best of {name} can have, where a row that is not listed could lead"
        yield Column(f"{name}_at_most", "DOUBLE", words, nullable=True)
    for name in CLASSES:
        words = f"Identity of {name}_model, see core.models"
        yield Column(f"{name}_model_id", "VARCHAR", words, nullable=True)


TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "open_weights_gap",
        comment=(
            "How far open models are behind closed ones, in both countries and in the world, by the state of the "
            "weights on the day. Positive: the first named leads."
        ),
        columns=columns(
            "board variant category month",
            Column(
                "status",
                "VARCHAR",
                "Whether every class has a leader, and why not; a class without one is null, the others stand",
                values=domains.OPEN_WEIGHTS_STATUSES,
            ),
            _leaders(),
            _differences(),
            _bounds(),
            field("snapshot_id", "The snapshot that stands for the month", nullable=True),
            nullable("published_on"),
            field("source_id", "Source of the snapshot", nullable=True),
            "month_rule listing country_rule",
        ),
        key=("board", "variant", "category", "month"),
        checks={
            f"{name}_is_difference": f"{name} IS NULL OR abs({name} - ({formula.replace('−', '-')})) < 1e-9"
            for name, formula in DIFFERENCES.items()
        },
        references=(
            refers("snapshot_id", "core.snapshots"),
            refers("board variant category month", "main.monthly_gap"),
            *(
                refers(f"snapshot_id category {name}_model", "core.scores", "snapshot_id category model_name")
                for name in CLASSES
            ),
        ),
        example=(
            "SELECT month, us_open_model, cn_open_model, open_us_minus_open_cn, world_closed_minus_open "
            "FROM open_weights_gap\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND month "
            "BETWEEN '2024-11-01' AND '2025-06-01' ORDER BY month"
        ),
    ),
    Table(
        "core",
        "weights_leaders",
        comment="The best model of each class of open and closed weights in every publication that stands for a day.",
        columns=columns(
            "snapshot_id category",
            Column("class", "VARCHAR", "The class of models", values=CLASSES),
            Column(
                "class_status", "VARCHAR", "Whether it has a leader", values=domains.WEIGHTS_CLASS_STATUSES
            ),
            field("model_name", "Name of the leader as printed", nullable=True),
            field("model_id", "Identity of the leader, see core.models", nullable=True),
            country("country", "Country of the leader; null for a joint model", nullable=True),
            field("score", "Score of the leader", nullable=True),
            field(
                "standard_error", "Standard error of the score; that of a copy where the publication has none"
            ),
            Column("is_proved", "BOOLEAN", "No row that the list leaves out could lead the class"),
            Column(
                "at_most",
                "DOUBLE",
                "Highest score the leader can have, where a row that is not listed could lead",
                nullable=True,
            ),
        ),
        key=("snapshot_id", "category", "class"),
        filled_in="marts",
        key_in_ddl=False,
        references=(
            refers("snapshot_id category", "core.snapshot_categories"),
            refers("snapshot_id category model_name", "core.scores"),
        ),
        example=(
            "SELECT class, model_name, country, score FROM core.weights_leaders\n"
            "WHERE snapshot_id LIKE 'lmarena_hf/arena_text/style_control/2026-07-30/%' AND category = 'overall' "
            "ORDER BY class"
        ),
    ),
    Table(
        "core",
        "model_weights",
        comment="From when to when the weights of each model were open or closed, and how that is known.",
        columns=columns(
            "model_id valid_from valid_to",
            Column("weights", "VARCHAR", "State of the weights", values=domains.WEIGHTS),
            Column("weights_basis", "VARCHAR", "What it is known from", values=domains.WEIGHTS_BASES),
            Column(
                "licence_kind",
                "VARCHAR",
                "On which terms; the newest printed that says more than open",
                values=domains.LICENCE_KINDS,
            ),
            Column("license_name", "VARCHAR", "A licence as printed then", nullable=True),
            "evidence",
        ),
        key=("model_id", "valid_from"),
        references=(refers("model_id", "core.models"),),
        example=(
            "SELECT model_id, valid_from, valid_to, weights, weights_basis, license_name FROM core.model_weights\n"
            "WHERE model_id IN ('kimi-k3-max', 'grok-2-2024-08-13', 'llama-4-maverick-03-26-experimental')\n"
            "ORDER BY model_id, valid_from"
        ),
    ),
    Table(
        "core",
        "licence_spellings",
        comment="What each licence that a source prints says about the weights.",
        grain="a spelling of a licence",
        rule=(
            "The lines of licence_spellings.csv, and printed spellings that differ from one of them only in hyphens, "
            "blanks or case. A spelling that is not here says nothing: it is never open."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/licence_spellings.csv", "printed_name"),
        columns=columns(
            Column("spelling", "VARCHAR", "The licence as printed"),
            Column("licence_kind", "VARCHAR", "On which terms", values=domains.LICENCE_KINDS),
            Column(
                "is_open", "BOOLEAN", "Can anyone download the weights? Null: it does not say", nullable=True
            ),
            "evidence",
        ),
        key=("spelling",),
        example=(
            "SELECT licence_kind, is_open, count(*) AS spellings FROM core.licence_spellings GROUP BY ALL ORDER BY 1"
        ),
    ),
)
