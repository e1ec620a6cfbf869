"""The benchmarks of others in Epoch's bundle: `…_external.csv`, and `swe_bench_bash.csv`, which is swebench.com's.

Not read are the boards that another source has from those who made them (Aider, METR, WebDev Arena), and two of methods
rather than models (CommonsenseQA 2.0, ScienceQA).

Each row has a model, a score, and who measured it: a leaderboard, or a paper. Where one party measured many models its
rows are the category `overall`. The category `any_source` has the best figure of each model from anywhere, each
measured in its own way: it is what people quote, and no comparison of like with like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from sources.contract import Basis, Board, Snapshot
from sources.contract.source import Kind, Unit
from sources.parsing.columns import Rows
from sources.parsing.frames import read_csv


@dataclass(frozen=True)
class Collected:
    """One file of the bundle, and what its columns are called."""

    board: Board
    score: str
    #: What the printed scores are multiplied with; the standard errors too, unless they have a factor of their own.
    factor: float = 100.0
    error: str = ""
    error_factor: float | None = None
    #: The one party as its column names it; "" for all rows, None where no party measured many models.
    party: str | None = ""
    party_column: Literal["source", "agent"] = "source"
    #: Rows without a model version are agents around somebody's model.
    has_agents: bool = False


#: How many answers each question offers; guessing scores 100 over that. Others are answered freely, mix tasks, or are
#: not known well enough.
ANSWERS: Mapping[str, int] = {
    "adversarial_nli": 3,  # https://arxiv.org/abs/1910.14599
    "arc_challenge": 4,  # https://arxiv.org/abs/1803.05457
    "bool_q": 2,  # https://arxiv.org/abs/1905.10044
    "hella_swag": 4,  # https://arxiv.org/abs/1905.07830
    "mmlu": 4,  # https://arxiv.org/abs/2009.03300
    "open_book_qa": 4,  # https://arxiv.org/abs/1809.02789
    "piqa": 2,  # https://arxiv.org/abs/1911.11641
    "simplebench": 6,  # https://epoch.ai/benchmarks/simplebench
    "video_mme": 4,  # https://arxiv.org/abs/2405.21075
    "wino_grande": 2,  # https://arxiv.org/abs/1907.10641
}


def _board(
    board: str, name: str, kind: Kind = "exam", *, private: bool = False, unit: Unit = "percent"
) -> Board:
    return Board(
        board,
        name,
        unit=unit,
        kind=kind,
        ceiling=100.0 if unit == "percent" else None,
        chance=100 / ANSWERS[board] if board in ANSWERS else None,
        private=private,
    )


FILES: Mapping[str, Collected] = {
    "adversarial_nli_external.csv": Collected(_board("adversarial_nli", "Adversarial NLI"), "Score", party=None),
    "apex_agents_external.csv": Collected(
        _board("apex_agents", "APEX-Agents", "agentic"), "Pass@1 score", error="Pass@1 Standard Error", error_factor=1.0
    ),
    "arc_agi_external.csv": Collected(_board("arc_agi", "ARC-AGI-1, semi-private set", private=True), "Score"),
    "arc_agi_2_external.csv": Collected(_board("arc_agi_2", "ARC-AGI-2, semi-private set", private=True), "Score"),
    "arc_ai2_external.csv": Collected(_board("arc_challenge", "ARC challenge"), "Challenge score", party=None),
    "balrog_external.csv": Collected(
        _board("balrog", "BALROG", "agentic"), "Average progress", error="Average Standard error"
    ),
    "bbh_external.csv": Collected(_board("bbh", "BIG-Bench Hard"), "Average", party=None),
    "bool_q_external.csv": Collected(_board("bool_q", "BoolQ"), "Score", party=None),
    "cad_eval_external.csv": Collected(_board("cad_eval", "CadEval", "coding"), "Overall pass (%)"),
    "cybench_external.csv": Collected(
        _board("cybench", "Cybench", "agentic"), "Unguided % Solved", party="Cybench leaderboard"
    ),
    "deepresearchbench_external.csv": Collected(
        _board("deep_research_bench", "Deep Research Bench", "agentic"), "Average score", has_agents=True
    ),
    "fictionlivebench_external.csv": Collected(
        _board("fiction_live_bench", "Fiction.liveBench, 120k tokens", private=True), "120k token score"
    ),
    "gdpval_external.csv": Collected(_board("gdpval", "GDPval, wins against experts", "agentic"), "Win Rate (%)"),
    "geobench_external.csv": Collected(
        _board("geo_bench", "GeoBench, a community world", unit="points"), "ACW Avg Score", factor=1.0
    ),
    "gsm8k_external.csv": Collected(_board("gsm8k", "GSM8K"), "EM", party=None),
    "gso_external.csv": Collected(_board("gso", "GSO", "coding"), "Score OPT@1"),
    "hella_swag_external.csv": Collected(_board("hella_swag", "HellaSwag"), "Overall accuracy", party=None),
    "hle_external.csv": Collected(
        _board("hle", "Humanity's Last Exam"), "Accuracy", error="Accuracy Standard Error"
    ),
    "lambada_external.csv": Collected(_board("lambada", "LAMBADA"), "Score", party=None),
    "lech_mazur_writing_external.csv": Collected(
        _board("lech_mazur_writing", "Lech Mazur's writing", unit="points"), "Mean score", factor=1.0
    ),
    "live_bench_external.csv": Collected(
        # Of several releases with questions of their own: not the board `livebench`.
        _board("live_bench_collected", "LiveBench, releases mixed"), "Global average", factor=1.0, party=None
    ),
    "mmlu_external.csv": Collected(_board("mmlu", "MMLU"), "EM", party="Stanford CRFM Leaderboard"),
    "open_book_qa_external.csv": Collected(_board("open_book_qa", "OpenBookQA"), "Accuracy", party=None),
    "os_world_external.csv": Collected(
        _board("os_world", "OSWorld", "agentic"), "Score", factor=1.0, has_agents=True
    ),
    "piqa_external.csv": Collected(_board("piqa", "PIQA"), "Score", party=None),
    "posttrainbench_external.csv": Collected(_board("post_train_bench", "PostTrainBench", "agentic"), "Average (%)"),
    "simplebench_external.csv": Collected(_board("simplebench", "SimpleBench", private=True), "Score (AVG@5)"),
    "superglue_external.csv": Collected(_board("superglue", "SuperGLUE"), "Score", party=None),
    "swe_bench_bash.csv": Collected(_board("swe_bench_bash", "SWE-bench Verified, bash only", "agentic"), "% Resolved"),
    "terminalbench_external.csv": Collected(
        _board("terminal_bench", "Terminal-Bench 2.0", "agentic"),
        "Accuracy mean", error="Accuracy SE", party="Terminus 2", party_column="agent", has_agents=True,
    ),
    "the_agent_company_external.csv": Collected(_board("the_agent_company", "TheAgentCompany", "agentic"), "% Score"),
    "trivia_qa_external.csv": Collected(_board("trivia_qa", "TriviaQA"), "EM", party=None),
    "video_mme_external.csv": Collected(_board("video_mme", "Video-MME, without subtitles"), "Overall (no subtitles)"),
    "vpct_external.csv": Collected(_board("vpct", "VPCT"), "Correct", party="VPCT leaderboard"),
    "weirdml_external.csv": Collected(_board("weirdml", "WeirdML", "coding"), "Accuracy", error="Accuracy SE"),
    "wino_grande_external.csv": Collected(_board("wino_grande", "WinoGrande"), "Accuracy", party=None),
}  # fmt: skip
BOARDS = tuple(collected.board for collected in FILES.values())
COLUMNS = {
    "version": ("Model version",),
    "name": ("Name",),
    "agent": ("Agent", "Scaffold"),
    "source": ("Source",),
    "source_link": ("Source link", "Source link (site from table)"),
    "shots": ("Shots",),
    "released_on": ("Release date",),
    "organization_name": ("Organization",),
}
OVERALL, ANY_SOURCE, BASIS = "overall", "any_source", "basis"
OPTIONAL = ("name", "agent", "source", "source_link", "shots")


def read_collected(snapshot: Snapshot, file: str) -> pl.DataFrame:
    """The rows of one such file: for each category the best figure of each model, in the board's unit.

    ``extra`` has the basis, the source with its link, the number of examples shown and the agent, as far as printed.
    """
    collected = FILES[file]
    columns = {**COLUMNS, "score": (collected.score,)}
    if collected.error:
        columns["standard_error"] = (collected.error,)
    rows = read_csv(snapshot).select(columns, OPTIONAL)
    rows.parse_names("version", "name", "agent", "source", "source_link", "shots")
    rows.parse_strings("organization_name")
    printed = [pl.col(name) for name in ("version", "name", "agent") if name in rows.columns]
    rows.frame = rows.frame.with_columns(pl.coalesce(printed).alias("model_name"))
    rows.keep(pl.col("model_name").is_not_null())
    rows.parse_floats("score", "standard_error")
    rows.keep(pl.col("score").is_not_null())
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    errors = collected.factor if collected.error_factor is None else collected.error_factor
    # Rounded, so that 0.097 gives 9.7 and not 9.700000000000001.
    rows.frame = rows.frame.with_columns(
        (pl.col(name) * factor).round(10)
        for name, factor in (("score", collected.factor), ("standard_error", errors))
        if name in rows.columns
    )
    rows.frame = pl.concat(_category(rows, collected, category) for category in _categories(collected))
    rows.with_extra([BASIS, *(name for name in OPTIONAL if name != "name")])
    return rows.conform(board=collected.board.board, variant="default")


def _categories(collected: Collected) -> tuple[str, ...]:
    if collected.party == "":
        return (OVERALL,)
    return (ANY_SOURCE,) if collected.party is None else (OVERALL, ANY_SOURCE)


def _category(rows: Rows, collected: Collected, category: str) -> pl.DataFrame:
    """The best row of each model that belongs to ``category``, and the rows that will be set aside."""
    frame = rows.frame
    if category == OVERALL and collected.party:
        is_own = pl.col(collected.party_column).eq_missing(pl.lit(collected.party))
        frame = frame.filter(is_own | rows.is_faulty)
    faulty = frame.filter(rows.is_faulty)
    best = (
        frame.filter(~rows.is_faulty)
        .sort("score", descending=True, maintain_order=True)
        .unique("model_name", keep="first", maintain_order=True)
    )
    is_agent = pl.col("version").is_null() & pl.lit(collected.has_agents)
    other = Basis.ANY_SOURCE.value if category == ANY_SOURCE else None
    basis = pl.when(is_agent).then(pl.lit(Basis.SCAFFOLD.value)).otherwise(pl.lit(other, pl.String()))
    return pl.concat([best, faulty]).with_columns(pl.lit(category).alias("category"), basis.alias(BASIS))
