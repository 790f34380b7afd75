"""`ventuno objects list`, `show`, `apply` and `export`: what kinds of records there are, and new ones."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, table_text, terminal_width
from ventuno_dev.cli.wording import NOTHING, count

ObjectArgument = Annotated[
    str, typer.Argument(metavar="OBJECT", help="An object, singular or plural: person or people.")
]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Objects as YAML or JSON.")
]


@connected
def list_objects(stack: Stack) -> None:
    """List the objects, standard and custom.

    Example: ventuno objects list
    """
    from ventuno.runtime.objects import object_views  # noqa: PLC0415 - slow, and --help must not wait

    views: list[dict[str, Any]] = [*object_views(stack.services)]
    rows = [
        (
            view["nameSingular"],
            view["namePlural"],
            "custom" if view["isCustom"] else "standard",
            str(len(view["fields"])),
        )
        for view in views
    ]
    table = Table(("NAME", "PLURAL", "KIND", "FIELDS"), rows)
    stack.console.answer(table_text(table, terminal_width()), {"objects": [*views]})


@connected
def show_object(stack: Stack, object_name: ObjectArgument) -> None:
    """Show the fields of an object.

    Example: ventuno objects show person
    """
    from ventuno.runtime.objects import find_object, object_view  # noqa: PLC0415 - slow, and --help must not wait

    view: dict[str, Any] = object_view(find_object(object_name, stack.services))
    rows = [(field["column"], field["type"], _marks(field), _more(field)) for field in view["fields"]]
    table = Table(("FIELD", "TYPE", "MARKS", "MORE"), rows, ("MORE",))
    stack.console.answer(table_text(table, terminal_width()), view)


@connected
def apply_objects(stack: Stack, file: FileArgument) -> None:
    """Add and change objects and fields; what the file does not name stays as it is.

    Example: ventuno objects apply objects.yaml
    """
    from ventuno.runtime import objects  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.objects_file import read_declaration  # noqa: PLC0415 - same

    declared = read_declaration(file)
    changed = objects.apply_objects(declared, stack.services)
    told = count(len(declared.objects), "object")
    stack.console.answer(f"applied {told}" if changed else "nothing to change", {"changed": changed})


@connected
def export_objects(stack: Stack) -> None:
    """Print what is declared beside the standard objects, as `apply` takes it.

    Example: ventuno objects export > objects.yaml
    """
    import yaml  # noqa: PLC0415 - slow, and --help must not wait

    from ventuno.runtime.objects import declared  # noqa: PLC0415 - slow, and --help must not wait

    value = declared(stack.services)
    stack.console.answer(yaml.safe_dump(value, sort_keys=False, allow_unicode=True).rstrip(), value)


def _marks(field: dict[str, Any]) -> str:
    marks = {"isUnique": "unique", "isIndexed": "indexed", "isCustom": "custom"}
    return ", ".join(word for name, word in marks.items() if field[name]) or NOTHING


def _more(field: dict[str, Any]) -> str:
    if "options" in field:
        return ", ".join(field["options"])
    return f"-> {field['target']}" if "target" in field else NOTHING
