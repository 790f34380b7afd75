"""WEBHOOK: an HTTP call starts a run; the parsed body or the query string is the payload."""

from __future__ import annotations

from typing import Any, Literal

from ventuno.triggers.base import TriggerSettings, TriggerType


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
