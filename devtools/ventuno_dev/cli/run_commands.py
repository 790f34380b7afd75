"""`ventuno runs list`, `show` and `follow`: see what became of runs."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ventuno.engine.statuses import RunStatus
from ventuno_dev.cli import console as messages
from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.iterations_text import iterations_text
from ventuno_dev.cli.run_text import change_text, figures_text, run_text, runs_text
from ventuno_dev.cli.tables import terminal_width

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

MAX_LIMIT = 200
ITERATIONS = 20

TimeoutOption = Annotated[
    float | None,
    typer.Option("--timeout", min=0, help="Stop following after so many seconds (exit code 124)."),
]
RunArgument = Annotated[str, typer.Argument(metavar="RUN_ID", help="The run's id.")]
WorkflowOption = Annotated[
    str | None, typer.Option("--workflow", metavar="SLUG", help="Runs of one workflow.")
]
StatusOption = Annotated[
    RunStatus | None, typer.Option("--status", case_sensitive=False, help="Runs of one status.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="How many at most.")]
TestsOption = Annotated[bool, typer.Option("--tests", help="Only tests of drafts, which are left out else.")]
CursorOption = Annotated[str | None, typer.Option("--cursor", help="Go on after the page that gave this.")]
FiguresOption = Annotated[bool, typer.Option("--figures", help="Add AWS calls and state transitions.")]

IterationsOption = Annotated[
    str | None, typer.Option("--iterations", metavar="STEP", help="Show iterations of this iterator.")
]
FromOption = Annotated[
    int | None, typer.Option("--from", min=0, help="The first iteration, counted from 0 (default 0).")
]
IterationLimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit", min=1, max=MAX_LIMIT, help=f"How many iterations at most (default {ITERATIONS})."
    ),
]
WithinOption = Annotated[
    str | None,
    typer.Option("--within", metavar="N", help="The iteration of the loop around it; 3.0 of two loops."),
]


@connected
def list_runs(
    stack: Stack,
    *,
    workflow: WorkflowOption = None,
    status: StatusOption = None,
    limit: LimitOption = 20,
    tests: TestsOption = False,
    cursor: CursorOption = None,
) -> None:
    """List runs, newest first.

    Example: ventuno runs list --workflow quick-lead --status failed
    """
    from ventuno_dev import run_listing  # noqa: PLC0415 - slow, and --help must not wait

    if cursor is not None and workflow is None and status is None:
        raise typer.BadParameter("--cursor goes with --workflow or --status, as the page that gave it did")
    wanted = run_listing.Wanted(workflow, status, limit, cursor, tests)
    page = run_listing.list_runs(wanted, stack.services)
    lines = [runs_text(page["runs"], terminal_width())] if page["runs"] else ["there are no such runs"]
    if page["cursor"] is not None:
        lines.append(f"more: add --cursor '{page['cursor']}'")
    stack.console.answer("\n".join(lines), page)


@connected
def show_run(  # noqa: PLR0913 - each is an option of the command line
    stack: Stack,
    run_id: RunArgument,
    *,
    figures: FiguresOption = False,
    iterations: IterationsOption = None,
    first: FromOption = None,
    limit: IterationLimitOption = None,
    within: WithinOption = None,
) -> None:
    """Show a run with the state of every step, or iterations of one of its loops.

    Of a loop, the run shows the iteration that stands out: the first that failed or waits, else the last.

    Example: ventuno runs show 6d0c1c8e-8a52-5f0e-9f57-0c8f3a3e4b11 --iterations each --from 40
    """
    if iterations is not None:
        if figures:
            raise typer.BadParameter("give --figures or --iterations, not both")
        _show_iterations(stack, run_id, iterations, (first or 0, limit or ITERATIONS), within)
        return
    if first is not None or limit is not None or within is not None:
        raise typer.BadParameter("--from, --limit and --within go with --iterations")
    from ventuno.runtime import show_run as showing  # noqa: PLC0415 - slow, and --help must not wait

    view: dict[str, Any] = showing.show_run(run_id, stack.services)
    parts = [_run_text(view, stack)]
    if figures:
        measured: dict[str, Any] = showing.run_figures(run_id, stack.services)
        view = {**view, "figures": measured}
        parts.append(figures_text(measured, terminal_width()))
    parts += _forms(view, stack)
    stack.console.answer("\n\n".join(parts), view)


def _forms(view: dict[str, Any], stack: Stack) -> list[str]:
    """Write where the forms are answered that a run waits for."""
    waiting = (info.get("waitingFor") or {} for info in view["state"]["stepInfos"].values())
    if "FORM" not in {each.get("type") for each in waiting}:
        return []
    lines = _addresses(view["id"], stack)
    return ["\n".join(lines)] if lines else []


def _addresses(run_id: str, stack: Stack) -> list[str]:
    """Write a line for each form that a run waits for."""
    from ventuno.runtime.forms import forms_of  # noqa: PLC0415 - slow, and --help must not wait

    return [
        f"answer {form['stepId']}{f' of iteration {it}' if (it := form['iteration']) else ''}: "
        f"{stack.api_url}{form['address']}"
        for form in forms_of(run_id, stack.services)
    ]


def _show_iterations(
    stack: Stack, run_id: str, iterator: str, page: tuple[int, int], within: str | None
) -> None:
    from ventuno.runtime.rest.parameters import iteration as iteration_from  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.show_iterations import Wanted, show_iterations  # noqa: PLC0415 - slow, and --help must not wait

    wanted = Wanted(iterator, *page, iteration_from(within))
    view: dict[str, Any] = show_iterations(run_id, wanted, stack.services)
    stack.console.answer(iterations_text(view, terminal_width()), view)


@connected
def follow_run(stack: Stack, run_id: RunArgument, *, timeout: TimeoutOption = None) -> None:
    """Show every change of a run until it ends: exit code 0 COMPLETED, 1 FAILED or STOPPED, 124 time over.

    With --json, changes go to stderr and the run is printed once at the end, as by `runs show`.

    Example: ventuno runs follow 6d0c1c8e-8a52-5f0e-9f57-0c8f3a3e4b11 --timeout 60
    """
    follow_to_end(stack, run_id, timeout)


def follow_to_end(
    stack: Stack, run_id: str, timeout: float | None, started: "JsonObject | None" = None
) -> None:
    """Follow a run and end the command as the run ended. JSON: the run, inside `started` if that is given."""
    from ventuno.runtime.show_run import show_run as view_of  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.run_following import FollowTimeoutError, follow  # noqa: PLC0415 - slow, and --help must not wait

    begun, late = time.monotonic(), None
    tell = stack.console.step if stack.console.as_json else _tell
    try:
        for change in follow(run_id, stack.services, timeout):
            tell(change_text(change, time.monotonic() - begun))
            for line in _addresses(run_id, stack) if change.waits else ():
                tell(line)
    except FollowTimeoutError as exc:
        late = exc
        messages.error(str(exc))
    view: dict[str, Any] = view_of(run_id, stack.services)
    if stack.console.as_json:
        stack.console.answer("", view if started is None else {**started, "run": view})
    if late is not None:
        raise typer.Exit(ExitCode.TIMEOUT)
    if view["status"] != RunStatus.COMPLETED:
        raise typer.Exit(ExitCode.FAILED)


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the command's own output


def _run_text(view: dict[str, Any], stack: Stack) -> str:
    workflow = stack.services.workflows.get(view["workflowId"])
    return run_text(view, workflow.slug if workflow else view["workflowId"], terminal_width())
