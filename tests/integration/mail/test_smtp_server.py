"""SmtpServer against real servers on loopback: encrypted, refused, timed out, and broken off anywhere."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.secrets import MemorySecretStore
from tests.peers.mail_server import PASSWORD, USER, MailServer, mail_server
from tests.peers.web_server import NAME
from ventuno import errors
from ventuno.adapters.smtp import SmtpServer
from ventuno.mail.mime import Envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.peers.web_server import Certificate
    from ventuno.mail.account import Account

CONTENT = b"Subject: Hi\r\n\r\n.dot\r\n..two\r\nend\r\n"
ENVELOPE = Envelope("shop@example.com", ("ada@example.com", "bob@example.com"), "<1@example.com>", CONTENT)
SECRETS = MemorySecretStore(SMTP_PASSWORD=PASSWORD, WRONG="not-the-password")
LOGIN = {"username": USER, "passwordSecret": "SMTP_PASSWORD"}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


def client(certificate: Certificate | None = None, **options: Any) -> SmtpServer:  # noqa: ANN401 - its own
    given: dict[str, Any] = {"loopback_allowed": True, "timeout_seconds": 5, **options}
    tls = certificate.client if certificate else None
    return SmtpServer(SECRETS, resolve=lambda *_: ["127.0.0.1"], tls=tls, **given)


def plain(server: MailServer, **more: Any) -> Account:  # noqa: ANN401 - fields of an account
    return server.account(security="NONE", **more)


def send(account: Account, smtp: SmtpServer | None = None, envelope: Envelope = ENVELOPE) -> list[str]:
    """Send a message and return what happened: "begun" when its point of no return was told."""
    told: list[str] = []
    (smtp or client()).send(account, envelope, lambda: told.append("begun"))
    return told


def test_a_message_arrives_as_it_was_written_at_everybody(server: MailServer) -> None:
    assert send(plain(server)) == ["begun"]
    (received,) = server.received

    assert received.content == CONTENT
    assert (received.sender, received.recipients) == (ENVELOPE.sender, list(ENVELOPE.recipients))


@pytest.mark.parametrize("security", ["TLS", "STARTTLS"])
def test_a_message_and_a_login_go_over_tls_by_the_servers_name(
    certificate: Certificate, security: str
) -> None:
    with mail_server(certificate, at_once=security == "TLS", login=True) as server:
        send(server.account(security=security, host=NAME, **LOGIN), client(certificate))

        assert server.received[0].tls


@pytest.mark.parametrize("security", ["TLS", "STARTTLS"])
def test_a_certificate_of_another_name_or_of_nobody_ends_it(certificate: Certificate, security: str) -> None:
    with mail_server(certificate, at_once=security == "TLS") as server:
        for host, trusting in (("other.example", certificate), (NAME, None)):
            with pytest.raises(errors.MailTransportError, match="certificate verify failed"):
                send(server.account(security=security, host=host), client(trusting))

        assert server.received == []


def test_a_server_that_offers_no_encryption_gets_nothing(server: MailServer) -> None:
    with pytest.raises(errors.MailTransportError, match="STARTTLS"):
        send(server.account(security="STARTTLS", host=NAME, **LOGIN))

    assert server.received == []


def test_a_refused_login_names_the_secret_and_never_the_password(certificate: Certificate) -> None:
    with mail_server(certificate, login=True) as server:
        account = server.account(security="STARTTLS", host=NAME, username=USER, passwordSecret="WRONG")
        with pytest.raises(errors.MailRefusedError, match="secrets rotate WRONG") as caught:
            send(account, client(certificate))

    assert "not-the-password" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_refused_recipient_keeps_the_message_from_everybody_and_is_named(server: MailServer) -> None:
    server.refused = {"bob@example.com": "550 5.1.1 nobody of that name"}

    with pytest.raises(errors.MailRefusedError, match=r"1 of 2 recipients.*bob@example.com \(550") as caught:
        send(plain(server))
    assert "ada@" not in str(caught.value)
    assert server.received == []


def test_a_refused_sender_is_told(server: MailServer) -> None:
    server.refused = {"shop@example.com": "553 not yours"}

    with pytest.raises(errors.MailRefusedError, match=r"refused the sender shop@example\.com: 553 not yours"):
        send(plain(server))


def test_a_refused_message_was_not_sent(server: MailServer) -> None:
    server.data_answer = "554 5.7.1 looks like spam"

    with pytest.raises(errors.MailRefusedError, match=r"554 5\.7\.1 looks like spam"):
        send(plain(server))


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
@pytest.mark.parametrize("how", ["silent_at", "hangs_up_at"])
def test_a_server_that_gives_up_before_the_message_has_sent_nothing(
    server: MailServer, how: str, command: str
) -> None:
    setattr(server, how, command)
    told: list[str] = []
    smtp = client(timeout_seconds=0.5)

    with pytest.raises(errors.MailTransportError, match="nothing was sent"):
        smtp.send(plain(server), ENVELOPE, lambda: told.append("begun"))
    assert told == []


@pytest.mark.parametrize("how", ["silent_at", "hangs_up_at"])
@pytest.mark.parametrize("taken", [True, False])
def test_a_server_that_gives_up_on_the_whole_message_leaves_everybody_unsure(
    server: MailServer, how: str, *, taken: bool
) -> None:
    setattr(server, how, "DATA")
    server.taken_before_silence = taken

    with pytest.raises(errors.MailUnsureError, match="may have been sent"):
        send(plain(server), client(timeout_seconds=0.5))
    assert len(server.received) == taken


def test_what_keeps_a_message_from_leaving_keeps_it_from_being_taken(server: MailServer) -> None:
    class NotNowError(Exception):
        pass

    def refuse() -> None:
        raise NotNowError

    with pytest.raises(NotNowError):
        client().send(plain(server), ENVELOPE, refuse)
    send(plain(server))

    assert len(server.received) == 1, "only the second one"


def test_a_server_that_drips_is_cut_off_at_the_end_of_the_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        account = MailServer(listening.getsockname()[1]).account(security="NONE")
        cut_off = threading.Event()
        dripping = _dripping(listening, cut_off)
        with pytest.raises(errors.MailTransportError, match="too long"):
            send(account, client(timeout_seconds=0.5))

        dripping.join()
        assert cut_off.is_set()


def _dripping(listening: socket.socket, cut_off: threading.Event) -> threading.Thread:
    """Answer a byte at a time, for half a minute or until nobody listens."""

    def drip() -> None:
        peer, _ = listening.accept()
        with peer:
            try:
                for _ in range(1_500):
                    peer.sendall(b"2")
                    time.sleep(0.02)
            except OSError:
                cut_off.set()

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    return thread


def test_no_server_at_all_is_a_transport_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(errors.MailTransportError, match="nothing was sent"):
        send(MailServer(port).account(security="NONE"))


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("127.0.0.1", False), ("10.0.0.1", True), ("169.254.169.254", True), ("::ffff:192.168.0.1", True)],
)
def test_private_addresses_are_not_connected_to(address: str, *, allowed: bool) -> None:
    smtp = SmtpServer(SECRETS, loopback_allowed=allowed, timeout_seconds=1, resolve=lambda *_: [address])

    with pytest.raises(errors.StepInputError, match="may not be called"):
        send(MailServer(25).account(host="mail.example.com"), smtp)


@pytest.mark.parametrize(("host", "allowed"), [("127.0.0.1", False), ("mail.example.com", True)])
def test_without_encryption_only_this_machine_is_spoken_to(host: str, *, allowed: bool) -> None:
    smtp = client(loopback_allowed=allowed)

    with pytest.raises(errors.StepInputError, match="no encryption"):
        send(MailServer(25).account(host=host, security="NONE"), smtp)


def test_a_name_that_is_not_found_is_a_transport_error() -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror("unknown")

    smtp = SmtpServer(SECRETS, timeout_seconds=1, resolve=unknown)
    with pytest.raises(errors.MailTransportError, match="unknown"):
        send(MailServer(25).account(host="nowhere.example"), smtp)


def test_addresses_beyond_ascii_go_to_servers_that_take_them(server: MailServer) -> None:
    envelope = Envelope("shop@example.com", ("ünï@example.com",), "<1@example.com>", CONTENT)
    send(plain(server), envelope=envelope)

    assert server.received[0].recipients == ["ünï@example.com"]


def test_a_missing_password_secret_fails_before_anything_is_sent(server: MailServer) -> None:
    with pytest.raises(errors.SecretMissingError):
        send(plain(server, username="a", passwordSecret="GONE"))
