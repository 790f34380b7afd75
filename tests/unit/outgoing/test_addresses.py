"""Security 6: private, loopback, link-local, metadata, CGNAT and IPv4-in-IPv6 addresses are refused."""

from __future__ import annotations

import pytest

from ventuno.outgoing.addresses import refusal_of

CLOSED = (
    *("127.0.0.1", "127.255.255.254", "::1", "0.0.0.0", "::", "0.1.2.3"),  # noqa: S104 - refused
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fd00::1", "fc00::1", "fec0::1"),
    *("169.254.169.254", "169.254.170.2", "fe80::1", "fe80::1%eth0", "fd00:ec2::254"),
    *("100.64.0.1", "100.127.255.255"),
    *("192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1", "ff0e::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1"),
    *("::127.0.0.1", "::a00:1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:53aa:64c::1", "2001:db8::1"),
    *("localhost", "127.1", "0x7f.1", "2130706433", ""),
)


@pytest.mark.parametrize("address", CLOSED)
def test_an_address_that_is_not_of_the_public_internet_is_refused(address: str) -> None:
    assert refusal_of(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_a_public_address_is_open(address: str) -> None:
    assert refusal_of(address) is None


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("::ffff:127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - refused
    ],
)
def test_a_local_stack_opens_loopback_and_nothing_else(address: str, is_open: bool) -> None:  # noqa: FBT001 - a case
    assert (refusal_of(address, loopback_allowed=True) is None) is is_open
