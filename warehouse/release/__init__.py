"""Releases: immutable files and a link to the published one; publishing, rolling back and pruning.

Readers open the link. They never wait and never see half a release: a file is complete, synced and
read-only before the link is replaced, and replacing a link is atomic. (Replacing the file in place would not
be: a reader's stale ``.wal`` next to it breaks every later open.)

    record.py        one release and its JSON file
    state.py         what `aigap status` asks of a release
    listing.py       which releases there are, and which file a name means
    lock.py          one writer at a time
    latest_json.py   latest.json, for programs that wait for a new release
    seal.py          whether a file is still as it was published
    opening.py       a release opened for reading, and for nothing else
    link.py          the link, and latest.json with it
    publishing.py    a candidate becomes a release
    rolling_back.py  back to an earlier release
    pruning.py       remove old releases and the remains of killed publications
    archive_policy.py  remove bodies that no kept release needs
"""

from warehouse.release.latest_json import repair_latest_json
from warehouse.release.listing import (
    current,
    current_file,
    existing,
    existing_past_day,
    find_file,
    find_release,
    past_days,
    previous,
    previous_file,
    published,
    releases,
)
from warehouse.release.lock import Busy, exclusive
from warehouse.release.opening import open_release
from warehouse.release.pruning import KEEP, prune, remove_unfinished
from warehouse.release.publishing import new, publish
from warehouse.release.record import Release
from warehouse.release.rolling_back import rollback
from warehouse.release.seal import broken_seal, require_no_changes_beside, require_sealed, sealed_meanwhile

__all__ = [
    "KEEP",
    "Busy",
    "Release",
    "broken_seal",
    "current",
    "current_file",
    "exclusive",
    "existing",
    "existing_past_day",
    "find_file",
    "find_release",
    "new",
    "open_release",
    "past_days",
    "previous",
    "previous_file",
    "prune",
    "publish",
    "published",
    "releases",
    "remove_unfinished",
    "repair_latest_json",
    "require_no_changes_beside",
    "require_sealed",
    "rollback",
    "sealed_meanwhile",
]
