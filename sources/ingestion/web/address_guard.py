"""Which addresses may be fetched: http and https, and nothing inside a private network unless it is allowed."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from sources.errors import FetchError
from sources.ingestion.web.web_errors import display

ALLOW_PRIVATE = "AIGAP_ALLOW_PRIVATE"
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def private_is_allowed() -> bool:
    """Does the environment allow addresses of private networks?"""
    return os.environ.get(ALLOW_PRIVATE) == "1"


def check_address(address: str, *, allow_private: bool, redirected_from: str = "") -> None:
    """Raises `FetchError` unless ``address`` is one of http or https, outside private networks.

    Only what the address itself says is checked; what its name resolves to, when connecting.
    """
    found = f"{display(redirected_from)} leads to " if redirected_from else ""
    found += display(address)
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise FetchError(f"{found}: no address", "http or https, and a host") from None
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError(f"{found}: no address of the web", "http or https, and a host")
    if not allow_private and (host == "localhost" or host.endswith(".localhost") or is_private(host)):
        raise private_network(found)


def is_private(address: str) -> bool:
    """Is ``address`` an IP address outside the public internet? False for a name."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    addresses = [ip]
    if isinstance(ip, ipaddress.IPv6Address):
        # Some IPv6 addresses embed the address that the packets are sent to.
        embedded = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in NAT64:
            embedded.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        found = [one for one in embedded if one is not None]
        addresses = found if ip.ipv4_mapped else [ip, *found]
    return any(not one.is_global or one.is_multicast for one in addresses)


def private_network(found: str) -> FetchError:
    """The error for ``found``, which leads into a private network."""
    return FetchError(
        f"{found}: an address of a private network",
        "the public internet",
        f"set {ALLOW_PRIVATE}=1 for a mirror of your own",
    )
