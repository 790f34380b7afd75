"""Running one step: its work, its result or its failure, its riders, and what the machine is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, passes, step
from ventuno import errors
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.claim_check import check_out
from ventuno.runs.model import PayloadRef
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from tests.fakes.world import World

COMPANY: Json = {"objectName": "company", "objectRecord": {"name": "{{trigger.name}}"}}
MISSING = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
CHANGE: Json = {"objectName": "company", "objectRecordId": MISSING, "objectRecord": {"name": "new"}}


ANYTHING: Json = {
    "objectName": "{{trigger.object}}",
    "objectRecord": {"{{trigger.key}}": "{{trigger.value}}"},
}


def change(**options: Any) -> Json:  # noqa: ANN401 - step options
    """Write a step that fails: there is no such record."""
    return step("a", "UPDATE_RECORD", (), CHANGE, **options)


def test_a_step_does_its_work_and_stores_its_result(world: World) -> None:
    run = world.begin(create())
    answer = world.call(run)
    state = world.states(run.id)["a"]
    (record,) = world.companies()

    assert answer == {"answers": {}}
    assert state.status is StepStatus.SUCCESS
    assert state.result is not None
    assert check_out(state.result, world.payloads) == record
    assert record["name"] == "Acme"
    assert record["createdBy"]["source"] == "WORKFLOW"
    assert state.started_at == state.ended_at == "2026-03-01T12:00:00.000Z"


def test_a_step_that_finished_answers_from_the_store(world: World) -> None:
    run = world.begin(create("a", "f"), step("f", "FILTER", given=passes("{{a.name}}", "Acme")))
    first = world.call(run, rides=("f",))

    assert world.call(run, rides=("f",)) == first == {"answers": {"f": True}}
    assert len(world.companies()) == 1


def test_variables_name_the_trigger_and_earlier_steps(world: World) -> None:
    second = {
        "objectName": "person",
        "objectRecord": {"companyId": "{{a.id}}", "jobTitle": "{{trigger.name}} {{f.matchesFilter}}"},
    }
    run = world.begin(
        create("a", "f"),
        step("f", "FILTER", "b", passes("{{a.name}}", "Acme")),
        step("b", "CREATE_RECORD", given=second),
    )
    world.call(run, rides=("f",))
    world.call(run, "b")
    (person,) = world.services.records.find("person").records

    assert person["companyId"] == world.companies()[0]["id"]
    assert person["jobTitle"] == "Acme true"


def test_text_that_looks_like_a_variable_is_never_resolved_twice(world: World) -> None:
    run = world.begin(create(), payload={"name": "{{trigger.secret}} {% $states %}", "secret": "s3cret"})
    world.call(run)

    assert world.companies()[0]["name"] == "{{trigger.secret}} {% $states %}"


def test_a_failed_step_is_stored_with_its_error_and_fails_every_later_call(world: World) -> None:
    run = world.begin(change())

    for _ in range(2):
        with pytest.raises(errors.StepFailedError, match=MISSING):
            world.call(run)
    state = world.states(run.id)["a"]
    assert (state.status, state.history, state.result) == (StepStatus.FAILED, (), None)
    assert MISSING in str(state.error)


@pytest.mark.parametrize("retries", [1, 2, 3])
def test_a_step_is_retried_as_often_as_its_author_asked_then_fails(world: World, retries: int) -> None:
    run = world.begin(change(retryOnFailure=retries))
    for attempt in range(1, retries + 1):
        with pytest.raises(errors.RetryLaterError):
            world.call(run)
        state = world.states(run.id)["a"]
        assert state.status is StepStatus.PENDING
        assert [entry.retry_attempt for entry in state.history] == list(range(1, attempt + 1))
    with pytest.raises(errors.StepFailedError):
        world.call(run)

    state = world.states(run.id)["a"]
    assert state.status is StepStatus.FAILED
    assert [entry.status for entry in state.history] == [StepStatus.FAILED] * retries


def test_a_retry_that_works_keeps_the_history_of_the_one_that_did_not(world: World) -> None:
    run = world.begin(
        step("a", "UPDATE_RECORD", given={**CHANGE, "objectRecordId": "{{trigger.id}}"}, retryOnFailure=1),
        payload={"id": MISSING},
    )
    with pytest.raises(errors.RetryLaterError):
        world.call(run)
    _create_company(world, MISSING)
    world.call(run)

    state = world.states(run.id)["a"]
    assert (state.status, len(state.history), state.error) == (StepStatus.SUCCESS, 1, None)
    assert world.companies()[0]["name"] == "new"


def _create_company(world: World, record_id: str) -> None:
    from ventuno.records.context import Actor, WriteContext  # noqa: PLC0415 - used by this one test

    write = WriteContext(Actor("API", "Test"))
    world.services.records.create("company", {"id": record_id, "name": "old"}, write)


def test_continue_on_failure_lets_the_run_go_on_and_keeps_the_error(world: World) -> None:
    run = world.begin(
        {**change(continueOnFailure=True), "nextStepIds": ["f"]},
        step("f", "FILTER", given=passes("{{trigger.name}}", "Acme")),
    )

    assert world.call(run, rides=("f",)) == {"answers": {"f": True}}
    state = world.states(run.id)["a"]
    assert (state.status, state.rescued, state.result) == (StepStatus.FAILED_SAFELY, True, None)
    assert MISSING in str(state.error)


def test_retries_come_before_continuing(world: World) -> None:
    run = world.begin(change(retryOnFailure=1, continueOnFailure=True))
    with pytest.raises(errors.RetryLaterError):
        world.call(run)
    world.call(run)

    assert world.states(run.id)["a"].status is StepStatus.FAILED_SAFELY


@pytest.mark.parametrize(
    "payload",
    [
        {"object": "nothing", "key": "name", "value": "x"},
        {"key": "name", "value": "x"},
        {"object": "company", "key": "nme", "value": "x"},
        {"object": "company", "key": "name", "value": {"a": 1}},
    ],
    ids=["an unknown object", "a name that resolves to nothing", "an unknown field", "a wrong value"],
)
def test_an_input_error_is_never_retried(world: World, payload: Json) -> None:
    run = world.begin(step("a", "CREATE_RECORD", given=ANYTHING, retryOnFailure=3), payload=payload)

    with pytest.raises(errors.StepFailedError):
        world.call(run)
    assert world.states(run.id)["a"].status is StepStatus.FAILED


def test_an_error_of_any_length_is_stored_cut(world: World) -> None:
    payload: Json = {"object": "company", "key": "x" * 500_000, "value": 1}
    run = world.begin(step("a", "CREATE_RECORD", given=ANYTHING), payload=payload)

    with pytest.raises(errors.StepFailedError):
        world.call(run)
    assert len(str(world.states(run.id)["a"].error)) <= 10_000


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.STOPPED, RunStatus.COMPLETED])
def test_no_step_starts_in_a_run_that_has_ended(world: World, status: RunStatus) -> None:
    run = world.begin(create())
    world.runs.close(run.id, 0, status, None, "2026-03-01T12:00:00.000Z")

    with pytest.raises(errors.RunNotRunningError, match=status.value):
        world.call(run)
    assert world.companies() == []


def test_an_output_over_100_kib_goes_to_the_bucket_and_comes_back(world: World) -> None:
    for number in range(150):
        _create_company(world, f"8f14e45f-ceea-467f-a8f0-{number:012}")
    found = {"objectName": "company"}
    noted = {"objectName": "company", "objectRecord": {"name": "{{find.totalCount}} {{find.all.1.name}}"}}
    run = world.begin(step("find", "FIND_RECORDS", "b", found), step("b", "CREATE_RECORD", given=noted))
    world.call(run, "find")
    world.call(run, "b")

    result = world.states(run.id)["find"].result
    assert isinstance(result, PayloadRef)
    assert result.key.startswith(f"runs/{run.id}/find/")
    assert "150 old" in {company["name"] for company in world.companies()}


def test_a_call_counts_the_requests_it_makes(world: World) -> None:
    run = world.begin(create())
    world.call(run)

    assert world.states(run.id)["a"].calls == {"dynamodb:PutItem": 1}


@pytest.mark.parametrize("event", [{}, {"run": "r", "version": "v", "step": "a", "more": 1}, {"run": 1}])
def test_an_event_that_is_none_is_refused(event: Json) -> None:
    with pytest.raises(ValueError, match="validation error"):
        StepEvent.model_validate(event)
