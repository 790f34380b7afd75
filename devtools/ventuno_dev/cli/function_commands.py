"""`ventuno functions list`, `show`, `apply` and `delete`: code that several workflows use."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, listing
from ventuno_dev.cli.wording import instant

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The function's name.")]
FilesArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        exists=True,
        dir_okay=False,
        help="Functions as YAML or JSON; each has the name of its file, without the ending.",
    ),
]
VersionOption = Annotated[int | None, typer.Option("--version", min=1, help="This version, not the newest.")]
_CODE_FILE = "codeFile"


@connected
def list_functions(stack: Stack) -> None:
    """List the functions.

    Example: ventuno functions list
    """
    from ventuno.runtime.functions import function_lines  # noqa: PLC0415 - slow, and --help must not wait

    lines = function_lines(stack.services)
    rows = [(str(one["name"]), str(one["version"]), instant(str(one["changedAt"]))) for one in lines]
    table = Table(("NAME", "VERSION", "CHANGED (UTC)"), rows)
    text = listing(table, "there are no functions")
    stack.console.answer(text, {"functions": [*lines]})


@connected
def show_function(stack: Stack, name: NameArgument, *, version: VersionOption = None) -> None:
    """Show a function as `apply` takes it.

    Example: ventuno functions show with-tax --version 2
    """
    import yaml  # noqa: PLC0415 - slow, and --help must not wait

    from ventuno.runtime.functions import show_function as shown  # noqa: PLC0415 - as above

    view: dict[str, Any] = shown(name, version, stack.services)
    told = {key: value for key, value in view.items() if key not in ("name", "version", "changedAt")}
    text = yaml.safe_dump(told, sort_keys=False, allow_unicode=True).rstrip()
    stack.console.answer(f"# {view['name']}, version {view['version']}\n{text}", view)


@connected
def apply_functions(stack: Stack, files: FilesArgument) -> None:
    """Store functions; one that differs becomes the next version of its name.

    A workflow that is active keeps its copy until it is activated again. In a file, `codeFile` names a file
    beside it with the code.

    Example: ventuno functions apply functions/with-tax.yaml
    """
    from ventuno.runtime.functions import function_view, store_function  # noqa: PLC0415 - as above

    done: list[dict[str, Any]] = []
    for file in files:
        function, changed = store_function(file.stem, _read(file), stack.services)
        done.append({**function_view(function), "changed": changed})
    lines = [
        f"{one['name']}  v{one['version']}  {'changed' if one['changed'] else 'unchanged'}" for one in done
    ]
    stack.console.answer("\n".join(lines), {"functions": [*done]})


@connected
def delete_function(stack: Stack, name: NameArgument) -> None:
    """Delete a function; workflows that are active keep their copies.

    Example: ventuno functions delete with-tax
    """
    from ventuno.runtime.functions import delete_function as delete  # noqa: PLC0415 - as above

    delete(name, stack.services)
    stack.console.answer(f"deleted {name}", {"deleted": name})


def _read(file: Path) -> Any:  # noqa: ANN401 - whatever stands in the file
    import yaml  # noqa: PLC0415 - slow, and --help must not wait

    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
        if isinstance(given, dict) and isinstance(given.get(_CODE_FILE), str) and "code" not in given:
            code = (file.parent / given.pop(_CODE_FILE)).read_text(encoding="utf-8")
            return {**given, "code": code}
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as exc:
        raise typer.BadParameter(f"{file} cannot be read: {exc}") from exc
    return given
