"""MMMU: questions of college exams with pictures. One JSON file in the repository of the board's site, from 2024-09.

Two boards: the validation set, and MMMU-Pro, which is harder. Scores are text, in per cent. `source: author` beside a
score is the asterisk on the page: the model's author reported it; the others were measured by those who made the board.
No maker is printed, and no day of the table: a vintage is dated by its commit. Experts and guesses are no models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from sources.contract import Basis, Origin, Request, Snapshot, Source
from sources.errors import ParseError, excerpt
from sources.parsing.columns import rows_of
from sources.parsing.dates import known_at_in_name
from sources.parsing.github import Repository
from sources.parsing.json import read_json

REPOSITORY = Repository("MMMU-Benchmark/mmmu-benchmark.github.io")
FILE = "leaderboard_data.json"
MEDIA_TYPES = ("text/plain", "application/json")
#: Part of an entry → board. A third, `test`, has had no new models since 2025.
BOARDS: Mapping[str, str] = {"validation": "mmmu", "pro": "mmmu_pro"}
COLUMNS = ("board", "model_name", "score", "released_on", "type", "size", "link", "source")
NO_MODELS = ("human_expert", "random_frequent")
#: Methods around somebody else's model, by the beginning of their names: a reward model that guides GPT-5 mini, and a
#: visual agent in an app, https://www.chance.vision, which does not say what model it asks.
SCAFFOLDS = ("DreamPRM", "Chance Vision")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per board and model with a score on it. ``extra`` has the printed size, type and link.

    ``released_on`` is the printed day of the model. Raises `ParseError` when an entry has no name or no type.
    """
    rows = rows_of(COLUMNS, list(_lines(snapshot)), snapshot)
    rows.keep(~pl.col("type").is_in(NO_MODELS))
    rows.parse_names("model_name")
    rows.parse_floats("score")
    rows.keep(pl.col("score").is_not_null())
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    rows.frame = rows.frame.with_columns(basis=_basis())
    rows.parse_strings("size")
    rows.with_extra(["basis", "type", "size", "link"])
    return rows.conform(variant="default", category="overall")


def _lines(snapshot: Snapshot) -> Iterator[list[str]]:
    """The cells `COLUMNS` of each entry and board that it has a part of; blank where nothing is printed."""
    entries = read_json(snapshot).get("leaderboardData")
    for place, entry in enumerate(entries if isinstance(entries, list) else [None]):
        info = entry.get("info") if isinstance(entry, dict) else None
        if not isinstance(info, dict) or not all(isinstance(info.get(key), str) for key in ("name", "type")):
            raise ParseError(
                f"{snapshot.where()}: entry {place} {excerpt(entry, 60)}",
                "a list leaderboardData of entries with info, name and type",
                "upstream changed its format: fix the parser",
            )
        for part, board in BOARDS.items():
            if isinstance(scores := entry.get(part), dict):
                cells = (
                    info["name"],
                    scores.get("overall"),
                    info.get("date"),
                    info["type"],
                    info.get("size"),
                )
                yield [board, *map(_text, (*cells, info.get("link"), scores.get("source")))]


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _basis() -> pl.Expr:
    """The basis of a row where it is not that of the board."""
    is_scaffold = pl.any_horizontal(pl.col("model_name").str.starts_with(name) for name in SCAFFOLDS)
    return (
        pl.when(is_scaffold)
        .then(pl.lit(Basis.SCAFFOLD.value))
        .when(pl.col("source") == "author")
        .then(pl.lit(Basis.AUTHOR_REPORTED.value))
    )


SOURCE = Source(
    id="mmmu",
    title="MMMU",
    origin=Origin(
        producer="MMMU",
        title="MMMU leaderboard",
        address="https://mmmu-benchmark.github.io",
        citation=f"Yue et al., MMMU leaderboard ({REPOSITORY.address}), CC-BY-SA-4.0",
        licence="CC-BY-SA-4.0",
        licence_address="https://creativecommons.org/licenses/by-sa/4.0/",
        redistributable=True,
        redistribution_note="CC-BY-SA-4.0 allows it with attribution and under the same licence.",
    ),
    requests=(Request("leaderboard", REPOSITORY.raw(FILE), MEDIA_TYPES),),
    parse=parse,
    basis=Basis.ONE_PARTY,
    # The newest commit of the repository as it was read.
    every_change_until=date(2026, 7, 3),
    cadence=timedelta(days=90),
    row_floor=50,
    raw_patterns=("mmmu/leaderboard_data__*.json",),
    known_at_of=known_at_in_name,
    address_of=lambda path: REPOSITORY.address_of(path, FILE),
    revisions=REPOSITORY.revisions({"leaderboard": (FILE,)}, MEDIA_TYPES),
)
