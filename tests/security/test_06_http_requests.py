"""Security 6: an HTTP request never reaches an address that is not public, however it is written or reached.

Every case goes through the whole action and the real client, beside a server that would answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from tests.builders import step
from tests.fakes.mail import SALES
from tests.fakes.world import World
from tests.peers.web_server import Peer, running
from ventuno import errors
from ventuno.adapters.http import GuardedHttpClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.adapters.names import Resolve

HOSTS: Final = {
    "loopback": "127.0.0.1",
    "loopback elsewhere": "127.255.0.1",
    "loopback by name": "localhost",
    "loopback in IPv6": "[::1]",
    "private 10": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 192": "192.168.0.1",
    "private IPv6": "[fd00::1]",
    "link-local": "169.254.1.1",
    "link-local IPv6": "[fe80::1]",
    "metadata": "169.254.169.254",
    "metadata IPv6": "[fd00:ec2::254]",
    "metadata of containers": "169.254.170.2",
    "CGNAT": "100.64.0.1",
    "the end of CGNAT": "100.127.255.254",
    "IPv4 mapped to IPv6": "[::ffff:127.0.0.1]",
    "IPv4 mapped to IPv6, in hex": "[::ffff:7f00:1]",
    "IPv4 compatible with IPv6": "[::127.0.0.1]",
    "NAT64": "[64:ff9b::7f00:1]",
    "NAT64 of a network": "[64:ff9b:1::7f00:1]",
    "6to4": "[2002:7f00:1::]",
    "Teredo": "[2001:0:7f00:1::]",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "octal in one": "017700000001",
    "hexadecimal": "0x7f.0.0.1",
    "hexadecimal in one": "0x7f000001",
    "short": "127.1",
    "zero": "0",
    "unspecified": "0.0.0.0",  # noqa: S104 - refused
    "unspecified IPv6": "[::]",
    "broadcast": "255.255.255.255",
    "multicast": "224.0.0.1",
    "user@host": "example.com@127.0.0.1",
    "user:word@host": "a:b@127.0.0.1",
    "an encoded at sign": "example.com%40127.0.0.1",
    "a backslash": "example.com\\@127.0.0.1",
    "a fragment": "127.0.0.1#@example.com",
    "other digits": "１２７.0.0.1",  # noqa: RUF001 - that is the trick
    "other dots": "127。0。0。1",
    "a dot at the end": "localhost.",
}


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as started:
        yield started


def calling(url: str, client: GuardedHttpClient) -> None:
    """Run a step that calls an address."""
    real: Any = client
    world = World(http=real)
    run = world.begin(step("a", "HTTP_REQUEST", given={"url": "{{trigger.url}}"}), payload={"url": url})
    world.call(run)


def turning(*answers: list[str]) -> tuple[Resolve, list[str]]:
    """A name server whose answer changes from one question to the next."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


def test_a_public_looking_address_that_leads_to_the_peer_is_called(peer: Peer) -> None:
    """What the refusals below stand against: the same call, with nothing to refuse."""
    resolve, _ = turning(["127.0.0.1"])
    open_client = GuardedHttpClient(loopback_allowed=True, resolve=resolve)
    calling(f"http://public.example:{peer.port}/hello", open_client)

    assert [seen.path for seen in peer.seen] == ["/hello"]


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_host_that_is_not_public_is_refused_however_it_is_written(peer: Peer, host: str) -> None:
    with pytest.raises(errors.StepFailedError):
        calling(f"http://{host}:{peer.port}/hello", GuardedHttpClient())

    assert peer.seen == []


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "ftp://{}", "gopher://{}", "unix://{}", "//{}"])
def test_other_schemes_are_refused(peer: Peer, scheme: str) -> None:
    with pytest.raises(errors.StepFailedError, match="http"):
        calling(scheme.format(f"127.0.0.1:{peer.port}/"), GuardedHttpClient(loopback_allowed=True))

    assert peer.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "192.168.0.1", "100.64.0.1"])
def test_a_redirect_leads_to_no_closed_address(peer: Peer, status: int, host: str) -> None:
    to = quote(f"http://{host}:{peer.port}/hello", safe="")
    with pytest.raises(errors.StepFailedError, match="may not be called"):
        calling(f"{peer.url}/redirect?status={status}&to={to}", GuardedHttpClient(loopback_allowed=True))

    assert len(peer.seen) == 1


def test_a_name_that_turns_to_a_closed_address_is_connected_to_where_it_was_checked(peer: Peer) -> None:
    """DNS rebinding: 127.0.0.1 stands for the public address, 169.254.169.254 for the one turned to."""
    resolve, asked = turning(["127.0.0.1"], ["169.254.169.254"])
    client = GuardedHttpClient(loopback_allowed=True, resolve=resolve)
    url = f"http://rebinding.example:{peer.port}/hello"
    calling(url, client)

    assert (len(peer.seen), asked) == (1, ["rebinding.example"])
    with pytest.raises(errors.StepFailedError, match="may not be called"):
        calling(url, client)
    assert len(peer.seen) == 1


def test_a_name_with_a_closed_address_among_its_addresses_is_refused(peer: Peer) -> None:
    resolve, _ = turning(["127.0.0.1", "10.0.0.1"])
    client = GuardedHttpClient(loopback_allowed=True, resolve=resolve)
    with pytest.raises(errors.StepFailedError, match="may not be called"):
        calling(f"http://mixed.example:{peer.port}/hello", client)

    assert peer.seen == []


def test_the_address_of_a_file_to_attach_is_guarded_as_that_of_a_request_is(peer: Peer) -> None:
    client: Any = GuardedHttpClient()
    world = World(http=client)
    world.mailbox.add_account(SALES)
    given = {"recipients": {"to": "a@x.com"}, "files": [{"url": f"{peer.url}/hello", "name": "a"}]}
    with pytest.raises(errors.StepFailedError, match="may not be called"):
        world.call(world.begin(step("a", "SEND_EMAIL", given=given)))

    assert (peer.seen, world.mail.sent) == ([], [])
