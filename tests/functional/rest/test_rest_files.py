"""Stored files over the API: read back as downloads under their names, and deleted."""

from __future__ import annotations

import base64
from email.message import Message
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from ventuno.access.model import Role
from ventuno.runtime.files import store_file
from ventuno.runtime.rest.files import MOST_BYTES

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

UNKNOWN = "20202020-0687-4c41-b707-ed1bfca972a7"


def stored(api: Api, name: str, content: bytes = b"%PDF \x00\xff") -> str:
    status, body = api("POST", "/files", {"name": name, "base64": base64.b64encode(content).decode()})
    assert status == 201, body
    return str(body["data"]["createFile"]["fileId"])


def fetched(api: Api, file_id: str, role: str | None = Role.VIEWER) -> tuple[bytes, dict[str, str]]:
    """Read a file as the gateway would: its bytes, and the heads by lower-case name."""
    answer = api.answered("GET", f"/files/{file_id}", role=role)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True), answer
    heads = {name.lower(): str(value) for name, value in answer["headers"].items()}
    return base64.b64decode(answer["body"]), heads


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plan.pdf", "application/pdf"),
        ("data.json", "application/json"),
        ("page.html", "text/html"),
        ("archive.tar.gz", "application/octet-stream"),
        ("no type", "application/octet-stream"),
    ],
)
def test_a_file_is_read_back_byte_for_byte_with_its_type(api: Api, name: str, kind: str) -> None:
    content, heads = fetched(api, stored(api, name))

    assert content == b"%PDF \x00\xff"
    assert heads["content-type"] == kind


def test_an_empty_file_is_read_back(api: Api) -> None:
    assert fetched(api, stored(api, "empty.txt", b""))[0] == b""


def test_a_file_is_a_download_that_no_browser_runs(api: Api) -> None:
    _, heads = fetched(api, stored(api, "page.html", b"<script>alert(1)</script>"))

    assert heads["content-disposition"].startswith("attachment;")
    assert heads["x-content-type-options"] == "nosniff"
    assert heads["content-security-policy"] == "default-src 'none'; sandbox"
    assert heads["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "name",
    ["plan.pdf", "Grüße aus Köln.pdf", 'a"; filename="evil.exe', "100%41.txt", "a;b=c, d.txt", "名前.pdf"],
)
def test_the_name_of_a_download_is_kept_and_no_name_breaks_out_of_its_head(api: Api, name: str) -> None:
    _, heads = fetched(api, stored(api, name))
    told = heads["content-disposition"]
    message = Message()
    message["Content-Disposition"] = told

    assert told.isascii()
    assert unquote(told.rpartition("filename*=UTF-8''")[2]) == name
    assert {key for key, _ in message.get_params(header="content-disposition") or ()} == {
        "attachment",
        "filename",
    }


@pytest.mark.parametrize(
    "name", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "a\u2028b", "../a", "..", ".", " ", "a\\b", "x" * 256]
)
def test_a_name_that_no_file_may_have_is_refused(api: Api, name: str) -> None:
    assert api("POST", "/files", {"name": name, "base64": ""})[0] == 400
    assert api.world.payloads.bodies == {}


def test_a_deleted_file_is_gone_with_its_name(api: Api) -> None:
    file_id = stored(api, "plan.pdf")

    assert api("DELETE", f"/files/{file_id}") == (200, {"data": {"deleteFile": {"id": file_id}}})
    assert api.world.payloads.bodies == {}
    assert api("GET", f"/files/{file_id}")[0] == 404
    assert api("DELETE", f"/files/{file_id}")[0] == 404


def test_a_deletion_that_was_cut_off_leaves_no_name_once_it_is_repeated(api: Api) -> None:
    file_id = stored(api, "plan of Grace Hopper.pdf")
    api.world.payloads.delete(f"files/{file_id}")

    assert api("DELETE", f"/files/{file_id}")[0] == 404
    assert api.world.payloads.bodies == {}


@pytest.mark.parametrize("file_id", [UNKNOWN, "x", "..%2Fversions%2F1", f"{UNKNOWN}%2Fabout"])
def test_what_is_no_stored_file_is_not_found(api: Api, file_id: str) -> None:
    api.world.payloads.put(f"files/{UNKNOWN}/about", b'{"name": "a"}')
    api.world.payloads.put("versions/1", b"{}")

    assert api("GET", f"/files/{file_id}")[0] == 404
    assert api("DELETE", f"/files/{file_id}")[0] == 404


def test_a_file_too_large_for_an_answer_says_how_to_read_it(api: Api) -> None:
    file_id = store_file("big.bin", b"x" * (MOST_BYTES + 1), api.world.services)["fileId"]
    status, body = api("GET", f"/files/{file_id}")

    assert (status, "ventuno files get" in body["messages"][0]) == (413, True)


@pytest.mark.parametrize(
    ("method", "role", "status"),
    [
        ("GET", None, 401),
        ("GET", Role.VIEWER, 200),
        ("DELETE", None, 401),
        ("DELETE", Role.VIEWER, 403),
        ("DELETE", Role.RUNNER, 403),
        ("DELETE", Role.EDITOR, 200),
    ],
)
def test_files_are_read_by_viewers_and_deleted_by_editors(
    api: Api, method: str, role: Role | None, status: int
) -> None:
    file_id = stored(api, "plan.pdf")

    assert api.answered(method, f"/files/{file_id}", role=role)["statusCode"] == status
