"""Properties of every machine: deterministic, stable under renaming, safe from author text, well-formed."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import Json, branches, defined, passes, step, written
from ventuno.actions.registry import KINDS
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER
from ventuno.compiler.machine_checks import check_machine
from ventuno.compiler.names import NAME_LIMIT, slug, state_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.compiler.compile import Compiled
    from ventuno.definition.model import Definition

STEPS = [
    step("f", "FILTER", "a", passes("{{trigger.x}}", "y")),
    step("a", "CREATE_RECORD", "i"),
    step("i", "IF_ELSE", given=branches("b", "e")),
    step("b", "UPDATE_RECORD", "c"),
    step("e", then="c"),
    step("c", "FIND_RECORDS"),
]


def compiled(definition: Definition) -> Compiled:
    return compile_definition(definition, KINDS)


def test_the_same_definition_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "import json, sys\n"
        "from ventuno.actions.registry import KINDS\n"
        "from ventuno.compiler.compile import compile_definition\n"
        "from ventuno.definition.loading import definition_from_json\n"
        "sys.stdout.write(compile_definition(definition_from_json(sys.stdin.read()), KINDS).text)"
    )
    answer = subprocess.run(  # noqa: S603 - this interpreter and the script above
        [sys.executable, "-c", script],
        input=json.dumps(written(*STEPS)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PYTHONHASHSEED": "7"},
    )

    assert answer.stdout == compiled(defined(*STEPS)).text


def test_states_stand_in_the_order_of_the_steps() -> None:
    assert list(compiled(defined(*STEPS)).source_map.values()) == ["f", "a", "i", "b", "c"]


@pytest.mark.parametrize("renamed", ["f", "a", "i", "b", "c"])
def test_renaming_a_step_changes_its_state_name_and_the_links_to_it_only(renamed: str) -> None:
    before = compiled(defined(*STEPS))
    after = compiled(
        defined(*({**item, "name": "Quite new"} if item["id"] == renamed else item for item in STEPS))
    )
    old = next(name for name, step_id in before.source_map.items() if step_id == renamed)
    new = next(name for name, step_id in after.source_map.items() if step_id == renamed)

    assert old != new
    assert before.text.count(f'"{old}"') == after.text.count(f'"{new}"')
    assert before.text.replace(f'"{old}"', f'"{new}"') == after.text


def test_a_change_of_an_input_changes_no_machine() -> None:
    changed = [
        {**item, "settings": {"input": {"branches": item["settings"]["input"]["branches"]}}}
        if item["id"] == "i"
        else item
        for item in STEPS
    ]

    assert compiled(defined(*changed)).text == compiled(defined(*STEPS)).text


HOSTILE = st.one_of(
    st.text(min_size=1, max_size=200).filter(lambda text: text.isprintable()),
    st.sampled_from(
        [
            "{% $states.context %}",
            "{%$eval('1')%}",
            "${StepRunnerArn}",
            '"}, "Next": "x',
            "a" * 200,
            "~",
            "end",
            "日本語",
            "{{trigger.x}}",
        ]
    ),
)


@settings(max_examples=100)
@given(names=st.lists(HOSTILE, min_size=6, max_size=6), value=HOSTILE)
def test_no_text_of_an_author_gets_into_a_machine_but_as_the_slug_of_a_name(
    names: list[str], value: str
) -> None:
    plain = compiled(defined(*STEPS))
    hostile = [
        {
            **item,
            "name": name,
            "settings": {**item["settings"], "input": _spoilt(item["settings"]["input"], value)},
        }
        for item, name in zip(STEPS, names, strict=True)
    ]
    spoilt = compiled(defined(*hostile, name=value[:200]))
    text = spoilt.text
    for (mine, step_id), (theirs, _) in zip(spoilt.source_map.items(), plain.source_map.items(), strict=True):
        assert re.fullmatch(r"[a-z0-9-]+~[0-9a-f]{8}", mine), step_id
        text = text.replace(f'"{mine}"', f'"{theirs}"')

    assert text == plain.text


def _spoilt(value: Any, text: str) -> Any:  # noqa: ANN401 - any author JSON
    """Replace every authored text that is no link."""
    if isinstance(value, dict):
        return {key: item if key == "nextStepIds" else _spoilt(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [_spoilt(item, text) for item in value]
    return text if isinstance(value, str) else value


@given(
    steps=st.dictionaries(
        st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True), st.text(max_size=200), max_size=20
    )
)
def test_state_names_are_unique_and_short(steps: dict[str, str]) -> None:
    names = state_names(steps)

    assert len(set(names.values())) == len(steps)
    assert all(0 < len(name) <= NAME_LIMIT for name in names.values())


def test_ids_whose_digests_begin_alike_still_get_names_of_their_own() -> None:
    first, second = _alike()
    names = state_names({first: "Same", second: "Same"})

    assert len(set(names.values())) == 2


def _alike() -> tuple[str, str]:
    """Find two ids with the same first 8 digits of their digest; about 80,000 tries do."""
    seen: dict[str, str] = {}
    for number in count():
        step_id = f"id{number}"
        digest = hashlib.sha256(step_id.encode()).hexdigest()[:8]
        if digest in seen:
            return seen[digest], step_id
        seen[digest] = step_id
    raise AssertionError("unreachable")


@pytest.mark.parametrize(
    ("text", "expected"), [("Crème Brûlée!", "creme-brulee"), ("—", ""), ("A  B", "a-b"), ("{% x %}", "x")]
)
def test_a_slug_is_words_of_lower_case_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


TASK: Json = {"Type": "Task", "Next": "end"}
DONE: Json = {"Type": "Succeed"}


@pytest.mark.parametrize(
    ("machine", "complaint"),
    [
        ({"StartAt": "x", "States": {"end": DONE}}, "does not exist: x"),
        ({"StartAt": "a", "States": {"a": TASK}}, "does not exist: end"),
        ({"StartAt": "end", "States": {"end": DONE, "a": TASK}}, r"nothing leads to: \['a'\]"),
        ({"StartAt": "a", "States": {"a": {"Type": "Task", "Next": "a"}}}, "no state where it ends"),
        ({"StartAt": "a" * 81, "States": {"a" * 81: DONE}}, "over 80"),
        (
            {"StartAt": "a", "States": {"a": {"Type": "Choice", "Choices": [{"Next": "x"}]}, "end": DONE}},
            "exist: x",
        ),
        ({"StartAt": "a", "States": {"a": {**TASK, "Catch": [{"Next": "x"}]}, "end": DONE}}, "exist: x"),
    ],
)
def test_a_broken_machine_is_refused(machine: Json, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_machine(machine)


WORKFLOWS: list[Callable[[], Definition]] = [lambda: defined(*STEPS), lambda: defined(step("e"))]


@pytest.mark.parametrize("made", WORKFLOWS, ids=["everything", "nothing but an end"])
def test_statelint_finds_nothing_wrong_with_a_machine(made: Callable[[], Definition]) -> None:
    from statelint.linter import Linter  # noqa: PLC0415 - takes long to import, and only these tests need it

    assert Linter.validate(compiled(made()).machine) == []


def test_cfn_lint_finds_nothing_wrong_with_a_machine_inside_a_template(tmp_path: Path) -> None:
    texts = [compiled(made()).text for made in WORKFLOWS]

    assert _cfn_lint(tmp_path / "template.json", texts) == (0, "")


def test_cfn_lint_looks_into_a_machine_inside_a_template(tmp_path: Path) -> None:
    text = compiled(defined(*STEPS)).text.replace('"Type": "Choice"', '"Type": "Chice"')
    code, complaint = _cfn_lint(tmp_path / "template.json", [text])

    assert code != 0
    assert "E3601" in complaint


def _cfn_lint(file: Path, machines: list[str]) -> tuple[int, str]:
    """Lint machines as resources: a template that only points to them is never opened."""
    arn = "arn:aws:lambda:us-east-1:123456789012:function:step-runner"
    resources = {
        f"Machine{index}": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": "arn:aws:iam::123456789012:role/run",
                "Definition": json.loads(text.replace(STEP_RUNNER_PLACEHOLDER, arn)),
            },
        }
        for index, text in enumerate(machines)
    }
    file.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}))
    answer = subprocess.run(  # noqa: S603 - this environment's cfn-lint and the file above
        [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "us-east-1", "--", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return answer.returncode, answer.stdout
