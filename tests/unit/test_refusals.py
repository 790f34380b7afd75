"""What is told of a value of the wrong kind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import step, written
from ventuno import errors
from ventuno.definition.loading import definition_from


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
