"""The filter of REST queries: `name[ilike]:"%acme%",or(stage[eq]:NEW,amount.amountMicros[gt]:5)`.

Read by hand in one pass from left to right; every refusal names the place.
Nesting is bounded, and nothing else can make the work more than linear.

    filter     = condition {"," condition}                  all of them hold
    condition  = ("and" | "or" | "not") "(" filter ")" | path "[" operator "]" ":" value
    value      = "[" [scalar {"," scalar}] "]" | scalar
    scalar     = quoted text | everything up to the next "," or ")" ("]" in a list)

Every scalar is text here; the field's type makes a number or a boolean of it.

Source: reference §10.6
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ventuno.filters.condition import (
    And,
    Comparison,
    Condition,
    Not,
    Operator,
    Or,
    pattern_containing,
)
from ventuno.filters.refusals import FilterSyntaxError

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

MAX_DEPTH: Final = 20

_SPACE: Final = re.compile(r"\s*")
_GROUP: Final = re.compile(r"(and|or|not)\s*\(")
_PATH: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_OPERATOR: Final = re.compile(r"\s*\[\s*([A-Za-z]+)\s*\]\s*:")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"' + r"|'((?:[^'\\]|\\.)*+)'", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_BARE: Final = {end: re.compile(f"[^{re.escape(end)}]*") for end in (",)", ",]")}
_OPERATORS: Final[dict[str, Operator]] = {
    "eq": Operator.EQ,
    "neq": Operator.EQ,
    "in": Operator.IN,
    "is": Operator.IS,
    "gt": Operator.GT,
    "gte": Operator.GTE,
    "lt": Operator.LT,
    "lte": Operator.LTE,
    "like": Operator.LIKE,
    "ilike": Operator.ILIKE,
    "startsWith": Operator.LIKE,
    "endsWith": Operator.LIKE,
    "containsAny": Operator.CONTAINS_ANY,
    "search": Operator.SEARCH,
}
_LISTS: Final = frozenset({"in", "containsAny"})
_PATTERNS: Final = frozenset({"like", "ilike"})


def parse_filter(text: str) -> Condition:
    """Read a filter.

    Raises: FilterSyntaxError
    """
    return _Parser(text).whole()


@dataclass(slots=True)
class _Parser:
    text: str
    place: int = 0
    depth: int = 0

    def whole(self) -> Condition:
        members = self._members()
        if self.place < len(self.text):
            raise self._unexpected("a comma or the end (a value with a comma or a bracket needs quotes)")
        return members[0] if len(members) == 1 else And(members)

    def _members(self) -> tuple[Condition, ...]:
        members = [self._condition()]
        while self._taken(","):
            members.append(self._condition())
        return tuple(members)

    def _condition(self) -> Condition:
        self._skip_space()
        group = _GROUP.match(self.text, self.place)
        return self._comparison() if group is None else self._group(group)

    def _group(self, opening: re.Match[str]) -> Condition:
        if self.depth == MAX_DEPTH:
            raise FilterSyntaxError(f"The filter is nested deeper than {MAX_DEPTH} groups.")
        self.depth += 1
        self.place = opening.end()
        members = self._members()
        if not self._taken(")"):
            raise self._unexpected(f"a comma or the closing bracket of {opening[1]}(")
        self.depth -= 1
        if opening[1] == "or":
            return Or(members)
        together = members[0] if len(members) == 1 else And(members)
        return Not(together) if opening[1] == "not" else together

    def _comparison(self) -> Condition:
        path = _PATH.match(self.text, self.place)
        if path is None:
            raise self._unexpected("a field, and(, or( or not(")
        self.place = path.end()
        operator = _OPERATOR.match(self.text, self.place)
        if operator is None:
            raise self._unexpected(f"an operator, such as {path[0]}[eq]:")
        if operator[1] not in _OPERATORS:
            raise FilterSyntaxError(
                f"The filter uses the operator {operator[1]} at character {self.place + 1}; "
                f"use one of {', '.join(_OPERATORS)}."
            )
        self.place = operator.end()
        value = self._list() if operator[1] in _LISTS else self._scalar(",)", operator[1])
        return _comparison(tuple(path[0].split(".")), operator[1], value)

    def _list(self) -> JsonValue:
        if not self._taken("["):
            raise self._unexpected("a list, such as [a,b]")
        items: list[JsonValue] = []
        if self._taken("]"):
            return items
        items.append(self._scalar(",]"))
        while self._taken(","):
            items.append(self._scalar(",]"))
        if not self._taken("]"):
            raise self._unexpected("a comma or the closing bracket of the list")
        return items

    def _scalar(self, ends: str, operator: str = "") -> str:
        self._skip_space()
        if self.text[self.place : self.place + 1] in {'"', "'"}:
            return self._quoted(keeping="%_\\" if operator in _PATTERNS else "")
        bare = _BARE[ends].match(self.text, self.place)
        if bare is None or not bare[0].strip():
            raise self._unexpected('a value; write an empty text as ""')
        self.place = bare.end()
        return bare[0].strip()

    def _quoted(self, keeping: str) -> str:
        """Read a quoted text; a backslash stays in front of what LIKE gives a meaning to."""
        found = _QUOTED.match(self.text, self.place)
        if found is None:
            raise FilterSyntaxError(f"The quotes opened at character {self.place + 1} are never closed.")
        self.place = found.end()
        inner = found[1] if found[1] is not None else found[2]
        return _ESCAPED.sub(lambda match: match[0] if match[1] in keeping else match[1], inner)

    def _taken(self, character: str) -> bool:
        self._skip_space()
        taken = self.text.startswith(character, self.place)
        self.place += taken
        return taken

    def _skip_space(self) -> None:
        space = _SPACE.match(self.text, self.place)
        self.place = space.end() if space else self.place

    def _unexpected(self, wanted: str) -> FilterSyntaxError:
        found = self.text[self.place : self.place + 10]
        what = f"has {found!r}" if found else "ends"
        return FilterSyntaxError(
            f"The filter {what} at character {self.place + 1}, where {wanted} must stand."
        )


def _comparison(path: tuple[str, ...], name: str, value: JsonValue) -> Condition:
    match name:
        case "neq":
            return Not(Comparison(path, Operator.EQ, value))
        case "startsWith":
            return Comparison(path, Operator.LIKE, pattern_containing(str(value)).removeprefix("%"))
        case "endsWith":
            return Comparison(path, Operator.LIKE, pattern_containing(str(value)).removesuffix("%"))
        case _:
            return Comparison(path, _OPERATORS[name], value)
