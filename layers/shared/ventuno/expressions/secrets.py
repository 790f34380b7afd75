"""`{{secrets.NAME}}`: the one root whose values are no results, and may be named in few places only.

A secret is named by exactly one key and goes through no pipe, so that its value can be recognised and
taken out of whatever a step leaves behind. `{{this}}` never holds secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.expressions.grammar import Path
from ventuno.expressions.references import SECRETS, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.expressions.grammar import Token
    from ventuno.json_value import JsonValue

SECRET_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_KEYS_OF_A_SECRET: Final = 2  # the root and the name


def names_a_secret(token: Token) -> bool:
    """Whether a token begins with the root of secrets."""
    return isinstance(token.operand, Path) and token.operand.keys[:1] == (SECRETS,)


def fault_of(token: Token) -> str | None:
    """Say what is wrong with a token that begins with the root of secrets."""
    keys = token.operand.keys if isinstance(token.operand, Path) else ()
    if len(keys) != _KEYS_OF_A_SECRET:
        return f"{token.shown} names no secret; write {{{{secrets.NAME}}}}"
    if not SECRET_NAME.fullmatch(keys[1]):
        return (
            f"{token.shown}: a secret's name has letters, digits and _, at most 64, and begins with a letter"
        )
    if token.pipes:
        return f"{token.shown}: a secret goes through no pipe; store it as it is to be sent"
    return None


def secret_names(value: JsonValue) -> frozenset[str]:
    """Return the names of the secrets that a value names. Raises: StepInputError"""
    named = [token for token in tokens(value) if names_a_secret(token)]
    for token in named:
        if fault := fault_of(token):
            raise errors.StepInputError(fault)
    return frozenset(token.operand.keys[1] for token in named if isinstance(token.operand, Path))


class WithSecrets(Mapping[str, "JsonValue"]):
    """A context in which secrets can be named and not listed."""

    def __init__(self, context: Mapping[str, JsonValue], secrets: Mapping[str, str]) -> None:
        self._context = context
        self._secrets: JsonValue = dict(secrets)

    def __getitem__(self, root: str) -> JsonValue:
        return self._secrets if root == SECRETS else self._context[root]

    def __iter__(self) -> Iterator[str]:
        return iter(self._context)

    def __len__(self) -> int:
        return len(self._context)
