"""Protocols of what actions reach beyond the record store: other servers, secrets, the code sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.outgoing.exchange import HttpRequest, HttpResponse
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


@dataclass(frozen=True, slots=True)
class Outside:
    """What actions reach beyond the record store."""

    http: HttpClient
    secrets: SecretStore
    code: CodeRunner
