"""Sources that are files of a repository, fetched live and for the past over HTTP from real git histories."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from sources.ingestion.address_overrides import OVERRIDES
from sources.ingestion.archive import Archive
from sources.ingestion.backfill import backfill
from sources.ingestion.collect import collect
from sources.ingestion.revision_search import list_revisions
from sources.registry import get
from tests.fixtures import every_source as made
from tests.fixtures.git_replay import Replay, overrides, serving

MMMU, STATS, MIRROR = get("mmmu"), get("llm_stats"), get("arena_dataset_mirror")


def repository(folder: Path, *commits: tuple[str, Mapping[str, bytes | None]]) -> Path:
    """A repository whose commits, each on a day, change these files; None removes one. Returns its git directory."""

    def git(*words: str, **environment: str) -> None:
        own = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), **environment}
        identity = ("-c", "user.name=sample", "-c", "user.email=sample@example.org")
        subprocess.run(["git", *identity, *words], cwd=folder, env=own, check=True, capture_output=True)

    folder.mkdir()
    git("init", "--quiet", "--initial-branch=main")
    for day, files in commits:
        for name, body in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink() if body is None else path.write_bytes(body)
        git("add", "--all")
        moment = f"{day}T12:00:00+02:00"
        git("commit", "--quiet", "--message=x", GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment)
    return folder / ".git"


def unpacked(body: bytes) -> dict[str, bytes]:
    """The files of a tar."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        for member in tar.getmembers():
            file = tar.extractfile(member)
            if file is not None:
                found[member.name] = file.read()
    return found


@pytest.mark.system
def test_repositories_are_fetched_live_and_back_to_their_first_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a past commit read at today's bytes, a renamed or removed file that ends a backfill, an archive of
    a repository whose bytes change from day to day, and a second run that downloads again.
    """
    file = "leaderboard_data.json"
    copied = made.bodies.dataset_copy()
    latest = {"data/lmarena/latest.json": b'{"date": "2026-01-31"}'}
    repositories = {
        "MMMU-Benchmark/mmmu-benchmark.github.io": repository(
            tmp_path / "mmmu",
            ("2025-12-01", {file: made.mmmu(60).encode()}),
            ("2025-12-20", {file: None, "other": b"x"}),
            ("2026-01-02", {file: made.mmmu(70).encode()}),
            ("2026-01-05", {"other": b"y"}),
        ),
        "JonathanChavezTamales/llm-leaderboard": repository(
            tmp_path / "stats", ("2025-09-01", unpacked(made.llm_stats())), ("2025-09-02", {"other": b"x"})
        ),
        "Scarlett9826/arena-ai-leaderboards": repository(
            tmp_path / "mirror",
            ("2026-01-31", {"data/lmarena/2026-01-31/text.json": json.dumps(copied).encode(), **latest}),
        ),
    }
    monkeypatch.setenv("AIGAP_ALLOW_PRIVATE", "1")
    archive = Archive(tmp_path / "archive")
    with serving(Replay(repositories)) as port:
        addresses = tmp_path / "addresses.json"
        addresses.write_text(json.dumps(overrides(port)))
        monkeypatch.setenv(OVERRIDES, str(addresses))

        def live() -> list[str]:
            wanted = [(MMMU, "leaderboard"), (STATS, "scores"), (MIRROR, "text")]
            return [
                outcome.line().partition(" (")[0]
                for source, name in wanted
                for outcome in collect(source, archive.root, [name])
            ]

        requests = ["mmmu/leaderboard", "llm_stats/scores", "arena_dataset_mirror/text"]
        assert live() == [f"{name}: new" for name in requests]
        assert live() == [f"{name}: unchanged" for name in requests]
        revisions = list_revisions(MMMU, since=date(2025, 1, 1))
        assert [str(revision.known_at) for revision in revisions] == [
            f"{day} 10:00:00+00:00" for day in ("2025-12-01", "2025-12-20", "2026-01-02")
        ]
        past = [str(one.result) for each in revisions for one in backfill(MMMU, each, archive.root)]
        assert past == ["new", "gone", "new"]
        assert [revision.key for revision in list_revisions(MIRROR)] == ["2026-01-31"]
    # Today's bytes are known since their commit, not since today.
    first = {archive.load(one).body: str(one.known_at.date()) for one in reversed(archive.history("mmmu"))}
    assert first == {made.mmmu(60).encode(): "2025-12-01", made.mmmu(70).encode(): "2026-01-02"}
