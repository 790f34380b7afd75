"""docs/actions.md: every action's settings, result, errors and examples, from its own file."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from ventuno.actions.record_schemas import ModelSchemas
from ventuno.actions.registry import ACTIONS
from ventuno.actions.scope import StepScope
from ventuno.definition.kinds import StepKind
from ventuno.records.standard.registry import standard_model
from ventuno.schemas import ANY, Array, Object, Scalar, Union
from ventuno_dev.docs.tables import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from ventuno.actions.about import Example
    from ventuno.actions.base import Action
    from ventuno.json_value import JsonValue
    from ventuno.schemas import Schema

_HEAD: Final = """\
# Actions

What the steps of a workflow can do. The settings stand in the step's `settings.input`; `{{…}}` in them is a
variable ([expressions](expressions.md)). A step that fails keeps its error; `settings.errorHandlingOptions`
says whether it is tried again, and whether the run goes on. A store or service that refuses for now
(`StoreUnavailableError`) is asked again by the machine itself. Wrong input (`StepInputError`) never is.
"""
_RUNS_AS: Final = {
    StepKind.TASK: "a Lambda call of its own",
    StepKind.PURE: "no state: the call before it does it too",
    StepKind.FILTER: "a Choice: the call before it evaluates it too",
    StepKind.CHOICE: "a Choice: the call before it evaluates it too",
    StepKind.LOOP: "a Lambda call that lists the items, and a Map",
    StepKind.WAIT: "a Wait: the call before it computes its end",
    StepKind.CALLBACK: "a callback task, which costs nothing while it waits",
}
STANDARD_SCOPE: Final = StepScope(ModelSchemas(standard_model()), lambda _: ANY)
"""What the examples may name: the standard objects, and no other step."""


def actions_page() -> str:
    """Write the page."""
    rows = (
        (f"[{code(name)}](#{name.lower()})", _summary(action), _RUNS_AS[action.kind])
        for name, action in ACTIONS.items()
    )
    lines = [_HEAD, *table(("type", "does", "runs as"), rows), ""]
    for action in ACTIONS.values():
        lines += _entry(action)
    return "\n".join(lines)


def _entry(action: Action[Any]) -> Iterator[str]:
    about = action.about
    yield from (f"## {action.wire_type}", "", *_docstring(action), "")
    if about.settings:
        fields = action.settings_type.model_fields.values()
        rows = ((code(key), _default(field), about.settings[key]) for field in fields if (key := _key(field)))
        yield from (*table(("setting", "default", "meaning"), rows), "")
    yield from (f"Result: {about.result}", "")
    members = list(_members(output_of(action, about.examples[0])))
    if members:
        yield from (*table(("in the result", "type"), members), "")
    if about.errors:
        failures = ((code(error.__name__), when) for error, when in about.errors.items())
        yield from (*table(("error", "when"), failures), "")
    for example in about.examples:
        yield from _example(example)


def _docstring(action: Action[Any]) -> list[str]:
    """Return the docstring of the action's module without the type before it."""
    lines = str(sys.modules[type(action).__module__].__doc__).strip().splitlines()
    text = lines[0].partition(": ")[2]
    return [text[:1].upper() + text[1:], *lines[1:]]


def _summary(action: Action[Any]) -> str:
    return _docstring(action)[0].partition(". ")[0].rstrip(".")


def _key(field: FieldInfo) -> str:
    return str(field.alias)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    made = field.get_default(call_default_factory=True, validated_data={})
    if made in (None, (), {}, "") or isinstance(made, BaseModel):
        return ""
    return code(json.dumps(made, ensure_ascii=False))


def output_of(action: Action[Any], example: Example) -> Schema:
    """Return the schema of an example's result."""
    settings = action.settings_type.model_validate(example.given)
    return action.output_schema(settings, STANDARD_SCOPE)


def _members(schema: Schema) -> Iterator[tuple[str, str]]:
    if isinstance(schema, Object) and schema.record is None:
        for key, member in schema.members.items():
            yield code(key), _type(member)


def _type(schema: Schema) -> str:
    match schema:
        case Scalar(name):
            return name
        case Array(items):
            return f"list of {_type(items)}"
        case Object(record=str(name)):
            return f"record of {code(name)}"
        case Object(type=name):
            return name or "object"
        case Union(options):
            return " or ".join(map(_type, options))
    return "anything"


def _example(example: Example) -> list[str]:
    return [f"{example.title}:", "", *_json(example.given), "", "results in", "", *_json(example.result), ""]


def _json(value: JsonValue) -> list[str]:
    return ["```json", json.dumps(value, ensure_ascii=False, indent=2), "```"]
