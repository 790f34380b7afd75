"""FORM: its settings in both spellings, what validation finds in them, and the check of an answer."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import step, written
from ventuno import errors
from ventuno.actions.form import FormSettings
from ventuno.actions.form_answers import checked_answer
from ventuno.definition.durations import ONE_YEAR_SECONDS, form_timeout_seconds
from ventuno.definition.loading import definition_from
from ventuno.records.standard.registry import standard_model
from ventuno.runtime.validation import findings_of

OBJECTS = standard_model()
NAME = {"id": "f", "name": "name", "label": "Name", "type": "TEXT"}
RECORD_ID = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - author JSON
    return {"name": name, "label": name.title(), "type": kind, **more}


STAGE = {"settings": {"selectedFieldId": "opportunity.stage"}}
FIELDS = [
    field("name", "TEXT", required=True),
    field("count", "NUMBER"),
    field("day", "DATE"),
    field("stage", "SELECT", **STAGE),
    field("company", "RECORD", settings={"objectName": "company"}),
]


def found(given: Any) -> list[tuple[str, str, str | None]]:  # noqa: ANN401 - author JSON
    """Validate a workflow of one form; what stands in the messages is asked for elsewhere."""
    definition = definition_from(written(step("ask", "FORM") | {"settings": {"input": given}}))
    root = "$.steps[0].settings.input"
    return [
        (finding.code, finding.path.removeprefix(root), finding.suggestion)
        for finding in findings_of(definition)
    ]


def messages(given: Any) -> str:  # noqa: ANN401 - author JSON
    definition = definition_from(written(step("ask", "FORM") | {"settings": {"input": given}}))
    return "\n".join(finding.message for finding in findings_of(definition))


@pytest.mark.parametrize(
    "given",
    [
        [NAME],
        FIELDS,
        {"fields": FIELDS},
        {"fields": [NAME], "assignee": "{{trigger.member}}", "expiresAfter": {"days": 3}},
        [{**NAME, "placeholder": "Ada", "value": "x", "required": True}],
    ],
)
def test_a_form_that_is_well_made_has_no_finding(given: Any) -> None:  # noqa: ANN401
    assert found(given) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "Form action must have at least one field"),
        ({"fields": []}, "Form action must have at least one field"),
        ([NAME | {"label": ""}], "Form action fields must have a defined label and type"),
        ([NAME | {"type": ""}], "Form action fields must have a defined label and type"),
        ([NAME, NAME], "Form action fields must have unique names"),
    ],
)
def test_the_references_complaints_are_told_in_its_words(given: Any, sentence: str) -> None:  # noqa: ANN401
    assert sentence in messages(given)


@pytest.mark.parametrize(
    ("given", "findings"),
    [
        ([], [("INVALID_STEP_PARAMS", "", None)]),
        ({"fields": []}, [("INVALID_STEP_PARAMS", ".fields", None)]),
        ([NAME, {"name": "x", "label": "X"}], [("INVALID_STEP_PARAMS", "[1].type", None)]),
        ([NAME | {"type": "COLOUR"}], [("INVALID_STEP_PARAMS", "[0].type", None)]),
        ([NAME | {"requird": True}], [("UNKNOWN_KEY", "[0].requird", "required")]),
        ({"fields": [NAME | {"name": ""}]}, [("INVALID_STEP_PARAMS", ".fields[0].name", None)]),
        ([NAME, NAME, NAME | {"name": "name_2"}], [("INVALID_STEP_PARAMS", "[1].name", "name_3")]),
        ({"fields": [NAME, NAME]}, [("INVALID_STEP_PARAMS", ".fields[1].name", "name_2")]),
        (
            [field("who", "RECORD", settings={"objectName": "compny"})],
            [("INVALID_STEP_PARAMS", "[0].settings.objectName", "company")],
        ),
        ([field("who", "RECORD")], [("INVALID_STEP_PARAMS", "[0].settings.objectName", None)]),
        (
            [field("stage", "SELECT", settings={"selectedFieldId": "opportunity.stge"})],
            [("INVALID_STEP_PARAMS", "[0].settings.selectedFieldId", "opportunity.stage")],
        ),
        (
            [field("stage", "MULTI_SELECT", **STAGE)],
            [("INVALID_STEP_PARAMS", "[0].settings.selectedFieldId", None)],
        ),
        (
            {"fields": [NAME], "expiresAfter": {"days": "{{trigger.n}}"}},
            [("INVALID_STEP_PARAMS", ".expiresAfter", None)],
        ),
        ({"fields": [NAME], "expiresAfter": {}}, [("INVALID_STEP_PARAMS", ".expiresAfter", None)]),
        ({"fields": [NAME], "expiresAfter": {"days": 366}}, [("INVALID_STEP_PARAMS", ".expiresAfter", None)]),
        ({"fields": [NAME], "assigne": "x"}, [("UNKNOWN_KEY", ".assigne", "assignee")]),
        ("name", [("INVALID_STEP_PARAMS", "", None)]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_found_where_it_stands(given: Any, findings: list[Any]) -> None:  # noqa: ANN401
    assert found(given) == findings


def answered(answer: Any, fields: Any = FIELDS) -> Any:  # noqa: ANN401 - any JSON
    return checked_answer(FormSettings.model_validate(fields).fields, answer, OBJECTS)


def test_an_answer_gives_a_value_for_every_field() -> None:
    given = {
        "name": "Ada",
        "count": 3.0,
        "day": "2026-03-18",
        "stage": "NEW",
        "company": {"id": RECORD_ID.upper()},
    }

    assert answered(given) == given | {"count": 3, "company": {"id": RECORD_ID}}
    assert answered({"name": "Ada", "count": None}) == {
        "name": "Ada", "count": None, "day": None, "stage": None, "company": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({}, {"name"}),
        ({"name": ""}, {"name"}),
        ({"name": 5, "count": "5", "day": "soon", "stage": "OLD", "company": RECORD_ID},
         {"name", "count", "day", "stage", "company"}),
        ({"name": "Ada", "count": True}, {"count"}),
        ({"name": "Ada", "company": {"id": "x"}}, {"company"}),
        ({"name": "Ada", "company": {"id": RECORD_ID, "name": "Acme"}}, {"company"}),
        ({"name": "Ada", "company": {}}, {"company"}),
        ({"name": "Ada", "nme": "x", "__proto__": {}}, {"nme", "__proto__"}),
        ([], {"answer"}),
        ("Ada", {"answer"}),
        (None, {"answer"}),
    ],
)  # fmt: skip
def test_every_wrong_field_of_an_answer_is_told(answer: Any, wrong: set[str]) -> None:  # noqa: ANN401
    with pytest.raises(errors.FormAnswerError) as refused:
        answered(answer)

    assert refused.value.problems.keys() == wrong
    assert len(refused.value.messages) == len(wrong)
    assert refused.value.status == 400


def test_a_mistyped_field_of_an_answer_has_a_suggestion() -> None:
    with pytest.raises(errors.FormAnswerError, match=r'nme: .* did you mean "name"'):
        answered({"name": "Ada", "nme": "x"})


def test_an_answer_with_very_many_unknown_fields_is_refused_in_few_words() -> None:
    with pytest.raises(errors.FormAnswerError) as refused:
        answered({"name": "Ada"} | {f"x{index}": "y" * 1000 for index in range(10_000)})

    assert len(str(refused.value)) < 10_000


def test_a_field_whose_options_are_gone_cannot_be_answered() -> None:
    gone = [field("stage", "SELECT", settings={"selectedFieldId": "opportunity.gone"})]

    with pytest.raises(errors.FormAnswerError, match="no options any more"):
        answered({"stage": "NEW"}, gone)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ([NAME], ONE_YEAR_SECONDS),
        ({"fields": [NAME]}, ONE_YEAR_SECONDS),
        ({"fields": [NAME], "expiresAfter": {"days": 1, "seconds": 1.4}}, 86_401),
        ({"fields": [NAME], "expiresAfter": {"seconds": 0.1}}, 1),
        ({"fields": [NAME], "expiresAfter": {"days": "x"}}, ONE_YEAR_SECONDS),
        ({"fields": [NAME], "expiresAfter": {"days": 999}}, ONE_YEAR_SECONDS),
        ({"fields": [NAME], "expiresAfter": 5}, ONE_YEAR_SECONDS),
    ],
)
def test_a_form_waits_as_long_as_its_author_says(given: Any, seconds: int) -> None:  # noqa: ANN401
    definition = definition_from(written(step("ask", "FORM") | {"settings": {"input": given}}))

    assert form_timeout_seconds(definition.step("ask")) == seconds


def test_settings_survive_being_read_again() -> None:
    with pytest.raises(ValidationError):
        FormSettings.model_validate({"fields": [NAME], "root": ""})
