"""One CloudFormation stack: describe, create, update, wait; failures name the resource and the reason."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ventuno_dev.stack.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from botocore.exceptions import ClientError
    from mypy_boto3_cloudformation.literals import CapabilityType
    from mypy_boto3_cloudformation.type_defs import (
        ParameterTypeDef,
        StackEventTypeDef,
        StackTypeDef,
        TagTypeDef,
    )

    from ventuno_dev.stack.clients import Clients
    from ventuno_dev.stack.progress import Progress


WAIT_SECONDS = 1800
_CAPABILITIES: tuple[CapabilityType, ...] = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
_SUCCEEDED = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
# A stack that failed its first creation accepts nothing but its deletion.
_NEVER_CREATED = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"}
_CONSEQUENCE = "cancelled"  # "Resource creation cancelled" follows the failure that matters


@dataclass(frozen=True, slots=True)
class Change:
    """A template's address, the values to set, and the names of all parameters that it declares."""

    template_url: str
    parameters: Mapping[str, str]
    declared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack."""

    stack_id: str
    status: str
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Tell whether the stack is whole and what it was last asked to be."""
        return self.status in _SUCCEEDED


def describe(clients: Clients, name: str) -> Stack | None:
    """Return the stack, or None if there is none."""
    found = _described(clients, name)
    if found is None:
        return None
    return Stack(
        found["StackId"],
        found["StackStatus"],
        {p["ParameterKey"]: p["ParameterValue"] for p in found.get("Parameters", [])},
        {o["OutputKey"]: o["OutputValue"] for o in found.get("Outputs", [])},
    )


def make_ready(clients: Clients, name: str, progress: Progress) -> Stack | None:
    """Bring the stack to where it can be changed, and return it if it exists.

    Waits for an operation under way, and deletes a stack whose first creation failed: it never held data.
    """
    stack = describe(clients, name)
    if stack and stack.status.endswith("_IN_PROGRESS"):
        progress.step(f"waiting for the operation under way on {name}")
        stack = _until_idle(clients, name)
    if stack and stack.status in _NEVER_CREATED:
        progress.step(f"deleting {name}, whose first creation failed")
        clients.cloudformation.delete_stack(StackName=stack.stack_id)
        _until_idle(clients, name)
        return None
    return stack


def create(clients: Clients, name: str, change: Change, tags: Mapping[str, str]) -> None:
    """Begin the creation of the stack.

    Raises: DeployError if the template is refused
    """
    cfn = clients.cloudformation
    try:
        cfn.create_stack(
            StackName=name,
            TemplateURL=change.template_url,
            Parameters=_parameters(change),
            Tags=_tags(tags),
            Capabilities=_CAPABILITIES,
        )
    except cfn.exceptions.ClientError as exc:
        raise _refused(exc) from exc


def update(clients: Clients, stack: Stack, change: Change, tags: Mapping[str, str]) -> bool:
    """Begin an update and tell whether there is anything to update; what is not set keeps its value.

    Raises: DeployError if the template is refused
    """
    cfn = clients.cloudformation
    kept = sorted((stack.parameters.keys() & change.declared) - change.parameters.keys())
    try:
        cfn.update_stack(
            StackName=stack.stack_id,
            TemplateURL=change.template_url,
            Parameters=_parameters(change, kept),
            Tags=_tags(tags),
            Capabilities=_CAPABILITIES,
        )
    except cfn.exceptions.ClientError as exc:
        if "No updates are to be performed" in str(exc):
            return False
        raise _refused(exc) from exc
    return True


def _refused(exc: ClientError) -> DeployError:
    return DeployError(f"CloudFormation refused the template: {exc.response['Error'].get('Message', exc)}")


def wait(clients: Clients, name: str, progress: Progress) -> None:
    """Follow the operation under way to its end, telling each resource that was made or changed.

    Raises: DeployError naming the first resource that failed
    """
    seen: set[str] = set()
    failures: list[str] = []
    for status in _statuses(clients, name):
        for event in _new_events(clients, name, seen):
            _tell(event, progress, failures)
        if status in _SUCCEEDED:
            return
        if status is None or not status.endswith("_IN_PROGRESS"):
            reason = failures[0] if failures else "CloudFormation gives no reason"
            raise DeployError(f"{name} ended as {status or 'deleted'}: {reason}")
    raise DeployError(
        f"{name} was not ready after {WAIT_SECONDS} s: look at its events, then run `ventuno up` again"
    )


def _tell(event: StackEventTypeDef, progress: Progress, failures: list[str]) -> None:
    logical_id, status = event.get("LogicalResourceId", ""), event.get("ResourceStatus", "")
    reason = event.get("ResourceStatusReason", "")
    if status.endswith("_FAILED") and _CONSEQUENCE not in reason:
        failures.append(f"{logical_id} ({event.get('ResourceType', '')}): {reason}")
    if not status.endswith("_IN_PROGRESS"):
        progress.detail(f"{status.lower().replace('_', ' ')} {logical_id}")


def _new_events(clients: Clients, name: str, seen: set[str]) -> list[StackEventTypeDef]:
    """Return the operation's events not seen before, oldest first."""
    fresh: list[StackEventTypeDef] = []
    for event in _events_of_operation(clients, name):
        if event["EventId"] in seen:
            break
        fresh.append(event)
    seen.update(event["EventId"] for event in fresh)
    return fresh[::-1]


def _events_of_operation(clients: Clients, name: str) -> Iterator[StackEventTypeDef]:
    """Yield events newest first, up to the one that began the operation."""
    for page in clients.cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
        for event in page["StackEvents"]:
            yield event
            begins = event.get("ResourceStatus") in {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}
            if begins and event.get("PhysicalResourceId") == event["StackId"]:
                return


def _statuses(clients: Clients, name: str) -> Iterator[str | None]:
    """Yield the stack's status, ever more slowly, until the time is up; None once it does not exist."""
    end, pause = time.monotonic() + WAIT_SECONDS, 0.05
    while time.monotonic() < end:
        found = _described(clients, name)
        yield found["StackStatus"] if found else None
        time.sleep(pause)
        pause = min(pause * 1.5, 3.0)


def _until_idle(clients: Clients, name: str) -> Stack | None:
    for status in _statuses(clients, name):
        if status is None or not status.endswith("_IN_PROGRESS"):
            return describe(clients, name)
    raise DeployError(f"{name} was still busy after {WAIT_SECONDS} s: look at its events in CloudFormation")


def _described(clients: Clients, name: str) -> StackTypeDef | None:
    cfn = clients.cloudformation
    try:
        stacks = cfn.describe_stacks(StackName=name)["Stacks"]
    except cfn.exceptions.ClientError as exc:
        if "does not exist" in str(exc):
            return None
        raise
    return stacks[0] if stacks and stacks[0]["StackStatus"] != "DELETE_COMPLETE" else None


def _parameters(change: Change, kept: Sequence[str] = ()) -> list[ParameterTypeDef]:
    chosen: list[ParameterTypeDef] = [
        {"ParameterKey": key, "ParameterValue": value} for key, value in change.parameters.items()
    ]
    return chosen + [{"ParameterKey": key, "UsePreviousValue": True} for key in kept]


def _tags(tags: Mapping[str, str]) -> list[TagTypeDef]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
