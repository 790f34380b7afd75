"""MailServer of all accounts: each message goes to what its account is kept with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.mail.account import Account, AccountKind
    from ventuno.mail.mime import Envelope
    from ventuno.outside import MailServer


class MailServers:
    """A server per kind of account, made when its first message is sent."""

    def __init__(self, servers: Mapping[AccountKind, Callable[[], MailServer]]) -> None:
        self._servers = servers

    def send(self, account: Account, envelope: Envelope, begin: Callable[[], None]) -> str:
        """Hand a message over. Raises: as `MailServer.send`"""
        return self._servers[account.kind]().send(account, envelope, begin)
