"""RunStore: the same answers and the same errors from every store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.contract.one_run import RUN
from ventuno import errors
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.model import Attempt, ChainCut, ChunkKey, Inline, PayloadRef, Run, StepState, VersionRef
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.ports import FormStore, Page, RunStore

FULL_RUN = replace(
    RUN,
    id="run-2",
    payload=PayloadRef("runs/run-2/trigger/abc.json", "ab" * 32, 200_000),
    created_by={"source": "MANUAL", "name": "Ann", "workspaceMemberId": None},
    start_riders=(StepState("f", StepStatus.SUCCESS, result=Inline('{"matchesFilter":true}')),),
    attempt=3,
    ended_at="2026-03-01T12:00:01.000Z",
    status=RunStatus.FAILED,
    error="WorkflowRun failed",
    causation=("run-0", "run-2"),
    test=True,
    cut=ChainCut("company.updated", "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121", ("a", "b"), 10),
    holds_place=True,
    candidate=True,
    refused=True,
)
LOOP = StepState("each", StepStatus.RUNNING, count=11)
RETRYING: JsonObject = {"type": "RETRY", "attempt": 1, "of": 3, "at": "2026-03-01T12:00:01.000Z"}
TOKEN = "x" * 600
DONE = StepState(
    "a",
    StepStatus.SUCCESS,
    result=Inline('{"id":"1","score":0.1}'),
    history=(Attempt(StepStatus.FAILED, "no", retry_attempt=1),),
    riders=(
        StepState("i", StepStatus.SUCCESS, result=Inline('{"matchingBranchId":"b"}'), branch=0),
        StepState("g", StepStatus.STOPPED, result=Inline('{"matchesFilter":false}')),
    ),
    started_at="2026-03-01T12:00:00.000Z",
    ended_at="2026-03-01T12:00:00.100Z",
    calls={"dynamodb:PutItem": 1},
)
STATES = [
    DONE,
    StepState("b", StepStatus.FAILED, error={"status": 404, "body": {"x": [1, 2.5, None]}}),
    StepState("c", StepStatus.FAILED_SAFELY, error="no", rescued=True),
    StepState(
        "d",
        StepStatus.PENDING,
        error="no",
        waiting_for=RETRYING,
        history=(Attempt(StepStatus.FAILED, "no"),),
    ),
    StepState("e", StepStatus.SUCCESS, result=PayloadRef("runs/r/e/0.json", "cd" * 32, 5_000_000)),
    StepState("f", StepStatus.SUCCESS, iteration="3", result=Inline("null")),
    StepState("g", StepStatus.SUCCESS, iteration="12.0.345"),
    StepState("each", StepStatus.RUNNING, count=3, over=False, result=Inline("{}")),
    StepState("ask", StepStatus.PENDING, waiting_for={"type": "FORM", "since": "now"}, token=TOKEN),
]


@pytest.mark.parametrize("run", [RUN, FULL_RUN], ids=["small", "full"])
def test_a_run_comes_back_as_it_was_stored(runs: RunStore, run: Run) -> None:
    assert runs.create(run) is None
    assert runs.load(run.id, []).run == run
    assert runs.load_all(run.id).run == run


def test_a_cut_of_a_chain_is_noted_once_on_a_run_and_changes_nothing_else(runs: RunStore) -> None:
    first, second = (ChainCut("company.updated", record_id, ("flow",), 10) for record_id in ("1", "2"))
    runs.create(RUN)

    assert runs.note_cut(RUN.id, first) is True
    assert runs.note_cut(RUN.id, second) is False
    assert runs.load(RUN.id, []).run == replace(RUN, cut=first)


def test_a_cut_on_a_run_that_is_gone_is_noted_nowhere(runs: RunStore) -> None:
    assert runs.note_cut("run-0", ChainCut("company.updated", "1", ("flow",), 10)) is False
    with pytest.raises(errors.NotFoundError):
        runs.load("run-0", [])


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.step_id)
def test_a_step_comes_back_as_it_was_stored(runs: RunStore, state: StepState) -> None:
    runs.create(RUN)

    assert runs.save_step(RUN, state) is None
    assert runs.load(RUN.id, [state.place]).states == (state,)
    runs.save_step(RUN, LOOP)
    assert state in runs.load_all(RUN.id).states


def test_a_run_whose_id_is_taken_is_not_stored_again(runs: RunStore) -> None:
    runs.create(RUN)

    assert runs.create(replace(RUN, name="#2 - Test")) == RUN
    assert runs.load(RUN.id, []).run.name == "#1 - Test"


@pytest.mark.parametrize("places", [[], [Place("a")]])
def test_a_run_that_does_not_exist_is_not_found(runs: RunStore, places: list[Place]) -> None:
    with pytest.raises(errors.NotFoundError, match="run-1"):
        runs.load("run-1", places)
    with pytest.raises(errors.NotFoundError, match="run-1"):
        runs.load_all("run-1")


def test_loading_reads_the_steps_asked_for_and_no_others(runs: RunStore) -> None:
    runs.create(RUN)
    for state in STATES:
        runs.save_step(RUN, state)
    loaded = runs.load(RUN.id, [Place("a"), Place("c"), Place("c"), Place("nothing"), Place("f")])

    assert {state.step_id for state in loaded.states} == {"a", "c"}


def test_every_step_of_a_run_is_loaded_however_many_there_are(runs: RunStore) -> None:
    runs.create(RUN)
    large = Inline('"' + "x" * 90_000 + '"')
    for number in range(25):  # more than the megabyte of one page
        runs.save_step(RUN, StepState(f"s{number}", StepStatus.SUCCESS, result=large))

    assert len(runs.load_all(RUN.id).states) == 25


@pytest.mark.parametrize(
    "status",
    [StepStatus.SUCCESS, StepStatus.FAILED, StepStatus.FAILED_SAFELY, StepStatus.STOPPED, StepStatus.RUNNING],
)
def test_the_first_finished_state_of_a_step_stays(runs: RunStore, status: StepStatus) -> None:
    runs.create(RUN)
    first = StepState("a", status, started_at="first")
    runs.save_step(RUN, first)

    assert runs.save_step(RUN, StepState("a", StepStatus.SUCCESS, started_at="second")) == first
    assert runs.load(RUN.id, [Place("a")]).states == (first,)


@pytest.mark.parametrize("waiting", [RETRYING, {"type": "FORM", "since": "2026-03-01T12:00:00.000Z"}])
def test_a_step_that_is_to_be_called_again_may_be_stored_again(runs: RunStore, waiting: JsonObject) -> None:
    runs.create(RUN)
    runs.save_step(RUN, StepState("a", StepStatus.PENDING, waiting_for=waiting, token=TOKEN))

    assert runs.save_step(RUN, DONE) is None
    assert runs.load(RUN.id, [Place("a")]).states == (DONE,)


def test_the_instant_of_a_delay_is_stored_once(runs: RunStore) -> None:
    runs.create(RUN)
    first = StepState("a", StepStatus.PENDING, waiting_for={"type": "DELAY", "until": "first"})
    runs.save_step(RUN, first)

    assert runs.save_step(RUN, replace(first, waiting_for={"type": "DELAY", "until": "second"})) == first


def test_a_run_with_more_iterations_than_wanted_is_read_without_them(runs: RunStore) -> None:
    runs.create(RUN)
    runs.save_step(RUN, LOOP)
    for index in range(11):
        runs.save_step(RUN, StepState("body", StepStatus.SUCCESS, iteration=str(index)))

    assert [state.step_id for state in runs.load_all(RUN.id, 10).states] == ["each"]
    assert not runs.load_all(RUN.id, 10).whole
    assert len(runs.load_all(RUN.id, 11).states) == 12
    assert runs.load_all(RUN.id, 11).whole


def test_iterations_come_in_the_order_of_their_numbers(runs: RunStore) -> None:
    runs.create(RUN)
    runs.save_step(RUN, LOOP)
    for iteration in ("10", "9", "2"):
        runs.save_step(RUN, StepState("body", StepStatus.SUCCESS, iteration=iteration))

    states = runs.load_all(RUN.id).states
    assert [state.iteration for state in states if state.step_id == "body"] == ["2", "9", "10"]


def test_what_is_inside_a_loop_is_read_once_the_loop_itself_is_stored(runs: RunStore) -> None:
    runs.create(RUN)
    inside = StepState("body", StepStatus.SUCCESS, iteration="0")
    runs.save_step(RUN, inside)

    assert runs.load_all(RUN.id).states == ()

    runs.save_step(RUN, replace(DONE, riders=(LOOP,)))  # a loop rides with a step's call as others do

    assert inside in runs.load_all(RUN.id).states


@pytest.mark.parametrize(("within", "last"), [("", "3.1"), ("2", "2.10"), ("4", None)])
def test_the_last_iteration_is_found_among_those_inside_another(
    runs: RunStore, within: str, last: str | None
) -> None:
    runs.create(RUN)
    for iteration in ("2.9", "2.10", "3.1"):
        runs.save_step(RUN, StepState("body", StepStatus.SUCCESS, iteration=iteration))
    runs.save_step(RUN, StepState("body_2", StepStatus.SUCCESS, iteration="9.9"))

    assert runs.last_iteration(RUN.id, "body", within) == last


def test_items_come_back_chunk_by_chunk(runs: RunStore) -> None:
    runs.create(RUN)
    chunks = {ChunkKey("each", "3", number): Inline(f"[{number}]") for number in range(60)}
    runs.save_items(RUN, chunks)
    runs.save_items(RUN, chunks)
    wanted = ChunkKey("each", "3", 7)

    assert runs.load(RUN.id, [], [wanted, ChunkKey("each", "2", 7)]).chunks == {wanted: Inline("[7]")}
    assert runs.load_all(RUN.id).states == ()


def test_steps_that_failed_are_noted_on_their_run(runs: RunStore) -> None:
    runs.create(RUN)
    runs.mark_failed(RUN.id, [Place("a")])
    runs.mark_failed(RUN.id, [Place("a"), Place("b", "3.0")])

    assert runs.load(RUN.id, []).run.failed == {Place("a"), Place("b", "3.0")}


def test_all_states_of_a_run_are_yielded_and_nothing_else(runs: RunStore, forms: FormStore) -> None:
    runs.create(RUN)
    runs.save_items(RUN, {ChunkKey("each", "", 0): Inline("[1]")})
    forms.save_tokens(RUN, [Place("ask")], "token")
    states = [
        StepState("a", StepStatus.SUCCESS),
        *(StepState("b", StepStatus.SUCCESS, str(n)) for n in range(3)),
    ]
    for state in states:
        runs.save_step(RUN, state)

    assert [state.place for state in runs.states(RUN.id)] == [state.place for state in states]


def test_loops_that_go_no_further_are_noted_on_their_run(runs: RunStore) -> None:
    runs.create(RUN)
    runs.mark_failed(RUN.id, [], [Place("each"), Place("inner", "3")])
    runs.mark_failed(RUN.id, [Place("a", "0")], [Place("each")])

    assert runs.load(RUN.id, []).run.broken == {Place("each"), Place("inner", "3")}
    assert runs.load(RUN.id, []).run.failed == {Place("a", "0")}


def test_a_failure_makes_no_run_of_its_own(runs: RunStore) -> None:
    runs.mark_failed("nothing", [Place("a")])
    runs.mark_failed("nothing", [], [Place("a")])

    with pytest.raises(errors.NotFoundError):
        runs.load("nothing", [])


def test_a_stopping_run_ends_as_any_other(runs: RunStore) -> None:
    runs.create(RUN)

    assert runs.begin_stop(RUN.id) is True
    assert runs.begin_stop(RUN.id) is False
    assert runs.load(RUN.id, []).run.status is RunStatus.STOPPING
    assert [run.id for run in runs.by_status(RunStatus.STOPPING, 10, None).runs] == [RUN.id]
    assert runs.close(RUN.id, 0, RunStatus.STOPPED, None, "2026-03-01T12:05:00.000Z") is True


def test_a_failed_run_is_opened_again_once(runs: RunStore) -> None:
    runs.create(RUN)
    again = replace(RUN, attempt=1)

    assert runs.reopen(again) is False
    runs.mark_failed(RUN.id, [Place("a")], [Place("each")])
    runs.close(RUN.id, 0, RunStatus.FAILED, "boom", "2026-03-01T12:05:00.000Z")
    assert runs.reopen(again) is True
    assert runs.load(RUN.id, []).run == again
    assert runs.reopen(again) is False


def test_states_are_replaced_and_deleted_whatever_they_say(runs: RunStore) -> None:
    runs.create(RUN)
    for state in (DONE, replace(DONE, step_id="b", iteration="1")):
        runs.save_step(RUN, state)
    again = StepState("a", StepStatus.NOT_STARTED, history=DONE.history)
    runs.replace_steps(RUN, [again], [Place("b", "1")])

    assert runs.load_all(RUN.id).states == (again,)
    assert runs.save_step(RUN, DONE) is None


def test_riders_that_are_due_may_be_stored_again(runs: RunStore) -> None:
    runs.create(RUN)
    runs.replace_steps(RUN, [replace(DONE, riders=(), riders_due=True)])

    assert runs.save_step(RUN, DONE) is None
    assert runs.load_all(RUN.id).states == (DONE,)


def test_the_same_step_of_two_iterations_is_two_states(runs: RunStore) -> None:
    runs.create(RUN)
    runs.save_step(RUN, replace(DONE, iteration="0"))

    assert runs.save_step(RUN, replace(DONE, iteration="1")) is None
    assert len(list(runs.states(RUN.id))) == 2


def test_of_many_that_finish_a_step_at_once_one_wins_and_all_learn_which(runs: RunStore) -> None:
    runs.create(RUN)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda number: runs.save_step(RUN, replace(DONE, started_at=str(number))) or str(number),
                range(8),
            )
        )
    winner = runs.load(RUN.id, [Place("a")]).states[0].started_at

    assert {answer if isinstance(answer, str) else answer.started_at for answer in answers} == {winner}


def test_closing_a_run_ends_it_once(runs: RunStore) -> None:
    runs.create(RUN)

    assert runs.close(RUN.id, 0, RunStatus.FAILED, "boom", "2026-03-01T12:05:00.000Z") is True
    assert runs.close(RUN.id, 0, RunStatus.COMPLETED, None, "2026-03-01T12:06:00.000Z") is False
    assert runs.load(RUN.id, []).run == replace(
        RUN, status=RunStatus.FAILED, error="boom", ended_at="2026-03-01T12:05:00.000Z"
    )


def test_a_run_closed_without_an_error_has_none(runs: RunStore) -> None:
    runs.create(RUN)
    runs.close(RUN.id, 0, RunStatus.COMPLETED, None, "2026-03-01T12:05:00.000Z")

    assert runs.load(RUN.id, []).run.error is None


def test_the_end_of_an_earlier_attempt_closes_nothing(runs: RunStore) -> None:
    runs.create(RUN)
    runs.begin_attempt(RUN.id, 0)

    assert runs.close(RUN.id, 0, RunStatus.COMPLETED, None, "now") is False
    assert runs.close(RUN.id, 1, RunStatus.COMPLETED, None, "now") is True


def test_one_of_two_that_resume_a_run_may(runs: RunStore) -> None:
    runs.create(RUN)

    assert [runs.begin_attempt(RUN.id, 0), runs.begin_attempt(RUN.id, 0)] == [True, False]
    assert runs.load(RUN.id, []).run == replace(RUN, attempt=1)


def test_a_run_that_has_ended_is_not_resumed(runs: RunStore) -> None:
    runs.create(FULL_RUN)

    assert runs.begin_attempt(FULL_RUN.id, FULL_RUN.attempt) is False


def test_a_run_that_does_not_exist_is_neither_closed_nor_resumed(runs: RunStore) -> None:
    assert runs.close("nothing", 0, RunStatus.COMPLETED, None, "now") is False
    assert runs.begin_attempt("nothing", 0) is False
    with pytest.raises(errors.NotFoundError):
        runs.load("nothing", [])


def many(runs: RunStore, count: int) -> list[str]:
    """Store runs that start a second apart, two workflows in turns; the ids newest first."""
    for number in range(count):
        runs.create(
            replace(
                RUN,
                id=f"run-{number}",
                version=VersionRef(f"workflow-{number % 2}", 1),
                started_at=f"2026-03-01T12:00:{number:02}.000Z",
            )
        )
    return [f"run-{number}" for number in reversed(range(count))]


def ids(page: Page) -> list[str]:
    return [run.id for run in page.runs]


def test_the_runs_of_a_workflow_are_listed_newest_first_page_by_page(runs: RunStore) -> None:
    expected = [run_id for run_id in many(runs, 10) if int(run_id[-1]) % 2 == 0]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(9):
        page = runs.by_workflow("workflow-0", 2, cursor)
        seen += ids(page)
        cursor = page.cursor
        if cursor is None:
            break

    assert seen == expected


def test_the_runs_of_a_status_are_listed_newest_first_page_by_page(runs: RunStore) -> None:
    expected = many(runs, 7)
    first = runs.by_status(RunStatus.RUNNING, 4, None)
    second = runs.by_status(RunStatus.RUNNING, 4, first.cursor)

    assert ids(first) + ids(second) == expected
    assert runs.by_status(RunStatus.FAILED, 4, None).runs == ()


def test_a_listed_run_is_whole(runs: RunStore) -> None:
    runs.create(FULL_RUN)

    assert runs.by_status(RunStatus.FAILED, 4, None).runs == (FULL_RUN,)
    assert runs.by_workflow("workflow-1", 4, None, tests=True).runs == (FULL_RUN,)


def test_a_run_is_listed_under_its_new_status_once_it_is_closed(runs: RunStore) -> None:
    runs.create(RUN)
    runs.close(RUN.id, 0, RunStatus.COMPLETED, None, "2026-03-01T12:05:00.000Z")

    assert runs.by_status(RunStatus.RUNNING, 5, None).runs == ()
    assert ids(runs.by_status(RunStatus.COMPLETED, 5, None)) == [RUN.id]
    assert [run.status for run in runs.by_workflow("workflow-1", 5, None).runs] == [RunStatus.COMPLETED]


def queued(number: int, workflow: str = "workflow-1") -> Run:
    """A run that waits to start."""
    return replace(
        RUN,
        id=f"wait-{number}",
        version=VersionRef(workflow, 1),
        status=RunStatus.NOT_STARTED,
        started_at=f"2026-03-01T12:00:{number:02d}.000Z",
        holds_place=True,
    )


def test_runs_that_wait_are_read_by_workflow_and_oldest_first(runs: RunStore) -> None:
    waiting = [queued(3, "w-b"), queued(2, "w-b"), queued(9, "w-a"), queued(1, "w-c"), queued(5, "w-b")]
    for run in [RUN, *waiting]:
        runs.create(run)
    order = [queued(9, "w-a"), queued(2, "w-b"), queued(3, "w-b"), queued(5, "w-b"), queued(1, "w-c")]
    first, position = runs.waiting("", 3)
    assert position is not None
    second, end = runs.waiting(position, 3)

    assert [*first, *second] == order
    assert end is None
    assert runs.waiting("w-b#", 9)[0] == order[1:]
    assert runs.waiting("w-b#~", 9)[0] == order[4:]
    assert runs.waiting("w-d#", 9) == ([], None)


def test_a_run_that_waits_begins_once_and_is_listed_as_running(runs: RunStore) -> None:
    run = queued(1)
    runs.create(run)

    assert runs.begin(run) is True
    assert runs.begin(run) is False
    begun = replace(run, status=RunStatus.RUNNING)
    assert runs.load(run.id, []).run == begun
    assert runs.by_status(RunStatus.RUNNING, 9, None).runs == (begun,)
    assert runs.waiting("", 9) == ([], None)
    assert runs.cancel(run, "no", "2026-03-01T13:00:00.000Z") is False


def test_a_run_that_waits_can_be_cancelled(runs: RunStore) -> None:
    run = queued(1)
    runs.create(run)

    assert runs.begin_stop(run.id) is False
    assert runs.cancel(run, "stopped", "2026-03-01T13:00:00.000Z") is True
    stopped = runs.load(run.id, []).run
    assert (stopped.status, stopped.error, stopped.ended_at) == (
        RunStatus.STOPPED,
        "stopped",
        "2026-03-01T13:00:00.000Z",
    )
    assert runs.by_status(RunStatus.STOPPED, 9, None).runs == (stopped,)
    assert runs.begin(run) is False


def test_runs_that_wait_are_listed_by_pages(runs: RunStore) -> None:
    for number in range(5):
        runs.create(queued(number, f"w-{number % 2}"))
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = runs.by_status(RunStatus.NOT_STARTED, 2, cursor)
        found += ids(page)
        cursor = page.cursor
        if cursor is None:
            break

    assert sorted(found) == [f"wait-{number}" for number in range(5)]


def test_a_refused_run_can_be_reopened_to_wait(runs: RunStore) -> None:
    refused = replace(queued(1), status=RunStatus.FAILED, refused=True, error="too many")
    runs.create(refused)
    again = replace(refused, status=RunStatus.NOT_STARTED, refused=False, error=None, attempt=1)

    assert runs.reopen(again) is True
    assert runs.waiting("", 9)[0] == [again]


def test_tests_are_listed_apart(runs: RunStore) -> None:
    tested = replace(RUN, id="run-9", test=True, version=VersionRef("workflow-1", 2, "abc"))
    runs.create(RUN)
    runs.create(tested)

    assert runs.by_workflow("workflow-1", 9, None).runs == (RUN,)
    assert runs.by_workflow("workflow-1", 9, None, tests=True).runs == (tested,)


@pytest.mark.parametrize("cursor", ["x", "é", "e30=", "eyJQSyI6MX0=", "IyM=", "AAAA", "MjAyNiM="])
def test_a_text_that_is_no_cursor_is_a_bad_request(runs: RunStore, cursor: str) -> None:
    many(runs, 3)

    with pytest.raises(errors.BadRequestError, match="cursor"):
        runs.by_workflow("workflow-0", 1, cursor)
    with pytest.raises(errors.BadRequestError, match="cursor"):
        runs.by_status(RunStatus.RUNNING, 1, cursor)


def test_a_cursor_of_another_list_is_a_place_in_this_one(runs: RunStore) -> None:
    expected = many(runs, 6)
    cursor = runs.by_status(RunStatus.RUNNING, 2, None).cursor

    assert ids(runs.by_workflow("workflow-0", 9, cursor)) == [
        run_id for run_id in expected[2:] if int(run_id[-1]) % 2 == 0
    ]


def test_what_a_caller_does_to_a_loaded_run_changes_nothing_stored(runs: RunStore) -> None:
    runs.create(RUN)
    runs.load(RUN.id, []).run.created_by["name"] = "changed"

    assert runs.load(RUN.id, []).run.created_by["name"] == "Webhook"
