"""`ventuno workflows duplicate`, `draft`, `discard`, `archive`, `restore`, `limit` and `rotate-address`."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.workflow_commands import SlugArgument

if TYPE_CHECKING:
    from ventuno.workflow.limits import Limits
    from ventuno.workflow.model import Workflow

NewSlugOption = Annotated[
    str | None, typer.Option("--slug", help="The slug of the copy (default: <slug>-copy).")
]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, help="The version to copy (default: the newest).")
]
VersionArgument = Annotated[int, typer.Argument(metavar="VERSION", min=1, help="The number of a version.")]
PerMinuteOption = Annotated[
    int | None, typer.Option("--per-minute", min=0, help="Runs a minute, beyond which runs wait; 0 for any.")
]
PerHourOption = Annotated[
    int | None,
    typer.Option("--per-hour", min=0, help="Runs an hour, beyond which runs are refused; 0 for any."),
]
AtOnceOption = Annotated[
    int | None, typer.Option("--at-once", min=0, help="Runs at once, beyond which runs wait; 0 for any.")
]
GraceOption = Annotated[
    float, typer.Option("--grace-hours", min=0, max=720, help="How long the old address is good.")
]


@connected
def duplicate(
    stack: Stack, slug: SlugArgument, *, new: NewSlugOption = None, version: VersionOption = None
) -> None:
    """Copy a version into a workflow of its own, as a draft under fresh ids.

    Example: ventuno workflows duplicate quick-lead --slug quick-lead-2
    """
    from ventuno.runtime.lifecycle import duplicate as copy  # noqa: PLC0415 - slow, and --help must not wait

    done = copy(found(slug, stack), stack.services, new, version)
    tell(stack, done.workflow, f"{done.workflow.slug} is a copy of {slug}, v1 is its draft")


@connected
def draft(stack: Stack, slug: SlugArgument, version: VersionArgument) -> None:
    """Make a version the draft again, in place of the one there may be.

    Example: ventuno workflows draft quick-lead 3
    """
    from ventuno.runtime.lifecycle import draft_from  # noqa: PLC0415 - slow, and --help must not wait

    done = draft_from(found(slug, stack), version, stack.services)
    tell(stack, done.workflow, f"v{done.version.number} of {slug} is a draft of what v{version} says")


@connected
def discard(stack: Stack, slug: SlugArgument) -> None:
    """Delete the draft. Safe to repeat.

    Example: ventuno workflows discard quick-lead
    """
    from ventuno.runtime.lifecycle import discard_draft  # noqa: PLC0415 - slow, and --help must not wait

    before = found(slug, stack)
    gone = f"the draft v{before.draft_number} of {slug} is gone"
    text = f"{slug} had no draft" if before.draft_number is None else gone
    tell(stack, discard_draft(before, stack.services), text)


@connected
def archive(stack: Stack, slug: SlugArgument) -> None:
    """Stop a workflow and put it away; its versions and runs stay. Safe to repeat.

    Example: ventuno workflows archive quick-lead
    """
    from ventuno.runtime.lifecycle import archive as put_away  # noqa: PLC0415 - slow, and --help must not wait

    tell(stack, put_away(found(slug, stack), stack.services), f"{slug} is archived")


@connected
def restore(stack: Stack, slug: SlugArgument) -> None:
    """Bring an archived workflow back, not active. Safe to repeat.

    Example: ventuno workflows restore quick-lead
    """
    from ventuno.runtime.lifecycle import restore as bring_back  # noqa: PLC0415 - slow, and --help must not wait

    back = bring_back(found(slug, stack), stack.services)
    tell(stack, back, f"{slug} is back: {', '.join(back.statuses)}")


@connected
def limit(
    stack: Stack,
    slug: SlugArgument,
    *,
    per_minute: PerMinuteOption = None,
    per_hour: PerHourOption = None,
    at_once: AtOnceOption = None,
) -> None:
    """Show or set how many runs a workflow may start; what is not named stays as it is.

    Example: ventuno workflows limit quick-lead --per-minute 100 --at-once 10
    """
    from ventuno.runtime.limiting import limits_from, set_limits  # noqa: PLC0415 - slow, and --help must not wait

    workflow = found(slug, stack)
    given = {"perMinute": per_minute, "perHour": per_hour, "atOnce": at_once}
    wanted = {
        **workflow.limits.to_dict(),
        **{name: value or None for name, value in given.items() if value is not None},
    }
    changed = set_limits(workflow, limits_from(wanted), stack.services)
    tell(stack, changed, f"{slug}: {limits_text(changed.limits)}")


def limits_text(limits: "Limits") -> str:
    """Write limits for people."""
    told = {
        "runs a minute": limits.per_minute,
        "runs an hour": limits.per_hour,
        "runs at once": limits.at_once,
    }
    return ", ".join(f"{most} {what}" for what, most in told.items() if most is not None) or "no limits"


@connected
def rotate_address(stack: Stack, slug: SlugArgument, *, grace_hours: GraceOption = 0) -> None:
    """Give the webhook another address; the old one is refused at once, or after a while.

    Example: ventuno workflows rotate-address web-form-to-person --grace-hours 24
    """
    from ventuno.runtime import hook_address  # noqa: PLC0415 - slow, and --help must not wait

    changed = hook_address.rotate_address(found(slug, stack), timedelta(hours=grace_hours), stack.services)
    url = stack.api_url + hook_address.hook_path(changed, stack.services.workspace_id)
    until = [old.until for old in changed.hook.old]
    text = [f"webhook  {url}", *(f"an old address is good until {each}" for each in until)]
    stack.console.answer("\n".join(text), {"url": url, "oldAddressesUntil": [*until]})


def found(slug: str, stack: Stack) -> "Workflow":
    """Find the workflow of a command. Raises: NotFoundError"""
    from ventuno.runtime.workflows import find_workflow  # noqa: PLC0415 - slow, and --help must not wait

    return find_workflow(slug, stack.services)


def tell(stack: Stack, workflow: "Workflow", text: str) -> None:
    """Answer with a workflow as it is now."""
    from ventuno.runtime.workflows import workflow_view  # noqa: PLC0415 - slow, and --help must not wait

    stack.console.answer(text, {"workflow": workflow_view(workflow)})
