"""What is told of objects that are declared wrongly."""

from __future__ import annotations

import pytest

from ventuno import errors
from ventuno.records.custom.declaration import declaration_from

NO_OPTION = "this is no option: use up to 60 letters, digits and _, the first one no digit"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (None, "this must be an object"),
        ({"objects": {}}, "objects: this must be a list"),
        (
            {"objcts": []},
            'objcts: "objcts" is not a key here; remove it or correct it (did you mean objects?)',
        ),
        ({"objects": [{}]}, "objects[0].name: this is missing; add it"),
        (
            {"objects": [{"name": "invoice", "plurals": "invoices"}]},
            'objects[0].plurals: "plurals" is not a key here; remove it or correct it (did you mean plural?)',
        ),
        (
            {"objects": [{"name": "Sales order"}]},
            "objects[0].name: this is no name: use up to 60 letters and digits, the first one a small letter",
        ),
        (
            {"objects": [{"name": "a", "fields": [{"name": "b", "type": "SELECT", "options": ["1x"]}]}]},
            f"objects[0].fields[0].options[0]: {NO_OPTION}",
        ),
    ],
)
def test_a_wrong_declaration_says_where_and_what_to_do(wrong: object, told: str) -> None:
    with pytest.raises(errors.RecordInputError) as refused:
        declaration_from(wrong)

    assert str(refused.value) == f"Objects are declared wrongly: {told}"


def test_every_wrong_place_is_named() -> None:
    with pytest.raises(errors.RecordInputError) as refused:
        declaration_from({"objects": [{"name": "a", "fields": [{"name": "b"}, {"type": "TEXT"}]}]})

    assert "objects[0].fields[0].type: " in str(refused.value)
    assert "objects[0].fields[1].name: " in str(refused.value)
