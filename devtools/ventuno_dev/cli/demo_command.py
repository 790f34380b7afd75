"""`ventuno demo`: the main job from end to end: a real webhook becomes CRM records on the local stack."""

from __future__ import annotations

import json as jsonlib
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.options import DataOption, JsonOption, PortOption, target_of
from ventuno_dev.cli.run_text import change_text, run_text
from ventuno_dev.cli.tables import terminal_width

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno_dev.connection import Connection

SLUG = "lead-intake"
LEAD = {
    "firstName": "Grace",
    "lastName": "Hopper",
    "email": "grace.hopper@navy.example",
    "companyDomain": "navy.example",
}
RUN_LIMIT_SECONDS = 60.0


def demo(*, port: PortOption = None, data: DataOption = None, json: JsonOption = False) -> None:
    """Start the stack, deploy, post a webhook, follow its run, show the records; the stack stays up.

    Example: ventuno demo
    """
    from ventuno_dev.connection import connect  # noqa: PLC0415 - with boto3, which --help must not wait for
    from ventuno_dev.stack import lifecycle  # noqa: PLC0415 - as above
    from ventuno_dev.stack.deploy import Deployment  # noqa: PLC0415 - as above

    target = target_of(data=data, port=port)
    with Console(as_json=json) as console:
        up = lifecycle.up(target, Deployment("dev"), console)
        connection = connect(up.target)
        address = _activated(connection, console)
        console.step(f"POST {address}\n     {jsonlib.dumps(LEAD)}")
        run_id = _posted(address)
        view = _followed(run_id, connection, console)
        records = _records(view)
        console.answer(
            _text(view, records, connection.api_url),
            {"apiUrl": connection.api_url, "address": address, "run": view, "records": records},
        )
        if view["status"] != "COMPLETED":
            raise typer.Exit(ExitCode.FAILED)


def _activated(connection: Connection, console: Console) -> str:
    """Apply and activate the shipped workflow and return its address."""
    from ventuno.runtime.activate import activate  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.apply import apply_definition  # noqa: PLC0415 - as above
    from ventuno.runtime.hook_address import hook_path  # noqa: PLC0415 - as above
    from ventuno_dev.definition_files import read_definition  # noqa: PLC0415 - as above
    from ventuno_dev.settings import load  # noqa: PLC0415 - as above

    services = connection.services
    source = load().project / "workflows" / f"{SLUG}.yaml"
    applied = apply_definition(SLUG, read_definition(source), services)
    workflow = applied.workflow
    if workflow.active is None or workflow.draft_number is not None:
        workflow = activate(workflow, services)
        console.step(
            f"compiled workflows/{SLUG}.yaml into a state machine and activated v{workflow.latest_number}"
        )
    return f"{connection.api_url}{hook_path(workflow, services.workspace_id)}"


def _posted(address: str) -> str:
    import httpx  # noqa: PLC0415 - slow, and --help must not wait

    answer = httpx.post(address, json=LEAD, timeout=30)
    answer.raise_for_status()
    return str(answer.json()["workflowRunId"])


def _followed(run_id: str, connection: Connection, console: Console) -> dict[str, Any]:
    from ventuno.runtime.show_run import show_run  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.run_following import follow  # noqa: PLC0415 - as above

    begun = time.monotonic()
    for change in follow(run_id, connection.services, RUN_LIMIT_SECONDS):
        console.step(change_text(change, time.monotonic() - begun))
    return show_run(run_id, connection.services)


def _records(view: dict[str, Any]) -> list[JsonObject]:
    """List the records that the steps of a run wrote, as they were after the last write."""
    written: dict[str, JsonObject] = {}
    for step in view["state"]["flow"]["steps"]:
        result = view["state"]["stepInfos"][step["id"]].get("result")
        if step["type"] in ("CREATE_RECORD", "UPDATE_RECORD", "UPSERT_RECORD") and result:
            written[result["id"]] = {"object": step["settings"]["input"]["objectName"], **result}
    return list(written.values())


def _text(view: dict[str, Any], records: list[JsonObject], api_url: str) -> str:
    lines = [f"{_line(record)}" for record in records]
    command = "ventuno" if shutil.which("ventuno") else sys.argv[0]
    tries = (
        f"{command} runs show {view['id']} --figures",
        f"{command} records list person",
        f"{command} down",
    )
    return "\n".join(
        [
            "",
            run_text(view, SLUG, terminal_width()),
            "",
            "records",
            *lines,
            "",
            f"The stack is running. API  {api_url}",
            *(f"Try  {line}" for line in tries),
        ]
    )


def _line(record: JsonObject) -> str:
    """Write the fields that say who or what a record is."""
    shown = ("name", "title", "emails", "domainName", "companyId", "status")
    fields = {key: record[key] for key in shown if record.get(key)}
    parts = ", ".join(f"{key}={_brief(value)}" for key, value in fields.items())
    return f"  {record['object']:<8} {record['id']}  {parts}"


def _brief(value: Any) -> str:  # noqa: ANN401 - any field of a record
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    return str(value)
