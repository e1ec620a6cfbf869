"""Where the page of a board, a category, a model, a pair of countries or a table lies, from the root of the folder.

Names come from outside. Each address is of one name, safe in a file system and a URL, and the same in every release.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

#: Longest part of an address, so that no file system refuses it.
LONGEST = 80
_PLAIN = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
#: Names that mean something else in a folder of pages or in Windows.
_RESERVED = re.compile(r"index|con|prn|aux|nul|(com|lpt)\d")


def slug(name: str) -> str:
    """``name`` as part of a file name: itself where it is plain, else its plain letters and a few of its sha256.

    No two names have the same, also where a file system does not tell upper from lower case.
    """
    plain = _PLAIN.fullmatch(name) and "--" not in name and not _RESERVED.fullmatch(name.split(".")[0])
    if plain and len(name) <= LONGEST:
        return name
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only)[: LONGEST - 9].strip("-")
    code = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{words}-{code}" if words else code


def board_file(board: str, category: str = "overall") -> str:
    """The page of a board, or of one of its categories."""
    part = "" if category == "overall" else f"--{slug(category)}"
    return f"boards/{slug(board)}{part}.html"


def model_file(model_id: str) -> str:
    return f"models/{slug(model_id)}.html"


def pair_file(a_country: str, b_country: str) -> str:
    return f"pairs/{slug(a_country.lower())}-{slug(b_country.lower())}.html"


def table_file(full_name: str) -> str:
    return f"dictionary/{slug(full_name)}.html"
