"""The folder an export goes to: it may replace an earlier export and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sources.errors import UsageError
from warehouse.export.datapackage import NAME
from warehouse.files import refuse_foreign, replacing_folder, sha256_of

CHECKSUMS = "SHA256SUMS"


@contextmanager
def replacing_export(target: Path) -> Iterator[Path]:
    """A folder to fill that takes the place of ``target`` at the end, as `replacing_folder`, whose errors it raises.

    Also raises `UsageError` if ``target`` contains anything but an earlier export.
    """
    target = target.expanduser().resolve()
    require_replaceable(target)
    with replacing_folder(target) as folder:
        yield folder
        # Again: a file may have been put there in the meantime.
        require_replaceable(target)


def require_replaceable(target: Path) -> None:
    """Raise `UsageError` unless ``target`` is free, an empty folder, or an export and nothing else."""
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file", "a folder, or a name not taken", "name another one")
    if all(path.is_dir() for path in target.rglob("*")):
        return
    if not _is_export(target):
        raise UsageError(
            f"{target} contains files and is not an export of aigap",
            "an earlier export, an empty folder or a name not taken",
            "name another one; nothing was changed",
        )
    listed = {line[66:] for line in (target / CHECKSUMS).read_text(encoding="utf-8").splitlines()}
    refuse_foreign(target, {*listed, CHECKSUMS}, "export")


def checksums(folder: Path) -> str:
    """The lines of ``SHA256SUMS``, for ``sha256sum -c`` in ``folder``: every file below it, by name."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(f"{sha256_of(folder / name)}  {name}\n" for name in files if name != CHECKSUMS)


def _is_export(folder: Path) -> bool:
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(package, dict) and package.get("name") == NAME and (folder / CHECKSUMS).is_file()
