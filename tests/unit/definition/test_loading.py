"""Reading a definition: what is wrong is a finding with a path, what is right comes back as written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, ValidationError

from tests.builders import passes, step, written
from ventuno import errors
from ventuno.actions.filter import FilterSettings
from ventuno.definition.loading import MAX_DEFINITION_BYTES, definition_from, definition_from_json
from ventuno.definition.remainder import ShapeError
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from ventuno.definition.findings import Finding


class AnyInput(BaseModel):
    """Another model than the action's own."""


def refused(value: object) -> tuple[Finding, ...]:
    with pytest.raises(errors.DefinitionError) as caught:
        definition_from_json(value if isinstance(value, str) else json.dumps(value))
    return caught.value.findings


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"trigger": None}, "MISSING_TRIGGER", "$.trigger"),
        ({"trigger": ...}, "MISSING_TRIGGER", "$.trigger"),
        ({"trigger": {"settings": {}}}, "MISSING_TRIGGER_TYPE", "$.trigger.type"),
        ({"trigger": 5}, "INVALID_DEFINITION", "$.trigger"),
        ({"steps": None}, "NO_STEPS", "$.steps"),
        ({"steps": ...}, "NO_STEPS", "$.steps"),
        ({"steps": {}}, "INVALID_DEFINITION", "$.steps"),
    ],
)
def test_what_a_workflow_cannot_be_without_has_a_code_of_its_own(
    changes: dict[str, Any], code: str, path: str
) -> None:
    authored = {key: value for key, value in (written(step("a")) | changes).items() if value is not ...}

    assert [(found.code, found.path) for found in refused(authored)] == [(code, path)]


def test_what_nothing_depends_on_hides_no_other_finding() -> None:
    steps = [step("a", then="b", retryOnFailure=9) | {"nextStepIdz": []}, step("c") | {"valid": "perhaps"}]
    with pytest.raises(ShapeError) as caught:
        definition_from({**written(*steps), "foo": 1})
    rest = caught.value.remainder

    assert {found.path for found in caught.value.findings} == {
        "$.foo",
        "$.steps[0].nextStepIdz",
        "$.steps[0].settings.errorHandlingOptions.retryOnFailure.value",
        "$.steps[1].valid",
    }
    assert rest is not None
    assert {found.code for found in findings_of(rest)} == {"DANGLING_REFERENCE", "UNREACHABLE_STEP"}


@pytest.mark.parametrize(
    "changes", [{"name": 7}, {"trigger": None}, {"steps": [3]}, {"steps": [step("a") | {"nextStepIds": 5}]}]
)
def test_without_what_the_rest_depends_on_there_is_no_rest_to_check(changes: dict[str, Any]) -> None:
    with pytest.raises(ShapeError) as caught:
        definition_from({**written(step("a")), **changes, "foo": 1})

    assert caught.value.remainder is None


def test_a_definition_comes_back_as_it_was_written() -> None:
    authored = written(step("a", "CREATE_RECORD", "b", {"objectName": "company"}), step("b"))

    assert definition_from(authored).to_dict() == authored


def test_looking_a_step_up_leaves_the_written_form_alone() -> None:
    definition = definition_from(written(step("a"), step("b")))
    before = definition.to_dict()

    assert definition.step("b").name == "B"
    assert definition.to_dict() == before
    assert definition == definition_from(before)


def test_an_input_is_read_once_by_each_model_and_leaves_the_written_form_alone() -> None:
    definition = definition_from(written(step("a", "FILTER", given=passes("{{trigger.name}}", "Acme"))))
    before = definition.to_dict()
    settings = definition.step("a").settings
    read = settings.input_as(FilterSettings)

    assert settings.input_as(FilterSettings) is read
    assert isinstance(settings.input_as(AnyInput), AnyInput)
    assert definition.to_dict() == before
    assert definition == definition_from(before)


def test_an_input_that_does_not_fit_its_model_is_refused_each_time() -> None:
    settings = definition_from(written(step("a", "FILTER", given={"stepFilters": 1}))).step("a").settings

    for _ in range(2):
        with pytest.raises(ValidationError):
            settings.input_as(FilterSettings)


def test_keys_that_the_page_stores_come_back_unchanged() -> None:
    shown: dict[str, Any] = {
        "position": {"x": 1.5, "y": -20},
        "valid": True,
        "settings": {
            "input": {"objectName": "person", "filter": {"gqlOperationFilter": {"and": []}}},
            "outputSchema": {"id": {"isLeaf": True, "label": "Id"}},
            "expectedOutputSchema": {"a": [1, None]},
        },
    }
    authored = written({**step("a", "FIND_RECORDS"), **shown})
    authored["trigger"] |= {"position": {"x": 0, "y": 0}, "name": "Hook"}

    assert definition_from(authored).to_dict() == authored


def test_what_a_twenty_export_says_otherwise_means_the_same_here() -> None:
    exported = {
        "id": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121",
        "name": "Create Record",
        "type": "CREATE_RECORD",
        "valid": False,
        "nextStepIds": None,
        "position": {"x": 0, "y": 0},
        "settings": {
            "input": {"objectName": "company", "objectRecord": {}},
            "outputSchema": {},
            "errorHandlingOptions": {
                "retryOnFailure": {"value": False},
                "continueOnFailure": {"value": False},
            },
        },
    }
    read = definition_from(written(exported)).steps[0]

    assert read.next_step_ids == ()
    assert read.settings.error_handling_options.retry_on_failure.value == 0


def test_retry_true_means_one_retry() -> None:
    read = definition_from(written(step("a", retryOnFailure=True))).steps[0]

    assert read.settings.error_handling_options.retry_on_failure.value == 1


@pytest.mark.parametrize(
    "step_id", ["create_company", "A-1", "x" * 60, "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"]
)
def test_step_ids_are_words_or_uuids(step_id: str) -> None:
    assert definition_from(written(step(step_id))).steps[0].id == step_id


@pytest.mark.parametrize("step_id", ["", "x" * 61, "a b", "a.b", "é", "a\n", "{{a}}", "{%a%}"])
def test_other_step_ids_are_findings(step_id: str) -> None:
    found = refused(written({**step("a"), "id": step_id}))

    assert ("INVALID_DEFINITION", "$.steps[0].id") in [(item.code, item.path) for item in found]


def test_every_wrong_key_and_value_is_found_at_once() -> None:
    authored = written({**step("a"), "nme": "A", "valid": "maybe"}, {**step("b"), "nextStepIds": 7})
    authored["failFst"] = True
    authored["trigger"]["settigns"] = {}

    assert {(item.code, item.path, item.suggestion) for item in refused(authored)} == {
        ("UNKNOWN_KEY", "$.steps[0].nme", "name"),
        ("INVALID_DEFINITION", "$.steps[0].valid", None),
        ("INVALID_DEFINITION", "$.steps[1].nextStepIds", None),
        ("UNKNOWN_KEY", "$.failFst", "failFast"),
        ("UNKNOWN_KEY", "$.trigger.settigns", "settings"),
    }


@pytest.mark.parametrize("value", [-1, 4, 1.5, "two", None])
def test_retries_are_whole_numbers_up_to_three(value: object) -> None:
    found = refused(written(step("a", retryOnFailure=value)))

    assert [item.path for item in found] == ["$.steps[0].settings.errorHandlingOptions.retryOnFailure.value"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("[1]", "must be an object"),
        ("null", "must be an object"),
        ('{"name": "a", "name": "b"}', '"name" stands twice'),
        ('{"name": "a", "steps": [{"settings": {"x": 1, "x": 2}}]}', '"x" stands twice'),
        ('{"name": NaN}', "not JSON"),
        ('{"name": 1e999}', "not JSON"),
        ('{"name": "\\ud800"}', "surrogate"),
        ('{"name": ' + "1" * 5000 + "}", "not JSON"),
        ('{"name": ' + "[" * 101 + "]" * 101 + "}", "nested deeper"),
        ("[" * 200_000, "nested deeper"),
        (" " * (MAX_DEFINITION_BYTES + 1), "larger than"),
    ],
    ids=range(12),
)
def test_text_that_cannot_be_stored_as_it_stands_is_one_finding(text: str, reason: str) -> None:
    (found,) = refused(text)

    assert (found.code, found.path) == ("INVALID_DEFINITION", "$")
    assert reason in found.message


def test_values_that_only_yaml_has_are_a_finding() -> None:
    authored = written(step("a", given={"since": float("inf")}))

    with pytest.raises(errors.DefinitionError, match="not JSON"):
        definition_from(authored)


def test_bytes_that_are_no_text_are_a_finding() -> None:
    with pytest.raises(errors.DefinitionError, match="this is not JSON"):
        definition_from_json(b"\xff\xfe{")
