"""The relations that Python fills: published tables, and staged relations for SQL to read.

All others are filled by the SQL file of their name. What a table reads is in its declaration (`filled_from`); what a
staged relation reads is in `STAGED_READS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from warehouse.builder import meta_frames, names, publication_days, reference_frames
from warehouse.builder.context import BuildContext
from warehouse.builder.inputs import KINDS

#: Returns the rows, or None if it created the staged relation itself.
Filler = Callable[[BuildContext], pl.DataFrame | None]

#: Filled after all others: by the checks, and when the release gets its name.
AFTER_THE_BUILD = frozenset({"meta.checks", "meta.runs"})

#: What each relation staged by Python reads: relations, and inputs as `warehouse.builder.graph` names them.
STAGED_READS: Mapping[str, tuple[str, ...]] = {
    **{f"parsed_{kind}": ("observations", "meta.inputs") for kind in KINDS},
    "staged_source": ("sources/*.py",),
    "staged_request": ("archive",),
    "staged_anchor": ("reference/anchors.csv",),
    "staged_known_unresolved": ("reference/known_unresolved.csv",),
    "staged_proposal": (
        "core.model_names",
        "reference/models.csv",
        "reference/name_periods.csv",
        "reference/organizations.csv",
    ),
    "staged_country_line": ("reference/organizations.csv",),
    "staged_model": ("reference/models.csv",),
    "staged_maker": ("printed_name", "reference/organizations.csv"),
    "kept_pair": ("new_listing",),
    "dated": ("listing", "latest_day", "agreement", "compared_score", "staged_source", "meta.parameters"),
}

FILLERS: Mapping[str, Filler] = {
    **{f"parsed_{kind}": partial(meta_frames.view_parsed, kind=kind) for kind in KINDS},
    "staged_source": meta_frames.staged_source,
    "staged_request": meta_frames.staged_request,
    "staged_anchor": reference_frames.anchors,
    "staged_known_unresolved": lambda build: build.reference.known_unresolved,
    "staged_proposal": names.proposals,
    "staged_country_line": names.country_lines,
    "staged_model": reference_frames.model_lines,
    "staged_maker": names.printed_makers,
    "kept_pair": publication_days.kept_pair,
    "dated": publication_days.dated,
    "meta.parameters": lambda build: build.reference.parameters,
    "meta.errata": reference_frames.errata,
    "meta.sources": meta_frames.sources,
    "meta.inputs": meta_frames.inputs,
    "meta.held": meta_frames.held,
    "meta.release": meta_frames.release,
    "meta.columns": meta_frames.columns,
    "meta.definitions": meta_frames.definitions,
    "core.boards": reference_frames.boards,
    "core.fixed_scores": reference_frames.fixed_scores,
    "core.board_ends": reference_frames.board_ends,
    "core.exams": lambda build: build.reference.exams,
    "core.cited_scores": reference_frames.cited_scores,
    "core.exam_differences": reference_frames.exam_differences,
    "core.attributions": lambda build: build.reference.attributions,
    "core.country_names": lambda build: build.reference.countries,
    "core.price_providers": reference_frames.price_providers,
    "core.price_names": reference_frames.price_names,
    "core.chip_pairs": lambda build: build.reference.chip_pairs,
    "core.chip_makers": reference_frames.chip_makers,
    "core.chip_availability": reference_frames.chip_availability,
    "core.organizations": names.organizations,
    "core.model_names": names.model_names,
    "core.models": names.models,
    "core.suspensions": reference_frames.suspensions,
    "core.licence_spellings": reference_frames.licence_spellings,
    "core.model_countries": names.model_countries,
    "main.claims": reference_frames.claims,
    "main.policy_events": reference_frames.policy_events,
}
