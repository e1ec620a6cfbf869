"""Fetching over HTTP: who may be asked, how often, for how long, and what comes back."""
