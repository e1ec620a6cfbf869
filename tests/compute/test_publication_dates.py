"""Which day a listing was published, and which listings are copies: the rule alone, then in a warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    CATALOG,
    CN,
    MIRROR,
    OFFICIAL,
    OLD_MIRROR,
    SITE,
    US,
    Candidate,
    Cases,
    Leaderboard,
)
from warehouse.compute.publication_dates import Agreement, Listing, PublicationDay, date_listings

SAME = Agreement(shared=40, largest_difference=0.5, mean_difference=0.2)
OTHER = Agreement(shared=40, largest_difference=0.6, mean_difference=0.1)

Agreements = Mapping[tuple[int, int], Agreement]


def listing(key: int, known: str, printed: str | None = None, **more: Any) -> Listing:
    moment = datetime.fromisoformat(known).replace(tzinfo=UTC)
    day = warehouses.day(printed) if printed else None
    return Listing(key, more.pop("source_id", "mirror"), day, moment, more.pop("models", 100), **more)


def dated(agreements: Agreements, *listings: Listing) -> dict[int, PublicationDay]:
    return date_listings(list(listings), agreements, within=0.5)


def on(day: str, basis: str, same_as: int | None = None) -> PublicationDay:
    return PublicationDay(date.fromisoformat(day), basis, same_as)


def test_a_printed_day_stands_whatever_day_the_bytes_were_known() -> None:
    assert dated({}, listing(1, "2025-03-09", "2025-03-02")) == {1: on("2025-03-02", "printed")}


def test_an_undated_listing_alone_is_not_after_the_day_it_was_known() -> None:
    assert dated({}, listing(1, "2025-03-09T23:59:59")) == {1: on("2025-03-09", "not_after")}


def test_an_undated_copy_of_a_dated_listing_is_that_listing_and_no_new_one() -> None:
    found = dated({(1, 2): SAME}, listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04"))
    assert found[2] == on("2025-03-02", "matched", same_as=1)


def test_figures_that_differ_by_more_than_half_a_point_are_a_new_listing() -> None:
    found = dated({(1, 2): OTHER}, listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04"))
    assert found[2] == on("2025-03-04", "not_after")


def test_half_a_point_counts_as_rounding_although_binary_fractions_exceed_it() -> None:
    difference = 1446.5 - 1446 + 1e-12
    agreement = Agreement(40, difference, 0.2)
    found = dated({(1, 2): agreement}, listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04"))
    assert found[2].date_basis == "matched"


def test_a_listing_cannot_copy_what_was_published_after_it_was_known() -> None:
    found = dated({(1, 2): SAME}, listing(1, "2025-03-05", "2025-03-05"), listing(2, "2025-03-04"))
    assert found[2] == on("2025-03-04", "not_after")


def test_of_several_originals_that_agree_the_most_shared_then_the_closest_is_copied() -> None:
    first = listing(1, "2025-03-02", "2025-03-02")
    second = listing(2, "2025-03-05", "2025-03-05")
    copy = listing(3, "2025-03-09")
    more_shared = {(1, 3): Agreement(50, 0.5, 0.3), (2, 3): Agreement(40, 0.1, 0.01)}
    assert dated(more_shared, first, second, copy)[3] == on("2025-03-02", "matched", same_as=1)
    closer = {(1, 3): Agreement(40, 0.5, 0.01), (2, 3): Agreement(40, 0.5, 0.3)}
    assert dated(closer, first, second, copy)[3] == on("2025-03-02", "matched", same_as=1)
    equal = {(1, 3): SAME, (2, 3): SAME}
    assert dated(equal, first, second, copy)[3] == on("2025-03-05", "matched", same_as=2)


def test_repeats_of_an_undated_listing_keep_the_day_of_the_first() -> None:
    """The table of 2025-08-06 came again under fresh stamps until October: no new months."""
    listings = [listing(1, "2025-08-08"), listing(2, "2025-09-01"), listing(3, "2025-10-01")]
    agreements = {(1, 2): SAME, (1, 3): SAME, (2, 3): SAME}
    for order in permutations(listings):
        found = dated(agreements, *order)
        assert found[1] == on("2025-08-08", "not_after")
        assert found[2] == on("2025-08-08", "not_after", same_as=1)
        assert found[3] == on("2025-08-08", "not_after", same_as=1)


def test_a_repeat_of_a_matched_copy_is_dated_like_the_original() -> None:
    original, copy, repeat = (
        listing(1, "2025-03-02", "2025-03-02"),
        listing(2, "2025-03-04"),
        # shares ten models with the copy, but not enough with the original to tell
        listing(3, "2025-04-20"),
    )
    agreements = {(1, 2): SAME, (2, 3): Agreement(10, 0.0, 0.0), (1, 3): Agreement(9, 0.0, 0.0)}
    assert dated(agreements, original, copy, repeat)[3] == on("2025-03-02", "matched", same_as=1)


def test_too_few_shared_models_prove_nothing() -> None:
    undated = listing(2, "2025-03-04", models=20)
    original = listing(1, "2025-03-02", "2025-03-02")
    assert dated({(1, 2): Agreement(9, 0.0, 0.0)}, original, undated)[2].date_basis == "not_after"
    assert dated({(1, 2): Agreement(10, 0.0, 0.0)}, original, undated)[2].date_basis == "matched"
    assert dated({}, original, undated)[2].date_basis == "not_after"


def test_a_listing_of_six_models_is_known_by_all_six() -> None:
    original, short = listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04", models=6)
    assert dated({(1, 2): Agreement(6, 0.0, 0.0)}, original, short)[2].date_basis == "matched"
    assert dated({(1, 2): Agreement(5, 0.0, 0.0)}, original, short)[2].date_basis == "not_after"


def test_a_page_that_left_its_stamp_standing_is_dated_by_when_it_was_seen() -> None:
    first = listing(1, "2026-07-11", "2026-07-10", stamp_can_lag=True)
    moved = listing(2, "2026-07-14", "2026-07-10", stamp_can_lag=True)
    assert dated({(1, 2): OTHER}, first, moved) == {
        1: on("2026-07-10", "printed"),
        2: on("2026-07-14", "not_after"),
    }
    again = dated({(1, 2): SAME}, first, moved)
    assert again[2] == on("2026-07-10", "printed")


def test_stamps_of_sources_that_move_them_are_believed() -> None:
    first = listing(1, "2026-07-11", "2026-07-10")
    corrected = listing(2, "2026-07-14", "2026-07-10")
    assert dated({(1, 2): OTHER}, first, corrected)[2] == on("2026-07-10", "printed")


def test_another_source_with_the_same_stamp_does_not_make_a_stamp_lag() -> None:
    first = listing(1, "2026-07-11", "2026-07-10", source_id="other", stamp_can_lag=True)
    page = listing(2, "2026-07-14", "2026-07-10", stamp_can_lag=True)
    assert dated({(1, 2): OTHER}, first, page)[2] == on("2026-07-10", "printed")


# The same in a warehouse of all the cases below.

CASES = Cases()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(tmp_path_factory.mktemp("vintages"), *CASES.boards)


def snapshots(story: Candidate, variant: str) -> dict[str, dict[str, Any]]:
    """The case's snapshots by source and the day the bytes were known."""
    rows = story.rows(
        "SELECT *, same_as IS NOT NULL AS is_copy FROM core.snapshots WHERE variant = ?", [variant]
    )
    return {f"{row['source_id']} {row['known_at']:%Y-%m-%d}": row for row in rows}


def days(story: Candidate, variant: str) -> dict[str, tuple[str, str, bool]]:
    return {
        name: (row["published_on"].isoformat(), row["date_basis"], row["is_copy"])
        for name, row in snapshots(story, variant).items()
    }


FULL = warehouses.field_of(1300.26, 1262.74)
ROUNDED = [{**line, "score": float(round(line["score"]))} for line in FULL]

COPIES = CASES.add(
    "copies",
    warehouses.printed(OLD_MIRROR, "2025-02-27", FULL),
    warehouses.undated(MIRROR, "2025-03-01", ROUNDED),
    warehouses.undated(CATALOG, "2025-03-02", FULL[:12]),
    warehouses.undated(
        MIRROR, "2025-04-01", [*ROUNDED, warehouses.row("gemma-2-27b-it", 1199.0)], stamp="a new model"
    ),
)


def test_rounded_truncated_and_restamped_copies_are_no_new_snapshot(story: Candidate) -> None:
    assert days(story, COPIES) == {
        f"{OLD_MIRROR} 2025-02-27": ("2025-02-27", "printed", False),
        f"{MIRROR} 2025-03-01": ("2025-02-27", "matched", True),
        f"{CATALOG} 2025-03-02": ("2025-02-27", "matched", True),
        f"{MIRROR} 2025-04-01": ("2025-02-27", "matched", True),
    }
    assert story.gap("2025-03", COPIES)["status"] == "no_snapshot"
    assert story.gap("2025-02", COPIES)["source_id"] == MIRROR, (
        "the copy with one model more is more complete"
    )


NEW_FIGURES = CASES.add(
    "new figures",
    warehouses.printed(OLD_MIRROR, "2025-02-27", FULL),
    warehouses.undated(MIRROR, "2025-03-20", [{**line, "score": line["score"] + 1.0} for line in FULL]),
)


def test_new_figures_under_the_same_names_are_a_new_snapshot(story: Candidate) -> None:
    assert days(story, NEW_FIGURES)[f"{MIRROR} 2025-03-20"] == ("2025-03-20", "not_after", False)
    assert story.gap("2025-03", NEW_FIGURES)["us_score"] == 1301.26


ONE_CATEGORY = CASES.add(
    "one category moved",
    warehouses.printed(OFFICIAL, "2025-02-27", FULL + [{**line, "category": "coding"} for line in FULL]),
    warehouses.undated(
        CATALOG,
        "2025-03-20",
        FULL + [{**line, "category": "coding", "score": line["score"] + 3} for line in FULL],
    ),
)


def test_a_category_with_new_figures_makes_a_new_snapshot(story: Candidate) -> None:
    assert days(story, ONE_CATEGORY)[f"{CATALOG} 2025-03-20"] == ("2025-03-20", "not_after", False)


REPEATS = CASES.add(
    "repeats",
    warehouses.undated(MIRROR, "2025-01-08", ROUNDED),
    warehouses.undated(MIRROR, "2025-02-01", ROUNDED, stamp="again"),
    warehouses.undated(MIRROR, "2025-03-01", ROUNDED[:11], stamp="cut"),
)


def test_a_repeated_undated_listing_gives_no_month_after_the_first(story: Candidate) -> None:
    assert days(story, REPEATS) == {
        f"{MIRROR} 2025-01-08": ("2025-01-08", "not_after", False),
        f"{MIRROR} 2025-02-01": ("2025-01-08", "not_after", True),
        f"{MIRROR} 2025-03-01": ("2025-01-08", "not_after", True),
    }
    statuses = [story.gap(month, REPEATS)["status"] for month in ("2025-01", "2025-02", "2025-03")]
    assert statuses == ["observed", "no_snapshot", "no_snapshot"]


#: Twelve models as the board's keys and as its page name them: other letters, not only other capitals.
DISPLAYED = {
    "claude-3-opus-20240229": "Claude 3 Opus",
    "claude-3-sonnet-20240229": "Claude 3 Sonnet",
    "claude-3-haiku-20240307": "Claude 3 Haiku",
    "claude-3-5-sonnet-20240620": "Claude 3.5 Sonnet (20240620)",
    "claude-3-5-sonnet-20241022": "Claude 3.5 Sonnet (20241022)",
    "claude-3-5-haiku-20241022": "Claude 3.5 Haiku (20241022)",
    "claude-3-7-sonnet-20250219": "Claude 3.7 Sonnet",
    "chatgpt-4o-latest-20240808": "ChatGPT-4o-latest (2024-08-08)",
    "chatgpt-4o-latest-20240903": "ChatGPT-4o-latest (2024-09-03)",
    "chatgpt-4o-latest-20241120": "ChatGPT-4o-latest (2024-11-20)",
    "amazon-nova-pro-v1.0": "Amazon Nova Pro 1.0",
    "amazon-nova-lite-v1.0": "Amazon Nova Lite 1.0",
}
RENAMED = CASES.add(
    "renamed",
    warehouses.printed(
        OFFICIAL, "2025-02-27", warehouses.rows({name: 1300.0 + len(name) for name in DISPLAYED})
    ),
    warehouses.undated(
        MIRROR,
        "2025-03-20",
        warehouses.rows({shown: 1300.0 + len(name) for name, shown in DISPLAYED.items()}),
    ),
)


def test_copies_are_known_by_model_not_by_how_its_name_is_written(story: Candidate) -> None:
    assert days(story, RENAMED)[f"{MIRROR} 2025-03-20"] == ("2025-02-27", "matched", True)


TWO_CATEGORIES = FULL + [{**line, "category": "coding", "score": line["score"] + 30} for line in FULL]
CATEGORIES_COPIED = CASES.add(
    "two categories copied",
    warehouses.printed(OFFICIAL, "2025-02-27", TWO_CATEGORIES),
    warehouses.undated(CATALOG, "2025-03-20", TWO_CATEGORIES),
)


def test_categories_are_compared_each_with_itself(story: Candidate) -> None:
    assert days(story, CATEGORIES_COPIED)[f"{CATALOG} 2025-03-20"] == ("2025-02-27", "matched", True)


FEW = CASES.add(
    "few shared models",
    warehouses.printed(OFFICIAL, "2025-02-27", FULL),
    warehouses.undated(
        MIRROR,
        "2025-03-20",
        # nine agree, and six others are in their place
        FULL[:9]
        + warehouses.rows(
            {f"sample-{place}": 900.0 + place for place in range(6)}, organization_name="Cohere"
        ),
    ),
)


def test_nine_shared_models_of_fifteen_do_not_make_a_copy(story: Candidate) -> None:
    assert days(story, FEW)[f"{MIRROR} 2025-03-20"] == ("2025-03-20", "not_after", False)


LAGGING = CASES.add(
    "lagging stamp",
    Leaderboard(
        SITE, [{**line, "published_on": warehouses.day("2025-04-10")} for line in ROUNDED], "2025-04-11"
    ),
    Leaderboard(
        SITE,
        [
            {**line, "score": line["score"] + 2, "published_on": warehouses.day("2025-04-10")}
            for line in ROUNDED
        ],
        "2025-04-14",
    ),
)


def test_a_lagging_page_stamp_does_not_hide_new_figures(story: Candidate) -> None:
    assert days(story, LAGGING) == {
        f"{SITE} 2025-04-11": ("2025-04-10", "printed", False),
        f"{SITE} 2025-04-14": ("2025-04-14", "not_after", False),
    }
    assert story.gap("2025-04", LAGGING)["us_score"] == 1302.0


SAME_DAY = CASES.add(
    "same day",
    warehouses.printed(OFFICIAL, "2025-02-27", warehouses.field_of(1300, 1260)),
    warehouses.undated(CATALOG, "2025-02-27", warehouses.field_of(1307, 1263)),
)


def test_a_printed_day_comes_after_one_that_is_only_bounded(story: Candidate) -> None:
    row = story.gap("2025-02", SAME_DAY)
    assert (row["source_id"], row["date_basis"], row["gap_points"]) == (OFFICIAL, "printed", 40.0)
    publications = story.rows(
        "SELECT split_part(snapshot_id, '/', 1) AS source_id, is_last_of_day FROM core.publications "
        "WHERE variant = ? ORDER BY source_id",
        [SAME_DAY],
    )
    assert publications == [
        {"source_id": CATALOG, "is_last_of_day": False},
        {"source_id": OFFICIAL, "is_last_of_day": True},
    ]


VARIANTS = (
    CASES.add("first variant", warehouses.printed(OFFICIAL, "2025-02-27", FULL)),
    CASES.add("second variant", warehouses.undated(CATALOG, "2025-03-20", FULL)),
)


def test_equal_figures_of_another_variant_are_no_copy(story: Candidate) -> None:
    assert days(story, VARIANTS[1]) == {f"{CATALOG} 2025-03-20": ("2025-03-20", "not_after", False)}


MIDNIGHT = CASES.add("midnight", warehouses.undated(CATALOG, "2025-02-28T23:59:59", FULL))


def test_months_end_at_midnight_utc(story: Candidate) -> None:
    assert story.gap("2025-02", MIDNIGHT)["published_on"] == warehouses.day("2025-02-28")


def test_a_live_source_that_repeats_itself_is_shown_as_stale(story: Candidate) -> None:
    [status] = story.rows("SELECT * FROM meta.source_status WHERE source_id = ?", [MIRROR])
    assert status["is_repeating"]
    assert status["last_fetch"] > status["last_change"]


def test_no_case_stops_a_release(story: Candidate) -> None:
    assert story.stopped_by() == []
    assert {*US, *CN} <= {row["model_id"] for row in story.rows("SELECT model_id FROM core.scores")}
