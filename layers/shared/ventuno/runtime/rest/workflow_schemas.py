"""The schemas of what calls about workflows take and give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.runtime.limiting import MOST

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

_NUMBER: Final[JsonObject] = {"type": "integer", "minimum": 1}
_TEXT: Final[JsonObject] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonObject] = {"type": ["string", "null"]}
_NUMBER_OR_NULL: Final[JsonObject] = {"type": ["integer", "null"]}


def _object(needed: JsonObject, known: JsonObject | None = None, *, closed: bool = False) -> JsonObject:
    shape: JsonObject = {"type": "object", "properties": {**needed, **(known or {})}, "required": [*needed]}
    return {**shape, "additionalProperties": False} if closed else shape


def _list(items: JsonObject) -> JsonObject:
    return {"type": "array", "items": items}


DEFINITION: Final[JsonObject] = _object(
    {"name": _TEXT, "trigger": {"type": "object"}, "steps": {"type": "array"}}
)
FINDING: Final[JsonObject] = _object(
    {"code": _TEXT, "severity": _TEXT, "path": _TEXT, "message": _TEXT}, {"suggestion": _TEXT_OR_NULL}
)
LIMITS: Final[JsonObject] = _object(
    {},
    {name: {"type": ["integer", "null"], "minimum": 1, "maximum": most} for name, most in MOST.items()},
    closed=True,
)
ROLLOUT: Final[JsonObject] = _object(
    {"percent": {"type": "integer", "minimum": 1, "maximum": 99}},
    {
        "mostFailuresPercent": {"type": "integer", "minimum": 0, "maximum": 99, "default": 20},
        "afterRuns": {"type": "integer", "minimum": 1, "maximum": 200, "default": 10},
    },
    closed=True,
)
WORKFLOW: Final[JsonObject] = _object(
    {
        "id": _TEXT,
        "slug": _TEXT,
        "name": _TEXT,
        "statuses": _list(_TEXT),
        "activeVersion": _NUMBER_OR_NULL,
        "draftVersion": _NUMBER_OR_NULL,
        "latestVersion": _NUMBER,
        "trigger": _TEXT_OR_NULL,
        "limits": {"type": "object"},
        "rollout": {"type": ["object", "null"]},
        "rollback": _TEXT_OR_NULL,
        "archivedAt": _TEXT_OR_NULL,
    },
    {"webhookPath": _TEXT},
)
WORKFLOWS: Final[JsonObject] = _object({"workflows": _list(WORKFLOW)})
VERSION: Final[JsonObject] = _object(
    {
        "number": _NUMBER,
        "status": _TEXT,
        "createdAt": _TEXT,
        "machineArn": _TEXT_OR_NULL,
        "digest": _TEXT,
    },
    {"definition": DEFINITION},
)
WHOLE_WORKFLOW: Final[JsonObject] = {
    **WORKFLOW,
    "properties": {
        **(WORKFLOW["properties"] if isinstance(WORKFLOW["properties"], dict) else {}),
        "versions": _list(VERSION),
    },
}
APPLIED: Final[JsonObject] = _object(
    {"workflow": WORKFLOW, "version": VERSION, "changed": {"type": "boolean"}, "findings": _list(FINDING)}
)
_TEXTS: Final = _list(_TEXT)
PLAN: Final[JsonObject] = _object(
    {
        "action": {"enum": ["create", "change", "activate", "nothing"]},
        "against": _NUMBER_OR_NULL,
        "changes": {"type": "object"},
        "permissions": _object({"gained": _TEXTS, "lost": _TEXTS}),
        "costPer1000Runs": {"type": "object"},
        "quotas": {"type": "array"},
        "findings": _list(FINDING),
    }
)
IMPORT: Final[JsonObject] = _object(
    {"slug": _TEXT, "export": {"type": "object"}}, {"name": _TEXT}, closed=True
)
WHICH_VERSION: Final[dict[str, JsonObject]] = {"version": _NUMBER}
TEMPLATE: Final[JsonObject] = _object({"AWSTemplateFormatVersion": _TEXT, "Resources": {"type": "object"}})
NEW: Final[JsonObject] = _object({"slug": _TEXT, "definition": DEFINITION}, closed=True)
ONE_VERSION: Final[JsonObject] = _object({"version": _NUMBER}, closed=True)
COPY: Final[JsonObject] = _object({}, {"slug": _TEXT, "version": _NUMBER}, closed=True)
GRACE: Final[JsonObject] = _object(
    {}, {"graceSeconds": {"type": "integer", "minimum": 0, "default": 0}}, closed=True
)
ADDRESS: Final[JsonObject] = _object({"webhookPath": _TEXT, "oldAddressesUntil": _list(_TEXT)})
ARCHIVED: Final[dict[str, JsonObject]] = {"archived": {"type": "boolean", "default": False}}
