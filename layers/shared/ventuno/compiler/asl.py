"""A plan → the states of a machine: names, nesting, and where each state goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno.compiler import loops, round_states, states
from ventuno.compiler.budget import inline_limit
from ventuno.compiler.contract import EndKind
from ventuno.compiler.links import can_be_end, entered_links
from ventuno.compiler.naming import NameBook
from ventuno.compiler.plan import (
    AwaitForm,
    Beside,
    CallStep,
    End,
    EndByAnswer,
    Fork,
    Loop,
    LoopOver,
    Node,
    ReadAnswers,
    ReadLive,
    ReadTurn,
    Rounds,
    Scope,
    WaitUntil,
)
from ventuno.compiler.round_states import Names, RoundStates
from ventuno.definition.kinds import StepKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.compiler.plan import Plan
    from ventuno.definition.model import Definition

    State = dict[str, Any]
    StateNames = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scope stands: in a fork's branch, in a loop's body, and whether any loop is around it.

    `gathers` says that the body is one of several iterations at once, whose failures are told when all have
    ended; `begins` that the scope's start is where such an iteration begins.
    """

    branch: bool = False
    body: bool = False
    looped: bool = False
    gathers: bool = False
    begins: bool = False


class Writer:
    """Writes the states of one machine and remembers which step each stands for."""

    def __init__(self, definition: Definition, kinds: Mapping[str, StepKind]) -> None:
        self._kind = {step.id: kinds[step.type] for step in definition.steps}
        self._rank = {step.id: rank for rank, step in enumerate(definition.steps)}
        self._book = NameBook(definition)
        self.source_map: dict[str, str] = {}

    def machine(self, plan: Plan) -> State:
        """Write the whole machine."""
        return {
            "Comment": "Compiled by Ventuno. Change the workflow, not this file.",
            "QueryLanguage": "JSONata",
            **self._scope(plan.root, Place()),
        }

    def _scope(self, scope: Scope, place: Place) -> State:
        """Write a scope; its states stand in authored order, so that a small change is a small difference."""
        entered = {link for node in scope.nodes.values() for link in entered_links(scope, node)}
        keys = sorted(entered | {scope.start}, key=lambda key: (self._position(key), key))
        names = {key: self._name(key, scope.nodes[key]) for key in keys}
        failed = {names[key]: failed for key in keys if (failed := call_failed(scope.nodes[key])) is not None}
        lost = self._book.of_lost() if failed else None
        written: State = {}
        for key in keys:
            begins = place.begins and key == scope.start
            written |= self._states(names[key], scope.nodes[key], Going(scope, names, place, begins, lost))
        if lost is not None:
            after = names[next(iter(failed.values()))]
            written |= states.lost(lost, after, failed, looped=place.looped)
        return {"StartAt": names[scope.start], "States": written}

    def _position(self, key: str) -> int:
        """Rank a node by the first step it stands for; ends come last."""
        steps = key.partition(":")[2].partition("@")[0].rstrip("!/^=")
        return self._rank.get(steps.split("+")[0].partition(":")[0], len(self._rank))

    def _name(self, key: str, node: Node) -> str:
        if not isinstance(node, CallStep | AwaitForm | ReadAnswers | WaitUntil | Loop):
            return self._book.of_key(key, node)
        kind = self._kind[node.step_id]
        own_call = isinstance(node, CallStep) and kind.rides_along and kind is not StepKind.LOOP
        return self._step_name(node.step_id, "call" if own_call else "loop" if isinstance(node, Loop) else "")

    def _step_name(self, step_id: str, role: str) -> str:
        name = self._book.of_step(step_id, role)
        self.source_map[name] = step_id
        return name

    def _states(self, name: str, node: Node, going: Going) -> State:
        looped = going.place.looped
        match node:
            case CallStep():
                return {name: states.call(node, looped=looped, begins=going.begins) | going.on(node, name)}
            case AwaitForm():
                return {name: states.form(node, looped=looped, begins=going.begins) | going.on(node, name)}
            case Fork():
                return {name: self._fork(node, going)}
            case Loop():
                return self._loop(name, node, going)
            case Rounds() | Beside():
                return self._rounds(name, node, going)
            case _:
                return {name: plain_state(node, going)}

    def _fork(self, node: Fork, going: Going) -> State:
        place = Place(branch=True, looped=going.place.looped, begins=going.begins)
        branches = [self._scope(branch, place) for branch in node.branches]
        way = going.on(node)
        return states.parallel(branches, way.pop("Output", None), looped=place.looped) | way

    def _rounds(self, name: str, node: Rounds | Beside, going: Going) -> State:
        """Write rounds: a call, the Choice after it, and what waits; or a loop and the rounds beside it."""
        looped = going.place.looped
        if isinstance(node, Beside):
            place = Place(branch=True, looped=looped)
            branches = [self._scope(scope, place) for scope in node.branches]
            return {name: round_states.beside(branches, going.names[node.next], looped=looped)}
        others = (f"{name}~{role}" for role in ("after", "broken", "answers", "instant"))
        writer = RoundStates(node, Names(name, *others), going.names, looped=looped)
        return writer.all(begins=going.begins)

    def _loop(self, name: str, node: Loop, going: Going) -> State:
        """Write a loop: at once inside this execution, or in child executions where the list is long."""
        limit = inline_limit(node)
        looped, way = going.place.looped, going.on(node)
        ended = way.pop("Output", None)
        each = loops.inline(self._body(node), node, ended, nested=looped) | way
        if node.count is not None and node.count <= limit:
            return {name: each}
        each_name, batches_name = (self._step_name(node.step_id, role) for role in ("each", "batches"))
        names = (self._step_name(node.step_id, "batch"), self._step_name(node.step_id, "cut"))
        child = loops.batch(names, self._body(node, batch=True), node, nested=looped)
        batches = loops.batches(child, node, ended, nested=looped)
        rules = {f"{loops.count_of(node)} <= {limit}": each_name}
        return {
            name: states.choice(rules, batches_name),
            each_name: each,
            batches_name: batches | way,
        }

    def _body(self, node: Loop, *, batch: bool = False) -> State:
        """Write one iteration; those of a batch run one by one, so the first that fails may end them."""
        place = Place(body=True, looped=True, gathers=node.gathers and not batch, begins=node.gathers)
        return self._scope(node.body, place)


@dataclass(frozen=True, slots=True)
class Going:
    """Where the states of one scope go."""

    scope: Scope
    names: StateNames
    place: Place
    begins: bool
    lost: states.LostNames | None

    def on(self, node: CallStep | AwaitForm | Fork | Loop | WaitUntil, name: str = "") -> State:
        """Write where a state goes after success and after failure; with nothing left it ends the scope.

        `name` is that of a state that calls a step.
        """
        way: State = {}
        if not isinstance(node, WaitUntil) and node.failed is not None:
            looped = self.place.looped
            failed = self.names[node.failed]
            if isinstance(node, CallStep | AwaitForm) and self.lost is not None:
                way["Catch"] = states.caught_call(node, name, failed, self.lost.told, looped=looped)
            elif isinstance(node, Loop):
                way["Catch"] = states.caught(failed, loops.ended_as(node, nested=looped, well=False))
            else:
                way["Catch"] = states.caught(failed, states.carried(looped=looped))
        end = self.scope.nodes[node.next]
        if not can_be_end(node, end):
            return way | {"Next": self.names[node.next]}
        if isinstance(end, EndByAnswer):
            answers = (
                "$states.result.answers" if isinstance(node, AwaitForm) else "$states.result.Payload.answers"
            )
            way["Output"] = states.end_output(
                end, answers, branch=self.place.branch, gathers=self.place.gathers
            )
        elif self.place.branch and isinstance(end, End):
            way["Output"] = states.branch_end(end.kind)
        elif self.place.body:
            way["Output"] = {}
        return way | {"End": True}


def call_failed(node: Node) -> str | None:
    """Return the key of what follows a failed call; None of other nodes, and where its scope fails."""
    return node.failed if isinstance(node, CallStep | AwaitForm) else None


def plain_state(node: Node, going: Going) -> State:
    """Write a state that only reads, waits or ends."""
    names = going.names
    match node:
        case ReadAnswers():
            return states.read_answers(node, names)
        case WaitUntil():
            return states.wait(node) | going.on(node)
        case ReadLive():
            return states.read_live(names[node.live], names[node.dead])
        case ReadTurn() | LoopOver() | End(EndKind.HANDED):
            return round_states.beside_state(node, names, looped=going.place.looped)
        case EndByAnswer():
            output = states.end_output(
                node, "$states.input.answers", branch=going.place.branch, gathers=going.place.gathers
            )
            return {"Type": "Succeed", "Output": output}
        case End():
            place = going.place
            return states.end(node, branch=place.branch, body=place.body, gathers=place.gathers)
        case _:
            raise AssertionError(f"no state is written for {type(node).__name__}")
