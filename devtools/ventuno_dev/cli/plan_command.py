"""`ventuno plan`: what applying and activating definitions would change; nothing is changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.apply_command import SlugOption, slugs_of
from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.findings_text import finding_text
from ventuno_dev.cli.plan_text import plan_text
from ventuno_dev.cli.tables import terminal_width

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.plan import Plan

WhatArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="WHAT...", help="Definitions, folders of them, or slugs of workflows with drafts."
    ),
]


@connected
def plan(stack: Stack, what: WhatArgument, *, slug: SlugOption = None) -> None:
    """Show what activating definitions would change: steps, edges, permissions, cost, quotas.

    Exit code 1 if a definition has an error. What is no file or folder is the slug of a workflow, whose draft
    is compared.

    Example: ventuno plan workflows/
    """
    plans = _plans(stack, what, slug)
    values: list[JsonObject] = [{"slug": name, **found.to_dict()} for name, found in plans.items()]
    stack.console.answer(
        "\n\n".join(_text(name, found) for name, found in plans.items()), {"plans": [*values]}
    )
    if any(found.figures is None for found in plans.values()):
        raise typer.Exit(ExitCode.FAILED)


def _plans(stack: Stack, what: list[str], slug: str | None) -> "dict[str, Plan]":
    from ventuno.runtime.plan import plan_of, plan_of_draft  # noqa: PLC0415 - as above
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import find_files, read_definition  # noqa: PLC0415 - as above

    paths = [Path(each) for each in what if Path(each).exists()]
    files = find_files(paths) if paths else []
    by_slug = {name: file for file, name in slugs_of(files, slug).items()} if files else {}
    services = stack.services
    found = {
        name: plan_of(services.workflows.find(name), read_definition(file), services)
        for name, file in by_slug.items()
    }
    for name in what:
        if not Path(name).exists():
            if "/" in name or Path(name).suffix:  # no slug is spelled so
                raise typer.BadParameter(f"there is no file or folder {name}")
            found[name] = plan_of_draft(find_workflow(name, services), services)
    return found


def _text(slug: str, found: "Plan") -> str:
    findings = [finding_text(finding, width=terminal_width()) for finding in found.findings]
    return "\n".join([plan_text(slug, found), *findings])
