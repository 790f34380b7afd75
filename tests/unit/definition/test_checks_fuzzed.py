"""Random definitions of the right shape: the checks never break, and what they let pass compiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import step, written
from ventuno.definition.checks.catalogue import CODES
from ventuno.definition.findings import errors_of
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import compile_checked, findings_of

if TYPE_CHECKING:
    from tests.builders import Json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["a", "b", "trigger", "{{a.x}}", "{{", "IS", "{{b.id | upper}}", "{{a | x(}}"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "branches", "x"]), inner)
    ),
    max_leaves=8,
)
IDS = st.sampled_from(["a", "b", "c", "trigger", "gone"])
STEPS = st.builds(
    lambda step_id, kind, then, given_input: {
        **step(step_id, kind, then),
        "settings": {"input": given_input},
    },
    IDS,
    st.sampled_from(["EMPTY", "IF_ELSE", "FILTER", "CREATE_RECORD", "WHAT"]),
    st.lists(IDS, max_size=3),
    JSON
    | st.lists(st.builds(lambda ids: {"id": "x", "nextStepIds": ids}, st.lists(IDS)), max_size=3).map(
        lambda items: {"branches": items}
    ),
)


@settings(max_examples=200)
@given(steps=st.lists(STEPS, max_size=5), first=IDS)
def test_no_definition_of_the_right_shape_breaks_the_checks(steps: list[Json], first: str) -> None:
    found = findings_of(definition_from(written(*steps, first=first)))

    assert {item.code for item in found} <= set(CODES)
    if not errors_of(found):
        compile_checked(definition_from(written(*steps, first=first)))
