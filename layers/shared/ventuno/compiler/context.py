"""What planning works with: the scope that grows, the path it is on, and the list of nodes still to build."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ventuno.compiler.links import links
from ventuno.compiler.plan import End, Node, Scope
from ventuno.compiler.regions import level_of
from ventuno.compiler.riding import Riding
from ventuno.compiler.simplifying import simplified
from ventuno.definition.durations import form_timeout_seconds
from ventuno.definition.graph import Graph
from ventuno.definition.kinds import StepKind
from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.compiler.contract import EndKind
    from ventuno.compiler.regions import Component, Level
    from ventuno.definition.model import Definition


@dataclass(slots=True)
class Building:
    """A scope while it grows; a node is None from the moment it is wanted until it is built."""

    nodes: dict[str, Node | None] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)

    def end(self, kind: EndKind) -> str:
        """Return the key of an end of this scope; an end that nothing leads to does not stay."""
        self.nodes.setdefault(f"end:{kind}", End(kind))
        return f"end:{kind}"

    def finish(self) -> None:
        """Fill the scope with the nodes that its start reaches, in the order in which they were wanted."""
        nodes, start = simplified({key: self._built(key) for key in self.nodes}, self.scope.start)
        self.scope.start = start
        reached = {start}
        todo = [start]
        while todo:
            fresh = [key for key in links(nodes[todo.pop()]) if key not in reached]
            reached.update(fresh)
            todo += fresh
        self.scope.nodes.update({key: node for key, node in nodes.items() if key in reached})

    def _built(self, key: str) -> Node:
        node = self.nodes[key]
        if node is None:
            raise AssertionError(f"the planner never built {key}")
        return node


@dataclass(frozen=True, slots=True)
class Context:
    """A path: the scope it builds, the step where it ends live, and the keys its ends lead to.

    The same step in two contexts is two nodes.
    `failed` is None where a failure may fail the whole scope at once.
    """

    number: int
    level: Level
    building: Building
    exit: str | None
    live: str
    dead: str
    failed: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A node that is wanted and not built yet."""

    context: Context
    key: str
    make: Callable[[], Node]


class Desk:
    """The definition, what is known of it, and what is still to do."""

    def __init__(self, definition: Definition, kinds: Mapping[str, StepKind]) -> None:
        self.definition = definition
        self.graph = Graph(definition)
        self.kind = {step.id: kinds[step.type] for step in definition.steps} | {TRIGGER: StepKind.TASK}
        self.riding = Riding(definition, self.graph, self.kind)
        self.todo: list[Item] = []
        self._buildings: list[Building] = []
        self._levels: dict[str | None, Level] = {}
        self._rides: dict[str, dict[str, None]] = defaultdict(dict)
        self._numbers = 0

    def building(self) -> Building:
        """Begin a scope."""
        self._buildings.append(Building())
        return self._buildings[-1]

    def work_off(self) -> None:
        """Build every node that is wanted, then fill the scopes."""
        while self.todo:
            item = self.todo.pop()
            item.context.building.nodes[item.key] = item.make()
        for building in reversed(self._buildings):  # inner scopes are begun after those around them
            building.finish()

    def number(self) -> int:
        """Return a number no other context or region has."""
        self._numbers += 1
        return self._numbers - 1

    def context(
        self, level: Level, building: Building, end: str | None, ends: tuple[str, str], failed: str | None
    ) -> Context:
        """Make a context; `ends` are the keys where it leads live and dead."""
        return Context(self.number(), level, building, end, *ends, failed)

    def level(self, iterator: str | None) -> Level:
        """Return the level of a loop's body, or the top of the definition."""
        if iterator not in self._levels:
            self._levels[iterator] = level_of(self.graph, iterator)
        return self._levels[iterator]

    def node(self, context: Context, role: str, step_id: str, make: Callable[[], Node]) -> str:
        """Return the key of a node, and see to it that it is built."""
        key = f"{role}:{step_id}" if context.number == 0 else f"{role}:{step_id}@{context.number}"
        if key not in context.building.nodes:
            context.building.nodes[key] = None
            self.todo.append(Item(context, key, make))
        return key

    def rides_of(self, context: Context, host: str) -> tuple[str, ...]:
        """List the riders of a host on this path, and remember them."""
        rides = self.riding.after(context.level, context.exit, host)
        self._rides[host].update(dict.fromkeys(rides))
        return rides

    def rides_within(self, level: Level, part: Component) -> dict[str, tuple[str, ...]]:
        """List the riders of every host in a part that rounds run, and remember them."""
        rides = self.riding.within(level, part)
        for host, riders in rides.items():
            self._rides[host].update(dict.fromkeys(riders))
        return rides

    def all_rides(self) -> dict[str, tuple[str, ...]]:
        """Return the riders of every host that has some."""
        return {host: tuple(rides) for host, rides in self._rides.items() if rides}

    def retries(self, step_id: str) -> int:
        """Return how often the author wants a step tried again."""
        return self.definition.step(step_id).settings.error_handling_options.retry_on_failure.value

    def survives(self, step_id: str) -> bool:
        """Whether the author wants a step tried again, or passed over, when it fails."""
        options = self.definition.step(step_id).settings.error_handling_options
        return bool(options.retry_on_failure.value or options.continue_on_failure.value)

    def setting(self, step_id: str, key: str) -> Any:  # noqa: ANN401 - author JSON, checked by the action's model
        """Return one key of a step's input, or None."""
        authored = self.definition.step(step_id).settings.input
        return authored.get(key) if isinstance(authored, dict) else None

    def fails_fast(self, level: Level) -> bool:
        """Whether a failure on a level stops what runs beside it: not where a loop goes on after it."""
        around = [] if level.iterator is None else [level.iterator, *self.graph.loops.around(level.iterator)]
        return self.definition.fail_fast and not any(map(self.goes_on, around))

    def goes_on(self, iterator: str) -> bool:
        """Whether a loop goes on when an iteration fails."""
        return self.setting(iterator, "shouldContinueOnIterationFailure") is True

    def form_timeout(self, step_id: str) -> int:
        """Return how long a form may wait, in seconds."""
        return form_timeout_seconds(self.definition.step(step_id))
