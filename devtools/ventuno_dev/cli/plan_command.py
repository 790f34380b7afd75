"""`ventuno plan`: what applying and activating definitions would change; nothing is changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.apply_command import SlugOption, objects_hint, slugs_of
from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.findings_text import checked_text, finding_text
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
ItemsOption = Annotated[
    int,
    typer.Option(
        "--items",
        min=0,
        max=1_000_000,
        help="How many items a loop is taken to have in the cost, in each run.",
    ),
]


@connected
def plan(stack: Stack, what: WhatArgument, *, slug: SlugOption = None, items: ItemsOption = 1) -> None:
    """Show what activating definitions would change: steps, edges, permissions, cost, quotas.

    Exit code 1 if a definition has an error. What is no file or folder is the slug of a workflow, whose draft
    is compared. The cost is an estimate of the longest path; loops whose lists are written down have those.

    Example: ventuno plan workflows/ --items 50
    """
    by_slug = _files(what, slug)
    plans = _plans(stack, what, by_slug, items)
    refused = [name for name, found in plans.items() if found.figures is None]
    values: list[JsonObject] = [{"slug": name, **found.to_dict()} for name, found in plans.items()]
    parts = [_text(name, found, by_slug.get(name)) for name, found in plans.items()]
    if refused:
        hint = objects_hint(by_slug[name] for name in refused if name in by_slug)
        parts.append("\n".join([f"refused: {', '.join(refused)}", *hint]))
    stack.console.answer("\n\n".join(parts), {"plans": [*values]})
    if refused:
        raise typer.Exit(ExitCode.FAILED)


def _files(what: list[str], slug: str | None) -> dict[str, Path]:
    """Find the definitions among what is named, by slug. Raises: BadParameter"""
    from ventuno_dev.definition_files import find_files  # noqa: PLC0415 - slow, and --help must not wait

    paths = [Path(each) for each in what if Path(each).exists()]
    return {name: file for file, name in slugs_of(find_files(paths), slug).items()} if paths else {}


def _plans(stack: Stack, what: list[str], by_slug: dict[str, Path], items: int) -> "dict[str, Plan]":
    from ventuno.runtime.plan import plan_of, plan_of_draft  # noqa: PLC0415 - as above
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import read_definition  # noqa: PLC0415 - as above

    services = stack.services
    found = {
        name: plan_of(services.workflows.find(name), read_definition(file), services, items)
        for name, file in by_slug.items()
    }
    for name in what:
        if not Path(name).exists():
            if "/" in name or Path(name).suffix:  # no slug is spelled so
                raise typer.BadParameter(f"there is no file or folder {name}")
            found[name] = plan_of_draft(find_workflow(name, services), services, items)
    return found


def _text(slug: str, found: "Plan", file: Path | None) -> str:
    from ventuno_dev.definition_files import Checked, places_of  # noqa: PLC0415 - as above

    lines, width = [plan_text(slug, found)], terminal_width()
    if file is None:
        lines += [finding_text(finding, width=width) for finding in found.findings]
    elif found.findings:
        checked = Checked(file, None, tuple(found.findings))
        lines.append(checked_text(checked, places_of(checked), width))
    return "\n".join(lines)
