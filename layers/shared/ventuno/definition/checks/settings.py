"""Rules about the settings of triggers and steps: known type, right keys, right values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno.definition.findings import Finding, nearest
from ventuno.definition.loading import UNKNOWN_KEY, parse_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import BaseModel

    from ventuno.definition.model import Definition


def trigger_settings(definition: Definition, models: Mapping[str, type[BaseModel]]) -> Iterator[Finding]:
    """MISSING_TRIGGER_TYPE, INVALID_TRIGGER_PARAMS."""
    kind = definition.trigger.type
    if kind not in models:
        yield _unknown_type("MISSING_TRIGGER_TYPE", "$.trigger.type", kind, models)
        return
    _, found = parse_model(models[kind], definition.trigger.settings, "$.trigger.settings")
    yield from _recoded(found, "INVALID_TRIGGER_PARAMS")


def step_settings(definition: Definition, models: Mapping[str, type[BaseModel]]) -> Iterator[Finding]:
    """UNKNOWN_STEP_TYPE, INVALID_STEP_PARAMS."""
    for position, step in enumerate(definition.steps):
        root = f"$.steps[{position}]"
        if step.type not in models:
            yield _unknown_type("UNKNOWN_STEP_TYPE", f"{root}.type", step.type, models)
            continue
        _, found = parse_model(models[step.type], step.settings.input, f"{root}.settings.input")
        yield from _recoded(found, "INVALID_STEP_PARAMS")


def _unknown_type(code: str, path: str, kind: str, known: Iterable[str]) -> Finding:
    names = ", ".join(sorted(known))
    return Finding(
        code, path, f'"{kind}" is not a known type; use one of {names}', nearest(kind.upper(), known)
    )


def _recoded(found: Iterable[Finding], code: str) -> Iterator[Finding]:
    """Give shape findings the code of their place; a mistyped key stays what it is."""
    for finding in found:
        yield finding if finding.code == UNKNOWN_KEY else replace(finding, code=code)
