"""Text or JSON value → frozen `Definition`.

Every complaint about the shape becomes a finding with its path.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from ventuno import errors, strict_json
from ventuno.definition.findings import Finding
from ventuno.definition.model import Definition, Step, StepSettings, Trigger
from ventuno.definition.remainder import ShapeError, remainder_of
from ventuno.expressions.showing import shown
from ventuno.refusals import Refusal, refusals_of
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.json_value import JsonValue

MAX_DEFINITION_BYTES = 1_048_576  # the size Step Functions allows a machine; no definition needs more
INVALID_DEFINITION = "INVALID_DEFINITION"
UNKNOWN_KEY = "UNKNOWN_KEY"

_KNOWN_KEYS = sorted(
    field.alias or name
    for model in (Definition, Trigger, Step, StepSettings)
    for name, field in model.model_fields.items()
)


def json_path(parts: Iterable[str | int], root: str = "$") -> str:
    """Write a location as a JSON path: `$.steps[2].name`."""
    return root + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def findings_from(
    error: ValidationError,
    value: Any,  # noqa: ANN401 - any JSON
    root: str = "$",
    known: Iterable[str] = (),
) -> list[Finding]:
    """Turn what pydantic refused of `value` into findings below `root`; `known` feeds the suggestions."""
    return [_finding(refused, root, known) for refused in refusals_of(error, value)]


def told(
    error: ValidationError,
    value: Any,  # noqa: ANN401 - any JSON
    root: str,
    model: type[BaseModel],
) -> list[str]:
    """Turn what pydantic refused into sentences for callers: where, what, and which key may be meant."""
    found = findings_from(error, value, root, _keys(model))
    return [
        f"{one.path}: {one.message}{f' (did you mean {one.suggestion}?)' if one.suggestion else ''}"
        for one in found
    ]


def _finding(refused: Refusal, root: str, known: Iterable[str]) -> Finding:
    path = json_path(refused.place, root)
    if refused.is_extra:
        key = str(refused.place[-1])
        return Finding(
            UNKNOWN_KEY,
            path,
            f'"{shown(key)}" is not a key here; remove it or correct it',
            nearest(key, known),
        )
    return Finding(INVALID_DEFINITION, path, refused.message)


def parse_model(model: type[BaseModel], value: Any, root: str) -> tuple[Any, list[Finding]]:  # noqa: ANN401 - any JSON
    """Validate a value below `root`; give the model, or None and the findings."""
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, findings_from(error, value, root, _keys(model))


def _keys(model: type[BaseModel]) -> list[str]:
    """List the keys of a model and of all models in it."""
    keys, models = dict[str, None](), [model]
    for each in models:
        for name, field in each.model_fields.items():
            keys[field.alias or name] = None
            models += [inner for inner in _models(field.annotation) if inner not in models]
    return list(keys)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any type form
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def definition_from(value: JsonValue) -> Definition:
    """Validate a JSON value as a definition.

    Raises: ShapeError with one finding for each key or value that is wrong, DefinitionError for no JSON value
    """
    try:
        strict_json.check(value)
    except ValueError as error:
        raise _unreadable(f"this is not JSON: {error}") from error
    try:
        return Definition.model_validate(value)
    except ValidationError as error:
        refusals = refusals_of(error, value)
        found = [_told_as_lack(_finding(refused, "$", _KNOWN_KEYS), value) for refused in refusals]
        raise ShapeError(found, remainder_of(value, refusals)) from error


def _told_as_lack(finding: Finding, value: JsonValue) -> Finding:
    """Give what a workflow cannot be without the code of its lack. Source: reference §1.6"""
    if not isinstance(value, dict):
        return finding
    if finding.path == "$.trigger" and value.get("trigger") is None:
        message = "the workflow has no trigger; add one with type, settings and nextStepIds"
        return replace(finding, code="MISSING_TRIGGER", message=message)
    if finding.path == "$.trigger.type":
        return replace(finding, code="MISSING_TRIGGER_TYPE")
    if finding.path == "$.steps" and value.get("steps") is None:
        return replace(finding, code="NO_STEPS", message="the workflow has no step; add one")
    return finding


def definition_from_json(text: str | bytes) -> Definition:
    """Parse JSON text as a definition.

    Raises: DefinitionError for text that is too large, no JSON, has a key twice, or has the wrong shape
    """
    if len(text) > MAX_DEFINITION_BYTES:
        raise _unreadable(f"the definition is larger than {MAX_DEFINITION_BYTES} bytes; split the workflow")
    try:
        value = strict_json.parse(text)
    except ValueError as error:
        raise _unreadable(f"this is not JSON: {error}") from error
    return definition_from(value)


def _unreadable(message: str) -> errors.DefinitionError:
    return errors.DefinitionError([Finding(INVALID_DEFINITION, "$", message)])
