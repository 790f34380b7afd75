"""DATABASE_EVENT: its settings, what it finds wrong in them, and what it says its payload is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from tests.builders import Json, create, step, written
from ventuno.definition.findings import Severity
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import findings_of, output_schemas
from ventuno.triggers.database_event import DatabaseEventSettings

if TYPE_CHECKING:
    from ventuno.definition.findings import Finding


def on(event_name: str, **settings: Any) -> Json:  # noqa: ANN401 - author JSON
    return {"type": "DATABASE_EVENT", "settings": {"eventName": event_name, **settings}}


def findings(trigger: Json, *steps: Json) -> list[Finding]:
    return findings_of(definition_from(written(*(steps or (step("a"),)), trigger=trigger)))


def comparing(key: str, kind: str = "TEXT", operand: str = "IS") -> Json:
    return {"stepFilters": [{"type": kind, "stepOutputKey": key, "operand": operand, "value": "x"}]}


@pytest.mark.parametrize(
    "name", ["", "person", "person.", ".created", "Person.created", "person.created.x", "person.saved"]
)
def test_an_event_is_an_object_and_one_of_six_words(name: str) -> None:
    with pytest.raises(ValidationError, match=r"e\.g\. person\.created; events are created, updated"):
        DatabaseEventSettings.model_validate({"eventName": name})


@pytest.mark.parametrize(
    "trigger",
    [
        on("company.created"),
        on("person.upserted", fields=["emails"], objectType="person", outputSchema={}),
        on("opportunity.updated", fields=["pointOfContact", "companyId", "deletedAt"]),
        on("message.created", fields=None, filter=None),
        on("task.destroyed", filter=comparing("{{trigger.properties.before.title}}")),
        on("opportunity.updated", filter=comparing("{{trigger.properties.after.company.name}}")),
        on("opportunity.updated", filter=comparing("{{trigger.properties.diff.stage.before}}")),
    ],
)
def test_settings_that_make_sense_have_no_finding(trigger: Json) -> None:
    assert findings(trigger) == []


@pytest.mark.parametrize(
    ("trigger", "code", "path", "suggestion"),
    [
        (on("compny.created"), "INVALID_TRIGGER_PARAMS", "$.trigger.settings.eventName", "company.created"),
        (on("company.saved"), "INVALID_TRIGGER_PARAMS", "$.trigger.settings.eventName", None),
        (
            on("company.updated", fields=["name", "nmae"]),
            "INVALID_TRIGGER_PARAMS",
            "$.trigger.settings.fields[1]",
            "name",
        ),
        (
            on("company.updated", fields=["updatedAt"]),
            "INVALID_TRIGGER_PARAMS",
            "$.trigger.settings.fields[0]",
            "deletedAt",
        ),
        (
            on("company.updated", filter=comparing("{{trigger.properties.after.nmae}}")),
            "VARIABLE_PATH_NOT_FOUND",
            "$.trigger.settings.filter.stepFilters[0].stepOutputKey",
            "name",
        ),
        (
            on("company.created", filter=comparing("{{trigger.properties.before.name}}")),
            "VARIABLE_PATH_NOT_FOUND",
            "$.trigger.settings.filter.stepFilters[0].stepOutputKey",
            None,
        ),
        (
            on("company.updated", filter=comparing("{{a}}")),
            "VARIABLE_NOT_UPSTREAM",
            "$.trigger.settings.filter.stepFilters[0].stepOutputKey",
            None,
        ),
        (
            on(
                "company.updated",
                filter={
                    "stepFilterGroups": [{"id": "all", "parentStepFilterGroupId": "non"}, {"id": "none"}],
                    "stepFilters": [],
                },
            ),
            "FILTER_GROUP_INVALID",
            "$.trigger.settings.filter.stepFilterGroups[0].parentStepFilterGroupId",
            "none",
        ),
        (on("company.updated", filtr={}), "UNKNOWN_KEY", "$.trigger.settings.filtr", "filter"),
    ],
)
def test_what_is_wrong_is_found_with_its_place(
    trigger: Json, code: str, path: str, suggestion: str | None
) -> None:
    found = findings(trigger)[0]

    assert (found.code, found.path, found.suggestion) == (code, path, suggestion)
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("trigger", "path"),
    [
        (on("company.created", fields=["name"]), "$.trigger.settings.fields"),
        (
            on(
                "opportunity.updated",
                filter=comparing("{{trigger.properties.after.amount}}", "TEXT", "CONTAINS"),
            ),
            "$.trigger.settings.filter.stepFilters[0].type",
        ),
    ],
)
def test_what_may_be_meant_is_a_warning(trigger: Json, path: str) -> None:
    (found,) = findings(trigger)

    assert (found.severity, found.path) == (Severity.WARNING, path)


def test_steps_know_the_fields_of_the_event() -> None:
    known = create()
    known["settings"]["input"]["objectRecord"] = {"name": "{{trigger.properties.after.name}}"}
    unknown = create("b")
    unknown["settings"]["input"]["objectRecord"] = {"name": "{{trigger.name}}"}

    assert findings(on("company.created"), known) == []
    assert [found.code for found in findings(on("company.created"), unknown)] == ["VARIABLE_PATH_NOT_FOUND"]


@pytest.mark.parametrize(
    ("event", "parts"),
    [
        ("created", {"after"}),
        ("updated", {"before", "after", "updatedFields", "diff"}),
        ("deleted", {"before", "after", "updatedFields", "diff"}),
        ("restored", {"before", "after", "updatedFields", "diff"}),
        ("upserted", {"before", "after", "updatedFields", "diff"}),
        ("destroyed", {"before"}),
    ],
)
def test_the_picker_offers_what_the_event_has(event: str, parts: set[str]) -> None:
    schema: Any = output_schemas(definition_from(written(step("a"), trigger=on(f"company.{event}"))))

    assert set(schema["trigger"]["properties"]["value"]) == parts
