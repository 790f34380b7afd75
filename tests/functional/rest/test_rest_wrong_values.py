"""Every type refuses what is none of its values, with the field and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.wrong_values import NOT_DECLARED, OF_BASE_FIELDS, WRONG, field_name, specimen
from ventuno.access.model import Role
from ventuno.records.fields.registry import FIELD_TYPES

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api


def test_no_type_is_left_out() -> None:
    assert {type_name for type_name, *_ in WRONG} == set(FIELD_TYPES) - NOT_DECLARED


@pytest.mark.parametrize(("type_name", "value", "reason"), WRONG)
def test_a_wrong_value_is_refused(api: Api, type_name: str, value: Any, reason: str) -> None:  # noqa: ANN401  any JSON
    assert api("POST", "/metadata/objects", specimen(), role=Role.ADMIN)[0] == 201
    status, body = api("POST", "/rest/specimens", {field_name(type_name): value})

    assert (status, body["error"]) == (400, "Bad Request")
    assert field_name(type_name) in body["messages"][0]
    assert reason in body["messages"][0]


@pytest.mark.parametrize(("field", "value", "reason"), OF_BASE_FIELDS)
def test_a_wrong_value_of_a_base_field_or_relation_is_refused(
    api: Api,
    field: str,
    value: Any,  # noqa: ANN401  any JSON
    reason: str,
) -> None:
    status, body = api("POST", "/rest/people", {field: value})

    assert status == 400
    assert field in body["messages"][0]
    assert reason in body["messages"][0]
