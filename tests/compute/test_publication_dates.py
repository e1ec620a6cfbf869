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

#: First seen before every day of these tests.
LONG_AGO = date(2024, 1, 1)


def agreement(
    shared: int = 40,
    agreeing: int | None = None,
    difference: float = 0.2,
    seen: date = LONG_AGO,
    corrects: bool = False,
) -> Agreement:
    return Agreement(shared, shared if agreeing is None else agreeing, difference, seen, corrects)


SAME = agreement()
OTHER = agreement(agreeing=39)


def listing(key: int, known: str, printed: str | None = None, **more: Any) -> Listing:
    moment = datetime.fromisoformat(known).replace(tzinfo=UTC)
    day = warehouses.day(printed) if printed else None
    not_after = more.pop("not_after", moment.date())
    return Listing(
        key, more.pop("source_id", "mirror"), day, moment, not_after, more.pop("models", 100), **more
    )


def dated(agreements: Mapping[tuple[int, int], Agreement], *listings: Listing) -> dict[int, PublicationDay]:
    """``agreements`` are keyed by copy and original."""
    return date_listings(list(listings), agreements, share=0.99)


def on(day: str, basis: str, same_as: int | None = None) -> PublicationDay:
    return PublicationDay(date.fromisoformat(day), basis, same_as)


def test_a_printed_day_stands_whatever_day_the_bytes_were_known() -> None:
    assert dated({}, listing(1, "2025-03-09", "2025-03-02")) == {1: on("2025-03-02", "printed")}


def test_an_undated_listing_alone_is_not_after_the_day_it_was_known() -> None:
    assert dated({}, listing(1, "2025-03-09T23:59:59")) == {1: on("2025-03-09", "not_after")}


def test_an_undated_copy_of_a_dated_listing_is_that_listing_and_no_new_one() -> None:
    found = dated({(2, 1): SAME}, listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04"))
    assert found[2] == on("2025-03-02", "matched", same_as=1)


def test_figures_that_differ_in_more_than_one_of_a_hundred_are_a_new_listing() -> None:
    found = dated({(2, 1): OTHER}, listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04"))
    assert found[2] == on("2025-03-04", "not_after")


def test_one_figure_of_a_hundred_may_be_a_slip_of_the_copy() -> None:
    original, copy = listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04")
    assert dated({(2, 1): agreement(200, 198)}, original, copy)[2].date_basis == "matched"
    assert dated({(2, 1): agreement(200, 197)}, original, copy)[2].date_basis == "not_after"


def test_a_model_that_nobody_had_seen_by_the_day_makes_a_new_listing() -> None:
    """Would catch the day a model was added dated back to the publication without it, printed or not."""
    copy = listing(2, "2025-03-04")
    for printed in ("2025-03-02", None):
        original = listing(1, "2025-03-02", printed)
        seen = {day: dated({(2, 1): agreement(seen=day)}, original, copy)[2] for day in days_of_march(2, 3)}
        assert seen[date(2025, 3, 2)].same_as == 1
        assert seen[date(2025, 3, 3)] == on("2025-03-04", "not_after")


def days_of_march(*days: int) -> list[date]:
    return [date(2025, 3, day) for day in days]


def test_corrected_facts_count_from_the_day_they_were_known() -> None:
    """Would catch a release date that upstream corrected, hidden behind the older copy of the same scores."""
    first, corrected, again = (listing(key, f"2025-03-0{key}") for key in (1, 2, 3))
    differ = agreement(corrects=True)
    found = dated({(2, 1): differ, (3, 1): differ, (3, 2): SAME}, first, corrected, again)
    assert found[2] == on("2025-03-02", "not_after")
    assert found[3] == on("2025-03-02", "not_after", same_as=2)


def test_a_source_corrects_what_it_printed_last_also_where_the_original_is_another_s() -> None:
    """Would catch a mirror's correction missed because the original, of another source, prints no licences."""
    official = listing(1, "2025-03-01", "2025-03-01", source_id="official")
    first, corrected = listing(2, "2025-03-02"), listing(3, "2025-03-03")
    same = {(2, 1): SAME, (3, 1): SAME, (3, 2): agreement(corrects=True)}
    assert dated(same, official, first, corrected)[2].same_as == 1
    assert dated(same, official, first, corrected)[3] == on("2025-03-03", "not_after")


def test_corrected_facts_are_looked_up_of_two_copies_that_do_not_agree_with_each_other() -> None:
    """Each a slip away from the original, so their agreement is not handed over."""
    listings = [
        listing(1, "2025-03-02", "2025-03-02", source_id="official"),
        listing(2, "2025-03-04"),
        listing(3, "2025-03-06"),
    ]
    asked = []

    def facts_differ(copy: int, original: int) -> bool:
        asked.append((copy, original))
        return True

    found = date_listings(listings, {(2, 1): SAME, (3, 1): SAME}, 0.99, facts_differ)
    # Of the first copy there is no earlier one of its source: it is compared with the original.
    assert asked == [(3, 2)]
    assert found[2] == on("2025-03-02", "matched", same_as=1)
    assert found[3] == on("2025-03-06", "not_after")


def test_a_listing_can_be_bounded_by_another_day_than_when_it_was_known() -> None:
    superseded = listing(1, "2025-03-09", not_after=date(2025, 3, 4))
    assert dated({}, superseded)[1] == on("2025-03-04", "not_after")


def test_a_listing_cannot_copy_what_was_published_after_it_was_known() -> None:
    found = dated({(2, 1): SAME}, listing(1, "2025-03-05", "2025-03-05"), listing(2, "2025-03-04"))
    assert found[2] == on("2025-03-04", "not_after")


def test_of_several_originals_that_agree_the_most_shared_then_the_closest_is_copied() -> None:
    first = listing(1, "2025-03-02", "2025-03-02")
    second = listing(2, "2025-03-05", "2025-03-05")
    copy = listing(3, "2025-03-09")
    more_shared = {(3, 1): agreement(50, difference=0.3), (3, 2): agreement(40, difference=0.01)}
    assert dated(more_shared, first, second, copy)[3] == on("2025-03-02", "matched", same_as=1)
    closer = {(3, 1): agreement(difference=0.01), (3, 2): agreement(difference=0.3)}
    assert dated(closer, first, second, copy)[3] == on("2025-03-02", "matched", same_as=1)
    equal = {(3, 1): SAME, (3, 2): SAME}
    assert dated(equal, first, second, copy)[3] == on("2025-03-05", "matched", same_as=2)


def test_repeats_of_an_undated_listing_keep_the_day_of_the_first() -> None:
    """The table of 2025-08-06 came again under fresh stamps until October: no new months."""
    listings = [listing(1, "2025-08-08"), listing(2, "2025-09-01"), listing(3, "2025-10-01")]
    agreements = {(2, 1): SAME, (3, 1): SAME, (3, 2): SAME}
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
    agreements = {(2, 1): SAME, (3, 2): agreement(10), (3, 1): agreement(9)}
    assert dated(agreements, original, copy, repeat)[3] == on("2025-03-02", "matched", same_as=1)


def test_too_few_shared_models_prove_nothing() -> None:
    undated = listing(2, "2025-03-04", models=20)
    original = listing(1, "2025-03-02", "2025-03-02")
    assert dated({(2, 1): agreement(9)}, original, undated)[2].date_basis == "not_after"
    assert dated({(2, 1): agreement(10)}, original, undated)[2].date_basis == "matched"
    assert dated({}, original, undated)[2].date_basis == "not_after"


def test_a_listing_of_six_models_is_known_by_all_six() -> None:
    original, short = listing(1, "2025-03-02", "2025-03-02"), listing(2, "2025-03-04", models=6)
    assert dated({(2, 1): agreement(6)}, original, short)[2].date_basis == "matched"
    assert dated({(2, 1): agreement(5)}, original, short)[2].date_basis == "not_after"


def test_a_page_that_left_its_stamp_standing_is_dated_by_when_it_was_seen() -> None:
    first = listing(1, "2026-07-11", "2026-07-10", stamp_can_lag=True)
    moved = listing(2, "2026-07-14", "2026-07-10", stamp_can_lag=True)
    assert dated({(2, 1): OTHER}, first, moved) == {
        1: on("2026-07-10", "printed"),
        2: on("2026-07-14", "not_after"),
    }
    again = dated({(2, 1): SAME}, first, moved)
    assert again[2] == on("2026-07-10", "printed")


def test_stamps_of_sources_that_move_them_are_believed() -> None:
    first = listing(1, "2026-07-11", "2026-07-10")
    corrected = listing(2, "2026-07-14", "2026-07-10")
    assert dated({(2, 1): OTHER}, first, corrected)[2] == on("2026-07-10", "printed")


def test_another_source_with_the_same_stamp_does_not_make_a_stamp_lag() -> None:
    first = listing(1, "2026-07-11", "2026-07-10", source_id="other", stamp_can_lag=True)
    page = listing(2, "2026-07-14", "2026-07-10", stamp_can_lag=True)
    assert dated({(2, 1): OTHER}, first, page)[2] == on("2026-07-10", "printed")


# The same in a warehouse of all the cases below.

#: A table that upstream fills under one label, and the label in its bytes.
LABELLED = "livebench"


def table(label: str, known: str, lines: list[dict[str, Any]]) -> Leaderboard:
    """``lines`` in percent."""
    lines = [
        {**line, "score": line["score"] / 20, "published_on": warehouses.day(label), "board": LABELLED}
        for line in lines
    ]
    return Leaderboard(LABELLED, lines, known, "release", stamp=known)


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
        MIRROR, "2025-04-01", [*ROUNDED, warehouses.row("gemma-2-27b-it", 1199.0)], stamp="an old model more"
    ),
)
#: Where the board had the model before, in another variant.
CASES.add(
    "seen before", warehouses.printed(OFFICIAL, "2024-11-01", [warehouses.row("gemma-2-27b-it", 1100.0)])
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


def new_row(score: float = 1299.0) -> dict[str, Any]:
    """A model that no other case lists before the day of its own."""
    return warehouses.row("gpt-4.1-2025-04-14", score)


NEW_MODEL = CASES.add(
    "a new model",
    warehouses.printed(OFFICIAL, "2025-03-15", FULL),
    warehouses.undated(MIRROR, "2025-03-20", [*ROUNDED, new_row()]),
    warehouses.undated(CATALOG, "2025-03-22", [*FULL, new_row(1299.26)]),
)
CUT = CASES.add(
    "cut before the new model",
    warehouses.undated(CATALOG, "2025-03-01", [{**line, "score": line["score"] + 9} for line in FULL]),
    warehouses.printed(SITE, "2025-03-15", sorted(ROUNDED, key=lambda line: -line["score"])[:8]),
    warehouses.undated(MIRROR, "2025-03-20", [*ROUNDED, new_row(1000.0)]),
)


def test_a_copy_with_a_model_nobody_had_seen_is_a_publication_of_its_own_day(story: Candidate) -> None:
    """Would catch GPT-4.1 in a publication dated before it was out, and a mirror of it taken for another one."""
    assert days(story, NEW_MODEL) == {
        f"{OFFICIAL} 2025-03-15": ("2025-03-15", "printed", False),
        f"{MIRROR} 2025-03-20": ("2025-03-20", "not_after", False),
        f"{CATALOG} 2025-03-22": ("2025-03-22", "not_after", False),
    }


def test_a_new_model_below_the_end_of_a_cut_list_does_not_count(story: Candidate) -> None:
    """Would catch every whole copy of a truncated page becoming a publication: the page may have had the model."""
    assert days(story, CUT)[f"{MIRROR} 2025-03-20"] == ("2025-03-15", "matched", True)


HALF = CASES.add(
    "on the edge of rounding",
    warehouses.printed(
        OFFICIAL, "2025-02-27", [{**line, "score": line["score"] // 1 + 0.5} for line in FULL]
    ),
    warehouses.undated(MIRROR, "2025-03-01", [{**line, "score": line["score"] // 1} for line in FULL]),
    warehouses.undated(
        CATALOG, "2025-03-02", [{**line, "score": line["score"] // 1 + 0.56} for line in FULL]
    ),
    warehouses.undated(
        CATALOG, "2025-03-03", [{**line, "score": line["score"] // 1 + 0.55} for line in FULL]
    ),
)


def test_only_a_source_that_rounds_may_differ_by_half_a_point(story: Candidate) -> None:
    """Would catch an unrounded list that moved by a tenth taken for the one before it, or .5 rounded down for moved."""
    assert days(story, HALF) == {
        f"{OFFICIAL} 2025-02-27": ("2025-02-27", "printed", False),
        f"{MIRROR} 2025-03-01": ("2025-02-27", "matched", True),
        f"{CATALOG} 2025-03-02": ("2025-03-02", "not_after", False),
        f"{CATALOG} 2025-03-03": ("2025-02-27", "matched", True),
    }


LICENSED = [{**line, "license_name": "Proprietary"} for line in ROUNDED]
FACTS = CASES.add(
    "corrected facts",
    warehouses.printed(OLD_MIRROR, "2025-02-27", FULL),
    warehouses.undated(MIRROR, "2025-03-01", LICENSED),
    warehouses.undated(MIRROR, "2025-03-02", [{**line, "license_name": "proprietary "} for line in LICENSED]),
    warehouses.undated(MIRROR, "2025-03-10", [{**LICENSED[0], "license_name": "MIT"}, *LICENSED[1:]]),
    warehouses.undated(
        MIRROR, "2025-03-11", [{**LICENSED[0], "license_name": "MIT"}, *LICENSED[1:]], stamp="again"
    ),
)


SAME_DAY_FACTS = CASES.add(
    "corrected within the day",
    warehouses.undated(MIRROR, "2025-03-01T08:00", LICENSED),
    warehouses.undated(MIRROR, "2025-03-01T12:00", [{**LICENSED[0], "license_name": "MIT"}, *LICENSED[1:]]),
    warehouses.undated(
        MIRROR, "2025-03-01T16:00", [{**LICENSED[0], "license_name": "MIT"}, *LICENSED[1:]], stamp="again"
    ),
)


def test_a_fact_corrected_within_the_day_stands(story: Candidate) -> None:
    """Would catch the older copy read because it was known first."""
    [stands] = story.rows(
        "SELECT s.known_at FROM core.publications JOIN core.snapshots AS s USING (snapshot_id) WHERE s.variant = ?",
        [SAME_DAY_FACTS],
    )
    assert stands["known_at"].hour == 12


def test_a_corrected_fact_is_taken_from_its_day_on(story: Candidate) -> None:
    """Would catch a licence that upstream corrected, dated back to the day it was still wrong; spelling is none."""
    assert days(story, FACTS) == {
        f"{OLD_MIRROR} 2025-02-27": ("2025-02-27", "printed", False),
        f"{MIRROR} 2025-03-01": ("2025-02-27", "matched", True),
        f"{MIRROR} 2025-03-02": ("2025-02-27", "matched", True),
        f"{MIRROR} 2025-03-10": ("2025-03-10", "not_after", False),
        f"{MIRROR} 2025-03-11": ("2025-03-10", "not_after", True),
    }


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


FILLED = CASES.add(
    "filled up",
    table("2025-04-02", "2025-04-03", FULL),
    table("2025-04-02", "2025-05-20", FULL),
    table("2025-04-02", "2025-06-20", [*FULL, new_row()]),
    table("2025-06-25", "2025-07-10", [{**line, "score": line["score"] + 30} for line in FULL]),
    # Fetched long after the table that followed it: it has not changed since.
    table("2025-04-02", "2025-09-09", [*FULL, new_row(), warehouses.row("o3-2025-04-16", 1301.0)]),
)


def test_a_table_that_is_filled_under_a_label_is_dated_by_its_bytes(story: Candidate) -> None:
    """Would catch models of June in a month of April because the table began then, or an old table as the newest."""
    assert days(story, FILLED) == {
        f"{LABELLED} 2025-04-03": ("2025-04-03", "not_after", False),
        f"{LABELLED} 2025-05-20": ("2025-04-03", "not_after", True),
        f"{LABELLED} 2025-06-20": ("2025-06-20", "not_after", False),
        f"{LABELLED} 2025-07-10": ("2025-07-10", "not_after", False),
        f"{LABELLED} 2025-09-09": ("2025-07-10", "not_after", False),
    }
    [newest] = story.rows(
        "SELECT snapshot_id FROM core.month_snapshots "
        "WHERE variant = ? AND month = '2025-07-01' AND month_rule = 'last'",
        [FILLED],
    )
    assert "/2025-06-25/" in newest["snapshot_id"]


EARLY = CASES.add(
    "known too early",
    table("2025-04-02", "2025-04-03", [*FULL, warehouses.row("grok-4-0709", 1302.0)]),
    # The only release date we have of the model.
    Leaderboard(
        "epoch_benchmarks",
        [{**warehouses.row("grok-4-0709", 50.0), "board": "gpqa_diamond", "released_on": date(2025, 7, 9)}],
        "2025-08-01",
    ),
)


def test_a_table_is_not_older_than_the_newest_model_in_it(story: Candidate) -> None:
    """Would catch a table given the day of its label by hand, with models that came out months later."""
    assert days(story, EARLY)[f"{LABELLED} 2025-04-03"] == ("2025-07-09", "not_after", False)


def test_a_live_source_that_repeats_itself_is_shown_as_stale(story: Candidate) -> None:
    [status] = story.rows("SELECT * FROM meta.source_status WHERE source_id = ?", [MIRROR])
    assert status["is_repeating"]
    assert status["last_fetch"] > status["last_change"]


def test_no_case_stops_a_release(story: Candidate) -> None:
    assert story.stopped_by() == []
    assert {*US, *CN} <= {row["model_id"] for row in story.rows("SELECT model_id FROM core.scores")}
