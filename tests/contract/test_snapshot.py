"""What a parser sees of a body."""

from __future__ import annotations

import pytest

from sources.contract.zip_files import bundle
from sources.errors import ParseError
from tests.fixtures import bodies


def test_a_member_of_a_zip_is_named_by_its_own_name() -> None:
    """Would catch an error about one of seventy files that says only which ZIP it is in."""
    snapshot = bodies.snapshot(
        "epoch_benchmarks", bundle({"data/gpqa_diamond.csv": b"\xff"}), file_name="hub.zip"
    )
    ((name, body),) = snapshot.files().items()
    with pytest.raises(ParseError, match=r"\(data/gpqa_diamond\.csv\): not UTF-8 at byte 0"):
        snapshot.member(name, body).text()


def test_a_byte_order_mark_is_not_text() -> None:
    """Would catch a first column whose name nobody finds."""
    assert bodies.snapshot("aider", b"\xef\xbb\xbfmodel").text() == "model"
