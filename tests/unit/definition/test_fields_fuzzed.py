"""Every field of every shipped definition, with another value in its place: findings, never a crash.

Source: quality, Reliability (Bad input)
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ventuno import errors
from ventuno.definition.checks.catalogue import CODES
from ventuno.definition.findings import errors_of
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import compile_checked, findings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[str | int, ...]

WORKFLOWS: Final = Path(__file__).parents[3] / "workflows"
SOURCES: Final = sorted(path for path in WORKFLOWS.glob("*.yaml") if path.stem != "objects")
HUGE: Final = 10**400
GONE: Final = object()
ODD: Final[list[Any]] = [
    *(
        None,
        True,
        0,
        -1,
        HUGE,
        0.5,
        1e308,
        "",
        " ",
        "\x00",
        "\ud800",
        "x" * 10_000,
        [],
        {},
        [[]],
        [None],
        {"": {}},
    ),
    *(
        "{{",
        "{{}}",
        "{{trigger}}",
        "{{trigger.a.b.c}}",
        "{{nobody.x | upper}}",
        "{{trigger | round(999999999)}}",
    ),
    *("__proto__", "trigger", "IS_RELATIVE", "2026-13-45", "* * * * *", "PT99999999999S", '{"a":', "٣", "="),
    *({"type": "TEXT"}, [{"id": "x"}], {"id": HUGE}, ["a", "a"], {"trigger": "{{trigger}}"}),
]


def places(value: Any, within: Place = ()) -> Iterator[Place]:  # noqa: ANN401 - author JSON
    """Yield where anything stands in a definition, outermost first."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*within, key)
        yield from places(inner, (*within, key))


def changed(authored: Any, place: Place, value: Any) -> Any:  # noqa: ANN401 - author JSON
    """Return a definition that has another value in one place, or nothing."""
    definition = copy.deepcopy(authored)
    around = definition
    for key in place[:-1]:
        around = around[key]
    if value is GONE:
        del around[place[-1]]
    else:
        around[place[-1]] = value
    return definition


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_value_of_any_field_breaks_the_checks(source: Path) -> None:
    authored = yaml.safe_load(source.read_text())
    everywhere = list(places(authored))

    @settings(max_examples=60, derandomize=True, database=None)
    @given(place=st.sampled_from(everywhere), value=st.sampled_from([*ODD, GONE]))
    def checks(place: Place, value: Any) -> None:  # noqa: ANN401 - drawn
        try:
            definition = definition_from(changed(authored, place, value))
        except errors.DefinitionError as refused:
            found = [*refused.findings]
        else:
            found = findings_of(definition)
            if not errors_of(found):
                compile_checked(definition)
        assert {item.code for item in found} <= set(CODES)
        assert all(item.message for item in found)
        json.dumps([item.to_dict() for item in found]).encode()

    checks()
