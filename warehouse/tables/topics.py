"""The topics of the dictionary, in its order.

A topic is a module of this package that declares ``TABLES``. The group of an asset in Dagster follows from it.
"""

from __future__ import annotations

#: Module → heading in the dictionary.
TOPICS: dict[str, str] = {
    "gap": "The gap",
    "gap_changes": "What moved the gap, and how far it may move",
    "gap_definitions": "How the gap depends on its definition",
    "restated_gaps": "As known then, as known now",
    "leads": "Who is first, and for how long",
    "lag": "The lag in months",
    "lag_matches": "Who matched whom, and how much later",
    "all_boards": "All boards together",
    "open_weights": "Open and closed weights",
    "prices_and_chips": "Prices and chips",
    "claims": "What others say",
    "exams": "Exams and investment beside the AI Index",
    "scores": "Boards, snapshots and scores",
    "identity": "Models, makers and countries",
    "reference_lists": "Lists behind prices, chips and notable models",
    "provenance": "Where the figures come from",
    "release": "This release and its checks",
}
