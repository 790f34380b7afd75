"""What pydantic refuses: the place in what the author wrote, and a sentence that tells what to do.

Source: https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydantic import ValidationError
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
_WRONG_TYPE: Final = ("_type", "_parsing", "_from_float")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with one place of a value; `is_extra` says that it is a key that does not exist."""

    place: tuple[str | int, ...]
    message: str
    is_extra: bool


def refusals_of(error: ValidationError, value: Any) -> list[Refusal]:  # noqa: ANN401 - any JSON
    """List what pydantic refused of `value`, each place once."""
    places: dict[tuple[str | int, ...], list[ErrorDetails]] = {}
    for refused in error.errors(include_url=False, include_input=False):
        places.setdefault(_place(refused, value), []).append(refused)
    return [
        Refusal(place, _told(refused), refused[0]["type"] == "extra_forbidden")
        for place, refused in places.items()
    ]


def _place(refused: ErrorDetails, value: Any) -> tuple[str | int, ...]:  # noqa: ANN401 - any JSON
    """Leave out of a location the names of a union's members, which stand nowhere in the value."""
    place: list[str | int] = []
    for part in refused["loc"]:
        if _holds(value, part):
            value = value[part]
            place.append(part)
    return (*place, refused["loc"][-1]) if refused["type"] == "missing" else tuple(place)


def _holds(value: Any, part: str | int) -> bool:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list | tuple) and isinstance(part, int) and part < len(value)


def _told(refused: list[ErrorDetails]) -> str:
    """Tell of a union what its nearest member says: those of another type only count if there is no other."""
    told = [each for each in refused if not each["type"].endswith(_WRONG_TYPE)] or refused
    first, *others = dict.fromkeys(map(sentence, told))
    return " or ".join([first, *(other.removeprefix("this must be ") for other in others)])


def sentence(refused: ErrorDetails) -> str:
    """Return what is wrong with a value, and what it must be."""
    told = _SENTENCES.get(refused["type"])
    if told is None:
        return refused["msg"].removeprefix("Value error, ")
    return told.format(**refused.get("ctx", {}))
