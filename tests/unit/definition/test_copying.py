"""A copy of a definition has other ids, and everything that names an id names the new one."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import branches, defined, step
from ventuno.actions.registry import ACTIONS
from ventuno.definition.copying import with_fresh_ids
from ventuno.definition.loading import definition_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.definition.model import Definition

LITERAL = {kind: action.literal for kind, action in ACTIONS.items()}
FIRST, SECOND, BRANCH, GROUP = (f"8f14e45f-ceea-467f-a8f0-2b1d4c7c212{digit}" for digit in range(4))


def ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"00000000-0000-4000-8000-{next(numbers):012d}"


def copied(definition: Definition) -> dict[str, Any]:
    return with_fresh_ids(definition, ids(), LITERAL).to_dict()


def text_of(written: str, step_id: str = "find") -> Any:  # noqa: ANN401 - any JSON
    """Copy a definition whose second step has this text, and return what became of it."""
    definition = defined(step(step_id, then="b"), step("b", given={"text": written}))
    return copied(definition)["steps"][1]["settings"]["input"]["text"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("find", "find_2"),
        ("find_2", "find_3"),
        ("find-it", "find-it_2"),
        ("x" * 60, "x" * 58 + "_2"),
    ],
)
def test_ids_that_people_wrote_get_the_next_number(before: str, after: str) -> None:
    assert copied(defined(step(before)))["steps"][0]["id"] == after


def test_an_id_that_is_taken_is_passed_over() -> None:
    steps = copied(defined(step("find", then="find_2"), step("find_2")))["steps"]

    assert [each["id"] for each in steps] == ["find_3", "find_4"]
    assert steps[0]["nextStepIds"] == ["find_4"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{{find.name}}", "{{find_2.name}}"),
        ("a {{ find.find | upper }} b {{find}}", "a {{ find_2.find | upper }} b {{find_2}}"),
        ("{{[find].x}} {{this.find.x}} {{./find}}", "{{[find_2].x}} {{this.find_2.x}} {{./find_2}}"),
        ("{{trigger.find}} find {{finder.x}}", "{{trigger.find}} find {{finder.x}}"),
        ('{{find.x | default("find")}}', '{{find_2.x | default("find")}}'),
        ("{{", "{{"),
        ("find", "find"),
    ],
)
def test_variables_name_the_new_steps_and_other_text_stays(written: str, expected: str) -> None:
    assert text_of(written) == expected


def test_variables_with_uuids_follow() -> None:
    definition = defined(step(FIRST, then=SECOND), step(SECOND, given={"a": f"{{{{{FIRST}.id}}}}"}))
    steps = copied(definition)["steps"]

    assert FIRST not in str(steps)
    assert steps[1]["settings"]["input"]["a"] == f"{{{{{steps[0]['id']}.id}}}}"
    assert steps[0]["nextStepIds"] == [steps[1]["id"]]


def test_branches_groups_and_loops_follow() -> None:
    given = branches("loop", None, on="{{find.n}}")
    given["branches"][0] |= {"id": BRANCH, "filterGroupId": GROUP}
    given["stepFilterGroups"][0]["id"] = given["stepFilters"][0]["stepFilterGroupId"] = GROUP
    definition = defined(
        step("find", then="choose"),
        step("choose", "IF_ELSE", given=given),
        step("loop", "ITERATOR", given={"items": "{{find.all}}", "initialLoopStepIds": ["body"]}),
        step("body", then="loop", given={"x": "{{loop.currentItem.id}}"}),
    )
    _, choose, loop, body = copied(definition)["steps"]
    chosen = choose["settings"]["input"]

    assert BRANCH not in str(chosen)
    assert GROUP not in str(chosen)
    assert chosen["branches"][0]["nextStepIds"] == ["loop_2"]
    group = chosen["stepFilterGroups"][0]["id"]
    assert chosen["branches"][0]["filterGroupId"] == chosen["stepFilters"][0]["stepFilterGroupId"] == group
    assert chosen["stepFilters"][0]["stepOutputKey"] == "{{find_2.n}}"
    assert loop["settings"]["input"] == {"items": "{{find_2.all}}", "initialLoopStepIds": ["body_2"]}
    assert body["settings"]["input"] == {"x": "{{loop_2.currentItem.id}}"}
    assert body["nextStepIds"] == ["loop_2"]


def test_the_step_that_answers_a_webhook_follows() -> None:
    trigger = {"type": "WEBHOOK", "settings": {"respond": {"mode": "RESULT", "from": "find"}}}

    assert (
        copied(defined(step("find"), trigger=trigger))["trigger"]["settings"]["respond"]["from"] == "find_2"
    )


def test_code_is_no_template() -> None:
    code = "export const main = () => `{{find.x}}`;"
    given = {"code": code, "logicFunctionInput": {"x": "{{find.x}}"}}
    definition = defined(step("find", then="code"), step("code", "CODE", given=given))

    assert copied(definition)["steps"][1]["settings"]["input"] == {
        "code": code,
        "logicFunctionInput": {"x": "{{find_2.x}}"},
    }


def test_copying_back_and_forth_loses_nothing() -> None:
    definition = defined(
        step("find", then=["b", "c"]), step("b"), step("c", given={"n": [1, None, "{{b.x}}"]})
    )
    copy = with_fresh_ids(definition, ids(), LITERAL)
    text = str(copy.to_dict()).replace("find_2", "find").replace("b_2", "b").replace("c_2", "c")

    assert text == str(definition.to_dict())
    assert definition_from(copy.to_dict()) == copy
