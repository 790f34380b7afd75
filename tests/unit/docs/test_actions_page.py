"""docs/actions.md: every action says what its settings mean, and its examples are true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno.actions.registry import ACTIONS
from ventuno.schemas import Object
from ventuno_dev.docs.actions import STANDARD_SCOPE, actions_page, output_of

if TYPE_CHECKING:
    from ventuno.actions.about import Example
    from ventuno.actions.base import Action

EACH = pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.wire_type)
EACH_EXAMPLE = pytest.mark.parametrize(
    ("action", "example"),
    [
        pytest.param(action, example, id=f"{action.wire_type} {example.title}")
        for action in ACTIONS.values()
        for example in action.about.examples
    ],
)


def test_every_action_has_a_heading() -> None:
    page = actions_page()

    assert [name for name in ACTIONS if f"\n## {name}\n" not in page] == []


@EACH
def test_every_setting_has_a_text_and_no_text_is_left_over(action: Action[Any]) -> None:
    settings = {str(field.alias) for field in action.settings_type.model_fields.values()}

    assert set(action.about.settings) == settings
    assert all(text.endswith(".") for text in action.about.settings.values())


@EACH
def test_every_action_has_an_example_and_says_what_it_results_in(action: Action[Any]) -> None:
    assert action.about.examples
    assert action.about.result.endswith(".")


@EACH_EXAMPLE
def test_an_example_passes_validation(action: Action[Any], example: Example) -> None:
    settings = action.settings_type.model_validate(example.given)

    assert list(action.check(settings, STANDARD_SCOPE)) == []


@EACH_EXAMPLE
def test_the_result_of_an_example_has_no_keys_that_the_output_schema_lacks(
    action: Action[Any], example: Example
) -> None:
    schema = output_of(action, example)

    if isinstance(schema, Object) and isinstance(example.result, dict):
        assert set(example.result) <= set(schema.members)
