"""The statuses of a workflow follow from its versions, as the reference shows them."""

from __future__ import annotations

import pytest

from ventuno.workflow.model import ActiveVersion, Workflow

ACTIVE = ActiveVersion(1, "arn:x", "WEBHOOK", {}, rides_at_start=False)


@pytest.mark.parametrize(
    ("draft", "published", "active", "statuses"),
    [
        (1, None, None, ["DRAFT"]),
        (None, 1, ACTIVE, ["ACTIVE"]),
        (2, 1, ACTIVE, ["DRAFT", "ACTIVE"]),
        (None, 1, None, ["DEACTIVATED"]),
        (2, 1, None, ["DRAFT", "DEACTIVATED"]),
    ],
)
def test_the_statuses_of_a_workflow(
    draft: int | None, published: int | None, active: ActiveVersion | None, statuses: list[str]
) -> None:
    workflow = Workflow("w", "flow", "Flow", 2, draft, published, active)

    assert [status.value for status in workflow.statuses] == statuses
