"""`ventuno new`: start a workflow from a template."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.options import JsonOption
from ventuno_dev.cli.tables import Table, table_text, terminal_width

if TYPE_CHECKING:
    from ventuno_dev.templates import Started

SlugArgument = Annotated[
    str | None,
    typer.Argument(metavar="[SLUG]", help="Slug of the new workflow (default: the template's name)."),
]
TemplateOption = Annotated[
    str | None, typer.Option("--template", metavar="NAME", help="The template; without it they are listed.")
]
FolderOption = Annotated[
    Path, typer.Option("--folder", file_okay=False, help="Where to write it (default: this folder).")
]


def new(
    slug: SlugArgument = None,
    *,
    template: TemplateOption = None,
    folder: FolderOption = Path(),
    json: JsonOption = False,
) -> None:
    """Write a new definition from a template, or list the templates. Needs no stack.

    Example: ventuno new my-lead --template quick-lead
    """
    from ventuno_dev.settings import load  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.templates import start_from, templates  # noqa: PLC0415 - same

    if template is None and slug is not None:
        raise typer.BadParameter(
            f"what {slug} is made of is not said: give --template; `ventuno new` lists them"
        )
    project = load().project
    with Console(as_json=json) as console:
        if template is None:
            listed = templates(project)
            rows = [(each.slug, each.trigger, each.about) for each in listed]
            table = Table(("TEMPLATE", "TRIGGER", "WHAT IT DOES"), rows, ("WHAT IT DOES",))
            values = [{"slug": each.slug, "trigger": each.trigger, "about": each.about} for each in listed]
            console.answer(table_text(table, terminal_width()), {"templates": [*values]})
            return
        name = _checked(slug or template)
        started = start_from(project, template, folder / f"{name}.yaml")
        objects = str(started.objects) if started.objects else None
        console.answer(_text(started), {"written": str(started.definition), "objects": objects})


def _checked(slug: str) -> str:
    from ventuno.runtime.apply import SLUG  # noqa: PLC0415 - slow, and --help must not wait

    if not SLUG.fullmatch(slug):
        raise typer.BadParameter(f'"{slug}" is no slug: use 1 to 40 of a-z, 0-9 and inner hyphens')
    return slug


def _text(started: "Started") -> str:
    lines = [f"wrote {started.definition}"]
    if started.objects:
        lines += [f"wrote {started.objects}, which declares the objects and fields it needs"]
    if started.lacking:
        lines += [f"{started.lacking} lacks objects or fields that it needs; `ventuno validate` names them"]
    commands = [
        f"ventuno validate {started.definition}",
        *([f"ventuno objects apply {started.objects}"] if started.objects else []),
        f"ventuno apply {started.definition} --activate",
    ]
    return "\n".join([*lines, *(f"Next  {command}" for command in commands)])
