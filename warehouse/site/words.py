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
#: Meaning of the columns of charts that no table has.
COLUMNS = {
    "all_days_at_least": "Days of all reigns of the maker, at least",
    "all_days_at_most": "Days of all reigns of the maker, at most",
    "at_most": "Where no open US model is listed: the lead is at most this",
    "claimant": "Who claimed the figure",
    "cn_days": "Known days on which a Chinese model was first",
    "end": "Day after the last publication of the reign",
    "gap_points": "Score of the first model less that of the second",
    "gap_low": "The 95 % interval of it, from",
    "gap_high": "The 95 % interval of it, to",
    "first_model": "The best open US model, or the best closed one",
    "first_score": "Its rating",
    "second_model": "The best open Chinese model, or the best open one",
    "second_score": "Its rating",
    "is_default": "The reading that these pages quote",
    "is_old": "Nothing of the newest three months is held",
    "is_return": "The new leader had been listed before",
    "kind": "What the figure is",
    "maker": "Maker, without its former names",
    "by_makers": "A month of Chinese lead on the board rests on the maker's own figure",
    "country": "Country of the first, or of the maker's head office",
    "measure": "open_us_minus_open_cn or world_closed_minus_open",
    "model": "The new model, where the part is one",
    "newest_holder": "Country of the first in the newest publication",
    "part": "us_new, cn_new, dropped or rerated: what moved the gap",
    "points": "By how much the part moved the US lead",
    "published_on": "Day of the newest publication",
    "reading": "Which publication of the month, restated, or claimed",
    "same_as": "How many readings give this figure",
    "seen_until": "First publication with another holder",
    "at_least_months": "The lag where only a bound is known: it is at least this",
    "day": "Day of the publication; of a month without one, its last day",
    "is_without_points": "Neither leader has a point yet, so the board says nothing of who leads",
    "ratings_source_id": "Source of the ratings that the level is of",
    "run": "Number of the unbroken run of months that a line may join",
    "series": "Board and rating, in words",
    "share_pct": "The Chinese chip's figure in percent of the US chip's",
    "source_id": "Source of the figures",
    "state": "observed with interval; observed, no interval; nothing new; hole; or ended: what is held of the month",
}
CODES = {
    "us_new": "new US models",
    "cn_new": "new Chinese models",
    "rerated": "new ratings of the same",
    "dropped": "no longer listed",
    "one_party": "by one party",
    "author_reported": "reported by makers",
    "any_source": "from any source",
    "by_release": "by release",
    "as_listed": "as listed",
    "open_us_minus_open_cn": "open US less open Chinese",
    "world_closed_minus_open": "closed less open",
    "no_model": "no such model",
    "observed": "whole listing",
    "truncated": "truncated listing",
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

#: What is held of a month, for a tooltip.
HELD_WORDS = {
    "observed": "the whole listing",
    "leaders_only": "only the highest rows",
    "truncated": "only a part of the listing",
    "ambiguous": "rows that contradict each other",
    "withheld": "left out as doubtful",
    "no_cn_model": "no Chinese model listed",
    "no_us_model": "no US model listed",
    "no_snapshot": "nothing held",
}
WEIGHTS_WORDS = {"open": "open: anyone can download them", "closed": "closed", "unknown": "not known"}


def leading_side(gap: float) -> str:
    """US, China or level, by a gap in points as it is shown."""
    if abs(gap) < LEVEL:
        return "level"
    return SIDES["US"] if gap > 0 else SIDES["CN"]
