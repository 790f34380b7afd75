"""Versions exported from Twenty are read as they are, whatever wraps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.definition.twenty import definition_from_twenty
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

FIRST, SECOND = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121", "9a1e45f0-ceea-467f-a8f0-2b1d4c7c2121"
OPTIONS = {"retryOnFailure": {"value": False}, "continueOnFailure": {"value": False}}
TRIGGER: dict[str, Any] = {
    "name": "Record is created",
    "type": "DATABASE_EVENT",
    "position": {"x": 0, "y": 0},
    "settings": {"eventName": "company.created", "outputSchema": {}},
    "nextStepIds": [FIRST],
}
STEPS: list[dict[str, Any]] = [
    {
        "id": FIRST,
        "name": "Create Record",
        "type": "CREATE_RECORD",
        "valid": False,
        "nextStepIds": [SECOND],
        "position": {"x": 0, "y": 150},
        "settings": {
            "input": {
                "objectName": "task",
                "objectRecord": {"title": "Call {{trigger.properties.after.name}}"},
            },
            "outputSchema": {},
            "errorHandlingOptions": OPTIONS,
        },
    },
    {
        "id": SECOND,
        "name": "Add an Action",
        "type": "EMPTY",
        "valid": True,
        "nextStepIds": None,
        "settings": {"input": {}, "outputSchema": {}, "errorHandlingOptions": OPTIONS},
    },
]
VERSION: dict[str, Any] = {
    "id": "1e8c",
    "name": "v3",
    "status": "ACTIVE",
    "workflowId": "w",
    "trigger": TRIGGER,
    "steps": STEPS,
}
EXPORTS: dict[str, JsonValue] = {
    "a record": VERSION | {"workflow": {"name": "Calls"}},
    "texts": {"name": "Calls", "trigger": json.dumps(TRIGGER), "steps": json.dumps(STEPS)},
    "rest": {"data": {"workflowVersion": VERSION | {"workflow": {"name": "Calls"}}}},
    "graphql": {"data": {"workflow": {"name": "Calls", "versions": {"edges": [{"node": VERSION}]}}}},
    "list": {"data": {"workflows": [{"name": "Calls", "versions": [VERSION]}]}},
    "run": {"name": "Calls", "state": {"flow": {"trigger": TRIGGER, "steps": STEPS}}},
}


@pytest.mark.parametrize("form", EXPORTS)
def test_a_version_is_found_in_whatever_wraps_it_and_taken_as_it_is(form: str) -> None:
    definition = definition_from_twenty(EXPORTS[form])

    assert definition == definition_from({"name": "Calls", "trigger": TRIGGER, "steps": [*STEPS]})
    assert findings_of(definition) == []


def test_the_name_of_a_version_is_not_that_of_the_workflow() -> None:
    assert definition_from_twenty(VERSION, "Given").name == "Given"
    with pytest.raises(errors.DefinitionError, match="give a name"):
        definition_from_twenty(VERSION)


def test_steps_of_an_old_export_follow_one_another() -> None:
    trigger = {key: value for key, value in TRIGGER.items() if key != "nextStepIds"}
    steps = [{key: value for key, value in step.items() if key != "nextStepIds"} for step in STEPS]
    definition = definition_from_twenty({"name": "Calls", "trigger": trigger, "steps": [*steps]})

    assert definition.trigger.next_step_ids == (FIRST,)
    assert [step.next_step_ids for step in definition.steps] == [(SECOND,), ()]


@pytest.mark.parametrize(
    ("exported", "told"),
    [
        ({}, "holds no versions"),
        ([], "holds no versions"),
        (7, "holds no versions"),
        ({"name": "Calls", "trigger": None, "steps": STEPS}, "holds no versions"),
        ({"name": "Calls", "trigger": TRIGGER, "steps": []}, "no trigger or no steps"),
        ({"name": "Calls", "trigger": "{", "steps": "["}, "no trigger or no steps"),
        ({"name": "Calls", "versions": [VERSION, VERSION]}, "holds 2 versions"),
        ({"name": "Calls", "trigger": TRIGGER | {"odd": 1}, "steps": STEPS}, "UNKNOWN_KEY"),
        ({"name": "Calls", "trigger": TRIGGER, "steps": ["no step"]}, "INVALID_DEFINITION"),
    ],
)
def test_what_is_no_export_of_one_version_is_refused(exported: Any, told: str) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(errors.DefinitionError, match=told):
        definition_from_twenty(exported)


def test_a_deep_export_ends_somewhere() -> None:
    nested: JsonValue = VERSION
    for _ in range(100):
        nested = {"data": nested}

    with pytest.raises(errors.DefinitionError, match="holds no versions"):
        definition_from_twenty(nested)
