"""The reference's own cases for variables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ventuno.expressions import UNDEFINED, resolve

if TYPE_CHECKING:
    from ventuno.expressions import Resolved
    from ventuno.json_value import JsonValue

FILE = json.loads((Path(__file__).parents[2] / "vectors" / "variable_resolution.json").read_text("utf-8"))


def stored(value: JsonValue) -> Resolved:
    """Read the file's mark for undefined as storing the value would leave it: absent."""
    return UNDEFINED if value == "__undefined__" else without_undefined(value)


def without_undefined(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: without_undefined(member) for key, member in value.items() if member != "__undefined__"}
    return value


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: json.dumps(case["input"])[:60])
def test_variables_resolve_as_in_the_reference(case: dict[str, Any]) -> None:
    resolved = resolve(case["input"], FILE["context"])

    assert resolved == stored(case["result"])
    assert type(resolved) is type(stored(case["result"]))
