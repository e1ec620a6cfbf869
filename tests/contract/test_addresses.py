"""Addresses as they may be shown and stored."""

from __future__ import annotations

import pytest

from sources.contract.addresses import public_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:password@host:8443/a?b=1#c", "https://host:8443/a?b=1"),
        ("https://host/a?token=x&b=1", "https://host/a?b=1"),
        ("https://host/a?X-Amz-Signature=x", "https://host/a"),
        # A query without secrets stays as it was written.
        ("https://host/a?b=%20&c", "https://host/a?b=%20&c"),
        ("https://[host/a", ""),
    ],
)
def test_a_public_address_has_no_secret_and_is_else_the_same(address: str, shown: str) -> None:
    """Would catch a password in a receipt, and an address that no longer matches what was asked."""
    assert public_address(address) == shown
