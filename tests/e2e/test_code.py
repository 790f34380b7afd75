"""CODE on the real stack: the deployed function runs a script, alone and a hundred at a time."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, step
from tests.peers.web_server import Peer, running
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.functions import store_function
from ventuno.sandbox.call import CodeCall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product


pytestmark = pytest.mark.e2e

TYPED = """
interface Lead { name: string; amounts: number[] }
export const main = async (params: { lead: Lead; url: string }) => {
  console.log('summing', params.lead.name);
  const answer = await fetch(params.url, { method: 'POST', body: JSON.stringify(params.lead) });
  const echoed = (await answer.json()) as Lead;
  return { total: echoed.amounts.reduce((sum: number, n: number) => sum + n, 0), status: answer.status };
};
"""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as started:
        yield started


def ran(product: Product, code: str, payload: dict[str, Any], **given: float) -> dict[str, Any]:
    settings = {
        "code": code,
        "logicFunctionInput": {"lead": "{{trigger.lead}}", "url": "{{trigger.url}}"},
        **given,
    }
    definition = defined(
        step("sum", "CODE", "note", settings),
        step(
            "note",
            "CREATE_RECORD",
            given={"objectName": "task", "objectRecord": {"title": "Sum {{sum.total}}"}},
        ),
    )
    address = product.activated(f"code-{uuid.uuid4().hex[:8]}", definition)
    return product.finished(product.post(address, payload)["workflowRunId"])


def test_typescript_runs_in_the_deployed_function_and_its_result_goes_on(
    product: Product, peer: Peer
) -> None:
    lead = {"name": "Ada", "amounts": [1, 2.5, 3]}
    view = ran(product, TYPED, {"lead": lead, "url": f"{peer.url}/echo"})
    infos = view["state"]["stepInfos"]

    assert view["status"] == "COMPLETED", infos
    assert infos["sum"]["result"] == {"total": 6.5, "status": 200}
    assert infos["note"]["result"]["title"] == "Sum 6.5"
    assert [entry["message"] for entry in view["stepLogs"]["sum"]["entries"]] == ["summing Ada"]
    assert peer.seen[0].headers["Idempotency-Key"] == f"{view['id']}/sum/1"


def test_a_script_that_hangs_fails_its_run_in_its_time(product: Product) -> None:
    code = "export const main = async () => { console.log('here'); while (true) await 0; }"
    view = ran(product, code, {}, timeoutSeconds=1)

    assert view["status"] == "FAILED"
    assert view["state"]["stepInfos"]["sum"]["error"] == "the script did not end within 1 s"


def test_the_deployed_function_finds_what_cannot_be_parsed(product: Product) -> None:
    authored: dict[str, Any] = {
        "name": "Broken",
        "trigger": {"type": "MANUAL", "nextStepIds": ["a"]},
        "steps": [step("a", "CODE", given={"code": "export const main = (\n=> 1"})],
    }
    applied = apply_definition(f"broken-{uuid.uuid4().hex[:8]}", definition_from(authored), product.services)

    assert [item.path for item in applied.findings] == ["$.steps[0].settings.input.code"]
    assert applied.findings[0].message.startswith("line 2, column 1: SyntaxError")
    with pytest.raises(errors.DefinitionError):
        product.activated("broken", definition_from(authored))


def test_a_hundred_calls_at_once_are_all_answered_each_with_its_own(product: Product) -> None:
    runner = product.services.outside.code
    code = "export const main = async (params) => { globalThis.n ??= params.n; return globalThis.n; }"

    def call(number: int) -> str | None:
        while True:
            try:
                return runner.run(CodeCall(code, {"n": number}, 30, f"k{number}/")).text
            except errors.StoreUnavailableError:
                continue  # the state machine would try again too

    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(call, range(1, 101)))

    assert answers == [str(number) for number in range(1, 101)]


def test_an_order_becomes_an_opportunity_and_a_warehouse_that_is_not_there_fails_safely(
    product: Product,
) -> None:
    address = product.activated("order-total")
    order: dict[str, Any] = {"number": "A-1", "lines": [{"price": 2.5, "count": 4}, {"price": 1, "count": 2}]}
    view = product.finished(product.post(address, order)["workflowRunId"])
    infos = view["state"]["stepInfos"]

    assert infos["add_up"]["result"] == {"total": 12, "micros": 12_000_000, "lines": 2}
    assert infos["create_opportunity"]["result"]["amount"]["amountMicros"] == 12_000_000
    assert infos["tell_the_warehouse"]["status"] == "FAILED_SAFELY"
    assert "no secret WAREHOUSE_TOKEN" in infos["tell_the_warehouse"]["error"]
    assert view["status"] == "COMPLETED"


def test_a_function_of_the_workspace_runs_in_the_deployed_function(product: Product) -> None:
    name = f"twice-{uuid.uuid4().hex[:8]}"
    schema: Any = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
    code = "export const main = async (p: {n: number}) => ({n: p.n * 2})"
    store_function(name, {"code": code, "inputSchema": schema, "outputSchema": schema}, product.services)
    given = {"logicFunctionId": name, "logicFunctionInput": {"n": "{{trigger.n}}"}}
    slug = f"logic-{uuid.uuid4().hex[:8]}"
    address = product.activated(slug, defined(step("a", "LOGIC_FUNCTION", given=given)))
    view = product.finished(product.post(address, {"n": 21})["workflowRunId"])

    assert view["state"]["stepInfos"]["a"]["result"] == {"n": 42}
