"""Workflows with limits in a World, and how their runs come to their ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.builders import create, written
from ventuno.execution_ports import Execution
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.sweep import GRACE_SECONDS, sweep
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow


def limited(world: World, slug: str = "flow", **limits: int) -> Workflow:
    """Publish a workflow with limits."""
    workflow = world.publish(written(create()), slug)
    return world.workflows.save(replace(workflow, limits=Limits(**limits)), [])


def statuses(world: World, slug: str = "flow") -> Counter[str]:
    """Count a workflow's runs by status."""
    runs = world.runs.by_workflow(world.workflow(slug).id, 200, None).runs
    return Counter(run.status.value for run in runs)


def stored(world: World, run: Run) -> Run:
    """Read a run as it is now."""
    return world.runs.load(run.id, []).run


def end(world: World, run: Run) -> None:
    """Let a run come to its end, as Step Functions tells it."""
    world.call(run)
    tell_end(world, run, world.services)


def tell_end(world: World, run: Run, services: Services) -> None:
    """Tell the services that a run's execution succeeded."""
    current = stored(world, run)
    event = {
        "executionArn": "arn",
        "stateMachineArn": current.machine_arn,
        "name": current.execution_name,
        "status": "SUCCEEDED",
        "input": f'{{"run": "{run.id}"}}',
    }
    close_run(ExecutionEnded.model_validate(event), services)


def fail(world: World, run: Run) -> None:
    """Let a run's execution fail."""
    name = stored(world, run).execution_name
    execution = next(one for one in world.machines.started if one.name == name)
    world.machines.end(execution, Execution("FAILED", "States.Runtime", "no"))
    world.clock.advance(GRACE_SECONDS)
    sweep(world.services)
