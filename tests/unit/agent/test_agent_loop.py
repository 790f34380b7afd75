"""The loop of an agent: tools within their bounds, budgets, one repair, and nothing twice after a crash."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.models import FakeModels, calls, says
from tests.fakes.world import World
from ventuno import errors
from ventuno.agent.conversation import ModelChoice, Provider, Results, Said, Stop
from ventuno.agent.loop import AgentLoop, Budget, Surroundings, Task
from ventuno.agent.record_tools import LONGEST_RESULT, Permission, RecordTools, RecordVerb, Writing
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

ALL = tuple(Permission(verb, "company") for verb in RecordVerb)
SCHEMA: Any = {
    "type": "object",
    "properties": {"total": {"type": "number"}, "note": {"type": "string"}},
    "required": ["total"],
    "additionalProperties": False,
}
ACTOR = Actor("WORKFLOW", "Workflow")


@dataclass
class Kept:
    """A memory that lasts as long as a test."""

    values: dict[str, str] = field(default_factory=dict)
    recalled: list[str] = field(default_factory=list)

    def recall(self, name: str) -> JsonValue | None:
        self.recalled.append(name)
        return json.loads(self.values[name]) if name in self.values else None

    def keep(self, name: str, value: JsonValue) -> None:
        self.values[name] = json.dumps(value)


@dataclass
class Heard:
    """Everything that was said."""

    lines: list[tuple[str, str, bool]] = field(default_factory=list)

    def said(self, speaker: str, text: str, *, failed: bool = False) -> None:
        self.lines.append((speaker, text, failed))


@dataclass
class Bench:
    """A world, a model and what a loop needs of them."""

    world: World = field(default_factory=World)
    models: FakeModels = field(default_factory=FakeModels)
    memory: Kept = field(default_factory=Kept)
    heard: Heard = field(default_factory=Heard)
    seconds: float = 0.0

    def loop(self, *permissions: Permission, schema: Any = None, **budget: Any) -> AgentLoop:  # noqa: ANN401 - JSON schema, numbers
        services = self.world.services
        writing = Writing(ACTOR, "run/step/", ("run",))
        tools = RecordTools(permissions or ALL, services.objects, services.records, writing)
        around = Surroundings(
            self.models.reply, tools, self.memory, self.heard, lambda: self.seconds, self._pause
        )
        limits = {"turns": 10, "tokens": 1_000, "seconds": 100.0, **budget}
        model = ModelChoice(Provider.BEDROCK, "a-model")
        return AgentLoop(Task(model, "Be brief.", "Do it.", schema, Budget(**limits)), around)

    def run(self, *replies: Any, schema: Any = None, **budget: Any) -> JsonValue:  # noqa: ANN401 - same
        self.models.replies = list(replies)
        return self.loop(schema=schema, **budget).run()

    def told(self, *asked: tuple[str, str]) -> list[str]:
        """Let the model ask for some calls and return what it is told of them."""
        self.run(calls(*asked), says("ok"))
        results = self.models.asked[-1].turns[-1]
        assert isinstance(results, Results)
        return [result.text for result in results.results]

    def company(self, name: str) -> str:
        made = self.world.services.records.create("company", {"name": name}, WriteContext(ACTOR))
        return str(made["id"])

    def _pause(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_text_is_the_answer_and_its_tokens_are_counted(bench: Bench) -> None:
    loop = bench.loop()
    bench.models.replies = [says("Hello")]

    assert loop.run() == "Hello"
    assert loop.usage.to_value() == {"inputTokens": 10, "outputTokens": 5}
    assert bench.models.asked[0].system == "Be brief."
    assert bench.models.asked[0].turns == (Said("Do it."),)


def test_tools_make_find_read_and_change_records(bench: Bench) -> None:
    acme = bench.company("Acme Rockets")
    bench.run(
        calls(("create_company", '{"name": "New"}')),
        calls(("search_company", '{"words": "rock"}'), ("read_company", json.dumps({"id": acme}))),
        calls(("update_company", json.dumps({"id": acme, "name": "Acme"}))),
        says("done"),
    )
    results = [turn for turn in bench.models.asked[-1].turns if isinstance(turn, Results)]

    assert sorted(company["name"] for company in bench.world.companies()) == ["Acme", "New"]
    assert json.loads(results[1].results[0].text)[0]["id"] == acme
    assert json.loads(results[1].results[1].text)["name"] == "Acme Rockets"
    assert not any(result.failed for turn in results for result in turn.results)


def test_the_model_is_told_of_the_listed_tools_and_fields_alone(bench: Bench) -> None:
    loop = bench.loop(Permission(RecordVerb.UPDATE, "company", ("name",)))
    bench.models.replies = [says("ok")]
    loop.run()
    (tool,) = bench.models.asked[0].tools
    schema: Any = tool.schema

    assert tool.name == "update_company"
    assert schema["properties"].keys() == {"id", "name"}
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("delete_company", "{}", "there is no tool"),
        ("create_person", "{}", "there is no tool"),
        ("create_company", "[1]", "not a JSON object"),
        ("create_company", "{", "not a JSON object"),
        ("create_company", '{"nme": "x"}', "nme"),
        ("create_company", '{"name": 5}', "name"),
        ("create_company", '{"id": "x", "createdAt": "2026-01-01"}', ""),
        ("read_company", '{"id": "x"}', "There is no company"),
        ("read_company", '{"id": "x", "depth": 1}', "depth"),
        ("search_company", "{}", "words or a filter"),
        ("search_company", '{"words": ""}', "words or a filter"),
        ("search_company", '{"filter": "nothing"}', ""),
        ("search_company", '{"words": "x", "limit": 1000}', "limit"),
        ("update_company", '{"name": "x"}', "company"),
    ],
)
def test_what_a_tool_cannot_do_is_told_to_the_model_and_changes_nothing(
    bench: Bench, name: str, given: str, reason: str
) -> None:
    (told,) = bench.told((name, given))

    assert reason in told
    assert bench.heard.lines[-2][2] is True
    assert bench.world.companies() == []


def test_fields_that_are_not_listed_cannot_be_written(bench: Bench) -> None:
    acme = bench.company("Acme")
    loop = bench.loop(Permission(RecordVerb.UPDATE, "company", ("linkedinLink",)))
    bench.models.replies = [calls(("update_company", json.dumps({"id": acme, "name": "Mine"}))), says("ok")]
    loop.run()

    assert [company["name"] for company in bench.world.companies()] == ["Acme"]


def test_a_long_result_is_cut(bench: Bench) -> None:
    for _ in range(20):
        bench.company("zebra " + "x" * 2_000)
    (told,) = bench.told(("search_company", '{"words": "zebra"}'))

    assert len(told) < LONGEST_RESULT + 100
    assert "cut" in told


def test_very_many_calls_of_one_turn_are_not_all_made(bench: Bench) -> None:
    told = bench.told(*[("create_company", json.dumps({"name": f"n{n}"})) for n in range(25)])

    assert len(bench.world.companies()) == 20
    assert "at most 20" in told[24]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"total": 3}', {"total": 3}),
        ('```json\n{"total": 3}\n```', {"total": 3}),
        ('  ```\n{"total": 3.5, "note": "x"}```  ', {"total": 3.5, "note": "x"}),
    ],
)
def test_json_that_fits_the_schema_is_the_answer(bench: Bench, text: str, value: Any) -> None:  # noqa: ANN401 - JSON
    assert bench.run(says(text), schema=SCHEMA) == value
    assert '"total"' in bench.models.asked[0].system


@pytest.mark.parametrize(
    "text", ["", "three", '{"total": "3"}', '{"note": "x"}', '{"total": 1, "x": 2}', "[]", "{"]
)
def test_an_answer_that_does_not_fit_is_repaired_once(bench: Bench, text: str) -> None:
    assert bench.run(says(text), says('{"total": 3}'), schema=SCHEMA) == {"total": 3}
    again = bench.models.asked[1].turns[-1]
    assert isinstance(again, Said)
    assert "cannot be used" in again.text
    with pytest.raises(errors.ModelError, match="does not fit"):
        Bench().run(says(text), says(text), schema=SCHEMA)


@pytest.mark.parametrize(
    ("replies", "budget", "match"),
    [
        ([calls(("read_company", '{"id": "x"}'))] * 9, {"turns": 3}, "3 turns"),
        ([calls(("read_company", "{}"), tokens=(600, 0))] * 9, {}, "1200 of 1000 tokens"),
        ([calls(("read_company", "{}"))] * 9, {"seconds": 0.0}, "0 s"),
    ],
    ids=["turns", "tokens", "seconds"],
)
def test_a_budget_ends_the_conversation_and_says_which(
    bench: Bench,
    replies: list[Any],
    budget: dict[str, Any],
    match: str,
) -> None:
    with pytest.raises(errors.AgentBudgetError, match=match):
        bench.run(*replies, **budget)


@pytest.mark.parametrize(("seconds", "timeout"), [(40.0, 40.0), (600.0, 290.0)])
def test_a_reply_has_no_longer_than_the_step_has_left(bench: Bench, seconds: float, timeout: float) -> None:
    bench.run(seconds=seconds)

    assert [asked.timeout_seconds for asked in bench.models.asked] == [timeout]


def test_a_busy_model_is_asked_again_with_longer_waits_and_then_given_up(bench: Bench) -> None:
    busy = errors.ModelBusyError("429")
    assert bench.run(busy, busy, busy, says("at last")) == "at last"
    assert bench.seconds == 20.0
    with pytest.raises(errors.ModelBusyError):
        Bench().run(*[busy] * 4, seconds=1_000.0)


@pytest.mark.parametrize(("after", "waited"), [(7.0, 7.0), (0.5, 1.0)])
def test_a_busy_model_is_given_the_time_it_asks_for(bench: Bench, after: float, waited: float) -> None:
    bench.run(errors.ModelBusyError("429", after), says("ok"))

    assert bench.seconds == waited


def test_a_model_that_is_busy_for_longer_than_the_step_lasts_fails_at_once(bench: Bench) -> None:
    with pytest.raises(errors.ModelBusyError):
        bench.run(errors.ModelBusyError("429", 3_600.0))

    assert bench.seconds == 0.0


@pytest.mark.parametrize(("stop", "match"), [(Stop.CUT, "cut off"), (Stop.REFUSED, "refused")])
def test_half_an_answer_and_none_are_failures(bench: Bench, stop: Stop, match: str) -> None:
    with pytest.raises(errors.ModelError, match=match):
        bench.run(says("I", stop))


def test_a_conversation_that_died_goes_on_where_it_was_and_writes_nothing_twice(bench: Bench) -> None:
    made = calls(("create_company", '{"name": "Once"}'), ("create_company", '{"name": "Once"}'))
    with pytest.raises(KeyboardInterrupt):
        bench.run(made, KeyboardInterrupt())
    again = bench.loop()
    bench.models.replies = [says("done")]

    assert again.run() == "done"
    assert len(bench.world.companies()) == 2  # the model asked for two, and got two
    assert len(bench.models.asked) == 3
    assert again.usage.total == 30


@pytest.mark.parametrize("text", ["{{trigger.name}}", "{% $x %}", "__proto__", '{"__proto__": {"a": 1}}'])
def test_what_a_model_says_is_a_value_and_nothing_else(bench: Bench, text: str) -> None:
    assert bench.run(says(text)) == text
