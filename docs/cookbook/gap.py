"""The monthly gap as a marimo notebook.

`marimo edit docs/cookbook/gap.py` opens it in the browser; `python docs/cookbook/gap.py` runs every cell
without one and fails on the first cell that fails.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="The monthly gap")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    data = Path(os.environ.get("AIGAP_DATA_DIR", "warehouse/data"))
    con = duckdb.connect(str(data / "aigap.duckdb"), read_only=True)
    return alt, con, mo


@app.cell
def _(con, mo):
    series = con.sql("""
        SELECT DISTINCT board || ' ' || variant || ' ' || category AS series
        FROM monthly_gap WHERE gap_points IS NOT NULL ORDER BY series
    """).fetchall()
    chosen = mo.ui.dropdown(
        [row[0] for row in series], value="arena_text style_control overall", label="Series"
    )
    chosen
    return (chosen,)


@app.cell
def _(chosen, con):
    board, variant, category = chosen.value.split()
    months = con.sql(
        """
        SELECT month, status, us_model, us_score, cn_model, cn_score, gap_points, gap_low, gap_high, is_tie
        FROM monthly_gap WHERE board = $board AND variant = $variant AND category = $category
        QUALIFY count(gap_points) OVER (ORDER BY month) > 0 -- from the first number on
        ORDER BY month
        """,
        params={"board": board, "variant": variant, "category": category},
    ).pl()
    return (months,)


@app.cell
def _(months):
    assert not months.is_empty()
    # Numbers are of one snapshot each: the difference of the two scores is the gap.
    held = months.drop_nulls("gap_points")
    assert ((held["us_score"] - held["cn_score"] - held["gap_points"]).abs() < 1e-9).all()
    return (held,)


@app.cell
def _(alt, mo, months):
    # Every month has a row, so the line breaks where there is no number: nothing is drawn across.
    time = alt.X("month:T", title=None)
    interval = (
        alt.Chart(months)
        .mark_rule(opacity=0.5)
        .encode(time, alt.Y("gap_low:Q", title="US lead, points"), alt.Y2("gap_high:Q"))
    )
    gap = (
        alt.Chart(months)
        .mark_line(point=True)
        .encode(
            time,
            y="gap_points:Q",
            tooltip=["month:T", "us_model", "cn_model", "gap_points", "gap_low", "gap_high", "status"],
        )
    )
    zero = alt.Chart().mark_rule(strokeDash=[4, 4]).encode(y=alt.datum(0))
    chart = alt.layer(interval, gap, zero).properties(width=680, height=320)
    mo.ui.altair_chart(chart, chart_selection=False, legend_selection=False)
    return (chart,)


@app.cell
def _(held, mo):
    closest = held.row(held["gap_points"].abs().arg_min(), named=True)
    _points, _us, _cn = closest["gap_points"], closest["us_model"], closest["cn_model"]
    _ahead, _behind = (_us, _cn) if _points > 0 else (_cn, _us)
    _who = (
        f"{_ahead} led {_behind} by **{abs(_points):.1f} points**"
        if _points
        else f"{_us} and {_cn} were level"
    )
    mo.md(
        f"Closest in **{closest['month']:%B %Y}**: {_who}. Bars are 95 % intervals, where upstream publishes "
        "errors; months without a number have none here."
    )
    return


if __name__ == "__main__":
    app.run()
