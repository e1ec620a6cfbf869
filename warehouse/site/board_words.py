"""What boards measure, in words for a reader who has never seen one."""

from __future__ import annotations

#: Of the kinds of board.
KINDS = {
    "preference": "People compare two answers to one prompt, not knowing whose they are, and vote for the better one. "
    "Ratings are estimated from the votes.",
    "exam": "Questions with a known answer, the same for every model. The score is what share of them it gets right.",
    "coding": "Programming tasks, the same for every model. The score is what share of them it solves.",
    "agentic": "Tasks of many steps, done with tools. The score is what share of them a model finishes.",
    "index": "One number for each model, estimated from its scores on many benchmarks.",
}
KIND_TITLES = {
    "preference": "Votes of people",
    "exam": "Exams",
    "coding": "Coding",
    "agentic": "Tasks with tools",
    "index": "Index of many benchmarks",
}
#: Of the units: what a gap is counted in, and what one point means.
UNIT_POINTS = {
    "elo": "points",
    "percent": "percentage points",
    "index": "index points",
    "minutes": "minutes",
    "points": "points",
    "count": "",
}
UNITS = {
    "elo": "Points of an Elo scale, as in chess: of two models 100 points apart the better one is expected to take "
    "64 % of the points of their votes, of two that are level each takes half.",
    "percent": "Percent of all that can be reached. A gap is in percentage points.",
    "index": "Points of an index without an upper end: only differences mean something.",
    "minutes": "Minutes that a person needs for the tasks a model can do.",
    "points": "Points of the board’s own scale.",
    "count": "How many.",
}
#: Of the variants of an arena.
VARIANTS = {
    "raw": "Raw votes: ratings from the votes as they were cast.",
    "style_control": "With style control: the same votes, with the effect of length and formatting taken out. The "
    "arena shows it by default since 16 May 2025. The two are different scales, never subtracted from each other.",
}
#: Who measured: `basis` of a source.
BASES = {
    "one_party": "One party measured all models in the same way.",
    "author_reported": "Each maker reports its own models, measured in its own way.",
    "any_source": "Collected from papers and reports, each measured in its own way.",
    "scaffold": "Measured through a method around somebody’s model.",
}
#: Why a board has no gap, and what that means.
EMPTY = {
    "nothing_held": (
        "Nothing of this board is held",
        "Its figures may not ship with the project, or have not been fetched yet. Nothing is said about who leads.",
    ),
    "ambiguous": (
        "What is held of this board contradicts itself",
        "Rows under one name have different scores, and one could change who leads. No gap is computed from them.",
    ),
    "no_cn_model": (
        "No Chinese model is listed on this board",
        "Only one side has been measured, so there is no gap. The models that are listed stand below.",
    ),
    "no_us_model": (
        "No US model is listed on this board",
        "Only one side has been measured, so there is no gap. The models that are listed stand below.",
    ),
    "category_only": (
        "This board has no figure over all questions",
        "Only single kinds of question have one. They are listed below.",
    ),
    "truncated": (
        "Only a part of this board is held",
        "The part that is known lists models of one side only, so there is no gap.",
    ),
    "withheld": (
        "What is held of this board is left out as doubtful",
        "A name or a maker is not settled that could change who leads, or sources contradict each other.",
    ),
}
#: Why a month of a board has no figure: `reason` of the coverage.
HOLES = {
    "nothing_held": "nothing of the month is held",
    "board_ended": "the board had ended",
    "repeated": "what is held repeats an earlier month",
    "withheld": "left out as doubtful",
    "truncated": "only a part of the listing is known, with models of one side",
    "one_side_only": "models of one side only are listed",
    "ambiguous": "rows that contradict each other could change who leads",
}
SCOPES = {"world": "all countries", "US": "US models", "CN": "Chinese models"}
DATE_BASES = {
    "printed": "the day is printed by the source",
    "matched": "the day is that of a dated list with the same figures",
    "not_after": "the day is that of the first copy held; it may have been published earlier",
}
