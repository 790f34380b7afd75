"""What the schema of a step may depend on: the objects of the workspace, and the schemas of other steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from ventuno.expressions import BoundPipe, Literal, Path, parse
from ventuno.expressions.pipes.pipe import Gives
from ventuno.expressions.references import NOW
from ventuno.expressions.template import OPENING
from ventuno.expressions.undefined import UNDEFINED
from ventuno.schemas.paths import Found, Missing, follow
from ventuno.schemas.samples import schema_of_sample
from ventuno.schemas.schema import (
    ANY,
    DATE_TIME,
    NUMBER,
    TEXT,
    Array,
    Object,
    Unknown,
    kinds_of,
    union_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.expressions import Token
    from ventuno.json_value import JsonValue
    from ventuno.schemas.paths import Outcome
    from ventuno.schemas.schema import Schema

_GIVEN: Final[dict[Gives, Schema]] = {Gives.TEXT: TEXT, Gives.NUMBER: NUMBER, Gives.LIST: Array(TEXT)}


class ObjectSchemas(Protocol):
    """The objects of a workspace, as far as schemas need them."""

    def names(self) -> tuple[str, ...]:
        """Return the singular names of all objects."""

    def record(self, object_name: str) -> Schema | None:
        """Return the schema of an object's records, or None if there is no such object."""

    def plural(self, object_name: str) -> str | None:
        """Return an object's plural name, or None if there is no such object."""

    def relations(self, object_name: str) -> Mapping[str, str]:
        """Return the object that each many-to-one relation of an object points to, by the relation's name."""


@dataclass(frozen=True)
class Scope:
    """`roots` gives the schema of what a root of the context holds: a step's id, or `trigger`."""

    objects: ObjectSchemas
    roots: Callable[[str], Schema]

    def of(self, authored: JsonValue) -> Schema:
        """Return the schema of what an authored value resolves to."""
        if isinstance(authored, str):
            return self._of_text(authored)
        if isinstance(authored, dict):
            known = not any(OPENING in key for key in authored)
            members = {key: self.of(member) for key, member in authored.items()}
            return Object(members) if known else ANY
        if isinstance(authored, list | tuple):
            return Array(union_of(map(self.of, authored)))
        return schema_of_sample(authored)

    def record(self, object_name: str) -> Schema:
        """Return the schema of an object's records; anything where the object is unknown or a variable."""
        return self.objects.record(object_name) or ANY

    def path(self, token: Token) -> Outcome:
        """Follow a token's path, without its pipes."""
        operand = token.operand
        if isinstance(operand, Literal):
            return Found(ANY if operand.value is UNDEFINED else schema_of_sample(operand.value))
        if not isinstance(operand, Path) or not operand.keys:
            return Found(ANY, certain=False)
        root = DATE_TIME if operand.keys[0] == NOW else self.roots(operand.keys[0])
        outcome = follow(root, operand.keys[1:])
        if isinstance(outcome, Missing):
            return Missing(outcome.position + 1, outcome.known, outcome.certain)
        return outcome

    def stages(self, token: Token) -> list[Found]:
        """Return what each pipe of a token is given, and last what the token resolves to."""
        outcome = self.path(token)
        current = outcome if isinstance(outcome, Found) else Found(ANY, certain=False)
        given = [current]
        for pipe in token.pipes:
            schema = after(pipe, current.schema) if isinstance(pipe, BoundPipe) else ANY
            current = Found(schema, current.certain)
            given.append(current)
        return given

    def _of_text(self, text: str) -> Schema:
        template = parse(text)
        if template.lone_token is None:
            return TEXT
        return self.stages(template.lone_token)[-1].schema


def after(pipe: BoundPipe, schema: Schema) -> Schema:
    """Return the schema of what a pipe makes of a value."""
    if pipe.pipe.gives is Gives.ELEMENT:
        return _element(schema)
    if pipe.pipe.gives is not Gives.SAME:
        return _GIVEN[pipe.pipe.gives]
    fallback = pipe.step(UNDEFINED)  # a pipe that gives the value itself may replace it
    if fallback is UNDEFINED or fallback is None:
        return schema
    return union_of((schema, schema_of_sample(fallback, Unknown.REFUSED)))


def _element(schema: Schema) -> Schema:
    if isinstance(schema, Array):
        return schema.items
    return TEXT if kinds_of(schema) == kinds_of(TEXT) else ANY
