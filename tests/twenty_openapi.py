"""The OpenAPI document of companies and people as Twenty publishes it, in what clients depend on.

Source: reference §10.6 and §10.2
"""

from __future__ import annotations

from typing import Any

NULLABLE_TEXT = {"type": ["string", "null"]}
ID = {"type": "string", "format": "uuid"}
LINKS = {
    "type": "object",
    "properties": {
        "primaryLinkLabel": NULLABLE_TEXT,
        "primaryLinkUrl": NULLABLE_TEXT,
        "secondaryLinks": {"type": ["array", "null"]},
    },
}
COMPANY = {
    "name": NULLABLE_TEXT,
    "domainName": LINKS,
    "linkedinLink": LINKS,
    "annualRevenue": {
        "type": "object",
        "properties": {"amountMicros": {"type": ["number", "null"]}, "currencyCode": NULLABLE_TEXT},
    },
    "address": {"type": "object", "properties": {"addressCity": NULLABLE_TEXT}},
    "accountOwnerId": NULLABLE_TEXT,
}
PERSON = {
    "name": {"type": "object", "properties": {"firstName": NULLABLE_TEXT, "lastName": NULLABLE_TEXT}},
    "emails": {
        "type": "object",
        "properties": {"primaryEmail": NULLABLE_TEXT, "additionalEmails": {"type": ["array", "null"]}},
    },
    "phones": {
        "type": "object",
        "properties": {
            "primaryPhoneNumber": NULLABLE_TEXT,
            "primaryPhoneCountryCode": NULLABLE_TEXT,
            "primaryPhoneCallingCode": NULLABLE_TEXT,
            "additionalPhones": {"type": ["array", "null"]},
        },
    },
    "jobTitle": NULLABLE_TEXT,
    "companyId": NULLABLE_TEXT,
}
OBJECTS = (("company", "companies", COMPANY), ("person", "people", PERSON))
QUERY = {
    "order_by": {"type": "string"},
    "filter": {"type": "string"},
    "limit": {"type": "integer"},
    "depth": {"type": "integer", "enum": [0, 1]},
    "starting_after": {"type": "string"},
    "ending_before": {"type": "string"},
    "upsert": {"type": "boolean"},
    "soft_delete": {"type": "boolean"},
}
LISTING = ("order_by", "filter", "limit", "depth", "starting_after", "ending_before")
PAGE_INFO = {
    "type": "object",
    "properties": {
        "hasNextPage": {"type": "boolean"},
        "startCursor": {"type": "string"},
        "endCursor": {"type": "string"},
    },
    "required": ["hasNextPage", "startCursor", "endCursor"],
}


def document() -> dict[str, Any]:
    """Return the document."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for name, plural, fields in OBJECTS:
        paths |= _paths(_capital(name), _capital(plural), name, plural)
        base = {"id": ID, "createdAt": {"type": "string"}, "updatedAt": {"type": "string"}}
        schemas[_capital(name)] = {"type": "object", "properties": fields}
        schemas[f"{_capital(name)}ForUpdate"] = {"type": "object", "properties": fields}
        schemas[f"{_capital(name)}ForResponse"] = {
            "type": "object",
            "properties": base | fields,
            "required": [*base, *fields],
        }
    return {
        "openapi": "3.1.1",
        "servers": [{"url": "/rest"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _paths(one: str, many: str, name: str, plural: str) -> dict[str, Any]:
    record, new = _ref(f"{one}ForResponse"), _ref(one)
    records = {"type": "array", "items": record}
    found = _object(data=_object(**{plural: records}), pageInfo=PAGE_INFO, totalCount={"type": "integer"})
    read, created = _object(data=_object(**{name: record})), _object(data=_object(**{f"create{one}": record}))
    batch = _object(data=_object(**{f"create{many}": records}))
    updated = _object(data=_object(**{f"update{one}": record}))
    deleted = _object(data=_object(**{f"delete{one}": _object(id=ID)}))
    return {
        f"/{plural}": {
            "get": _call(f"findMany{many}", "200", found, *LISTING),
            "post": _call(f"createOne{one}", "201", created, "depth", "upsert", body=new),
        },
        f"/batch/{plural}": {
            "post": _call(
                f"createMany{many}", "201", batch, "depth", "upsert", body={"type": "array", "items": new}
            )
        },
        f"/{plural}/{{id}}": {
            "get": _call(f"findOne{one}", "200", read, "id", "depth"),
            "patch": _call(f"UpdateOne{one}", "200", updated, "id", "depth", body=_ref(f"{one}ForUpdate")),
            "delete": _call(f"deleteOne{one}", "200", deleted, "id", "soft_delete"),
        },
    }


def _call(
    operation: str,
    status: str,
    answer: dict[str, Any],
    *parameters: str,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    call: dict[str, Any] = {
        "operationId": operation,
        "parameters": [_parameter(name) for name in parameters],
        "responses": {status: {"content": {"application/json": {"schema": answer}}}},
    }
    return call | ({"requestBody": {"content": {"application/json": {"schema": body}}}} if body else {})


def _parameter(name: str) -> dict[str, Any]:
    if name == "id":
        return {"name": name, "in": "path", "required": True, "schema": ID}
    return {"name": name, "in": "query", "schema": QUERY[name]}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
