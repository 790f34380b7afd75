"""What is told of a value of the wrong kind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import step, written
from ventuno import errors
from ventuno.actions.form import FormSettings
from ventuno.definition.loading import definition_from, parse_model
from ventuno.runtime.validation import findings_of


def told(**changes: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - author JSON
    with pytest.raises(errors.DefinitionError) as refused:
        definition_from({**written(step("a")), **changes})
    return [(found.path, found.message) for found in refused.value.findings]


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"steps": 3}, "$.steps", "this must be a list"),
        ({"steps": [3]}, "$.steps[0]", "this must be an object"),
        ({"steps": [{"id": "a", "name": "A"}]}, "$.steps[0].type", "this is missing; add it"),
        ({"name": 7}, "$.name", "this must be a text"),
        ({"name": ""}, "$.name", "this is too short; the least number of characters is 1"),
        ({"failFast": "perhaps"}, "$.failFast", "this must be true or false"),
    ],
)
def test_a_wrong_value_is_told_in_the_words_of_authors(
    changes: dict[str, Any], path: str, message: str
) -> None:
    assert (path, message) in told(**changes)


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"limit": 10_001}, ".limit", "this must be 10000 or less"),
        ({"limit": 1.5}, ".limit", "this must be a whole number or a text"),
        ({"limit": []}, ".limit", "this must be a whole number or a text"),
    ],
)
def test_one_of_several_kinds_is_one_finding_at_a_place_that_the_author_wrote(
    given: dict[str, Any], path: str, message: str
) -> None:
    definition = definition_from(written(step("a", "FIND_RECORDS", given={"objectName": "person", **given})))

    assert [(found.path, found.message) for found in findings_of(definition)] == [
        (f"$.steps[0].settings.input{path}", message)
    ]


def test_what_is_missing_in_one_of_several_forms_is_told_without_the_form_s_name() -> None:
    availability = {"type": "SINGLE_RECORD"}
    trigger: Any = {"type": "MANUAL", "settings": {"availability": availability}, "nextStepIds": ["a"]}
    definition = definition_from({**written(step("a")), "trigger": trigger})

    assert [found.path for found in findings_of(definition)] == [
        "$.trigger.settings.availability.objectNameSingular"
    ]


def test_a_mistyped_key_deep_in_the_settings_has_a_suggestion() -> None:
    fields = [
        {"name": "a", "label": "A", "type": "RECORD", "requird": True, "settings": {"objctName": "person"}}
    ]
    _, found = parse_model(FormSettings, fields, "$")

    assert {finding.path: finding.suggestion for finding in found} == {
        "$[0].requird": "required",
        "$[0].settings.objctName": "objectName",
    }
