"""`ventuno validate` and `compile`: what can be said of definitions without any stack."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ventuno_dev import settings
from ventuno_dev.cli.console import Console
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.findings_text import checked_text, total_text
from ventuno_dev.cli.options import JsonOption
from ventuno_dev.cli.tables import terminal_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.compiler.compile import Compiled
    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno_dev.definition_files import Checked

FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", exists=True, help="Definitions as YAML or JSON, or folders of them."),
]
FileArgument = Annotated[
    Path | None, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A definition.")
]
MapOption = Annotated[bool, typer.Option("--map", help="Print which step each state stands for.")]
FiguresOption = Annotated[bool, typer.Option("--figures", help="Print transitions, events, bytes and cost.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", dir_okay=False, help="Write to this file instead.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Compile workflows/ into statemachines/.")]
CheckOption = Annotated[bool, typer.Option("--check", help="With --all: compare only, write nothing.")]


def validate(files: FilesArgument, *, json: JsonOption = False) -> None:
    """Find everything that is wrong with definitions; exit code 1 if a file has an error. Needs no stack.

    Example: ventuno validate workflows/quick-lead.yaml
    """
    from ventuno_dev.definition_files import check_file, find_files  # noqa: PLC0415 - slow, and --help must not wait

    checked = [check_file(file) for file in find_files(files)]
    with Console(as_json=json) as console:
        one = len(files) == 1 and not files[0].is_dir()
        value = checked[0].to_dict() if one else {"files": [_file_value(each) for each in checked]}
        console.answer(_validate_text(checked), value)
    if not all(each.valid for each in checked):
        raise typer.Exit(ExitCode.FAILED)


def _file_value(checked: "Checked") -> "JsonObject":
    return {"file": str(checked.path), **checked.to_dict()}


def _validate_text(checked: "Iterable[Checked]") -> str:
    from ventuno_dev.definition_files import places_of  # noqa: PLC0415 - slow, and --help must not wait

    listed = list(checked)
    parts = [checked_text(each, places_of(each), terminal_width()) for each in listed]
    return "\n".join(parts if len(listed) == 1 else [*parts, total_text(listed)])


def compile_(  # noqa: PLR0913 - each is an option of the command line
    file: FileArgument = None,
    *,
    map_: MapOption = False,
    figures: FiguresOption = False,
    output: OutputOption = None,
    all_: AllOption = False,
    check: CheckOption = False,
    json: JsonOption = False,
) -> None:
    """Print the state machine of a definition; exit code 1 if the definition has an error. Needs no stack.

    Example: ventuno compile workflows/quick-lead.yaml --figures
    """
    if all_ == (file is not None):
        raise typer.BadParameter("name one FILE, or give --all")
    with Console(as_json=json) as console:
        if file is None:
            if map_ or figures or output:
                raise typer.BadParameter("--all goes with --check only")
            _compile_all(console, check=check)
            return
        if check:
            raise typer.BadParameter("--check goes with --all only")
        compiled = _compiled(file, console)
        value = _compile_value(compiled, map_=map_, figures=figures)
        text = json_text.dumps(value, indent=2, ensure_ascii=False)
        if output is None:
            console.answer(text, value)
        else:
            output.write_text(f"{text}\n", encoding="utf-8")
            console.answer(f"wrote {output}", {"written": str(output)})


def refuse(console: Console, checked: "Iterable[Checked]", value: "JsonObject") -> NoReturn:
    """Show findings where a machine was asked for: on stderr, because stdout may go to a file."""
    if console.as_json:
        console.answer("", value)
    else:
        console.step(_validate_text(checked))
    raise typer.Exit(ExitCode.FAILED)


def _compiled(file: Path, console: Console) -> "Compiled":
    return compiled_file(file, console)[1]


def compiled_file(file: Path, console: Console) -> "tuple[Definition, Compiled]":
    """Read and compile a file; findings end the command."""
    from ventuno.runtime.validation import machine_of  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import check_file  # noqa: PLC0415 - slow, and --help must not wait

    checked = check_file(file)
    if checked.definition is None or not checked.valid:
        refuse(console, [checked], checked.to_dict())
    return checked.definition, machine_of(checked.definition)


def _compile_value(compiled: "Compiled", *, map_: bool, figures: bool) -> "JsonObject":
    parts: dict[str, JsonObject] = {}
    if map_:
        parts["map"] = {**compiled.source_map}
    if figures:
        parts["figures"] = {**compiled.figures.to_dict()}
    if len(parts) == 1:
        return next(iter(parts.values()))
    return {**parts} if parts else compiled.machine


def _compile_all(console: Console, *, check: bool) -> None:
    from ventuno_dev import shipped_machines  # noqa: PLC0415 - slow, and --help must not wait

    try:
        changes = shipped_machines.compile_all(settings.load().project, write=not check)
    except shipped_machines.UncompilableError as exc:
        refuse(console, exc.checked, {"files": [_file_value(each) for each in exc.checked]})
    if check and changes.differing:
        names = "\n".join(changes.differing)
        text = f"{names}\nthese machines are not what the compiler makes of workflows/: run `make compile`"
    else:
        text = "\n".join([*changes.differing, f"{changes.total} machines are up to date"])
    console.answer(text, {"upToDate": not changes.differing, "differing": list(changes.differing)})
    if check and changes.differing:
        raise typer.Exit(ExitCode.FAILED)
