"""`ventuno export` and `ventuno import`: workflows to CloudFormation, and from Twenty."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.findings_text import finding_text
from ventuno_dev.cli.lifecycle_commands import found
from ventuno_dev.cli.tables import terminal_width

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

WhatArgument = Annotated[str, typer.Argument(metavar="FILE|SLUG", help="A definition, or a workflow's slug.")]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, help="The version of a workflow (default: the newest).")
]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="What Twenty exported, as JSON.")
]
SlugOption = Annotated[
    str | None, typer.Option("--slug", help="Slug of the workflow (default: the file's stem).")
]
NameOption = Annotated[
    str | None, typer.Option("--name", help="Name of the workflow, where the export does not tell it.")
]


@connected
def export(stack: Stack, what: WhatArgument, *, version: VersionOption = None) -> None:
    """Print a workflow as a CloudFormation template, which makes it in a deployment of Ventuno.

    The template shows the state machine and the permissions for review; it is deployed like any other, and
    deleting its stack archives the workflow.

    Example: ventuno export quick-lead > quick-lead.json
    """
    from ventuno.runs.model import VersionRef  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.export import export as template_of  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.versions import read_version  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.workflow.limits import NO_LIMITS  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import read_definition  # noqa: PLC0415 - slow, and --help must not wait

    services = stack.services
    if Path(what).is_file():
        template = template_of(Path(what).stem, read_definition(Path(what)), NO_LIMITS, services)
    else:
        workflow = found(what, stack)
        ref = VersionRef(workflow.id, version or workflow.latest_number)
        definition = read_version(ref, services.workflows, services.payloads).definition
        template = template_of(workflow.slug, definition, workflow.limits, services)
    stack.console.answer(json_text.dumps(template, indent=2, ensure_ascii=False), template)


@connected
def import_(stack: Stack, file: FileArgument, *, slug: SlugOption = None, name: NameOption = None) -> None:
    """Store a workflow version exported from Twenty as a draft, with everything that activation would refuse.

    Example: ventuno import closed-won.json --name "Closed won"
    """
    from ventuno import strict_json  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.definition.twenty import definition_from_twenty  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.apply import apply_definition  # noqa: PLC0415 - slow, and --help must not wait

    try:
        exported = strict_json.parse(file.read_bytes())
    except ValueError as error:
        raise typer.BadParameter(f"{file} is not JSON: {error}") from error
    done = apply_definition(slug or file.stem, definition_from_twenty(exported, name), stack.services)
    state = "is stored as a draft" if done.changed else "was stored before"
    lines = [f"{done.workflow.slug} v{done.version.number} {state}"]
    lines += [finding_text(finding, width=terminal_width()) for finding in done.findings]
    value: JsonObject = {
        "slug": done.workflow.slug,
        "version": done.version.number,
        "changed": done.changed,
        "findings": [finding.to_dict() for finding in done.findings],
    }
    stack.console.answer("\n".join(lines), value)
