"""Tables of the monthly gap."""

from __future__ import annotations

from warehouse.tables.fields import columns, country, field, nullable, share
from warehouse.tables.schema import Column, Macro, Table, refers


def count(name: str, meaning: str) -> Column:
    """A column that counts contenders."""
    return Column(name, "INTEGER", f"{meaning}; null where some may not be listed", nullable=True)


def maximum(name: str, meaning: str) -> Column:
    """A column of the law of two maxima."""
    words = f"{meaning}; null for lists of leaders and where the snapshot stands for no month"
    return Column(name, "DOUBLE", words, nullable=True, unit="points")


TABLES: tuple[Table | Macro, ...] = (
    Table(
        "core",
        "snapshot_gaps",
        comment=(
            "The gap between the best US and the best Chinese model of every snapshot. Positive: the US leads. "
            "Scores of two snapshots must not be subtracted from each other."
        ),
        columns=columns(
            "snapshot_id category listing country_rule board variant published_on",
            field("status", "Whether the snapshot has a gap, and why not; never no_snapshot"),
            nullable("us_model us_score cn_model cn_score gap_points"),
            "gap_pct_of_cn gap_pct_of_us us_win_probability logit_gap near_ceiling",
            "gap_at_least",
            nullable("us_model_id cn_model_id"),
            "us_organization_id cn_organization_id us_eligible_models cn_eligible_models",
            field("listed_models", "Models with a score; null when only leaders are known", nullable=True),
            "us_basis cn_basis",
            "date_basis source_id anchor anchor_is_standard",
        ),
        key=("snapshot_id", "category", "listing", "country_rule"),
        filled_in="marts",
        key_in_ddl=False,
        checks={
            "gap_is_difference": "gap_points IS NULL OR abs(gap_points - (us_score - cn_score)) < 1e-9",
        },
        references=(
            refers("snapshot_id category", "core.snapshot_categories"),
            refers("snapshot_id category us_model", "core.scores", "snapshot_id category model_name"),
            refers("snapshot_id category cn_model", "core.scores", "snapshot_id category model_name"),
        ),
        example=(
            "SELECT published_on, us_model, cn_model, gap_points, source_id FROM core.snapshot_gaps\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND listing = 'any'\n"
            "AND country_rule = 'hq' ORDER BY published_on DESC, snapshot_id LIMIT 5"
        ),
    ),
    Table(
        "main",
        "monthly_gap",
        comment=(
            "The gap between the best US and the best Chinese model in the month's last snapshot. "
            "Positive: the US leads. An Elo scale has no natural zero, so percentages depend on the "
            "anchor."
        ),
        columns=columns(
            "board variant category month status",
            nullable("us_model us_score cn_model cn_score gap_points"),
            "gap_pct_of_cn gap_pct_of_us us_win_probability logit_gap near_ceiling",
            nullable("gap_median gap_low gap_high"),
            share(
                "probability_us_leads",
                "P(us_model is truly ahead of cn_model): Φ(gap_points / gap_error)",
                nullable=True,
            ),
            Column("is_tie", "BOOLEAN", "gap_low to gap_high contains 0", nullable=True),
            nullable("gap_error"),
            "gap_low_wide gap_high_wide us_contenders cn_contenders",
            "us_contending_base_models cn_contending_base_models",
            "gap_at_least",
            nullable("us_model_id cn_model_id"),
            "us_organization_id cn_organization_id us_eligible_models cn_eligible_models",
            field("listed_models", "Models with a score; null when only leaders are known", nullable=True),
            "us_basis cn_basis",
            field("snapshot_id", "The snapshot that stands for the month", nullable=True),
            nullable("published_on"),
            "days_before_month_end month_is_open",
            nullable("date_basis"),
            field("source_id", "Source of the snapshot", nullable=True),
            "error_source_id",
            nullable("anchor"),
            field(
                "anchor_is_standard",
                "False: do not compare this row's percentages with others",
                nullable=True,
            ),
            "month_rule listing country_rule",
        ),
        key=("board", "variant", "category", "month"),
        checks={
            "gap_is_difference": "gap_points IS NULL OR abs(gap_points - (us_score - cn_score)) < 1e-9",
            "no_snapshot_has_no_numbers": "status NOT IN ('no_snapshot', 'withheld') OR "
            "coalesce(snapshot_id, gap_points::VARCHAR, us_score::VARCHAR, cn_score::VARCHAR) IS NULL",
            "in_month": "published_on IS NULL OR date_trunc('month', published_on) = month",
            "interval_holds_gap": "gap_low IS NULL OR (gap_points BETWEEN gap_low AND gap_high)",
        },
        references=(
            refers("snapshot_id", "core.snapshots"),
            refers("snapshot_id category us_model", "core.scores", "snapshot_id category model_name"),
            refers("snapshot_id category cn_model", "core.scores", "snapshot_id category model_name"),
        ),
        example=(
            "SELECT month, status, us_model, cn_model, gap_points, gap_low, gap_high, is_tie FROM "
            "monthly_gap\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND month "
            "BETWEEN '2026-05-01' AND '2026-10-01' ORDER BY month"
        ),
    ),
    Table(
        "main",
        "monthly_gap_filled",
        comment="The newest gap known by each month, with its age: carried forward where the month has none.",
        columns=columns(
            "board variant category month",
            Column("from_month", "DATE", "Month whose gap this is"),
            Column("age_months", "INTEGER", "Months since then", unit="months"),
            Column("is_carried", "BOOLEAN", "The month has no gap of its own"),
            field("status", "Status of the month itself, as in monthly_gap"),
            "us_model us_score cn_model cn_score gap_points gap_pct_of_cn gap_pct_of_us",
            "us_win_probability",
            nullable("gap_median gap_low gap_high gap_error"),
            "gap_low_wide gap_high_wide",
            field("snapshot_id", "The snapshot that stands for from_month"),
            "published_on",
        ),
        key=("board", "variant", "category", "month"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT month, from_month, age_months, is_carried, gap_points FROM monthly_gap_filled\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND month "
            "BETWEEN '2025-05-01' AND '2025-10-01' ORDER BY month"
        ),
    ),
    Macro(
        "main",
        "gap_pair",
        arguments=("a", "b"),
        comment="The monthly gap of any two countries, by ISO 3166-1 alpha-2 code. Positive: a leads.",
        example=(
            "SELECT month, a_model, b_model, gap_points FROM gap_pair('CN', 'FR')\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND gap_points IS "
            "NOT NULL\n"
            "ORDER BY month DESC LIMIT 4"
        ),
    ),
    Table(
        "core",
        "gap_intervals",
        comment=(
            "How sure the gap between two countries' leaders is, from published errors only, for every snapshot."
        ),
        grain="a pair of countries in one snapshot and category",
        rule=(
            "gap_error = √(s² + t²) with the standard errors of the two named leaders, plus 1/12 for each score that "
            "is printed as a whole number. 95 % interval: gap ± 1.96 gap_error; it is of how far apart these two "
            "models truly are. Wide: gap ± c gap_error with c = Φ⁻¹((1 + 0.95^(1/m))/2), m = a_contenders + "
            "b_contenders − 1 (Šidák 1967), which allows for each having been picked as the highest. A model contends "
            "when its score is not more than 1.96 √(s² + sᵢ²) below its country's leader; one without an error is "
            "taken to have the leader's. Scores count as independent (their covariance is not published). No row "
            "where a leader has no error, or where a model that is not listed could lead; of a short listing the wide "
            "interval is null unless all contenders are listed. max_ columns: the law of two maxima that was the "
            "interval before schema 2.0: a country's top has the distribution function Π Φ((x − μᵢ)/σᵢ), the gap's "
            "distribution is the convolution of one top with the other mirrored, on a grid; only where every eligible "
            "model has an error and the snapshot stands for a month."
        ),
        filled_by="compute/gap_intervals.py",
        filled_from=("interval_inputs",),
        filled_in="marts",
        columns=columns(
            "snapshot_id category listing country_rule",
            country("country_a", "The country whose leader is a"),
            country("country_b", "The country whose leader is b"),
            field("gap_median", "Deprecated: the gap itself, a's score − b's"),
            "gap_low gap_high",
            share("probability_a_leads", "P(leader a is truly ahead of leader b): Φ(gap / gap_error)"),
            "gap_error gap_low_wide gap_high_wide",
            count("a_contenders", "Models of country_a that could truly be its best"),
            count("b_contenders", "Models of country_b that could truly be its best"),
            count(
                "a_contending_base_models", "Different models among a_contenders: efforts of one count once"
            ),
            count(
                "b_contending_base_models", "Different models among b_contenders: efforts of one count once"
            ),
            "error_source_id",
            maximum("max_median", "Law of two maxima: median of the gap"),
            maximum(
                "max_low", "Law of two maxima: 2.5 % point of the gap; the interval need not contain the gap"
            ),
            maximum("max_high", "Law of two maxima: 97.5 % point of the gap"),
            share("max_probability_a_leads", "Law of two maxima: P(top of a > top of b)", nullable=True),
        ),
        key=("snapshot_id", "category", "listing", "country_rule", "country_a", "country_b"),
        checks={
            "ordered": "gap_low <= gap_median AND gap_median <= gap_high",
            "wide_holds_default": "gap_low_wide IS NULL OR "
            "(gap_low_wide <= gap_low + 1e-9 AND gap_high_wide >= gap_high - 1e-9)",
            "maxima_ordered": "max_low IS NULL OR (max_low <= max_median AND max_median <= max_high)",
        },
        example=(
            "SELECT s.published_on, i.gap_error, i.gap_low, i.gap_high, i.gap_low_wide, i.gap_high_wide\n"
            "FROM core.gap_intervals AS i JOIN core.snapshots AS s USING (snapshot_id)\n"
            "WHERE s.board = 'arena_text' AND s.variant = 'style_control' AND i.category = 'overall' "
            "ORDER BY s.published_on DESC LIMIT 3"
        ),
    ),
)
