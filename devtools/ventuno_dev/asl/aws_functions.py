"""The functions that Step Functions adds to JSONata.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from typing import TYPE_CHECKING, Any

from jsonata import JException, Jsonata

if TYPE_CHECKING:
    from collections.abc import Callable

_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_MAX_RANGE = 1000


def partition(values: list[Any] | None, size: int) -> list[list[Any]] | None:
    """Cut an array into chunks of a size."""
    if values is None:
        return None
    return [values[start : start + int(size)] for start in range(0, len(values), int(size))]


def numbers(first: int, last: int, step: int) -> list[int]:
    """List the numbers from first to last, both included."""
    found = list(range(int(first), int(last) + (1 if step > 0 else -1), int(step)))
    if len(found) > _MAX_RANGE:
        raise JException("D2014", 0, len(found))
    return found


def digest(text: str, algorithm: str) -> str:
    """Hash a text, in hexadecimal."""
    if algorithm not in _ALGORITHMS:
        raise JException("D3137", 0, f"{algorithm} is no hash algorithm")
    return hashlib.new(_ALGORITHMS[algorithm], text.encode(), usedforsecurity=False).hexdigest()


def chance(seed: int | None = None) -> float:
    """Draw a number from 0 to 1, always the same one for a seed."""
    return random.Random(seed).random()  # noqa: S311 - what a machine asks for is no secret


def parse(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Parse JSON text."""
    return json.loads(text)


def random_uuid() -> str:
    """Return a random UUID."""
    return str(uuid.uuid4())


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "partition": partition,
    "range": numbers,
    "hash": digest,
    "random": chance,
    "parse": parse,
    "uuid": random_uuid,
}

BINDINGS = {name: Jsonata.JLambda(function) for name, function in FUNCTIONS.items()}
