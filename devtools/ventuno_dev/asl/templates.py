"""JSONata templates: every string of the form `{% … %}` in a value is evaluated, all else stays as it is.

A value that is undefined fails the state, as it does in Step Functions. Expressions are parsed once.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonata import JException, Jsonata, Utils

from ventuno_dev.asl.aws_functions import BINDINGS
from ventuno_dev.asl.errors import QUERY_EVALUATION_ERROR, StateError

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN, CLOSE = "{%", "%}"


def evaluate(template: Any, bindings: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Evaluate a template; `bindings` holds `states` and the variables. Raises: StateError"""
    if isinstance(template, dict):
        return {key: evaluate(member, bindings) for key, member in template.items()}
    if isinstance(template, list):
        return [evaluate(member, bindings) for member in template]
    if not is_expression(template):
        return template
    return _evaluated(template[len(OPEN) : -len(CLOSE)].strip(), bindings)


def is_expression(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is one expression."""
    return isinstance(value, str) and value.startswith(OPEN) and value.endswith(CLOSE)


@lru_cache(maxsize=50_000)
def _parsed(text: str) -> Jsonata:
    expression = Jsonata(text)
    expression.set_output_convert_nulls(False)
    return expression


def _evaluated(text: str, bindings: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    try:
        expression = _parsed(text)
        found = expression.evaluate(
            None, {**BINDINGS, **{key: _given(item) for key, item in bindings.items()}}
        )
        plain = _plain(found)
    except (JException, ArithmeticError, TypeError, ValueError, RecursionError) as error:
        raise _failure(text, str(error)) from error
    if found is None:
        raise _failure(text, "it returned nothing (undefined)")
    return plain


def _failure(text: str, reason: str) -> StateError:
    return StateError(QUERY_EVALUATION_ERROR, f"The JSONata expression '{text}' failed: {reason}")


def _given(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Hand a variable to JSONata, which takes None for undefined."""
    return Utils.NULL_VALUE if value is None else value


def _plain(value: Any) -> Any:  # noqa: ANN401 - what JSONata made
    """Turn JSONata's own nulls, arrays and whole floats into JSON values. Raises: TypeError"""
    if value is Utils.NULL_VALUE or value is None:
        return None
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(value[index]) for index in range(len(value))]  # a RangeList iterates wrongly
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError("a number is not finite")
        return int(value) if value.is_integer() else value
    if isinstance(value, str | int):
        return value
    raise TypeError("a function is no JSON value")
