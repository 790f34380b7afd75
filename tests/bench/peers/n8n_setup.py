"""The 5-step workflow in n8n: webhook, Filter, upsert of a row, Code, update of the row."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import httpx

OWNER: Final = {"email": "owner@example.com", "firstName": "A", "lastName": "B", "password": "Only4loopback"}
COLUMNS: Final = [{"name": name, "type": "string"} for name in ("name", "email", "title")]


def installed_workflow(address: str) -> str:
    """Make the owner, the table and the workflow of a fresh n8n, activate it, and return its id."""
    with httpx.Client(base_url=f"{address}/rest", timeout=30) as http:
        _answer(http.post("/owner/setup", json=OWNER))
        project = _answer(http.get("/projects/personal"))["id"]
        tables = f"/projects/{project}/data-tables"
        table = _answer(http.post(tables, json={"name": "people", "columns": COLUMNS}))["id"]
        workflow = _answer(http.post("/workflows", json=_workflow(table)))
        body = {"versionId": workflow["versionId"]}
        _answer(http.post(f"/workflows/{workflow['id']}/activate", json=body))
        return str(workflow["id"])


def _answer(response: httpx.Response) -> Any:  # noqa: ANN401 - n8n's JSON
    if response.is_error:
        raise SystemExit(f"n8n refused {response.url.path}: {response.text[:500]}")
    return response.json()["data"]


def _workflow(table: str) -> dict[str, Any]:
    nodes = [
        _node("Webhook", "webhook", 2.1, httpMethod="POST", path="five", responseMode="lastNode"),
        _node("Wanted", "filter", 2.2, conditions=_contains("={{ $json.body.email }}", "@")),
        _row(table, "Person", "upsert", "={{ $json.body.email }}", {"name": "={{ $json.body.name }}"}),
        _node(
            "Title", "code", 2, jsCode="return [{ json: { title: $input.first().json.name.toUpperCase() } }];"
        ),
        _row(
            table,
            "Update",
            "update",
            "={{ $('Person').first().json.email }}",
            {"title": "={{ $json.title }}"},
        ),
    ]
    names = [node["name"] for node in nodes]
    links = {
        source: {"main": [[{"node": target, "type": "main", "index": 0}]]}
        for source, target in pairwise(names)
    }
    return {"name": "Five steps", "nodes": nodes, "connections": links, "settings": {}, "active": False}


def _node(name: str, kind: str, version: float, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - author JSON
    webhook = {"webhookId": "five"} if kind == "webhook" else {}
    return {
        "id": name.lower(),
        "name": name,
        "type": f"n8n-nodes-base.{kind}",
        "typeVersion": version,
        "position": [0, 0],
        "parameters": parameters,
        **webhook,
    }


def _contains(left: str, right: str) -> dict[str, Any]:
    operator = {"type": "string", "operation": "contains"}
    condition = {"id": "1", "leftValue": left, "rightValue": right, "operator": operator}
    options = {"caseSensitive": True, "leftValue": "", "typeValidation": "strict", "version": 2}
    return {"options": options, "conditions": [condition], "combinator": "and"}


def _row(table: str, name: str, operation: str, email: str, values: dict[str, str]) -> dict[str, Any]:
    """Write a row with this e-mail address; an upsert makes it where there is none."""
    made = {"email": email} if operation == "upsert" else {}
    return _node(
        name,
        "dataTable",
        1,
        resource="row",
        operation=operation,
        dataTableId={"__rl": True, "mode": "id", "value": table},
        matchType="allConditions",
        filters={"conditions": [{"keyName": "email", "condition": "eq", "keyValue": email}]},
        columns={"mappingMode": "defineBelow", "value": {**made, **values}, "matchingColumns": []},
    )
