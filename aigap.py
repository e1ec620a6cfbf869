"""The command `aigap`: looks at what it stands on, then starts `pipelines.cli`.

The packages of the wheel have common names. This module has one of its own and imports none of them before it has
looked, so it still runs where another distribution has put its files over ours.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("sources", "warehouse", "pipelines")
#: What the first line of each package's `__init__.py` begins with.
MARK = b'"""aigap: '
HOME = Path(__file__).resolve().parent
REMEDY = "install aigap in an environment of its own: pipx install or uv tool install, with the address of the wheel"


def main() -> None:
    """Run the command line, or say in one line why it cannot run here."""
    if reason := hindrance():
        refuse(reason)
    try:
        from pipelines.cli import main as run

        run()
    except Exception:
        # Files of another distribution among ours: what they break can be anything.
        if others := neighbours():
            refuse(f"{others} installs files of the same names here; expected aigap's own; {REMEDY}")
        raise


def hindrance() -> str | None:
    """Why aigap cannot run here, as one line. Costs a look at three files; imports nothing."""
    if sys.platform == "win32":
        return "Windows cannot run aigap itself; expected Linux or macOS; run it in WSL (wsl --install)"
    for package in PACKAGES:
        spec = find_spec(package)
        ours = HOME / package / "__init__.py"
        at = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if at != ours or not ours.read_bytes().startswith(MARK):
            whose = neighbours() or (f"another program ({at})" if at else "missing")
            verb = "is" if whose == "missing" else "is of"
            return f"the package {package} {verb} {whose} here; expected aigap's own; {REMEDY}"
    return None


def neighbours() -> str:
    """The other distributions of this environment that install one of our packages, or nothing.

    Reads what each distribution recorded, which takes about a tenth of a second.
    """
    from importlib.metadata import packages_distributions

    installed = packages_distributions()
    return ", ".join(
        sorted({name for package in PACKAGES for name in installed.get(package, [])} - {"aigap"})
    )


def refuse(reason: str) -> None:
    """Print ``reason`` and exit with the code of wrong use."""
    sys.stderr.write(f"aigap: {reason}\n")
    raise SystemExit(2)


if __name__ == "__main__":
    main()
