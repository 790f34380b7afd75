"""`ventuno rollout start`, `finish` and `return`: a share of the runs for a version beside the active one."""

from typing import Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.lifecycle_commands import found, tell
from ventuno_dev.cli.workflow_commands import SlugArgument

PercentOption = Annotated[int, typer.Option("--percent", min=1, max=99, help="Its share of the runs.")]
FailuresOption = Annotated[
    int,
    typer.Option(
        "--most-failures",
        min=0,
        max=99,
        metavar="PERCENT",
        help="It is taken back when more of its runs fail.",
    ),
]
AfterOption = Annotated[
    int,
    typer.Option("--after-runs", min=1, max=200, help="How many of its runs must have ended to judge it."),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, to be read in `workflows show`.")]


@connected
def start(
    stack: Stack,
    slug: SlugArgument,
    *,
    percent: PercentOption,
    most_failures: FailuresOption = 20,
    after_runs: AfterOption = 10,
) -> None:
    """Give a share of the runs to the draft, or another share to the version that is rolled out already.

    Example: ventuno rollout start quick-lead --percent 10
    """
    from ventuno.runtime.rollout import RolloutRules, start_rollout  # noqa: PLC0415 - slow, and --help must not wait

    rules = RolloutRules(percent, most_failures, after_runs)
    rolled = start_rollout(found(slug, stack), rules, stack.services)
    number = rolled.rollout.candidate.number if rolled.rollout else 0
    back = f"it is taken back when more than {most_failures} % of its runs fail, after {after_runs} of them"
    tell(stack, rolled, f"v{number} of {slug} gets {percent} % of the runs; {back}")


@connected
def finish(stack: Stack, slug: SlugArgument) -> None:
    """Make the version that is rolled out the active one. Safe to repeat.

    Example: ventuno rollout finish quick-lead
    """
    from ventuno.runtime.rollout import finish_rollout  # noqa: PLC0415 - slow, and --help must not wait

    done = finish_rollout(found(slug, stack), stack.services)
    number = f"v{done.active.number} of {slug} is active" if done.active else f"{slug} is not active"
    tell(stack, done, number)


@connected
def return_(stack: Stack, slug: SlugArgument, *, reason: ReasonOption = "taken back by hand") -> None:
    """Give all runs to the active version again. Safe to repeat.

    Example: ventuno rollout return quick-lead --reason "too slow"
    """
    from ventuno.runtime.judging import take_back  # noqa: PLC0415 - slow, and --help must not wait

    done = take_back(found(slug, stack), reason, stack.services)
    number = done.active.number if done.active else None
    tell(stack, done, f"v{number} of {slug} gets all runs" if number else f"{slug} is not active")
