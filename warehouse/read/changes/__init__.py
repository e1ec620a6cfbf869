"""What changed from one release to another, and why, as far as the two files show.

diff.py      compares two release files, by the queries in sql/
reasons.py   why a month changed
formats.py   the result as JSON, CSV, Markdown and text
"""
