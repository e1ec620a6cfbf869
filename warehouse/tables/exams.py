"""Exams at the ends of months and years, beside what the AI Index printed; and its figures on investment."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field, nullable
from warehouse.tables.schema import Column, Table, refers

_PUBLISHED = Column(
    "published_measure", "VARCHAR", "What core.published_figures calls its gap", nullable=True
)
_BASIS = Column("basis", "VARCHAR", "Who measured the scores compared", values=domains.EXAM_BASES)

TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "exam_gaps",
        comment=(
            "The gap on exams at the end of each month and year, by who measured the scores, beside what the AI Index "
            "printed. Rows of different basis must not be compared as if they were one series."
        ),
        columns=columns(
            "exam board",
            _BASIS,
            "month",
            Column("is_year_end", "BOOLEAN", "The month is December"),
            Column("vintage_rule", "VARCHAR", "What the scores are from", values=domains.EXAM_VINTAGES),
            nullable("vintage"),
            "us_model us_score cn_model cn_score gap_points",
            Column("published_gap", "DOUBLE", "Gap that the AI Index printed", nullable=True, unit="points"),
            Column("published_edition", "INTEGER", "Its edition", nullable=True),
            Column("published_in", "VARCHAR", "Report and figure it is cited from", nullable=True),
            Column(
                "why_they_differ", "VARCHAR", "Why the printed gap is another, as far as known", nullable=True
            ),
            "us_model_id cn_model_id",
            Column("us_address", "VARCHAR", "Where a cited US score is from", nullable=True),
            Column("cn_address", "VARCHAR", "Where a cited Chinese score is from", nullable=True),
            nullable("snapshot_id"),
        ),
        key=("exam", "board", "basis", "month"),
        checks={
            "gap_is_difference": "abs(gap_points - (us_score - cn_score)) < 1e-9",
            "cited_or_snapshot": "(vintage_rule = 'cited') = (snapshot_id IS NULL)",
            "difference_is_explained": "published_gap IS NULL OR why_they_differ IS NOT NULL",
        },
        references=(refers("snapshot_id", "core.snapshots"), refers("board", "core.boards")),
        example=(
            "SELECT exam, basis, us_model, us_score, cn_model, cn_score, round(gap_points, 1) AS gap, published_gap\n"
            "FROM exam_gaps WHERE month = '2024-12-01' AND published_gap IS NOT NULL ORDER BY exam, basis LIMIT 8"
        ),
    ),
    Table(
        "main",
        "investment_gap",
        comment="Private AI investment of both countries, as single figures cited from the AI Index.",
        columns=columns(
            Column("year", "INTEGER", "Year of the investment"),
            Column("edition", "INTEGER", "Edition of the report"),
            Column("us_investment", "DOUBLE", "US private investment, in unit"),
            Column("cn_investment", "DOUBLE", "Chinese private investment, in unit"),
            Column("ratio", "DOUBLE", "us_investment / cn_investment", nullable=True),
            Column("unit", "VARCHAR", "Unit of us_investment and cn_investment", nullable=True),
            Column("figure", "VARCHAR", "Figure of the report", nullable=True),
            Column("published_in", "VARCHAR", "Report and figure, or the sentence, it is cited from"),
            Column("address", "VARCHAR", "Where the report is"),
            "source_id",
        ),
        key=("year", "edition", "source_id"),
        may_be_empty=True,
        references=(refers("source_id", "meta.sources"),),
        example="SELECT year, us_investment, cn_investment, round(ratio, 1) AS ratio FROM investment_gap ORDER BY year",
    ),
    Table(
        "core",
        "exams",
        comment="Which boards report on which exam, and what the AI Index's figures call it.",
        grain="a board and category that reports on an exam",
        rule="The lines of exams.csv. A board need not be held.",
        filled_by="builder/fillers.py",
        filled_from=("reference/exams.csv",),
        columns=columns("exam board category", _PUBLISHED),
        key=("exam", "board", "category"),
        example="SELECT exam, board, category FROM core.exams ORDER BY ALL LIMIT 5",
    ),
    Table(
        "core",
        "cited_scores",
        comment="Single scores cited from boards that do not ship: the best of each country at the end of a month.",
        grain="a cited score",
        rule="The lines of cited_scores.csv, each with its address. exam_gaps uses them where the board is not held.",
        filled_by="builder/reference_frames.py",
        filled_from=("reference/cited_scores.csv",),
        columns=columns(
            "board",
            Column("basis", "VARCHAR", "Among whose scores it is the best", values=domains.EXAM_BASES),
            field("month", "Month at whose end it was its country's best (first day, UTC)"),
            "model_id model_name score released_on",
            Column("address", "VARCHAR", "Where the score was published"),
            "evidence",
        ),
        key=("board", "basis", "month", "model_id"),
        references=(refers("board", "core.boards"), refers("model_id", "core.models")),
        example=(
            "SELECT basis, month, model_name, score, address FROM core.cited_scores WHERE board = 'mmlu' "
            "ORDER BY basis, month, score DESC LIMIT 4"
        ),
    ),
    Table(
        "core",
        "exam_differences",
        comment="Why the AI Index's gap on an exam is another than the one here, as far as it is known.",
        grain="an exam and month",
        rule="The lines of exam_differences.csv. What is found by arithmetic from public scores says so.",
        filled_by="builder/reference_frames.py",
        filled_from=("reference/exam_differences.csv",),
        columns=columns("exam month", Column("why", "VARCHAR", "Why")),
        key=("exam", "month"),
        example="SELECT exam, month, why FROM core.exam_differences ORDER BY exam, month LIMIT 2",
    ),
)
