"""WEBHOOK: an HTTP call starts a run; the parsed body or the query string is the payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from ventuno.definition.findings import Finding
from ventuno.schemas import ANY, schema_of_sample
from ventuno.schemas.picker import from_output_schema
from ventuno.triggers.base import TriggerSettings, TriggerType
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.schemas import Schema, Scope

_CODE: Final = "INVALID_TRIGGER_PARAMS"
MOST_SECONDS: Final = 25
"""An HTTP API gives up at 30 seconds; the rest is for starting the run."""


class Respond(Wire):
    """`{mode: RESULT, from: "<step id>", timeoutSeconds?}`: the caller is answered with a step's result."""

    mode: Literal["RESULT"]
    from_: str = Field(alias="from")
    timeout_seconds: int = Field(default=MOST_SECONDS, ge=1, le=MOST_SECONDS, strict=True)


class WebhookSettings(TriggerSettings):
    """`{httpMethod: GET|POST, authentication: null|API_KEY|SIGNATURE, signingSecret?, respond?, …}`.

    `signingSecret` names the stored secret that SIGNATURE needs. `expectedBody` and `expectedOutputSchema`
    feed the variable picker only.
    Source: reference §2.4; decisions, Triggers
    """

    http_method: Literal["GET", "POST"] = "POST"
    authentication: Literal["API_KEY", "SIGNATURE"] | None = None
    signing_secret: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")
    respond: Respond | None = None
    expected_body: Any = None
    expected_output_schema: Any = None


class Webhook(TriggerType):
    """The payload stands at `{{trigger.<field>}}`."""

    wire_type = "WEBHOOK"
    settings_type = WebhookSettings

    def permissions(self, settings: WebhookSettings) -> Iterator[str]:
        """Say who may call."""
        callers = {None: "anybody with the address", "API_KEY": "holders of an API key"}
        yield f"be started by {callers.get(settings.authentication, 'whoever signs')}"
        if settings.respond:
            yield "show callers the result of a step"

    def answers_with(self, settings: WebhookSettings) -> str | None:
        """Return the step whose result the caller gets."""
        return settings.respond.from_ if settings.respond else None

    def check(self, settings: WebhookSettings, scope: Scope) -> Iterator[Finding]:
        """Find signatures that cannot be checked, or that would leave the payload unsigned."""
        del scope
        signed = settings.authentication == "SIGNATURE"
        if signed and settings.signing_secret is None:
            message = "SIGNATURE needs the name of a stored secret; store one with `ventuno secrets set`"
            yield Finding(_CODE, ".signingSecret", message)
        if signed and settings.http_method == "GET":
            message = "a signature covers the body, and a GET has its payload in the address; take POST"
            yield Finding(_CODE, ".authentication", message, "API_KEY")
        if not signed and settings.signing_secret is not None:
            message = "signingSecret belongs to SIGNATURE; remove it, or set authentication"
            yield Finding(_CODE, ".signingSecret", message)

    def output_schema(self, settings: WebhookSettings, scope: Scope) -> Schema:
        """Return what the expected body shows; senders may send more, so it binds nobody."""
        del scope
        expected = settings.expected_output_schema or settings.expected_body
        if settings.http_method == "GET" or not expected:
            return ANY
        return from_output_schema(expected) or schema_of_sample(expected)
