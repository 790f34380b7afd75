"""The words a record is searched by: those of its declared search fields, without case and accents.

A search finds the records that have, for each of its words, a word that begins so.
Only the first words of a record count, so a long title cannot make a write expensive.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_type import ObjectType

VECTOR: Final = "searchVector"
"""The name by which filters search. Source: reference §10.1"""

MOST_WORDS: Final = 30  # of one record
_LONGEST_WORD: Final = 60  # characters; the rest of a word is not searched by
_WORD: Final = re.compile(r"[^\W_]+")
# The end of an address is one that too many others have, so it is no word: acme.com is found as acme.
_ENDING: Final = re.compile(r"(?<=\w)\.(com|edu|gov|info|net|org|[a-z]{2})(?=[/\s]|$)")
_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*://(www\.)?")


def words_of(text: str) -> list[str]:
    """Return the distinct words of a text, in its order."""
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)
    )
    found = (word[:_LONGEST_WORD] for word in _WORD.findall(_ENDING.sub(" ", plain.casefold())))
    return list(dict.fromkeys(found))


def search_words(kind: ObjectType, record: JsonObject) -> list[str]:
    """Return the words that a record is found by."""
    texts = (text for name in kind.search for text in _texts(record.get(name)))
    words = (word for text in texts for word in words_of(_SCHEME.sub("", text)))
    return list(islice(dict.fromkeys(words), MOST_WORDS))


def has_words(words: JsonValue, wanted: JsonValue) -> bool:
    """Tell whether every wanted word begins one of the words; nothing wanted is found by nothing."""
    asked = words_of(str(wanted))
    there = [str(word) for word in words] if isinstance(words, list | tuple) else []
    return bool(asked) and all(any(word.startswith(start) for word in there) for start in asked)


def _texts(value: JsonValue) -> Iterator[str]:
    """Yield the texts of a value; of a composite those of its parts, lists are not searched."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (part for part in value.values() if isinstance(part, str))
