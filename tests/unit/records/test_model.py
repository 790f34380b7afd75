from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ventuno import errors
from ventuno.records.cursor import Cursor, read_cursor
from ventuno.records.expansion import inverses
from ventuno.records.fields.address import AddressType
from ventuno.records.fields.array import ArrayType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.input import normalised
from ventuno.records.model.field import Field
from ventuno.records.model.object_model import ObjectModel
from ventuno.records.standard.base import BASE_FIELDS
from ventuno.records.standard.company import COMPANY
from ventuno.records.standard.person import PERSON
from ventuno.records.standard.registry import STANDARD_OBJECTS, standard_model
from ventuno.records.standard.task_target import TASK_TARGET

ID = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"


def test_every_standard_object_has_the_base_fields_and_unlike_names() -> None:
    model = standard_model()

    for kind in STANDARD_OBJECTS:
        names = [name for field in kind.fields for name in field.names]
        assert set(BASE_FIELDS) <= set(kind.fields)
        assert len(names) == len(set(names))
        assert model.get(kind.name) is kind
        assert model.by_plural(kind.plural) is kind


def test_every_relation_of_a_standard_object_leads_to_a_standard_object() -> None:
    model = standard_model()
    targets = [
        field.type.target for kind in model for field in kind.fields if isinstance(field.type, RelationType)
    ]

    assert {model.get(target).name for target in targets} >= {"company", "person", "workspaceMember", "task"}


def test_no_two_relations_have_the_same_inverse() -> None:
    model = standard_model()

    for kind in model:
        names = [*(name for name, _, _ in inverses(model, kind)), *kind.by_input_name]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"object": "person", "id": ID}, {"targetPersonId": ID}),
        ({"targetObjectMetadataId": "company", "id": ID}, {"targetCompanyId": ID}),
        (None, {}),
    ],
)
def test_a_morph_sets_one_target_and_clears_the_others(given: Any, expected: dict[str, str]) -> None:  # noqa: ANN401  any JSON
    cleared = dict.fromkeys(("targetPersonId", "targetCompanyId", "targetOpportunityId"))

    assert normalised(TASK_TARGET, {"target": given}) == cleared | expected


@pytest.mark.parametrize("given", [{"object": "planet", "id": ID}, {"object": "person"}, ID, []])
def test_a_morph_must_name_its_object(given: Any) -> None:  # noqa: ANN401  any JSON
    with pytest.raises(errors.RecordInputError, match="one of person, company, opportunity"):
        normalised(TASK_TARGET, {"target": given})


def test_a_relation_may_be_written_by_its_name_and_by_its_join_column() -> None:
    field = PERSON.by_input_name["company"]

    assert PERSON.by_input_name["companyId"] is field
    assert field.column == "companyId"


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("compnay", " (did you mean company?)"), ("Person", " (did you mean person?)"), ("x", "")],
)
def test_an_unknown_object_is_an_error_with_a_suggestion(name: str, suggestion: str) -> None:
    with pytest.raises(errors.RecordInputError) as refused:
        standard_model().get(name)
    assert str(refused.value) == f"There is no object {name!r}{suggestion}"


def test_a_type_without_one_key_cannot_be_unique_or_indexed() -> None:
    with pytest.raises(ValueError, match="cannot be unique"):
        Field("address", AddressType(), unique=True)
    with pytest.raises(ValueError, match="cannot be indexed"):
        Field("tags", ArrayType(), indexed=True)
    assert Field("sku", TextType(), unique=True).unique


def test_a_model_knows_its_objects() -> None:
    assert list(ObjectModel([COMPANY, PERSON])) == [COMPANY, PERSON]
    assert ObjectModel([COMPANY]).by_plural("people") is None


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(
        "name[AscNullsFirst]", ("☃", None, 1.5), "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b", total_count=17
    )

    assert read_cursor(cursor.to_text(), "name[AscNullsFirst]") == cursor


def test_records_know_nothing_of_aws() -> None:
    check = (
        "import sys, ventuno.records.service, ventuno.records.standard.registry\n"
        "import ventuno.adapters.memory.records\n"
        "sys.exit(bool({'boto3', 'botocore', 'aws_lambda_powertools'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", check], check=False, timeout=30).returncode == 0  # noqa: S603  ours
