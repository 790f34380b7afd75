"""Prepare a step's code at activation: TypeScript loses its types, and what cannot be parsed says where.

Code that is JavaScript already stays as it is. Nothing of it is run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

import quickjs

from ventuno.sandbox.call import Prepared
from ventuno.sandbox.script import new_context

_NOT_RUN: Final = "throw 0;"  # in front, so that a module which can be parsed ends before it begins
_SECONDS: Final = 5.0
_LONGEST_SIGN: Final = 2  # one place is where a token begins, the other where it ends
_LONGEST_SEARCH: Final = 300  # characters of a line
_END: Final = "`EOF`"
_PLACE: Final = re.compile(r"at <input>:(\d+):(\d+)")
_MODULE: Final = re.compile(r"could not load module '(.*)'")
_MAIN: Final = re.compile(r"\bexport\b[\s\S]*\bmain\b")


def prepare(code: str) -> Prepared:
    """Return the script to run, or the problem with its place."""
    as_javascript = _parsed(code)
    if as_javascript is None:
        return _exporting(code, code)
    if as_javascript.line == 0:
        return as_javascript
    script, problem = _without_types(code)
    if script is None:
        return _mistake(code, as_javascript, problem)
    left = _parsed(script)
    if left is not None:
        return Prepared(None, f"{left.problem} (after the types were taken out)")
    return _exporting(code, script)


def _parsed(code: str) -> Prepared | None:
    """Return what is wrong with a module; None if nothing is."""
    context = new_context()
    context.set_time_limit(_SECONDS)
    try:
        context.module(_NOT_RUN + code)
    except quickjs.JSException as error:
        return _problem(str(error))
    return None


def _problem(told: str) -> Prepared:
    message = told.partition("\n")[0]
    module = _MODULE.search(message)
    if module:
        return Prepared(None, f'"{module[1][:100]}" cannot be imported: a script has no modules beside it')
    place = _PLACE.search(told)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    return Prepared(None, message, line, max(column - len(_NOT_RUN), 1) if line == 1 else column)


def _mistake(code: str, as_javascript: Prepared, problem: str) -> Prepared:
    """Tell of a mistake once: as JavaScript sees it, unless types had stopped it before."""
    line, column = _place_in_typescript(code, problem)
    if line == as_javascript.line and column <= as_javascript.column + _LONGEST_SIGN:
        return as_javascript
    return Prepared(None, f"SyntaxError: {problem}", line, column)


def _place_in_typescript(code: str, problem: str) -> tuple[int, int]:
    """Find the first line, and in it the column, with which the code has this mistake already.

    The library tells no places. A beginning of the code that ends before the mistake has another, or none.
    """

    def has_it(end: int) -> bool:
        return _without_types(code[:end])[1] == problem

    ends = [match.start() for match in re.finditer(r"$", code, re.MULTILINE)]
    at_the_end = _END in problem  # every beginning that is open somewhere has the same
    line = len(ends) - 1 if at_the_end else min(bisect_left(ends, 1, key=has_it), len(ends) - 1)
    start, end = (ends[line - 1] + 1 if line else 0), ends[line]
    while not at_the_end and start < end - 1 and end > ends[line] - _LONGEST_SEARCH and has_it(end - 1):
        end -= 1
    return line + 1, end - start


def _without_types(code: str) -> tuple[str | None, str]:
    from quickjs_rs import transform_source  # noqa: PLC0415 - 60 ms that only TypeScript is worth

    try:
        return str(transform_source("step.ts", code)), ""
    except RuntimeError as error:
        return None, str(error).removeprefix("source parse error in step.ts: ")


def _exporting(code: str, script: str) -> Prepared:
    if _MAIN.search(code):
        return Prepared(script)
    return Prepared(
        None, "nothing called main is exported; write `export const main = async (params) => { … }`"
    )
