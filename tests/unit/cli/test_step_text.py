"""Where a step stands, in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import create, step
from ventuno_dev.cli.iterations_text import iterations_text
from ventuno_dev.cli.run_text import run_text
from ventuno_dev.cli.step_text import step_cells

UNTIL = {"type": "DELAY", "until": "2026-11-27T08:30:00.000Z"}
FORM = {"type": "FORM", "since": "2026-11-24T08:30:00.000Z"}
RETRY = {"type": "RETRY", "attempt": 2, "of": 3, "at": "2026-11-24T08:30:05.000Z"}
ITEM = {"currentItemIndex": 2, "currentItem": {"name": "Acme"}, "hasProcessedAllItems": False}


@pytest.mark.parametrize(
    ("info", "result"),
    [
        ({"waitingFor": UNTIL}, "waits until 2026-11-27 08:30:00 UTC"),
        ({"waitingFor": FORM}, "waits for an answer since 2026-11-24 08:30:00 UTC"),
        (
            {"waitingFor": {**FORM, "until": "2026-11-25T08:30:00.000Z"}},
            "waits for an answer since 2026-11-24 08:30:00 UTC, until 2026-11-25 08:30:00 UTC",
        ),
        ({"waitingFor": RETRY, "error": "no"}, "retry 2 of 3 at 2026-11-24 08:30:05 UTC"),
        ({"count": 10, "result": ITEM}, "item 3 of 10: name: Acme"),
        ({"count": 10, "result": {**ITEM, "currentItem": None}}, "item 3 of 10"),
        ({"count": 10}, "none of 10 items yet"),
        ({"count": 1, "result": {"currentItemIndex": 1, "hasProcessedAllItems": True}}, "1 item"),
        ({"result": {"name": "Acme"}}, "name: Acme"),
        ({}, "-"),
    ],
)
def test_a_step_says_what_it_came_to_or_what_it_waits_for(info: dict[str, Any], result: str) -> None:
    assert step_cells({"status": "PENDING", **info})[2] == result


def test_the_body_of_a_loop_stands_indented_below_its_iterator_whatever_the_authored_order() -> None:
    steps = [
        create("work", "each"),
        create("after"),
        step("each", "ITERATOR", "after", {"items": [1], "initialLoopStepIds": ["work"]}),
    ]
    infos: dict[str, Any] = {each["id"]: {"status": "NOT_STARTED"} for each in steps} | {"trigger": {}}
    infos["each"] = {"status": "RUNNING", "count": 3}
    view = {
        "id": "r1",
        "name": "#1 - " + "x" * 200,
        "status": "RUNNING",
        "versionNumber": 1,
        "createdBy": {},
        "startedAt": None,
        "endedAt": None,
        "error": None,
        "chainCut": None,
        "usage": {},
        "state": {
            "flow": {"trigger": {"type": "MANUAL", "nextStepIds": ["each"]}, "steps": steps},
            "stepInfos": infos,
        },
    }
    lines = run_text(view, "flow", None).splitlines()

    assert [line.split("  ")[0] or line[:6] for line in lines[-4:-1]] == ["after", "each", "  work"]
    assert lines[-1] == "every iteration: ventuno runs show r1 --iterations each"


def test_iterations_name_their_item_once_and_say_how_to_go_on() -> None:
    steps = {"a": {"status": "SUCCESS"}, "b": {"status": "PENDING", "waitingFor": UNTIL}}
    iterations = [{"index": index, "item": {"name": "Acme"}, "steps": steps} for index in (4, 5)]
    view = {"iterator": "each", "within": "0", "count": 9, "iterations": iterations}
    lines = iterations_text(view, None).splitlines()

    assert lines[0] == "each within 0  9 items"
    assert lines[1].split() == ["ITERATION", "ITEM", "STEP", "STATUS", "DURATION", "RESULT"]
    assert lines[2].split() == ["4", "name:", "Acme", "a", "SUCCESS", "-", "-"]
    assert lines[3].split()[0] == "b"
    assert lines[-1] == "more: add --from 6"


@pytest.mark.parametrize(("count", "text"), [(None, "each has not begun"), (0, "each has no items")])
def test_a_loop_without_iterations_says_so(count: int | None, text: str) -> None:
    view: dict[str, Any] = {"iterator": "each", "within": "", "count": count, "iterations": []}

    assert iterations_text(view, None) == text
