"""Which addresses a request may connect to: only those of the public internet.

The question is asked of the address that is really connected to, never of the name in the URL.
Source: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

# IPv6 networks that carry an IPv4 address, and the bit where it begins, counted from the right.
_CARRIERS: Final = tuple(
    (IPv6Network(network), shift)
    for network, shift in (
        ("::/96", 0),  # IPv4-compatible, deprecated
        ("::ffff:0:0/96", 0),  # IPv4-mapped
        ("::ffff:0:0:0/96", 0),  # IPv4-translated
        ("64:ff9b::/96", 0),  # NAT64
        ("64:ff9b:1::/48", 0),  # NAT64 of local networks
        ("2002::/16", 80),  # 6to4
    )
)
# Public by the registries and yet no place for a request to a web server.
_CLOSED: Final = tuple(
    ip_network(network)
    for network in (
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "2001::/32",  # Teredo: the address behind it is obfuscated
        "fec0::/10",  # site-local, deprecated
    )
)


def refusal_of(address: str, *, loopback_allowed: bool = False) -> str | None:
    """Say what keeps a request from connecting to this address; None when nothing does."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "is no IP address"
    return _refusal(found, loopback_allowed=loopback_allowed)


def _refusal(found: IPv4Address | IPv6Address, *, loopback_allowed: bool) -> str | None:
    if found.is_loopback:
        return None if loopback_allowed else "is this machine itself"
    if isinstance(found, IPv6Address) and (inner := _carried(found)) is not None:
        return _refusal(inner, loopback_allowed=False)
    if found.is_link_local:
        return "is link-local, where machines keep their credentials"
    if found.is_multicast:
        return "is a multicast address"
    if not found.is_global or any(found in network for network in _CLOSED):
        return "is in a private or reserved network"
    return None


def _carried(found: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside an IPv6 one."""
    for network, shift in _CARRIERS:
        if found in network:
            return IPv4Address(int(found) >> shift & 0xFFFF_FFFF)
    return None
