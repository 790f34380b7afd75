from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno.access.model import Role
from ventuno.records.context import Actor, WriteContext
from ventuno.runtime.access import require_role

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine
    from ventuno.json_value import JsonObject

ABSENT = "00000000-0000-4000-8000-000000000000"


def _create(ventuno: CommandLine, first_name: str) -> str:
    write = WriteContext(Actor("MANUAL", "Test"))
    values: JsonObject = {"name": {"firstName": first_name, "lastName": "Lovelace"}, "jobTitle": "Analyst"}
    ventuno.world.clock.advance(1)
    return str(ventuno.world.services.records.create("person", values, write)["id"])


@pytest.mark.parametrize("name", ["person", "people"])
def test_records_are_listed_by_either_name_of_their_object(ventuno: CommandLine, name: str) -> None:
    ids = [_create(ventuno, first_name) for first_name in ("Ada", "Grace")]
    out = ventuno("records", "list", name).out.splitlines()

    assert out[1].startswith(f"{ids[0]}  Ada Lovelace")
    assert "jobTitle: Analyst" in out[1]
    assert out[-1] == "2 of 2 records"


def test_a_page_of_records_gives_the_cursor_of_the_next(ventuno: CommandLine) -> None:
    ids = [_create(ventuno, first_name) for first_name in ("Ada", "Grace", "Mary")]
    first = ventuno("records", "list", "people", "--limit", "2", "--json").value
    cursor = first["pageInfo"]["endCursor"]
    second = ventuno("records", "list", "people", "--limit", "2", "--cursor", cursor, "--json").value

    assert [person["id"] for person in first["data"]["people"] + second["data"]["people"]] == ids
    assert (second["totalCount"], second["pageInfo"]["hasNextPage"]) == (3, False)
    assert f"more: add --cursor '{cursor}'" in ventuno("records", "list", "people", "--limit", "2").out


def test_records_can_be_listed_without_counting_them(ventuno: CommandLine) -> None:
    for first_name in ("Ada", "Grace"):
        _create(ventuno, first_name)
    asked = ("records", "list", "people", "--limit", "1", "--no-count")
    lines = ventuno(*asked).out.splitlines()

    assert lines[2] == "1 record"
    assert "totalCount" not in ventuno(*asked, "--json").value


def test_records_are_filtered_ordered_and_explained(ventuno: CommandLine) -> None:
    for first_name in ("Ada", "Grace", "Mary"):
        _create(ventuno, first_name)
    condition = "name.firstName[ilike]:%a%,not(name.firstName[eq]:Mary)"
    asked = ("records", "list", "people", "--filter", condition, "--order-by", "name[DescNullsLast]")
    lines = ventuno(*asked, "--explain").out.splitlines()
    explained = ventuno(*asked, "--explain", "--json").value["explain"]

    assert [line.split()[1] for line in lines[1:3]] == ["Grace", "Ada"]
    assert lines[-1].startswith("found by reading the whole object, checking each record, ordering all")
    assert (explained["way"], explained["rowsExamined"]) == ("SCAN", 3)
    assert "did you mean name?" in ventuno("records", "list", "people", "--filter", "nmae[eq]:x").err


def test_a_record_is_shown_in_full(ventuno: CommandLine) -> None:
    record_id = _create(ventuno, "Ada")
    out = ventuno("records", "get", "person", record_id).out

    assert ["id", record_id] in [line.split() for line in out.splitlines()]
    assert '{"firstName": "Ada", "lastName": "Lovelace"}' in out
    assert ventuno("records", "get", "people", record_id, "--json").value["data"]["person"]["id"] == record_id


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["list", "persons"], "did you mean person"),
        (["get", "person", ABSENT], "There is no person with id"),
        (["list", "people", "--cursor", "x"], "The cursor"),
    ],
)
def test_what_is_not_there_is_told(ventuno: CommandLine, words: list[str], message: str) -> None:
    ended = ventuno("records", *words)

    assert ended.code == 1
    assert message in ended.err


def test_a_key_works_until_it_is_revoked(ventuno: CommandLine) -> None:
    created = ventuno("keys", "create", "web form", "--role", "runner", "--json").value
    headers = {"x-api-key": created["token"]}

    assert require_role(headers, Role.RUNNER, ventuno.world.services).name == "web form"
    assert ventuno("keys", "revoke", created["id"]).out == f"revoked {created['id']}\n"
    assert ventuno.world.workflows.keys() == []
    assert ventuno("keys", "revoke", created["id"]).code == 1


def test_only_the_token_goes_to_stdout(ventuno: CommandLine) -> None:
    ended = ventuno("keys", "create", "ci", "--role", "ADMIN")

    assert require_role({"x-api-key": ended.out.strip()}, Role.ADMIN, ventuno.world.services).name == "ci"
    assert 'created the key "ci"' in ended.err


def test_listed_keys_show_neither_token_nor_hash(ventuno: CommandLine) -> None:
    assert "keys create" in ventuno("keys", "list").out
    token = ventuno("keys", "create", "ci", "--role", "viewer").out.strip()
    ended = ventuno("keys", "list", "--json")

    assert ended.value["keys"][0].keys() == {"id", "name", "role", "createdAt"}
    assert token not in ended.out + ventuno("keys", "list").out


@pytest.mark.parametrize("words", [["ci"], ["ci", "--role", "owner"], [" ", "--role", "admin"]])
def test_a_key_needs_a_name_and_a_role(ventuno: CommandLine, words: list[str]) -> None:
    assert ventuno("keys", "create", *words).code == 2


def test_a_record_is_created_changed_deleted_and_brought_back(ventuno: CommandLine) -> None:
    made = ventuno("records", "create", "people", '{"jobTitle": "CTO"}', "--json").value["data"]["person"]
    update = ("records", "update", "person", made["id"], '{"jobTitle": null}', "--json")
    changed = ventuno(*update).value["data"]["person"]
    deleted = ventuno("records", "delete", "person", made["id"], "--json").value["data"]["person"]
    ventuno("records", "restore", "person", made["id"])
    back = ventuno("records", "get", "person", made["id"], "--json").value["data"]["person"]

    assert made["createdBy"]["source"] == "MANUAL"
    assert (made["jobTitle"], changed["jobTitle"], back["jobTitle"]) == ("CTO", None, None)
    assert deleted["deletedAt"] is not None
    assert ventuno("records", "delete", "person", made["id"], "--for-good").code == 0
    assert ventuno("records", "get", "person", made["id"]).code == 1


def test_an_upsert_and_a_key_make_no_second_record(ventuno: CommandLine) -> None:
    given = '{"emails": {"primaryEmail": "ada@example.com"}}'
    upserted = [ventuno("records", "create", "person", given, "--upsert", "--json").value for _ in range(2)]
    keyed = [ventuno("records", "create", "note", "{}", "--key", "k", "--json").value for _ in range(2)]

    assert upserted[0]["data"]["person"]["id"] == upserted[1]["data"]["person"]["id"]
    assert keyed[0]["data"] == keyed[1]["data"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{", "no JSON"),
        ("[]", "JSON object"),
        ('{"jobTitel": "x"}', "jobTitle"),
        ('{"jobTitle": 1}', "jobTitle"),
    ],
)
def test_a_wrong_write_is_refused_with_a_sentence(ventuno: CommandLine, given: str, told: str) -> None:
    ended = ventuno("records", "create", "person", given)

    assert ended.code != 0
    assert told in ended.err
