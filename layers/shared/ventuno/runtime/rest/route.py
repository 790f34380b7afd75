"""Route: one method and address, the role it needs, and the function that answers it.

`functions/api` serves the table of routes and `openapi` describes it, so neither can forget one.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ventuno import errors, strict_json
from ventuno.records.context import Actor, WriteContext
from ventuno.runtime.rest.parameters import refuse_unknown
from ventuno.spelling import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.access.model import ApiKey, Role
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_type import ObjectType
    from ventuno.runtime.services import Services

JSON: Final = "application/json"
PAGE: Final = "text/html"
"""What a route answers with that is a page for people."""
MAX_BODY_BYTES = 6 * 1024 * 1024
_MAX_KEY_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a route. `place` holds the parts of the address, header names are lower case."""

    place: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    caller: ApiKey | None

    def kind(self, services: Services) -> ObjectType:
        """Return the object that the address names by its plural. Raises: NotFoundError"""
        plural = self.place["plural"]
        found = services.objects.by_plural(plural)
        if found is None:
            plurals = [kind.plural for kind in services.objects]
            raise errors.NotFoundError(f'there is no object "{plural}"{meant(plural, plurals)}')
        return found

    def json(self) -> JsonValue:
        """Read the body. Raises: BadRequestError, PayloadTooLargeError"""
        if len(self.body) > MAX_BODY_BYTES:
            raise errors.PayloadTooLargeError(
                f"the body has {len(self.body)} bytes, {MAX_BODY_BYTES} are allowed"
            )
        if not self.body:
            raise errors.BadRequestError("the body is empty; send JSON")
        try:
            return strict_json.parse(self.body.decode())
        except ValueError as error:
            raise errors.BadRequestError(f"the body is not JSON: {error}") from error

    def fields(self) -> JsonObject:
        """Read the body as the fields of one record. Raises: BadRequestError, PayloadTooLargeError"""
        body = self.json()
        if not isinstance(body, dict):
            raise errors.BadRequestError('the body must be an object of fields, such as {"name": "Acme"}')
        return body

    def write(self) -> WriteContext:
        """Say who writes; `Idempotency-Key` makes the write happen once. Raises: BadRequestError"""
        actor = Actor("API", self.caller.name if self.caller else "")
        key = self.headers.get("idempotency-key")
        if not key:
            return WriteContext(actor)
        if len(key) > _MAX_KEY_LENGTH:
            raise errors.BadRequestError(f"Idempotency-Key may have {_MAX_KEY_LENGTH} characters")
        owner = self.caller.id if self.caller else ""
        return WriteContext(actor, f"rest#{owner}#{key}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: JSON, or text and bytes as they are where `content_type` says something else."""

    status: int
    body: JsonValue | bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_base64(self) -> bool:
        """Whether `text` is base64, for API Gateway to decode."""
        return isinstance(self.body, bytes)

    @property
    def text(self) -> str:
        """The body as the function hands it to API Gateway."""
        if isinstance(self.body, bytes):
            return base64.b64encode(self.body).decode()
        return json.dumps(self.body, ensure_ascii=False) if self.content_type == JSON else str(self.body)


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API; all but `role` and `work` is what its OpenAPI document says of it.

    `operation` is its name there. In calls of the record API `parameters`, `body` and `answer` name forms
    that are alike for all objects; other calls have the schemas themselves: `asks` by parameter, `takes` and
    `gives`.
    """

    method: str
    path: str
    role: Role | None
    work: Callable[[Request, Services], Answer]
    summary: str
    operation: str = ""
    parameters: tuple[str, ...] = ()
    body: str | None = None
    answer: str = ""
    asks: Mapping[str, JsonObject] = field(default_factory=dict)
    takes: JsonObject | None = None
    gives: JsonObject | None = None

    def respond(self, request: Request, services: Services) -> Answer:
        """Do the call. Raises: BadRequestError (a parameter that the call does not take), StepError, ApiError

        Addresses of pages travel by e-mail, where programs add parameters of their own: they are ignored.
        """
        if self.answer != PAGE:
            refuse_unknown(request.query, self.parameters or self.asks)
        return self.work(request, services)

    def is_at(self, path: str) -> bool:
        """Whether an address is one of this call, with whatever method."""
        own, asked = self.path.split("/"), path.split("/")
        return len(own) == len(asked) and all(
            part == given or (part.startswith("<") and given) for part, given in zip(own, asked, strict=True)
        )


def capital(name: str) -> str:
    """Write a name with a capital, as the keys of answers have it: `createCompany`."""
    return name[:1].upper() + name[1:]
