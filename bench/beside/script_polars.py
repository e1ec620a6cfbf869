"""The same models as a Polars script, written as Parquet: ``script_polars.py FOLDER INPUTS FILE…``."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from bench.beside.checks import KEYS, REFERENCES  # noqa: E402 (run as a script)

LIST = ["board", "variant", "category"]
IN_LIST = ["snapshot_id", "category"]
DAY = pl.col("day").is_between("valid_from", "valid_to")


def best(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return (
        frame.sort("score", "model_name", descending=[True, False]).group_by(by, maintain_order=True).first()
    )


def models(inputs: Path, files: list[str]) -> dict[str, pl.DataFrame]:
    names, countries = (pl.read_parquet(inputs / f"{name}.parquet") for name in ("names", "countries"))
    known = pl.scan_parquet(inputs / "inputs.parquet")
    scores = (
        pl.scan_parquet(files)
        .join(known, on="input_id")
        .with_columns(
            day=pl.coalesce("published_on", pl.col("known_at").dt.date()),
            organization_name=pl.col("organization_name").fill_null(""),
        )
        .filter(pl.col("score").is_not_null())
        .join(names.lazy(), on=["source_id", "model_name", "organization_name"])
        .filter(DAY)
        .with_columns(snapshot_id=pl.concat_str("source_id", "board", "variant", "day", separator="/"))
        .group_by("snapshot_id", "source_id", *LIST, "day", "model_name")
        .agg(
            pl.col("score").max(),
            *(pl.col(name).first() for name in ("model_id", "standard_error", "score_low", "score_high")),
            *(pl.col(name).first() for name in ("votes", "rank", "released_on")),
        )
        .with_columns(
            pl.coalesce("standard_error", (pl.col("score_high") - pl.col("score_low")) / 3.92).alias(
                "standard_error"
            )
        )
        .drop("score_low", "score_high")
        .collect(engine="streaming")
    )
    snapshots = scores.group_by("snapshot_id", "source_id", *LIST, "day").agg(models=pl.len())
    ranked = snapshots.sort("models", "snapshot_id", descending=[True, False])
    publications = ranked.group_by(*LIST, "day", maintain_order=True).first().drop("source_id")
    months = (
        publications.with_columns(month=pl.col("day").dt.truncate("1mo"))
        .sort("day", descending=True)
        .group_by(*LIST, "month", maintain_order=True)
        .first()
        .drop("models")
    )
    of_country = scores.join(countries, on="model_id").filter(DAY)
    leaders = best(of_country, [*IN_LIST, "country"]).select(
        *IN_LIST, "country", "score", "model_name", "model_id"
    )
    counted = of_country.group_by(*IN_LIST, "country").agg(models=pl.col("model_id").n_unique())
    leaders = leaders.join(counted, on=[*IN_LIST, "country"])
    spine = (
        months.filter(pl.col("board").str.starts_with("arena_"))
        .group_by(LIST)
        .agg(month=pl.date_ranges(pl.col("month").min(), pl.col("month").max(), "1mo").first())
        .explode("month")
    )
    gap = spine.join(months, on=[*LIST, "month"], how="left")
    for country, prefix in (("US", "us"), ("CN", "cn")):
        tops = leaders.filter(country=country).select(
            *IN_LIST, pl.col("model_name").alias(f"{prefix}_model"), pl.col("score").alias(f"{prefix}_score")
        )
        gap = gap.join(tops, on=IN_LIST, how="left")
    gap = gap.with_columns(
        status=pl.when(pl.col("snapshot_id").is_null())
        .then(pl.lit("no_snapshot"))
        .when(pl.col("cn_score").is_null())
        .then(pl.lit("no_cn_model"))
        .when(pl.col("us_score").is_null())
        .then(pl.lit("no_us_model"))
        .otherwise(pl.lit("observed")),
        gap_points=pl.col("us_score") - pl.col("cn_score"),
    ).with_columns(
        gap_pct_of_cn=100 * pl.col("gap_points") / pl.col("cn_score"),
        us_win_probability=1 / (1 + 10 ** (-pl.col("gap_points") / 400)),
    )
    with_gap = gap.filter(pl.col("gap_points").is_not_null()).with_columns(from_month="month").sort("month")
    carried = ["us_model", "cn_model", "gap_points", "from_month"]
    filled = (
        gap.sort("month")
        .select(*LIST, "month", "status")
        .join_asof(with_gap.select(*LIST, "month", *carried), on="month", by=LIST)
        .filter(pl.col("from_month").is_not_null())
    )
    first_listed = scores.group_by("board", "model_id").agg(first_on=pl.col("day").min())
    vintages = pl.concat(
        [publications.filter(category="overall").select(IN_LIST), months.select(IN_LIST)]
    ).unique()
    entries = (
        of_country.join(vintages, on=IN_LIST)
        .join(first_listed, on=["board", "model_id"])
        .with_columns(available_on=pl.coalesce("released_on", "first_on"))
    )
    holder = [*IN_LIST, "country"]
    frontier = (
        best(entries, [*holder, "available_on"])
        .select(*holder, "available_on", "score", "model_name")
        .sort("available_on")
        .with_columns(previous_record=pl.col("score").cum_max().shift(1).over(holder))
        .filter(pl.col("previous_record").is_null() | (pl.col("score") > pl.col("previous_record")))
    )
    arena = scores.filter(pl.col("board").str.starts_with("arena_"))
    month = pl.col("day").dt.truncate("1mo").alias("month")
    places = (
        arena.filter(category="overall")
        .select(
            "board", month, "model_id", place=pl.col("score").rank("min", descending=True).over("snapshot_id")
        )
        .group_by("board", "month", "model_id")
        .agg(pl.col("place").min())
    )
    cadence = (
        arena.group_by("board", "model_id")
        .agg(day=pl.col("day").min())
        .join(countries, on="model_id")
        .filter(DAY)
        .with_columns(month)
        .join(places, on=["board", "month", "model_id"], how="left")
        .group_by("board", "month", "country")
        .agg(
            first_listed=pl.len(),
            entered_top_10=(pl.col("place") <= 10).sum(),
            entered_top_50=(pl.col("place") <= 50).sum(),
        )
    )
    return {
        "names": names,
        "countries": countries,
        "scores": scores,
        "snapshots": snapshots,
        "publications": publications,
        "country_leaders": leaders,
        "month_snapshots": months,
        "monthly_gap": gap,
        "monthly_gap_filled": filled,
        "frontier": frontier,
        "release_cadence": cadence,
    }


def check(made: dict[str, pl.DataFrame]) -> None:
    for model, key in KEYS.items():
        frame = made[model].select(key)
        assert frame.n_unique() == frame.height, model
        assert not sum(frame.null_count().row(0)), model
    for model, columns, other in REFERENCES:
        assert made[model].join(made[other], on=columns, how="anti").is_empty(), model


def main(folder: str, inputs: str, *files: str) -> None:
    made = models(Path(inputs), list(files))
    check(made)
    for name, frame in made.items():
        frame.write_parquet(Path(folder) / f"{name}.parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
