"""docs/expressions.md: how variables are written, and every pipe of the table with its examples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ventuno.definition.checks.variables import LONGEST_TEMPLATE, MOST_KEYS
from ventuno.expressions import PIPES, UNDEFINED
from ventuno.expressions.kinds import Kind
from ventuno.expressions.pipeline import MOST_PIPES
from ventuno.expressions.pipes.date_format import DIRECTIVES
from ventuno.expressions.pipes.pipe import LONGEST_RESULT
from ventuno_dev.docs.tables import code, table

if TYPE_CHECKING:
    from ventuno.expressions import Pipe, Resolved

_PATHS: Final = (
    ("{{trigger.email}}", "a field of the trigger's payload"),
    ("{{find_company.first.name}}", "a field of a step's result; steps are named by their id"),
    ("{{find_company.all.1.id}}", "the second element's `id`; elements count from 0"),
    ("{{trigger.tags.[0]}}", "an element at the end of a path stands in brackets"),
    ("{{trigger.[first name]}}", "a key with spaces, dots or other marks stands in brackets"),
    ("{{trigger.tags.length}}", "how many elements, or characters of a text"),
    ("{{now}}", "the current instant as ISO 8601 text, the same in the whole step"),
    ('{{"text"}}', "a text, a number, `true`, `false` or `null` written in the token itself"),
)
_LIMITS: Final = (
    f"A text has at most {LONGEST_TEMPLATE:,} characters, a path {MOST_KEYS} keys,",
    f"a token {MOST_PIPES} pipes; a pipe writes at most {LONGEST_RESULT:,} characters.",
)
EXAMPLE_CONTEXT: Final[dict[str, Any]] = {
    "now": "2026-03-18T10:30:00.000Z",
    "trigger": {
        "name": "ada O'Neil",
        "city": "  São Paulo\n",
        "phone": "+39 06 12345",
        "csv": "red, green,",
        "price": "12.50",
        "tags": ["new", "vip"],
        "none": [],
        "empty": "",
    },
}
"""What the examples of all pipes are resolved against."""

_HEAD: Final = """\
# Expressions

A token `{{…}}` in the settings of a step stands for a value of the run. It is data for a parser: nothing is
ever evaluated as code, and what a token stands for is never searched for tokens again.

A text that is one token and nothing else keeps the value's type. Between other text every token becomes text:
missing becomes `undefined`, null `null`, lists and objects JSON.

## Paths
"""
_PIPES: Final = """\
## Pipes

Functions after the path, applied from left to right: `{{trigger.email | lower | default("none")}}`.

- Arguments are literals: `"text"` or `'text'`, numbers, `true`, `false`, `null`.
  A text has the escapes `\\n \\t \\" \\' \\\\ \\u0041`. A brace in a text is written `\\u007b` or `\\u007d`.
- A missing value and null pass through every pipe but `default`.
- A value of a kind that the pipe does not take fails the step; validation finds it before where it can.

The examples below are resolved against this:

```json
{context}
```
"""


def expressions_page() -> str:
    """Write the page."""
    lines = [
        _HEAD,
        *table(("token", "stands for"), ((code(token), text) for token, text in _PATHS)),
        "",
        *_LIMITS,
        "",
    ]
    lines += [_PIPES.replace("{context}", _context())]
    lines += [*table(("pipe", "takes", "gives"), map(_row, PIPES.values())), ""]
    for pipe in PIPES.values():
        lines += _entry(pipe)
    return "\n".join(lines + _directives())


def _context() -> str:
    """Write the context of the examples, a root a line."""
    roots = (f"  {_literal(root)}: {_literal(value)}" for root, value in EXAMPLE_CONTEXT.items())
    return "{\n" + ",\n".join(roots) + "\n}"


def _row(pipe: Pipe) -> tuple[str, str, str]:
    takes = "anything" if pipe.takes == set(Kind) else ", ".join(kind for kind in Kind if kind in pipe.takes)
    return code(pipe.signature), takes, pipe.gives.value


def _entry(pipe: Pipe) -> list[str]:
    optional = [
        f"{code(each.name)} is {code(_literal(each.default))} if left out"
        for each in pipe.parameters
        if each.default is not UNDEFINED
    ]
    examples = [(code(each.template), code(_literal(each.result))) for each in pipe.examples]
    about = " ".join([pipe.summary, *(["; ".join(optional) + "."] if optional else [])])
    return [f"### {pipe.name}", "", about, "", *table(("example", "is"), examples), ""]


def _literal(value: Resolved) -> str:
    return "missing" if value is UNDEFINED else json.dumps(value, ensure_ascii=False)


def _directives() -> list[str]:
    rows = [(code(directive), meaning) for directive, (meaning, _) in DIRECTIVES.items()]
    return ["## Formats of `date`", "", *table(("directive", "is written as"), rows), ""]
