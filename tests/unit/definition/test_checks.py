"""Each rule, by the code it yields, where it points, and what it suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, branches, passes, step, written
from tests.graphs.simulating import loop
from tests.unit.definition.test_loop_checks import LOOP_CODES
from ventuno.definition.checks.catalogue import CODES
from ventuno.definition.findings import Finding, Severity
from ventuno.definition.loading import definition_from
from ventuno.errors import DefinitionError
from ventuno.runtime.validation import compile_checked, findings_of
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD = {"objectName": "company", "objectRecord": {}}


def made(name: str, text: str) -> Json:
    return step(name, "CREATE_RECORD", given={**RECORD, "objectRecord": {"name": text}})


def linked(authored: Json, *targets: str) -> Json:
    return {**authored, "nextStepIds": list(targets)}


def changed(authored: Json, change: Callable[[Json], Any]) -> Json:
    change(authored)
    return authored


WRONG_FILTER = {
    "stepFilters": [
        {"type": "BOOLEAN", "stepOutputKey": "{{trigger.on}}", "operand": "CONTAINS", "value": "x"}
    ]
}

IS_ON = {"type": "BOOLEAN", "stepOutputKey": "{{trigger.on}}", "operand": "IS", "value": "true"}


def with_header(value: str) -> dict[str, Any]:
    return {"url": "https://a.example/", "headers": {"X-Key": value}}


CASES: dict[str, tuple[Json, list[tuple[str, str, str | None]]]] = {
    "a definition with nothing wrong": (written(step("a", then="b"), step("b")), []),
    "no step": (
        changed(written(), lambda item: item["trigger"].update(nextStepIds=[])),
        [("NO_STEPS", "$.steps", None)],
    ),
    "an unknown trigger": (
        written(step("a"), trigger={"type": "WEBHOK"}),
        [("MISSING_TRIGGER_TYPE", "$.trigger.type", "WEBHOOK")],
    ),
    "a trigger with a wrong value": (
        written(step("a"), trigger={"type": "WEBHOOK", "settings": {"httpMethod": "PUT"}}),
        [("INVALID_TRIGGER_PARAMS", "$.trigger.settings.httpMethod", None)],
    ),
    "a trigger with a mistyped key": (
        written(step("a"), trigger={"type": "WEBHOOK", "settings": {"httpMethd": "GET"}}),
        [("UNKNOWN_KEY", "$.trigger.settings.httpMethd", "httpMethod")],
    ),
    "a trigger that leads nowhere": (
        changed(written(step("a", then="b"), step("b")), lambda item: item["trigger"].update(nextStepIds=[])),
        [
            ("TRIGGER_HAS_NO_NEXT_STEP", "$.trigger.nextStepIds", "a"),
            ("UNREACHABLE_STEP", "$.steps[0]", None),
            ("UNREACHABLE_STEP", "$.steps[1]", None),
        ],
    ),
    "an id that comes twice": (
        written(step("a"), step("a")),
        [("DUPLICATE_STEP_ID", "$.steps[1].id", None)],
    ),
    "a step called trigger": (
        written(step("a"), step("trigger")),
        [("DUPLICATE_STEP_ID", "$.steps[1].id", None)],
    ),
    "an unknown action": (
        written(step("a", "CREATE_RECRD")),
        [("UNKNOWN_STEP_TYPE", "$.steps[0].type", "CREATE_RECORD")],
    ),
    "an input with a missing value": (
        written(step("a", "CREATE_RECORD", given={"objectRecord": {}})),
        [("INVALID_STEP_PARAMS", "$.steps[0].settings.input.objectName", None)],
    ),
    "an input with a mistyped key": (
        written(step("a", "CREATE_RECORD", given={**RECORD, "objectNme": "x"})),
        [("UNKNOWN_KEY", "$.steps[0].settings.input.objectNme", "objectName")],
    ),
    "a link to no step": (
        written(step("a", then="create_compny"), step("create_company"), first="a"),
        [
            ("DANGLING_REFERENCE", "$.steps[0].nextStepIds[0]", "create_company"),
            ("UNREACHABLE_STEP", "$.steps[1]", None),
        ],
    ),
    "a link to the trigger": (
        written(step("a", then="trigger")),
        [("DANGLING_REFERENCE", "$.steps[0].nextStepIds[0]", None)],
    ),
    "a branch to no step": (
        written(step("a", "IF_ELSE", given=branches("b", "c")), step("b")),
        [("DANGLING_REFERENCE", "$.steps[0].settings.input.branches[1].nextStepIds[0]", None)],
    ),
    "a step nothing leads to": (
        written(step("a"), step("b")),
        [("UNREACHABLE_STEP", "$.steps[1]", None)],
    ),
    "a circle": (
        written(step("start", then="a"), step("a", then="b"), step("b", then="a")),
        [("STEP_CYCLE", "$.steps[1].nextStepIds", None)],
    ),
    "a step that follows itself": (
        written(step("a", then="a")),
        [("STEP_CYCLE", "$.steps[0].nextStepIds", None)],
    ),
    "a single branch": (
        written(
            step("a", "IF_ELSE", given={"branches": [{"id": "x", "nextStepIds": ["b", "c"]}]}),
            step("b"),
            step("c"),
        ),
        [("IF_ELSE_INSUFFICIENT_BRANCHES", "$.steps[0].settings.input.branches", None)],
    ),
    "a loop over what is no list": (
        written(
            step("find", "FIND_RECORDS", "each", {"objectName": "person"}),
            loop("each", "a", "{{find.first}}"),
            step("a", then="each"),
        ),
        [("ITERATOR_ITEMS_NOT_ARRAY", "$.steps[1].settings.input.items", "{{find.all}}")],
    ),
    "a branch that leads nowhere": (
        written(step("a", "IF_ELSE", given=branches("b", None)), step("b")),
        [("IF_ELSE_BRANCH_HAS_NO_NEXT_STEP", "$.steps[0].settings.input.branches[1]", None)],
    ),
    "a variable that is no path": (
        written(made("a", "{{trigger name}}")),
        [("VARIABLE_INVALID_PATH", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a variable that is not closed": (
        written(made("a", "Hi {{trigger.name}")),
        [("VARIABLE_UNCLOSED", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a variable with braces in a pipe": (
        written(made("a", "{{trigger.name | default('{}')}}")),
        [("VARIABLE_UNCLOSED", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a pipe that does not exist": (
        written(made("a", "{{trigger.name | uper}}")),
        [("VARIABLE_UNKNOWN_PIPE", "$.steps[0].settings.input.objectRecord.name", "upper")],
    ),
    "a pipe with a wrong argument": (
        written(made("a", "{{now | date('%Q')}}")),
        [("VARIABLE_INVALID_PIPE", "$.steps[0].settings.input.objectRecord.name", "date(format, tz)")],
    ),
    "a text of many variables": (
        written(made("a", "{{trigger.name}}" * 20_000)),
        [("TEMPLATE_LIMIT_EXCEEDED", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a step whose id is a literal": (
        written(step("true")),
        [("AMBIGUOUS_STEP_ID", "$.steps[0].id", "step_true")],
    ),
    "a path that the output cannot have": (
        written(linked(made("a", ""), "b"), made("b", "{{a.nmae}}")),
        [("VARIABLE_PATH_NOT_FOUND", "$.steps[1].settings.input.objectRecord.name", "name")],
    ),
    "a filter of the wrong type": (
        written(
            linked(made("a", ""), "b"),
            step("b", "FILTER", given=passes("{{a.position}}", "x")),
        ),
        [("FILTER_TYPE_MISMATCH", "$.steps[1].settings.input.stepFilters[0].type", "NUMBER")],
    ),
    "a variable of no step": (
        written(linked(made("create_company", ""), "b"), made("b", "{{create_compny.id}}")),
        [
            (
                "VARIABLE_UNKNOWN_STEP",
                "$.steps[1].settings.input.objectRecord.name",
                "create_company",
            )
        ],
    ),
    "a variable of a later step": (
        written(linked(made("a", "{{b.id}}"), "b"), made("b", "")),
        [("VARIABLE_NOT_UPSTREAM", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a variable of the step itself": (
        written(made("a", "{{a.id}}")),
        [("VARIABLE_NOT_UPSTREAM", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a variable with an unknown pipe": (
        written(made("a", "{{trigger.name | lowr}}")),
        [("VARIABLE_UNKNOWN_PIPE", "$.steps[0].settings.input.objectRecord.name", "lower")],
    ),
    "a pipe without its argument": (
        written(made("a", "{{trigger.name | default}}")),
        [("VARIABLE_INVALID_PIPE", "$.steps[0].settings.input.objectRecord.name", "default(x)")],
    ),
    "a path that a result does not have": (
        written(linked(made("a", ""), "b"), made("b", "{{a.nme}}")),
        [("VARIABLE_PATH_NOT_FOUND", "$.steps[1].settings.input.objectRecord.name", "name")],
    ),
    "a path of too many keys": (
        written(made("a", "{{trigger" + ".a" * 101 + "}}")),
        [("TEMPLATE_LIMIT_EXCEEDED", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a step called now": (
        written(step("now")),
        [("AMBIGUOUS_STEP_ID", "$.steps[0].id", "step_now")],
    ),
    "a step called secrets": (
        written(step("secrets")),
        [("AMBIGUOUS_STEP_ID", "$.steps[0].id", "step_secrets")],
    ),
    "a secret in a record": (
        written(made("a", "{{secrets.KEY}}")),
        [("SECRET_NOT_ALLOWED", "$.steps[0].settings.input.objectRecord.name", None)],
    ),
    "a secret in the url of a request": (
        written(step("a", "HTTP_REQUEST", given={"url": "https://a.example/{{secrets.KEY}}"})),
        [("SECRET_NOT_ALLOWED", "$.steps[0].settings.input.url", None)],
    ),
    "a secret in a pipe": (
        written(step("a", "HTTP_REQUEST", given=with_header("{{secrets.KEY | lower}}"))),
        [("SECRET_NOT_ALLOWED", "$.steps[0].settings.input.headers.X-Key", None)],
    ),
    "all secrets at once": (
        written(step("a", "HTTP_REQUEST", given=with_header("{{secrets}}"))),
        [("SECRET_NOT_ALLOWED", "$.steps[0].settings.input.headers.X-Key", None)],
    ),
    "a secret in a header, which is where it belongs": (
        written(step("a", "HTTP_REQUEST", given=with_header("Bearer {{secrets.KEY}}"))),
        [],
    ),
    "a url of another scheme": (
        written(step("a", "HTTP_REQUEST", given={"url": "ftp://a.example/"})),
        [("INVALID_STEP_PARAMS", "$.steps[0].settings.input.url", None)],
    ),
    "a header that belongs to the connection": (
        written(step("a", "HTTP_REQUEST", given={"url": "https://a.example/", "headers": {"Host": "b"}})),
        [("INVALID_STEP_PARAMS", "$.steps[0].settings.input.headers", None)],
    ),
    "a filter with an operand that its type does not have": (
        written(step("a", "FILTER", given=WRONG_FILTER)),
        [("FILTER_TYPE_MISMATCH", "$.steps[0].settings.input.stepFilters[0].operand", None)],
    ),
    "a filter in a group that does not exist": (
        written(
            step(
                "a",
                "FILTER",
                given={
                    "stepFilterGroups": [{"id": "both"}],
                    "stepFilters": [{**IS_ON, "stepFilterGroupId": "bth"}],
                },
            )
        ),
        [("FILTER_GROUP_INVALID", "$.steps[0].settings.input.stepFilters[0].stepFilterGroupId", "both")],
    ),
    "a variable in a filter": (
        written(step("a", "FILTER", given=passes("{{b.name}}", "x"))),
        [("VARIABLE_UNKNOWN_STEP", "$.steps[0].settings.input.stepFilters[0].stepOutputKey", None)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_finds_exactly_what_is_wrong(case: str) -> None:
    authored, expected = CASES[case]

    assert [
        (item.code, item.path, item.suggestion) for item in findings_of(definition_from(authored))
    ] == expected


def test_a_variable_of_a_step_on_some_paths_only_is_a_warning() -> None:
    authored = written(
        step("choose", "IF_ELSE", given=branches("a", "b")),
        linked(made("a", ""), "end"),
        linked(made("b", ""), "end"),
        made("end", "{{a.id}} {{choose.matchingBranchId}} {{trigger.x}}"),
    )
    (found,) = findings_of(definition_from(authored))

    assert (found.code, found.severity) == ("VARIABLE_NOT_UPSTREAM", Severity.WARNING)
    assert '"a"' in found.message
    compile_checked(definition_from(authored))


def test_a_machine_that_breaks_a_quota_is_a_finding() -> None:
    count = 3600
    chain = [
        step(f"s{n}", "CREATE_RECORD", f"s{n + 1}" if n < count - 1 else (), RECORD) for n in range(count)
    ]
    found = findings_of(definition_from(written(*chain)))

    assert {item.code for item in found} == {"QUOTA_EXCEEDED"}
    assert {item.path for item in found} == {"$.steps"}


def test_the_catalogue_lists_the_codes_that_the_tests_produce_and_no_others() -> None:
    produced = {code for _, expected in CASES.values() for code, _, _ in expected}

    assert produced | LOOP_CODES | {"INVALID_DEFINITION", "MISSING_TRIGGER", "QUOTA_EXCEEDED"} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_it_means(code: str) -> None:
    assert CODES[code].endswith(".")
    assert code == code.upper()


def test_compiling_a_definition_with_errors_raises_every_error_and_no_warning() -> None:
    authored = written(step("a", "IF_ELSE", given=branches("b", None)), step("b", "NOTHING", "c"))

    with pytest.raises(DefinitionError) as caught:
        compile_checked(definition_from(authored))

    assert [item.code for item in caught.value.findings] == ["UNKNOWN_STEP_TYPE", "DANGLING_REFERENCE"]


def test_a_finding_is_written_with_its_five_keys() -> None:
    found = Finding("UNKNOWN_KEY", "$.nme", "no such key", "name")

    assert found.to_dict() == {
        "code": "UNKNOWN_KEY",
        "severity": "error",
        "path": "$.nme",
        "message": "no such key",
        "suggestion": "name",
    }


def test_nothing_near_gives_no_suggestion() -> None:
    assert nearest("zzzz", ["create_company"]) is None


def test_names_are_compared_while_that_costs_little() -> None:
    many = [f"field_{number:05}" for number in range(20_000)]

    assert nearest("company_nmae", [*many, "company_name"]) == "company_name"
    assert nearest("k" * 101, ["k" * 101, "k" * 100]) is None
    assert nearest("kkkkkk", ["k" * 100_000, "kkkkkj"]) == "kkkkkj"


def test_what_is_unknown_is_told_in_short_however_long_it_is() -> None:
    long = "x" * 5000
    steps = [step("a", long), step("loop", "ITERATOR", given={"items": [1], "initialLoopStepIds": [long]})]
    found = findings_of(definition_from({**written(*steps)}))

    assert {"UNKNOWN_STEP_TYPE", "DANGLING_REFERENCE"} <= {one.code for one in found}
    assert max(len(one.message) for one in found) < 500
