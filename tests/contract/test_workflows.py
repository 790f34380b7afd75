"""WorkflowStore: the same answers and the same errors from every store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ventuno import errors
from ventuno.access.model import ApiKey, Role, hash_token
from ventuno.runs.model import Inline, PayloadRef, VersionRef
from ventuno.workflow.address import HookAddress, OldAddress
from ventuno.workflow.limits import Limits
from ventuno.workflow.model import ActiveVersion, Rollout, Version, VersionStatus, Workflow

if TYPE_CHECKING:
    from ventuno.ports import WorkflowStore

WORKFLOW = Workflow("workflow-1", "flow", "Flow", latest_number=1, draft_number=1)
DRAFT = Version("workflow-1", 1, VersionStatus.DRAFT, Inline('{"name":"Flow"}'), "ab" * 32, "2026-03-01")
ACTIVE = replace(
    WORKFLOW,
    draft_number=None,
    last_published_number=1,
    active=ActiveVersion(
        1,
        "arn:aws:states:eu-west-1:123456789012:stateMachine:test-flow-v1",
        "WEBHOOK",
        {"httpMethod": "POST", "authentication": None, "expectedBody": {"a": [1.5, None, {}]}},
        rides_at_start=True,
        waits=True,
    ),
)
PUBLISHED = replace(
    DRAFT,
    status=VersionStatus.ACTIVE,
    machine_arn="arn:x",
    rides={"trigger": ("f", "i"), "a": ("g",)},
    definition=PayloadRef("versions/workflow-1/1/abc.json", "cd" * 32, 300_000),
)


def test_a_workflow_comes_back_by_id_and_by_slug(workflows: WorkflowStore) -> None:
    workflows.create(WORKFLOW, DRAFT)

    assert workflows.get("workflow-1") == WORKFLOW
    assert workflows.find("flow") == WORKFLOW
    assert workflows.version(VersionRef("workflow-1", 1)) == DRAFT


def test_what_does_not_exist_is_none(workflows: WorkflowStore) -> None:
    assert workflows.get("workflow-1") is None
    assert workflows.find("flow") is None
    assert workflows.version(VersionRef("workflow-1", 1)) is None
    assert workflows.all() == []


def test_a_slug_is_given_once(workflows: WorkflowStore) -> None:
    workflows.create(WORKFLOW, DRAFT)

    with pytest.raises(errors.ConflictError, match="flow"):
        workflows.create(replace(WORKFLOW, id="workflow-2"), replace(DRAFT, workflow_id="workflow-2"))
    assert workflows.get("workflow-2") is None
    assert workflows.version(VersionRef("workflow-2", 1)) is None


def test_workflows_are_listed_by_slug(workflows: WorkflowStore) -> None:
    for name in ("c", "a", "b"):
        workflows.create(
            replace(WORKFLOW, id=f"id-{name}", slug=name), replace(DRAFT, workflow_id=f"id-{name}")
        )

    assert [workflow.slug for workflow in workflows.all()] == ["a", "b", "c"]


def test_saving_stores_the_workflow_and_its_versions_and_counts_the_revision(
    workflows: WorkflowStore,
) -> None:
    workflows.create(WORKFLOW, DRAFT)
    saved = workflows.save(ACTIVE, [PUBLISHED, replace(DRAFT, number=2)])

    assert workflows.get("workflow-1") == saved == replace(ACTIVE, revision=1)
    assert workflows.version(VersionRef("workflow-1", 1)) == PUBLISHED
    assert workflows.version(VersionRef("workflow-1", 2)) == replace(DRAFT, number=2)


def test_all_parts_of_a_workflow_come_back(workflows: WorkflowStore) -> None:
    assert ACTIVE.active is not None
    workflows.create(WORKFLOW, DRAFT)
    full = replace(
        ACTIVE,
        left_schedules=("a-r1-1",),
        rollout=Rollout(replace(ACTIVE.active, number=2), 10, 20, 30, "2026-03-01T09:00:00Z"),
        rollback="too many failures",
        limits=Limits(per_minute=1, per_hour=2, at_once=3),
        hook=HookAddress("new", (OldAddress("", "2026-03-02T09:00:00+00:00"),)),
        archived_at="2026-03-01T09:00:00Z",
    )

    assert workflows.save(full, []) == workflows.get("workflow-1") == replace(full, revision=1)


def test_versions_are_listed_newest_first_without_copies_for_tests(workflows: WorkflowStore) -> None:
    workflows.create(WORKFLOW, DRAFT)
    workflows.save(WORKFLOW, [replace(DRAFT, number=number) for number in (2, 10, 9)])
    snapshot = replace(DRAFT, number=10, snapshot="abc", expires_at=1_800_000_000)
    workflows.add_snapshot(snapshot)
    workflows.add_snapshot(snapshot)

    assert [version.number for version in workflows.versions("workflow-1")] == [10, 9, 2, 1]
    assert workflows.version(VersionRef("workflow-1", 10, "abc")) == snapshot
    assert workflows.versions("workflow-2") == []


def test_a_save_can_delete_a_version(workflows: WorkflowStore) -> None:
    workflows.create(WORKFLOW, DRAFT)
    saved = workflows.save(WORKFLOW, [replace(DRAFT, number=2)])
    workflows.save(saved, [], [VersionRef("workflow-1", 2)])

    with pytest.raises(errors.ConflictError):
        workflows.save(saved, [], [VersionRef("workflow-1", 1)])
    assert workflows.versions("workflow-1") == [DRAFT]


def test_workflows_with_a_rollout_are_listed_until_it_ends(workflows: WorkflowStore) -> None:
    assert ACTIVE.active is not None
    workflows.create(WORKFLOW, DRAFT)
    rolling = replace(ACTIVE, rollout=Rollout(ACTIVE.active, 10, 20, 30, "2026-03-01T09:00:00Z"))

    assert workflows.rolling_out() == []
    saved = workflows.save(rolling, [])
    assert workflows.rolling_out() == [saved]
    workflows.save(replace(saved, rollout=None), [])
    assert workflows.rolling_out() == []


def test_saving_on_an_old_revision_changes_nothing(workflows: WorkflowStore) -> None:
    workflows.create(WORKFLOW, DRAFT)
    workflows.save(WORKFLOW, [])

    with pytest.raises(errors.ConflictError, match="meanwhile"):
        workflows.save(ACTIVE, [PUBLISHED])
    assert workflows.get("workflow-1") == replace(WORKFLOW, revision=1)
    assert workflows.version(VersionRef("workflow-1", 1)) == DRAFT


def test_saving_a_workflow_that_does_not_exist_is_a_conflict(workflows: WorkflowStore) -> None:
    with pytest.raises(errors.ConflictError):
        workflows.save(WORKFLOW, [])


def test_what_a_caller_does_to_a_loaded_workflow_changes_nothing_stored(workflows: WorkflowStore) -> None:
    workflows.create(ACTIVE, PUBLISHED)
    loaded = workflows.get("workflow-1")
    assert loaded is not None
    assert loaded.active is not None
    loaded.active.trigger_settings["httpMethod"] = "GET"

    assert workflows.get("workflow-1") == ACTIVE


def listening(number: int, topic: str | None) -> Workflow:
    """A workflow as activation makes it, before it is stored."""
    active = replace(ACTIVE.active, topic=topic) if ACTIVE.active else None
    return replace(WORKFLOW, id=f"id-{number}", slug=f"slug-{number}", active=active)


def ids_of(workflows: WorkflowStore, *events: str, object_name: str = "company") -> list[str]:
    return [workflow.id for workflow in workflows.listeners(object_name, events)]


def test_workflows_are_found_by_the_record_events_that_start_them(workflows: WorkflowStore) -> None:
    topics = ("company.created", "company.updated", "company.created", "person.created", None)
    for number, topic in enumerate(topics):
        workflow = listening(number, topic)
        workflows.create(replace(workflow, active=None), replace(DRAFT, workflow_id=workflow.id))
        workflows.save(workflow, [])

    assert ids_of(workflows, "created") == ["id-0", "id-2"]
    assert ids_of(workflows, "created", "updated") == ["id-0", "id-1", "id-2"]
    assert ids_of(workflows, "deleted") == ids_of(workflows) == []
    assert ids_of(workflows, "created", object_name="person") == ["id-3"]
    assert workflows.listeners("company", ["updated"]) == [workflows.get("id-1")]


def test_a_workflow_listens_to_what_its_active_version_says_and_to_nothing_else(
    workflows: WorkflowStore,
) -> None:
    stored = listening(0, "company.created")
    workflows.create(replace(stored, active=None), replace(DRAFT, workflow_id=stored.id))
    stored = workflows.save(stored, [])
    assert ids_of(workflows, "created") == ["id-0"]

    found = workflows.get("id-0")
    assert found == stored
    stored = workflows.save(replace(stored, active=listening(0, "company.updated").active), [])
    assert (ids_of(workflows, "created"), ids_of(workflows, "updated")) == ([], ["id-0"])

    stored = workflows.save(replace(stored, active=None), [])
    assert ids_of(workflows, "created", "updated") == []
    assert workflows.get("id-0") == stored


def test_the_schedules_that_count_are_part_of_the_workflow(workflows: WorkflowStore) -> None:
    assert ACTIVE.active is not None
    timed = replace(ACTIVE, active=replace(ACTIVE.active, schedules=("a-r1-1", "a-r1-2")))
    workflows.create(WORKFLOW, DRAFT)

    assert workflows.get("workflow-1") != workflows.save(timed, [])
    assert workflows.get("workflow-1") == replace(timed, revision=1)


def test_a_save_that_is_a_conflict_changes_no_listener(workflows: WorkflowStore) -> None:
    first = listening(0, "company.created")
    workflows.create(replace(first, active=None), replace(DRAFT, workflow_id=first.id))
    workflows.save(first, [])

    with pytest.raises(errors.ConflictError):
        workflows.save(listening(0, "company.updated"), [])
    assert (ids_of(workflows, "created"), ids_of(workflows, "updated")) == (["id-0"], [])


def test_runs_are_counted_from_one_and_apart_for_each_workflow(workflows: WorkflowStore) -> None:
    counted = [workflows.next_run_number(name) for name in ("x", "x", "y", "x")]

    assert counted == [1, 2, 1, 3]


def test_the_last_count_can_be_taken_back_and_none_is_given_twice(workflows: WorkflowStore) -> None:
    first, second = (workflows.next_run_number("x") for _ in range(2))
    workflows.uncount_run("x", first)
    workflows.uncount_run("never", 1)

    assert workflows.next_run_number("x") == 3
    workflows.uncount_run("x", 3)
    workflows.uncount_run("x", 3)
    assert (second, workflows.next_run_number("x")) == (2, 3)


def test_counting_runs_leaves_the_revision_alone(workflows: WorkflowStore) -> None:
    workflows.create(WORKFLOW, DRAFT)
    workflows.next_run_number("workflow-1")

    workflows.save(ACTIVE, [])


def key(number: int) -> ApiKey:
    return ApiKey(f"key-{number}", f"Key {number}", Role.EDITOR, hash_token(f"token-{number}"), "2026-03-01")


def test_a_key_is_found_by_the_hash_of_its_token(workflows: WorkflowStore) -> None:
    workflows.add_key(key(1))

    assert workflows.key_by_hash(hash_token("token-1")) == key(1)
    assert workflows.key_by_hash(hash_token("token-2")) is None


def test_keys_are_listed_by_id(workflows: WorkflowStore) -> None:
    for number in (3, 1, 2):
        workflows.add_key(key(number))

    assert list(workflows.keys()) == [key(1), key(2), key(3)]


def test_a_removed_key_opens_nothing(workflows: WorkflowStore) -> None:
    workflows.add_key(key(1))
    workflows.add_key(key(2))

    assert workflows.remove_key("key-1") is True
    assert workflows.remove_key("key-1") is False
    assert workflows.key_by_hash(hash_token("token-1")) is None
    assert list(workflows.keys()) == [key(2)]
