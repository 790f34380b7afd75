"""Code at activation: TypeScript loses its types, and what cannot be parsed says where. Nothing is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno.sandbox.call import CodeCall

if TYPE_CHECKING:
    from ventuno.adapters.local_code import LocalCodeRunner

TYPED = """
interface Params { a: number; name?: string }
type Result = { x: number };
enum Level { Low = 1, High = 5 }
export const main = async (params: Params): Promise<Result> => {
  const twice = <T extends number>(n: T): number => n * 2;
  return { x: twice(params.a as number) + Level.High + (params.name!).length } satisfies Result;
};
"""


def test_types_are_taken_out_and_the_rest_runs(runner: LocalCodeRunner) -> None:
    prepared = runner.prepare(TYPED)

    assert prepared.problem is None
    assert prepared.script is not None
    assert "interface" not in prepared.script
    assert runner.run(CodeCall(prepared.script, {"a": 2, "name": "abc"}, 5)).text == '{"x":12}'


@pytest.mark.parametrize(
    "code",
    [
        "export const main = async (params) => params.a",
        "export async function main() { while (true); }",
        "while (true); export const main = 1",
        "throw 1; export const main = 1",
        "const a = `{{trigger.x}}`; export const main = () => a",
    ],
)
def test_javascript_stays_as_it_is_and_is_not_run(runner: LocalCodeRunner, code: str) -> None:
    prepared = runner.prepare(code)

    assert (prepared.script, prepared.problem) == (code, None)


@pytest.mark.parametrize(
    ("code", "line", "column", "words"),
    [
        ("export const main = async( => 1", 1, 28, "unexpected token"),
        ("let a = 1;\n\n  foo(;\nexport const main = 1", 3, 7, "unexpected token"),
        ("export const main = () => `open", 1, 27, "unexpected end of string"),
        ("export const main = (a: number => 1", 1, 33, "Expected `,` or `)` but found `=>`"),
        ("interface A { x: number }\n\nexport const main = (a: A) => a.x * * 2", 3, 35, "Unexpected token"),
        ("let a: number = 1\nexport const main = () => {\n  return `open\n}", 3, 10, "Unterminated string"),
        ("let a: number = 1\nexport const main = () => {\n  if (a) {", 3, 10, "found `EOF`"),
        ("", 0, 0, "nothing called main is exported"),
        ("export const name = 1", 0, 0, "nothing called main is exported"),
        ("import fs from 'node:fs'\nexport const main = 1", 0, 0, '"node:fs" cannot be imported'),
    ],
)
def test_what_cannot_be_run_says_why_and_where(
    runner: LocalCodeRunner, code: str, line: int, column: int, words: str
) -> None:
    prepared = runner.prepare(code)

    assert prepared.script is None
    assert words in str(prepared.problem)
    assert (prepared.line, prepared.column) == (line, column)


@pytest.mark.parametrize(
    "code",
    [
        "(" * 200_000,
        "export const main = " + "[" * 100_000,
        "export const main: " + "Array<" * 50_000,
        "export function main() {" + "if (1) {" * 5_000 + "}" * 5_000 + "}",
        "\ud800 export const main = 1",
        "export const main = 1\0",
    ],
)
def test_hostile_code_is_a_problem_or_code_and_nothing_else(runner: LocalCodeRunner, code: str) -> None:
    prepared = runner.prepare(code)

    assert (prepared.script is None) is (prepared.problem is not None)
    assert runner.prepare("export const main = 1").script == "export const main = 1"
