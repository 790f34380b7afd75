"""What is known of outputs before anything runs: variables, pipes and filters are judged by it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, passes, step, written
from ventuno.definition.checks.catalogue import CODES
from ventuno.definition.findings import FINDING_LIMIT, Finding, Severity, errors_of
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import findings_of, output_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = {"email": "ada@example.com", "person": {"age": 36}, "tags": ["a"]}
WEBHOOK: Json = {"type": "WEBHOOK", "settings": {"httpMethod": "POST", "expectedBody": SAMPLE}}
INPUT = "$.steps[1].settings.input"
TITLE = f"{INPUT}.objectRecord.title"


def find_company(then: str = "use") -> Json:
    filters = {"recordFilters": [{"fieldMetadataId": "name", "operand": "CONTAINS", "value": "Acme"}]}
    return step("find_company", "FIND_RECORDS", then, {"objectName": "company", "filter": filters})


def using(text: str, step_id: str = "use") -> Json:
    return step(step_id, "CREATE_RECORD", given={"objectName": "task", "objectRecord": {"title": text}})


def found(*steps: Json, trigger: Json | None = None) -> list[Finding]:
    return findings_of(definition_from(written(*steps, trigger=trigger)))


def manual(availability: Json) -> Json:
    return {"type": "MANUAL", "settings": {"availability": availability}}


SINGLE = manual({"type": "SINGLE_RECORD", "objectNameSingular": "company"})
MISTYPED = manual({"type": "SINGLE_RECORD", "objectNameSingular": "compny"})
BULK = manual({"type": "BULK_RECORDS", "objectNameSingular": "company"})


@pytest.mark.parametrize(
    "variable",
    [
        "find_company.first.domainName.primaryLinkUrl",
        "find_company.first.domainName.secondaryLinks.[0].url",
        "find_company.first.createdBy.context.anything",
        "find_company.all.[3].accountOwnerId",
        "find_company.all.length",
        "find_company.first.name.length",
        "find_company.totalCount",
        "trigger.email",
        "trigger.tags.[0]",
        "now",
        "this",
    ],
)
def test_a_path_that_the_output_has_is_no_finding(variable: str) -> None:
    assert found(find_company(), using(f"{{{{{variable}}}}}"), trigger=WEBHOOK) == []


@pytest.mark.parametrize(
    ("variable", "suggestion", "severity"),
    [
        ("find_company.frist", "first", Severity.ERROR),
        ("find_company.first.domainName.primaryLinkUrll", "primaryLinkUrl", Severity.ERROR),
        ("find_company.first.accountOwner.name", "accountOwnerId", Severity.ERROR),
        ("find_company.totalCount.x", None, Severity.ERROR),
        ("find_company.all.first", None, Severity.ERROR),
        ("now.year", None, Severity.ERROR),
        ("trigger.emial", "email", Severity.WARNING),
        ("trigger.person.agee", "age", Severity.WARNING),
        ("trigger.email.domain", None, Severity.WARNING),
    ],
)
def test_a_path_that_the_output_cannot_have_is_found(
    variable: str, suggestion: str | None, severity: Severity
) -> None:
    (finding,) = found(find_company(), using(f"See {{{{{variable}}}}}!"), trigger=WEBHOOK)

    assert (finding.code, finding.path) == ("VARIABLE_PATH_NOT_FOUND", TITLE)
    assert (finding.suggestion, finding.severity) == (suggestion, severity)


@pytest.mark.parametrize(
    ("trigger", "variable", "codes"),
    [
        (SINGLE, "trigger.name", []),
        (SINGLE, "trigger.payload.domainName.primaryLinkUrl", []),
        (SINGLE, "trigger.metadata.workspaceMemberId", []),
        (SINGLE, "trigger.nmae", ["VARIABLE_PATH_NOT_FOUND"]),
        (SINGLE, "trigger.payload.companies", ["VARIABLE_PATH_NOT_FOUND"]),
        (BULK, "trigger.payload.companies.[0].name", []),
        (BULK, "trigger.companies.length", []),
        (BULK, "trigger.payload.name", ["VARIABLE_PATH_NOT_FOUND"]),
        (manual({"type": "GLOBAL"}), "trigger.payload.anything.at.all", []),
        (manual({"type": "GLOBAL"}), "trigger.anything", []),
        (manual({"type": "GLOBAL"}), "trigger.metadata.nope", ["VARIABLE_PATH_NOT_FOUND"]),
        ({"type": "WEBHOOK", "settings": {"httpMethod": "GET"}}, "trigger.q", []),
        ({"type": "WEBHOOK", "settings": {"httpMethod": "POST"}}, "trigger.q", []),
        (MISTYPED, "trigger.x", ["INVALID_TRIGGER_PARAMS"]),
    ],
)
def test_a_trigger_knows_its_payload(trigger: Json, variable: str, codes: list[str]) -> None:
    assert [item.code for item in found(using(f"{{{{{variable}}}}}"), trigger=trigger)] == codes


def test_an_expected_schema_counts_more_than_an_expected_body() -> None:
    leaf = {"isLeaf": True, "type": "string", "label": "Email"}
    settings = {"expectedBody": {"mail": "x"}, "expectedOutputSchema": {"email": leaf}}
    trigger = {"type": "WEBHOOK", "settings": settings}

    (finding,) = found(using("{{trigger.email}} {{trigger.mail}}"), trigger=trigger)

    assert (finding.code, finding.suggestion) == ("VARIABLE_PATH_NOT_FOUND", "email")


@pytest.mark.parametrize(
    ("given", "path", "suggestion"),
    [
        ({"objectName": "compny", "objectRecord": {}}, "objectName", "company"),
        ({"objectName": "workspaceMember", "objectRecord": {}}, "objectName", None),
        ({"objectName": "company", "objectRecord": {"nmae": "x"}}, "objectRecord.nmae", "name"),
        (
            {"objectName": "company", "objectRecord": {"domainName": {"primaryLinkUr": "{{trigger.email}}"}}},
            "objectRecord.domainName.primaryLinkUr",
            "primaryLinkUrl",
        ),
        ({"objectName": "company", "objectRecord": {"name": 5}}, "objectRecord.name", None),
        (
            {"objectName": "opportunity", "objectRecord": {"stage": "WON"}},
            "objectRecord.stage",
            None,
        ),
        (
            {"objectName": "company", "objectRecord": {"annualRevenue": {"amountMicros": "5"}}},
            "objectRecord.annualRevenue.amountMicros",
            None,
        ),
        (
            {"objectName": "company", "objectRecord": {"deletedAt": "2026-01-01"}},
            "objectRecord.deletedAt",
            None,
        ),
    ],
)
@pytest.mark.parametrize("kind", ["CREATE_RECORD", "UPSERT_RECORD", "UPDATE_RECORD"])
def test_a_record_that_cannot_be_written_is_found(
    kind: str, given: Json, path: str, suggestion: str | None
) -> None:
    more = {"objectRecordId": "{{trigger.id}}"} if kind == "UPDATE_RECORD" else {}

    (finding,) = found(step("a", kind, given={**given, **more}))

    assert (finding.code, finding.path) == ("INVALID_STEP_PARAMS", f"$.steps[0].settings.input.{path}")
    assert finding.suggestion == suggestion


def test_values_with_variables_and_nulls_are_left_to_the_run() -> None:
    record = {"stage": "{{trigger.stage}}", "amount": {"amountMicros": "{{trigger.n}}"}, "company": None}
    given = {"objectName": "opportunity", "objectRecord": record}

    assert found(step("a", "CREATE_RECORD", given=given)) == []


def test_a_field_to_update_that_does_not_exist_is_found() -> None:
    given = {
        "objectName": "person",
        "objectRecordId": "{{trigger.id}}",
        "objectRecord": {"jobTitle": "x"},
        "fieldsToUpdate": ["jobTitle", "jobTitel"],
    }

    (finding,) = found(step("a", "UPDATE_RECORD", given=given))

    assert finding.path == "$.steps[0].settings.input.fieldsToUpdate[1]"
    assert finding.suggestion == "jobTitle"


def test_a_mode_that_no_field_can_have_is_found() -> None:
    given = {
        "objectName": "person",
        "objectRecordId": "{{trigger.id}}",
        "objectRecord": {"jobTitle": "x"},
        "mode": {"jobTitel": "append", "company": "append", "jobTitle": "append"},
    }

    unknown, single = found(step("a", "UPDATE_RECORD", given=given))

    assert (unknown.path[-13:], unknown.suggestion) == ("mode.jobTitel", "jobTitle")
    assert (single.path[-12:], single.suggestion) == ("mode.company", "only_if_empty")


@pytest.mark.parametrize(
    ("record_filter", "key", "suggestion"),
    [
        ({"fieldMetadataId": "nmae", "operand": "CONTAINS"}, "fieldMetadataId", "name"),
        ({"fieldMetadataId": "name", "operand": "IS_BEFORE"}, "operand", None),
        ({"fieldMetadataId": "domainName", "operand": "IS"}, "operand", None),
        ({"fieldMetadataId": "domainName", "subFieldName": "nope", "operand": "IS"}, "subFieldName", None),
        (
            {
                "fieldMetadataId": "accountOwner",
                "relationTargetFieldMetadataId": "workspaceMember.userEmial",
                "operand": "CONTAINS",
            },
            "relationTargetFieldMetadataId",
            "workspaceMember.userEmail",
        ),
    ],
)
def test_a_record_filter_that_cannot_be_asked_is_found(
    record_filter: Json, key: str, suggestion: str | None
) -> None:
    filters = {"recordFilters": [{"value": "x", **record_filter}]}

    (finding,) = found(step("a", "FIND_RECORDS", given={"objectName": "company", "filter": filters}))

    assert (finding.code, finding.severity) == ("INVALID_STEP_PARAMS", Severity.ERROR)
    assert finding.path == f"$.steps[0].settings.input.filter.recordFilters[0].{key}"
    assert finding.suggestion == suggestion


@pytest.mark.parametrize(
    ("variable", "kind", "fits"),
    [
        ("find_company.totalCount", "NUMBER", True),
        ("find_company.totalCount", "TEXT", False),
        ("find_company.totalCount", "DATE", False),
        ("find_company.totalCount", "string", True),
        ("find_company.totalCount | string", "TEXT", True),
        ("find_company.first.name", "TEXT", True),
        ("find_company.first.name", "NUMBER", True),
        ("find_company.first.name", "BOOLEAN", True),
        ("find_company.first.name | length", "TEXT", False),
        ("find_company.first.createdAt", "DATE_TIME", True),
        ("find_company.first.id", "DATE", False),
        ("find_company.first.domainName", "TEXT", False),
        ("find_company.first", "RELATION", True),
        ("find_company.all", "NUMBER", False),
        ("find_company.all", "UUID", False),
        ("trigger.person.age", "TEXT", False),
        ("trigger.whatever", "NUMBER", True),
    ],
)
def test_a_filter_whose_type_cannot_hold_is_a_warning(variable: str, kind: str, fits: bool) -> None:  # noqa: FBT001 - a table's column
    given = passes(f"{{{{{variable}}}}}", "{{trigger.whatever}}")
    given["stepFilters"][0]["type"] = kind

    mismatched = [
        item
        for item in found(find_company(), step("use", "FILTER", given=given), trigger=WEBHOOK)
        if item.code == "FILTER_TYPE_MISMATCH"
    ]

    assert (mismatched == []) is fits
    assert all(item.path == f"{INPUT}.stepFilters[0].type" for item in mismatched)
    assert errors_of(mismatched) == []


@pytest.mark.parametrize(
    ("variable", "severity"),
    [
        ("find_company.all | upper", Severity.ERROR),
        ("find_company.first | number", Severity.ERROR),
        ("find_company.totalCount | join", Severity.ERROR),
        ("find_company.first.name | length | join", Severity.ERROR),
        ("trigger.tags | upper", Severity.WARNING),
        ("find_company.all | first | upper", Severity.ERROR),
        ("find_company.first.name | upper", None),
        ("trigger.unknown | upper", None),
        ("find_company.all | json | upper", None),
        ("find_company.first.name | default(0) | round", None),
    ],
)
def test_a_pipe_that_never_takes_its_value_is_found(variable: str, severity: Severity | None) -> None:
    pipes = [
        item.severity
        for item in found(find_company(), using(f"{{{{{variable}}}}}"), trigger=WEBHOOK)
        if item.code == "VARIABLE_INVALID_PIPE"
    ]

    assert pipes == ([severity] if severity else [])


def test_a_step_that_is_called_now_is_refused() -> None:
    (finding,) = found(step("now"))

    assert (finding.code, finding.severity) == ("AMBIGUOUS_STEP_ID", Severity.ERROR)


@pytest.mark.parametrize("step_id", ["true", "null", "undefined", "42", "this", "-5"])
def test_an_id_that_variables_read_as_something_else_is_a_warning(step_id: str) -> None:
    (finding,) = found(step(step_id))

    assert (finding.code, finding.severity) == ("AMBIGUOUS_STEP_ID", Severity.WARNING)


@pytest.mark.parametrize("step_id", ["a1", "true-story", "9d0b6ef2-aad2-4853-92e1-95f2abf10d5b", "-", "Now"])
def test_other_ids_are_good(step_id: str) -> None:
    assert found(step(step_id)) == []


def test_what_an_author_expects_counts_where_the_action_cannot_know() -> None:
    # No action of today is without a schema, so an unknown object stands for one.
    expecting = step("a", "FIND_RECORDS", "use", {"objectName": "{{trigger.object}}"})
    expecting["settings"]["expectedOutputSchema"] = {"x": 1}

    assert found(expecting, using("{{a.first.whatever}}")) == []


def test_pipes_in_a_stored_document_are_read_from_its_strings() -> None:
    document = r'{"type":"variableTag","attrs":{"variable":"{{trigger.name | default(\"none\")}}"}}'
    given = {"objectName": "note", "objectRecord": {"bodyV2": {"blocknote": document}}}

    assert found(step("a", "CREATE_RECORD", given=given)) == []


def test_a_path_of_too_many_keys_is_found() -> None:
    (finding,) = found(using("{{trigger" + ".b" * 100_000 + "}}"))

    assert finding.code == "TEMPLATE_LIMIT_EXCEEDED"
    assert "100001 keys" in finding.message
    assert len(finding.message) < 300


def test_findings_of_a_hostile_definition_are_few_and_short() -> None:
    key = "k" * 200_000
    record = {"title": "{{gone.x}}" * 5_000, key: ["{{trigger.0}}"] * 1_000}
    given = {"objectName": "task", "objectRecord": record}

    items = found(step("a", "CREATE_RECORD", given=given))

    assert {item.code for item in items} <= set(CODES)
    assert len(items) <= FINDING_LIMIT * len(CODES)
    assert sys.getsizeof("".join(item.message + item.path for item in items)) < 1_000_000


def test_errors_are_not_hidden_behind_warnings() -> None:
    warnings = "{{trigger.nope}}" * (FINDING_LIMIT + 50)

    items = found(find_company(), using(warnings + "{{find_company.frist}}"), trigger=WEBHOOK)

    assert [item.severity for item in items].count(Severity.WARNING) == FINDING_LIMIT
    assert [item.suggestion for item in errors_of(items)] == ["first"]


def test_control_characters_of_authors_do_not_reach_messages() -> None:
    items = found(using("{{trigger.\x1b[31m.x | sh\x07out}} {{a\x1bb.c}}"))

    assert items
    assert all(item.message.isprintable() for item in items)


def test_the_picker_gets_every_output_by_id() -> None:
    definition = definition_from(written(find_company(), using("x"), trigger=WEBHOOK))

    schemas = output_schemas(definition)

    assert list(schemas) == ["trigger", "find_company", "use"]
    assert _leaf(schemas["trigger"], "email") == "TEXT"
    assert list(_dict(schemas["find_company"])) == ["first", "all", "totalCount"]
    assert _dict(schemas["use"])["_outputSchemaType"] == "RECORD"


def test_the_picker_works_on_a_definition_that_is_wrong() -> None:
    wrong = step("a", "NOTHING")

    assert output_schemas(definition_from(written(wrong, using("{{a.x}}"), first="a")))["a"] == {}


def _dict(value: object) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value


def _leaf(schema: object, key: str) -> str:
    return str(_dict(_dict(schema)[key])["type"])


def chain(length: int) -> Iterator[Json]:
    for number in range(length):
        text = f"{{{{s{number - 1}.title | upper}}}}" if number else "x"
        then = f"s{number + 1}" if number < length - 1 else ()
        yield {**using(text, f"s{number}"), "nextStepIds": [then] if then else []}


def test_a_long_chain_of_steps_is_checked() -> None:
    items = found(*chain(1_000))

    assert items == []
