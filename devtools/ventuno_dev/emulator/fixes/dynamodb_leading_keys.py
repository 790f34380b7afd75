"""Leading keys: a policy on some partitions of a table is asked about the partitions of a request.

Of requests on items; the partition of a Query lies in its expression and is not told.
"""

import json
from collections.abc import Iterator

from ministack.core import iam_actions
from ministack.services import dynamodb

from ventuno_dev.emulator.fix import Fix, expect
from ventuno_dev.emulator.values import Json

_MEMBERS = ("Put", "Update", "Delete", "Get", "ConditionCheck")


def _items(body: Json) -> Iterator[tuple[str, Json]]:
    """Yield the table, and the item or its key, of all that a request is about."""
    yield str(body.get("TableName") or ""), body.get("Key") or body.get("Item") or {}
    for table, asked in (body.get("RequestItems") or {}).items():
        yield from ((table, key) for key in (asked.get("Keys") or [] if isinstance(asked, dict) else []))
        for write in asked if isinstance(asked, list) else []:
            yield from ((table, one.get("Item") or one.get("Key") or {}) for one in write.values())
    for action in body.get("TransactItems") or []:
        for member in _MEMBERS:
            if member in action:
                yield from _items(action[member])


def _leading_keys(body: bytes) -> list[str]:
    try:
        request = json.loads(body or b"{}")
        found = []
        for table, item in _items(request):
            value = item.get((dynamodb._tables.get(table) or {}).get("pk_name"))  # noqa: SLF001 - no public ones
            found += [str(next(iter(value.values())))] if value else []
    except (ValueError, AttributeError, TypeError):
        return []  # the request is malformed, and refused as such
    return found


def _apply() -> None:
    expect(holds=hasattr(iam_actions, "request_tag_context"), what="iam_actions.request_tag_context")
    original = iam_actions.request_tag_context

    def context(service: str, iam_action: str, body: bytes, params: dict[str, Json]) -> dict[str, Json]:
        told: dict[str, Json] = original(service, iam_action, body, params)
        keys = _leading_keys(body) if service == "dynamodb" else []
        return told | ({"dynamodb:LeadingKeys": keys} if keys else {})

    iam_actions.request_tag_context = context


FIX = Fix(
    name="dynamodb-leading-keys",
    problem="No request tells which partitions it is about, so a policy that allows some of them allows all.",
    aws="dynamodb:LeadingKeys are the partition keys of the items of a request.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
    apply=_apply,
)
