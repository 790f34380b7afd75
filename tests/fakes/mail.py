"""FakeMail: takes messages as a server does, and fails where a test tells it to."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from ventuno.mail.account import Account

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    from ventuno.mail.mime import Envelope

SALES = Account.model_validate(
    {"id": "sales", "kind": "SES", "address": "sales@example.com", "name": "Sales"}
)


@dataclass
class FakeMail:
    """A server for every account. `before` and `after` are raised, one per message, around the sending."""

    sent: list[Envelope] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    between: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)

    def send(self, account: Account, envelope: Envelope, begin: Callable[[], None]) -> str:
        del account
        _raise(self.before)
        begin()
        _raise(self.between)
        self.sent.append(envelope)
        _raise(self.after)
        return envelope.message_id

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(one.content, policy=policy.default) for one in self.sent]


def _raise(planned: list[BaseException]) -> None:
    if planned:
        raise planned.pop(0)
