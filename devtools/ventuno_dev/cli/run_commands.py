"""`ventuno run` and `ventuno runs list`, `show`, `follow`: start runs and see what became of them."""

import getpass
import sys
import time
from pathlib import Path
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
    from ventuno.workflow.model import Workflow

MAX_LIMIT = 200
ITERATIONS = 20

SlugArgument = Annotated[str, typer.Argument(metavar="SLUG", help="The workflow's slug or id.")]
RunArgument = Annotated[str, typer.Argument(metavar="RUN_ID", help="The run's id.")]
PayloadOption = Annotated[str | None, typer.Option("--payload", metavar="JSON", help="The payload.")]
PayloadFileOption = Annotated[
    str | None, typer.Option("--payload-file", metavar="FILE", help="A file with the payload; - for stdin.")
]
KeyOption = Annotated[
    str | None, typer.Option("--key", help="The same key for the same workflow starts one run only.")
]
FollowOption = Annotated[bool, typer.Option("--follow", "-f", help="Show every change until the run ends.")]
TimeoutOption = Annotated[
    float | None,
    typer.Option("--timeout", min=0, help="Stop following after so many seconds (exit code 124)."),
]
WorkflowOption = Annotated[
    str | None, typer.Option("--workflow", metavar="SLUG", help="Runs of one workflow.")
]
StatusOption = Annotated[
    RunStatus | None, typer.Option("--status", case_sensitive=False, help="Runs of one status.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="How many at most.")]
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


RecordOption = Annotated[
    list[str] | None, typer.Option("--record", metavar="ID", help="Run on this record; may be repeated.")
]
FilterOption = Annotated[
    str | None,
    typer.Option("--filter", help="Run on all records that meet this, as in REST; empty for all there are."),
]


@connected
def run(  # noqa: PLR0913 - each is an option of the command line
    stack: Stack,
    slug: SlugArgument,
    *,
    payload: PayloadOption = None,
    payload_file: PayloadFileOption = None,
    record: RecordOption = None,
    filter_: FilterOption = None,
    key: KeyOption = None,
    follow: FollowOption = False,
    timeout: TimeoutOption = None,
) -> None:
    """Start a run, or runs on records.

    With --follow, exit code 0 if it is COMPLETED, 1 if not, 124 when the time is over.

    Example: ventuno run quick-lead --payload '{"email": "a@b.co"}' --follow
    """
    from ventuno.runtime.api import find_workflow, payload_from  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.run_manually import run_manually  # noqa: PLC0415 - slow, and --help must not wait

    given = payload_from(_payload_text(payload, payload_file))
    workflow = find_workflow(slug, stack.services)
    if record or filter_ is not None:
        if given or follow:
            raise typer.BadParameter("--record and --filter go without --payload and --follow")
        _run_on_records(stack, workflow, record, filter_, key)
        return
    started = run_manually(workflow, given, _caller(), stack.services, key)
    value: JsonObject = {"workflowRunId": started.run.id, "name": started.run.name, "fresh": started.fresh}
    if not follow:
        note = "" if started.fresh else "  (started before with this key)"
        stack.console.answer(f"{started.run.id}  {started.run.name}{note}", value)
        return
    stack.console.step(f"run {started.run.id}")
    _follow(stack, started.run.id, timeout, value)


def _run_on_records(
    stack: Stack, workflow: "Workflow", ids: list[str] | None, filter_: str | None, key: str | None
) -> None:
    """Start runs page by page until all chosen records have theirs."""
    from ventuno.runtime.api import started_view  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.rest.starting import RecordsChosen  # noqa: PLC0415 - as above
    from ventuno.runtime.run_on_records import run_on_records  # noqa: PLC0415 - as above

    runs: list[JsonObject] = []
    chosen = RecordsChosen(ids=tuple(ids) if ids else None, filter=filter_)
    while True:
        done = run_on_records(workflow, chosen.selection(), _caller(), stack.services, key)
        runs += [started_view(started) for started in done.runs]
        if done.cursor is None:
            break
        stack.console.detail(f"{len(runs)} runs")
        chosen = chosen.model_copy(update={"cursor": done.cursor})
    lines = [f"{each['workflowRunId']}  {each['name']}" for each in runs]
    stack.console.answer("\n".join(lines) or "no record is chosen, so nothing was started", {"runs": [*runs]})


def _payload_text(payload: str | None, payload_file: str | None) -> str | None:
    if payload is not None and payload_file is not None:
        raise typer.BadParameter("give --payload or --payload-file, not both")
    if payload_file is None:
        return payload
    try:
        return sys.stdin.read() if payload_file == "-" else Path(payload_file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise typer.BadParameter(f"cannot read the payload from {payload_file}: {exc}") from exc


def _caller() -> str:
    """Name the person who starts the run; a container may have users without a name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


@connected
def list_runs(
    stack: Stack,
    *,
    workflow: WorkflowOption = None,
    status: StatusOption = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
) -> None:
    """List runs, newest first.

    Example: ventuno runs list --workflow quick-lead --status failed
    """
    from ventuno_dev import run_listing  # noqa: PLC0415 - slow, and --help must not wait

    if cursor is not None and workflow is None and status is None:
        raise typer.BadParameter("--cursor goes with --workflow or --status, as the page that gave it did")
    wanted = run_listing.Wanted(workflow, status, limit, cursor)
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
    stack.console.answer("\n\n".join(parts), view)


def _show_iterations(
    stack: Stack, run_id: str, iterator: str, page: tuple[int, int], within: str | None
) -> None:
    from ventuno.runtime.api import within_from  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.show_iterations import Wanted, show_iterations  # noqa: PLC0415 - slow, and --help must not wait

    wanted = Wanted(iterator, *page, within_from(within))
    view: dict[str, Any] = show_iterations(run_id, wanted, stack.services)
    stack.console.answer(iterations_text(view, terminal_width()), view)


@connected
def follow_run(stack: Stack, run_id: RunArgument, *, timeout: TimeoutOption = None) -> None:
    """Show every change of a run until it ends: exit code 0 COMPLETED, 1 FAILED or STOPPED, 124 time over.

    With --json, changes go to stderr and the run is printed once at the end, as by `runs show`.

    Example: ventuno runs follow 6d0c1c8e-8a52-5f0e-9f57-0c8f3a3e4b11 --timeout 60
    """
    _follow(stack, run_id, timeout)


def _follow(stack: Stack, run_id: str, timeout: float | None, started: "JsonObject | None" = None) -> None:
    """Follow a run and end the command as the run ended. JSON: the run, inside `started` if that is given."""
    from ventuno.runtime.show_run import show_run as view_of  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.run_following import FollowTimeoutError, follow  # noqa: PLC0415 - slow, and --help must not wait

    begun, late = time.monotonic(), None
    tell = stack.console.step if stack.console.as_json else _tell
    try:
        for change in follow(run_id, stack.services, timeout):
            tell(change_text(change, time.monotonic() - begun))
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
