from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tests.builders import create, step, written
from tests.fakes.models import says
from tests.functional.cli.conftest import CREATE_PERSON, FAILING, CommandLine, work
from tests.graphs.simulating import loop
from ventuno.engine.statuses import RunStatus
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.model import ChainCut
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent
from ventuno_dev.run_following import FollowTimeoutError, Pace, follow

if TYPE_CHECKING:
    from tests.fakes.world import World

PAYLOAD = '{"name": "Ada"}'


def _start(ventuno: CommandLine, slug: str = "web-form") -> str:
    return str(ventuno("run", slug, "--payload", PAYLOAD, "--json").value["workflowRunId"])


def _finish(world: World) -> None:
    for _ in work(world):
        pass


@pytest.fixture
def finished(ventuno: CommandLine) -> str:
    """A run that is COMPLETED."""
    ventuno.publish("web-form", CREATE_PERSON)
    run_id = _start(ventuno)
    _finish(ventuno.world)
    return run_id


def test_running_prints_the_id_of_the_run(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ended = ventuno("run", "web-form", "--payload", PAYLOAD)
    run_id, name = ended.out.strip().split("  ")

    assert ended.code == 0
    assert ventuno.world.runs.load_all(run_id).run.name == name == "#1 - Web form"
    assert ventuno.world.runs.load_all(run_id).run.created_by["source"] == "MANUAL"


def test_one_key_starts_one_run(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    answers = [ventuno("run", "web-form", "--key", "order-7", "--json").value for _ in range(2)]

    assert answers[0]["workflowRunId"] == answers[1]["workflowRunId"]
    assert [answer["fresh"] for answer in answers] == [True, False]
    assert "started before" in ventuno("run", "web-form", "--key", "order-7").out


@pytest.mark.parametrize("source", ["file", "stdin"])
def test_a_payload_comes_from_a_file_or_stdin(
    ventuno: CommandLine, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    file = ventuno.folder / "payload.txt"
    file.write_text(PAYLOAD)
    monkeypatch.setattr("sys.stdin", io.StringIO(PAYLOAD))
    name = str(file) if source == "file" else "-"
    run_id = ventuno("run", "web-form", "--payload-file", name, "--json").value["workflowRunId"]

    shown = ventuno("runs", "show", run_id, "--json").value
    assert shown["state"]["stepInfos"]["trigger"]["result"] == {"name": "Ada"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--payload", "{", "--json"], 1),
        (["--payload", '{"a": NaN}'], 1),
        (["--payload", "{}", "--payload-file", "-"], 2),
        (["--payload-file", "absent.json"], 2),
    ],
)
def test_a_payload_that_cannot_be_read_starts_nothing(
    ventuno: CommandLine, words: list[str], code: int
) -> None:
    ventuno.publish("web-form", CREATE_PERSON)

    assert ventuno("run", "web-form", *words)[:2] == (code, "")
    assert ventuno.world.machines.started == []


def test_a_workflow_is_run_on_records(ventuno: CommandLine) -> None:
    availability = {"type": "SINGLE_RECORD", "objectNameSingular": "company"}
    trigger = {"type": "MANUAL", "nextStepIds": ["person"], "settings": {"availability": availability}}
    ventuno.publish("on-company", FAILING | {"trigger": trigger})
    write = WriteContext(Actor("API", "test"))
    records = ventuno.world.services.records
    made = [records.create("company", {"name": f"Acme {number}"}, write) for number in range(105)]
    one = ventuno("run", "on-company", "--record", str(made[0]["id"]), "--json").value["runs"]
    every = ventuno("run", "on-company", "--filter", "", "--json").value["runs"]
    none = ventuno("run", "on-company", "--filter", "name[eq]:Other")

    assert (len(one), len(every)) == (1, 105)
    assert none.out == "no record is chosen, so nothing was started\n"
    assert ventuno("run", "on-company", "--filter", "", "--payload", '{"a": 1}').code == 2
    assert ventuno("run", "on-company", "--filter", "", "--record", "x").code != 0


def test_a_run_is_shown_step_by_step(ventuno: CommandLine, finished: str) -> None:
    out = ventuno("runs", "show", finished).out.splitlines()

    assert out[0] == "#1 - Web form  COMPLETED"
    assert out[2] == "workflow  web-form v1"
    assert "payload   name: Ada" in out
    assert out[-3].split() == ["STEP", "NAME", "STATUS", "DURATION", "RESULT"]
    assert out[-2].startswith("person  Create the person  SUCCESS  0 ms      id: ")
    assert out[-1].startswith("task    Ask for a call     SUCCESS  0 ms      id: ")


def test_figures_count_transitions_by_step_and_in_all(ventuno: CommandLine, finished: str) -> None:
    ended = ventuno("runs", "show", finished, "--figures")
    figures = ventuno("runs", "show", finished, "--figures", "--json").value["figures"]

    assert ended.out.splitlines()[-1] == "2 executed steps, 2 transitions (1.0 per step), 2 AWS calls"
    assert figures["transitions"] == 2
    assert [step["transitions"] for step in figures["steps"]] == [1, 1]


def test_a_failed_run_tells_why(ventuno: CommandLine) -> None:
    ventuno.publish("never", FAILING)
    run_id = _start(ventuno, "never")
    _finish(ventuno.world)
    out = ventuno("runs", "show", run_id).out

    assert "error     WorkflowRun failed" in out
    assert "There is no person with id 00000000-0000-4000-8000-000000000000" in out


def test_a_run_tells_that_its_chain_was_cut(ventuno: CommandLine, finished: str) -> None:
    cut = ChainCut("task.updated", "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121", ("a", "b"), 10)
    ventuno.world.runs.note_cut(finished, cut)

    assert (
        "cut       task.updated of 8f14e45f-ceea-467f-a8f0-2b1d4c7c2121 did not start a, b: "
        "this run is the last of a chain of 10"
    ) in ventuno("runs", "show", finished).out.splitlines()


def test_a_run_tells_the_tokens_of_its_agents(ventuno: CommandLine) -> None:
    ventuno.world.models.replies = [says("Hello", tokens=(1_200, 7))]
    given = {"model": {"provider": "BEDROCK", "id": "m"}, "prompt": "Greet {{trigger.name}}"}
    ventuno.publish("agent", written(step("greet", "AI_AGENT", given=given)))
    run_id = _start(ventuno, "agent")
    _finish(ventuno.world)

    assert "tokens    1,200 in, 7 out" in ventuno("runs", "show", run_id).out


def test_runs_are_listed_newest_first(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ventuno.publish("never", FAILING)
    done = _start(ventuno)
    _finish(ventuno.world)
    ventuno.world.clock.advance(1)
    failed = _start(ventuno, "never")
    _finish(ventuno.world)
    ventuno.world.clock.advance(1)
    going = _start(ventuno)

    def listed(*words: str) -> list[str]:
        return [run["id"] for run in ventuno("runs", "list", *words, "--json").value["runs"]]

    assert listed() == [going, failed, done]
    assert listed("--limit", "2") == [going, failed]
    assert listed("--status", "failed") == [failed]
    assert listed("--workflow", "web-form") == [going, done]
    assert listed("--workflow", "web-form", "--status", "COMPLETED") == [done]
    assert ventuno("runs", "list", "--status", "STOPPED").out == "there are no such runs\n"


def test_a_page_of_runs_gives_the_cursor_of_the_next(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    started = []
    for _ in range(3):
        started.append(_start(ventuno))
        ventuno.world.clock.advance(1)
    first = ventuno("runs", "list", "--workflow", "web-form", "--limit", "2", "--json").value
    words = ("runs", "list", "--workflow", "web-form", "--limit", "2", "--cursor", first["cursor"])

    assert [run["id"] for run in first["runs"] + ventuno(*words, "--json").value["runs"]] == started[::-1]
    assert "more: add --cursor" in ventuno("runs", "list", "--workflow", "web-form", "--limit", "2").out


@pytest.mark.parametrize("words", [["--cursor", "x"], ["--limit", "0"], ["--status", "DONE"]])
def test_a_list_of_runs_that_cannot_be_is_a_usage_error(ventuno: CommandLine, words: list[str]) -> None:
    assert ventuno("runs", "list", *words).code == 2


def test_following_ends_as_the_run_did(ventuno: CommandLine, finished: str) -> None:
    ended = ventuno("runs", "follow", finished, "--timeout", "20")

    assert ended.code == 0
    assert [line.split()[2:4] for line in ended.out.splitlines()] == [
        ["SUCCESS", "person"],
        ["SUCCESS", "task"],
        ["COMPLETED", "#1"],
    ]


def test_following_a_failed_run_ends_with_exit_code_1(ventuno: CommandLine) -> None:
    ventuno.publish("never", FAILING)
    run_id = _start(ventuno, "never")
    _finish(ventuno.world)
    ended = ventuno("runs", "follow", run_id, "--timeout", "20", "--json")

    assert ended.code == 1
    assert ended.value["status"] == "FAILED"
    assert "FAILED" in ended.err


def test_following_too_long_ends_with_exit_code_124(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ended = ventuno("run", "web-form", "--follow", "--timeout", "0", "--json")

    assert ended.code == 124
    assert ended.value["fresh"] is True
    assert ended.value["run"]["status"] == "RUNNING"
    assert "still RUNNING" in ended.err


def test_an_unknown_run_is_told(ventuno: CommandLine) -> None:
    assert ventuno("runs", "show", "nobody").code == 1
    assert ventuno("runs", "follow", "nobody").code == 1


def test_every_change_is_told_once_and_reading_slows_down_while_nothing_happens(
    ventuno: CommandLine,
) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    run_id, going = _start(ventuno), work(ventuno.world)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        """Let 20 reads find nothing new, then let a step happen at each."""
        pauses.append(seconds)
        assert len(pauses) < 50, "the run never ends"
        if len(pauses) > 20:
            next(going, None)

    changes = [
        (change.step_id, change.status)
        for change in follow(run_id, ventuno.world.services, pace=Pace(lambda: 0.0, pause))
    ]

    assert changes == [
        (None, "RUNNING"),
        ("person", "RUNNING"),
        ("person", "SUCCESS"),
        ("task", "RUNNING"),
        ("task", "SUCCESS"),
        (None, "COMPLETED"),
    ]
    assert pauses[:3] == pytest.approx([0.05, 0.075, 0.1125])
    assert pauses[20] == max(pauses) == 1.0
    assert pauses[21] == 0.05


def test_the_time_given_is_never_overslept(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    run_id, pauses = _start(ventuno), [0.0]

    with pytest.raises(FollowTimeoutError, match="still RUNNING"):
        list(follow(run_id, ventuno.world.services, 3.0, Pace(lambda: sum(pauses), pauses.append)))

    assert sum(pauses) == pytest.approx(3.0)
    assert ventuno.world.runs.load_all(run_id).run.status is RunStatus.RUNNING


@pytest.fixture
def looping(ventuno: CommandLine) -> str:
    """A run whose loop is at its second item of three."""
    ventuno.world.publish(written(loop("each", "make", ["Acme", "Beta", "Gamma"]), create("make", "each")))
    run = ventuno.world.start({"name": "x"}).run
    for step_id, iteration in (("each", ""), ("make", "0"), ("make", "1")):
        event = StepEvent(run=run.id, version=str(run.version), step=step_id, iteration=iteration)
        run_step(event, ventuno.world.services)
    return run.id


def test_a_loop_that_goes_on_says_how_far_it_is(ventuno: CommandLine, looping: str) -> None:
    lines = ventuno("runs", "show", looping).out.splitlines()

    assert lines[-3].split("  ")[0] == "each"
    assert lines[-3].endswith("item 2 of 3: Beta")
    assert lines[-2].startswith("  make")
    assert lines[-1] == f"every iteration: ventuno runs show {looping} --iterations each"


def test_iterations_are_shown_from_where_they_are_asked_for(ventuno: CommandLine, looping: str) -> None:
    words = ("runs", "show", looping, "--iterations", "each", "--from", "1", "--limit", "1")
    lines = ventuno(*words).out.splitlines()
    value = ventuno(*words, "--json").value

    assert lines[0] == "each  3 items"
    assert lines[-1] == "more: add --from 2"
    assert (value["count"], [one["item"] for one in value["iterations"]]) == (3, ["Beta"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--iterations", "make"), 1),
        (("--iterations", "each", "--from", "3"), 1),
        (("--iterations", "each", "--within", "0"), 1),
        (("--iterations", "each", "--within", "x"), 1),
        (("--iterations", "each", "--limit", "0"), 2),
        (("--iterations", "each", "--figures"), 2),
        (("--from", "1"), 2),
    ],
)
def test_iterations_that_do_not_exist_end_with_a_sentence(
    ventuno: CommandLine, looping: str, words: tuple[str, ...], code: int
) -> None:
    ended = ventuno("runs", "show", looping, *words)

    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith("error: ")
