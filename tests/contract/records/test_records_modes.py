"""Updates that append to what is there, or write only where nothing is, on every store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors
from ventuno.records.modes import WriteMode

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.context import WriteContext
    from ventuno.records.service import RecordService

APPEND, ONLY_IF_EMPTY = WriteMode.APPEND, WriteMode.ONLY_IF_EMPTY
FILE = {"url": "https://files.example/1", "fileId": None, "label": None, "extension": None}
OTHER_FILE = {**FILE, "url": "https://files.example/2"}


@pytest.mark.parametrize(
    ("field", "before", "added", "after"),
    [
        ("jobTitle", "CTO", "CEO", "CTO\nCEO"),
        ("jobTitle", None, "CEO", "CEO"),
        ("jobTitle", "CTO", None, "CTO"),
        ("avatarFile", [FILE], [OTHER_FILE], [FILE, OTHER_FILE]),
        (
            "emails",
            {"primaryEmail": "a@example.com"},
            {"primaryEmail": "b@example.com"},
            {"primaryEmail": "a@example.com", "additionalEmails": ["b@example.com"]},
        ),
    ],
)
def test_what_is_appended_comes_behind_what_is_there(
    service: RecordService,
    by_api: WriteContext,
    field: str,
    before: JsonValue,
    added: JsonValue,
    after: JsonValue,
) -> None:
    person = str(service.create("person", {field: before}, by_api)["id"])
    changed = service.update("person", person, {field: added}, by_api, modes={field: APPEND})

    assert changed[field] == after


def test_only_an_empty_field_is_written_where_its_mode_says_so(
    service: RecordService, by_api: WriteContext
) -> None:
    made = service.create("company", {"name": "Acme"}, by_api)
    modes = {"name": ONLY_IF_EMPTY, "domainName": ONLY_IF_EMPTY}
    given: JsonObject = {"name": "Other", "domainName": {"primaryLinkUrl": "https://acme.example"}}
    changed = service.update("company", str(made["id"]), given, by_api, modes=modes)
    again = service.update("company", str(made["id"]), {"name": "Other"}, by_api, modes=modes)
    domain: Any = changed["domainName"]

    assert (changed["name"], domain["primaryLinkUrl"]) == ("Acme", "https://acme.example")
    assert again == changed


def test_appends_at_once_all_count(service: RecordService, by_api: WriteContext, crowd: int) -> None:
    note = str(service.create("note", {}, by_api)["id"])

    def append(number: int) -> None:
        service.update("note", note, {"title": str(number)}, by_api, modes={"title": APPEND})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(append, range(crowd)))

    lines = str(service.get("note", note)["title"]).split("\n")
    assert sorted(map(int, lines)) == list(range(crowd))


def test_nothing_is_appended_to_a_single_value(service: RecordService, by_api: WriteContext) -> None:
    deal = str(service.create("opportunity", {}, by_api)["id"])

    with pytest.raises(errors.RecordInputError, match="stage holds one SELECT") as caught:
        service.update("opportunity", deal, {"stage": "MEETING"}, by_api, modes={"stage": APPEND})
    assert caught.value.field == "stage"
