"""The allowed values of columns with a fixed set of values; the published file refuses others.

Names that come from data (boards, categories, country rules, measures of claims) are not listed here.
"""

from __future__ import annotations

from typing import get_args

from sources.contract.source import Basis, Coverage, Direction, Kind, Precision, Unit

# Of a board
UNITS: tuple[str, ...] = get_args(Unit)
DIRECTIONS: tuple[str, ...] = get_args(Direction)
KINDS: tuple[str, ...] = get_args(Kind)

# Of a snapshot
COVERAGES = {
    Coverage.WHOLE.value: "every listed model",
    Coverage.TRUNCATED.value: "a listing that is cut",
    Coverage.LEADERS.value: "only the top rows",
}
PRECISIONS = {
    Precision.FULL.value: "as upstream computes them",
    Precision.ROUNDED.value: "to whole numbers",
}
BASES = {
    Basis.ONE_PARTY.value: "one party measured or estimated all models in the same way",
    Basis.AUTHOR_REPORTED.value: "the maker of the model says so",
    Basis.ANY_SOURCE.value: "collected from papers and reports, each measured in its own way",
    Basis.SCAFFOLD.value: "by a method around somebody's model; leads for nobody",
}
#: Of the scores that a gap on an exam compares.
EXAM_BASES = {
    "one_party": BASES[Basis.ONE_PARTY.value],
    "author_reported": BASES[Basis.AUTHOR_REPORTED.value],
    "any_source": "the best of each model, whoever measured it",
}
EXAM_VINTAGES = {
    "as_listed": "a whole list of the month",
    "by_release": "the first later list, of models released by the month's end",
    "cited": "single cited scores, of a board that is not held",
}
DATE_BASES = {
    "printed": "upstream prints it",
    "matched": "the day of a dated snapshot with the same figures",
    "not_after": "the day of the fetch or commit",
}

# Of a model
RESOLUTIONS = {
    "name": "the reference tables have the name",
    "organization": "only its maker is known",
    "unresolved": "nothing is known",
}
RELEASE_BASES = ("released", "first_listed")
PUBLIC_BASES = {
    "fact": "the first day of public use is known",
    "never": "known not to have been offered to the public on any day",
    "unknown": "no fact is known; counts as public unless the listing is known_public",
}
WEIGHTS = {
    "open": "anyone can download the weights, on any terms",
    "closed": "nobody outside can",
    "unknown": "no fact is known",
}
WEIGHTS_BASES = {
    "reference": "models.csv has a fact with evidence",
    "printed": "licences that sources print",
    "base_model": "licences printed for variants of the same base_model",
    "index": "a flag in the newest list of the capability index that has one; it says not since when",
    "unknown": "nothing is known",
}
LICENCE_KINDS = {
    "permissive": "any use",
    "community": "the maker's own terms",
    "non_commercial": "no commercial use",
    "unstated": "open, on terms that are not printed",
    "closed": "the weights are not out",
    "unknown": "says neither open nor closed",
}
SUBJECT_KINDS = ("organization", "model")
#: Why a country could have been decided otherwise.
ATTRIBUTION_BASES = {
    "rule": "a country rule for all models",
    "line": "a line of core.attributions, which is a country rule too",
    "second_country": "its maker also belongs to the country",
    "no_country": "its maker has no country",
    "joint_makers": "one of its makers is of the country",
    "base_model": "it is tuned from a model of the country",
}

# Of a definition of the gap
LISTINGS = {
    "any": "all that is listed",
    "public": "what people could use that day; unknown counts as public",
    "known_public": "what people could use that day by a fact; unknown does not count",
}
MONTH_RULES = ("last", "first")
#: Over the gaps of all publications of a month.
MONTH_SUMMARIES = (*MONTH_RULES, "mean", "max", "min")

# Of a month
STATUSES = {
    "observed": "there is a gap",
    "no_snapshot": "nothing was published",
    "leaders_only": "a gap, but only the top rows are known",
    "truncated": "only part of the listing is known, and a country has no model in it",
    "ambiguous": "rows with the same key contradict each other, and one of them could change a leader",
    "withheld": "what was published is doubtful and left out, see meta.withheld",
    "no_cn_model": "no Chinese model is listed",
    "no_us_model": "no US model is listed",
}
#: Why a month of a board is not observed.
COVERAGE_REASONS = {
    "nothing_held": "nothing that was published in it is held",
    "board_ended": "the board had ended, see core.board_ends",
    "repeated": "all that is held of it, or was read in it, repeats the figures of an earlier month",
    "unchanged": "upstream's history was read whole, and it has no change in it",
    "withheld": STATUSES["withheld"],
    "truncated": STATUSES["truncated"],
    "one_side_only": "a country has no model in it",
    "ambiguous": STATUSES["ambiguous"],
}
#: Whether a board is expected to bring new figures.
BOARD_STATES = {
    "expected": "a source may still bring new ones, and the rhythm says when",
    "ended": "it ended or was replaced, see core.board_ends",
    "no_live_source": "every source that has it has ended, or is taken in by hand",
    "too_few": "too few intervals are held to know its rhythm",
}
OPEN_WEIGHTS_STATUSES = {
    "observed": "every class has a leader",
    "leaders_only": "every class has a leader among the top rows, the only ones known",
    "truncated": "only part of the listing is known, and a class has no model in it",
    "no_model": "a class has no model on the board",
    "withheld": "what was published is doubtful, or a model of unknown weights could lead a class",
    "ambiguous": STATUSES["ambiguous"],
    "no_snapshot": STATUSES["no_snapshot"],
}
WEIGHTS_CLASS_STATUSES = {
    "listed": "it has one",
    "unlisted": "none is listed, but the listing is not whole",
    "none": "no model of it is on the board",
    "withheld": "a model could lead it of which the weights, the maker or the score are not known",
    "ambiguous": "rows with the same key contradict each other, and one of them could change a country's leader",
}
#: Why a publication is left out.
WITHHELD_REASONS = {
    "unknown_name": "a model of which nothing is known could lead",
    "maker_without_country": "a model whose maker has no country could lead",
    "sources_disagree": "another source of the day contradicts its leaders, and not enough others support them",
    "suspect": "two or more of a country's first five are missing that the publications before and after list",
    "implausible_score": "a score is outside the scale of its board",
    "unknown_country": "a list of models names a country that countries.csv does not know",
}
#: Of the change of the gap from one month to the next.
CHANGE_STATUSES = {
    "explained": "every part is known",
    "no_shared_us_model": "no US model is in both snapshots",
    "no_shared_cn_model": "no Chinese model is in both snapshots",
    "no_shared_model": "no model of either country is in both snapshots",
}
REVISION_REASONS = {
    "variant": "raw then, style control now",
    "model_dropped": "a leader then is not in the vintage",
    "new_model": "a leader now was first listed later than the snapshot then",
    "reranked": "the order of the models changed",
    "rename": "a leader's printed name changed",
    "rescaling": "the same leaders have other scores",
}

# Of who is first
LEVELS = ("country", "organization", "model")

# Of a lag
READINGS = ("first_reached", "last_matched", "passed")
MODEL_READINGS = {
    "first_reached": "the first model with at least its score less the tolerance",
    "passed": "the first model with more than its score plus the tolerance",
}
MATCH_RULES = {"point": "score at least the record less the tolerance"}
NOT_EXCLUDED = {
    "found": "a model that the errors do not exclude is named",
    "none": "all are excluded",
    "no_errors": "without published errors nothing can be said",
}
LIST_STATUSES = {
    "whole": "a whole list was published in the month",
    "short": "only the top rows were: models further down are counted later",
    "none": "nothing was published",
}
THRESHOLD_STATES = ("both", "us_only", "cn_only")

# Of prices, chips and notable models
PRICE_QUESTIONS = {
    "top_model": "the country's best",
    "near_top": "the cheapest near it",
    "level": "the cheapest at a level",
}
PRICE_STATUSES = {
    "first_party": "the maker's own price",
    "missing": "no price of the maker is known",
    "free_by_maker": "the maker says it is free",
}
CHIP_MEASURES = ("fp16_tensor", "bf16_tensor", "memory", "bandwidth")
CHIP_PRECISIONS = ("fp16", "bf16")
AVAILABILITIES = ("announced", "sampled", "shipped")
COUNTINGS = {"any": "once for each distinct country", "fractional": "shared equally among them"}

# Of claims and events
COMPARISONS = ("about", "at_least", "at_most", "between", "none")
VERDICTS = {
    "reproduced": "the value within tolerance, and the claimed leaders",
    "differs": "another value or another leader",
    "by_some_readings": "reproduced by some readings of its words, not by others",
    "vintage_not_held": "what it was computed from is not here",
    "not_measurable": "no data of that board",
    "no_value_claimed": "our value is given without a comparison",
}
SIDES = ("US", "CN")

# Of a release
HOLDINGS = {"history": "shipped figures", "archive": "bytes kept here"}
HELD_STATES = {
    "held": "left out: it does not fit what was known before",
    "released": "held once, and released by a person: it counts",
    "rejected": "rejected by a person: the body is never read",
    "unreadable": "the parser does not read the body any more",
    "vanished": "the bodies before had this board or category: nothing is left out",
    "file_gone": "the bodies before had this file: nothing is left out",
    "unread": "a new file of the body, with which no new board came",
}
SEVERITIES = {
    "block": "it stops the release",
    "withhold": "what it affects is left out, the rest is published; under AIGAP_STRICT it stops the release",
    "warn": "it is reported",
}
