"""The unit of each board that a source here returns, and the values that its scores can have."""

from __future__ import annotations

from collections.abc import Mapping

from sources.contract.source import Source, Unit

#: As in ``warehouse/reference/boards.csv``. A board that is not there yet is declared by its source (`Source.boards`).
UNITS: Mapping[str, Unit] = {
    "aider_edit": "percent",
    "aider_polyglot": "percent",
    "aider_refactor": "percent",
    "arena_copilot": "elo",
    "arena_document": "elo",
    "arena_hard_auto": "percent",
    "arena_image_edit": "elo",
    "arena_image_to_video": "elo",
    "arena_search": "elo",
    "arena_text": "elo",
    "arena_text_to_image": "elo",
    "arena_text_to_video": "elo",
    "arena_video_edit": "elo",
    "arena_vision": "elo",
    "arena_webdev": "elo",
    "chess_puzzles": "percent",
    "eci": "index",
    "frontiermath": "percent",
    "frontiermath_public": "percent",
    "frontiermath_tier_4": "percent",
    "frontiermath_tier_4_public": "percent",
    "frontiermath_tier_4_v2": "percent",
    "frontiermath_v2": "percent",
    "gpqa_diamond": "percent",
    "humaneval": "percent",
    "humaneval_plus": "percent",
    "livebench": "percent",
    "math_level_5": "percent",
    "metr_time_horizon": "minutes",
    "mmmu": "percent",
    "mmmu_pro": "percent",
    "otis_mock_aime": "percent",
    "self_aider_polyglot": "percent",
    "self_aime_2024": "percent",
    "self_aime_2025": "percent",
    "self_arc_c": "percent",
    "self_bbh": "percent",
    "self_drop": "percent",
    "self_gpqa": "percent",
    "self_gsm8k": "percent",
    "self_hle": "percent",
    "self_humaneval": "percent",
    "self_ifeval": "percent",
    "self_livecodebench": "percent",
    "self_math": "percent",
    "self_math_500": "percent",
    "self_mathvista": "percent",
    "self_mbpp": "percent",
    "self_mgsm": "percent",
    "self_mmlu": "percent",
    "self_mmlu_pro": "percent",
    "self_mmmu": "percent",
    "self_simpleqa": "percent",
    "self_swe_bench_verified": "percent",
    "self_tau_bench_airline": "percent",
    "self_tau_bench_retail": "percent",
    "simpleqa_verified": "percent",
    "swe_bench_verified": "percent",
}

#: The lowest and highest score. Measured: elo 470 to 1736, index 54 to 162, minutes 0.04 to 1,045 (bounds to 3,950).
RANGES: Mapping[Unit, tuple[float, float]] = {
    "elo": (300, 2500),
    "percent": (0, 100),
    "index": (0, 1000),
    "minutes": (0.001, 100_000),
    "count": (0, 1e12),
    "points": (-1e6, 1e6),
}


def units_of(source: Source) -> dict[str, Unit]:
    """The unit of each board that ``source`` may return."""
    return {**{board.board: board.unit for board in source.boards}, **UNITS}
