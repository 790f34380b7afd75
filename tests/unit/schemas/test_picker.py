"""The reference's outputSchema form, written and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.actions.record_schemas import record_schema
from ventuno.records.standard.registry import standard_model
from ventuno.schemas import ANY, NUMBER, TEXT, Array, Object, Scalar, Unknown, schema_of_sample
from ventuno.schemas.picker import from_output_schema, label_of, to_output_schema
from ventuno.schemas.schema import Union

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

COMPANY = record_schema(standard_model().get("company"))


def test_a_record_lists_its_fields_with_their_types() -> None:
    written = to_output_schema(COMPANY)
    fields = written["fields"]

    assert written["_outputSchemaType"] == "RECORD"
    assert written["object"] == {"label": "Company", "objectMetadataId": "company", "fieldIdName": "id"}
    assert isinstance(fields, dict)
    assert fields["name"] == {"isLeaf": True, "type": "TEXT", "label": "Name", "value": None}
    assert fields["accountOwnerId"] == {
        "isLeaf": True,
        "type": "RELATION",
        "label": "Account owner id",
        "value": None,
    }
    assert "position" not in fields


def test_a_composite_is_a_node_of_its_parts() -> None:
    fields = to_output_schema(COMPANY)["fields"]
    assert isinstance(fields, dict)
    node = fields["domainName"]

    assert isinstance(node, dict)
    assert (node["isLeaf"], node["type"], node["label"]) == (False, "object", "Domain name")
    assert isinstance(node["value"], dict)
    assert list(node["value"]) == ["primaryLinkLabel", "primaryLinkUrl", "secondaryLinks"]
    assert node["value"]["secondaryLinks"] == {
        "isLeaf": True,
        "type": "array",
        "label": "Secondary links",
        "value": None,
    }


def test_a_list_of_records_holds_a_record_and_leaves() -> None:
    written = to_output_schema(Object({"first": COMPANY, "all": Array(COMPANY), "totalCount": NUMBER}))
    first = written["first"]

    assert isinstance(first, dict)
    assert first["value"] == to_output_schema(COMPANY)
    assert written["all"] == {"isLeaf": True, "type": "array", "label": "All", "value": None}
    assert written["totalCount"] == {
        "isLeaf": True,
        "type": "NUMBER",
        "label": "Total count",
        "value": None,
    }


def test_a_sample_is_shown_beside_its_leaf() -> None:
    written = to_output_schema(schema_of_sample({"email": "ada@example.com", "any": None}))

    assert written == {
        "email": {"isLeaf": True, "type": "TEXT", "label": "Email", "value": "ada@example.com"},
        "any": {"isLeaf": True, "type": "unknown", "label": "Any", "value": None},
    }


def test_what_has_no_members_has_nothing_to_pick() -> None:
    assert to_output_schema(ANY) == to_output_schema(TEXT) == to_output_schema(Union((TEXT, NUMBER))) == {}


def test_a_written_schema_is_read_back() -> None:
    written: JsonObject = {
        "name": {"isLeaf": True, "type": "string", "label": "Name", "value": "Ada"},
        "list": {"isLeaf": True, "type": "array", "label": "List"},
        "when": {"isLeaf": True, "type": "DATE_TIME"},
        "what": {"isLeaf": True, "type": "unknown"},
        "node": {"isLeaf": False, "type": "object", "value": {"n": {"isLeaf": True, "type": "number"}}},
        "record": {"isLeaf": False, "value": to_output_schema(Object({"id": TEXT}, record="person"))},
    }

    assert from_output_schema(written) == Object(
        {
            "name": Scalar("TEXT", "Ada"),
            "list": Array(ANY),
            "when": Scalar("DATE_TIME"),
            "what": ANY,
            "node": Object({"n": NUMBER}, Unknown.UNLIKELY),
            "record": Object({"id": TEXT}, Unknown.UNLIKELY),
        },
        Unknown.UNLIKELY,
    )


def test_a_plain_sample_is_no_written_schema() -> None:
    assert from_output_schema({"name": "Ada"}) is None
    assert from_output_schema({"name": {"isLeaf": True, "type": "string"}, "other": 1}) is None
    assert from_output_schema([]) is None
    assert from_output_schema({}) is None


def test_labels_are_words() -> None:
    assert [label_of(key) for key in ("primaryLinkUrl", "first_name", "x")] == [
        "Primary link url",
        "First name",
        "X",
    ]
