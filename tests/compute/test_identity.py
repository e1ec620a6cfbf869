"""Printed names → models, makers, countries: the rules, the shipped reference tables, and their errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import Candidate
from warehouse import reference
from warehouse.compute import name_resolution
from warehouse.compute.model_countries import countries_of, model_countries
from warehouse.compute.models import models as core_models
from warehouse.compute.models import organizations as core_organizations
from warehouse.compute.name_resolution import NameReading, PrintedName, Resolver
from warehouse.reference import ALWAYS_FROM, ALWAYS_TO, ReferenceData, ReferenceDataError
from warehouse.reference.parameters import COUNTRY_RULES


@pytest.fixture(scope="module")
def known() -> ReferenceData:
    return reference.load()


@pytest.fixture(scope="module")
def resolver(known: ReferenceData) -> Resolver:
    return Resolver(known)


def reading(
    resolver: Resolver, model: str, organization: str = "", source: str = "lmarena_hf"
) -> NameReading:
    """The one reading of a name that has no dated ones."""
    [only] = resolver.read(PrintedName(source, model, organization))
    assert (only.valid_from, only.valid_to) == (ALWAYS_FROM, ALWAYS_TO)
    return only


def on(
    resolver: Resolver, model: str, day: str, organization: str = "", source: str = "lmarena_hf"
) -> str | None:
    """The model a name stands for on a day, by the one reading that holds it."""
    moment = warehouses.day(day)
    [only] = [
        found
        for found in resolver.read(PrintedName(source, model, organization))
        if found.valid_from <= moment <= found.valid_to
    ]
    return only.model_id


def leads_for(known: ReferenceData, model_id: str, rule: str = "hq") -> set[str]:
    """The countries a model of the reference tables counts for."""
    names = name_resolution.model_names(known, [PrintedName("sample", model_id, "")])
    models = core_models(known, names).filter(pl.col("model_id") == model_id)
    countries = model_countries(core_organizations(known), models)
    return set(countries.filter(pl.col("country_rule") == rule)["country"])


# Names


@pytest.mark.parametrize(
    ("printed", "model_id"),
    [
        ("DeepSeek-R1", "deepseek-r1"),
        ("  deepseek-r1 ", "deepseek-r1"),
        ("DEEPSEEK-R1", "deepseek-r1"),
        ("GPT-4o-2024-05-13", "gpt-4o-2024-05-13"),
        ("Claude 3.5 Sonnet (20241022)", "claude-3-5-sonnet-20241022"),
        ("chocolate (Early Grok-3)", "early-grok-3"),
        ("claude-2", "claude-2.0"),
    ],
)
def test_spellings_of_one_version_are_one_model(resolver: Resolver, printed: str, model_id: str) -> None:
    found = reading(resolver, printed)
    assert (found.model_id, found.resolution) == (model_id, "name")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kimi-k3", "kimi-k3-max"),
        ("claude-fable-5", "claude-fable-5-high"),
        ("claude-opus-4-6-thinking", "claude-opus-4-6-high"),
    ],
)
def test_a_rename_of_one_version_is_no_new_model(resolver: Resolver, before: str, after: str) -> None:
    assert reading(resolver, before).model_id == reading(resolver, after).model_id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("early-grok-3", "grok-3-preview-02-24"),
        ("deepseek-v3", "deepseek-v3-0324"),
        ("gemini-2.5-pro-exp-03-25", "gemini-2.5-pro"),
        ("claude-opus-4-6", "claude-opus-4-6-thinking"),
    ],
)
def test_versions_are_told_apart(resolver: Resolver, one: str, other: str) -> None:
    assert reading(resolver, one).model_id != reading(resolver, other).model_id


def test_likeness_is_no_identity(resolver: Resolver) -> None:
    """No guessing: a name with one more character is unknown, whatever it begins with."""
    assert reading(resolver, "deepseek-r1x") == NameReading(None, None, "unresolved")


def test_dated_names_stand_for_another_model_on_every_day(resolver: Resolver) -> None:
    assert on(resolver, "chatgpt-4o-latest", "2024-09-02") == "chatgpt-4o-latest-20240808"
    assert on(resolver, "chatgpt-4o-latest", "2024-09-03") == "chatgpt-4o-latest-20240903"
    assert on(resolver, "ChatGPT-4o-latest", "2026-01-01") == "chatgpt-4o-latest-20250326"
    assert on(resolver, "deepseek-reasoner", "2025-05-27") == "deepseek-r1"
    assert on(resolver, "deepseek-reasoner", "2025-05-28") == "deepseek-r1-0528"


def test_a_dated_name_falls_back_to_its_maker_where_no_period_holds(resolver: Resolver) -> None:
    assert on(resolver, "deepseek-reasoner", "2025-01-19") is None
    assert on(resolver, "deepseek-reasoner", "2025-01-19", "DeepSeek") == "deepseek-reasoner"
    assert on(resolver, "deepseek-reasoner", "2025-01-20", "DeepSeek") == "deepseek-r1"


def test_the_periods_of_one_source_go_before_those_of_all(resolver: Resolver) -> None:
    assert on(resolver, "grok-4-fast", "2025-11-06", source="arena_catalog") == "grok-4-fast-chat"
    assert on(resolver, "grok-4-fast", "2025-11-06", source="lmarena_hf") == "grok-4-fast"


def every_dated_name(known: ReferenceData) -> Iterator[tuple[str, str]]:
    for row in known.name_periods.iter_rows(named=True):
        yield row["name"], row["source_id"] or "sample"


def test_readings_of_a_name_cover_every_day_once(known: ReferenceData, resolver: Resolver) -> None:
    for name, source in every_dated_name(known):
        readings = resolver.read(PrintedName(source, name, "OpenAI"))
        assert readings[0].valid_from == ALWAYS_FROM
        assert readings[-1].valid_to == ALWAYS_TO
        for earlier, later in pairwise(readings):
            assert later.valid_from - earlier.valid_to == date.resolution, f"{name} of {source}"


def test_effort_variants_are_models_with_one_base(known: ReferenceData) -> None:
    rows = known.models.filter(pl.col("base_model") == "claude-opus-4-6")
    efforts = dict(zip(rows["model_id"], rows["effort"], strict=True))
    assert efforts["claude-opus-4-6-high"] == "high"
    assert efforts["claude-opus-4-6-max"] == "max"
    assert efforts["claude-opus-4-6-thinking-32k"] == "thinking-32k"
    assert rows["organization_id"].unique().to_list() == ["anthropic"]


def test_no_effort_variant_is_without_base(known: ReferenceData) -> None:
    lost = known.models.filter(pl.col("effort").is_not_null() & pl.col("base_model").is_null())
    assert lost["model_id"].to_list() == []


def test_a_fine_tune_belongs_to_who_made_it(known: ReferenceData) -> None:
    [row] = known.models.filter(pl.col("model_id") == "athene-v2-chat").rows(named=True)
    assert (row["organization_id"], row["fine_tune_of"]) == ("nexusflow", "qwen2.5-72b-instruct")
    assert row["base_model_country"] == "CN"
    assert leads_for(known, "athene-v2-chat") == {"US"}


def test_previews_that_never_were_public_say_so(known: ReferenceData) -> None:
    models = core_models(known, name_resolution.model_names(known, []))
    public = dict(zip(models["model_id"], models["was_public"], strict=True))
    assert not public["early-grok-3"]
    assert not public["llama-4-maverick-03-26-experimental"]
    assert public["grok-3-preview-02-24"], "a preview people could use"
    assert public["claude-1"], "unknown is public"


def test_what_is_known_about_public_use_is_a_word(known: ReferenceData) -> None:
    """Fails when a model of which no fact is known reads like one whose first day is."""
    models = core_models(
        known, name_resolution.model_names(known, [PrintedName("sample", "Qwen-9-Max", "Alibaba")])
    )
    basis = dict(zip(models["model_id"], models["public_basis"], strict=True))
    assert basis["deepseek-r1"] == "fact"
    assert basis["early-grok-3"] == "never"
    assert basis["amazon-nova-experimental-chat-10-09"] == basis["qwen-9-max"] == "unknown"


# Organizations and countries


@pytest.mark.parametrize(
    ("spellings", "organization_id"),
    [
        (("Zhipu", "Zhipu AI", "Z.ai", "zai", "ZAI"), "zai"),
        (("xAI", "SpaceXAI", "xai"), "xai"),
        (("Ai2", "allenai", "AllenAI/UW", "Allen AI"), "ai2"),
        (("NexusFlow", "Nexusflow"), "nexusflow"),
        (("Bytedance", "bytedance", "ByteDance"), "bytedance"),
        (("Google", "google", "Google DeepMind", "Google DeepMind,Google"), "google"),
    ],
)
def test_spellings_of_one_maker_are_one_organization(
    resolver: Resolver, spellings: tuple[str, ...], organization_id: str
) -> None:
    assert {spelling: resolver.organization(spelling) for spelling in spellings} == dict.fromkeys(
        spellings, organization_id
    )
    for spelling in spellings:
        found = reading(resolver, "a model nobody wrote down", spelling)
        assert found == NameReading("a model nobody wrote down", organization_id, "organization")


def test_a_known_model_keeps_its_maker_when_the_printed_one_is_blank_or_another(resolver: Resolver) -> None:
    for organization in ("", "OpenAI", "no such lab"):
        assert reading(resolver, "DeepSeek-R1", organization) == NameReading(
            "deepseek-r1", "deepseek", "name"
        )


def test_an_unknown_maker_is_unresolved(resolver: Resolver) -> None:
    assert resolver.organization("no such lab") is None
    assert resolver.organization("") is None
    assert reading(resolver, "sample-1", "no such lab") == NameReading(None, None, "unresolved")


def test_google_is_american_although_it_is_british_too(known: ReferenceData) -> None:
    """`country == 'United States'` on a multi-valued country drops Gemini."""
    assert leads_for(known, "gemini-2.5-pro", "hq") == {"US"}
    assert leads_for(known, "gemini-2.5-pro", "any") == {"US", "GB"}
    assert leads_for(known, "gemini-2.5-pro", "cn_hk") == {"US"}


def test_hong_kong_is_chinese_under_its_own_rule_only(known: ReferenceData) -> None:
    homes = known.organizations.filter(pl.col("organization_id") == "sensetime")["hq_country"].to_list()
    assert homes == ["HK"]
    expected = {"hq": ["HK"], "any": ["HK"], "cn_hk": ["CN"]}
    assert {rule: countries_of("HK", [], rule) for rule in COUNTRY_RULES} == expected


def test_not_chinese_is_not_american(known: ReferenceData) -> None:
    assert leads_for(known, "mistral-large-2407") == {"FR"}
    assert leads_for(known, "command-r-plus") == {"CA"}
    assert leads_for(known, "deepseek-r1") == {"CN"}


@pytest.mark.parametrize("rule", COUNTRY_RULES)
def test_a_joint_model_of_us_and_chinese_makers_leads_for_neither(known: ReferenceData, rule: str) -> None:
    models = core_models(known, name_resolution.model_names(known, []))
    joint = models.filter(pl.col("model_id") == "nvila-8b")
    assert {"nvidia", "tsinghua"} <= set(joint["joint_organizations"][0])
    assert joint["is_joint"].to_list() == [True]
    assert leads_for(known, "nvila-8b", rule) == set()


def test_a_joint_model_of_one_country_leads_for_it(known: ReferenceData) -> None:
    assert leads_for(known, "chatglm2-6b") == {"CN"}
    assert leads_for(known, "llama-3.1-tulu-3-70b-dpo") == {"US"}
    models = core_models(known, name_resolution.model_names(known, []))
    assert models.filter(pl.col("model_id") == "chatglm2-6b")["is_joint"].to_list() == [False]


def test_an_unknown_country_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown country rule hk"):
        countries_of("HK", [], "hk")


def test_a_model_known_only_by_its_maker_counts_for_the_makers_country(known: ReferenceData) -> None:
    names = name_resolution.model_names(known, [PrintedName("sample", "Qwen-9-Max", "Alibaba")])
    models = core_models(known, names).filter(pl.col("model_id") == "qwen-9-max")
    assert models.select("name", "organization_id", "was_public", "resolution").rows() == [
        ("Qwen-9-Max", "alibaba", True, "organization")
    ]
    countries = model_countries(core_organizations(known), models)
    assert set(countries["country"]) == {"CN"}


# The shipped history


def test_every_name_in_the_shipped_history_resolves(shipped_build: Candidate) -> None:
    lost = shipped_build.rows(
        "SELECT DISTINCT n.source_id, n.model_name, n.organization_name FROM core.model_names AS n "
        "JOIN core.snapshots AS s ON s.source_id = n.source_id "
        "AND coalesce(s.printed_on, s.known_at::DATE) BETWEEN n.valid_from AND n.valid_to "
        "JOIN core.scores AS c ON c.snapshot_id = s.snapshot_id AND c.model_name = n.model_name "
        "AND coalesce(c.organization_name, '') = n.organization_name "
        "WHERE n.resolution = 'unresolved' OR c.model_id IS NULL"
    )
    excused = reference.load().known_unresolved.rows(named=True)
    reasons = {(row["source_id"], row["model_name"]): row["reason"] for row in excused}
    assert [row for row in lost if not reasons.get((row["source_id"], row["model_name"]))] == []


def test_every_organization_an_arena_prints_is_known(shipped_build: Candidate, resolver: Resolver) -> None:
    printed = [
        row["name"]
        for row in shipped_build.rows(
            "SELECT DISTINCT c.organization_name AS name FROM core.scores AS c "
            "JOIN core.snapshots AS s USING (snapshot_id) WHERE starts_with(s.board, 'arena_')"
        )
    ]
    assert len(printed) > 50
    assert [name for name in printed if name and resolver.organization(name) is None] == []


def test_top_thirty_of_every_text_snapshot_are_known_by_name(shipped_build: Candidate) -> None:
    """A leader known only by its maker may be a rename, a preview or a fine-tune of another's model."""
    by_maker = shipped_build.rows(
        "WITH placed AS (SELECT s.source_id, c.model_name, c.model_id, "
        "rank() OVER (PARTITION BY snapshot_id, c.category ORDER BY c.score DESC NULLS LAST) AS place "
        "FROM core.scores AS c JOIN core.snapshots AS s USING (snapshot_id) WHERE s.board = 'arena_text') "
        "SELECT DISTINCT source_id, model_name FROM placed LEFT JOIN core.models AS m USING (model_id) "
        "WHERE place <= 30 AND m.resolution IS DISTINCT FROM 'name'"
    )
    assert by_maker == []


def test_every_leader_of_the_shipped_history_has_an_organization_with_evidence(
    shipped_build: Candidate,
) -> None:
    bare = shipped_build.rows(
        "SELECT DISTINCT l.model_id FROM core.country_leaders AS l JOIN core.models AS m USING (model_id) "
        "LEFT JOIN core.organizations AS o USING (organization_id) "
        "WHERE coalesce(m.evidence, '') = '' OR coalesce(o.evidence, '') = ''"
    )
    assert bare == []


# Errors in the reference tables


def edited(folder: Path, table: str, old: str, new: str) -> Path:
    """A copy of the reference tables with one text replaced."""
    copy = warehouses.reference_copy(folder)
    path = copy / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,,,,,,GPT-4O-2024-05-13,x",
            "models.csv: the name 'GPT-4O-2024-05-13' is listed under gpt-4o-2024-05-13 and foo",
            id="duplicate name",
        ),
        pytest.param(
            "models",
            "deepseek-r1,Again,deepseek,,,,,,,,,,,again,x",
            r"models.csv: \('deepseek-r1',\) is listed more than once",
            id="duplicate model",
        ),
        pytest.param(
            "organizations",
            "foo,Foo,US,,,,zai,,x",
            "organizations.csv: the name 'zai' is listed under zai and foo",
            id="duplicate organization name",
        ),
        pytest.param(
            "models",
            "foo,Foo,nobody,,,,,,,,,,,foo,x",
            "models.csv: foo names the unknown organization nobody",
            id="unknown organization",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,openai;nobody,,,,,,,,foo,x",
            "models.csv: foo names the unknown joint organization nobody",
            id="unknown joint organization",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,2025-02-30,,,,,foo,x",
            "models.csv: foo has the date '2025-02-30', expected YYYY-MM-DD",
            id="no such day",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,,,No,,,foo,x",
            "models.csv: foo has was_public 'No', not yes or no",
            id="a word that would read as public",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,2025-02-01,,no,,,foo,x",
            r"models.csv: foo was never public \(was_public no\) and has public_from or public_to",
            id="never public since a day",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,2025-02-01,2025-01-31,,,,foo,x",
            "models.csv: foo has public_to 2025-01-31, before its public_from 2025-02-01",
            id="public to a day before the first",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,2025-02-01,,,,,foo,",
            "models.csv: foo has public_from 2025-02-01 and no evidence",
            id="a day from nowhere",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,,,,,no,foo,x",
            "models.csv: foo has weights_never 'no', not yes or empty",
            id="a word that would read as never",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,,,,2025-02-01,yes,foo,x",
            "models.csv: foo has weights_from and weights_never: leave one",
            id="weights both out and never out",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,,,,2025-02-01,,foo,",
            "models.csv: foo has weights_from or weights_never and no evidence",
            id="weights from nowhere",
        ),
        pytest.param(
            "licence_spellings",
            "Foo License,open,x",
            "licence_spellings.csv: Foo License has the licence_kind 'open', expected permissive, community",
            id="no kind of licence",
        ),
        pytest.param(
            "licence_spellings",
            "APACHE 2.0,closed,x",
            "licence_spellings.csv: APACHE 2.0 has two kinds, permissive and closed",
            id="one licence open and closed",
        ),
        pytest.param(
            "suspensions",
            "no-such-model,2025-02-01,,x",
            "suspensions.csv: 2025-02-01 names the unknown model no-such-model",
            id="unknown model withdrawn",
        ),
        pytest.param(
            "suspensions",
            "gpt-4o-2024-05-13,2024-05-01,2024-06-01,x",
            "suspensions.csv: gpt-4o-2024-05-13 is suspended from 2024-05-01, but not public before",
            id="withdrawn before it was public",
        ),
        pytest.param(
            "suspensions",
            "gpt-4o-2024-05-13,2025-02-01,2025-01-01,x",
            "suspensions.csv: gpt-4o-2024-05-13 has valid_to 2025-01-01, before its valid_from 2025-02-01",
            id="withdrawn for less than a day",
        ),
        pytest.param(
            "suspensions",
            "gpt-4o-2024-05-13,2025-02-01,2025-02-09,x\ngpt-4o-2024-05-13,2025-02-09,,x",
            "suspensions.csv: gpt-4o-2024-05-13 is suspended twice on 2025-02-09",
            id="withdrawn twice on one day",
        ),
        pytest.param(
            "suspensions",
            "gpt-4o-2024-05-13,,2025-01-01,x",
            "suspensions.csv: gpt-4o-2024-05-13 has no valid_from",
            id="withdrawn from no day",
        ),
        pytest.param(
            "organizations",
            "foo,Foo,US,,1/2/2025,,Foo,,x",
            "organizations.csv: foo has the date '1/2/2025', expected YYYY-MM-DD",
            id="bad date of an organization",
        ),
        pytest.param(
            "organizations",
            "foo,Foo,USA,,,,Foo,,x",
            "organizations.csv: foo has country USA, expected two capital letters",
            id="long country",
        ),
        pytest.param(
            "name_periods",
            "foo,gpt-4,2025-99-01,,,x",
            "name_periods.csv: foo has the date '2025-99-01', expected YYYY-MM-DD",
            id="bad date of a name",
        ),
        pytest.param(
            "name_periods",
            "foo,no-such-model,,,,x",
            "name_periods.csv: 'foo' names the unknown model no-such-model",
            id="unknown model of a name",
        ),
        pytest.param(
            "name_periods",
            "deepseek-reasoner,gpt-4,2025-05-01,2025-05-27,,x",
            "name_periods.csv: 'deepseek-reasoner' stands for deepseek-r1 and gpt-4 on 2025-05-01",
            id="two models on one day",
        ),
        pytest.param(
            "anchors",
            "arena_text,raw,sample,2025-99-01,,other,no,x",
            "anchors.csv: arena_text has the date '2025-99-01', expected YYYY-MM-DD",
            id="bad date of an anchor",
        ),
        pytest.param(
            "models", ",Foo,openai,,,,,,,,,,,foo,x", r"models.csv: line \d+ has no model_id", id="no key"
        ),
        pytest.param(
            "boards",
            "arena_text,Again,elo,higher,,no,preference,,x",
            r"boards.csv: \('arena_text',\) is listed more than once",
            id="duplicate board",
        ),
        pytest.param(
            "models",
            "foo,Foo,openai,,,,,,,,,,,foo,x,one,too,many",
            "models.csv: .*fields",
            id="too many cells",
        ),
    ],
)
def test_a_wrong_line_is_one_message_that_names_it(
    tmp_path: Path, table: str, line: str, message: str
) -> None:
    with pytest.raises(ReferenceDataError, match=f"^{message}") as raised:
        reference.load(warehouses.reference_copy(tmp_path, **{table: line}))
    assert "\n" not in str(raised.value)
    assert "correct the line" in str(raised.value)


def test_a_wrong_header_is_one_message_with_the_right_one(tmp_path: Path) -> None:
    folder = edited(tmp_path, "models", "public_from", "public_since")
    with pytest.raises(
        ReferenceDataError, match=r"^models.csv has columns .*public_since.*; expected .*public_from"
    ):
        reference.load(folder)


def test_a_missing_table_is_one_message_that_names_it(tmp_path: Path) -> None:
    folder = warehouses.reference_copy(tmp_path)
    (folder / "anchors.csv").unlink()
    with pytest.raises(ReferenceDataError, match=r"^anchors.csv is missing"):
        reference.load(folder)


def test_a_missing_parameter_is_one_message_that_names_it(tmp_path: Path) -> None:
    folder = edited(tmp_path, "parameters", "same_within", "same_without")
    with pytest.raises(ReferenceDataError, match=r"^parameters.csv: no same_within"):
        reference.load(folder).parameter("same_within")
