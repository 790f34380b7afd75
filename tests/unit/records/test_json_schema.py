from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno.records.json_schema import properties, schema_of
from ventuno.records.standard.company import COMPANY
from ventuno.records.standard.person import PERSON
from ventuno.records.standard.registry import STANDARD_OBJECTS

if TYPE_CHECKING:
    from ventuno.records.model.object_type import ObjectType


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("name",), ["string", "null"]),
        (("annualRevenue", "amountMicros"), ["number", "null"]),
        (("domainName", "secondaryLinks"), ["array", "null"]),
        (("position",), ["number", "string", "null"]),
        (("accountOwnerId",), ["string", "null"]),
    ],
)
def test_a_field_is_described_by_its_type(path: tuple[str, ...], expected: list[str]) -> None:
    described: Any = {"properties": properties(COMPANY.fields)}
    for name in path:
        described = described["properties"][name]

    assert described["type"] == expected


@pytest.mark.parametrize("kind", STANDARD_OBJECTS, ids=lambda kind: str(kind.name))
def test_every_standard_field_has_a_schema(kind: ObjectType) -> None:
    assert set(properties(kind.fields)) == {field.column for field in kind.fields}


def test_lists_of_objects_describe_their_elements() -> None:
    phones = PERSON.by_column["phones"].type.part("additionalPhones")

    assert phones is not None
    described: Any = schema_of(phones)
    assert set(described["items"]["properties"]) == {"number", "countryCode", "callingCode"}
