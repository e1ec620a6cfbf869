"""Public claims about the gap, and our values for them."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import PLACE_IN_LIST, columns, country, field, nullable
from warehouse.tables.schema import Column, Table, refers

_MEASURED_FROM = (
    "main.claims",
    "meta.parameters",
    "core.boards",
    "core.snapshots",
    "claimed_publication",
    "core.models",
    "core.model_names",
    "core.chips",
    "core.prices",
    "core.price_names",
    "main.restated_gap",
    "main.exam_gaps",
    "main.notable_models_by_year",
    "main.monthly_lag",
    "main.record_matches",
    "main.lag_summary",
    "main.model_lag",
    "main.chip_gap",
)

TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "claims",
        comment="Public claims about the gap, in a form that can be measured (see claim_checks).",
        grain="a public statement about the gap",
        rule=(
            "The lines of claims.csv: each statement with its author, its day and the rule it implies. "
            "claim_checks measures each."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/claims.csv",),
        filled_in="core",
        columns=columns(
            "claim_id",
            Column("claimant", "VARCHAR", "Who made the claim"),
            Column("claimed_on", "DATE", "Day of the claim"),
            Column("statement", "VARCHAR", "The statement"),
            Column("measure", "VARCHAR", "What is claimed: a gap, a lag, a count or a ratio"),
            field("board", "Board, if any", nullable=True),
            Column("variant", "VARCHAR", "Variant, reading or way of counting it speaks of", nullable=True),
            country("country", "Country counted, where one is", nullable=True),
            "period",
            field("published_on", "Publication day of the snapshot it speaks of, if any", nullable=True),
            Column("reading", "VARCHAR", "Reading of the lag it speaks of", nullable=True),
            Column("vintage", "VARCHAR", "Vintage it was computed from", nullable=True),
            "comparison",
            Column("value", "VARCHAR", "Claimed value, or a range", nullable=True),
            Column("unit", "VARCHAR", "Unit of the value", nullable=True),
            Column(
                "tolerance",
                "VARCHAR",
                "Largest difference of our value that still reproduces it",
                nullable=True,
            ),
            field("us_model", "Claimed US leader", nullable=True),
            field("cn_model", "Claimed Chinese leader", nullable=True),
            Column(
                "beside",
                "VARCHAR",
                "Another board, whose figure is shown beside, never as its own",
                nullable=True,
            ),
            Column(
                "how_computed", "VARCHAR", "How it was computed, as far as the source says", nullable=True
            ),
            Column("source", "VARCHAR", "Where the claim was published"),
        ),
        key=("claim_id",),
        example=(
            "SELECT claim_id, claimed_on, comparison, value, unit FROM claims WHERE claimant LIKE "
            "'%Schmidt%' ORDER BY claimed_on"
        ),
    ),
    Table(
        "main",
        "claim_checks",
        comment=(
            "Our value for each claim, by the rule the claim states. A claim that differs is a finding; "
            "no tolerance is widened to make it pass."
        ),
        grain="a claim",
        rule=(
            "Each claim is measured by the rule it states, in the snapshot, list or vintage it speaks of, and compared "
            "within the tolerance it states. Where it names leaders, they have to be the ones measured. Where its "
            "words allow several readings, claim_readings has each, and the verdict rests on all of them."
        ),
        filled_by="compute/claims/checks.py",
        filled_from=_MEASURED_FROM,
        columns=columns(
            field("claim_id", "The claim, see main.claims"),
            "comparison",
            Column("claimed_value", "VARCHAR", "The value claimed, or a range", nullable=True),
            Column(
                "tolerance",
                "VARCHAR",
                "Largest difference of our value that still reproduces it",
                nullable=True,
            ),
            Column(
                "measured_value",
                "DOUBLE",
                "Our value; of several readings the stated one, else the one that bears the claim out least",
                nullable=True,
            ),
            Column("unit", "VARCHAR", "Unit of both", nullable=True),
            Column("verdict", "VARCHAR", "Do the tables here reproduce the claim?", values=domains.VERDICTS),
            Column("rule", "VARCHAR", "How it was measured and compared"),
            Column("explanation", "VARCHAR", "What was found, in a sentence"),
            field("us_model", "US model measured, as printed", nullable=True),
            field("cn_model", "Chinese model measured, as printed", nullable=True),
            Column("rows", "VARCHAR", "What it was measured from: table and key, or snapshot", nullable=True),
        ),
        key=("claim_id",),
        checks={
            "no_data_no_value": "verdict <> 'not_measurable' OR measured_value IS NULL",
            "judged_by_value": "verdict <> 'reproduced' OR measured_value IS NOT NULL",
        },
        references=(refers("claim_id", "main.claims"),),
        example=(
            "SELECT claim_id, claimed_value, measured_value, unit, verdict, rule FROM claim_checks\n"
            "WHERE claim_id IN ('ai-index-2025-arena-2025-02', 'seed-arena-2025-05', 'epoch-lag-max') "
            "ORDER BY claim_id"
        ),
    ),
    Table(
        "main",
        "claim_readings",
        comment="Our values for claims about a lag, by every reading that their words allow.",
        grain="a reading of a claim",
        rule=(
            "Where the source says how its lag is read, that reading decides the verdict; else all do. All records "
            "of the period count, and none is dropped because the claim then fits."
        ),
        filled_by="compute/claims/checks.py",
        filled_from=_MEASURED_FROM,
        columns=columns(
            field("claim_id", "The claim, see main.claims"),
            Column(
                "reading",
                "VARCHAR",
                "Reading of the lag, or record_matches: from each US record to its match",
            ),
            Column("is_stated", "BOOLEAN", "Does the source say that it is read so?"),
            Column("measured_value", "DOUBLE", "Our value", nullable=True),
            Column("unit", "VARCHAR", "Unit of measured_value", nullable=True),
            Column(
                "fits", "BOOLEAN", "Does the value bear the claim out, within its tolerance?", nullable=True
            ),
            Column("explanation", "VARCHAR", "What it was measured over"),
            Column("rows", "VARCHAR", "What it was measured from: table and key"),
        ),
        key=("claim_id", "reading"),
        references=(refers("claim_id", "main.claims"),),
        example=(
            "SELECT claim_id, reading, measured_value, fits FROM claim_readings\n"
            "WHERE claim_id IN ('epoch-lag-mean', 'epoch-lag-max') ORDER BY ALL"
        ),
    ),
    Table(
        "main",
        "policy_events",
        comment="Export-control milestones of both sides, to be drawn over the gap. No causal claim.",
        grain="an event",
        rule="The lines of policy_events.csv, each with a citation. Nothing is computed from them.",
        filled_by="builder/reference_frames.py",
        filled_from=("reference/policy_events.csv",),
        filled_in="core",
        columns=columns(
            Column("date", "DATE", "Day of the event"),
            Column("actor", "VARCHAR", "Who acted"),
            Column("event", "VARCHAR", "What happened"),
            Column("effect_on", "VARCHAR", "What it concerns"),
            Column("citation", "VARCHAR", "Where a person can check"),
            Column("side", "VARCHAR", "Which country acted", values=domains.SIDES),
        ),
        key=("date", "actor", "event"),
        example=(
            "SELECT date, side, actor, event FROM policy_events\n"
            "WHERE date BETWEEN '2025-04-01' AND '2025-08-31' ORDER BY date LIMIT 4"
        ),
    ),
    Table(
        "core",
        "published_figures",
        comment="Single cited figures about the two countries. Where editions disagree, both are kept.",
        columns=columns(
            "input_id",
            PLACE_IN_LIST,
            "source_id",
            Column("edition", "INTEGER", "Year of the edition"),
            Column("figure", "VARCHAR", "Figure number", nullable=True),
            Column("measure", "VARCHAR", "What is counted"),
            nullable("period"),
            Column("us", "DOUBLE", "US value", nullable=True),
            Column("us_label", "VARCHAR", "What has the US value", nullable=True),
            Column("china", "DOUBLE", "Chinese value", nullable=True),
            Column("china_label", "VARCHAR", "What has the Chinese value", nullable=True),
            Column("other", "DOUBLE", "A third party's value", nullable=True),
            Column("other_label", "VARCHAR", "Who or what has that value", nullable=True),
            Column("unit", "VARCHAR", "Unit of the values", nullable=True),
            Column("gap", "DOUBLE", "US less China, where stated", nullable=True),
            Column("gap_unit", "VARCHAR", "Unit of the gap", nullable=True),
            "note",
            Column("sentence", "VARCHAR", "Report and figure, or the sentence, that it is cited from"),
            Column("address", "VARCHAR", "Where it was published", nullable=True),
        ),
        key=("input_id", "listing"),
        references=(
            refers("input_id", "meta.inputs"),
            refers("source_id", "meta.sources"),
        ),
        example=(
            "SELECT edition, measure, period, us, china, unit FROM core.published_figures\n"
            "WHERE measure = 'notable models' AND us IS NOT NULL ORDER BY edition, period"
        ),
    ),
)
