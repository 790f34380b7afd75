# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Conditions: an expression is parsed once, not once for every item of the partition it is tried on."""

import contextlib
from dataclasses import dataclass
from functools import lru_cache

from ministack.services import dynamodb

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

EQUALITY = (("IDENT", "EQ", "VALUE_REF", "EOF"), ("NAME_REF", "EQ", "VALUE_REF", "EOF"))
KEY_SLOT = "KeyConditionExpression"

Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A valid expression: its tokens, and the names of the bounds of each BETWEEN."""

    tokens: tuple[Token, ...]
    bounds: tuple[tuple[str, str], ...]

    def is_equality(self) -> bool:
        """Tell whether it only compares one attribute with a value."""
        return tuple(kind for kind, _ in self.tokens) in EQUALITY


def _apply() -> None:
    evaluate = dynamodb._evaluate_condition
    parse = lru_cache(maxsize=2_000)(_parse)

    def evaluate_condition(
        expression: str, item: Json, values: Json, names: Json, slot: str = "ConditionExpression"
    ) -> bool:
        parsed = parse(expression, slot) if expression else None
        if parsed is not None:
            if slot == KEY_SLOT and parsed.is_equality() and _equal(parsed, item, values, names):
                return True
            if not any(
                dynamodb._between_bounds_error(values.get(lo), values.get(hi)) for lo, hi in parsed.bounds
            ):
                with contextlib.suppress(Exception):
                    return bool(dynamodb._ExprEval(parsed.tokens, item, values, names).evaluate())
        # Invalid in itself, with these values or on this item: the long way says how.
        return bool(evaluate(expression, item, values, names, slot))

    dynamodb._evaluate_condition = evaluate_condition


def _parse(expression: str, slot: str) -> _Parsed | None:
    tokens = tuple(dynamodb._tokenize(expression))
    invalid = (
        not expression.strip()
        or dynamodb._check_redundant_parens(tokens, slot)
        or dynamodb._check_reserved_keyword_usage(tokens)
        or dynamodb._condition_syntax_error(expression, slot)
    )
    betweens = [
        place for place, (kind, text) in enumerate(tokens) if kind == "IDENT" and text.upper() == "BETWEEN"
    ]
    bounds = [(tokens[at + 1], tokens[at + 3]) for at in betweens if at + 3 < len(tokens)]
    if invalid or any(low[0] != "VALUE_REF" or high[0] != "VALUE_REF" for low, high in bounds):
        return None
    return _Parsed(tokens, tuple((low[1], high[1]) for low, high in bounds))


def _equal(parsed: _Parsed, item: Json, values: Json, names: Json) -> bool:
    (kind, text), _, (_, value), _ = parsed.tokens
    wanted = values.get(value)
    return wanted is not None and item.get(names.get(text) if kind == "NAME_REF" else text) == wanted


FIX = Fix(
    name="dynamodb-conditions",
    problem="A Query parses its key condition for every item of the partition: 15 ms per thousand.",
    aws="A Query reads the items it returns; its time does not grow with the partition.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html",
    apply=_apply,
)
