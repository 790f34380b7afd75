"""The settings of triggers, and the payload that a manual run gets."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.builders import step, written
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import findings_of
from ventuno.triggers.manual import manual_payload
from ventuno.triggers.registry import TRIGGERS

EXPORTED: dict[str, list[dict[str, Any]]] = {
    "WEBHOOK": [
        {},
        {"httpMethod": "GET", "authentication": None, "outputSchema": {}},
        {
            "httpMethod": "POST",
            "authentication": "API_KEY",
            "expectedBody": {"message": "Workflow was started"},
            "expectedOutputSchema": {},
            "outputSchema": {"message": {"isLeaf": True}},
        },
        {
            "httpMethod": "POST",
            "authentication": "SIGNATURE",
            "signingSecret": "PARTNER_HOOK",
            "respond": {"mode": "RESULT", "from": "a", "timeoutSeconds": 5},
        },
    ],
    "MANUAL": [
        {},
        {"availability": {"type": "GLOBAL", "locations": None}, "outputSchema": {}, "icon": "IconX"},
        {"availability": {"type": "SINGLE_RECORD", "objectNameSingular": "company"}, "isPinned": True},
        {"availability": {"type": "BULK_RECORDS", "objectNameSingular": "person"}, "objectType": "person"},
    ],
    "CRON": [
        {"type": "DAYS", "schedule": {"day": 1, "hour": 0, "minute": 0}, "outputSchema": {}},
        {"type": "HOURS", "schedule": {"hour": 1, "minute": 0}},
        {"type": "MINUTES", "schedule": {"minute": 1}},
        {"type": "CUSTOM", "pattern": "0 8 * * 1-5", "timeZone": "Europe/Rome"},
    ],
    "DATABASE_EVENT": [
        {"eventName": "company.created", "outputSchema": {}},
        {"eventName": "person.upserted", "objectType": "person", "fields": ["emails"], "filter": None},
        {
            "eventName": "opportunity.updated",
            "fields": [],
            "filter": {
                "stepFilterGroups": [{"id": "g", "logicalOperator": "AND"}],
                "stepFilters": [
                    {
                        "id": "f",
                        "type": "SELECT",
                        "stepOutputKey": "{{trigger.properties.after.stage}}",
                        "operand": "IS",
                        "value": '["CUSTOMER"]',
                        "stepFilterGroupId": "g",
                    }
                ],
            },
        },
    ],
}


@pytest.mark.parametrize("kind", EXPORTED)
def test_the_settings_of_an_export_are_read_and_come_back(kind: str) -> None:
    for settings in EXPORTED[kind]:
        read = TRIGGERS[kind].settings_type.model_validate(settings)

        assert read.model_dump(by_alias=True, exclude_unset=True, mode="json") == settings


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("WEBHOOK", {"httpMethod": "PUT"}),
        ("WEBHOOK", {"authentication": "BASIC"}),
        ("WEBHOOK", {"httpMethd": "GET"}),
        ("WEBHOOK", {"authentication": "SIGNATURE", "signingSecret": "whsec_%%"}),
        ("WEBHOOK", {"respond": {"mode": "RESULT", "from": "a", "timeoutSeconds": 0}}),
        ("WEBHOOK", {"respond": {"mode": "RESULT", "from": "a", "timeoutSeconds": "5"}}),
        ("MANUAL", {"availability": {"type": "EVERYWHERE"}}),
        ("MANUAL", {"availability": {"type": "SINGLE_RECORD"}}),
        ("MANUAL", {"availability": {"type": "GLOBAL", "objectNameSingular": "company"}}),
    ],
)
def test_settings_that_do_not_fit_are_refused(kind: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TRIGGERS[kind].settings_type.model_validate(settings)


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"authentication": "SIGNATURE"}, "$.trigger.settings.signingSecret"),
        (
            {"httpMethod": "GET", "authentication": "SIGNATURE", "signingSecret": "PARTNER"},
            "$.trigger.settings.authentication",
        ),
        ({"signingSecret": "PARTNER"}, "$.trigger.settings.signingSecret"),
        ({"authentication": "API_KEY", "signingSecret": "PARTNER"}, "$.trigger.settings.signingSecret"),
    ],
)
def test_a_webhook_that_cannot_check_signatures_is_found(settings: dict[str, Any], path: str) -> None:
    trigger = {"type": "WEBHOOK", "settings": settings}
    (found,) = findings_of(definition_from(written(step("a"), trigger=trigger)))

    assert (found.code, found.path) == ("INVALID_TRIGGER_PARAMS", path)


def test_every_trigger_type_has_exports_here() -> None:
    assert set(EXPORTED) == set(TRIGGERS)


def test_a_manual_payload_stands_flat_and_again_under_payload() -> None:
    assert manual_payload({"name": "Ann"}, "member-1") == {
        "name": "Ann",
        "payload": {"name": "Ann"},
        "metadata": {"workspaceMemberId": "member-1"},
    }


def test_a_payload_cannot_pose_as_its_own_metadata() -> None:
    sent: dict[str, Any] = {"metadata": {"workspaceMemberId": "admin"}, "payload": "mine"}
    stored = manual_payload(sent, None)

    assert stored["metadata"] == {"workspaceMemberId": None}
    assert stored["payload"] == sent
