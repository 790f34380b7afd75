"""Forks, loops, waits and forms on the real stack: compiled, called through Lambda, stored in DynamoDB."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, branches, passes, step, written
from tests.e2e.runs import RUN_LIMIT_SECONDS, Product, statuses
from tests.graphs.simulating import loop
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.engine.statuses import RunStatus
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.places import Place
from ventuno.runtime.answer_form import answer_form
from ventuno.runtime.retry_run import retry_run
from ventuno.runtime.show_run import show_run
from ventuno.runtime.stop_run import stop_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


pytestmark = pytest.mark.e2e
NO_COMPANY = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
FORM: Json = {"fields": [{"id": "f", "name": "answer", "label": "Answer", "type": "NUMBER"}]}


def company(step_id: str, then: str | Sequence[str] = (), name: str = "{{trigger.name}}") -> Json:
    return step(step_id, "CREATE_RECORD", then, {"objectName": "company", "objectRecord": {"name": name}})


def missing(step_id: str, then: str | Sequence[str] = (), **options: Any) -> Json:  # noqa: ANN401 - same
    """Write a step that fails: it changes a record that does not exist."""
    given = {"objectName": "company", "objectRecordId": NO_COMPANY, "objectRecord": {"name": "x"}}
    return step(step_id, "UPDATE_RECORD", then, given, **options)


def started(product: Product, *steps: Json, payload: Json | None = None, first: Any = None) -> str:  # noqa: ANN401 - ids
    """Activate a workflow of these steps and start a run; return its id."""
    slug = f"flow-{uuid.uuid4().hex[:12]}"
    authored = written(*steps, name=slug)
    if first is not None:
        authored["trigger"]["nextStepIds"] = list(first)
    address = product.activated(slug, definition_from(authored))
    return str(product.post(address, {"name": slug} | (payload or {}))["workflowRunId"])


def ran(product: Product, *steps: Json, payload: Json | None = None, first: Any = None) -> Json:  # noqa: ANN401 - same
    return product.finished(started(product, *steps, payload=payload, first=first))


def until(product: Product, run_id: str, reached: Callable[[Json], bool]) -> Json:
    """Wait until the view of a run shows something."""
    give_up = time.monotonic() + RUN_LIMIT_SECONDS
    while not reached(shown(product, run_id)["state"]["stepInfos"]):
        assert time.monotonic() < give_up, shown(product, run_id)
        time.sleep(0.05)
    return shown(product, run_id)


def shown(product: Product, run_id: str) -> Json:
    view: Any = show_run(run_id, product.services)
    return dict(view)


def companies(product: Product, name: str) -> int:
    return sum(record["name"] == name for record in product.services.records.find("company").records)


def test_a_diamond_with_a_direct_edge_runs_its_merge_once(product: Product) -> None:
    view = ran(
        product,
        company("a", ["b", "c", "d"]),
        company("b", "d"),
        company("c", "d"),
        company("d"),
    )

    assert view["status"] == "COMPLETED"
    assert set(statuses(view).values()) == {"SUCCESS"}


def test_seven_filters_side_by_side_merge_once(product: Product) -> None:
    filters = [
        step(f"f{n}", "FILTER", "merge", passes("{{trigger.kind}}", "even" if n % 2 else "odd"))
        for n in range(7)
    ]
    view = ran(
        product, *filters, company("merge"), payload={"kind": "even"}, first=[f"f{n}" for n in range(7)]
    )

    assert view["status"] == "COMPLETED"
    assert statuses(view)["merge"] == "SUCCESS"
    assert list(statuses(view).values()).count("STOPPED") == 4
    assert len(view["state"]["stepInfos"]["merge"].get("history", [])) == 0


def test_a_merge_of_two_branches_runs_whichever_is_taken(product: Product) -> None:
    view = ran(
        product,
        step("choose", "IF_ELSE", given=branches("a", "b")),
        company("a", "merge"),
        company("b", "merge"),
        company("merge"),
        payload={"branch": 1},
    )

    assert statuses(view) == {"choose": "SUCCESS", "a": "SKIPPED", "b": "SUCCESS", "merge": "SUCCESS"}


def test_a_step_that_fails_lets_its_siblings_end(product: Product) -> None:
    view = ran(product, missing("bad", "after"), company("good"), company("after"), first=["bad", "good"])

    assert view["status"] == "FAILED"
    assert statuses(view) == {"bad": "FAILED", "good": "SUCCESS", "after": "NOT_STARTED"}
    assert view["state"]["workflowRunError"] == "WorkflowRun failed"


def test_a_loop_on_the_trigger_with_a_false_filter_goes_on(product: Product) -> None:
    view = ran(
        product,
        loop("each", "wanted", "{{trigger.items}}", then="after"),
        step("wanted", "FILTER", "make", passes("{{each.currentItem}}", "b")),
        company("make", "each", name="{{each.currentItem}}"),
        company("after", name="{{make.name}}"),
        payload={"items": ["a", "b", "a"]},
    )

    assert view["status"] == "COMPLETED"
    infos = view["state"]["stepInfos"]
    assert infos["each"]["result"] == {"currentItemIndex": 3, "hasProcessedAllItems": True}
    assert [entry["status"] for entry in infos["make"]["history"]] == ["SKIPPED", "SUCCESS"]
    assert infos["make"]["status"] == "SKIPPED"
    assert infos["after"]["status"] == "SUCCESS"


def test_a_branch_that_returns_straight_to_its_iterator_goes_on(product: Product) -> None:
    view = ran(
        product,
        loop("each", "choose", [0, 1, 0]),
        step("choose", "IF_ELSE", given=branches("each", "make", on="{{each.currentItem}}")),
        company("make", "each", name="n{{each.currentItemIndex}}"),
    )

    assert view["status"] == "COMPLETED"
    assert view["state"]["stepInfos"]["each"]["result"]["currentItemIndex"] == 3
    assert view["state"]["stepInfos"]["make"]["history"][1]["result"]["name"] == "n1"


def test_a_nested_loop_whose_inner_fails_lets_the_outer_go_on(product: Product) -> None:
    view = ran(
        product,
        loop("outer", "inner", [1, 2], then="after", shouldContinueOnIterationFailure=True),
        loop("inner", "bad", [1, 2], then="outer"),
        missing("bad", "inner"),
        company("after"),
    )

    assert view["status"] == "COMPLETED"
    assert statuses(view) == {
        "outer": "SUCCESS",
        "inner": "FAILED_SAFELY",
        "bad": "FAILED_SAFELY",
        "after": "SUCCESS",
    }


def test_iterations_run_at_once_where_the_author_allows_it(product: Product) -> None:
    view = ran(
        product,
        loop("each", "make", list(range(12)), maxConcurrency=4),
        company("make", "each", name="n{{each.currentItemIndex}}"),
    )

    infos = view["state"]["stepInfos"]
    made = [entry["result"]["name"] for entry in infos["make"]["history"]] + [infos["make"]["result"]["name"]]
    assert view["status"] == "COMPLETED"
    assert made == [f"n{index}" for index in range(12)]


def test_an_iteration_that_fails_lets_those_beside_it_end_and_no_further_one_begin(product: Product) -> None:
    there = str(uuid.uuid4())
    product.services.records.create("company", {"id": there}, WriteContext(Actor("API", "test")))
    update = {
        "objectName": "company",
        "objectRecordId": "{{each.currentItem}}",
        "objectRecord": {"name": "x"},
    }
    pause = {"delayType": "DURATION", "duration": {"seconds": 1}}
    run_id = started(
        product,
        loop("each", ["change", "wait"], [NO_COMPANY, there, there, there], "end", maxConcurrency=2),
        step("change", "UPDATE_RECORD", "each", update),
        step("wait", "DELAY", "make", pause),
        company("make", "each", name="n{{each.currentItemIndex}} of {{trigger.name}}"),
        company("end"),
    )
    view = product.finished(run_id)

    assert statuses(view) == {
        "each": "FAILED",
        "change": "FAILED",
        "wait": "SUCCESS",
        "make": "SUCCESS",
        "end": "NOT_STARTED",
    }
    stored = product.services.runs.load_all(run_id)
    assert {place.iteration for place in stored.by_place if place.step_id == "make"} == {"0", "1"}
    assert {place.iteration for place in stored.by_place if place.iteration} == {"0", "1"}


def test_a_delay_waits_and_is_a_success(product: Product) -> None:
    view = ran(
        product,
        company("before", "wait"),
        step("wait", "DELAY", "after", {"delayType": "DURATION", "duration": {"seconds": 1}}),
        company("after"),
    )

    infos = view["state"]["stepInfos"]
    assert infos["wait"]["result"] == {"success": True}
    assert infos["after"]["startedAt"] >= infos["wait"]["endedAt"]


def test_a_form_waits_and_is_answered_once(product: Product) -> None:
    run_id = started(
        product,
        step("ask", "FORM", "big", FORM),
        step(
            "big",
            "FILTER",
            "make",
            {
                "stepFilters": [
                    {
                        "type": "NUMBER",
                        "stepOutputKey": "{{ask.answer}}",
                        "operand": "GREATER_THAN_OR_EQUAL",
                        "value": "10",
                    }
                ]
            },
        ),
        company("make", name="n{{ask.answer}}"),
    )
    view = until(product, run_id, lambda infos: infos["ask"]["status"] == "PENDING")
    assert view["state"]["stepInfos"]["ask"]["waitingFor"]["type"] == "FORM"
    with pytest.raises(errors.FormAnswerError, match="answer"):
        answer_form(run_id, Place("ask"), {"answer": "many"}, product.services)

    def submit(number: int) -> bool:
        try:
            answer_form(run_id, Place("ask"), {"answer": number}, product.services)
        except errors.ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(submit, [11, 12, 13, 14]))
    view = product.finished(run_id)

    assert taken.count(True) == 1
    infos = view["state"]["stepInfos"]
    assert infos["ask"]["result"] == {"answer": 11 + taken.index(True)}
    assert infos["make"]["result"]["name"] == f"n{11 + taken.index(True)}"


def test_forms_and_delays_that_no_nesting_expresses_wait_at_once(product: Product) -> None:
    """r → a, b;  a → j;  b → c, j, wait;  c → after;  wait → later."""
    soon = {**FORM, "expiresAfter": {"seconds": 3}}
    run_id = started(
        product,
        company("r", ["a", "b"]),
        step("a", "FORM", "j", soon, continueOnFailure=True),
        company("b", ["c", "j", "wait"]),
        step("c", "FORM", "after", FORM),
        step("wait", "DELAY", "later", {"delayType": "DURATION", "duration": {"seconds": 1}}),
        *(company(step_id) for step_id in ("j", "after", "later")),
    )
    view = until(product, run_id, lambda infos: infos["later"]["status"] == "SUCCESS")
    assert {"a": "PENDING", "c": "PENDING", "j": "NOT_STARTED"}.items() <= statuses(view).items()
    view = until(product, run_id, lambda infos: infos["j"]["status"] == "SUCCESS")
    assert {"a": "FAILED_SAFELY", "c": "PENDING", "after": "NOT_STARTED"}.items() <= statuses(view).items()
    assert view["state"]["stepInfos"]["a"]["error"] == "the form was not answered in time"

    answer_form(run_id, Place("c"), {"answer": 1}, product.services)
    view = product.finished(run_id)

    assert view["status"] == "COMPLETED"
    assert statuses(view) == dict.fromkeys(statuses(view), "SUCCESS") | {"a": "FAILED_SAFELY"}


def test_a_loop_that_waits_holds_up_nothing_beside_it_where_no_nesting_expresses_it(product: Product) -> None:
    """r → a, b;  a → j;  b → j, each;  each: ask;  each → end, where a and ask wait."""
    run_id = started(
        product,
        company("r", ["a", "b"]),
        step("a", "DELAY", "j", {"delayType": "DURATION", "duration": {"seconds": 1}}),
        company("b", ["j", "each"]),
        loop("each", "ask", [1, 2], "end"),
        step("ask", "FORM", "each", FORM),
        *(company(step_id) for step_id in ("j", "end")),
    )
    view = until(product, run_id, lambda infos: infos["j"]["status"] == "SUCCESS")
    assert {"each": "RUNNING", "ask": "PENDING", "end": "NOT_STARTED"}.items() <= statuses(view).items()

    for index in ("0", "1"):
        until(product, run_id, lambda infos: infos["ask"]["status"] == "PENDING")
        answer_form(run_id, Place("ask", index), {"answer": 1}, product.services)
    view = product.finished(run_id)

    assert view["status"] == "COMPLETED"
    assert statuses(view) == dict.fromkeys(statuses(view), "SUCCESS")


def test_a_form_that_nobody_answers_fails_and_says_so(product: Product) -> None:
    soon = {**FORM, "expiresAfter": {"seconds": 2}}
    view = ran(product, step("ask", "FORM", "after", soon), company("after"))

    assert statuses(view) == {"ask": "FAILED", "after": "NOT_STARTED"}
    assert view["state"]["stepInfos"]["ask"]["error"] == "the form was not answered in time"


def test_a_run_that_waits_is_stopped(product: Product) -> None:
    run_id = started(product, step("ask", "FORM", "after", FORM), company("after"))
    until(product, run_id, lambda infos: infos["ask"]["status"] == "PENDING")

    assert stop_run(run_id, product.services).status is RunStatus.STOPPED
    view = shown(product, run_id)
    assert statuses(view) == {"ask": "FAILED", "after": "NOT_STARTED"}
    with pytest.raises(errors.ConflictError):
        answer_form(run_id, Place("ask"), {"answer": 1}, product.services)


def test_a_failed_run_is_retried_without_doing_anything_twice(product: Product) -> None:
    slug = f"flow-{uuid.uuid4().hex[:12]}"
    made, bad = company("make", "change"), missing("change", "after")
    address = product.activated(slug, definition_from(written(made, bad, company("after"))))
    run_id = str(product.post(address, {"name": slug})["workflowRunId"])
    assert product.finished(run_id)["status"] == "FAILED"
    retry_run(run_id, product.services)
    assert product.finished(run_id)["status"] == "FAILED"

    mended = missing("change", "after")
    mended["settings"]["input"]["objectRecordId"] = "{{make.id}}"
    product.activated(slug, definition_from(written(made, mended, company("after"))))
    retry_run(run_id, product.services, on_version=2)
    view = product.finished(run_id)

    assert view["status"] == "COMPLETED"
    assert view["versionNumber"] == 2
    assert set(statuses(view).values()) == {"SUCCESS"}
    assert companies(product, slug) == 1  # made once, renamed; the last step made the other


def test_errors_are_retried_after_one_and_five_seconds(product: Product) -> None:
    began = time.monotonic()
    view = ran(product, missing("bad", retryOnFailure=2))

    assert time.monotonic() - began >= 6
    history = view["state"]["stepInfos"]["bad"]["history"]
    assert [entry["retryAttempt"] for entry in history] == [1, 2]
    assert view["status"] == "FAILED"
