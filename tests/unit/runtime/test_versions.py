"""Versions are read once per process, but drafts, which may change, every time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.builders import create, written
from tests.fakes.world import World
from ventuno import errors
from ventuno.adapters.memory.workflows import MemoryWorkflowStore
from ventuno.definition.loading import definition_from
from ventuno.runs.model import VersionRef
from ventuno.runtime.apply import apply_definition, digest_of
from ventuno.runtime.versions import CACHED_VERSIONS, VersionCache

if TYPE_CHECKING:
    from ventuno.workflow.model import Version


class Counting(MemoryWorkflowStore):
    """A workflow store that counts how often each version is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: Counter[VersionRef] = Counter()

    def version(self, ref: VersionRef) -> Version | None:
        self.reads[ref] += 1
        return super().version(ref)


@pytest.fixture
def workflows() -> Counting:
    return Counting()


def test_a_published_version_is_read_once(workflows: Counting) -> None:
    world = World(workflows=workflows)
    ref = VersionRef(world.publish(written(create())).id, 1)
    workflows.reads.clear()
    cache = VersionCache()
    first, again = (cache.load(ref, workflows, world.payloads) for _ in range(2))

    assert first is again
    assert workflows.reads[ref] == 1


def test_a_draft_is_read_every_time(workflows: Counting) -> None:
    world = World(workflows=workflows)
    cache = VersionCache()
    names = []
    for name in ("One", "Two"):
        applied = apply_definition("flow", definition_from(written(create(), name=name)), world.services)
        loaded = cache.load(applied.version.ref, workflows, world.payloads)
        names.append(loaded.definition.name)

    assert names == ["One", "Two"]


def test_the_version_used_longest_ago_is_forgotten_first(workflows: Counting) -> None:
    world = World(workflows=workflows)
    refs = [
        VersionRef(world.publish(written(create()), f"flow-{number}").id, 1)
        for number in range(CACHED_VERSIONS + 1)
    ]
    cache = VersionCache()
    workflows.reads.clear()
    for ref in (*refs[:-1], refs[0], refs[-1], refs[0], refs[1]):
        cache.load(ref, workflows, world.payloads)

    assert workflows.reads[refs[0]] == 1
    assert workflows.reads[refs[1]] == 2


def test_a_version_that_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(errors.NotFoundError, match="v3"):
        VersionCache().load(VersionRef("nothing", 3), world.workflows, world.payloads)


def test_a_big_definition_is_stored_apart_and_comes_back(world: World) -> None:
    long = {**create(), "position": {"x": 0, "y": 0}}
    steps = [{**long, "id": f"s{number}", "nextStepIds": []} for number in range(600)]
    applied = apply_definition("flow", definition_from(written(*steps)), world.services)
    loaded = VersionCache().load(applied.version.ref, world.workflows, world.payloads)

    assert len(world.payloads.bodies) == 1
    assert loaded.definition == definition_from(written(*steps))


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    authored = written(create())

    assert digest_of(definition_from(authored)) == digest_of(
        definition_from(dict(reversed(authored.items())))
    )
    assert digest_of(definition_from(authored)) != digest_of(definition_from(written(create(), name="Other")))
