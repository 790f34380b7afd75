"""How to start an active workflow: the address and a request for a webhook, a command for the others."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.workflow.model import ActiveVersion, Workflow

_KEY_VARIABLE = "$VENTUNO_KEY"


@dataclass(frozen=True, slots=True)
class HowToStart:
    """The trigger's type, the command line that starts a run, and the address of a webhook."""

    trigger: str
    command: str
    url: str | None = None

    def to_dict(self) -> JsonObject:
        """Return the JSON form."""
        return {"trigger": self.trigger, "url": self.url, "command": self.command}

    def text(self) -> str:
        """Write it for people."""
        label = f"webhook  {self.url}\n" if self.url else ""
        return f"{label}start    {self.command}"


def how_to_start(workflow: Workflow, api_url: str, workspace_id: str) -> HowToStart | None:
    """Tell how runs of a workflow are started, or None when it is not active."""
    if workflow.active is None:
        return None
    kind, settings = workflow.active.trigger_type, workflow.active.trigger_settings
    url = f"{api_url}/webhooks/workflows/{workspace_id}/{workflow.id}" if kind == "WEBHOOK" else None
    if url and settings.get("authentication") != "SIGNATURE":  # a signature is no one-line matter
        return HowToStart(kind, _curl(url, workflow.active), url)
    return HowToStart(kind, f"ventuno run {workflow.slug} --follow", url)


def _curl(url: str, active: ActiveVersion) -> str:
    settings = active.trigger_settings
    words = ["curl"]
    if settings.get("authentication") == "API_KEY":
        # In double quotes, unlike the rest, so that the shell puts the key in.
        words.append(f'-H "Authorization: Bearer {_KEY_VARIABLE}"')
    if settings.get("httpMethod", "POST") == "GET":
        return " ".join([*words, shlex.quote(f"{url}?name=value")])
    body = json.dumps(settings.get("expectedBody") or {}, ensure_ascii=False)
    words += ["-H 'Content-Type: application/json'", "-d", shlex.quote(body), shlex.quote(url)]
    return " ".join(words)
