"""Deploy the template through CloudFormation, and only if something changed.

What is deployed is named by one digest of template, artifacts and parameters. It is stored as the stack's own
parameter BuildId, so that one describe call tells whether anything changed, on any machine.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ventuno_dev.stack import artifacts, build, cloudformation, health
from ventuno_dev.stack import template as templates
from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.errors import DeployError
from ventuno_dev.stack.target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ventuno_dev.stack.clients import Clients
    from ventuno_dev.stack.cloudformation import Stack
    from ventuno_dev.stack.progress import Progress


# On this machine HTTP requests are tried out against servers on this machine.
_OF_LOCAL_STACKS: Mapping[str, str] = {"LoopbackAllowed": "true"}


class Outcome(StrEnum):
    """What a deployment did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What to deploy: a stage and the values of the template's other parameters."""

    stage: str = "dev"
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack_name(self) -> str:
        """Name the CloudFormation stack."""
        return f"ventuno-{self.stage}"


@dataclass(frozen=True, slots=True)
class Deployed:
    """The stack after a deployment and what the deployment did."""

    outcome: Outcome
    stack: Stack


def deploy(clients: Clients, deployment: Deployment, progress: Progress) -> Deployed:
    """Build, upload what is new, create or update the stack, and wait for it.

    Raises: BuildError, DeployError
    """
    template = templates.load(clients.target.project)
    built = build.build(template, clients.target.project, _layer_cache(clients))
    bucket = artifacts.bucket_name(clients.account(), clients.target.region)
    body = templates.with_code(template, {a.logical_id: f"s3://{bucket}/{a.key}" for a in built})
    parameters = _parameters(deployment, body, local=_OF_LOCAL_STACKS if _is_local(clients) else {})
    stack = cloudformation.describe(clients, deployment.stack_name)
    if stack and stack.settled and stack.parameters == stack.parameters | parameters:
        return Deployed(Outcome.UNCHANGED, stack)
    artifacts.upload(clients, bucket, built, progress)
    url = artifacts.put_template(clients, bucket, body)
    change = cloudformation.Change(url, parameters, frozenset(template["Parameters"]))
    return _apply(clients, deployment, change, progress)


def _apply(
    clients: Clients, deployment: Deployment, change: cloudformation.Change, progress: Progress
) -> Deployed:
    name = deployment.stack_name
    existing = cloudformation.make_ready(clients, name, progress)
    tags = {"app": "ventuno", "stage": deployment.stage}
    changed = True
    if existing:
        changed = cloudformation.update(clients, existing, change, tags)
    else:
        cloudformation.create(clients, name, change, tags)
    if changed:
        cloudformation.wait(clients, name, progress)
    stack = cloudformation.describe(clients, name)
    if stack is None:
        raise DeployError(f"the stack {name} disappeared while it was deployed: run `ventuno up` again")
    outcome = Outcome.UPDATED if existing else Outcome.CREATED
    return Deployed(outcome if changed else Outcome.UNCHANGED, stack)


def _parameters(deployment: Deployment, body: str, local: Mapping[str, str]) -> dict[str, str]:
    chosen = {"Stage": deployment.stage, **local, **deployment.parameters}
    digest = hashlib.sha256(json.dumps([body, chosen], sort_keys=True).encode()).hexdigest()
    return {**chosen, "BuildId": digest[:32]}


def _is_local(clients: Clients) -> bool:
    return clients.target.kind is TargetKind.EMBEDDED


def _layer_cache(clients: Clients) -> Path | None:
    """Return where whole layers are kept, or None if the target's interpreter has the packages."""
    endpoint = clients.target.endpoint_url
    if endpoint and health.is_healthy(endpoint, path=health.OWN_INTERPRETER_PATH):
        return None
    return DataFolder(clients.target.data).layers
