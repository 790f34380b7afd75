"""A run as most suites of this folder store it."""

from __future__ import annotations

from ventuno.engine.statuses import RunStatus
from ventuno.runs.model import Inline, Run, VersionRef

RUN = Run(
    id="run-1",
    name="#1 - Test",
    version=VersionRef("workflow-1", 2),
    machine_arn="arn:aws:states:eu-west-1:123456789012:stateMachine:test-flow-v2",
    status=RunStatus.RUNNING,
    payload=Inline('{"amount":12.5}'),
    created_by={"source": "WEBHOOK", "name": "Webhook"},
    started_at="2026-03-01T12:00:00.000Z",
    expires_at=1_780_000_000,
    causation=("run-1",),
)
