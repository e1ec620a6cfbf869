"""Which models people could use on a day: ``is_public``, the listings that rest on it, and what the unknown changes."""

from __future__ import annotations

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import OFFICIAL, Candidate, Cases, printed

#: US models of made facts: id → cells of public_from, public_to and was_public. open-cn is the Chinese one.
MODELS = {
    "open-us": ("2025-01-01", "", ""),
    "soon-us": ("2025-03-10", "", ""),
    "retired-us": ("2025-01-01", "2025-03-10", ""),
    "withdrawn-us": ("2025-01-01", "", ""),
    "tested-us": ("", "", "no"),
    "untold-us": ("", "", ""),
}
#: The days on which each can be used, of those published.
USABLE = {
    "open-us": {"2025-03-09", "2025-03-10", "2025-03-11"},
    "soon-us": {"2025-03-10", "2025-03-11"},
    "retired-us": {"2025-03-09", "2025-03-10"},
    "withdrawn-us": {"2025-03-09", "2025-03-11"},
    "tested-us": set(),
    "untold-us": {"2025-03-09", "2025-03-10", "2025-03-11"},
}
DAYS = ("2025-03-09", "2025-03-10", "2025-03-11")


def scores(**tops: float) -> list[dict[str, object]]:
    """The named models, and ten in the middle of the field without which the listing would be cut."""
    named = {name.replace("_", "-"): score for name, score in tops.items()}
    field = {f"mistral-{place}": 1000.0 - place for place in range(10)}
    return [
        *warehouses.rows(named),
        *warehouses.rows(field, organization_name="Mistral"),
    ]


@pytest.fixture(scope="module")
def cases() -> Cases:
    """``days``: all models on three days. ``unknown``: one of unknown publicity leads, so the fact is 40 lower."""
    made = Cases()
    every = {name.replace("-", "_"): 1300.0 - 10 * place for place, name in enumerate(MODELS)}
    made.add("days", *(printed(OFFICIAL, day, scores(**every, open_cn=1200.0), stamp=day) for day in DAYS))
    made.add("unknown", printed(OFFICIAL, DAYS[0], scores(untold_us=1350.0, open_us=1310.0, open_cn=1200.0)))
    made.add("tested", printed(OFFICIAL, DAYS[0], scores(tested_us=1350.0, open_us=1310.0, open_cn=1200.0)))
    return made


@pytest.fixture(scope="module")
def made(cases: Cases, tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    folder = tmp_path_factory.mktemp("public")
    lines = [
        f"{name},{name},openai,,,,,,{start},{end},{was},,,{name},made up"
        for name, (start, end, was) in MODELS.items()
    ]
    reference = warehouses.reference_copy(
        folder,
        models="\n".join([*lines, "open-cn,open-cn,deepseek,,,,,,2025-01-01,,,,,open-cn,made up"]),
        suspensions="withdrawn-us,2025-03-10,2025-03-10,made up",
    )
    return warehouses.warehouse(folder, *cases.boards, reference_folder=reference)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_public_on_the_days_on_which_people_could_use_it(made: Candidate, model: str) -> None:
    """Fails when a first day, a last day, a suspension or a test build does not count, or is off by one."""
    rows = made.rows(
        "SELECT published_on, is_public, is_known_public FROM core.scores JOIN core.snapshots USING (snapshot_id) "
        "WHERE model_name = ? AND variant = 'days' ORDER BY published_on",
        [model],
    )
    assert [str(row["published_on"]) for row in rows] == list(DAYS)
    assert {str(row["published_on"]) for row in rows if row["is_public"]} == USABLE[model]
    known = set() if model == "untold-us" else USABLE[model]
    assert {str(row["published_on"]) for row in rows if row["is_known_public"]} == known


@pytest.mark.parametrize(
    ("variant", "leaders"),
    [
        ("unknown", {"any": "untold-us", "public": "untold-us", "known_public": "open-us"}),
        ("tested", {"any": "tested-us", "public": "open-us", "known_public": "open-us"}),
    ],
)
def test_each_listing_has_the_leader_that_may_lead(
    made: Candidate, variant: str, leaders: dict[str, str]
) -> None:
    """Fails when the unknown does not count as public, or counts where only facts do."""
    rows = made.rows(
        "SELECT listing, model_name FROM core.country_leaders JOIN core.snapshots USING (snapshot_id) "
        "WHERE variant = ? AND category = 'overall' AND country = 'US' AND country_rule = 'hq'",
        [variant],
    )
    assert {row["listing"]: row["model_name"] for row in rows} == leaders


def test_sensitivity_shows_what_the_unknown_changes_and_nothing_else(made: Candidate) -> None:
    """Fails when the comparison is with all that is listed: the tested model would then seem unknown."""
    rows = made.rows(
        "SELECT variant, us_model, gap_points, default_gap_points, difference FROM main.gap_sensitivity "
        "WHERE category = 'overall' AND listing = 'known_public' AND variant <> 'days'"
    )
    assert [tuple(row.values()) for row in rows] == [("unknown", "open-us", 110.0, 150.0, -40.0)]


def test_the_unknown_makes_no_definition_of_its_own(made: Candidate) -> None:
    """Fails when known_public widens definition_spread, which is of the definitions that people use."""
    [row] = made.rows(
        "SELECT list_sort(list(DISTINCT listing)) AS listings, max(definition_spread) AS spread "
        "FROM main.gap_definitions WHERE variant = 'unknown' AND category = 'overall'"
    )
    assert (row["listings"], row["spread"]) == (["any", "public"], 0.0)


def test_april_2026_without_the_preview_of_ernie_5_1(shipped_build: Candidate) -> None:
    """ERNIE 5.1 was listed from 2026-04-30 and released on 2026-05-09: 28.6 raw and 30.0 with all that is listed."""
    rows = shipped_build.rows(
        "SELECT variant, listing, cn_model, gap_points FROM main.gap_definitions "
        "WHERE board = 'arena_text' AND category = 'overall' AND month = '2026-04-01' AND month_rule = 'last' "
        "AND country_rule = 'hq'"
    )
    found = {(row["variant"], row["listing"]): (row["cn_model"], round(row["gap_points"], 1)) for row in rows}
    assert found == {
        ("raw", "any"): ("ernie-5.1-preview", 28.6),
        ("raw", "public"): ("qwen3.5-max-preview", 30.9),
        ("style_control", "any"): ("ernie-5.1-preview", 30.0),
        ("style_control", "public"): ("glm-5.1", 34.0),
    }


def test_a_name_that_says_preview_has_a_fact_or_says_that_none_is_known(shipped_build: Candidate) -> None:
    """Fails when a preview, an experiment or a test build counts as public without a word on it."""
    rows = shipped_build.rows(
        "SELECT DISTINCT m.model_id FROM core.scores AS c JOIN core.snapshots USING (snapshot_id) "
        "JOIN core.models AS m USING (model_id) JOIN core.boards AS b USING (board) "
        "WHERE b.kind = 'preference' AND m.public_basis = 'unknown' AND m.evidence NOT LIKE '%public use unknown%' "
        "AND regexp_matches(m.model_id, '(^|-)(preview|exp|experimental|anonymous|early|test|latest)(-|$)')"
    )
    assert rows == []


def test_who_leads_an_arena_board_has_a_fact_or_says_that_none_is_known(shipped_build: Candidate) -> None:
    """Fails when a new leader comes in without a fact and without a word in its evidence on what was looked for."""
    rows = shipped_build.rows(
        "SELECT DISTINCT m.model_id FROM core.country_leaders AS l JOIN core.snapshots USING (snapshot_id) "
        "JOIN core.models AS m USING (model_id) JOIN core.boards AS b USING (board) "
        "WHERE b.kind = 'preference' AND l.category = 'overall' AND l.country IN ('US', 'CN') "
        "AND l.country_rule = 'hq' AND m.public_basis = 'unknown' AND m.evidence NOT LIKE '%public use unknown%'"
    )
    assert rows == []
