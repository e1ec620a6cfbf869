"""Epoch's capabilities index: every format it has had, and what a download can do to it.

The bodies are synthetic; the last tests read the real files where there are any.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import only, parsed, read_file
from tests.fixtures.csv_files import rows_of, written

BOARDS = Path(__file__).resolve().parents[2] / "warehouse" / "reference" / "boards.csv"
PAGE = "<!DOCTYPE html><html><head><title>Page not found</title></head></html>"


def fitted(name: str, **changes: object) -> dict[str, object]:
    """One row of `eci_scores.csv`."""
    row = {
        "Model": name, "Display name": f"{name} (high)", "eci": "140.5", "eci_ci_low": "137.25",
        "eci_ci_high": "145.0", "date": "2025-11-18", "Organization": "Northwind",
        "Country (of organization)": "United States of America", "Model accessibility": "API access",
        "Accessibility group": "Closed weights", "model_versions": "",
    }  # fmt: skip
    return {**row, **changes}


def version(name: str, **changes: object) -> dict[str, object]:
    """One row of `epoch_capabilities_index.csv`."""
    row = {
        "Model version": name, "ECI Score": "140.5", "Release date": "2026-01-27", "Organization": "Contoso",
        "Country": "China", "Model accessibility": "Open weights (unrestricted)", "Training compute (FLOP)": "",
        "Confidence": "Likely", "Model name": name, "Description": "", "Display name": "",
    }  # fmt: skip
    return {**row, **changes}


def tracked(name: str, **changes: object) -> dict[str, object]:
    """One row of the tracker's extract of the index."""
    row = {
        "model": name, "display_name": "", "eci": "140.5", "eci_std": "2.5", "date": "2026-01-27",
        "organization": "Fabrikam", "is_open": "True", "is_china": "True",
    }  # fmt: skip
    return {**row, **changes}


@pytest.mark.parametrize("sample", [fitted, version, tracked])
def test_every_shape_of_the_index_is_read(sample: object) -> None:
    """Would catch a vintage lost because upstream renamed its columns."""
    row = only(parsed("epoch_eci", written([sample("Sample 1"), sample("Sample 2")])), "Sample 1")  # type: ignore[operator]
    assert (row["board"], row["variant"], row["category"]) == ("eci", "default", "overall")
    assert (row["score"], row["published_on"]) == (140.5, None)
    assert isinstance(row["released_on"], date)
    assert row["organization_name"] in ("Northwind", "Contoso", "Fabrikam")


def test_bounds_of_the_index_hold_ninety_percent() -> None:
    """Would catch intervals a sixth too narrow, by taking Epoch's bounds for 95 %; and a made-up error of
    the two models that fix the scale.
    """
    body = written([fitted("Sample 1"), fitted("Anchor", eci="150.0", eci_ci_low="", eci_ci_high="")])
    frame = parsed("epoch_eci", body)
    row = only(frame, "Sample 1")
    assert (row["score_low"], row["score_high"]) == (137.25, 145.0)
    assert row["standard_error"] == pytest.approx(7.75 / 3.2897, abs=1e-4)
    assert only(frame, "Anchor")["standard_error"] is None


def test_a_printed_deviation_is_the_standard_error_and_missing_errors_stay_missing() -> None:
    """Would catch an error made up for the shape that has none."""
    assert only(parsed("epoch_eci", written([tracked("Sample 1")])), "Sample 1")["standard_error"] == 2.5
    assert only(parsed("epoch_eci", written([version("Sample 1")])), "Sample 1")["standard_error"] is None


def test_models_without_a_score_are_no_part_of_the_index() -> None:
    """Would catch Epoch's whole list of models counted as ranked, so that other vintages look cut."""
    body = written(
        [version("Sample 1"), version("Sample 2", **{"ECI Score": ""}), version("3", **{"ECI Score": "NaN"})]
    )
    assert parsed("epoch_eci", body)["model_name"].to_list() == ["Sample 1"]


def test_names_stay_as_printed() -> None:
    """Would catch resellers' copies merged and a footnote lost by the parser: identity is decided elsewhere."""
    body = written(
        [
            version("reseller/sample-1"),
            version("sample-1"),
            version("preview", **{"ECI Score": "161", "Display name": "Preview (Apr 7)*"}),
            version("glued", **{"Model name": "Glued\n", "Organization": "Contoso,Northwind University"}),
        ]
    )
    frame = parsed("epoch_eci", body)
    assert frame["model_name"].to_list() == ["reseller/sample-1", "sample-1", "preview", "glued"]
    row = only(frame, "preview")
    assert (row["score"], json.loads(str(row["extra"]))["display_name"]) == (161.0, "Preview (Apr 7)*")
    assert only(frame, "glued")["organization_name"] == "Contoso,Northwind University"


def test_a_model_may_be_called_like_nothing() -> None:
    """Would catch a model lost because its name reads like a blank."""
    for name in ("unknown", "None"):
        assert parsed("epoch_eci", written([fitted(name)]))["model_name"].to_list() == [name]


def test_a_model_without_a_release_date_is_kept() -> None:
    """Would catch a ranked model dropped, or a date invented."""
    row = only(parsed("epoch_eci", written([fitted("Sample 1"), fitted("Old", date="")])), "Old")
    assert (row["score"], row["released_on"]) == (140.5, None)


def test_columns_in_another_order_and_a_byte_order_mark_change_nothing() -> None:
    """Would catch columns taken by place."""
    rows = [fitted("Sample 1"), fitted("Sample 2", eci="139.0")]
    turned = "\ufeff" + written(rows, list(reversed(list(rows[0]))))
    assert parsed("epoch_eci", turned).equals(parsed("epoch_eci", written(rows)))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (PAGE, "a web page"),
        ("", "empty body"),
        (written([fitted("x")]).splitlines()[0] + "\n", "no rows"),
        (written([fitted("x", eci="")]), "no rows"),
        (written([fitted("x", eci="1e999")]), "no rows"),
        (written([fitted("x")]).replace(",eci,", ",index,"), "ECI Score or eci"),
        (written([fitted("x", eci="about 140")]), "about 140"),
        (written([fitted("x", date="18.11.2025")]), "18.11.2025"),
        (b"Model,Display name,eci,date,Organization\nx,\xff\xfe,1,2025-01-01,y\n", "not UTF-8"),
    ],
    ids=["page", "empty", "header", "no score", "infinite", "renamed", "words", "date", "encoding"],
)
def test_a_broken_index_is_refused_in_one_line(body: str | bytes, says: str) -> None:
    """Would catch a broken download that replaces a vintage, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("epoch_eci", body)
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("eci_scores_2025-12-19.csv", (2025, 12, 19)),
        ("model_versions_2025-12.csv", (2025, 12, 31)),
        ("benchmarks_runs_2024-02.csv", (2024, 2, 29)),
        ("eci_scores_2025-13.csv", None),
        ("eci_scores_2025-02-30.csv", None),
        ("eci_scores.csv", None),
    ],
)
def test_a_vintage_is_known_from_the_day_in_its_name(name: str, day: tuple[int, int, int] | None) -> None:
    """Would catch a vintage known before its month was over, or at the day of a copy."""
    expected = datetime(*day, tzinfo=UTC) if day else None
    for source in (get("epoch_eci"), get("epoch_benchmarks")):
        assert source.known_at_of(PurePath(name), b"") == expected


def test_an_index_without_rows_says_so() -> None:
    """Would catch an empty vintage taken for a good one."""
    with pytest.raises(EmptyTable):
        parsed("epoch_eci", "")


def test_every_real_index_is_read_whole(upstream: Path) -> None:
    """Would catch rows lost from a vintage."""
    source = get("epoch_eci")
    found = {path for pattern in source.raw_patterns for path in upstream.glob(pattern)}
    assert found == {
        path for path in (upstream / "epoch").glob("*.csv") if path.name.startswith(("eci_", "epoch_cap"))
    }
    for path in found:
        score = next(name for name in ("ECI Score", "eci") if name in rows_of(path)[0])
        name = next(iter(rows_of(path)[0]))
        expected = {row[name].strip(): float(row[score]) for row in rows_of(path) if row[score].strip()}
        frame = read_file(source, path)
        assert dict(frame.select("model_name", "score").iter_rows()) == expected
        assert frame.height == len(expected) > 130
        assert frame["released_on"].null_count() <= 3


def test_the_real_vintages_hold_what_is_known_of_them(upstream: Path) -> None:
    """Would catch one shape's columns read as another's."""
    source = get("epoch_eci")
    first = read_file(source, upstream / "epoch" / "eci_scores_2025-12-19.csv")
    assert first.filter(pl.col("standard_error").is_null())["model_name"].sort().to_list() == [
        "Claude 3.5 Sonnet",
        "GPT-5",
    ]
    second = read_file(source, upstream / "epoch" / "epoch_capabilities_index_2026-04-10.csv")
    assert only(second, "claude-mythos-2026-04-07")["score"] == 161
    assert second.filter(pl.col("model_name").str.starts_with("fireworks/")).height == 2
    third = read_file(source, upstream / "epoch" / "eci_scores_2026-08-22.csv")
    assert third["standard_error"].null_count() == 2
