"""Rows to DynamoDB items and back: the one place that turns floats into Decimal and Decimal into numbers.

A number is written with the digits Python prints for it, so every float comes back as the same float.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from ventuno.json_value import JsonObject, JsonValue

_SERIALIZER = TypeSerializer()
_DESERIALIZER = TypeDeserializer()


def to_item(row: JsonObject) -> dict[str, AttributeValueTypeDef]:
    """Return a row as the attribute values of a request."""
    return {name: to_attribute(value) for name, value in row.items()}


def to_attribute(value: JsonValue) -> AttributeValueTypeDef:
    """Return one value as an attribute value."""
    attribute: AttributeValueTypeDef = _SERIALIZER.serialize(_with_decimals(value))
    return attribute


def from_item(item: Mapping[str, AttributeValueTypeDef]) -> JsonObject:
    """Return the row of an item, whole numbers as `int` and others as `float`."""
    return {name: _value(attribute) for name, attribute in item.items()}


def _value(attribute: Any) -> JsonValue:  # noqa: ANN401  an attribute value's type depends on its one key
    """Read an attribute value; a scan reads millions, and boto3's deserializer takes four times as long."""
    ((kind, raw),) = attribute.items()
    match kind:
        case "S" | "BOOL" | "SS":
            plain: JsonValue = raw
            return plain
        case "M":
            return {name: _value(part) for name, part in raw.items()}
        case "N":
            return int(raw) if raw.lstrip("-").isdigit() else _number(Decimal(raw))
        case "L":
            return [_value(item) for item in raw]
        case "NULL":
            return None
        case _:
            return _without_decimals(_DESERIALIZER.deserialize(attribute))


def to_text_set(texts: Iterable[str]) -> AttributeValueTypeDef:
    """Return texts as a set, which an update can add to; it is read back as a list."""
    return {"SS": sorted(texts)}


def _with_decimals(value: JsonValue) -> Any:  # noqa: ANN401  what boto3's serializer takes has no name
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {name: _with_decimals(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_with_decimals(item) for item in value]
    return value


def _without_decimals(value: Any) -> JsonValue:  # noqa: ANN401  what boto3's deserializer gives has no name
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict):
        return {name: _without_decimals(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_decimals(item) for item in value]
    plain: JsonValue = value
    return plain


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
