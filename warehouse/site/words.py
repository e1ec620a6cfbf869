"""Words used in several places of the pages: sides, variants, readings, codes of the tables."""

from __future__ import annotations

#: A gap smaller than this is level: the last decimal shown.
LEVEL = 0.05
SIDES = {"US": "US", "CN": "China"}
VARIANT_TITLES = {"raw": "Raw votes", "style_control": "With style control"}
#: The same for the middle of a sentence.
VARIANT_PHRASES = {"raw": "in raw votes", "style_control": "with style control"}
#: Why a month has no gap, by its status.
STATUS_WORDS = {
    "no_snapshot": "no list of it is held",
    "withheld": "what was published is doubtful and withheld",
    "ambiguous": "differing scores are printed for a model that could lead",
    "truncated": "the list of it is cut off above one of the two",
    "no_us_model": "the list of it names no US model",
    "no_cn_model": "the list of it names no Chinese model",
}
#: Codes of the tables as a reader sees them; those not named here are shown as they are.
CODES = {
    "style_control": "style control",
    "leaders_only": "leaders only",
    "no_snapshot": "no snapshot",
    "first_party": "maker’s own",
    "free_by_maker": "free, says the maker",
    "first_reached": "first reached",
    "last_matched": "last matched",
    "fp16_tensor": "dense FP16",
    "not_measurable": "not measurable",
    "vintage_not_held": "vintage not held",
    "by_some_readings": "by some readings",
    "no_value_claimed": "no value claimed",
    "nothing_held": "nothing held",
    "board_ended": "board ended",
    "one_side_only": "one side only",
}


def leading_side(gap: float) -> str:
    """US, China or level, by a gap in points as it is shown."""
    if abs(gap) < LEVEL:
        return "level"
    return SIDES["US"] if gap > 0 else SIDES["CN"]
