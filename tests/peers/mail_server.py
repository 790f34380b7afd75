"""A mail server on loopback: with TLS, logins, and the refusals and silences that mail servers have."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.peers.web_server import NAME
from ventuno.mail.account import Account

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from tests.peers.web_server import Certificate

USER, PASSWORD = "mailer", "open-sesame-mail"


@dataclass
class Received:
    """One message as the server took it."""

    sender: str
    recipients: list[str]
    content: bytes
    tls: bool

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class MailServer:
    """A running server; `silent_at` is the command it never answers, `hangs_up_at` the one that ends it."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 taken"
    silent_at: str = ""
    hangs_up_at: str = ""
    taken_before_silence: bool = False
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def account(self, **more: Any) -> Account:  # noqa: ANN401 - fields of an account
        fields = {"id": "shop", "kind": "SMTP", "address": "shop@example.com", "name": "The Shop"}
        return Account.model_validate({**fields, "host": "127.0.0.1", "port": self.port, **more})


class _Handler:
    """Does what the server was told to."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(self, *given: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
        smtp, _, envelope, address, options = given
        await self._fate("MAIL", smtp)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._server.refused.get(address, "250 OK")

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
        smtp, _, envelope, address, _ = given
        await self._fate("RCPT", smtp)
        if address not in self._server.refused:
            envelope.rcpt_tos.append(address)
        return self._server.refused.get(address, "250 OK")

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
        server = self._server
        lost = (server.silent_at or server.hangs_up_at) and not server.taken_before_silence
        if server.data_answer.startswith("250") and not lost:
            tls = session.ssl is not None or smtp.transport.get_extra_info("ssl_object") is not None
            received = Received(envelope.mail_from, envelope.rcpt_tos, envelope.content, tls)
            server.received.append(received)
        await self._fate("DATA", smtp)
        return server.data_answer

    async def _fate(self, command: str, smtp: Any) -> None:  # noqa: ANN401 - aiosmtpd's
        if self._server.hangs_up_at == command:
            smtp.transport.abort()
        if self._server.silent_at == command:
            await self._server.released.wait()


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd's
    del server, session, envelope, mechanism
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == known, handled=False)


@contextlib.contextmanager
def mail_server(
    certificate: Certificate | None = None, *, at_once: bool = False, login: bool = False
) -> Iterator[MailServer]:
    """Run a server: plain, or with STARTTLS, or with TLS at once."""
    server = MailServer()
    context = certificate.server if certificate else None

    def factory() -> SMTP:
        return SMTP(
            _Handler(server),
            hostname=NAME,
            tls_context=None if at_once else context,
            require_starttls=context is not None and not at_once,
            authenticator=_authenticate if login else None,
            auth_required=login and not at_once,
            auth_require_tls=not at_once,  # it knows STARTTLS only
            enable_SMTPUTF8=True,
        )

    loop = asyncio.new_event_loop()
    started = loop.run_until_complete(
        loop.create_server(factory, "127.0.0.1", 0, ssl=context if at_once else None)
    )
    server.port = started.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_ended(started, server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(started: asyncio.Server, server: MailServer) -> None:
    started.close()
    server.released.set()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
