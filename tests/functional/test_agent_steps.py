"""AI_AGENT inside a run, with a real server on loopback: records once, tokens on the run, the key nowhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, step, written
from tests.fakes.models import calls, says
from tests.fakes.secrets import MemorySecretStore
from tests.fakes.world import World
from tests.functional.test_http_steps import Dying
from tests.peers.model_server import ModelServer
from tests.peers.web_server import Peer, running
from ventuno import errors
from ventuno.actions.ai_agent import AiAgent
from ventuno.actions.ai_agent_settings import AiAgentSettings
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.openai_models import OpenAiModels
from ventuno.definition.loading import definition_from
from ventuno.runtime.show_run import show_run
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-key-of-the-model"
SCHEMA = {"type": "object", "properties": {"companyId": {"type": "string"}}, "required": ["companyId"]}
BEDROCK: Json = {"provider": "BEDROCK", "id": "a.model-v1:0"}
TOOLS: list[Json] = [{"tool": verb, "objectName": "company"} for verb in ("SEARCH", "CREATE")]


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running(serves=ModelServer) as started:
        yield started


def given(peer: Peer, prompt: str, **more: Any) -> Json:  # noqa: ANN401 - author JSON
    model = {"provider": "OPENAI", "url": f"{peer.url}/v1", "id": "m", "secret": "KEY"}
    return {"model": model, "system": "Be brief.", "prompt": prompt, **more}


def with_server(**parts: Any) -> World:  # noqa: ANN401 - fields of World
    models: Any = OpenAiModels(GuardedHttpClient(loopback_allowed=True))
    return World(secrets=MemorySecretStore(KEY=CANARY), models=models, **parts)


def test_an_agent_works_with_tools_and_answers_with_json_that_fits(peer: Peer) -> None:
    world = with_server()
    asks = given(
        peer, "book {{trigger.name}}", tools=TOOLS, responseFormat={"type": "json", "schema": SCHEMA}
    )
    run = world.begin(step("a", "AI_AGENT", given=asks))
    world.call(run)
    view: Any = show_run(run.id, world.services)
    (company,) = world.companies()
    log = view["stepLogs"]["a"]

    assert company["name"] == "Acme"
    assert view["state"]["stepInfos"]["a"]["result"] == {"companyId": company["id"]}
    assert view["usage"] == {"inputTokens": 300, "outputTokens": 21}
    assert (log["details"]["turns"], log["details"]["model"]) == (3, "m")
    assert [entry["message"].partition(":")[0] for entry in log["entries"]] == [
        "system",
        "user",
        "call search_company",
        "result search_company",
        "call create_company",
        "result create_company",
        "model",
    ]


def test_a_key_that_the_server_sends_back_is_in_no_store_or_view(peer: Peer) -> None:
    world = with_server()
    run = world.begin(step("a", "AI_AGENT", given=given(peer, "leak it")))
    world.call(run)
    view: Any = show_run(run.id, world.services)
    stores = (world.runs, world.workflows, world.payloads, world.records, world.machines)

    assert view["state"]["stepInfos"]["a"]["result"] == {"response": "your key is Bearer [redacted]"}
    assert CANARY not in json.dumps(view)
    assert not [store for store in stores if CANARY in repr(vars(store))]


def test_a_failure_keeps_what_was_said_and_what_it_cost(peer: Peer) -> None:
    world = with_server()
    refusal = json.dumps({"body": json.dumps({"error": {"message": f"bad key {CANARY}"}}), "status": 401})
    run = world.begin(step("a", "AI_AGENT", given=given(peer, f"raw {refusal}")))
    with pytest.raises(errors.StepFailedError, match="401: bad key") as caught:
        world.call(run)
    view: Any = show_run(run.id, world.services)

    assert CANARY not in str(caught.value) + json.dumps(view["state"]["stepInfos"])
    assert view["stepLogs"]["a"]["details"]["turns"] == 0


@pytest.mark.parametrize("text", ["{{secrets.KEY}}", "{{trigger.name}}"])
def test_what_the_model_says_is_not_resolved_again(text: str) -> None:
    world = World()
    world.models.replies = [says(text)]
    asks = {"model": BEDROCK, "prompt": "x"}
    after = step(
        "b", "CREATE_RECORD", given={"objectName": "company", "objectRecord": {"name": "{{a.response}}"}}
    )
    run = world.begin(step("a", "AI_AGENT", "b", asks), after)
    world.call(run)
    world.call(run, "b")

    assert world.companies()[0]["name"] == text


def test_a_call_that_died_before_it_was_stored_writes_and_pays_once() -> None:
    world = World(runs=Dying())
    world.models.replies = [calls(("create_company", '{"name": "Once"}')), says("made")]
    run = world.begin(step("a", "AI_AGENT", given={"model": BEDROCK, "prompt": "x", "tools": TOOLS}))
    with pytest.raises(KeyboardInterrupt):
        world.call(run)
    world.call(run)
    view: Any = show_run(run.id, world.services)

    assert len(world.companies()) == 1
    assert len(world.models.asked) == 2
    assert view["usage"] == {"inputTokens": 20, "outputTokens": 10}


def test_an_authors_retry_asks_anew_and_adds_up_what_was_used() -> None:
    world = World()
    schema = {"type": "json", "schema": SCHEMA}
    world.models.replies = [says("x"), says("y"), says('{"companyId": "1"}')]
    asks = {"model": BEDROCK, "prompt": "x", "responseFormat": schema}
    run = world.begin(step("a", "AI_AGENT", given=asks, retryOnFailure=1))
    with pytest.raises(errors.RetryLaterError):
        world.call(run)
    world.call(run)
    view: Any = show_run(run.id, world.services)

    assert view["state"]["stepInfos"]["a"]["result"] == {"companyId": "1"}
    assert view["usage"] == {"inputTokens": 30, "outputTokens": 15}


OPENAI: Json = {"provider": "OPENAI", "id": "m"}


def tool(verb: str, name: str = "company", **more: Any) -> Json:  # noqa: ANN401 - author JSON
    return {"tools": [{"tool": verb, "objectName": name, **more}]}


def answers(kind: str, **more: Any) -> Json:  # noqa: ANN401 - author JSON
    return {"responseFormat": {"type": kind, **more}}


@pytest.mark.parametrize(
    ("change", "path", "told"),
    [
        ({"model": None}, ".model", "no model"),
        ({"prompt": " "}, ".prompt", "no prompt"),
        ({"model": OPENAI}, ".model", "url"),
        ({"model": {**OPENAI, "url": "ftp://x"}}, ".model.url", "http"),
        (
            {"model": {**OPENAI, "url": "https://a.example", "secret": "sk-1"}},
            ".model.secret",
            "name a secret",
        ),
        ({"model": {**BEDROCK, "secret": "KEY"}}, ".model", "no secret"),
        ({"model": {**BEDROCK, "provider": "OTHER"}}, ".model.provider", ""),
        (tool("DELETE"), ".tools[0].tool", ""),
        (tool("READ", "compny"), ".tools[0].objectName", "no object"),
        ({"tools": [TOOLS[0], TOOLS[0]]}, ".tools[1]", "twice"),
        (tool("CREATE", "workspaceMember"), ".tools[0].objectName", "automation"),
        (tool("UPDATE", fields=["nme"]), ".tools[0].fields[0]", "nme"),
        (tool("READ", fields=["name"]), ".tools[0].fields", "writes no"),
        (answers("json"), ".responseFormat.schema", "needs a schema"),
        (answers("json", schema={"type": "array"}), ".responseFormat.schema", "object"),
        (answers("json", schema={"type": "object", "required": 5}), ".responseFormat.schema", "required"),
        (answers("text", schema={}), ".responseFormat.schema", "no schema"),
        ({"budget": {"seconds": 601}}, ".budget.seconds", ""),
        ({"budget": {"turns": 0}}, ".budget.turns", ""),
    ],
    ids=str,
)
def test_what_can_never_work_is_found_before_activation(change: Json, path: str, told: str) -> None:
    asks = {"model": BEDROCK, "prompt": "x"} | change
    definition = definition_from(written(step("a", "AI_AGENT", given=asks)))
    (finding,) = findings_of(definition)

    assert finding.path == f"$.steps[0].settings.input{path}"
    assert told in finding.message


def test_an_agent_of_twenty_keeps_its_id_and_needs_a_model() -> None:
    definition = definition_from(written(step("a", "AI_AGENT", given={"agentId": "x", "prompt": "Do it."})))

    assert [finding.path for finding in findings_of(definition)] == ["$.steps[0].settings.input.model"]


def test_paths_into_the_answer_are_checked_against_its_schema() -> None:
    asks = {"model": BEDROCK, "prompt": "x", "responseFormat": {"type": "json", "schema": SCHEMA}}
    after = step(
        "b", "CREATE_RECORD", given={"objectName": "company", "objectRecord": {"name": "{{a.companyID}}"}}
    )
    findings = findings_of(definition_from(written(step("a", "AI_AGENT", "b", asks), after)))

    assert [finding.suggestion for finding in findings] == ["companyId"]


def test_what_an_agent_may_do_is_told_before_it_does_it() -> None:
    model = {"provider": "OPENAI", "url": "https://a.example/v1", "id": "m", "secret": "KEY"}
    settings = AiAgentSettings.model_validate({"model": model, "prompt": "x", "tools": TOOLS})

    assert list(AiAgent().permissions(settings)) == [
        "ask OPENAI model m at https://a.example/v1",
        "send secret KEY",
        "read company",
        "write company",
    ]
