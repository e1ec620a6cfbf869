"""Which model a printed name stands for, who made it, and for which country it counts."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, country, field
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "core",
        "models",
        comment="Who made each model, what it is a variant or fine-tune of, and when people could use it.",
        grain="a model identity: one upstream version",
        rule=(
            "The lines of models.csv, one identity for each upstream version; then one identity for each "
            "printed name of which only the maker is known. Public means that anyone could use the model "
            "outside the board that day: in an app, by an API or with its weights; a preview that is open "
            "to all is public."
        ),
        filled_by="compute/models.py",
        filled_from=(
            "reference/models.csv",
            "reference/organizations.csv",
            "core.model_names",
            "core.model_weights",
        ),
        columns=columns(
            field("model_id", "Identity of the model version"),
            Column("name", "VARCHAR", "Usual name of the model"),
            "organization_id",
            Column(
                "base_model", "VARCHAR", "Name that the variants of different effort share", nullable=True
            ),
            Column("effort", "VARCHAR", "Reasoning effort of this variant", nullable=True),
            Column("joint_organizations", "VARCHAR[]", "Further makers of a joint model"),
            Column(
                "is_joint",
                "BOOLEAN",
                "Made jointly by organizations of several home countries, so it leads for none",
            ),
            Column("fine_tune_of", "VARCHAR", "The model it was tuned from", nullable=True),
            country("base_model_country", "Home country of the maker of fine_tune_of", nullable=True),
            Column(
                "public_from",
                "DATE",
                "First day people could use it; null when unknown, read as public",
                nullable=True,
            ),
            Column("public_to", "DATE", "Last day people could use it", nullable=True),
            Column(
                "was_public",
                "BOOLEAN",
                "False for a name that was not open to the public on any day known (anonymous tests, selected testers)",
            ),
            Column(
                "public_basis",
                "VARCHAR",
                "What is known about when people could use it",
                values=domains.PUBLIC_BASES,
            ),
            Column(
                "weights",
                "VARCHAR",
                "Newest state of its weights, see core.model_weights",
                values=domains.WEIGHTS,
            ),
            "resolution evidence",
        ),
        key=("model_id",),
        example=(
            "SELECT model_id, organization_id, public_from, was_public, public_basis FROM core.models\n"
            "WHERE model_id IN ('early-grok-3', 'grok-3-preview-02-24', 'deepseek-r1') ORDER BY model_id"
        ),
    ),
    Table(
        "core",
        "suspensions",
        comment="Days on which a public model was withdrawn for everyone.",
        grain="a model and the first day without access",
        rule="The lines of suspensions.csv, each with evidence: on these days the model is not public.",
        filled_by="builder/reference_frames.py",
        filled_from=("reference/suspensions.csv",),
        columns=columns("model_id valid_from valid_to evidence"),
        key=("model_id", "valid_from"),
        references=(refers("model_id", "core.models"),),
        example="SELECT model_id, valid_from, valid_to FROM core.suspensions ORDER BY valid_from",
    ),
    Table(
        "core",
        "model_names",
        comment="How each printed name was resolved.",
        grain="a printed name and organization in one source",
        rule=(
            "A printed name is looked up in models.csv, within the dates of name_periods.csv where one "
            "name has stood for several models. Failing that, the printed organization gives the maker; "
            "failing that, the name is unresolved."
        ),
        filled_by="compute/name_resolution.py",
        filled_from=(
            "printed_name",
            "listing",
            "reference/models.csv",
            "reference/name_periods.csv",
            "reference/organizations.csv",
        ),
        columns=columns(
            field("source_id", "Source that printed it"),
            "model_name organization_name valid_from valid_to",
            field("model_id", "The model it stands for; null when unresolved", nullable=True),
            field("organization_id", "The maker; null when unresolved"),
            "resolution",
        ),
        key=("source_id", "model_name", "organization_name", "valid_from"),
        references=(refers("model_id", "core.models"),),
        example=(
            "SELECT model_name, valid_from, valid_to, model_id FROM core.model_names\n"
            "WHERE source_id = 'chatbot_arena_history' AND model_name = 'chatgpt-4o-latest' ORDER BY "
            "valid_from"
        ),
    ),
    Table(
        "core",
        "organizations",
        comment="Who makes models, and in which country its head office is.",
        grain="an organization and a span of time",
        rule=(
            "The lines of organizations.csv, each with evidence: an organization's country is that of its head office "
            "on the day."
        ),
        filled_by="compute/models.py",
        filled_from=("reference/organizations.csv",),
        columns=columns(
            field("organization_id", "Identity of the organization", nullable=False),
            Column("name", "VARCHAR", "Usual name of the organization"),
            country("hq_country", "Country of the head office; null when there is none", nullable=True),
            Column("other_countries", "VARCHAR[]", "Further countries it belongs to (rule any)"),
            "valid_from valid_to",
            Column("names", "VARCHAR[]", "Every printed spelling"),
            Column("note", "VARCHAR", "Why a debatable case was decided as it is", nullable=True),
            "evidence",
        ),
        key=("organization_id", "valid_from"),
        example=(
            "SELECT organization_id, hq_country, other_countries, names FROM core.organizations\n"
            "WHERE organization_id IN ('google', 'zhipu', 'deepseek') ORDER BY organization_id"
        ),
    ),
    Table(
        "core",
        "model_countries",
        comment="The country a model leads for. A joint model of several home countries has no row.",
        grain="a model under one country rule and span of time",
        rule=(
            "The country of the maker under each country rule: hq (head office), any (every country it "
            "belongs to), cn_hk (as hq, Hong Kong as CN), and hq with one debatable attribution changed. "
            "A joint model leads for a country only if all its makers share it."
        ),
        filled_by="compute/model_countries.py",
        filled_from=("core.organizations", "core.models", "core.attributions"),
        columns=columns(
            "model_id",
            field(
                "country_rule",
                "hq: the head office's country; any: every country the maker belongs to; cn_hk: as hq with Hong Kong "
                "as CN; others: as hq with one attribution of core.attributions changed",
            ),
            "country valid_from valid_to",
        ),
        key=("model_id", "country_rule", "country", "valid_from"),
        references=(refers("model_id", "core.models"),),
        example=(
            "SELECT model_id, country_rule, country FROM core.model_countries WHERE model_id = "
            "'gemini-2.5-pro' AND country_rule IN ('hq', 'any') ORDER BY country_rule, country"
        ),
    ),
    Table(
        "core",
        "attributions",
        comment="Attributions that could have been decided otherwise. All other models count as under hq.",
        grain="a debatable maker or model under one alternative country rule",
        rule=(
            "The lines of attributions.csv: debatable cases decided the other way, each under a rule of "
            "its own. gap_sensitivity shows the months they change; attribution_effects counts them, and those that "
            "other facts of the reference tables would change."
        ),
        filled_by="builder/fillers.py",
        filled_from=("reference/attributions.csv",),
        columns=columns(
            field("country_rule", "Name of the alternative rule, as attributions.csv gives it"),
            Column("subject", "VARCHAR", "organization_id or model_id"),
            Column("subject_kind", "VARCHAR", "What the subject is", values=domains.SUBJECT_KINDS),
            country("country", "Country under this rule; null counts for none", nullable=True),
            Column("why", "VARCHAR", "What speaks for this attribution"),
            "evidence",
        ),
        key=("country_rule", "subject_kind", "subject"),
        example=(
            "SELECT country_rule, subject, country, why FROM core.attributions ORDER BY country_rule, "
            "subject LIMIT 3"
        ),
    ),
)
