"""Facts of the reference about records: picking, matching, finding and writing them, and filters over groups.

Where decisions differ from the reference, the proof says how.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, step, written
from tests.facts import FACTS
from tests.fakes.clock import FakeClock
from tests.fakes.world import World
from tests.unit.actions.test_actions import perform
from tests.unit.actions.test_pick_record import members, pick, turns
from tests.unit.filters.test_evaluation import CONTEXT, FALSE, NOW, TRUE, filters, group
from ventuno import errors
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.definition.loading import definition_from
from ventuno.expressions import resolve_rich_text
from ventuno.filters import ArrangedFilters
from ventuno.records.context import Actor, WriteContext
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.model.object_model import ObjectModel
from ventuno.records.service import RecordService
from ventuno.records.standard.base import object_type
from ventuno.records.standard.registry import STANDARD_OBJECTS
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from tests.facts import Proofs
    from ventuno.filters import StepFilterGroup

WRITE = WriteContext(Actor("API", "test"))
ACME = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"
OTHER = "00000000-0000-4000-8000-000000000000"
PRODUCT = object_type(
    "product",
    "products",
    (
        Field("sku", TextType(), unique=True),
        Field("code", TextType()),
        Field("company", RelationType("company")),
        Field("shelf", TextType(), indexed=True),
    ),
    unique_together=[("code", "company")],
)


def products(*made: Json) -> RecordService:
    """Store two companies, ACME and OTHER, and these products."""
    objects = ObjectModel([*STANDARD_OBJECTS, PRODUCT])
    service = RecordService(objects, MemoryRecordStore(), FakeClock(), lambda: str(uuid.uuid4()))
    for company_id in (ACME, OTHER):
        service.create("company", {"id": company_id}, WRITE)
    for product in made:
        service.create("product", product, WRITE)
    return service


def after_upsert(made: list[Json], upserted: Json) -> int:
    """Upsert a product over those made before, and tell how many there are then."""
    service = products(*made)
    service.upsert("product", upserted, WRITE)
    return service.find("product").total_count or 0


def by_id_and_by_sku() -> bool:
    made: Json = {"id": ACME, "sku": "A"}
    return [after_upsert([made], given) for given in ({"id": ACME}, {"sku": "A"}, {"sku": "B"})] == [1, 1, 2]


def by_the_primary_email() -> bool:
    service = products()
    for spelling, title in (("Ann@Example.com", "CTO"), ("ann@example.com", "CEO")):
        service.upsert("person", {"emails": {"primaryEmail": spelling}, "jobTitle": title}, WRITE)
    return [one["jobTitle"] for one in service.find("person").records] == ["CEO"]


def by_code_and_company() -> bool:
    made: Json = {"code": "x", "companyId": ACME}
    return after_upsert([made], {"code": "x", "company": {"id": ACME}}) == 1


def only_partly() -> bool:
    made: Json = {"code": "x", "companyId": ACME}
    return [after_upsert([made], given) for given in ({"code": "x", "companyId": OTHER}, {"code": "x"})] == [
        2,
        2,
    ]


def is_updated() -> bool:
    service = products({"sku": "A", "shelf": "1"})
    service.upsert("product", {"sku": "A", "shelf": "2"}, WRITE)
    return [one["shelf"] for one in service.find("product").records] == ["2"]


def of_two_records() -> bool:
    service = products({"sku": "A"}, {"code": "x", "companyId": ACME})
    with pytest.raises(errors.UpsertConflictError, match="UPSERT_MULTIPLE_MATCHING_RECORDS_CONFLICT"):
        service.upsert("product", {"sku": "A", "code": "x", "companyId": ACME}, WRITE)
    return service.find("product").total_count == 2


def in_turns() -> bool:
    world = World()
    ids = members(world, 3)
    return turns(world, ids[::-1], ["1/a/", "2/a/", "3/a/", "4/a/"]) == [*ids, ids[0]]


def balancing(field: str) -> Json:
    return {
        "strategy": "LOAD_BALANCED",
        "loadBalance": {"objectNameSingular": "company", "fieldName": field},
    }


def by_load() -> bool:
    world = World()
    ids = members(world, 3)
    for owner in (ids[0], ids[0], ids[1], ids[2], ids[2]):
        world.services.records.create("company", {"name": "c", "accountOwnerId": owner}, WRITE)
    return pick(world, recordIds=ids, **balancing("accountOwner")) == ids[1]


def by_a_relation_to_something_else() -> bool:
    given = {"objectName": "person", "recordIds": "{{trigger.ids}}", **balancing("accountOwner")}
    found = findings_of(definition_from(written(step("a", "PICK_RECORD", given=given))))
    return [(one.path, one.severity.value) for one in found] == [
        ("$.steps[0].settings.input.loadBalance.fieldName", "error")
    ]


def tag(variable: str, values: Json) -> list[Json]:
    """Resolve a document of one variable, and return what stands in its place."""
    node = {"type": "variableTag", "attrs": {"variable": variable}}
    resolved = resolve_rich_text(json.dumps({"type": "doc", "content": [node]}), values)
    nodes: list[Json] = json.loads(str(resolved))["content"]
    return nodes


def found_by(operand: str, value: Any, field: str = "name", kind: str = "TEXT") -> list[str]:  # noqa: ANN401 - any JSON
    """Find companies, of which there are three; the filter's value is what its variable holds."""
    world = World()
    for name in ("Level 0", "false start", "two  spaces"):
        world.services.records.create("company", {"name": name}, WRITE)
    asked = {"fieldMetadataId": field, "type": kind, "operand": operand, "value": value}
    given = {"objectName": "company", "filter": {"recordFilters": [asked]}}
    return [str(one["name"]) for one in perform(world, "FIND_RECORDS", given)["all"]]


def refused(value: Any) -> bool:  # noqa: ANN401 - any JSON
    with pytest.raises(errors.StepInputError):
        found_by("IS", value, "accountOwner", "RELATION")
    return True


def written_by_automation(kind: str) -> bool:
    return bool(perform(World(), "CREATE_RECORD", {"objectName": kind, "objectRecord": {}})["id"])


def holds(groups: list[StepFilterGroup], *placed: tuple[str, str | None]) -> bool:
    return ArrangedFilters(groups, filters(*placed)).hold(CONTEXT, NOW)


PROOFS: Proofs = {
    "ROUND_ROBIN over 3 ids, 4 consecutive runs": in_turns,
    "LOAD_BALANCED count-by relation": by_load,
    "LOAD_BALANCED relation that targets a different object": by_a_relation_to_something_else,
    "object with unique text field": by_id_and_by_sku,
    "unique EMAILS field": by_the_primary_email,
    "multi-field unique index incl. a relation": by_code_and_company,
    "non-unique index": lambda: after_upsert([{"shelf": "3"}], {"shelf": "3"}) == 2,
    "one group matches one record": is_updated,
    "composite key matches only partly": only_partly,
    "two groups match the same record": lambda: (
        after_upsert(
            [{"sku": "A", "code": "x", "companyId": ACME}], {"sku": "A", "code": "x", "companyId": ACME}
        )
        == 1
    ),
    "two groups match different records": of_two_records,
    "variableTag resolving to text": lambda: (
        tag("{{a.b}}", {"a": {"b": "Ann"}}) == [{"type": "text", "text": "Ann"}]
    ),
    "variableTag number 42": lambda: tag("{{a.b}}", {"a": {"b": 42}}) == [{"type": "text", "text": "42"}],
    "company, noteTarget, taskTarget, attachment, timelineActivity": lambda: all(
        written_by_automation(kind)
        for kind in ("company", "noteTarget", "taskTarget", "attachment", "timelineActivity")
    ),
    'operand IS with value "" / undefined / "[]"': lambda: all(
        refused(value) for value in ("", "{{a.nothing}}", "[]")
    ),
    'operand IS with "0", "false" or spaces': lambda: (
        [found_by("CONTAINS", value) for value in ("0", "false", "  ")]
        == [["Level 0"], ["false start"], ["two  spaces"]]
    ),
    "no filters and no groups": lambda: holds([]),
    "filters without any group": lambda: (
        holds([], (TRUE, None), (TRUE, None)) and not holds([], (TRUE, None), (FALSE, None))
    ),
    "group OR with results [false,true]": lambda: holds([group("g", "OR")], (FALSE, "g"), (TRUE, "g")),
    "group without filters and children": lambda: holds([group("g", "OR")]),
    "two root groups": lambda: (
        not holds([group("g"), group("h")], (TRUE, "g"), (FALSE, "h"))
        and holds([group("g"), group("h")], (TRUE, "g"), (TRUE, "h"))
    ),
}


@pytest.mark.parametrize("given", PROOFS)
def test_a_fact_of_the_reference_holds(given: str) -> None:
    assert PROOFS[given](), FACTS[given]
