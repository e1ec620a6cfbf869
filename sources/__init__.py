"""aigap: how each leaderboard is fetched and read, in pure Python and Polars, nothing of ours above it."""
