"""Iterations of a loop: told as the whole run tells them, and read without reading the whole loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, branches, create, step, written
from tests.graphs.cases import Case, random_case
from tests.graphs.running import ran as ran_case
from tests.graphs.simulating import loop
from ventuno import errors
from ventuno.runs.places import Place, iteration_of
from ventuno.runs.view import item_count, readable
from ventuno.runtime import show_iterations as showing
from ventuno.runtime.load_run import load_run
from ventuno.runtime.show_iterations import Wanted, show_iterations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.fakes.world import World
    from ventuno.engine.frames import Frame
    from ventuno.runs.model import ChunkKey, LoadedRun
    from ventuno.runtime.load_run import WholeRun
    from ventuno.runtime.services import Services
    from ventuno_dev.simulating.machine import RunningMachine

NOT_STARTED: Json = {"status": "NOT_STARTED"}
LOOP = written(
    loop("each", "even", "{{trigger.items}}", "after"),
    step("even", "IF_ELSE", given=branches("odd", "work", on="{{each.currentItem}}")),
    create("odd", "each"),
    create("work", "each", retryOnFailure=1),
    create("after"),
)
NESTED = written(
    loop("outer", "inner", "{{trigger.rows}}"),
    loop("inner", "work", "{{outer.currentItem}}", "last"),
    create("work", "inner"),
    create("last", "outer"),
)
ROWS: Json = {"rows": [["a", "b", "c"], [], ["d"]]}


def ran(definition: Json, payload: Json, outcomes: Json | None = None) -> RunningMachine:
    return ran_case(Case(definition, payload, outcomes or {}))


def shown(running: RunningMachine, iterator: str, first: int = 0, limit: int = 20, within: str = "") -> Any:  # noqa: ANN401 - any JSON
    return show_iterations(running.run.id, Wanted(iterator, first, limit, within), running.services)


def statuses(view: Any) -> list[dict[str, str]]:  # noqa: ANN401 - the view
    return [{step_id: info["status"] for step_id, info in one["steps"].items()} for one in view["iterations"]]


def test_each_iteration_shows_its_item_and_what_its_steps_did() -> None:
    running = ran(LOOP, {"items": [0, 5]}, {"odd": {"result": {"n": 1}}})
    view = shown(running, "each")

    assert {key: view[key] for key in ("iterator", "within", "count")} == {
        "iterator": "each",
        "within": "",
        "count": 2,
    }
    assert [(one["index"], one["item"]) for one in view["iterations"]] == [(0, 0), (1, 5)]
    assert statuses(view) == [
        {"even": "SUCCESS", "odd": "SUCCESS", "work": "SKIPPED"},
        {"even": "SUCCESS", "odd": "SKIPPED", "work": "SUCCESS"},
    ]
    assert view["iterations"][0]["steps"]["odd"]["result"] == {"n": 1}


def test_the_tries_of_a_step_are_its_history_in_that_iteration_alone() -> None:
    failing = {"work": [[{"result": {}}], [{"error": "no"}, {"result": {}}]]}
    view = shown(ran(LOOP, {"items": [1, 1]}, failing), "each")
    first, second = (one["steps"]["work"] for one in view["iterations"])

    assert "history" not in first
    assert [(entry["status"], entry["error"]) for entry in second["history"]] == [("FAILED", "no")]
    assert second["status"] == "SUCCESS"


def test_an_iteration_that_never_began_is_not_started_and_has_its_item() -> None:
    view = shown(ran(LOOP, {"items": [1, 2, 3]}, {"work": [None, {"error": "no"}]}), "each", first=1)

    assert [one["steps"]["work"]["status"] for one in view["iterations"]] == ["FAILED", "NOT_STARTED"]
    assert view["iterations"][1]["item"] == 3


@pytest.mark.parametrize(
    ("first", "limit", "indexes"), [(0, 1, [0]), (48, 4, [48, 49, 50, 51]), (118, 9, [118, 119])]
)
def test_a_page_begins_and_ends_where_it_is_told_to(first: int, limit: int, indexes: list[int]) -> None:
    view = shown(ran(LOOP, {"items": list(range(120))}), "each", first, limit)

    assert [(one["index"], one["item"]) for one in view["iterations"]] == [
        (index, index) for index in indexes
    ]
    assert view["count"] == 120


def test_a_loop_inside_another_is_told_for_one_iteration_of_the_outer_one() -> None:
    running = ran(NESTED, ROWS, {"work": {"result": {}}})

    assert [one["item"] for one in shown(running, "inner", within="0")["iterations"]] == ["a", "b", "c"]
    assert shown(running, "inner", within="1") == {
        "iterator": "inner",
        "within": "1",
        "count": 0,
        "iterations": [],
    }
    assert [one["item"] for one in shown(running, "inner", within="2")["iterations"]] == ["d"]
    assert statuses(shown(running, "outer")) == [{"inner": "SUCCESS", "last": "SUCCESS"}] * 3


def test_a_loop_that_has_not_begun_has_no_count() -> None:
    after = written(create("a", "each"), loop("each", "b", [1]), create("b", "each"))
    view = shown(ran(after, {}, {"a": {"error": "no"}}), "each")

    assert (view["count"], view["iterations"]) == (None, [])


@pytest.mark.parametrize(
    ("iterator", "first", "within", "kind", "sentence"),
    [
        ("lost", 0, "", errors.NotFoundError, 'no iterator "lost"; its iterators are outer, inner'),
        ("work", 0, "", errors.NotFoundError, 'no iterator "work"'),
        ("outer", 3, "", errors.NotFoundError, '"outer" has no iteration 3; it has 3, counted from 0'),
        ("inner", 0, "3", errors.NotFoundError, '"outer" has no iteration 3'),
        ("inner", 1, "1", errors.NotFoundError, '"inner" has no iteration 1; it has none'),
        ("inner", 0, "", errors.BadRequestError, "in the loop of outer; say in which iteration, as within=0"),
        ("inner", 0, "0.0", errors.BadRequestError, "as within=0"),
        ("outer", 0, "0", errors.BadRequestError, "in no loop; leave within out"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_sentence(
    iterator: str, first: int, within: str, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        shown(ran(NESTED, ROWS), iterator, first, within=within)


def test_a_run_that_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(errors.NotFoundError, match='no run "nothing"'):
        show_iterations("nothing", Wanted("each"), world.services)


def test_large_iterations_come_in_smaller_pages_but_one_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    running = ran(LOOP, {"items": ["x" * 400] * 5})

    for most, expected in ((1_100, 2), (10, 1)):
        monkeypatch.setattr(showing, "MOST_BYTES", most)
        assert len(shown(running, "each")["iterations"]) == expected


@pytest.mark.parametrize("items", [20, 300])
def test_a_page_of_a_long_loop_reads_what_a_page_of_a_short_one_does(
    monkeypatch: pytest.MonkeyPatch, items: int
) -> None:
    running = ran(LOOP, {"items": list(range(items))})
    asked: list[int] = []
    load = running.services.runs.load

    def counted(run_id: str, places: Collection[Place], chunks: Collection[ChunkKey] = ()) -> LoadedRun:
        asked.append(len(places) + len(chunks))
        return load(run_id, places, chunks)

    monkeypatch.setattr(running.services.runs, "load", counted)
    monkeypatch.setattr(running.services.runs, "load_all", None)
    shown(running, "each", first=items - 10, limit=10)

    assert asked == [1, 10 * 3 + 1]


@pytest.mark.parametrize("seed", range(60))
def test_pages_tell_what_the_whole_run_tells(seed: int) -> None:
    """Random graphs with failures, whatever the loops in them came to."""
    case = random_case(seed)
    running = ran_case(case)
    whole = load_run(running.run.id, running.services)

    for frame in whole.rebuilt.root.walk():
        for iterator in (iterator for iterator, found in frame.loops.items() if found.ran):
            within = iteration_of(frame.iteration)
            expected = dict(_iterations(frame, iterator, whole, running.services))
            for first in range(0, max(expected) + 1, 2):
                for one in shown(running, iterator, first, 2, within)["iterations"]:
                    untold = dict.fromkeys(one["steps"], NOT_STARTED)
                    assert one["steps"] == expected.get(one["index"], untold)


def _iterations(
    frame: Frame, iterator: str, whole: WholeRun, services: Services
) -> Iterator[tuple[int, Json]]:
    for iteration in frame.loops[iterator].iterations:
        told = {}
        for step_id, state in iteration.states.items():
            place = Place(step_id, iteration_of(iteration.iteration))
            info: Any = readable(state.info(), services.payloads) | item_count(whole.loaded, place)
            told[step_id] = info | ({"history": state.attempts} if state.attempts else {})
        yield iteration.iteration[-1], told
