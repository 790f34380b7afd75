"""How to start an active workflow: a request for a webhook, a write of a record, or a command.

A workflow that starts by itself, by a record or the clock, says when that is.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.runtime.hook_address import hook_path

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.workflow.model import ActiveVersion, Workflow

_KEY_VARIABLE = "$VENTUNO_KEY"


@dataclass(frozen=True, slots=True)
class HowToStart:
    """The trigger's type, what starts a run, a webhook's address, and when it starts by itself."""

    trigger: str
    command: str
    url: str | None = None
    when: str | None = None

    def to_dict(self) -> JsonObject:
        """Return the JSON form."""
        return {"trigger": self.trigger, "url": self.url, "command": self.command, "when": self.when}

    def text(self) -> str:
        """Write it for people."""
        lines = {"webhook": self.url, "when": self.when, "start": self.command}
        return "\n".join(f"{label:<9}{line}" for label, line in lines.items() if line)


def how_to_start(workflow: Workflow, api_url: str, workspace_id: str) -> HowToStart | None:
    """Tell how runs of a workflow are started, or None when it is not active."""
    if workflow.active is None:
        return None
    kind, settings = workflow.active.trigger_type, workflow.active.trigger_settings
    run = f"ventuno run {workflow.slug}"
    match kind:
        case "WEBHOOK":
            url = f"{api_url}{hook_path(workflow, workspace_id)}"
            signed = settings.get("authentication") == "SIGNATURE"  # which is no one-line matter
            return HowToStart(kind, f"{run} --follow" if signed else _curl(url, workflow.active), url)
        case "DATABASE_EVENT":
            return HowToStart(kind, _write(settings), when=_event(settings))
        case "CRON":
            return HowToStart(kind, f"{run} --follow", when=_schedule(settings))
    return HowToStart(kind, f"{run} --record <id>" if _on_records(settings) else f"{run} --follow")


def _on_records(settings: JsonObject) -> bool:
    availability = settings.get("availability")
    return isinstance(availability, dict) and availability.get("type") in ("SINGLE_RECORD", "BULK_RECORDS")


def _event(settings: JsonObject) -> str:
    fields = settings.get("fields")
    named = f" of {', '.join(map(str, fields))}" if isinstance(fields, list | tuple) and fields else ""
    return f"{settings.get('eventName')}{named}{', as its filter says' if settings.get('filter') else ''}"


def _write(settings: JsonObject) -> str:
    """Write the command that makes such an event."""
    name, _, event = str(settings.get("eventName")).partition(".")
    fields = settings.get("fields")
    values = (
        json.dumps(dict.fromkeys(fields, "…"), ensure_ascii=False)
        if isinstance(fields, list | tuple)
        else "{…}"
    )
    verbs = {
        "created": f"create {name} '{values}'",
        "upserted": f"create {name} '{values}'",
        "updated": f"update {name} <id> '{values}'",
        "deleted": f"delete {name} <id>",
        "destroyed": f"delete {name} <id> --for-good",
        "restored": f"restore {name} <id>",
    }
    return f"ventuno records {verbs[event]}"


def _schedule(settings: JsonObject) -> str:
    from ventuno.triggers.cron import CronSettings  # noqa: PLC0415 - slow, and --help must not wait

    cron = CronSettings.model_validate(settings)
    return f"{cron.expression} ({cron.zone_name})"


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
