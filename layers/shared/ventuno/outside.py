"""Protocols of what actions reach beyond the record store: other servers, mail, secrets, the code sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ventuno.agent.conversation import ModelReply, ModelRequest
    from ventuno.effects import Effect
    from ventuno.json_value import JsonObject
    from ventuno.mail.account import Account
    from ventuno.mail.draft import Draft
    from ventuno.mail.mime import Envelope
    from ventuno.outgoing.exchange import HttpRequest, HttpResponse
    from ventuno.ports import PayloadStore
    from ventuno.sandbox.call import CodeCall, CodeOutcome, Prepared


class HttpClient(Protocol):
    """Requests to other people's servers, on the public internet only."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Make one exchange; a redirect is an answer like any other, never followed.

        Raises: StepInputError (an address that may not be called), HttpTransportError, HttpTimeoutError,
        HttpAnswerError
        """


@dataclass(frozen=True, slots=True)
class SecretEntry:
    """A secret without its value; instants are ISO 8601."""

    name: str
    created_at: str
    changed_at: str


class SecretStore(Protocol):
    """Secrets by name. Every method raises StoreUnavailableError when the store refuses for now."""

    def value(self, name: str) -> str:
        """Return a secret; it may be as old as a minute. Raises: SecretMissingError"""

    def all(self) -> Sequence[SecretEntry]:
        """List the secrets by name."""

    def create(self, name: str, value: str) -> None:
        """Store a new secret. Raises: ConflictError when there is one of this name"""

    def replace(self, name: str, value: str) -> None:
        """Give a secret another value. Raises: NotFoundError"""

    def delete(self, name: str) -> bool:
        """Delete a secret; False when there was none."""


class CodeRunner(Protocol):
    """Scripts of CODE steps, run where they can reach nothing but `fetch`.

    Every method raises StoreUnavailableError when the runner refuses for now.
    """

    def run(self, call: CodeCall) -> CodeOutcome:
        """Run a script. What it does may happen again when the step is tried again."""

    def prepare(self, code: str) -> Prepared:
        """Take types out of code and find what cannot be parsed; nothing of it is run."""


class MailServer(Protocol):
    """What takes messages: SES, or an account's SMTP server."""

    def send(self, account: Account, envelope: Envelope, begin: Callable[[], None]) -> str:
        """Hand a message over and return its Message-ID. All recipients get it, or none.

        `begin` is called once, when everything else is settled: from then on the message may be sent. What it
        raises ends the exchange without sending.

        Raises: MailTransportError, MailRefusedError, MailUnsureError, StepInputError, StoreUnavailableError
        """


class Mailbox(Protocol):
    """Accounts and drafts. Every method raises StoreUnavailableError when the store refuses for now."""

    def accounts(self) -> Sequence[Account]:
        """List the accounts, oldest first."""

    def add_account(self, account: Account) -> None:
        """Store a new account. Raises: ConflictError when there is one of this id"""

    def replace_account(self, account: Account) -> None:
        """Store an account in place of the one of its id. Raises: NotFoundError"""

    def remove_account(self, account_id: str) -> bool:
        """Delete an account; False when there was none."""

    def add_draft(self, draft: Draft) -> Draft:
        """Store a draft; when its id is taken, write nothing and return the one that has it."""

    def draft(self, draft_id: str) -> Draft | None:
        """Read a draft."""

    def drafts(self) -> Sequence[Draft]:
        """List the drafts, newest first."""

    def mark_sent(self, draft_id: str, sent_at: str, message_id: str) -> None:
        """Note on a draft that it was sent."""

    def remove_draft(self, draft_id: str) -> bool:
        """Delete a draft; False when there was none."""


class DraftSender(Protocol):
    """Lets a draft be sent where the passwords of accounts may be read."""

    def send(self, draft_id: str, *, again: bool) -> None:
        """Send a draft; `again` although it may have been sent.

        Raises: BadRequestError, ConflictError, NotFoundError, StoreUnavailableError
        """


class EffectStore(Protocol):
    """What was noted of effects, so that none happens twice; by a key that names step, run and iteration.

    Every method raises StoreUnavailableError when the store refuses for now.
    """

    def begin(self, key: str, attempt: int) -> Effect | None:
        """Note that an effect may happen from now on, or return what keeps it from that."""

    def get(self, key: str) -> Effect | None:
        """Return what is noted of an effect."""

    def finish(self, key: str, result: JsonObject) -> None:
        """Note that an effect has happened."""

    def take_back(self, key: str) -> None:
        """Note that an effect that had begun has not happened."""

    def doubt(self, key: str, attempt: int) -> None:
        """Note that nobody can tell whether it happened, and that this is told."""

    def ticket(self, counter: str, key: str) -> int:
        """Return the next number of a counter, from 0; the same key gets the same number again."""


class Models(Protocol):
    """Language models of all providers."""

    def reply(self, request: ModelRequest) -> ModelReply:
        """Ask a model once.

        Raises: ModelBusyError (asking again later may help), ModelError, StepInputError (an address that may
        not be called)
        """


@dataclass(frozen=True, slots=True)
class Outside:
    """What actions reach beyond the record store. `files` holds the bytes of stored files."""

    http: HttpClient
    secrets: SecretStore
    code: CodeRunner
    mail: MailServer
    mailbox: Mailbox
    drafts: DraftSender
    effects: EffectStore
    files: PayloadStore
    models: Models
