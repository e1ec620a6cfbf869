"""METR's time horizons. No capture was at hand: the bodies are synthetic, in the shape of METR's published
generator of the file.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import PurePath

import pytest

from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import only, parsed

SAMPLE = """\
benchmark_name: METR-Horizon-v1.1
doubling_time_in_days: # sample, not captured
  from_2023_on:
    ci_high: 158.012
    ci_low: 101.5
    point_estimate: 128.744
long_tasks_version: 0123456789abcdef
results:
  sample_one_inspect:
    benchmark_name: METR-Horizon-v1.1
    metrics:
      average_score:
        estimate: 0.4
      is_sota: true
      p50_horizon_length:
        ci_high: 22.3
        ci_low: 5.4
        estimate: 11.395377
      p80_horizon_length:
        ci_high: 4.0
        ci_low: 0.5
        estimate: 1.5
    release_date: 2024-06-20
    scaffolds:
    - sample/react
  sample_old:
    benchmark_name: METR-Horizon-v1.0
    metrics:
      is_sota: false
      p50_horizon_length:
        ci_high: .nan
        ci_low: 0.01
        estimate: 0.053778
    release_date: '2019-02-14'
"""


def test_a_model_has_its_horizon_in_minutes_with_bounds_and_release_date() -> None:
    """Would catch the 80 % horizon or the average score taken for the 50 % horizon."""
    frame = parsed("metr_horizon", SAMPLE)
    row = only(frame, "sample_one_inspect")
    assert (row["board"], row["category"]) == ("metr_time_horizon", "overall")
    assert (row["score"], row["score_low"], row["score_high"]) == (11.395377, 5.4, 22.3)
    assert (row["released_on"], row["published_on"]) == (date(2024, 6, 20), None)
    extra = json.loads(row["extra"])
    assert extra == {"is_sota": True, "p80_minutes": 1.5, "suite": "METR-Horizon-v1.1"}


def test_a_model_of_an_earlier_suite_says_so_and_nan_is_no_bound() -> None:
    """Would catch horizons of two task suites that cannot be told apart, and NaN as a bound."""
    row = only(parsed("metr_horizon", SAMPLE), "sample_old")
    assert json.loads(row["extra"]) == {"suite": "METR-Horizon-v1.0"}
    assert (row["score_high"], row["released_on"]) == (None, date(2019, 2, 14))


def test_the_order_of_keys_and_a_byte_order_mark_change_nothing() -> None:
    """Would catch a parser that reads lines."""
    turned = (
        "\ufeffresults: {sample_one_inspect: {release_date: 2024-06-20T00:00:00Z, metrics: {p50_horizon_length: "
        "{estimate: 11.395377, ci_low: 5.4, ci_high: 22.3}}}}"
    )
    row = only(parsed("metr_horizon", turned), "sample_one_inspect")
    assert (row["score"], row["score_low"], row["released_on"]) == (11.395377, 5.4, date(2024, 6, 20))


def horizon(text: str) -> str:
    return (
        "results: {sample: {metrics: {p50_horizon_length: {estimate: "
        + text
        + "}}, release_date: 2024-06-20}}"
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("# nothing\n", "JSON object"),
        ("just words", "JSON object"),
        ("results: {}", "no rows"),
        ("scores: {}", "expected also results"),
        (horizon("1.0e+999"), "no row has a score"),
        (horizon(".nan"), "no row has a score"),
        (horizon("null"), "no row has a score"),
        (horizon("an hour"), "a number"),
        (horizon("true"), "a number"),
        ("results: {sample: {metrics: {p50_horizon_length: {value: 1}}}}", "expected also estimate"),
        ("results: {sample: {metrics: {p80_horizon_length: {estimate: 1}}}}", "p50_horizon_length"),
        ("results: {sample: {agents: {one: {}}}}", "metrics"),
        ("results: [1, 2]", "results"),
        (SAMPLE.replace("2024-06-20", "June 2024"), "June 2024"),
    ],
    ids=[
        "comment", "words", "no models", "renamed", "infinite", "nan", "null", "text", "boolean", "no estimate",
        "no p50", "old shape", "list", "date",
    ],
)  # fmt: skip
def test_what_is_not_metrs_file_is_refused_in_one_line(body: str, says: str) -> None:
    """Would catch horizons of another file, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("metr_horizon", body)
    assert "\n" not in caught.value.line()
    assert len(caught.value.line()) < 500


def test_figures_of_unstated_licence_do_not_ship() -> None:
    """Would catch METR's figures in the history."""
    source = get("metr_horizon")
    assert not source.origin.redistributable
    assert source.requests[0].address == "https://metr.org/assets/benchmark_results_1_1.yaml"
    dated = PurePath("metr/benchmark_results_1_1_2026-04-10.yaml")
    assert source.known_at_of(dated, b"") == datetime(2026, 4, 10, tzinfo=UTC)
    assert source.known_at_of(PurePath("benchmark_results_1_1.yaml"), b"") is None
