"""The record API on the real stack: over HTTP, through the function, its role and the tables."""

from __future__ import annotations

import base64
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests import twenty_openapi
from tests.openapi_client import OpenApiClient
from tests.wrong_values import OF_BASE_FIELDS, WRONG, field_name, specimen
from ventuno.access.model import Role
from ventuno.runtime.access import create_key
from ventuno_dev.connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import RunningStack

pytestmark = pytest.mark.e2e

AT_ONCE = 24
UPSERTS = 200


@dataclass(frozen=True, slots=True)
class Rest:
    """Calls of a running stack with an administrator's key."""

    host: str
    http: httpx.Client
    token: str

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> tuple[int, Any]:  # noqa: ANN401  any JSON
        sent = {"authorization": f"Bearer {self.token}", **headers}
        answer = self.http.request(method, f"{self.host}{address}", json=body, headers=sent)
        return answer.status_code, answer.json()

    def created(self, plural: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
        status, body = self("POST", f"/rest/{plural}", fields)
        assert status == 201, body
        (record,) = body["data"].values()
        return dict(record)


@pytest.fixture(scope="session")
def rest(stack: RunningStack) -> Iterator[Rest]:
    _, token = create_key("rest tests", Role.ADMIN, connect(stack.target).services)
    with httpx.Client(timeout=30, limits=httpx.Limits(max_connections=AT_ONCE)) as http:
        yield Rest(stack.api_url, http, token)


@pytest.fixture(params=["ours", "twenty"])
def client(request: pytest.FixtureRequest, rest: Rest) -> OpenApiClient:
    ours = request.param == "ours"
    document = rest("GET", "/open-api.json")[1] if ours else twenty_openapi.document()
    return OpenApiClient(document, rest.host, rest.http, rest.token)


def test_a_client_made_of_the_api_description_keeps_companies_and_people(client: OpenApiClient) -> None:
    domain = f"https://{uuid.uuid4().hex}.example"
    company = {"name": "Acme", "domainName": {"primaryLinkUrl": domain}}
    made = client("createOneCompany", company)["data"]["createCompany"]
    again = client("createOneCompany", {**company, "name": "Acme Ltd"}, upsert=True)["data"]["createCompany"]
    team = [{"name": {"lastName": name}, "companyId": made["id"]} for name in ("Hopper", "Lovelace", "Curie")]
    people = client("createManyPeople", team)["data"]["createPeople"]
    mine = {
        "filter": f'companyId[eq]:"{made["id"]}",name.lastName[ilike]:"%o%"',
        "order_by": "name.lastName[DescNullsLast]",
        "limit": 1,
    }
    first = client("findManyPeople", **mine)
    second = client("findManyPeople", **mine, starting_after=first["pageInfo"]["endCursor"])
    back = client("findManyPeople", **mine, ending_before=second["pageInfo"]["startCursor"])
    changed = client("UpdateOnePerson", {"jobTitle": "CTO"}, id=people[0]["id"])["data"]["updatePerson"]
    deep = client("findOnePerson", id=people[0]["id"], depth=1)["data"]["person"]
    gone = client("deleteOnePerson", id=people[0]["id"])["data"]["deletePerson"]
    left = client("findManyPeople", filter=f'companyId[eq]:"{made["id"]}"')

    assert (again["id"], again["name"]) == (made["id"], "Acme Ltd")
    pages = [page["data"]["people"] for page in (first, second, back)]
    assert [[person["name"]["lastName"] for person in page] for page in pages] == [
        ["Lovelace"],
        ["Hopper"],
        ["Lovelace"],
    ]
    assert [page["totalCount"] for page in (first, second, back)] == [2, 2, 2]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]
    assert (changed["jobTitle"], deep["company"]["name"], gone["id"]) == ("CTO", "Acme Ltd", people[0]["id"])
    assert left["totalCount"] == 2


def test_a_stored_file_is_downloaded_as_it_was_and_deleted(rest: Rest) -> None:
    content = bytes(range(256)) * 100
    sent = {"name": "Grüße.json", "base64": base64.b64encode(content).decode()}
    file_id = rest("POST", "/files", sent)[1]["data"]["createFile"]["fileId"]
    address = f"{rest.host}/files/{file_id}"
    answer = rest.http.get(address, headers={"authorization": f"Bearer {rest.token}"})

    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert rest.http.get(address).status_code == 401
    assert [rest("DELETE", f"/files/{file_id}")[0] for _ in range(2)] == [200, 404]


def test_every_wrong_value_is_refused_with_its_field_and_reason(rest: Rest) -> None:
    status, body = rest("POST", "/metadata/objects", specimen())
    assert status in {201, 409}, body
    answers = [
        (field_name(name), reason, rest("POST", "/rest/specimens", {field_name(name): value}))
        for name, value, reason in WRONG
    ]
    answers += [
        (field, reason, rest("POST", "/rest/people", {field: value}))
        for field, value, reason in OF_BASE_FIELDS
    ]

    for field, reason, (answered, told) in answers:
        assert (answered, told["statusCode"], told["error"]) == (400, 400, "Bad Request"), (field, told)
        assert field in told["messages"][0]
        assert reason in told["messages"][0]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("filter=nmae[eq]:x", "did you mean name?"),
        ("filter=name[eq", "at character"),
        ("filter=createdAt[gt]:soon", "must be a date and time"),
        ("order_by=name[Up]", "direction Up"),
        ("limit=201", "limit must be"),
        ("starting_after=x", "The cursor"),
        ("starting_after=eyJ4IjoxfQ==", "The cursor"),
        ("depth=2", "depth must be"),
        ("fitler=x", "no parameter"),
    ],
)
def test_a_wrong_query_is_refused_with_its_reason(rest: Rest, query: str, message: str) -> None:
    status, body = rest("GET", f"/rest/companies?{query}")

    assert status == 400
    assert message in body["messages"][0]


def test_pages_hold_every_record_once_while_others_are_added(rest: Rest) -> None:
    title = uuid.uuid4().hex
    batch = [{"title": title, "position": number} for number in range(25)]
    assert rest("POST", "/rest/batch/notes", batch)[0] == 201
    listing = f"/rest/notes?filter=title[eq]:{title}&order_by=position[DescNullsLast]&limit=10"
    seen: list[int] = []
    cursor = ""
    while True:
        page = rest("GET", f"{listing}{cursor}")[1]
        seen += [note["position"] for note in page["data"]["notes"]]
        rest.created("notes", title=title, position=1000 + len(seen))
        if not page["pageInfo"]["hasNextPage"]:
            break
        cursor = f"&starting_after={page['pageInfo']['endCursor']}"

    assert seen == list(range(24, -1, -1))


def test_two_hundred_upserts_at_once_make_one_record(rest: Rest) -> None:
    email = f"{uuid.uuid4().hex}@example.com"

    def upsert(number: int) -> tuple[int, Any]:
        person = {"emails": {"primaryEmail": email}, "jobTitle": f"title {number}"}
        return rest("POST", "/rest/people?upsert=true", person)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(upsert, range(UPSERTS)))
    found = rest("GET", f'/rest/people?filter=emails.primaryEmail[eq]:"{email}"')[1]

    assert {status for status, _ in answers} == {201}, [body for status, body in answers if status != 201][:3]
    assert len({body["data"]["createPerson"]["id"] for _, body in answers}) == 1
    assert found["totalCount"] == 1


def test_updates_of_one_record_at_once_lose_nothing_or_answer_409(rest: Rest) -> None:
    company = rest.created("companies", name="Acme")
    changes: list[dict[str, Any]] = [
        *({"address": {f"address{part}": f"{part} 1"}} for part in ("City", "State", "Country", "Postcode")),
        {"name": "Acme Ltd"},
        {"annualRevenue": {"amountMicros": 5_000_000}},
        {"annualRevenue": {"currencyCode": "EUR"}},
        {"linkedinLink": {"primaryLinkUrl": "https://linkedin.example/acme"}},
    ]

    def update(change: dict[str, Any]) -> int:
        return rest("PATCH", f"/rest/companies/{company['id']}", change)[0]

    with ThreadPoolExecutor(len(changes)) as pool:
        statuses = list(pool.map(update, changes))
    stored = rest("GET", f"/rest/companies/{company['id']}")[1]["data"]["company"]
    kept = [_holds(stored, change) for change in changes]

    assert set(statuses) <= {200, 409}
    assert [status == 200 for status in statuses] == kept


def test_a_batch_of_two_hundred_is_written_once_however_often_it_is_sent(rest: Rest) -> None:
    title = uuid.uuid4().hex
    batch = [{"title": title} for _ in range(200)]
    key = {"Idempotency-Key": title}
    first, second = (rest("POST", "/rest/batch/notes", batch, **key) for _ in range(2))
    found = rest("GET", f"/rest/notes?filter=title[eq]:{title}&limit=0")[1]

    assert first == second
    assert (first[0], found["totalCount"]) == (201, 200)


def _holds(stored: Any, change: Any) -> bool:  # noqa: ANN401  any JSON
    if isinstance(change, dict):
        return all(_holds(stored[name], part) for name, part in change.items())
    return bool(stored == change)
