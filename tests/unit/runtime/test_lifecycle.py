"""Apply, activate, deactivate: drafts are replaced, versions are not, and at most one is active."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.builders import Json, create, passes, step, written
from tests.fakes.machines import PREFIX, FakeMachines
from tests.fakes.world import World
from ventuno import errors
from ventuno.compiler.contract import Capability
from ventuno.definition.loading import definition_from
from ventuno.runs.model import VersionRef
from ventuno.runtime.activate import activate, deactivate
from ventuno.runtime.apply import Applied, apply_definition
from ventuno.runtime.lifecycle import archive, discard_draft, draft_from, duplicate, restore
from ventuno.runtime.versions import read_version
from ventuno.workflow.model import VersionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE, TWO, THREE = (written(create(), name=name) for name in ("One", "Two", "Three"))


def applied(world: World, authored: Json = ONE, slug: str = "flow") -> Applied:
    return apply_definition(slug, definition_from(authored), world.services)


def activated(world: World, authored: Json | None = None) -> None:
    if authored is not None:
        applied(world, authored)
    activate(world.workflow(), world.services)


def statuses(world: World) -> list[str]:
    """Show the status of every version, oldest first."""
    workflow = world.workflow()
    versions = [
        world.workflows.version(VersionRef(workflow.id, number + 1))
        for number in range(workflow.latest_number)
    ]
    return [version.status.value if version else "missing" for version in versions]


def test_the_first_definition_of_a_slug_makes_a_workflow_with_a_draft(world: World) -> None:
    done = applied(world)

    assert (done.changed, done.findings) == (True, ())
    assert done.workflow == world.workflow()
    assert (done.workflow.name, done.workflow.draft_number) == ("One", 1)
    assert done.workflow.statuses == (VersionStatus.DRAFT,)
    assert statuses(world) == ["DRAFT"]


def test_another_definition_replaces_the_draft(world: World) -> None:
    applied(world)
    done = applied(world, TWO)

    assert (done.version.number, done.workflow.name) == (1, "Two")
    assert statuses(world) == ["DRAFT"]


def test_the_same_definition_changes_nothing_however_it_is_written(world: World) -> None:
    applied(world)
    again = applied(world, dict(reversed(ONE.items())))

    assert again.changed is False
    assert world.workflow().revision == 0


def test_a_definition_beside_an_active_one_is_the_next_draft(world: World) -> None:
    activated(world, ONE)
    done = applied(world, TWO)

    assert (done.version.number, done.workflow.draft_number) == (2, 2)
    assert done.workflow.statuses == (VersionStatus.DRAFT, VersionStatus.ACTIVE)
    assert statuses(world) == ["ACTIVE", "DRAFT"]


def test_a_draft_may_have_findings_and_activation_refuses_it_with_all_of_them(world: World) -> None:
    done = applied(world, written(step("a", "NOTHING", "b")))

    assert [finding.code for finding in done.findings] == ["UNKNOWN_STEP_TYPE", "DANGLING_REFERENCE"]
    with pytest.raises(errors.DefinitionError) as caught:
        activated(world)
    assert len(caught.value.findings) == 2
    assert world.machines.created == {}
    assert statuses(world) == ["DRAFT"]


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a_b", "a b", "a" * 41, "../a", "a\n"])
def test_a_slug_is_words_of_lower_case_letters_and_digits(world: World, slug: str) -> None:
    with pytest.raises(errors.BadRequestError, match="slug"):
        applied(world, slug=slug)


def test_a_definition_that_another_stores_meanwhile_is_a_conflict(world: World) -> None:
    applied(world)
    before = world.workflow()
    applied(world, TWO)

    with pytest.raises(errors.ConflictError):
        world.workflows.save(before, [])


def test_activation_creates_the_versions_machine_and_makes_it_the_active_one(world: World) -> None:
    activated(world, written(step("f", "FILTER", "a", passes("{{trigger.x}}", "y")), create()))
    workflow = world.workflow()
    version = world.workflows.version(VersionRef(workflow.id, 1))
    machine = world.machines.created[PREFIX + "test-flow-v1"]

    assert machine.tags == {"ventuno:stage": "test", "ventuno:workflow": "flow"}
    assert workflow.active is not None
    assert (workflow.active.number, workflow.active.machine_arn) == (1, PREFIX + "test-flow-v1")
    assert (workflow.active.trigger_type, workflow.active.rides_at_start) == ("WEBHOOK", True)
    assert (workflow.draft_number, workflow.last_published_number) == (None, 1)
    assert version is not None
    assert (version.status, version.rides) == (VersionStatus.ACTIVE, {"trigger": ("f",)})


def test_the_version_before_is_archived_and_keeps_its_machine(world: World) -> None:
    activated(world, ONE)
    activated(world, TWO)
    activated(world, THREE)

    assert statuses(world) == ["ARCHIVED", "ARCHIVED", "ACTIVE"]
    assert list(world.machines.created) == [f"{PREFIX}test-flow-v{number}" for number in (1, 2, 3)]


def test_activating_what_is_active_changes_nothing(world: World) -> None:
    activated(world, ONE)
    before = world.workflow()
    activated(world)

    assert world.workflow() == before


def test_a_deactivated_version_can_be_activated_again(world: World) -> None:
    activated(world, ONE)
    deactivate(world.workflow(), world.services)

    assert statuses(world) == ["DEACTIVATED"]
    assert world.workflow().statuses == (VersionStatus.DEACTIVATED,)
    activated(world)
    assert statuses(world) == ["ACTIVE"]
    assert world.workflow().statuses == (VersionStatus.ACTIVE,)


def test_a_draft_made_after_a_deactivation_archives_what_was_deactivated(world: World) -> None:
    activated(world, ONE)
    deactivate(world.workflow(), world.services)
    activated(world, TWO)

    assert statuses(world) == ["ARCHIVED", "ACTIVE"]


def test_deactivating_what_is_not_active_changes_nothing(world: World) -> None:
    applied(world)
    before = world.workflow()

    assert deactivate(before, world.services) == before
    assert world.workflow() == before


def test_a_deactivated_workflow_starts_no_run_and_its_runs_go_on(world: World) -> None:
    activated(world, ONE)
    run = world.start({"name": "Acme"}).run
    deactivate(world.workflow(), world.services)

    assert world.call(run) == {"answers": {}}
    with pytest.raises(errors.WorkflowStatusError):
        world.start()


def test_a_run_keeps_its_version_when_another_is_activated(world: World) -> None:
    activated(world, ONE)
    run = world.start({"name": "Acme"}).run
    activated(world, written(step("b", "CREATE_RECORD", given={"objectName": "person", "objectRecord": {}})))

    assert world.call(run) == {"answers": {}}
    assert world.start().run.version.number == 2


def test_what_a_use_case_returns_can_be_given_to_the_next(world: World) -> None:
    drafted = applied(world).workflow
    active = activate(drafted, world.services)
    stopped = deactivate(active, world.services)

    assert activate(stopped, world.services) == world.workflow()


def test_of_two_activations_at_once_one_is_a_conflict(world: World) -> None:
    applied(world)
    stale = world.workflow()
    activated(world)

    with pytest.raises(errors.ConflictError):
        activate(stale, world.services)
    assert statuses(world) == ["ACTIVE"]


@pytest.mark.parametrize(
    ("items", "capability"), [(["a"], Capability.STEPS), ("{{trigger.items}}", Capability.BATCHES)]
)
def test_an_activation_gives_a_machine_the_least_role(
    world: World, items: list[str] | str, capability: Capability
) -> None:
    loop = step("loop", "ITERATOR", given={"items": items, "initialLoopStepIds": ["a"]})
    activated(world, written(loop, create("a", "loop")))

    assert world.machines.created[f"{PREFIX}test-flow-v1"].capability is capability


class Crashing(FakeMachines):
    """Machines of a process that dies right after it created one."""

    dies = True

    def create(self, name: str, definition: str, capability: Capability, tags: Mapping[str, str]) -> str:
        arn = super().create(name, definition, capability, tags)
        if self.dies:
            raise SystemExit("killed")
        return arn


def test_an_activation_cut_off_after_the_machine_was_made_is_finished_by_the_next() -> None:
    machines = Crashing()
    world = World(machines=machines)
    applied(world)
    with pytest.raises(SystemExit):
        activated(world)

    assert statuses(world) == ["DRAFT"]
    assert world.workflow().active is None

    machines.dies = False
    activated(world, TWO)  # the draft was changed in between, so the machine must be too

    assert statuses(world) == ["ACTIVE"]
    assert list(machines.created) == [PREFIX + "test-flow-v1"]


def test_a_discarded_draft_is_gone_and_its_number_is_given_again(world: World) -> None:
    activated(world, ONE)
    applied(world, TWO)
    discarded = discard_draft(world.workflow(), world.services)

    assert (discarded.draft_number, discarded.latest_number, discarded.name) == (None, 1, "One")
    assert statuses(world) == ["ACTIVE"]
    assert discard_draft(discarded, world.services) == world.workflow()
    assert applied(world, THREE).version.number == 2


def test_the_only_version_cannot_be_discarded(world: World) -> None:
    applied(world)

    with pytest.raises(errors.WorkflowVersionError, match="archive"):
        discard_draft(world.workflow(), world.services)


def test_an_old_version_becomes_the_draft_even_where_it_is_what_runs(world: World) -> None:
    activated(world, ONE)
    activated(world, TWO)
    applied(world, THREE)
    old = draft_from(world.workflow(), 1, world.services)
    again = draft_from(world.workflow(), 2, world.services)

    assert (old.version.number, again.version.number) == (3, 3)
    assert world.workflow().name == "Two"
    assert statuses(world) == ["ARCHIVED", "ACTIVE", "DRAFT"]
    with pytest.raises(errors.NotFoundError, match="v9"):
        draft_from(world.workflow(), 9, world.services)


def test_a_definition_that_only_an_archived_version_has_can_be_applied_again(world: World) -> None:
    activated(world, ONE)
    activated(world, TWO)
    newest = world.workflows.version(VersionRef(world.workflow().id, 2))
    assert newest is not None
    world.workflows.save(world.workflow(), [replace(newest, status=VersionStatus.ARCHIVED)])

    assert applied(world, TWO).changed


def test_a_duplicate_is_a_draft_of_a_workflow_of_its_own(world: World) -> None:
    activated(world, ONE)
    first, second = (duplicate(world.workflow(), world.services) for _ in range(2))
    named = duplicate(world.workflow(), world.services, slug="other", number=1)

    assert [done.workflow.slug for done in (first, second, named)] == ["flow-copy", "flow-copy-2", "other"]
    assert (first.workflow.name, first.workflow.statuses) == ("One (Duplicate)", (VersionStatus.DRAFT,))
    assert first.workflow.id != world.workflow().id
    loaded = read_version(first.version.ref, world.workflows, world.payloads)
    assert [each.id for each in loaded.definition.steps] == ["a_2"]
    with pytest.raises(errors.ConflictError, match="already"):
        duplicate(world.workflow(), world.services, slug="other")


def test_an_archived_workflow_starts_nothing_and_comes_back_deactivated(world: World) -> None:
    activated(world, ONE)
    applied(world, TWO)
    archived = archive(world.workflow(), world.services)

    assert archived.statuses == (VersionStatus.ARCHIVED,)
    for refused in (
        world.start,
        lambda: activated(world),
        lambda: applied(world, THREE),
        lambda: draft_from(world.workflow(), 1, world.services),
    ):
        with pytest.raises(errors.WorkflowStatusError):
            refused()
    restored = restore(world.workflow(), world.services)
    assert restored.statuses == (VersionStatus.DRAFT, VersionStatus.DEACTIVATED)
    assert statuses(world) == ["DEACTIVATED", "DRAFT"]


def test_a_workflow_whose_version_is_gone_is_not_found(world: World) -> None:
    applied(world)

    with pytest.raises(errors.NotFoundError, match="v7"):
        activate(replace(world.workflow(), draft_number=7), world.services)
