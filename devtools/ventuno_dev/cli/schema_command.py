"""`ventuno schemas`: what the trigger and the steps of a definition result in, as a variable may name it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.definition_commands import refuse
from ventuno_dev.cli.schema_text import schemas_text

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

NameArgument = Annotated[
    str, typer.Argument(metavar="FILE|SLUG", help="A definition's file, or the slug or id of a workflow.")
]


@connected
def schemas(stack: Stack, name: NameArgument) -> None:
    """Show what the trigger and the steps of a definition result in: what variables can name.

    With a slug it is the newest version, on the objects of its stack. What has a dot or a slash in it is a
    file; it needs no stack, and knows the standard objects and those of an objects.yaml near it.

    Example: ventuno schemas workflows/lead-intake.yaml
    """
    found = _of_file(Path(name), stack) if "." in name or "/" in name else _of_workflow(name, stack)
    stack.console.answer(schemas_text(found), found)


def _of_workflow(name: str, stack: Stack) -> "JsonObject":
    from ventuno.runtime.rest.workflows import newest_schemas  # noqa: PLC0415 - same
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait

    return newest_schemas(find_workflow(name, stack.services), stack.services)


def _of_file(path: Path, stack: Stack) -> "JsonObject":
    """Read a file that may have findings, as long as it has the shape of a definition."""
    from ventuno.runtime.validation import output_schemas  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import check_file  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.objects_file import objects_of  # noqa: PLC0415 - same

    checked = check_file(path)
    if checked.definition is None:
        refuse(stack.console, [checked], checked.to_dict())
    return output_schemas(checked.definition, objects_of(path))
