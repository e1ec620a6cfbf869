"""Fetching over HTTP: allowed addresses, pacing, limits and retries."""
