"""`ventuno activate`, `deactivate`, `workflows list` and `workflows show`."""

import json as json_text
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.findings_text import finding_text
from ventuno_dev.cli.start_text import HowToStart, how_to_start
from ventuno_dev.cli.tables import Table, listing, table_text, terminal_width
from ventuno_dev.cli.wording import NOTHING, instant

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.workflow.model import Version, Workflow

SlugArgument = Annotated[str, typer.Argument(metavar="SLUG", help="The workflow's slug or id.")]
DefinitionOption = Annotated[
    bool, typer.Option("--definition", help="Print the newest version's definition, ready for `apply`.")
]
ArchivedOption = Annotated[bool, typer.Option("--archived", help="List those that were archived instead.")]
SHOWN_VERSIONS = 10


@connected
def activate(stack: Stack, slug: SlugArgument) -> None:
    """Make the draft the version that triggers start; exit code 1 if it has an error. Safe to repeat.

    Example: ventuno activate quick-lead
    """
    from ventuno.errors import DefinitionError  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.activate import activate as activate_workflow  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait

    before = find_workflow(slug, stack.services)
    fresh = before.active is None or before.draft_number is not None
    try:
        workflow = activate_workflow(before, stack.services)
    except DefinitionError as exc:
        findings: list[JsonObject] = [finding.to_dict() for finding in exc.findings]
        text = "\n".join(finding_text(finding, width=terminal_width()) for finding in exc.findings)
        stack.console.answer(text, {"workflow": _value(before), "activated": False, "findings": findings})
        raise typer.Exit(ExitCode.FAILED) from exc
    start = _how_to_start(workflow, stack)
    number = workflow.active.number if workflow.active else 0
    lead = (
        f"{workflow.slug} v{number} is active" if fresh else f"{workflow.slug} v{number} was active already"
    )
    value: JsonObject = {
        "workflow": _value(workflow),
        "activated": fresh,
        "start": start.to_dict() if start else None,
    }
    stack.console.answer("\n".join([lead, *([start.text()] if start else [])]), value)


@connected
def deactivate(stack: Stack, slug: SlugArgument) -> None:
    """Stop triggers from starting runs; runs that go on are left alone. Safe to repeat.

    Example: ventuno deactivate quick-lead
    """
    from ventuno.runtime.activate import deactivate as deactivate_workflow  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait

    before = find_workflow(slug, stack.services)
    workflow = deactivate_workflow(before, stack.services)
    text = (
        f"{slug} v{before.active.number} is no longer active" if before.active else f"{slug} was not active"
    )
    stack.console.answer(text, {"workflow": _value(workflow), "deactivated": before.active is not None})


@connected
def list_workflows(stack: Stack, *, archived: ArchivedOption = False) -> None:
    """List the workflows.

    Example: ventuno workflows list
    """
    from ventuno.runtime.workflows import workflow_view  # noqa: PLC0415 - slow, and --help must not wait

    found = stack.services.workflows.all()
    workflows = [workflow for workflow in found if (workflow.archived_at is not None) == archived]
    headings = ("SLUG", "STATUS", "ACTIVE", "LATEST", "TRIGGER", "NAME")
    table = Table(headings, [_row(workflow) for workflow in workflows], folds=("NAME",))
    text = listing(table, "there are no workflows: `ventuno apply` makes one")
    stack.console.answer(text, {"workflows": [workflow_view(workflow) for workflow in workflows]})


@connected
def show_workflow(stack: Stack, slug: SlugArgument, *, definition: DefinitionOption = False) -> None:
    """Show a workflow with its last versions, or its newest definition.

    Example: ventuno workflows show quick-lead --definition > quick-lead.json
    """
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait

    workflow = find_workflow(slug, stack.services)
    if definition:
        written = _definition(workflow, stack)
        stack.console.answer(json_text.dumps(written, indent=2, ensure_ascii=False), written)
        return
    versions = _versions(workflow, stack)
    start = _how_to_start(workflow, stack)
    value: JsonObject = {
        **_value(workflow),
        "versions": [_version_value(version) for version in versions],
        "start": start.to_dict() if start else None,
    }
    stack.console.answer(_show_text(workflow, versions, start), value)


def _value(workflow: "Workflow") -> "JsonObject":
    from ventuno.runtime.workflows import workflow_view  # noqa: PLC0415 - slow, and --help must not wait

    return workflow_view(workflow)


def _row(workflow: "Workflow") -> tuple[str, ...]:
    return (
        workflow.slug,
        ", ".join(workflow.statuses) or NOTHING,
        f"v{workflow.active.number}" if workflow.active else NOTHING,
        f"v{workflow.latest_number}",
        workflow.active.trigger_type if workflow.active else NOTHING,
        workflow.name,
    )


def _how_to_start(workflow: "Workflow", stack: Stack) -> HowToStart | None:
    return how_to_start(workflow, stack.api_url, stack.services.workspace_id)


def _definition(workflow: "Workflow", stack: Stack) -> "JsonObject":
    from ventuno.runs.model import VersionRef  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.versions import read_version  # noqa: PLC0415 - slow, and --help must not wait

    ref = VersionRef(workflow.id, workflow.latest_number)
    return read_version(ref, stack.services.workflows, stack.services.payloads).definition.to_dict()


def _versions(workflow: "Workflow", stack: Stack) -> "list[Version]":
    return stack.services.workflows.versions(workflow.id)[:SHOWN_VERSIONS]


def _version_value(version: "Version") -> "JsonObject":
    from ventuno.runtime.rest.workflows import version_view  # noqa: PLC0415 - slow, and --help must not wait

    return version_view(version)


def _state_lines(workflow: "Workflow") -> list[str]:
    """Tell what is unusual: limits, a rollout, one that was taken back."""
    from ventuno_dev.cli.lifecycle_commands import limits_text  # noqa: PLC0415 - it imports this module

    rollout = workflow.rollout
    share = f"rollout  v{rollout.candidate.number} gets {rollout.percent} % of the runs" if rollout else None
    back = f"rollout  {workflow.rollback}" if workflow.rollback else None
    limits = f"limits   {limits_text(workflow.limits)}" if workflow.limits.to_dict() else None
    return [line for line in (limits, share, back) if line]


def _show_text(workflow: "Workflow", versions: "list[Version]", start: HowToStart | None) -> str:
    rows = [(f"v{each.number}", each.status.value, instant(each.created_at)) for each in versions]
    return "\n".join(
        [
            f"{workflow.slug}  {', '.join(workflow.statuses)}",
            f"name     {workflow.name}",
            f"id       {workflow.id}",
            *([start.text()] if start else []),
            *_state_lines(workflow),
            table_text(Table(("VERSION", "STATUS", "CREATED (UTC)"), rows), terminal_width()),
        ]
    )
