"""The few calls of GitHub's REST API that a day needs: releases with their files, and issues.

Address, repository and token are those that Actions gives every step: ``GITHUB_API_URL``, ``GITHUB_REPOSITORY``,
``GITHUB_TOKEN``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from sources.errors import AigapError

#: Seconds to connect, and between two pieces of an answer.
TIMEOUT = (30, 120)
#: What a page of a list has at most.
PAGE = 100
#: What GitHub says where issues are turned off.
NO_ISSUES = (410,)


class Hub:
    """One repository."""

    def __init__(self, api: str, repository: str, token: str) -> None:
        self.repository = repository
        self._root = f"{api}/repos/{repository}"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        # Questions are asked again; what makes something is not, the next day does.
        again = Retry(3, backoff_factor=2, status_forcelist=(502, 503, 504), allowed_methods=("GET",))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=again))

    @classmethod
    def from_environment(cls) -> Hub:
        """The repository of this run. Raises `AigapError` outside of one."""
        names = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN")
        if missing := [name for name in names if not os.environ.get(name)]:
            raise AigapError(f"{', '.join(missing)} not set", "a run of GitHub Actions", "see docs/fork.md")
        return cls(*(os.environ[name] for name in names))

    def releases(self) -> list[dict[str, Any]]:
        """All releases in no order, drafts among them. Raises `AigapError` rather than to overlook one."""
        return list(self._list("/releases"))

    def new_draft(self, tag: str, name: str, body: str) -> dict[str, Any]:
        """A release that only those who may write to the repository see, for `upload` and `publish`."""
        asked = {"tag_name": tag, "name": name, "body": body, "draft": True}
        if commit := os.environ.get("GITHUB_SHA"):
            asked["target_commitish"] = commit
        return self._json("POST", "/releases", json=asked)

    def publish(self, draft: dict[str, Any]) -> None:
        """Show a draft to everybody, as the latest."""
        self._json("PATCH", f"/releases/{draft['id']}", json={"draft": False, "make_latest": "true"})

    def delete(self, release: dict[str, Any]) -> None:
        """Remove a release and its tag."""
        self._call("DELETE", f"/releases/{release['id']}")
        if not release["draft"]:
            self._call("DELETE", f"/git/refs/tags/{release['tag_name']}", may=(404, 422))

    def upload(self, release: dict[str, Any], file: Path, name: str) -> None:
        """Add ``file`` to ``release``."""
        address = release["upload_url"].partition("{")[0]
        with file.open("rb") as body:
            self._call(
                "POST", address, params={"name": name}, data=body,
                headers={"Content-Type": "application/octet-stream", "Content-Length": str(file.stat().st_size)},
            )  # fmt: skip

    def download(self, asset: dict[str, Any], to: Path) -> None:
        """Write the file ``asset`` to ``to``. Raises `AigapError` when it is not as long as it should be."""
        headers = {"Accept": "application/octet-stream"}
        with (
            self._call("GET", f"/releases/assets/{asset['id']}", headers=headers, stream=True) as answer,
            to.open("wb") as file,
        ):
            for piece in answer.iter_content(1 << 20):
                file.write(piece)
        if to.stat().st_size != asset["size"]:
            raise AigapError(
                f"{asset['name']} came with {to.stat().st_size} bytes", f"{asset['size']}", "run it again"
            )

    def delete_asset(self, asset: dict[str, Any]) -> None:
        """Remove one file of a release."""
        self._call("DELETE", f"/releases/assets/{asset['id']}")

    def go_on(self) -> bool:
        """Enable the daily run again: GitHub ends schedules of public repositories that are quiet for 60 days."""
        path = "/actions/workflows/refresh.yml/enable"
        return self._call("PUT", path, may=(403, 404, 422)).ok

    def issues(self, label: str) -> list[dict[str, Any]]:
        """Issues with ``label``, open and closed."""
        return list(self._list("/issues", may=NO_ISSUES, labels=label, state="all"))

    def open_issue(self, title: str, body: str, label: str) -> bool:
        """Open an issue; False where the repository has none, as forks at first."""
        asked = {"title": title, "body": body, "labels": [label]}
        return self._call("POST", "/issues", json=asked, may=NO_ISSUES).ok

    def close_issue(self, issue: dict[str, Any], comment: str) -> None:
        """Say why, and close."""
        self._json("POST", f"/issues/{issue['number']}/comments", json={"body": comment})
        self._json("PATCH", f"/issues/{issue['number']}", json={"state": "closed"})

    def _list(self, path: str, may: tuple[int, ...] = (), **query: str) -> Iterator[dict[str, Any]]:
        page, found = 1, PAGE
        while found == PAGE:
            answer = self._call("GET", path, params={**query, "per_page": PAGE, "page": page}, may=may)
            rows = answer.json() if answer.ok else []
            yield from rows
            page, found = page + 1, len(rows)

    def _json(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._call(method, path, **how).json()
        return found

    def _call(self, method: str, path: str, may: tuple[int, ...] = (), **how: Any) -> requests.Response:
        """The answer: a success, or one of the statuses ``may``."""
        address = path if "://" in path else self._root + path
        try:
            answer = self._session.request(method, address, timeout=TIMEOUT, **how)
        except requests.RequestException as error:
            raise AigapError(
                f"{method} {path}: {type(error).__name__}", "an answer of GitHub", "run it again"
            ) from None
        if not answer.ok and answer.status_code not in may:
            raise AigapError(
                f"{method} {path}: HTTP {answer.status_code}", "success", "see docs/fork.md, When a day fails"
            )
        return answer


def run(step: Callable[[], None]) -> None:
    """Run one step; what is expected to go wrong is one line and exit code 1."""
    try:
        step()
    except AigapError as error:
        sys.stderr.write(f"::error::{error.line()}\n")
        raise SystemExit(1) from None


def say(line: str) -> None:
    """A line for the log."""
    sys.stdout.write(f"{line}\n")


def note(variable: str, text: str) -> None:
    """Add a line to the file that ``variable`` names: ``GITHUB_OUTPUT`` or ``GITHUB_STEP_SUMMARY``."""
    if name := os.environ.get(variable):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
