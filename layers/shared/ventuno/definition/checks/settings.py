"""Rules about the settings of triggers and steps: known type, right keys, right values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ventuno.definition.findings import Finding
from ventuno.definition.loading import UNKNOWN_KEY, parse_model
from ventuno.definition.model import TRIGGER
from ventuno.expressions.showing import shown
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import BaseModel

    from ventuno.definition.model import Definition


@dataclass(frozen=True, slots=True)
class Parsed:
    """The settings of the trigger or a step, read by the model of its type; `path` is where they stand.

    `expected` is what the author says the step results in, a sample or a schema.
    """

    root: str
    kind: str
    path: str
    settings: BaseModel
    is_trigger: bool = False
    expected: Any = None


def trigger_settings(
    definition: Definition, models: Mapping[str, type[BaseModel]], parsed: list[Parsed]
) -> Iterator[Finding]:
    """MISSING_TRIGGER_TYPE, INVALID_TRIGGER_PARAMS; settings of the right shape go to `parsed`."""
    kind, path = definition.trigger.type, "$.trigger.settings"
    if kind not in models:
        yield _unknown_type("MISSING_TRIGGER_TYPE", "$.trigger.type", kind, models)
        return
    settings, found = parse_model(models[kind], definition.trigger.settings, path)
    if settings is not None:
        parsed.append(Parsed(TRIGGER, kind, path, settings, is_trigger=True))
    yield from _recoded(found, "INVALID_TRIGGER_PARAMS")


def step_settings(
    definition: Definition, models: Mapping[str, type[BaseModel]], parsed: list[Parsed]
) -> Iterator[Finding]:
    """UNKNOWN_STEP_TYPE, INVALID_STEP_PARAMS; settings of the right shape go to `parsed`."""
    for position, step in enumerate(definition.steps):
        root = f"$.steps[{position}]"
        if step.type not in models:
            yield _unknown_type("UNKNOWN_STEP_TYPE", f"{root}.type", step.type, models)
            continue
        path = f"{root}.settings.input"
        settings, found = parse_model(models[step.type], step.settings.input, path)
        if settings is not None:
            expected = step.settings.expected_output_schema
            parsed.append(Parsed(step.id, step.type, path, settings, expected=expected))
        yield from _recoded(found, "INVALID_STEP_PARAMS")


def _unknown_type(code: str, path: str, kind: str, known: Iterable[str]) -> Finding:
    names = ", ".join(sorted(known))
    return Finding(
        code, path, f'"{shown(kind)}" is not a known type; use one of {names}', nearest(kind.upper(), known)
    )


def _recoded(found: Iterable[Finding], code: str) -> Iterator[Finding]:
    """Give shape findings the code of their place; a mistyped key stays what it is."""
    for finding in found:
        yield finding if finding.code == UNKNOWN_KEY else replace(finding, code=code)
