"""The record API in the reference's shape. Source: reference §10.6"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

ABSENT = "00000000-0000-4000-8000-000000000000"


def names(body: Any) -> list[str]:  # noqa: ANN401  any JSON
    return [record["name"] for record in body["data"]["companies"]]


def test_a_company_lives_through_every_call(api: Api) -> None:
    status, created = api("POST", "/rest/companies", {"name": "Acme"})
    record_id = created["data"]["createCompany"]["id"]
    read = api("GET", f"/rest/companies/{record_id}")
    updated = api("PATCH", f"/rest/companies/{record_id}", {"name": "Acme Ltd"})
    replaced = api("PUT", f"/rest/companies/{record_id}", {"name": "Acme Inc"})
    deleted = api("DELETE", f"/rest/companies/{record_id}?soft_delete=true")
    gone = api("GET", f"/rest/companies/{record_id}")
    restored = api("PATCH", f"/rest/restore/companies/{record_id}")
    destroyed = api("DELETE", f"/rest/companies/{record_id}")
    lost = api("PATCH", f"/rest/restore/companies/{record_id}")

    assert (status, created["data"]["createCompany"]["createdBy"]["source"]) == (201, "API")
    assert created["data"]["createCompany"]["createdBy"]["name"] == "editor key"
    assert read == (200, {"data": {"company": created["data"]["createCompany"]}})
    assert updated[1]["data"]["updateCompany"]["name"] == "Acme Ltd"
    assert replaced[1]["data"]["updateCompany"]["name"] == "Acme Inc"
    assert (deleted[1]["softDelete"], deleted[1]["data"]["deleteCompany"]["id"]) == (True, record_id)
    assert restored[1]["data"]["restoreCompany"]["deletedAt"] is None
    assert (destroyed[0], destroyed[1]["softDelete"]) == (200, False)
    assert [gone[0], lost[0]] == [404, 404]


def test_records_are_listed_page_by_page_in_both_directions(api: Api) -> None:
    for name in ("b", "d", "a", "e", "c"):
        api.created("companies", name=name)
    listing = "/rest/companies?order_by=name[DescNullsLast]&limit=2"
    first = api("GET", listing, role=Role.VIEWER)[1]
    second = api("GET", f"{listing}&starting_after={first['pageInfo']['endCursor']}")[1]
    back = api("GET", f"{listing}&ending_before={second['pageInfo']['startCursor']}")[1]

    assert [names(page) for page in (first, second, back)] == [["e", "d"], ["c", "b"], ["e", "d"]]
    assert {page["totalCount"] for page in (first, second, back)} == {5}
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    assert (back["pageInfo"]["hasNextPage"], back["pageInfo"]["hasPreviousPage"]) == (True, False)


def test_a_list_holds_sixty_records_when_no_limit_is_given(api: Api) -> None:
    status, body = api("POST", "/rest/batch/companies", [{"name": str(number)} for number in range(61)])
    listed = api("GET", "/rest/companies")[1]

    assert (status, len(body["data"]["createCompanies"])) == (201, 61)
    assert (len(names(listed)), listed["totalCount"]) == (60, 61)
    assert len(names(api("GET", "/rest/companies?limit=200")[1])) == 61


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ('name[ilike]:"%ACME%"', ["Acme", "Acme Two"]),
        ("name[eq]:Acme", ["Acme"]),
        ("annualRevenue.amountMicros[gte]:2000000", ["Acme Two", "Globex"]),
        ("or(name[startsWith]:Glo,annualRevenue.amountMicros[lt]:2000000)", ["Acme", "Globex"]),
        ("not(name[in]:[Acme,Globex])", ["Acme Two"]),
        ("name[neq]:Acme,annualRevenue.amountMicros[is]:NOT_NULL", ["Acme Two", "Globex"]),
    ],
)
def test_records_are_filtered(api: Api, filter_: str, expected: list[str]) -> None:
    for number, name in enumerate(("Acme", "Acme Two", "Globex"), 1):
        api.created("companies", name=name, annualRevenue={"amountMicros": number * 1_000_000})
    status, body = api("GET", f"/rest/companies?filter={quote(filter_)}")

    assert (status, names(body)) == (200, expected)


def test_an_explained_list_tells_that_it_scanned(api: Api) -> None:
    api.created("opportunities", name="Deal", stage="NEW")
    scanned = api("GET", f"/rest/opportunities?explain=true&filter={quote('name[ilike]:%25ea%25')}")[1]
    indexed = api("GET", "/rest/opportunities?explain=true&filter=stage[eq]:NEW")[1]

    assert (scanned["explain"]["way"], scanned["explain"]["scanned"]) == ("SCAN", True)
    assert (indexed["explain"]["way"], indexed["explain"]["scanned"]) == ("INDEX", False)


def test_a_list_without_a_total_says_so_by_leaving_it_out(api: Api) -> None:
    api.created("companies", name="Acme")
    status, body = api("GET", "/rest/companies?count=false&explain=true")

    assert (status, names(body), "totalCount" in body) == (200, ["Acme"], False)
    assert body["explain"]["complete"] is True


def test_depth_one_brings_the_related_records(api: Api) -> None:
    company = api.created("companies", name="Acme")
    person = api.created("people", name={"firstName": "Ada"}, companyId=company["id"])
    flat = api("GET", f"/rest/people/{person['id']}")[1]["data"]["person"]
    deep = api("GET", f"/rest/people/{person['id']}?depth=1")[1]["data"]["person"]
    backward = api("GET", "/rest/companies?depth=1")[1]["data"]["companies"][0]

    assert "company" not in flat
    assert deep["company"] == company
    assert backward["people"] == [person]
    assert (backward["accountOwner"], backward["opportunities"]) == (None, [])


def test_an_upsert_updates_what_has_the_unique_value(api: Api) -> None:
    first = api.created("people", emails={"primaryEmail": "ada@example.com"})
    again = {"emails": {"primaryEmail": "ADA@example.com"}, "jobTitle": "CTO"}
    status, body = api("POST", "/rest/people?upsert=true", again)
    refused = api("POST", "/rest/people", again)
    many = api("POST", "/rest/batch/people?upsert=true", [again, {"jobTitle": "CEO"}])

    assert (status, body["data"]["createPerson"]["id"]) == (201, first["id"])
    assert body["data"]["createPerson"]["jobTitle"] == "CTO"
    assert (refused[0], refused[1]["code"]) == (409, "CONFLICT")
    assert [person["jobTitle"] for person in many[1]["data"]["createPeople"]] == ["CTO", "CEO"]


def test_a_write_with_an_idempotency_key_happens_once(api: Api) -> None:
    key = {"Idempotency-Key": "order-7"}
    batch = {"Idempotency-Key": "order-8"}
    first, second = (api("POST", "/rest/companies", {"name": "Acme"}, headers=key) for _ in range(2))
    one, two = (
        api("POST", "/rest/batch/companies", [{"name": "a"}, {"name": "b"}], headers=batch) for _ in range(2)
    )
    other = api("POST", "/rest/companies", {"name": "Acme"}, headers=key, role=Role.ADMIN)

    assert first == second
    assert one == two
    assert other[1]["data"]["createCompany"]["id"] != first[1]["data"]["createCompany"]["id"]
    assert api("GET", "/rest/companies")[1]["totalCount"] == 4


@pytest.mark.parametrize(
    ("batch", "status", "message"),
    [
        ([{"name": "a"}, {"nmae": "b"}], 400, r"[1] Cannot write company: nmae is not a field"),
        (
            [{"domainName": {"primaryLinkUrl": "a.example"}}] * 2,
            409,
            "[1] has the id or unique values of [0]",
        ),
        (
            [{"name": "a"}, {"domainName": {"primaryLinkUrl": "taken.example"}}],
            409,
            "[1] There is already a company",
        ),
        ([], 400, "1 to 200 records, not 0"),
        ([{"name": "a"}] * 201, 400, "1 to 200 records, not 201"),
        ({"name": "a"}, 400, "must be a list"),
        ([1], 400, "must be a list"),
    ],
)
def test_a_wrong_batch_writes_nothing(api: Api, batch: Any, status: int, message: str) -> None:  # noqa: ANN401  any JSON
    api.created("companies", domainName={"primaryLinkUrl": "taken.example"})
    answered, body = api("POST", "/rest/batch/companies", batch)

    assert answered == status
    assert message in body["messages"][0]
    assert api("GET", "/rest/companies")[1]["totalCount"] == 1


@pytest.mark.parametrize("query", ["", "?upsert=true"])
def test_a_batch_with_a_relation_to_nothing_writes_nothing(api: Api, query: str) -> None:
    status, body = api("POST", f"/rest/batch/people{query}", [{"jobTitle": "CTO"}, {"companyId": ABSENT}])

    assert status == 400
    assert "[1] Cannot write person: companyId points to no record" in body["messages"][0]
    assert api("GET", "/rest/people")[1]["totalCount"] == 0


def test_duplicates_share_a_name_or_a_unique_value(api: Api) -> None:
    one, two = (api.created("companies", name="Acme") for _ in range(2))
    other = api.created("companies", name="Globex", domainName={"primaryLinkUrl": "globex.example"})
    by_id = api("POST", "/rest/companies/duplicates", {"ids": [one["id"], other["id"]]})[1]["data"]
    data = [{"domainName": {"primaryLinkUrl": "GLOBEX.example/"}}]
    by_data = api("POST", "/rest/companies/duplicates", {"data": data}, role=Role.VIEWER)[1]["data"]

    assert [[found["id"] for found in item["companyDuplicates"]] for item in by_id] == [[two["id"]], []]
    assert [[found["id"] for found in item["companyDuplicates"]] for item in by_data] == [[other["id"]]]


def test_duplicates_are_merged(api: Api) -> None:
    one = api.created("companies", name="Acme")["id"]
    two = api.created("companies", name="Acme", address={"addressCity": "Turin"})["id"]
    merge = {"ids": [one, two], "conflictPriorityIndex": 0}
    viewer = api("PATCH", "/rest/companies/merge", merge, role=Role.VIEWER)[0]
    shown = api("PATCH", "/rest/companies/merge", {**merge, "dryRun": True})[1]["data"]["mergeCompanies"]
    before = api("GET", "/rest/companies")[1]["totalCount"]
    status, body = api("PATCH", "/rest/companies/merge?depth=1", merge)
    merged = body["data"]["mergeCompanies"]

    assert (viewer, status, before) == (403, 200, 2)
    assert shown["address"]["addressCity"] == merged["address"]["addressCity"] == "Turin"
    assert (merged["id"], merged["people"]) == (one, [])
    assert api("GET", "/rest/companies")[1]["totalCount"] == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"ids": [ABSENT]}, "conflictPriorityIndex"),
        ({"ids": [1, 2], "conflictPriorityIndex": 0}, "a list of texts"),
        ({"ids": ABSENT, "conflictPriorityIndex": 0}, "a list of texts"),
        ({"ids": [ABSENT], "conflictPriorityIndex": True}, "conflictPriorityIndex must be"),
        ({"ids": [ABSENT], "conflictPriorityIndex": 0}, "2 to 10 different records"),
        ({"ids": [ABSENT], "conflictPriorityIndex": 0, "dryRun": 1}, "dryRun must be"),
        ({"ids": [ABSENT], "conflictPriorityIndex": 0, "x": 1}, "the body must have"),
    ],
)
def test_a_wrong_merge_is_refused(api: Api, body: Any, message: str) -> None:  # noqa: ANN401  any JSON
    status, told = api("PATCH", "/rest/companies/merge", body)

    assert status == 400
    assert message in told["messages"][0]


def test_records_are_grouped_and_their_numbers_added(api: Api) -> None:
    for stage, amount in (("NEW", 1), ("NEW", 3), ("MEETING", None)):
        api.created("opportunities", stage=stage, amount={"amountMicros": amount})
    stage = quote('[{"stage":true}]')
    sums = quote('["totalCount","sumAmountAmountMicros","avgAmountAmountMicros"]')
    status, groups = api("GET", f"/rest/opportunities/groupBy?group_by={stage}&aggregate={sums}")

    assert status == 200
    assert groups == [
        {
            "groupByDimensionValues": ["NEW"],
            "totalCount": 2,
            "sumAmountAmountMicros": 4,
            "avgAmountAmountMicros": 2,
        },
        {
            "groupByDimensionValues": ["MEETING"],
            "totalCount": 1,
            "sumAmountAmountMicros": None,
            "avgAmountAmountMicros": None,
        },
    ]


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "/rest/companies", {}),
        ("POST", "/rest/batch/companies", [{}]),
        ("PATCH", f"/rest/companies/{ABSENT}", {}),
        ("PUT", f"/rest/companies/{ABSENT}", {}),
        ("DELETE", f"/rest/companies/{ABSENT}", None),
        ("PATCH", f"/rest/restore/companies/{ABSENT}", None),
    ],
)
def test_only_editors_write(api: Api, method: str, address: str, body: Any) -> None:  # noqa: ANN401  any JSON
    statuses = [api(method, address, body, role=role)[0] for role in (None, Role.VIEWER, Role.RUNNER)]

    assert statuses == [401, 403, 403]


@pytest.mark.parametrize(
    "address", ["/rest/companies", f"/rest/companies/{ABSENT}", "/rest/companies/groupBy?group_by=[]"]
)
def test_nobody_reads_without_a_key(api: Api, address: str) -> None:
    assert api("GET", address, role=None)[0] == 401


@pytest.mark.parametrize(
    ("method", "address", "body", "message"),
    [
        ("GET", "/rest/companies?limit=201", None, "limit must be"),
        ("GET", "/rest/companies?limit=-1", None, "limit must be"),
        ("GET", "/rest/companies?depth=2", None, "depth must be"),
        ("GET", "/rest/companies?fitler=name[eq]:x", None, '"fitler" is no parameter'),
        ("GET", "/rest/companies?filter=name", None, "at character 5"),
        ("GET", "/rest/companies?filter=nmae[eq]:x", None, "did you mean name?"),
        ("GET", "/rest/companies?filter=createdAt[gt]:soon", None, "createdAt must be a date and time"),
        ("GET", "/rest/companies?order_by=name[up]", None, "direction up for name"),
        ("GET", "/rest/companies?order_by=,", None, "order_by has ''"),
        ("GET", "/rest/companies?order_by=company", None, "cannot be ordered by"),
        ("GET", "/rest/companies?starting_after=x", None, "The cursor"),
        ("GET", "/rest/companies/groupBy?group_by=stage", None, "must be a JSON list"),
        ("GET", '/rest/companies/groupBy?group_by=["nmae"]', None, "did you mean name?"),
        ("GET", "/rest/companies/groupBy?group_by=[1]", None, "group_by must be like"),
        ("GET", '/rest/companies/groupBy?group_by=["name"]&aggregate=["sumName"]', None, "company has total"),
        ("POST", "/rest/companies", '{"name": "a"', "the body is not JSON"),
        ("POST", "/rest/companies", [], "must be an object of fields"),
        ("POST", "/rest/companies", {"name": 5}, "name must be text, not a number"),
        ("POST", "/rest/companies?upsert=maybe", {}, "upsert must be true or false"),
        ("POST", "/rest/companies", {"deletedAt": "2026-01-01"}, "deletedAt is set by the system"),
        ("POST", "/rest/companies/duplicates", {"ids": [], "data": []}, 'either "data" or "ids"'),
        ("POST", "/rest/companies/duplicates", {"ids": [1]}, "list of texts"),
    ],
)
def test_bad_input_is_refused_with_its_reason(
    api: Api,
    method: str,
    address: str,
    body: Any,  # noqa: ANN401  any JSON
    message: str,
) -> None:
    status, answer = api(method, address, body)

    assert (status, answer["statusCode"], answer["error"]) == (400, 400, "Bad Request")
    assert message in " ".join(answer["messages"])


@pytest.mark.parametrize("address", ["/rest/unicorns", "/rest/companies/x", f"/rest/companies/{ABSENT}"])
def test_what_does_not_exist_is_not_found(api: Api, address: str) -> None:
    assert api("GET", address)[0] == 404


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["id", "name", "emails", "phones", "jobTitle", "companyId", "position", "createdBy", "x"]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(FIELDS, JSON, max_size=4) | JSON, upsert=st.booleans())
def test_no_body_makes_the_api_fail(api: Api, body: Any, *, upsert: bool) -> None:  # noqa: ANN401  any JSON
    query = "?upsert=true" if upsert else ""

    assert api("POST", f"/rest/people{query}", body)[0] in {201, 400, 409}
    assert api("POST", f"/rest/batch/people{query}", [body])[0] in {201, 400, 409}
    assert api("POST", "/rest/people/duplicates", body)[0] in {200, 400}
    assert api("PATCH", f"/rest/people/{uuid.UUID(int=5)}", body)[0] in {400, 404}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(
            [
                "filter",
                "order_by",
                "limit",
                "depth",
                "starting_after",
                "ending_before",
                "group_by",
                "aggregate",
            ]
        ),
        st.text(max_size=12) | st.sampled_from(["name[eq]:x", "name", "[1]", '["name"]', "5", "null", "1e9"]),
        max_size=3,
    )
)
def test_no_query_makes_the_api_fail(api: Api, query: dict[str, str]) -> None:
    address = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in query.items())

    assert api("GET", f"/rest/people?{address}")[0] in {200, 400}
    assert api("GET", f"/rest/people/groupBy?{address}")[0] in {200, 400}


def test_the_api_description_is_public_and_covers_every_object(api: Api) -> None:
    status, document = api("GET", "/open-api.json", role=None)
    listed = document["paths"]["/companies"]["get"]

    assert (status, document["openapi"]) == (200, "3.1.0")
    assert {parameter["name"] for parameter in listed["parameters"]} >= {
        "filter",
        "order_by",
        "starting_after",
    }
    assert set(document["paths"]["/people/{id}"]) == {"get", "patch", "put", "delete"}
    assert document["components"]["schemas"]["Opportunity"]["properties"]["stage"]["enum"][0] == "NEW"
    assert "createdAt" not in document["components"]["schemas"]["PersonForUpdate"]["properties"]
    operations = [call["operationId"] for path in document["paths"].values() for call in path.values()]
    assert len(operations) == len(set(operations))
    assert {"findManyCompanies", "createOnePerson", "UpdateOnePerson", "deleteOneTask"} < set(operations)
