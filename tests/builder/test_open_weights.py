"""Open and closed weights: the dated state of a model, the best of each class in a publication, and the differences."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    LEADERS,
    MIRROR,
    OFFICIAL,
    OLD_MIRROR,
    SITE,
    Candidate,
    Cases,
    day,
    printed,
    undated,
)

#: Models of made facts: id → organization, base_model, weights_from, weights_never.
MODELS = {
    "always-open": ("openai", "", "", ""),
    "always-closed": ("openai", "", "", ""),
    "opened-later": ("deepseek", "", "", ""),
    "closed-slip": ("openai", "", "", ""),
    "both-in-a-day": ("openai", "", "", ""),
    "without-licence-high": ("openai", "opened-later", "", ""),
    "says-nothing": ("openai", "", "", ""),
    "strange-licence": ("openai", "", "", ""),
    "other-letters": ("openai", "", "", ""),
    "never-out": ("openai", "", "", "yes"),
    "out-by-fact": ("openai", "", "2025-03-05", ""),
    "copied-later": ("openai", "", "", ""),
    "stamp-left-standing": ("openai", "", "", ""),
    "flagged": ("openai", "", "", ""),
    "flagged-variant-high": ("openai", "flagged", "", ""),
    "flagged-both-ways": ("openai", "", "", ""),
    "flagged-and-printed": ("openai", "", "", ""),
    "us-open": ("openai", "", "", ""),
    "us-closed": ("openai", "", "", ""),
    "us-unknown": ("openai", "", "", ""),
    "cn-open": ("deepseek", "", "", ""),
    "cn-closed": ("deepseek", "", "", ""),
    "fr-open": ("mistral", "", "", ""),
}
ALWAYS = ("0001-01-01", "9999-12-31")
#: The states of each, as (weights, first day, last day, basis).
STATES: dict[str, list[tuple[str, str, str, str]]] = {
    "always-open": [("open", *ALWAYS, "printed")],
    "always-closed": [("closed", *ALWAYS, "printed")],
    "opened-later": [
        ("closed", "0001-01-01", "2025-03-09", "printed"),
        ("open", "2025-03-10", "9999-12-31", "printed"),
    ],
    "closed-slip": [("open", *ALWAYS, "printed")],
    "both-in-a-day": [("open", *ALWAYS, "printed")],
    "without-licence-high": [
        ("closed", "0001-01-01", "2025-03-09", "base_model"),
        ("open", "2025-03-10", "9999-12-31", "base_model"),
    ],
    "says-nothing": [("unknown", *ALWAYS, "unknown")],
    "strange-licence": [("unknown", *ALWAYS, "unknown")],
    "other-letters": [("open", *ALWAYS, "printed")],
    "never-out": [("closed", *ALWAYS, "reference")],
    "out-by-fact": [
        ("closed", "0001-01-01", "2025-03-04", "reference"),
        ("open", "2025-03-05", "9999-12-31", "reference"),
    ],
    "copied-later": [
        ("closed", "0001-01-01", "2025-03-19", "printed"),
        ("open", "2025-03-20", "9999-12-31", "printed"),
    ],
    "stamp-left-standing": [
        ("closed", "0001-01-01", "2025-03-14", "printed"),
        ("open", "2025-03-15", "9999-12-31", "printed"),
    ],
    "flagged": [("open", *ALWAYS, "index")],
    "flagged-variant-high": [("open", *ALWAYS, "index")],
    "flagged-both-ways": [("unknown", *ALWAYS, "unknown")],
    "flagged-and-printed": [("closed", *ALWAYS, "printed")],
}
#: The licences printed on each day. None is a blank cell.
PRINTED: dict[str, dict[str, str | None]] = {
    "2025-03-01": {
        "always-open": "MIT", "always-closed": "Proprietary", "opened-later": "Propretary", "closed-slip": "Llama 3.1",
        "both-in-a-day": "Proprietary", "without-licence-high": None, "says-nothing": "Other",
        "strange-licence": "Zeta Licence", "other-letters": "apache 2.0", "never-out": "Qwen",
        "out-by-fact": "proprietary", "flagged": None, "flagged-variant-high": None,
        "flagged-both-ways": None, "flagged-and-printed": "Proprietary",
    },
    "2025-03-10": {"opened-later": "Modified MIT", "closed-slip": "Proprietary"},
}  # fmt: skip


def scores(licences: dict[str, str | None], **made: float) -> list[dict[str, Any]]:
    """The models with their licences, from 1200 down unless ``made`` has a score, and ten others far below."""
    rows = [
        warehouses.row(name, made.get(name.replace("-", "_"), 1200.0 - place), license_name=licence)
        for place, (name, licence) in enumerate(licences.items())
    ]
    others = {f"mistral-{place}": 900.0 - place for place in range(10)}
    return [*rows, *warehouses.rows(others, organization_name="Mistral", license_name="Proprietary")]


def index(on: str, flags: list[tuple[str, bool]]) -> warehouses.Leaderboard:
    """A list of the capability index that flags the weights of its models."""
    rows = [
        {
            **warehouses.row(f"{name} v{place}", 130.0 - place, extra=f'{{"is_open": {str(flag).lower()}}}'),
            "board": "eci",
            "variant": "default",
        }
        for place, (name, flag) in enumerate(flags)
    ]
    return undated("epoch_tracker", on, rows, stamp=on)


#: Licences of the classes in most cases.
FIELD: dict[str, str | None] = {
    "us-open": "MIT", "us-closed": "Proprietary", "cn-open": "MIT", "cn-closed": "Proprietary", "fr-open": "MIT",
}  # fmt: skip
TOPS = {"us_open": 1250.0, "us_closed": 1400.0, "cn_open": 1300.0, "cn_closed": 1350.0, "fr_open": 1200.0}


def with_errors(rows: list[dict[str, Any]], **errors: float) -> list[dict[str, Any]]:
    return [{**row, "standard_error": errors.get(row["model_name"].replace("-", "_"))} for row in rows]


def ranked(rows: list[dict[str, Any]], ranks: dict[str, int]) -> list[dict[str, Any]]:
    """Of ``rows`` those with a rank."""
    return [{**row, "rank": ranks[row["model_name"]]} for row in rows if row["model_name"] in ranks]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    cases = Cases()
    days = [printed(OFFICIAL, on, scores(licences), stamp=on) for on, licences in PRINTED.items()]
    twice = printed(OLD_MIRROR, "2025-03-01", scores({"both-in-a-day": "MIT", "always-closed": None}))
    cases.add("days", *days, twice)
    # A mirror without a day copies the list of 2025-03-01 on 2025-03-20, when the licence has changed.
    original, copy = (scores({"copied-later": word}) for word in ("Proprietary", "MIT"))
    cases.add("copy", printed(OFFICIAL, "2025-03-01", original), undated(MIRROR, "2025-03-20", copy))
    # A page is fetched again under the stamp of 2025-03-01, with the same figures and another licence.
    pages = [
        warehouses.Leaderboard(
            SITE,
            [{**row, "published_on": day("2025-03-01")} for row in scores({"stamp-left-standing": word})],
            known,
            stamp=known,
        )
        for known, word in (("2025-03-01", "proprietary"), ("2025-03-15", "open"))
    ]
    cases.add("stamp", *pages)

    field = scores(FIELD, **TOPS)
    cases.add(
        "tops",
        printed(
            OFFICIAL,
            "2025-04-02",
            with_errors(field, us_open=3.0, us_closed=6.0, cn_open=4.0, cn_closed=8.0),
        ),
    )
    for name, score in (("unknown-leads", 1310.0), ("unknown-ties", 1250.0), ("unknown-below", 1249.0)):
        rows = scores({**FIELD, "us-unknown": None}, **TOPS, us_unknown=score)
        cases.add(name, printed(OFFICIAL, "2025-04-02", rows))
    for name, licence in (("nobody-open", "MIT"), ("nobody-closed", "Proprietary"), ("nobody-silent", None)):
        rows = scores({**FIELD, "Zeta 9": licence}, **TOPS)
        rows = [{**row, "score": 1320.0} if row["model_name"] == "Zeta 9" else row for row in rows]
        cases.add(name, printed(OFFICIAL, "2025-04-02", rows))
    for name, trap in (("trap-told", "never-out"), ("trap-untold", "always-open")):
        rows = scores({**FIELD, trap: "Qwen"}, **TOPS, **{trap.replace("-", "_"): 1330.0})
        cases.add(name, printed(OFFICIAL, "2025-04-02", rows))
    doubled = [*field, warehouses.row("us-open", 1251.0, license_name="MIT")]
    cases.add("doubled", printed(OFFICIAL, "2025-04-02", doubled))
    cases.add(
        "no-open-us", printed(OFFICIAL, "2025-04-02", [r for r in field if r["model_name"] != "us-open"])
    )
    tied = scores({**FIELD, "always-open": "MIT"}, **TOPS, always_open=1250.0)
    cases.add("tied", printed(OFFICIAL, "2025-04-02", tied))
    errors = with_errors(field, us_open=3.0, us_closed=6.0, cn_open=4.0, cn_closed=8.0)
    ranks = {"us-closed": 1, "cn-closed": 2, "cn-open": 3}
    cases.add("cut", printed(LEADERS, "2025-04-02", ranked(errors, ranks)))
    cases.add("hole", printed(LEADERS, "2025-04-02", ranked(errors, {**ranks, "cn-open": 4, "us-open": 5})))
    cases.add(
        "no-ranks",
        printed(LEADERS, "2025-04-02", [r for r in errors if r["model_name"] in (*ranks, "us-open")]),
    )
    cases.add("rounded", undated(MIRROR, "2025-04-02", errors))
    cases.boards += [
        index("2025-04-02", [("flagged", False), ("flagged-both-ways", True), ("flagged-and-printed", True)]),
        index(
            "2025-05-02",
            [
                ("flagged", True), ("flagged-both-ways", True), ("flagged-both-ways", False),
                ("flagged-and-printed", True),
            ],
        ),
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("weights")
    lines = [
        f"{name},{name},{maker},{base},,,,,,,,{since},{never},{name} | {name} v0 | {name} v1 | {name} v2 | {name} v3,x"
        for name, (maker, base, since, never) in MODELS.items()
    ]
    reference = warehouses.reference_copy(folder, models="\n".join(lines))
    return warehouses.warehouse(folder, *cases.boards, reference_folder=reference)


def gap(made: Candidate, variant: str, board: str = "arena_text") -> dict[str, Any]:
    [row] = made.rows(
        "SELECT * FROM open_weights_gap "
        "WHERE board = ? AND variant = ? AND category = 'overall' AND month = '2025-04-01'",
        [board, variant],
    )
    return row


def tops(row: dict[str, Any]) -> dict[str, str | None]:
    classes = ("us_open", "cn_open", "us_closed", "cn", "world_open", "world_closed")
    return {name: row[f"{name}_model"] for name in classes}


ALL = {
    "us_open": "us-open", "cn_open": "cn-open", "us_closed": "us-closed", "cn": "cn-closed",
    "world_open": "cn-open", "world_closed": "us-closed",
}  # fmt: skip


@pytest.mark.parametrize("model", STATES)
def test_the_state_of_a_model_is_dated(made: Candidate, model: str) -> None:
    """Fails when a clause of the rule is lost, or a day is off by one."""
    rows = made.rows(
        "SELECT weights, valid_from::VARCHAR AS since, valid_to::VARCHAR AS until, weights_basis "
        "FROM core.model_weights WHERE model_id = ? ORDER BY valid_from",
        [model],
    )
    assert [tuple(row.values()) for row in rows] == STATES[model]
    [newest] = made.rows("SELECT weights FROM core.models WHERE model_id = ?", [model])
    assert newest["weights"] == STATES[model][-1][0]


def test_the_evidence_names_source_licence_and_day(made: Candidate) -> None:
    rows = made.rows(
        "SELECT model_id, weights, licence_kind, license_name, evidence FROM core.model_weights "
        "WHERE model_id IN ('opened-later', 'without-licence-high', 'never-out', 'flagged') AND valid_to = '9999-12-31'"
    )
    assert {row["model_id"]: tuple(row.values())[1:] for row in rows} == {
        "opened-later": (
            "open", "community", "Modified MIT", "lmarena_hf prints Modified MIT on 2025-03-10",
        ),
        "without-licence-high": ("open", "community", "Modified MIT", "as opened-later"),
        "never-out": ("closed", "closed", None, "x"),
        "flagged": ("open", "unstated", None, "epoch_tracker of 2025-05-02"),
    }  # fmt: skip


def test_a_spelling_that_no_line_knows_is_a_warning_with_the_line_to_add(made: Candidate) -> None:
    """Fails when a new licence is read as open, or as nothing without a word."""
    [found] = [result for result in made.results if result.check.name == "licences_are_known"]
    assert not found.passed
    assert not found.stops_release
    [message] = [row["message"] for row in found.sample]
    assert (
        '"Zeta Licence" is no licence that licence_spellings.csv knows (1 models, strange-licence' in message
    )
    assert message.endswith("Zeta Licence,<licence_kind>,<where a person can check>")


def test_differences_and_their_errors(made: Candidate) -> None:
    """Fails when a sign is turned, a wrong error is taken, or a model from elsewhere leads for one of the two."""
    row = gap(made, "tops")
    assert (row["status"], tops(row)) == ("observed", ALL)
    assert row["world_open_country"] == "CN"
    found = {name: row[name] for name in ("open_us_minus_open_cn", "closed_us_minus_cn")}
    assert found == {"open_us_minus_open_cn": -50.0, "closed_us_minus_cn": 50.0}
    assert (row["closed_us_minus_open_cn"], row["world_closed_minus_open"]) == (100.0, 100.0)
    assert (row["open_us_minus_open_cn_error"], row["closed_us_minus_cn_error"]) == (5.0, 10.0)
    assert row["open_us_minus_open_cn_low"] == pytest.approx(-50 - 1.959964 * 5, abs=1e-5)
    assert row["open_us_minus_open_cn_high"] == pytest.approx(-50 + 1.959964 * 5, abs=1e-5)


def test_whole_numbers_add_the_variance_of_rounding(made: Candidate) -> None:
    row = gap(made, "rounded")
    assert row["open_us_minus_open_cn_error"] == pytest.approx(math.sqrt(25 + 1 / 6), abs=1e-12)


@pytest.mark.parametrize(
    ("variant", "lost"),
    [
        ("unknown-leads", {"us_open", "world_open"}),
        ("unknown-ties", {"us_open"}),
        ("unknown-below", set()),
        ("nobody-open", {"us_open", "cn_open", "world_open"}),
        ("nobody-closed", set()),
        ("nobody-silent", {"us_open", "cn_open", "world_open"}),
        ("doubled", {"us_open"}),
    ],
)
def test_a_class_that_a_model_of_unknown_weights_could_lead_is_null(
    made: Candidate, variant: str, lost: set[str]
) -> None:
    """Fails when a guess leads a class, or when a doubt takes away more than what it is about, or does not say so."""
    row = gap(made, variant)
    assert tops(row) == {name: None if name in lost else model for name, model in ALL.items()}
    assert row["status"] == ("withheld" if lost else "observed")
    assert (row["open_us_minus_open_cn"] is None) == bool(lost)
    assert row["closed_us_minus_cn"] == 50.0


def test_of_equal_scores_the_name_first_in_the_alphabet_leads(made: Candidate) -> None:
    assert gap(made, "tied")["us_open_model"] == "always-open"


def test_a_class_without_a_model_in_a_whole_list_says_so(made: Candidate) -> None:
    row = gap(made, "no-open-us")
    assert (row["status"], row["us_open_model"], row["us_open_at_most"]) == ("no_model", None, None)


@pytest.mark.parametrize(
    ("variant", "status", "us_open", "at_most"),
    [
        # Everything down to the last row is listed: whoever is not has at most its score.
        ("cut", "truncated", None, 1300.0),
        # Rank 3 is missing: a row there may have the score of rank 2, and lead the open models of both.
        ("hole", "leaders_only", "us-open", 1350.0),
        # Nothing is known of what is missing.
        ("no-ranks", "leaders_only", "us-open", None),
    ],
)
def test_what_a_short_list_leaves_open(
    made: Candidate, variant: str, status: str, us_open: str | None, at_most: float | None
) -> None:
    """Fails when a class without a listed model is a number, or a leader counts as proved below a hole."""
    row = gap(made, variant)
    assert (row["status"], row["us_open_model"], row["us_open_at_most"]) == (status, us_open, at_most)
    assert row["cn_open_at_most"] == (1350.0 if variant == "hole" else None)
    assert row["us_closed_at_most"] is None
    assert row["open_us_minus_open_cn_at_most"] == (None if at_most is None else at_most - 1300.0)
    assert row["open_us_minus_open_cn_low"] is None
    assert row["closed_us_minus_cn_error"] == (None if variant == "no-ranks" else 10.0)


def test_the_line_of_models_csv_turns_the_sign(made: Candidate) -> None:
    """Fails when weights_never does not count: both lists print an open licence for a model that would lead."""
    told, untold = gap(made, "trap-told"), gap(made, "trap-untold")
    assert (told["us_open_model"], told["open_us_minus_open_cn"]) == ("us-open", -50.0)
    assert (untold["us_open_model"], untold["open_us_minus_open_cn"]) == ("always-open", 30.0)
    assert told["us_closed_score"] == untold["us_closed_score"] == 1400.0


# The figures of the release

RAW = {
    "2023-05": 133.4, "2023-11": 31.6, "2024-02": -40.1, "2024-07": 41.0, "2024-11": 15.3, "2024-12": -38.0,
    "2025-01": -80.9, "2025-03": -20.6, "2025-04": -30.6, "2025-05": -28.8, "2025-06": -67.0, "2025-11": -82.5,
    "2026-06": -26.9, "2026-07": -28.8,
}  # fmt: skip
STYLE_CONTROL = {"2025-04": -41.2, "2026-01": -85.0, "2026-07": -34.6}
INDEX = {"2025-12": -5.6, "2026-06": -11.6, "2026-07": -13.7, "2026-08": -7.3}


def shipped_months(warehouse: Candidate, board: str, variant: str, column: str) -> dict[str, float]:
    rows = warehouse.rows(
        f"SELECT strftime(month, '%Y-%m') AS month, {column} AS points FROM open_weights_gap "
        f"WHERE board = ? AND variant = ? AND category = 'overall' AND {column} IS NOT NULL",
        [board, variant],
    )
    return {row["month"]: row["points"] for row in rows}


@pytest.mark.parametrize(
    ("board", "variant", "column", "figures"),
    [
        ("arena_text", "raw", "open_us_minus_open_cn", RAW),
        ("arena_text", "style_control", "open_us_minus_open_cn", STYLE_CONTROL),
        ("eci", "default", "open_us_minus_open_cn", INDEX),
        (
            "arena_text", "raw", "world_closed_minus_open",
            {"2023-12": 165.0, "2024-07": 24.3, "2025-01": 24.3, "2025-12": 45.4, "2026-07": 38.3},
        ),
        ("arena_text", "style_control", "world_closed_minus_open", {"2026-03": 48.0}),
    ],
)  # fmt: skip
def test_figures_of_the_method(
    shipped_build: Candidate, board: str, variant: str, column: str, figures: dict[str, float]
) -> None:
    found = shipped_months(shipped_build, board, variant, column)
    assert {month: round(found[month], 1) for month in figures} == pytest.approx(figures, abs=1e-9)


def test_style_control_of_2026_08_19(shipped_build: Candidate) -> None:
    [row] = shipped_build.rows(
        "SELECT max(score) FILTER (class = 'us_open') - max(score) FILTER (class = 'cn_open') AS points "
        "FROM core.weights_leaders JOIN core.snapshots USING (snapshot_id) "
        "WHERE board = 'arena_text' AND variant = 'style_control' AND category = 'overall' "
        "AND published_on = '2026-08-19'"
    )
    assert round(row["points"], 1) == -38.3


def test_china_is_ahead_in_every_month_that_can_be_measured_since_december_2024(
    shipped_build: Candidate,
) -> None:
    found = shipped_months(shipped_build, "arena_text", "raw", "open_us_minus_open_cn")
    since = {month: points for month, points in found.items() if month >= "2024-12"}
    assert len(since) >= 11
    assert max(since.values()) < 0
    # Of lists of mere leaders no US open model is known, but what it can have at most.
    bounds = shipped_months(shipped_build, "arena_text", "raw", "open_us_minus_open_cn_at_most")
    behind = {month for month, points in bounds.items() if points < 0}
    assert behind == {"2025-08", "2025-09", "2025-10", "2026-01", "2026-02", "2026-10"}


def test_no_month_of_the_release_is_withheld_for_unknown_weights(shipped_build: Candidate) -> None:
    rows = shipped_build.rows(
        "SELECT board, variant, category, month FROM open_weights_gap "
        "WHERE status = 'withheld' AND snapshot_id IS NOT NULL"
    )
    assert rows == []


def test_every_licence_of_the_release_is_known(shipped_build: Candidate) -> None:
    assert shipped_build.result("licences_are_known").passed
