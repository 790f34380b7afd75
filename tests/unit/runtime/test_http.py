"""What an error means to an HTTP caller, and what a request is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ventuno import errors
from ventuno.definition.findings import Finding
from ventuno.runtime.http import answering, as_api_error, error_body, request_of
from ventuno.runtime.webhook import WebhookAnswer


def request(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - event fields
    return {
        "rawPath": "/a/b",
        "headers": {"Content-Type": "text/plain", "X-Api-Key": "k"},
        "requestContext": {"stage": "$default", "http": {"method": "post", "path": "/a/b"}},
        **changes,
    }


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.RecordNotFoundError("gone"), 404, "NOT_FOUND"),
        (errors.UpsertConflictError("two"), 409, "CONFLICT"),
        (errors.RecordInputError("wrong"), 400, "INVALID_INPUT"),
        (errors.DefinitionError([Finding("NO_STEPS", "$", "none")]), 400, "INVALID_INPUT"),
        (errors.StoreUnavailableError("busy"), 503, "SERVICE_UNAVAILABLE"),
        (errors.ConflictError("changed"), 409, "CONFLICT"),
        (errors.ConfigurationError("no table secret-name"), 500, "INTERNAL_ERROR"),
        (errors.PayloadLostError("lost secret-name"), 500, "INTERNAL_ERROR"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_told_to_the_caller_as_what_it_means(
    error: errors.VentunoError, status: int, code: str
) -> None:
    told = as_api_error(error)

    assert (told.status, told.code) == (status, code)
    assert error_body(told)["statusCode"] == status
    assert "secret-name" not in str(error_body(told))


@pytest.mark.parametrize(
    ("error", "reported"),
    [
        (errors.ConfigurationError("no table"), True),
        (errors.StoreUnavailableError("busy"), True),
        (errors.NotFoundError("no"), False),
        (errors.StepInputError("wrong"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_our_own_fault_is_reported_and_a_callers_mistake_is_not(
    error: errors.VentunoError, *, reported: bool
) -> None:
    log: list[errors.VentunoError] = []

    def fail() -> WebhookAnswer:
        raise error

    answer = answering(fail, log.append)

    assert log == ([error] if reported else [])
    assert json.loads(answer["body"])["statusCode"] == answer["statusCode"]


def test_an_answer_is_json() -> None:
    answer = answering(lambda: WebhookAnswer(201, {"name": "é"}), lambda _: None)

    assert answer == {
        "statusCode": 201,
        "headers": {"content-type": "application/json"},
        "body": '{"name": "é"}',
    }


def test_names_of_headers_are_read_in_lower_case_and_the_method_in_capitals() -> None:
    read = request_of(request())

    assert (read.method, dict(read.headers)) == ("POST", {"content-type": "text/plain", "x-api-key": "k"})
    assert (read.body, dict(read.query)) == (b"", {})


@pytest.mark.parametrize(
    ("stage", "path", "expected"),
    [
        ("$default", "/a/b", "/a/b"),
        ("v1", "/v1/a/b", "/a/b"),
        ("v1", "/v10/a", "/v10/a"),
        ("a", "/b/a/c", "/b/a/c"),
    ],
)
def test_a_stage_is_cut_off_the_front_of_the_path_only(stage: str, path: str, expected: str) -> None:
    context = {"stage": stage, "http": {"method": "GET", "path": path}}

    assert request_of(request(rawPath=path, requestContext=context)).path == expected


@pytest.mark.parametrize(
    ("body", "encoded", "expected"),
    [
        (None, False, b""),
        ("é", False, "é".encode()),
        ("w6k=", True, "é".encode()),
        ("\ud800", False, b"\xed\xa0\x80"),
    ],
)
def test_a_body_is_bytes_whatever_it_came_as(body: str | None, expected: bytes, *, encoded: bool) -> None:
    assert request_of(request(body=body, isBase64Encoded=encoded)).body == expected


def test_a_body_that_is_no_base64_is_a_bad_request() -> None:
    with pytest.raises(errors.BadRequestError, match="base64"):
        request_of(request(body="%", isBase64Encoded=True))
