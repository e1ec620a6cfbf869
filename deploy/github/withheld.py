"""One issue for each line of a reference table that would mend something withheld, with the line to paste.

An issue that is there, open or closed, is not opened again; one whose line is no longer asked for is closed.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import urlencode

from hub import Hub, note, run, say
from warehouse import release
from warehouse.db import read_only
from warehouse.reference.data import COLUMNS
from warehouse.reference.resolving import read_line
from warehouse.release.withheld import Withheld, read
from warehouse.workspace import Workspace

LABEL = "aigap-withheld"
#: Where a fork keeps its own lines (``AIGAP_REFERENCE_DIR`` in refresh.yml).
FOLDER = "deploy/github/reference"
MARK, MARKED = "<!-- aigap: {} -->", r"<!-- aigap: (\w+) -->"


def main() -> None:
    """Open and close issues as the published release asks for lines."""
    hub, workspace = Hub.from_environment(), Workspace.from_environment()
    with read_only(release.published(workspace)) as con:
        asked = {mark(entry): entry for entry in read(con) if entry.csv_line}
    issues = hub.issues(LABEL)
    known = {
        found[0]: issue
        for issue in issues
        if (found := re.findall(r"<!-- aigap: (\w+) -->", issue["body"] or ""))
    }
    for key, entry in asked.items():
        if key in known:
            say(f"#{known[key]['number']} asks for it already: {title(entry)}")
        elif hub.open_issue(title(entry), body(hub, entry, key, workspace.reference), LABEL):
            say(f"opened: {title(entry)}")
        else:
            say(
                "::warning::this repository has no issues (Settings, Features): the line is in the summary of the run"
            )
            note("GITHUB_STEP_SUMMARY", body(hub, entry, key, workspace.reference))
    name = release.published(workspace).readlink().stem
    for key, issue in known.items():
        if key not in asked and issue["state"] == "open":
            hub.close_issue(issue, f"{name} does not withhold it any more.")
            say(f"closed #{issue['number']}")


def mark(entry: Withheld) -> str:
    """The same for the same line, on whatever day."""
    return hashlib.sha256(f"{entry.csv_file}\0{entry.csv_line}".encode()).hexdigest()[:16]


def title(entry: Withheld) -> str:
    """Who is meant, and where it is missing."""
    who = next((name for name in (*entry.models, *entry.organizations) if name), "a name")
    return f"Withheld: {who} ({', '.join(entry.places)})"[:200]


def body(hub: Hub, entry: Withheld, key: str, own: Path) -> str:
    """What is withheld, the line, and where to paste it."""
    line = read_line(f"{entry.csv_file}: {entry.csv_line}")
    file = f"{line.table}.csv"
    address = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{hub.repository}"
    branch = os.environ.get("GITHUB_REF_NAME", "main")
    header = ",".join(COLUMNS[line.table])
    if (own / file).is_file():
        where = f"Add it at the end of [{FOLDER}/{file}]({address}/edit/{branch}/{FOLDER}/{file})."
    else:
        query = urlencode({"filename": file, "value": f"{header}\n{line.text}\n"})
        where = (
            f"[Make the file {FOLDER}/{file}]({address}/new/{branch}/{FOLDER}?{query}) with these two lines."
        )
    fill = f" Fill in {', '.join(f'`{cell}`' for cell in line.unfilled())} first." if line.unfilled() else ""
    places = "\n".join(f"- {place}" for place in entry.places)
    stands = (
        "Another publication of the same day stands for it."
        if entry.is_covered
        else "The last good figures stand."
    )
    return f"""{entry.message}

Left out until it is resolved:

{places}

{stands} The line that resolves it:

```csv
{header}
{line.text}
```

{where}{fill} The next daily run publishes what was withheld and closes this issue;
[run it now]({address}/actions/workflows/refresh.yml) with "Run workflow".

{MARK.format(key)}
"""


if __name__ == "__main__":
    run(main)
