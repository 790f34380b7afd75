"""WEBHOOK: an HTTP call starts a run; the parsed body or the query string is the payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ventuno.schemas import ANY, schema_of_sample
from ventuno.schemas.picker import from_output_schema
from ventuno.triggers.base import TriggerSettings, TriggerType

if TYPE_CHECKING:
    from ventuno.schemas import Schema, Scope


class WebhookSettings(TriggerSettings):
    """`{httpMethod: GET|POST, authentication: null|API_KEY, expectedBody?, expectedOutputSchema?}`.

    `expectedBody` feeds the variable picker only. Source: reference §2.4; decisions, Triggers.
    """

    http_method: Literal["GET", "POST"] = "POST"
    authentication: Literal["API_KEY"] | None = None
    expected_body: Any = None
    expected_output_schema: Any = None


class Webhook(TriggerType):
    """The payload stands at `{{trigger.<field>}}`."""

    wire_type = "WEBHOOK"
    settings_type = WebhookSettings

    def output_schema(self, settings: WebhookSettings, scope: Scope) -> Schema:
        """Return what the expected body shows; senders may send more, so it binds nobody."""
        del scope
        expected = settings.expected_output_schema or settings.expected_body
        if settings.http_method == "GET" or not expected:
            return ANY
        return from_output_schema(expected) or schema_of_sample(expected)
