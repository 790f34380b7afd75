"""Bring a stack up: emulator, deployment, then one sweep so that interrupted runs go on at once.

Every step looks first and does nothing if nothing is to be done, so `up` may be repeated at any time.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno_dev.stack import endpoints, health, pidfile, process
from ventuno_dev.stack.clients import Clients
from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.deploy import Deployed, Deployment, Outcome, deploy
from ventuno_dev.stack.errors import NotRunningError
from ventuno_dev.stack.outputs import StackOutputs, remember
from ventuno_dev.stack.target import Target, TargetKind

if TYPE_CHECKING:
    from ventuno_dev.stack.progress import Progress


_MAIL_DOMAIN = "example.com"


@dataclass(frozen=True, slots=True)
class Up:
    """A stack that is up, and what it took."""

    target: Target
    started: bool
    outcome: Outcome
    outputs: StackOutputs


def up(target: Target, deployment: Deployment, progress: Progress) -> Up:
    """Start what is not running, deploy what changed, and resume what was interrupted.

    Raises: StackError and its kinds
    """
    with DataFolder(target.data).exclusive():
        return _up(target, deployment, progress)


def _up(target: Target, deployment: Deployment, progress: Progress) -> Up:
    target = endpoints.settled(target)
    started = _ensure_running(target, progress)
    with Clients(target) as clients:
        deployed: Deployed = deploy(clients, deployment, progress)
        outputs = remember(target, deployment.stage, deployed.stack.outputs)
        if started and deployed.outcome is not Outcome.CREATED:
            sweep(clients, outputs, progress)
        if deployed.outcome is Outcome.CREATED and target.kind is TargetKind.EMBEDDED:
            _connect_account(clients, deployment)
    return Up(target, started, deployed.outcome, outputs)


def _connect_account(clients: Clients, deployment: Deployment) -> None:
    """Let e-mail be sent without set-up: by the emulator's SES, which keeps it for `ventuno mails`.

    Like SES it sends for verified identities only, so the domain of the examples is one.
    """
    from ventuno.errors import ConflictError  # noqa: PLC0415 - only the first `up` needs the product itself
    from ventuno.runtime.accounts import add_account  # noqa: PLC0415 - same
    from ventuno_dev.connection import connect  # noqa: PLC0415 - same

    with suppress(clients.ses.exceptions.AlreadyExistsException):
        clients.ses.create_email_identity(EmailIdentity=_MAIL_DOMAIN)
    address = f"ventuno@{_MAIL_DOMAIN}"
    with suppress(ConflictError):  # the tables were there before, and so was the account
        add_account(
            {"id": "local", "kind": "SES", "address": address, "name": "Ventuno"},
            connect(clients.target, deployment.stage).services,
        )


def sweep(clients: Clients, outputs: StackOutputs, progress: Progress) -> None:
    """Let run_events look for runs whose execution a restart ended, however young they are.

    A failure is only told: a sweep comes every minute.
    """
    progress.step("resuming runs that a stop interrupted")
    answer = clients.functions.invoke(
        FunctionName=outputs.run_events_arn, Payload=json.dumps({"sweep": True, "graceSeconds": 0}).encode()
    )
    if answer.get("FunctionError"):
        reason = json.loads(answer["Payload"].read()).get("errorMessage", "no reason given")
        progress.step(
            f"the sweep failed ({reason}): it runs again within a minute, `ventuno logs run_events` shows why"
        )


def _ensure_running(target: Target, progress: Progress) -> bool:
    """Start the emulator if the target is one and it does not answer; tell whether it was started."""
    if target.kind is TargetKind.EMBEDDED and pidfile.running(target.data) is None:
        process.start(target.data, endpoints.port_of(target), progress)
        return True
    if target.endpoint_url is None or health.is_healthy(target.endpoint_url, timeout_seconds=5):
        return False
    if target.kind is not TargetKind.EMBEDDED:
        raise NotRunningError(f"nothing answers at {target.name}: start it, or unset AWS_ENDPOINT_URL")
    progress.step("the emulator runs but does not answer")
    process.stop(target.data, progress)
    process.start(target.data, endpoints.port_of(target), progress)
    return True
