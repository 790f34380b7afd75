"""`ventuno run` and `ventuno test`: start a run, runs on records, or a test of a draft."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.run_commands import TimeoutOption, follow_to_end

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.start_run import Started
    from ventuno.workflow.model import Workflow

SlugArgument = Annotated[str, typer.Argument(metavar="SLUG", help="The workflow's slug or id.")]
PayloadOption = Annotated[str | None, typer.Option("--payload", metavar="JSON", help="The payload.")]
PayloadFileOption = Annotated[
    str | None, typer.Option("--payload-file", metavar="FILE", help="A file with the payload; - for stdin.")
]
KeyOption = Annotated[
    str | None, typer.Option("--key", help="The same key for the same workflow starts one run only.")
]
FollowOption = Annotated[bool, typer.Option("--follow", "-f", help="Show every change until the run ends.")]
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
    from ventuno.runtime.rest.starting import payload_from  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.run_manually import run_manually  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait

    given = payload_from(_payload_text(payload, payload_file))
    workflow = find_workflow(slug, stack.services)
    if record or filter_ is not None:
        if given or follow:
            raise typer.BadParameter("--record and --filter go without --payload and --follow")
        _run_on_records(stack, workflow, record, filter_, key)
        return
    started = run_manually(workflow, given, _caller(), stack.services, key)
    _tell_started(stack, started, timeout, follow=follow)


@connected
def run_draft(  # noqa: PLR0913 - each is an option of the command line
    stack: Stack,
    slug: SlugArgument,
    *,
    payload: PayloadOption = None,
    payload_file: PayloadFileOption = None,
    key: KeyOption = None,
    follow: FollowOption = False,
    timeout: TimeoutOption = None,
) -> None:
    """Run the draft as it is now, activated or not; its effects are real, and it is listed apart.

    Without a payload, a webhook gets the body it expects. Exit codes as with `run`.

    Example: ventuno test quick-lead --payload '{"email": "a@b.co"}' --follow
    """
    from ventuno.runtime.rest.starting import payload_from  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.testing import start_test  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait

    text = _payload_text(payload, payload_file)
    given = None if text is None else payload_from(text)
    started = start_test(find_workflow(slug, stack.services), given, _caller(), stack.services, key)
    _tell_started(stack, started, timeout, follow=follow)


def _tell_started(stack: Stack, started: "Started", timeout: float | None, *, follow: bool) -> None:
    """Answer with a run that was started, or follow it. Raises: RunLimitError"""
    from ventuno.runtime.rest.starting import started_view  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.start_run import refuse_if_limited  # noqa: PLC0415 - slow, and --help must not wait

    refuse_if_limited(started)
    if not follow:
        note = "" if started.fresh else "  (started before with this key)"
        stack.console.answer(f"{started.run.id}  {started.run.name}{note}", started_view(started))
        return
    stack.console.step(f"run {started.run.id}")
    follow_to_end(stack, started.run.id, timeout, started_view(started))


def _run_on_records(
    stack: Stack, workflow: "Workflow", ids: list[str] | None, filter_: str | None, key: str | None
) -> None:
    """Start runs page by page until all chosen records have theirs."""
    from ventuno.runtime.rest.starting import RecordsChosen, started_view  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.run_on_records import run_on_records  # noqa: PLC0415 - slow, and --help must not wait

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
