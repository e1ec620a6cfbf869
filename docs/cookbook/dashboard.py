"""The loop of a dashboard: draw, wait for a new release, draw again.

Run as `python docs/cookbook/dashboard.py [SECONDS]`; it looks every 60 seconds unless told otherwise.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import duckdb

LINK = Path(os.environ.get("AIGAP_DATA_DIR", "warehouse/data")) / "aigap.duckdb"
HEADLINE = """
    SELECT
        variant, strftime(from_month, '%Y-%m'), us_model, cn_model,
        round(gap_points, 1), round(gap_low, 1), round(gap_high, 1)
    FROM monthly_gap_filled
    WHERE board = 'arena_text' AND category = 'overall'
    QUALIFY row_number() OVER (PARTITION BY variant ORDER BY month DESC) = 1
    ORDER BY variant
"""


def lead(us: str, cn: str, gap: float) -> str:
    """Who leads whom, by the sign of the gap."""
    if gap == 0:
        return f"{us} and {cn} are level"
    ahead, behind = (us, cn) if gap > 0 else (cn, us)
    return f"{ahead} leads {behind} by {abs(gap)} points"


def draw(release: Path) -> None:
    """Print the headline of ``release``. The file is closed again: nothing stays open while waiting."""
    con = duckdb.connect(str(release), read_only=True, config={"threads": 2, "memory_limit": "1GB"})
    try:
        print(release.stem)
        for variant, month, us, cn, gap, low, high in con.sql(HEADLINE).fetchall():
            interval = f", US lead {low} to {high} (95 %)" if low is not None else ""
            print(f"  {month} {variant}: {lead(us, cn, gap)}{interval}")
    finally:
        con.close()
    sys.stdout.flush()


def main(seconds: float) -> None:
    drawn = None
    while True:
        # The file behind the link: with DuckDB 1.4 the link itself would give the release that another part
        # of this process still has open (see docs/dashboards.md).
        release = LINK.resolve(strict=True)
        if release != drawn:
            draw(release)
            drawn = release
        time.sleep(seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
