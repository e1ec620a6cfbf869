"""What is checked of the models, by dbt and by the scripts."""

from __future__ import annotations

from collections.abc import Iterator

#: Model → its key; the key's columns are never null, and no key stands twice.
KEYS = {
    "names": ("source_id", "model_name", "organization_name", "valid_from"),
    "countries": ("model_id", "country", "valid_from"),
    "scores": ("snapshot_id", "category", "model_name"),
    "snapshots": ("snapshot_id", "category"),
    "publications": ("board", "variant", "category", "day"),
    "country_leaders": ("snapshot_id", "category", "country"),
    "month_snapshots": ("board", "variant", "category", "month"),
    "monthly_gap": ("board", "variant", "category", "month"),
    "monthly_gap_filled": ("board", "variant", "category", "month"),
    "frontier": ("snapshot_id", "category", "country", "available_on"),
    "release_cadence": ("board", "month", "country"),
}
#: Model, columns and the model in which they must be.
REFERENCES = (
    ("publications", ("snapshot_id", "category"), "snapshots"),
    ("month_snapshots", ("snapshot_id", "category"), "snapshots"),
    ("country_leaders", ("snapshot_id", "category", "model_name"), "scores"),
    ("frontier", ("snapshot_id", "category", "model_name"), "scores"),
)


def queries() -> Iterator[tuple[str, str]]:
    """Name and query of each check; its rows are failures. A model is named as in dbt."""
    for model, key in KEYS.items():
        columns = ", ".join(key)
        yield (
            f"key_{model}",
            f"SELECT {columns} FROM {{{{ ref('{model}') }}}} GROUP BY ALL HAVING count(*) > 1",
        )
        for column in key:
            yield (
                f"not_null_{model}_{column}",
                f"SELECT 1 FROM {{{{ ref('{model}') }}}} WHERE {column} IS NULL",
            )
    for model, columns, other in REFERENCES:
        yield (
            f"reference_{model}_{other}",
            f"SELECT 1 FROM {{{{ ref('{model}') }}}} ANTI JOIN {{{{ ref('{other}') }}}} USING ({', '.join(columns)})",
        )
