"""Receipts outlive the version that wrote them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from sources.contract.receipt import Receipt

RECEIPT = Receipt("sample", "text", "ab" * 32, 7, "https://example.org/", datetime(2026, 1, 2, tzinfo=UTC),
                  datetime(2026, 1, 3, tzinfo=UTC), key="2026-01-02")  # fmt: skip


def test_a_receipt_of_an_earlier_version_is_read() -> None:
    """Would catch an archive of last year that no longer opens."""
    old = json.loads(RECEIPT.to_json()) | {"unchanged_by": "fingerprint"}
    assert Receipt.from_json(json.dumps(old)) == RECEIPT
    assert "unchanged_by" not in RECEIPT.to_json()


def test_a_receipt_with_a_field_nobody_knows_is_refused() -> None:
    """Would catch a damaged receipt, or one of another program, taken for ours."""
    with pytest.raises(TypeError, match="unheard_of"):
        Receipt.from_json(json.dumps(json.loads(RECEIPT.to_json()) | {"unheard_of": 1}))
