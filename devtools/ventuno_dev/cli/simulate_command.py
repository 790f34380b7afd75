"""`ventuno simulate`: run a definition in virtual time, with chosen outcomes and without side effects."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno import errors
from ventuno_dev.cli.console import Console
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.options import JsonOption
from ventuno_dev.cli.tables import terminal_width
from ventuno_dev.simulating.engines import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ventuno.json_value import JsonObject, JsonValue


DefinitionArgument = Annotated[
    Path | None, typer.Argument(metavar="DEFINITION", exists=True, dir_okay=False, help="A definition.")
]
PayloadOption = Annotated[
    Path | None,
    typer.Option("--payload", metavar="FILE", exists=True, dir_okay=False, help="The payload, as JSON."),
]
OutcomesOption = Annotated[
    Path | None,
    typer.Option(
        "--outcomes",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="What steps come to: {stepId: {result | error | matches | branch}, or a list of these}.",
    ),
]
StartOption = Annotated[
    str | None, typer.Option("--start-time", metavar="ISO", help="When the run starts (2026-01-01).")
]
EngineOption = Annotated[
    Engine, typer.Option("--engine", help="The run rules, or the compiled machine and its figures.")
]
BatchOption = Annotated[
    Path | None,
    typer.Option(
        "--batch",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Cases, one JSON object per line: {definition, payload?, outcomes?}.",
    ),
]


def simulate(  # noqa: PLR0913 - each is an option of the command line
    definition: DefinitionArgument = None,
    *,
    payload: PayloadOption = None,
    outcomes: OutcomesOption = None,
    start_time: StartOption = None,
    engine: EngineOption = Engine.INTERPRETER,
    batch: BatchOption = None,
    json: JsonOption = False,
) -> None:
    """Show what a run comes to; a delay takes no time and no step has an effect. Needs no stack.

    Exit code 1 if a definition or a case cannot be simulated, whatever the simulated run's own status.

    Example: ventuno simulate workflows/lead-intake.yaml --outcomes outcomes.json
    """
    if (definition is None) == (batch is None):
        raise typer.BadParameter("name one DEFINITION, or give --batch")
    start = _start(start_time)
    with Console(as_json=json) as console:
        if definition is not None:
            given = (_json_of(payload, "--payload"), _json_of(outcomes, "--outcomes"))
            _simulate_file(definition, given, start, engine, console)
        elif batch is not None:
            if payload or outcomes:
                raise typer.BadParameter("in a batch each line has its own payload and outcomes")
            _simulate_batch(batch, start, engine, console)


def _start(text: str | None) -> "datetime":
    from ventuno.engine.circumstances import START  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.expressions.instants import parse_instant  # noqa: PLC0415 - slow, and --help must not wait

    if text is None:
        return START
    start = parse_instant(text)
    if start is None:
        raise typer.BadParameter(f'"{text}" is no instant; write it as 2026-03-18T10:30:00Z')
    return start


def _json_of(path: Path | None, option: str) -> "JsonValue":
    from ventuno import strict_json  # noqa: PLC0415 - only what is given is read

    if path is None:
        return {}
    try:
        return strict_json.parse(path.read_bytes())
    except (ValueError, OSError) as exc:
        raise typer.BadParameter(f"{option} {path} is no JSON: {exc}") from exc


def _simulate_file(
    path: Path, given: "tuple[JsonValue, JsonValue]", start: "datetime", engine: Engine, console: Console
) -> None:
    from ventuno_dev.cli.simulation_text import simulation_text  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import read_definition  # noqa: PLC0415 - same
    from ventuno_dev.simulating.case import SimulationCase  # noqa: PLC0415 - same

    try:
        case = SimulationCase(read_definition(path), *given, start)
        told = case.run(engine)
    except errors.DefinitionError as error:
        _refuse(error, path, console)
        raise typer.Exit(ExitCode.FAILED) from error
    console.answer(simulation_text(case.definition, {**told}, terminal_width()), told)
    if "faults" in told:
        raise typer.Exit(ExitCode.FAILED)


def _refuse(error: errors.DefinitionError, path: Path, console: Console) -> None:
    from ventuno_dev.cli.findings_text import checked_text  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import Checked, places_of  # noqa: PLC0415 - same

    checked = Checked(path, None, error.findings)
    if console.as_json:
        console.answer("", refusal(error))
    else:
        console.step(checked_text(checked, places_of(checked), terminal_width()))


def refusal(error: Exception) -> "JsonObject":
    """Tell why a case cannot be simulated."""
    findings = [finding.to_dict() for finding in getattr(error, "findings", ())]
    return {"error": str(error), **({"findings": findings} if findings else {})}


def _simulate_batch(path: Path, start: "datetime", engine: Engine, console: Console) -> None:
    """Print one result per line, as soon as it is there."""
    failed = 0
    for number, told in enumerate(_results(path, start, engine), start=1):
        failed += "error" in told or "faults" in told
        console.answer(f"{number}  {_line(told)}", told)
    if failed:
        raise typer.Exit(ExitCode.FAILED)


def _results(path: Path, start: "datetime", engine: Engine) -> "Iterator[JsonObject]":
    from ventuno import strict_json  # noqa: PLC0415 - only a batch reads JSON lines
    from ventuno_dev.simulating.case import case_from  # noqa: PLC0415 - slow, and --help must not wait

    with path.open("rb") as lines:
        for line in lines:
            if not line.strip():
                continue
            try:
                case = strict_json.parse(line)
            except ValueError as error:
                yield {"error": f"this line is not JSON: {error}"}
                continue
            try:
                yield case_from(case, start).run(engine)
            except (ValueError, errors.VentunoError) as error:
                yield refusal(error)
            except Exception as error:  # noqa: BLE001 - one case must not cost the results of all others
                yield {"error": f"unexpected {type(error).__name__}: {error}"}


def _line(told: "JsonObject") -> str:
    from ventuno_dev.cli.simulation_text import summary_text  # noqa: PLC0415 - slow, and --help must not wait

    return f"refused: {told['error']}" if "error" in told else summary_text({**told})
