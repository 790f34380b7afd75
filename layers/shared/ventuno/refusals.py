"""What pydantic refuses, in a sentence that tells an author what to do.

Source: https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LIST: Final = "this must be a list"
_OBJECT: Final = "this must be an object"
_WHOLE: Final = "this must be a whole number"
_SENTENCES: Final = {
    "missing": "this is missing; add it",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "string_type": "this must be a text",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": "this must be a number",
    "float_parsing": "this must be a number",
    "finite_number": "this must be a number, and not infinite",
    "string_too_short": "this is too short; the least number of characters is {min_length}",
    "string_too_long": "this may have {max_length} characters at most",
    "string_pattern_mismatch": "this does not fit the pattern {pattern}",
    "too_short": "this has too few elements; the least number is {min_length}",
    "too_long": "this may have {max_length} elements at most",
    "greater_than": "this must be greater than {gt}",
    "greater_than_equal": "this must be {ge} or more",
    "less_than": "this must be less than {lt}",
    "less_than_equal": "this must be {le} or less",
    "literal_error": "this must be {expected}",
    "enum": "this must be {expected}",
}
"""By the type of the error; the words in braces are in its context. Other errors speak for themselves."""


def sentence(refused: ErrorDetails) -> str:
    """Return what is wrong with a value, and what it must be."""
    told = _SENTENCES.get(refused["type"])
    if told is None:
        return refused["msg"].removeprefix("Value error, ")
    return told.format(**refused.get("ctx", {}))
