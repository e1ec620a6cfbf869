"""The two countries a release compares, and how sentences name them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

#: As the subject of a sentence and as an adjective; other countries are named by their code.
SUBJECTS = {"US": "the US", "CN": "China"}
ADJECTIVES = {"CN": "Chinese"}


@dataclass(frozen=True)
class CountryPair:
    """ISO 3166-1 codes. A positive gap is a lead of ``first``.

    Columns called ``us_…`` are of ``first`` and those called ``cn_…`` of ``second``, whatever the two are.
    """

    first: str = "US"
    second: str = "CN"

    @property
    def second_adjective(self) -> str:
        """As in "the Chinese score"."""
        return ADJECTIVES.get(self.second, self.second)

    def lead(self, gap_points: float) -> str:
        """As in "the US leads by 12.3 points"."""
        if gap_points == 0:
            return "level at 0.0 points"
        leader = self.first if gap_points > 0 else self.second
        return f"{SUBJECTS.get(leader, leader)} leads by {abs(gap_points):.1f} points"


def read_country_pair(con: duckdb.DuckDBPyConnection) -> CountryPair:
    """The pair of the release that ``con`` has open."""
    values = dict(con.sql("SELECT name, value FROM meta.parameters").fetchall())
    return CountryPair(values["country_a"], values["country_b"])
