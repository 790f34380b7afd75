"""MailServer by SMTP: one connection per message, encrypted, guarded and timed.

All recipients are settled before the message, and the message but for its last line before `begin`: from then
on there is nothing left but the line that makes the server take it.
Source: https://www.rfc-editor.org/rfc/rfc5321, …/rfc3207 (STARTTLS), …/rfc8314 (TLS)
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.adapters.names import addresses_of, open_addresses
from ventuno.mail.account import Security

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ventuno.adapters.names import Resolve
    from ventuno.mail.account import Account
    from ventuno.mail.mime import Envelope
    from ventuno.outside import SecretStore

TIMEOUT_SECONDS: Final = 60.0
"""For a whole exchange; a server may take some ten seconds to look at a message."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_OK: Final = 250
_GO_AHEAD: Final = 354


class SmtpServer:
    """Sends through the server that the account names; `loopback_allowed` opens this machine too."""

    def __init__(
        self,
        secrets: SecretStore,
        *,
        loopback_allowed: bool = False,
        timeout_seconds: float = TIMEOUT_SECONDS,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._secrets = secrets
        self._loopback_allowed = loopback_allowed
        self._timeout_seconds = timeout_seconds
        self._resolve = resolve or addresses_of
        self._tls = tls

    def send(self, account: Account, envelope: Envelope, begin: Callable[[], None]) -> str:
        """Hand a message over.

        Raises: MailTransportError, MailRefusedError, MailUnsureError, StepInputError, StoreUnavailableError
        """
        password = self._secrets.value(account.password_secret) if account.password_secret else ""
        with self._connected(account) as server:
            _log_in(server, account, password)
            _settle_recipients(server, envelope)
            _write(server, envelope)
            begin()
            _let_go(server)
        return envelope.message_id

    @contextmanager
    def _connected(self, account: Account) -> Iterator[smtplib.SMTP]:
        """Open the connection; whatever breaks it before the message is taken means that nothing was sent."""
        server = _Server(self._timeout_seconds)
        timer = threading.Timer(self._timeout_seconds, server.cut)
        timer.daemon = True
        timer.start()
        try:
            self._open(server, account)
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise _unsent(account, error, timed_out=server.is_cut) from error
        finally:
            timer.cancel()
            server.close()

    def _open(self, server: _Server, account: Account) -> None:
        host, port = str(account.host), account.server_port
        if account.security is Security.NONE and not (self._loopback_allowed and host in _LOOPBACK):
            raise errors.StepInputError(
                f"the account {account.id} has no encryption, which is for servers on this machine only; "
                "use TLS or STARTTLS"
            )
        addresses = open_addresses(
            host, port, self._resolve, self._timeout_seconds, loopback_allowed=self._loopback_allowed
        )
        server.reach(addresses, port)
        context = self._tls or ssl.create_default_context()
        if account.security is Security.TLS:
            server.secure(context, host)
        server.greet()
        if account.security is Security.STARTTLS:
            server.begin_tls(context, host)


class _Server(smtplib.SMTP):
    """A connection to addresses that were checked; TLS still goes by the name."""

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(local_hostname="ventuno.invalid", timeout=timeout_seconds)
        self.is_cut = False

    def cut(self) -> None:
        """Break the connection off, because its time is over."""
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def reach(self, addresses: object, port: int) -> None:
        """Connect to the first address that answers. Raises: OSError"""
        failure = OSError("the name has no address")
        for address in addresses if isinstance(addresses, list | tuple) else ():
            try:
                self.sock = socket.create_connection((address, port), self.timeout)
            except OSError as error:
                failure = error
            else:
                return
        raise failure

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Begin TLS at once. Raises: OSError"""
        if self.sock is not None:
            self.sock = context.wrap_socket(self.sock, server_hostname=host)
        self.file = None

    def greet(self) -> None:
        """Read the server's greeting and greet back. Raises: SMTPException"""
        code, text = self.getreply()
        if code != 220:  # noqa: PLR2004 - the code of a greeting
            raise smtplib.SMTPConnectError(code, text)
        self.ehlo_or_helo_if_needed()

    def begin_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Switch to TLS; a server that offers none gets nothing. Raises: SMTPException, OSError"""
        self._host = host
        self.starttls(context=context)
        self.ehlo()


def _log_in(server: smtplib.SMTP, account: Account, password: str) -> None:
    """Authenticate; what the server says then is not told, for it may repeat what it was given."""
    if account.username is None:
        return
    try:
        server.login(account.username, password)
    except smtplib.SMTPAuthenticationError as error:
        raise errors.MailRefusedError(
            f"the mail server refused the user name or the password of the account {account.id} "
            f"({error.smtp_code}); `ventuno secrets rotate {account.password_secret}` changes the password"
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise errors.MailRefusedError(
            f"the mail server of the account {account.id} offers no way to log in that is known here"
        ) from None


def _settle_recipients(server: smtplib.SMTP, envelope: Envelope) -> None:
    """Name sender and recipients; one that is refused keeps the message from all. Raises: MailRefusedError"""
    options = [f"size={len(envelope.content)}"] if server.has_extn("size") else []
    if not "".join((envelope.sender, *envelope.recipients)).isascii():
        if not server.has_extn("smtputf8"):
            raise errors.MailRefusedError("the mail server takes no addresses with characters beyond ASCII")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
        server.command_encoding = "utf-8"
    code, text = server.mail(envelope.sender, options)
    if code != _OK:
        raise errors.MailRefusedError(
            f"the mail server refused the sender {envelope.sender}: {_said(code, text)}"
        )
    refused = []
    for recipient in envelope.recipients:
        code, text = server.rcpt(recipient)
        if code not in (_OK, 251):
            refused.append(f"{recipient} ({_said(code, text)})")
    if refused:
        raise errors.MailRefusedError(
            f"the mail server refused {len(refused)} of {len(envelope.recipients)} recipients, "
            f"so nobody has got the message: {', '.join(refused[:20])}"
        )


def _write(server: smtplib.SMTP, envelope: Envelope) -> None:
    """Write the message but for the line that ends it."""
    code, text = server.docmd("DATA")
    if code != _GO_AHEAD:
        raise errors.MailRefusedError(f"the mail server takes no message now: {_said(code, text)}")
    ended = envelope.content if envelope.content.endswith(b"\r\n") else envelope.content + b"\r\n"
    server.send(_DOT.sub(b"..", ended))


def _let_go(server: smtplib.SMTP) -> None:
    """End the message, so that the server takes it. Raises: MailRefusedError, MailUnsureError"""
    try:
        server.send(b".\r\n")
        code, text = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise errors.MailUnsureError(
            "the mail server broke off when it was to take the message, which may have been sent: "
            f"{_reason(error)}. Look for it in the mailbox; to send it again, retry the run"
        ) from error
    if code != _OK:
        raise errors.MailRefusedError(f"the mail server refused the message: {_said(code, text)}")


def _said(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')[:300]}"


def _unsent(account: Account, error: Exception, *, timed_out: bool) -> errors.MailTransportError:
    where = f"{account.host}:{account.server_port}"
    if timed_out or isinstance(error, TimeoutError):
        return errors.MailTransportError(f"the mail server {where} took too long; nothing was sent")
    return errors.MailTransportError(
        f"the mail server {where} cannot be used: {_reason(error)}; nothing was sent"
    )


def _reason(error: Exception) -> str:
    return str(error)[:300] or type(error).__name__
