"""Records to choose from: found by their words, shown by their name and nothing else.

Whoever has the address of a form can look for records of the objects its fields name, so a lookup tells as
little as a choice needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.filters.condition import Comparison, Operator
from ventuno.pages.form_controls import Option
from ventuno.records.budget import Budget
from ventuno.records.query import Query
from ventuno.records.search import VECTOR

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.services import Services

MOST: Final = 10
_LONGEST_SEARCH: Final = 200  # characters
_LONGEST_NAME: Final = 120
_BUDGET: Final = Budget(rows=5_000, reads=50, seconds=5)


def found_records(object_name: str, text: str, services: Services) -> tuple[Option, ...]:
    """Find some records that have words which begin so; without a usable word, none."""
    condition = Comparison((VECTOR,), Operator.SEARCH, text[:_LONGEST_SEARCH])
    query = Query(condition, limit=MOST, counted=False, budget=_BUDGET)
    try:
        found = services.records.query(object_name, query).records
    except errors.StepInputError:  # the object is gone, or has nothing to search by
        return ()
    names = [_name(object_name, record, services) for record in found]
    return tuple(
        Option(str(record["id"]), name if names.count(name) == 1 else f"{name} (…{str(record['id'])[-6:]})")
        for record, name in zip(found, names, strict=True)
    )


def record_option(object_name: str, record_id: str, services: Services) -> Option | None:
    """Return a record as it can be chosen, None when there is none."""
    try:
        record = services.records.get(object_name, record_id)
    except (errors.RecordNotFoundError, errors.StepInputError):
        return None
    return Option(str(record["id"]), _name(object_name, record, services))


def _name(object_name: str, record: JsonObject, services: Services) -> str:
    search = services.objects.get(object_name).search
    text = _text(record.get(search[0])) if search else ""
    return text[:_LONGEST_NAME] or f"{object_name} …{str(record['id'])[-6:]}"


def _text(value: JsonValue) -> str:
    if isinstance(value, dict):
        return " ".join(part for part in value.values() if isinstance(part, str) and part)
    return value if isinstance(value, str) else ""
