"""The page that runs SQL in the reader's browser: DuckDB as WebAssembly on a copy of the published file.

The engine is not part of the project: 36 MB that change with every version. The command takes the packages as npm
packs them, and only files with the expected sha256 get into the folder.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from sources.errors import UsageError
from warehouse.release import published
from warehouse.site.page import ExtraPage, Page
from warehouse.workspace import Workspace

ASSETS = Path(__file__).parent / "assets"
DATABASE = "aigap.duckdb"


@dataclass(frozen=True)
class NpmPackage:
    """An npm package, the tarball `npm pack` makes of it, and the sha256 of what is used of it."""

    name: str
    version: str
    tarball: str
    files: dict[str, str]


#: 1.32.0 is DuckDB 1.4.3, which reads the storage version the releases are written in.
PACKAGES = (
    NpmPackage(
        "@duckdb/duckdb-wasm",
        "1.32.0",
        "duckdb-duckdb-wasm-1.32.0.tgz",
        {
            "dist/duckdb-browser.mjs": "4f8c0bb3c23d1ec457a451cc27418597b9a40dd772cceacc436a2cb7b9a49c18",
            "dist/duckdb-browser-eh.worker.js": "f8ab72b6b90b3ad83077d47426d4a99d5d9a4c7e07cba1a2be37d655adc7c1ab",
            "dist/duckdb-eh.wasm": "4c221bfa59c11f24dbd750e70c90b9252eca6eec5633936e6a2ec766e55fd879",
        },
    ),
    NpmPackage(
        "apache-arrow",
        "17.0.0",
        "apache-arrow-17.0.0.tgz",
        {"Arrow.es2015.min.js": "375fb7c891e25677c021e585d4ec51a5752112b182f41d51071b8401e590379e"},
    ),
)


def how_to_get() -> str:
    """The command that downloads the tarballs."""
    return "npm pack " + " ".join(f"{package.name}@{package.version}" for package in PACKAGES)


def sql_page(workspace: Workspace, tarballs: Path) -> ExtraPage:
    """The page, with the engine of the packages in ``tarballs`` and a copy of the published file.

    Raises `UsageError` if a package is not there or another one.
    """
    engine = read_engine(tarballs)

    def add(folder: Path) -> None:
        target = folder / "assets" / "sql"
        target.mkdir()
        for name, body in engine.items():
            (target / name).write_bytes(body)
        for name in ("arrow.mjs", "sql.mjs"):
            shutil.copyfile(ASSETS / name, target / name)
        shutil.copyfile(published(workspace), folder / DATABASE)

    return ExtraPage(
        Page(
            "sql.html",
            "SQL",
            "Query the release itself, in your browser: nothing you type leaves your computer.",
            "sql.html.j2",
            navigation="SQL",
            order=90,
        ),
        add,
    )


def read_engine(folder: Path) -> dict[str, bytes]:
    """Name to bytes of every file of the engine, from the tarballs in ``folder``. Raises `UsageError`."""
    found: dict[str, bytes] = {}
    for package in PACKAGES:
        path = folder / package.tarball
        if not path.is_file():
            raise UsageError(f"no {package.tarball} in {folder}", "both packages there", how_to_get())
        try:
            with tarfile.open(path) as tar:
                for name, sha256 in package.files.items():
                    member = tar.extractfile(f"package/{name}")
                    body = b"" if member is None else member.read()
                    if hashlib.sha256(body).hexdigest() != sha256:
                        raise UsageError(
                            f"{name} in {package.tarball} has another sha256", sha256, how_to_get()
                        )
                    found[Path(name).name] = body
        except (KeyError, tarfile.TarError, OSError, EOFError):
            raise UsageError(f"{path} cannot be read", "a tarball of npm pack", how_to_get()) from None
    return found
