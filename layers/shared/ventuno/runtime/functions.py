"""Functions: store, list, show and delete them, and find the one that a step names.

Source: reference §3.1; decisions, Actions
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ventuno import errors
from ventuno.agent.answer_schema import schema_problem
from ventuno.definition.loading import told
from ventuno.logic.model import NAME, NAMED, Declaration, LogicFunction
from ventuno.logic.store import StoredFunction
from ventuno.runs.claim_check import check_in, check_out, to_text
from ventuno.runtime.services import Services, instant

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class WorkspaceFunctions:
    """The stored functions, as checks of definitions ask for them."""

    services: Services

    def find(self, name: str, number: int | None) -> LogicFunction | None:
        """Return a version of a function that is not deleted. Raises: StoreUnavailableError"""
        newest = self.services.functions.newest(name) if NAME.fullmatch(name) else None
        if newest is None or newest.deleted:
            return None
        wanted = newest if number is None else self.services.functions.version(name, number)
        return _function(wanted, self.services) if wanted else None

    def names(self) -> list[str]:
        """List the names. Raises: StoreUnavailableError"""
        return [one.name for one in self.services.functions.all()]


def store_function(name: str, given: JsonValue, services: Services) -> tuple[LogicFunction, bool]:
    """Store a function, as its next version if anything differs; tell whether it did.

    Raises: BadRequestError (everything that is wrong with it), ConflictError, StoreUnavailableError
    """
    if not NAME.fullmatch(name):
        raise errors.BadRequestError(NAMED)
    declaration = _checked(given)
    script = _script(declaration, services)
    newest = services.functions.newest(name)
    digest = hashlib.sha256(to_text(_written(declaration)).encode()).hexdigest()
    if newest is not None and not newest.deleted and newest.digest == digest:
        return _function(newest, services), False
    number = newest.number + 1 if newest else 1
    body: JsonObject = {"declaration": _written(declaration), "script": script}
    stored = StoredFunction(
        name,
        number,
        digest,
        instant(services.clock),
        check_in(body, f"versions/functions/{name}/{number}", services.payloads),
    )
    services.functions.save(stored)
    return _function(stored, services), True


def _checked(given: JsonValue) -> Declaration:
    if not isinstance(given, dict):
        raise errors.BadRequestError('a function is an object, such as {"code": "export const main = …"}')
    try:
        declaration = Declaration.model_validate(given)
    except ValidationError as error:
        raise errors.BadRequestError(*told(error, given, "function", Declaration)) from error
    schemas = {"inputSchema": declaration.input_schema, "outputSchema": declaration.output_schema}
    problems = [
        f"{name}: {problem}"
        for name, schema in schemas.items()
        if schema is not None and (problem := schema_problem(schema))
    ]
    if problems:
        raise errors.BadRequestError(*problems)
    return declaration


def _script(declaration: Declaration, services: Services) -> str:
    prepared = services.outside.code.prepare(declaration.code)
    if prepared.problem is not None or prepared.script is None:
        place = f"line {prepared.line}, column {prepared.column}: " if prepared.line else ""
        raise errors.BadRequestError(f"code: {place}{prepared.problem}")
    return prepared.script


def _written(declaration: Declaration) -> JsonObject:
    return declaration.model_dump(mode="json", by_alias=True, exclude_none=True)


def _function(stored: StoredFunction, services: Services) -> LogicFunction:
    body: Any = check_out(stored.body, services.payloads)
    declaration = Declaration.model_validate(body["declaration"])
    return LogicFunction(stored.name, stored.number, declaration, body["script"], stored.changed_at)


def function_lines(services: Services) -> list[JsonObject]:
    """List the functions. Item: {name, version, changedAt}. Raises: StoreUnavailableError"""
    return [
        {"name": one.name, "version": one.number, "changedAt": one.changed_at}
        for one in services.functions.all()
    ]


def show_function(name: str, number: int | None, services: Services) -> JsonObject:
    """Show a version of a function, the newest when no number is given. Raises: NotFoundError"""
    found = WorkspaceFunctions(services).find(name, number)
    if found is None:
        of = "" if number is None else f" in version {number}"
        raise errors.NotFoundError(f'there is no function "{name[:100]}"{of}')
    return function_view(found)


def function_view(function: LogicFunction) -> JsonObject:
    """Return a function as callers see it. Item: {name, version, changedAt, code, inputSchema?, …}"""
    line: JsonObject = {
        "name": function.name,
        "version": function.number,
        "changedAt": function.changed_at,
    }
    return line | _written(function.declaration)


def delete_function(name: str, services: Services) -> None:
    """Delete a function; workflows that are active keep their copies. Raises: NotFoundError"""
    if not NAME.fullmatch(name) or not services.functions.delete(name):
        raise errors.NotFoundError(f'there is no function "{name[:100]}"')
