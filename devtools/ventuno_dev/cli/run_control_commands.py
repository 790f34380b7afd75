"""`ventuno runs stop`, `retry` and `answer`: what people do to runs that go on, failed, or wait for them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.run_commands import RunArgument

if TYPE_CHECKING:
    from ventuno.runs.model import Run

StepArgument = Annotated[str, typer.Argument(metavar="STEP", help="The form's step id.")]
VersionOption = Annotated[
    str | None,
    typer.Option("--on-version", metavar="N", help="Go on with this version of the workflow, or `latest`."),
]
AnswerOption = Annotated[
    str | None, typer.Option("--answer", metavar="JSON", help="A value by the name of each field.")
]
AnswerFileOption = Annotated[
    str | None, typer.Option("--answer-file", metavar="FILE", help="A file with the answer; - for stdin.")
]
IterationOption = Annotated[
    str | None, typer.Option("--iteration", metavar="N", help="In a loop its iteration; 3.0 in two loops.")
]


@connected
def stop_run(stack: Stack, run_id: RunArgument) -> None:
    """Stop a run: what is running may end, nothing new starts. One that has ended is left as it is.

    Example: ventuno runs stop 6d0c1c8e-8a52-5f0e-9f57-0c8f3a3e4b11
    """
    from ventuno.runtime.stop_run import stop_run as stop  # noqa: PLC0415 - slow, and --help must not wait

    _tell(stack, stop(run_id, stack.services))


@connected
def retry_run(stack: Stack, run_id: RunArgument, *, on_version: VersionOption = None) -> None:
    """Run the failed steps of a FAILED run again; what is done is not done again.

    On another version, outcomes are used again of steps that are unchanged, as is all they depend on.

    Example: ventuno runs retry 6d0c1c8e-8a52-5f0e-9f57-0c8f3a3e4b11 --on-version latest
    """
    from ventuno.runtime.retry_run import retry_run as retry  # noqa: PLC0415 - slow, and --help must not wait

    _tell(stack, retry(run_id, stack.services, _version(on_version)))


@connected
def answer_form(
    stack: Stack,
    run_id: RunArgument,
    step: StepArgument,
    *,
    answer: AnswerOption = None,
    answer_file: AnswerFileOption = None,
    iteration: IterationOption = None,
) -> None:
    """Answer a form that a run waits for; the run goes on. Exit code 1 if it was answered before.

    Example: ventuno runs answer 6d0c1c8e-8a52-5f0e-9f57-0c8f3a3e4b11 ask --answer '{"seats": 3}'
    """
    from ventuno import strict_json  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runs.places import Place  # noqa: PLC0415 - as above
    from ventuno.runtime.answer_form import answer_form as submit  # noqa: PLC0415 - as above
    from ventuno.runtime.rest.forms import answered_view  # noqa: PLC0415 - as above
    from ventuno.runtime.rest.parameters import iteration as iteration_from  # noqa: PLC0415 - as above

    try:
        given = strict_json.parse(_answer_text(answer, answer_file))
    except ValueError as exc:
        raise typer.BadParameter(f"the answer is not JSON: {exc}") from exc
    state = submit(run_id, Place(step, iteration_from(iteration)), given, stack.services)
    stack.console.answer(f"answered {step} of run {run_id}", answered_view(state, stack.services))


def _tell(stack: Stack, run: "Run") -> None:
    from ventuno.runs.view import summary  # noqa: PLC0415 - slow, and --help must not wait

    stack.console.answer(f"{run.id}  {run.name}  {run.status}", summary(run))


def _version(text: str | None) -> int | Literal["latest"] | None:
    if text is None:
        return None
    if text == "latest":
        return "latest"
    if not text.isdecimal() or int(text) == 0:
        raise typer.BadParameter("--on-version takes the number of a version, or `latest`")
    return int(text)


def _answer_text(answer: str | None, answer_file: str | None) -> str:
    if (answer is None) == (answer_file is None):
        raise typer.BadParameter("give --answer or --answer-file")
    if answer_file is None:
        return str(answer)
    try:
        return sys.stdin.read() if answer_file == "-" else Path(answer_file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise typer.BadParameter(f"cannot read the answer from {answer_file}: {exc}") from exc
