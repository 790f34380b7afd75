"""Every call, with what the documents of the API allow and with what they forbid: no 500, always a sentence.

An answer that the documents do not describe fails too. The cases are the same every time.
Source: quality, Reliability (Bad input)
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.builders import create, step, written
from tests.wrong_values import specimen
from ventuno.access.model import Role
from ventuno.runtime.rest.routes import MANAGEMENT_ROUTES, RECORD_ROUTES
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemathesis.specs.openapi.schemas import OpenApiSchema

    from tests.functional.rest.conftest import Api

OBJECTS: Final = ("people", "specimens")
CHECKS: Final = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
WORKFLOW: Final = written(
    create("a", "ask"),
    step("ask", "FORM", (), [{"id": "f1", "name": "note", "type": "TEXT", "label": "Note"}]),
)
ODD: Final = st.sampled_from(["%00", "%F0%9F%A6%84", "~", "__proto__", "0" * 300, "%EF%BF%BF"])


class Served:
    """The api function as a WSGI application; `api` is the world that it serves."""

    api: Api

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's
        length = int(environ.get("CONTENT_LENGTH") or 0)
        query = environ["QUERY_STRING"]
        sent = {"content-type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else {}
        answer = self.api.answer(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"].encode("latin1").decode(errors="replace") + (f"?{query}" if query else ""),
            environ["wsgi.input"].read(length),
            {"authorization": f"Bearer {self.api.tokens[Role.ADMIN]}"} | sent,
        )
        status = HTTPStatus(answer["statusCode"])
        headers = {name: values[0] for name, values in answer.get("multiValueHeaders", {}).items()}
        start_response(f"{status.value} {status.phrase}", [*(answer.get("headers", {}) | headers).items()])
        return [answer["body"].encode()]


@pytest.fixture(scope="module")
def served() -> Served:
    return Served()


@pytest.fixture
def places(api: Api, served: Served) -> dict[str, list[str]]:
    """What there is, by the part of an address that names it."""
    served.api = api
    assert api("POST", "/metadata/objects", specimen(), role=Role.ADMIN)[0] == 201
    assert api("POST", "/secrets", {"name": "KEY", "value": "hidden-value-1"}, role=Role.ADMIN)[0] == 201
    account = {"id": "team", "kind": "SES", "address": "team@example.com"}
    assert api("POST", "/accounts", account, role=Role.ADMIN)[0] == 201
    assert api("PUT", "/functions/twice", {"code": "export const main = () => 2"})[0] == 200
    records = [api.created(plural)["id"] for plural in OBJECTS]
    api.world.publish(WORKFLOW)
    run = api.world.start({}).run
    api.world.call(run, "a")
    event = {"run": run.id, "version": str(run.version), "step": "ask", "token": "secret-token"}
    run_step(StepEvent.model_validate(event), api.world.services)
    (form,) = api("GET", "/forms", role=Role.RUNNER)[1]["forms"]
    return {
        "id": records,
        "object": ["person", "specimens"],
        "field": ["jobTitle", "fText"],
        "name": ["KEY", "twice"],
        "account": ["team"],
        "slug": ["flow"],
        "number": ["1"],
        "run": [run.id],
        "step": ["ask"],
        "iterator": ["a"],
        "link": [form["address"].rpartition("/")[2]],
    }


@pytest.fixture(scope="module")
def documents() -> dict[str, OpenApiSchema]:
    return {}


def read(documents: dict[str, OpenApiSchema], address: str, served: Served) -> OpenApiSchema:
    if address not in documents:
        document = documents[address] = schemathesis.openapi.from_wsgi(address, served)
        document.config.generation.update(with_security_parameters=False)
    return documents[address]


CALLS: Final = [
    *((route.method, re.sub(r"<(\w+)>", r"{\1}", route.path)) for route in MANAGEMENT_ROUTES),
    *(
        (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path.replace("<plural>", plural)))
        for route in RECORD_ROUTES
        for plural in OBJECTS
    ),
]


@pytest.mark.parametrize(("method", "path"), CALLS, ids=[" ".join(call) for call in CALLS])
def test_a_call_answers_whatever_it_is_sent(
    served: Served,
    places: dict[str, list[str]],
    documents: dict[str, OpenApiSchema],
    method: str,
    path: str,
) -> None:
    records = path.startswith("/rest/")
    document = read(documents, "/open-api.json" if records else "/open-api/management.json", served)
    operation = document[path.removeprefix("/rest")][method]
    cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if operation.query or operation.body:
        cases |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(max_examples=15, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
    @given(case=cases, data=st.data())
    def sends(case: schemathesis.Case[Any], data: st.DataObject) -> None:
        for name in case.path_parameters:
            known = st.sampled_from(places.get(name, ["nothing"]))
            case.path_parameters[name] = data.draw(known | known | known | ODD)
        # Values of records may be written in more forms than they are read in, such as "" for null.
        refusing = [] if records else [checks.negative_data_rejection]
        case.validate_response(case.call(), checks=[*CHECKS, *refusing])

    sends()
