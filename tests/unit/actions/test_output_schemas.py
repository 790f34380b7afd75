"""What each action says about its own output, and that its results agree with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import step
from ventuno.actions.record_schemas import ModelSchemas, field_schema, record_schema
from ventuno.actions.registry import ACTIONS
from ventuno.actions.scope import StepScope
from ventuno.records.fields.registry import FIELD_TYPES
from ventuno.records.standard.registry import STANDARD_OBJECTS, standard_model
from ventuno.schemas import ANY, BOOLEAN, NUMBER, TEXT, Array, Object, Scalar, Schema
from ventuno.schemas.schema import Union, kinds_of, types_of

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.records.model.object_type import ObjectType

SCOPE = StepScope(ModelSchemas(standard_model()), lambda _root: ANY)
PERSON = record_schema(standard_model().get("person"))
RECORD = {"objectName": "person", "objectRecord": {}}
OUTPUTS: dict[str, tuple[Any, Schema]] = {
    "CREATE_RECORD": (RECORD, PERSON),
    "UPDATE_RECORD": ({**RECORD, "objectRecordId": "x"}, PERSON),
    "DELETE_RECORD": ({"objectName": "person", "objectRecordId": "x"}, PERSON),
    "UPSERT_RECORD": (RECORD, PERSON),
    "FIND_RECORDS": (
        {"objectName": "person"},
        Object({"first": PERSON, "all": Array(PERSON), "totalCount": NUMBER}),
    ),
    "FILTER": ({"stepFilters": []}, Object({"matchesFilter": BOOLEAN})),
    "IF_ELSE": ({"branches": [{"id": "x"}]}, Object({"matchingBranchId": TEXT})),
    "EMPTY": ({}, Object({})),
    "DELAY": ({"delayType": "DURATION"}, Object({"success": BOOLEAN})),
    "ITERATOR": (
        {"items": "{{trigger.list}}"},
        Object({"currentItem": ANY, "currentItemIndex": NUMBER, "hasProcessedAllItems": BOOLEAN}),
    ),
    "FORM": (
        [
            {"name": "who", "label": "Who", "type": "RECORD", "settings": {"objectName": "person"}},
            {"name": "why", "label": "Why", "type": "TEXT"},
            {"name": "much", "label": "How much", "type": "NUMBER"},
            {"name": "day", "label": "When", "type": "DATE"},
            {"name": "tags", "label": "Tags", "type": "MULTI_SELECT"},
        ],
        Object({"who": PERSON, "why": TEXT, "much": NUMBER, "day": Scalar("DATE"), "tags": Array(TEXT)}),
    ),
}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_an_action_knows_its_output(kind: str) -> None:
    given, schema = OUTPUTS[kind]
    action = ACTIONS[kind]

    assert action.output_schema(action.settings_type.model_validate(given), SCOPE) == schema


@pytest.mark.parametrize("kind", ["CREATE_RECORD", "UPSERT_RECORD"])
def test_an_object_that_a_variable_names_has_any_records(kind: str) -> None:
    action = ACTIONS[kind]
    settings = action.settings_type.model_validate({"objectName": "{{trigger.o}}", "objectRecord": {"x": 1}})

    assert action.output_schema(settings, SCOPE) == ANY
    assert list(action.check(settings, SCOPE)) == []


@pytest.mark.parametrize("kind", STANDARD_OBJECTS, ids=lambda kind: kind.name)
def test_a_record_has_the_keys_of_its_schema_and_no_others(kind: ObjectType) -> None:
    schema = record_schema(kind)

    assert list(schema.members) == [field.column for field in kind.fields]
    assert schema.record == kind.name


def test_a_created_record_has_the_keys_and_values_of_its_schema(world: World) -> None:
    name = {"objectName": "company", "objectRecord": {"domainName": {"primaryLinkUrl": "acme.com"}}}
    world.call(world.begin(step("a", "CREATE_RECORD", given=name)))
    (record,) = world.companies()
    schema = record_schema(standard_model().get("company"))

    assert list(record) == list(schema.members)
    _assert_fits(record, schema)


def _assert_fits(value: Any, schema: Schema) -> None:  # noqa: ANN401 - a record's content
    if value is None or schema == ANY:
        return
    match schema:
        case Object(members):
            assert set(value) <= set(members)
            for key, member in value.items():
                _assert_fits(member, members[key])
        case Array(items):
            assert isinstance(value, list)
            for item in value:
                _assert_fits(item, items)
        case Scalar():
            wanted = {"a number": int | float, "true or false": bool, "text": str}
            assert any(isinstance(value, wanted[kind]) for kind in kinds_of(schema))
        case Union():
            raise AssertionError("records have no unions")


@pytest.mark.parametrize("name", FIELD_TYPES)
def test_every_field_type_has_a_schema_that_the_filters_know(name: str) -> None:
    field_type = _made(name)

    schema = field_schema(field_type)

    assert schema == ANY or types_of(schema)


def _made(name: str) -> Any:  # noqa: ANN401 - any field type
    given: dict[str, tuple[Any, ...]] = {
        "SELECT": (("A",),),
        "MULTI_SELECT": (("A",),),
        "RELATION": ("person",),
        "MORPH_RELATION": ("person",),
    }
    return FIELD_TYPES[name](*given.get(name, ()))
