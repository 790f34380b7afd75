"""Encodings of requests and answers. Source: reference §3.15"""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.http import answer
from ventuno import errors
from ventuno.outgoing.bodies import encoded, read
from ventuno.outgoing.exchange import header

WRITTEN: dict[str, tuple[Any, str | None, str]] = {
    "an object without a type is JSON": ({"a": [1, None]}, None, '{"a":[1,null]}'),
    "a text without a type stays as it is": ("<a/>", None, "<a/>"),
    "an unknown type is JSON": ({"a": "é"}, "application/vnd.api+json", '{"a":"é"}'),
    "JSON with parameters": ({"a": 1}, "Application/JSON; charset=utf-8", '{"a":1}'),
    "a form": (
        {"a": "x y", "b": [1, "2"], "c": {"d": 1}, "e": None, "f": True},
        "application/x-www-form-urlencoded",
        "a=x+y&b=1%2C2&c=%7B%22d%22%3A1%7D&e=&f=true",
    ),
    "a form of JSON text": ('{"a": "1&2"}', "APPLICATION/X-WWW-FORM-URLENCODED; x=y", "a=1%262"),
    "a form that is written already": ("a=1&b=2", "application/x-www-form-urlencoded", "a=1&b=2"),
    "plain text of an object": ({"a": 1, "b": [2]}, "text/plain", "a=1\nb=[2]"),
    "plain text": ("a", "text/plain;charset=utf-8", "a"),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_body_is_written_as_its_type_says_in_any_case_and_with_parameters(case: str) -> None:
    body, content_type, expected = WRITTEN[case]
    headers = (("Content-Type", content_type),) if content_type else ()
    content, sent = encoded(body, headers)

    assert content.decode() == expected
    assert header(sent, "content-type") == (content_type or "application/json")


def test_a_body_is_written_in_the_charset_that_its_type_names() -> None:
    headers = (("content-type", "text/plain; charset=iso-8859-1"),)

    assert encoded("é", headers)[0] == b"\xe9"
    with pytest.raises(errors.StepInputError, match="does not have"):
        encoded("€", headers)
    with pytest.raises(errors.StepInputError, match="unknown"):
        encoded("a", (("content-type", "text/plain; charset=nonsense"),))


def test_a_multipart_form_names_its_boundary_and_lets_no_field_break_out() -> None:
    headers = (("CONTENT-TYPE", "Multipart/Form-Data"), ("X", "1"))
    content, sent = encoded('{"a": "1", "b\\r\\n\\"x": ["2"]}', headers)
    content_type = str(header(sent, "content-type"))
    boundary = content_type.removeprefix("multipart/form-data; boundary=")

    assert [name for name, _ in sent] == ["X", "Content-Type"]
    assert content.decode().split("\r\n") == [
        *(f"--{boundary}", 'Content-Disposition: form-data; name="a"', "", "1"),
        *(f"--{boundary}", 'Content-Disposition: form-data; name="b%0D%0A%22x"', "", '["2"]'),
        *(f"--{boundary}--", ""),
    ]


def test_a_multipart_form_cannot_be_made_of_other_text() -> None:
    with pytest.raises(errors.StepInputError, match="object"):
        encoded("text", (("content-type", "multipart/form-data"),))


READ: dict[str, tuple[Any, str, Any]] = {
    "JSON": ('{"a": 1}', "application/json; charset=utf-8", {"a": 1}),
    "JSON of another kind": ("[1]", "application/problem+json", [1]),
    "JSON that calls itself text": ('{"a": 1}', "text/plain", {"a": 1}),
    "broken JSON": ('{"a": ', "application/json", '{"a": '),
    "JSON in HTML": ('{"a": 1}', "text/html", '{"a": 1}'),
    "no type and no JSON": ("hello", "", "hello"),
    "nothing": (b"", "application/json", ""),
    "another charset": ("é".encode("latin-1"), "text/plain; charset=ISO-8859-1", "é"),
    "an unknown charset": ("é".encode(), "text/plain; charset=nonsense", "é"),
    "text with bytes that are none": (b"a\xffb", "text/plain", "a\ufffdb"),
    "bytes": (b"\x89PNG\xff", "image/png", {"base64": "iVBOR/8=", "contentType": "image/png"}),
    "a key twice": ('{"a": 1, "a": 2}', "application/json", {"a": 2}),
}


@pytest.mark.parametrize("case", READ)
def test_an_answer_is_read_as_what_it_is(case: str) -> None:
    body, content_type, expected = READ[case]

    assert read(answer(body, content_type=content_type)) == expected


@pytest.mark.parametrize("body", ["[" * 200 + "]" * 200, "[NaN]", '["\\ud800"]'])
def test_an_answer_that_no_store_could_hold_is_refused(body: str) -> None:
    with pytest.raises(errors.HttpAnswerError, match=r"cannot be used|too deeply"):
        read(answer(body))
